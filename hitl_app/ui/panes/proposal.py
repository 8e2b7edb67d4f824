"""The proposal: hunks to accept, edit or reject, and the decision on what they make."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from hitl_app.domain.proposal import Proposal
from hitl_app.ui.focus_order import tab_through
from hitl_app.ui.keymap import keep_keys
from hitl_app.ui.panes.decision_bar import DecisionBar
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.hunk_card import HunkCard
from hitl_app.ui.panes.hunk_editor import HunkEditor
from hitl_app.ui.panes.judge_first import JudgeFirstPage
from hitl_app.ui.panes.parts import Header, column, label, rule, scrolled
from hitl_app.ui.panes.speech import SpeechView
from hitl_app.ui.state import Activity, DeskState
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_L, SPACE_M

MOST_TRIED = 200
"""Lines of what was tried."""


class EmptyPage(QWidget):
    """What to do while there is no hunk, and what a search without a result has tried."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label(tone="muted", wrap=True)
        self.search, self.ask, self.by_hand = QPushButton(), QPushButton(), QPushButton()
        keep_keys(self.search, self.search.setText, self.tr("Propose a repair ({0})"), "propose")
        keep_keys(self.ask, self.ask.setText, self.tr("Propose with the model ({0})"), "propose_with_model")
        keep_keys(self.by_hand, self.by_hand.setText, self.tr("Edit a step by hand ({0})"), "edit_step")
        self.tried = QListWidget()
        self.tried.setAccessibleName(self.tr("What was tried"))
        layout = column(self, margin=0)
        layout.addWidget(self.words)
        layout.addWidget(Flow(self.search, self.ask, self.by_hand))
        layout.addWidget(self.tried, 1)
        layout.addStretch(0)

    def show_state(self, state: DeskState) -> None:
        """Say what there is."""
        nothing = state.proposal if state.proposal is not None and not state.proposal.hunks else None
        if state.opened is None:
            words = self.tr("Nothing is open.")
        elif nothing is not None:
            words = self.tr("Nothing better was found. {0} candidates were tried.").format(nothing.cost.executions)
        else:
            words = self.tr("There is no proposal yet.")
        self.words.setText(words)
        for button in (self.search, self.ask):
            button.setEnabled(state.opened is not None and not state.held)
        self.by_hand.setEnabled(state.selected_step is not None)
        self.tried.setVisible(bool(nothing and nothing.tried))
        self.tried.clear()
        if nothing is not None:
            self.tried.addItems([one_line(line) for line in nothing.tried[:MOST_TRIED]])


class ProposalPane(QWidget):
    """Working hunks as cards, and the decision bar. Hunks are named by their place in the draft, from 0.

    Signals:
        hunk_selected, accept_hunk, reject_hunk, edit_hunk: Number of a working hunk.
        approve_requested, reject_requested, override_requested: The decision on the trajectory.
        propose_requested, ask_requested, cancel_requested: Start a search, ask the model, or stop it.
        edit_step_requested: Edit the selected step by hand.
        edit_text_changed: The editor's text, in the form of `step_text`.
        edit_finished, edit_cancelled: Close the editor, keeping or dropping what was written.
    """

    hunk_selected = Signal(int)
    accept_hunk = Signal(int)
    reject_hunk = Signal(int)
    edit_hunk = Signal(int)
    approve_requested = Signal()
    reject_requested = Signal()
    override_requested = Signal()
    propose_requested = Signal()
    ask_requested = Signal()
    cancel_requested = Signal()
    edit_step_requested = Signal()
    edit_text_changed = Signal(str)
    edit_finished = Signal()
    edit_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = DeskState()
        self._editing: tuple[int, int] | None = None
        self._came_from: QWidget | None = None
        self.cards: list[HunkCard] = []
        self._selected = 0
        self.header = Header(self.tr("Proposal"))
        self.editor = HunkEditor(self)
        self.editor.hide()
        self.empty, self.judge = EmptyPage(), JudgeFirstPage()
        self.searching = self._searching_row()
        self.speech = SpeechView()
        self.speech.setContentsMargins(SPACE_L, 0, SPACE_L, SPACE_M)
        self.speech.hide()
        self.bar = DecisionBar()
        inner = QWidget()
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_M)
        whole = column(inner, margin=0)
        whole.addWidget(self.judge)
        whole.addLayout(self._column)
        whole.addWidget(self.empty, 1)
        whole.addStretch(0)
        whole.setContentsMargins(SPACE_L, 0, SPACE_L, SPACE_M)
        self._scroll = scrolled(inner)
        top = QVBoxLayout()
        top.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        top.addWidget(self.header)
        top.addWidget(self.searching)
        layout = column(self, margin=0, spacing=0)
        layout.addWidget(rule())
        layout.addLayout(top)
        layout.addWidget(self.speech, 1)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.bar)
        self.setAccessibleName(self.tr("Proposal"))
        self._connect()

    def _searching_row(self) -> QWidget:
        row = QWidget()
        self.cancel = QPushButton(self.tr("Cancel"))
        self.progress = label(tone="accent", wrap=True)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.progress, 1)
        layout.addWidget(self.cancel)
        row.hide()
        return row

    def _connect(self) -> None:
        self.bar.approve_requested.connect(self.approve_requested)
        self.bar.reject_requested.connect(self.reject_requested)
        self.bar.override_requested.connect(self.override_requested)
        self.empty.search.clicked.connect(self.propose_requested)
        self.empty.ask.clicked.connect(self.ask_requested)
        self.empty.by_hand.clicked.connect(self.edit_step_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.editor.text_changed.connect(self.edit_text_changed)
        self.editor.finished.connect(self.edit_finished)
        self.editor.cancelled.connect(self.edit_cancelled)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._reveal_field)  # a card has found its height

    @property
    def focus_target(self) -> QWidget:
        """Where the keys go when a person turns to this pane."""
        if self.judge.isVisibleTo(self):
            return self.judge.nothing
        return self.cards[min(self._selected, len(self.cards) - 1)] if self.cards else self.empty.search

    def render_state(self, state: DeskState) -> None:
        """Show a state."""
        old, self._state = self._state, state
        searching = state.activity is Activity.PROPOSING or state.asks_model
        self.searching.setVisible(searching)
        self.speech.setVisible(state.asks_model)
        self._scroll.setVisible(bool(state.draft.hunks) or not state.asks_model)
        self.judge.show_state(state)
        if state.asks_model:
            words = self.tr("◌ The model is at work. Esc stops it; what it was asked stays on record.")
        else:
            words = self.tr("◌ Searching for a repair: candidates are executed one by one.")
        self.progress.setText(state.message or words)
        self._show_header(state)
        self.empty.setVisible(not state.draft.hunks and not searching and not state.judging)
        if not state.draft.hunks:
            self.empty.show_state(state)
        self._show_cards(state)
        self._show_editor(state)
        self.bar.render_state(state)
        if state.selected_hunk is not None and state.selected_hunk != old.selected_hunk:
            self._reveal(state.selected_hunk)

    def _show_header(self, state: DeskState) -> None:
        words = [self.tr("Proposal")]
        proposal = state.proposal
        if proposal is not None:
            words += [] if state.policy.blind else self._facts(proposal)
        elif state.draft.hunks:
            words.append(self.tr("by hand"))
        self.header.set_title(" · ".join(words))
        number, count = state.selected_hunk, len(state.draft.hunks)
        if number is not None and number < count:
            self.header.set_aside(self.tr("Hunk {0} of {1}").format(number + 1, count))
        else:
            self.header.set_aside(self.tr("{0} hunks").format(count) if count > 1 else "")

    def _facts(self, proposal: Proposal) -> list[str]:
        cost = proposal.cost
        facts = [one_line(proposal.proposer, 60)]
        if cost.executions:
            facts.append(self.tr("{0} tried").format(cost.executions))
        if tokens := cost.tokens_in + cost.tokens_out:
            facts.append(self.tr("{0} tokens").format(f"{tokens:,}"))
        if proposal.replan is not None:
            facts.append(self.tr("with a new plan from step {0}").format(proposal.replan.at))
        return facts if cost.usd is None else [*facts, f"{cost.usd:.4f} USD"]

    def _show_cards(self, state: DeskState) -> None:
        hunks = state.draft.hunks
        while len(self.cards) > len(hunks):
            card = self.cards.pop()
            if card.editor is not None:
                self._take_editor_back(card)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.cards) < len(hunks):
            self._add_card(len(self.cards))
        gradients = state.opened.gradients if state.opened else ()
        for number, (card, working) in enumerate(zip(self.cards, hunks, strict=True)):
            card.show_working(working, gradients, selected=number == state.selected_hunk)
        self._selected = state.selected_hunk or 0

    def _add_card(self, number: int) -> None:
        card = HunkCard()
        card.chosen.connect(lambda: self.hunk_selected.emit(number))
        card.accept.connect(lambda: self.accept_hunk.emit(number))
        card.reject.connect(lambda: self.reject_hunk.emit(number))
        card.edit.connect(lambda: self.edit_hunk.emit(number))
        card.neighbour_wanted.connect(lambda distance: self._walk(number + distance))
        self.cards.append(card)
        self._column.addWidget(card)
        tab_through(self._scroll, self.cards)

    def _show_editor(self, state: DeskState) -> None:
        """Open the editor where editing starts; while it is open, what is typed in it is never replaced."""
        number, opened = state.draft.editing, state.opened
        key = (state.editor, number) if opened is not None and number is not None else None
        if key == self._editing:
            return
        self._editing = key
        for card in self.cards:
            if card.editor is not None:
                self._take_editor_back(card)
        if opened is None or number is None or number >= len(self.cards):
            return
        hunk = state.draft.hunks[number].hunk
        self.editor.open((hunk.after or hunk.before)[0], state.draft.text, opened.tools)
        self.cards[number].show_editor(self.editor)
        self._reveal(number)
        focus = QApplication.focusWidget()
        self._came_from = focus if focus is not None and not self.isAncestorOf(focus) else None
        self.editor.focus()
        QTimer.singleShot(0, self, self._reveal_field)

    def _reveal_field(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self.editor.isAncestorOf(focus):
            self._scroll.ensureWidgetVisible(focus, 0, SPACE_M)

    def _take_editor_back(self, card: HunkCard) -> None:
        focused = self.editor.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        card.hide_editor()
        self.editor.hide()
        self.editor.setParent(self)
        if focused:
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            # Later: the focus that leaves a pane while it is rendered counts as lost.
            QTimer.singleShot(0, self, self._return_focus)

    def _return_focus(self) -> None:
        """Go back to where the keys went before the editor opened, unless they go somewhere else already."""
        back, focus = self._came_from, QApplication.focusWidget()
        if back is not None and isValid(back) and back.isVisible() and focus is not None and self.isAncestorOf(focus):
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _walk(self, number: int) -> None:
        if 0 <= number < len(self.cards):
            self.cards[number].setFocus(Qt.FocusReason.OtherFocusReason)
            self.hunk_selected.emit(number)

    def _reveal(self, number: int) -> None:
        if number < len(self.cards):
            self._scroll.ensureWidgetVisible(self.cards[number], 0, SPACE_M)
