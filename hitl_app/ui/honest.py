"""Honest review: the blame before the proposal, others' decisions and models' names hidden, the rubric answered.

A proposal that is not to be seen yet is not in the state that the panes show.
"""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from random import Random
from typing import Any

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.guidelines import ItemKind, Rubric
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui import working
from hitl_app.ui.keymap import with_keys
from hitl_app.ui.rating import RubricAtDesk
from hitl_app.ui.session import DeskSession
from hitl_app.ui.state import Activity, DeskState, Draft
from hitl_app.ui.workbench import Queue
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.running import RunBegan, RunEvent, Said
from hitl_app.workflow.workspace import Workspace

RATING = "rating"


class HonestSession(DeskSession):
    """A session under a policy of review, with a rubric.

    Signals:
        policy_changed: The `ReviewPolicy` that holds from now on.
    """

    policy_changed = Signal(object)

    def __init__(self, workspace: Workspace, queue: Queue, annotator: str, parent: QObject | None = None) -> None:
        super().__init__(workspace, queue, annotator, parent)
        self._withheld: Draft | None = None
        self._noted_at: list[int] = []
        self._rubric = Rubric()
        self._ratings: dict[str, int] = {}
        self._waiting: list[tuple[str, str, int]] = []

    # -- the policy ------------------------------------------------------------------------------------------------

    def set_policy(self, policy: ReviewPolicy) -> None:
        """Review under a policy from now on; what is open is opened anew under it."""
        if policy == self._policy:
            return
        self._policy = policy
        self._preloaded = None
        self.policy_changed.emit(policy)
        self._show(self._state)
        if self._state.opened is not None:
            self._tasks.start(Activity.OPENING, self._open_anew())

    async def _open_anew(self) -> None:
        await self._drafts.flush()
        root_id = self._root_id
        try:
            opened = await self._load(self._open_id)
        except UserError:  # somebody else's revision, hidden from now on
            opened = await self._load((await self._load_row(root_id)).head_id)
        self._open_loaded(opened)

    def _show(self, state: DeskState) -> None:
        if state.opened is not self._state.opened:
            self._ratings = dict(state.opened.ratings) if state.opened else {}
        here = state.opened.trajectory.id if state.opened else ""
        saving = {item: value for base_id, item, value in self._waiting if base_id == here}
        rubric = RubricAtDesk(self._rubric, dict(self._ratings), saving)
        super()._show(replace(state, policy=self._policy, judging=self._withheld is not None, rubric=rubric))

    # -- the blame before the proposal -----------------------------------------------------------------------------

    def _must_judge(self, opened: Opened) -> bool:
        return self._policy.judge_first and not opened.has_judged

    def _hold_back(self, opened: Opened, draft: Draft) -> Draft:
        """What may be shown of a draft: all of it, or only what was made by hand until the blame is marked."""
        waiting = opened.row.status is ReviewStatus.PENDING and bool(opened.undecided)
        if not self._must_judge(opened) or (draft.proposal_id is None and not waiting):
            return draft
        self._withheld = draft
        return _by_hand(draft)

    def _saved_draft(self, opened: Opened) -> tuple[Draft, str]:
        draft, problem = super()._saved_draft(opened)
        return self._hold_back(opened, draft), problem

    def _put_on_desk(self, opened: Opened, draft: Draft | None = None, message: str = "") -> None:
        self._withheld = None
        super()._put_on_desk(opened, None if draft is None else self._hold_back(opened, draft), message)

    async def _take_proposal(self, base_id: str, proposal: Proposal, words: str) -> None:
        opened = self._state.opened
        if opened is None or not self._is_open(base_id) or not self._must_judge(opened) or not proposal.hunks:
            await super()._take_proposal(base_id, proposal, words)
            return
        await self._reload(base_id)
        if self._is_open(base_id):
            if self._withheld is None:
                self._withheld = self._state.draft
            words = self.tr("There is a proposal. First mark where it goes wrong.")
            self._show(replace(self._state, message=words))

    def move_blame(self, step: int) -> None:
        """Blame another step; before a proposal is shown this is the annotator's own judgement."""
        if self._withheld is not None:
            self.judge(step)
        else:
            super().move_blame(step)

    def judge(self, step: int | None) -> None:
        """Say which step is to blame, None where nothing is wrong; then the proposal opens."""
        if self._withheld is not None and self._state.opened is not None and self._close_editor_first():
            self._save(lambda: self._judge(step))

    def judge_nothing_wrong(self) -> None:
        """Say that no step is to blame; then the proposal opens."""
        self.judge(None)

    async def _judge(self, step: int | None) -> None:
        opened, withheld = self._state.opened, self._withheld
        if opened is None or withheld is None:
            return
        base_id, shown = opened.trajectory.id, self._state.draft
        named = next((p for p in opened.proposals if p.id == withheld.proposal_id), None)
        proposal = named or next(iter(self._offered(opened)), None)
        await self._workspace.review.judge(base_id, step, self._maker(), proposal.id if proposal else None)
        opened = await self._load(base_id)
        if not self._is_open(base_id):
            return
        self._noted_at.append(len(self._past))
        self._withheld = None
        draft = withheld
        if proposal is not None and (shown != _by_hand(withheld) or withheld == _by_hand(withheld)):
            draft = working.with_proposal(shown, proposal)
        self._show(
            replace(
                self._state,
                opened=opened,
                proposal=proposal,
                draft=draft,
                selected_hunk=working.next_pending(draft, 0) if draft.hunks else None,
                message=self.tr("Saved: judged. Here is the proposal."),
            )
        )
        self._try_again(0)

    def _is_held_back(self) -> bool:
        """Whether a decision has to wait for the blame; says so."""
        if self._withheld is not None:
            words = self.tr("First mark where it goes wrong ({0}), or say that nothing is wrong ({1}).")
            self._problem(with_keys(words, "move_blame", "nothing_wrong"))
        return self._withheld is not None

    def approve(self) -> None:
        """Approve, once the blame is marked."""
        if not self._is_held_back():
            super().approve()

    def approve_all(self) -> None:
        """Accept every hunk and approve, once the blame is marked."""
        if not self._is_held_back():
            super().approve_all()

    def accept_lateral(self) -> None:
        """Accept an equal loss, once the blame is marked."""
        if not self._is_held_back():
            super().accept_lateral()

    def ask_to_reject(self) -> None:
        """Ask why, once the blame is marked."""
        if not self._is_held_back():
            super().ask_to_reject()

    def ask_to_override(self) -> None:
        """Ask why, once the blame is marked."""
        if not self._is_held_back():
            super().ask_to_override()

    def _tell(self, event: RunEvent) -> None:
        """What a model says is the proposal already, and its name is hidden from the blind."""
        opened = self._state.opened
        if isinstance(event, Said) and opened is not None and self._must_judge(opened):
            return
        if isinstance(event, RunBegan) and self._policy.blind:
            self.model_asked.emit("")
            return
        super()._tell(event)

    def _offered(self, opened: Opened) -> tuple[Proposal, ...]:
        """Blind, the order of proposals says nothing: it is random, and the same for this person at every look."""
        offered = super()._offered(opened)
        return tuple(offered[number] for number in self.order_of(len(offered), opened.row.root_id))

    def order_of(self, count: int, subject_id: str) -> list[int]:
        """In which order to show so many alternatives for a lineage or task: to the blind at random."""
        order = list(range(count))
        if self._policy.blind:
            Random(f"{self.annotator} {subject_id}").shuffle(order)  # noqa: S311 -- keeps no secret
        return order

    # -- the rubric ------------------------------------------------------------------------------------------------

    def set_rubric(self, rubric: Rubric) -> None:
        """Answer the items of this rubric from now on."""
        self._rubric = rubric
        self._show(self._state)

    def toggle_rating(self, name: str) -> None:
        """Answer a yes-no item: yes, then the other way at each press."""
        item = self._rubric.item(name)
        if item is not None and item.kind is ItemKind.YES_NO:
            self.rate(name, self._state.rubric.toggled(item))

    def rate(self, name: str, value: int) -> None:
        """Answer an item of the rubric. It is recorded at once; a newer answer takes the place of the older one."""
        item = self._rubric.item(name)
        if item is None or not item.takes(value) or self._state.opened is None or self._tasks.runs(Activity.SAVING):
            return
        self._waiting.append((self._open_id, name, value))
        self._show(replace(self._state, problem="", message=""))
        if not self._tasks.runs(RATING):
            self._tasks.start(RATING, self._save_ratings())

    async def _save_ratings(self) -> None:
        """Record the answers in their order. One that cannot be recorded is not shown as given."""
        while self._waiting:
            base_id, name, value = self._waiting[0]
            try:
                await self._workspace.review.rate(base_id, name, value, self._rubric.version, self._maker())
            except BaseException:
                self._waiting.clear()
                self._show(self._state)
                raise
            del self._waiting[0]
            if self._is_open(base_id):
                self._ratings[name] = value
                self._noted_at.append(len(self._past))
            self._show(replace(self._state, message=self.tr("Saved: rubric answered")))

    def _save(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def after_ratings() -> None:
            await self._tasks.ended(RATING)
            await work()

        super()._save(after_ratings)

    async def close(self) -> None:
        """Finish recording what was answered and decided."""
        await self._tasks.ended(RATING)
        await super().close()

    # -- taking back -----------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back what was done last, be it a change of the draft, an answer or a decision."""
        if self._noted_at and self._noted_at[-1] == len(self._past):
            self._noted_at.pop()
            self._save(self._undo_decision)
        else:
            super().undo()

    def _note(self, record: Callable[[Maker], Coroutine[Any, Any, object]], message: str) -> None:
        async def noted(maker: Maker) -> object:
            result = await record(maker)
            self._noted_at.append(len(self._past))
            return result

        super()._note(noted, message)

    def _leave(self) -> None:
        super()._leave()
        self._noted_at.clear()


def _by_hand(draft: Draft) -> Draft:
    """A draft without what came from a proposal."""
    numbers = [number for number, hunk in enumerate(draft.hunks) if hunk.number is None]
    hunks = tuple(draft.hunks[number] for number in numbers)
    if draft.editing not in numbers:
        return Draft(hunks)
    return Draft(hunks, editing=numbers.index(draft.editing), text=draft.text)
