"""What the candidate would change, what the rule of acceptance says to it, and the buttons that decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from hitl_app.ui.coordination_words import weight_reason, weight_words
from hitl_app.ui.gate import Approving, Reviewing
from hitl_app.ui.keymap import with_keys
from hitl_app.ui.lateness import Lateness
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import ElidedLabel, TwoParts, badge, label, set_badge
from hitl_app.ui.state import Activity, DeskState
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_L, SPACE_M, mark
from hitl_app.ui.words import component_name, rule_reason, rule_words, verified_words
from hitl_app.workflow.coordination import Coordination
from hitl_app.workflow.refinement import Candidate

EXPLANATION = 160
"""Characters of the rule's explanation."""


class DecisionBar(QFrame):
    """The rule's answer stands beside the buttons before they are pressed.

    Signals:
        approve_requested, reject_requested, override_requested: Which button was pressed.
    """

    approve_requested = Signal()
    reject_requested = Signal()
    override_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[object, ...] = ()
        self._state = DeskState()
        self._lateness = Lateness(self)
        self._lateness.late.connect(self._show_facts)
        self.changes: list[QLabel] = []
        self.rule, self.replay, self.waiting = badge(), badge(), badge()
        self.running = label(tone="accent")
        self.explanation = ElidedLabel(tone="muted")
        self.weight = label(tone="muted", role="small")
        self.weight.hide()
        self.facts = Flow(self.running, self.rule, self.replay, self.waiting, self.explanation, self.weight)
        self.reject = QPushButton(self.tr("Reject…"))
        self.override = QPushButton(self.tr("Override…"))
        self.approve = QPushButton(self.tr("Approve and next"))
        self.approve.setProperty("primary", "true")
        self.reject.clicked.connect(self.reject_requested)
        self.override.clicked.connect(self.override_requested)
        self.approve.clicked.connect(self.approve_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.addWidget(TwoParts(self.facts, Flow(self.reject, self.override, self.approve)))

    def render_state(self, state: DeskState) -> None:
        """Show a state."""
        key = (state.opened, state.candidate, state.stale, state.activity, state.draft.hunks, state.run, state.judging)
        if self._shown and all(a is b for a, b in zip(self._shown, key, strict=True)):
            return
        self._shown = key
        self._state = state
        self._show_facts()
        undecided = state.pending_hunks
        words = self.tr("1 hunk undecided") if undecided == 1 else self.tr("{0} hunks undecided").format(undecided)
        set_badge(self.waiting, "warning", words if undecided else "")
        self._name_buttons(state)
        if state.judging:
            self._allow_nothing_yet()
        elif state.held:
            self._allow_answer(state)
        else:
            self._allow(state)
        self.setAccessibleName(self.tr("Decision"))
        self._speak()

    def show_weight(self, measured: Coordination | None) -> None:
        """Show what the training of an executor and of a planner would weigh it by, where that is measured."""
        self.weight.setText(weight_words(measured) if measured is not None else "")
        self.weight.setVisible(bool(self.weight.text()))
        self.weight.setToolTip(weight_reason())
        self.weight.setAccessibleDescription(weight_reason())
        self._speak()

    def _show_facts(self) -> None:
        """What the candidate changes and what the rule says. While the next one runs, the words stay in their place."""
        state, candidate = self._state, self._state.candidate
        trying, stale = state.activity is Activity.TRYING, self._lateness.is_stale(state)
        self._show_running(trying=trying, alone=candidate is None)
        self._show_changes(candidate, stale=stale)
        self._show_rule(candidate, stale=stale, trying=trying)
        if candidate is None and not state.draft.hunks:
            self._show_as_is(state)
        self._speak()

    def _show_running(self, *, trying: bool, alone: bool) -> None:
        """Beside a candidate the sign has room of its own, so that nothing moves as it comes and goes."""
        self.running.setText((self.tr("◌ running…") if alone else "◌") if trying else "")
        self.running.setVisible(trying or not alone)
        self.running.setMinimumWidth(0 if alone else self.fontMetrics().horizontalAdvance("◌") + 2 * SPACE_M)
        self.running.setAccessibleName(self.tr("running") if trying else "")

    def _speak(self) -> None:
        shown = (*self.changes, self.running, self.rule, self.replay, self.waiting, self.weight)
        texts = [*(w.text() for w in shown), self.explanation.whole_text]
        self.setAccessibleDescription(", ".join(filter(None, texts)))

    def _show_changes(self, candidate: Candidate | None, *, stale: bool) -> None:
        words = list(_changes(candidate)) if candidate is not None else []
        if candidate is not None and not words:
            words.append((self.tr("losses unchanged"), "muted"))
        while len(self.changes) > len(words):
            self.facts.remove(self.changes.pop())
        while len(self.changes) < len(words):
            self.changes.append(label())
            self.facts.insert(len(self.changes) - 1, self.changes[-1])
        for made, (text, tone) in zip(self.changes, words, strict=True):
            made.setText(text)
            mark(made, "tone", "muted" if stale else tone)

    def _show_rule(self, candidate: Candidate | None, *, stale: bool, trying: bool) -> None:
        if candidate is None:
            for shown in (self.rule, self.replay):
                set_badge(shown, "muted", "")
            self.explanation.hide()
            return
        tone, words = rule_words(candidate.acceptance.rule)
        set_badge(self.rule, "muted" if stale else tone, words)
        seconds = _duration(candidate.inspection.seconds)
        if stale and not trying:
            tone, words = "muted", self.tr("out of date")
        elif candidate.inspection.verified:
            tone, words = "success", self.tr("✓ meets everything, executed in {0}").format(seconds)
        elif candidate.inspection.verified is None:
            tone, words = verified_words(candidate.inspection)
        else:
            tone, words = "warning", self.tr("UNVERIFIED")
        set_badge(self.replay, "muted" if stale else tone, words)
        refused = not candidate.acceptance.accepted
        why = rule_reason(candidate.acceptance.rule, candidate.best, candidate.inspection) if refused else ""
        self.explanation.set_text(one_line(why, EXPLANATION))
        self.explanation.setVisible(refused)

    def _show_as_is(self, state: DeskState) -> None:
        """Nothing is changed: what can be decided on is the trajectory itself."""
        if state.opened is not None and state.opened.inspection is not None:
            tone, words = verified_words(state.opened.inspection)
            set_badge(self.replay, tone, self.tr("{0} as it is").format(words))

    def _name_buttons(self, state: DeskState) -> None:
        """While a run holds the lineage, the buttons answer its question."""
        question = state.question
        approve, reject = self.tr("Approve and next"), self.tr("Reject…")
        if isinstance(question, Approving):
            approve = self.tr("Take the candidate")
            reject = reject if question.judgement.accepted else self.tr("Leave it")
        elif state.held:
            approve, reject = self.tr("Continue the run"), self.tr("Reject the proposal")
        self.approve.setText(approve)
        self.reject.setText(reject)
        self.reject.setVisible(not state.held or isinstance(question, Reviewing | Approving))

    def _allow_nothing_yet(self) -> None:
        """The blame comes before the proposal, and before the decision."""
        self.override.hide()
        for button in (self.reject, self.approve):
            button.setEnabled(False)
        self._explain(self.tr("First mark where it goes wrong"))

    def _allow_answer(self, state: DeskState) -> None:
        question = state.question
        free = question is not None and state.activity is not Activity.SAVING
        refused = isinstance(question, Approving) and not question.judgement.accepted
        undecided = isinstance(question, Reviewing) and state.pending_hunks > 0
        self.reject.setEnabled(free)
        self.override.setVisible(refused)
        self.override.setEnabled(free)
        self.approve.setEnabled(free and not refused and not undecided)
        why = self.tr("The run is at work") if question is None else ""
        self._explain(self.tr("Decide on every hunk first") if undecided else why)

    def _explain(self, why: str) -> None:
        self.approve.setToolTip(why)
        self.approve.setAccessibleDescription(why)

    def _allow(self, state: DeskState) -> None:
        free = state.activity is not Activity.SAVING
        offer = _offer(state)
        self.reject.setEnabled(state.opened is not None and free)
        self.override.setVisible(offer.refused)
        self.override.setEnabled(offer.ready and free)
        self.approve.setEnabled(offer.ready and not offer.refused and free)
        why = {
            "nothing": self.tr("There is nothing to approve yet"),
            "stale": self.tr("The candidate is still running"),
            "undecided": self.tr("Decide on every hunk first"),
            "refused": self.tr("The rule refuses it: override, with a reason"),
            "equal": with_keys(
                self.tr("The loss is equal: accept it as a lateral move ({0}), or override, with a reason"), "lateral"
            ),
            "unverified": self.tr("It is not verified as it is: repair it, or override with a reason"),
        }
        self._explain(why.get(offer.why, ""))


@dataclass(frozen=True)
class _Offer:
    """Whether there is something to decide on, whether it takes an override, and why it cannot be approved."""

    ready: bool
    refused: bool = False
    why: str = ""


def _offer(state: DeskState) -> _Offer:
    candidate = state.candidate
    opened = state.opened
    if opened is not None and not state.draft.hunks and (opened.inspection is not None or opened.trajectory.plan_alone):
        good = opened.good_as_it_is
        return _Offer(ready=True, refused=not good, why="" if good else "unverified")
    if candidate is None:
        return _Offer(ready=False, why="nothing")
    refused = not candidate.acceptance.accepted
    if state.stale:
        return _Offer(ready=False, refused=refused, why="stale")
    if state.pending_hunks:
        return _Offer(ready=False, refused=refused, why="undecided")
    equal = candidate.acceptance.rule == "equal"
    why = "equal" if equal else "refused" if refused else ""
    return _Offer(ready=state.can_approve, refused=refused, why=why)


def _changes(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """What the candidate changes in the losses, in words and with a tone."""
    for component, before in candidate.before.losses.items():
        after = candidate.inspection.losses[component]
        if before is not None and after is not None and before.count != after.count:
            better = after.count < before.count
            words = f"{component_name(component)} {before.count} → {after.count} {'▼' if better else '▲'}"
            yield words, "success" if better else "danger"


def _duration(seconds: float) -> str:
    """Rounded, so that the words keep their width from key to key."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 100:.0f}0 ms" if seconds >= 0.01 else "< 10 ms"
