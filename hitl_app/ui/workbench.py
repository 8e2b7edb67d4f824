"""One trajectory on the desk: its draft, and the candidate that is executed as the draft changes.

Nothing here records a decision; that is what `session` adds.
"""

import asyncio
import logging
import threading
import time
import traceback
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.hunk import HunkError, check_hunks
from hitl_app.domain.library import QueueRow
from hitl_app.domain.model import ModelError
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.team import ReviewPolicy
from hitl_app.domain.trajectory import Step
from hitl_app.ui import working
from hitl_app.ui.drafts import DraftKeeper
from hitl_app.ui.state import Activity, DeskState, Draft, WorkingHunk
from hitl_app.ui.tasks import Tasks
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.workspace import Workspace

log = logging.getLogger(__name__)

AT_ONCE_SECONDS, LONGEST_PAUSE_SECONDS = 0.03, 0.6
"""Typing pauses at least and at most so long before the candidate is executed again."""

CHEAP_SECONDS = 0.1
"""An execution that takes so long at most follows every key."""

SHOWN_FIRST = (
    Activity.OPENING,
    Activity.SAVING,
    Activity.PROPOSING,
    Activity.ASKING,
    Activity.CONTINUING,
    Activity.VERIFYING,
    Activity.INSPECTING,
    Activity.TRYING,
)
"""What the state names where several things run at once."""

LEFT_BEHIND = tuple(activity for activity in SHOWN_FIRST if activity not in (Activity.OPENING, Activity.SAVING))
"""What ends with the trajectory that it is about."""


class Queue(Protocol):
    """What stands in the queue, and what comes next in it."""

    async def refresh(self, *root_ids: str) -> None:
        """Something about these lineages has changed."""
        ...

    async def neighbour(self, root_id: str, distance: int) -> str | None:
        """The lineage so many rows further on; the first one where `root_id` is not in the queue."""
        ...

    async def next_pending(self, root_id: str) -> str | None:
        """The next lineage that nobody has decided on, from `root_id` on and then from the start."""
        ...


class Workbench(QObject):
    """Holds the state that the panes show, and changes it as a person works on a draft.

    Signals:
        state_changed: A new `DeskState`.
        draft_saved: Whether what was typed is in the store.
        unexpected: A bug, as a line to read and details to copy.
    """

    state_changed = Signal(object)
    draft_saved = Signal(bool)
    unexpected = Signal(str, str)

    def __init__(self, workspace: Workspace, queue: Queue, annotator: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.annotator = annotator
        self._workspace = workspace
        self._policy = ReviewPolicy()
        self._queue = queue
        self._state = DeskState()
        self._tasks = Tasks(self.report, self._show_activity)
        self._drafts = DraftKeeper(workspace.review, annotator, self._tasks, self.draft_saved.emit)
        self._stop_search = threading.Event()
        self._cost = 0.0
        self._past: list[tuple[Draft, WorkingHunk | None]] = []
        self._before_edit: WorkingHunk | None = None

    @property
    def state(self) -> DeskState:
        """What is shown now."""
        return self._state

    async def idle(self) -> None:
        """Wait until nothing runs in the background."""
        await self._tasks.idle()

    @property
    def _viewer(self) -> str:
        """As whom the store is seen: empty where nothing is hidden."""
        return self.annotator if self._policy.blind else ""

    async def _load(self, trajectory_id: str) -> Opened:
        return await self._workspace.library.open(trajectory_id, self._viewer, self.annotator)

    async def _load_row(self, root_id: str) -> QueueRow:
        return await self._workspace.library.row(root_id, self._viewer)

    def _offered(self, opened: Opened) -> tuple[Proposal, ...]:
        """Proposals to decide on, the one that is shown first. Those of a plan alone have a window of their own."""
        return tuple(proposal for proposal in opened.undecided if proposal.hunks)

    def _show(self, state: DeskState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    def _show_activity(self) -> None:
        running = next((activity for activity in SHOWN_FIRST if self._tasks.runs(activity)), Activity.IDLE)
        self._show(replace(self._state, activity=running))

    def _problem(self, text: str, *, model: bool = False) -> None:
        self._show(replace(self._state, problem=text, model_problem=model, message=""))

    def dismiss_problem(self) -> None:
        """The person has read what went wrong."""
        self._show(replace(self._state, problem=""))

    def report(self, name: str, error: Exception) -> None:
        """Show what a task failed with; an error that nobody can do anything about is a bug, and logged."""
        if isinstance(error, UserError | HunkError):
            self._problem(str(error), model=isinstance(error, ModelError))
            return
        log.error("%s failed", name, exc_info=error)
        self._problem(self.tr("Something went wrong: {0}. Your draft is kept.").format(error))
        self.unexpected.emit(self._state.problem, "".join(traceback.format_exception(error)))

    def _is_open(self, trajectory_id: str) -> bool:
        return self._state.opened is not None and self._state.opened.trajectory.id == trajectory_id

    @property
    def _base(self) -> tuple[Step, ...]:
        return self._state.opened.trajectory.steps if self._state.opened else ()

    def _put_on_desk(self, opened: Opened, draft: Draft | None = None, message: str = "") -> None:
        """Show a trajectory with its saved draft, or with the draft that is given."""
        self._leave()
        self._cost = opened.inspection.seconds if opened.inspection is not None else 0.0
        problem = ""
        if draft is None:
            draft, problem = self._saved_draft(opened)
        proposal = next((p for p in opened.proposals if p.id == draft.proposal_id), None)
        state = DeskState(
            opened=opened,
            proposal=proposal,
            draft=draft,
            activity=self._state.activity,
            selected_step=opened.earliest_cause,
            selected_hunk=working.next_pending(draft, 0) if draft.hunks else None,
            editor=self._state.editor + 1,
            problem=problem,
            message=message,
        )
        self._show(state)
        if opened.inspection is None:
            self._tasks.start(Activity.INSPECTING, self._inspect(opened.trajectory.id))
        else:
            self._try_again(0)

    def _leave(self) -> None:
        self._stop_search.set()
        for activity in LEFT_BEHIND:
            self._tasks.cancel(activity)
        self._past.clear()
        self._before_edit = None

    def _saved_draft(self, opened: Opened) -> tuple[Draft, str]:
        if opened.draft is None:
            offered = self._offered(opened) if opened.row.status is ReviewStatus.PENDING else ()
            return (working.with_proposal(Draft(), offered[0]) if offered else Draft()), ""
        try:
            draft = Draft.from_json(opened.draft)
            check_hunks(opened.trajectory.steps, working.changes(draft))
        except ValueError as error:
            log.warning("a saved draft of %s cannot be read: %s", opened.trajectory.id, error)
            return Draft(), self.tr("The saved draft cannot be read and is left out: {0}").format(error)
        return draft, ""

    # -- inspecting and trying -------------------------------------------------------------------------------------

    def inspect(self) -> None:
        """Execute again: the candidate where it is out of date, else the trajectory itself."""
        state = self._state
        if state.opened is None:
            return
        if state.stale:
            self._try_again(0)
        else:
            self._tasks.start(Activity.INSPECTING, self._inspect(state.opened.trajectory.id))

    async def _inspect(self, trajectory_id: str) -> None:
        await self._workspace.refinement.inspect(trajectory_id)
        await self._reload(trajectory_id)
        self._try_again(0)

    async def _reload(self, trajectory_id: str, message: str | None = None) -> None:
        """Show what the store now knows of the open trajectory; the draft on the desk stays."""
        opened = await self._load(trajectory_id)
        await self._queue.refresh(opened.row.root_id)
        if not self._is_open(trajectory_id):
            return
        step = self._state.selected_step
        self._show(
            replace(
                self._state,
                opened=opened,
                selected_step=opened.earliest_cause if step is None else step,
                message=self._state.message if message is None else message,
            )
        )

    @property
    def _pause(self) -> float:
        """How long typing pauses before an execution: as good as not where it is cheap, longer where it is slow."""
        return AT_ONCE_SECONDS if self._cost <= CHEAP_SECONDS else min(self._cost, LONGEST_PAUSE_SECONDS)

    def _try_again(self, delay: float = 0) -> None:
        """Execute the candidate where the hunks make another one than the newest that was executed.

        What waits for its execution is cancelled, and what is being executed ends before its next action.
        """
        state = self._state
        hunks = working.changes(state.draft)
        if state.opened is None or not hunks:
            self._tasks.cancel(Activity.TRYING)
            self._show(replace(self._state, candidate=None, stale=False))
            return
        author = working.author(state.draft, self.annotator, state.proposal)
        tried = state.candidate
        replan = working.replan_of(state.draft, state.proposal)
        same = tried is not None and tried.trajectory.author == author and tried.replan == replan
        if tried is not None and same and working.same_hunks(tried.hunks, hunks):
            self._tasks.cancel(Activity.TRYING)
            self._show(replace(self._state, stale=False))
            return
        self._show(replace(state, stale=True))
        self._tasks.start(Activity.TRYING, self._try(delay))

    async def _try(self, delay: float) -> None:
        await asyncio.sleep(delay)
        state = self._state
        if state.opened is None:
            return
        author = working.author(state.draft, self.annotator, state.proposal)
        began = time.perf_counter()
        candidate = await self._workspace.refinement.try_candidate(
            state.opened.trajectory.id,
            working.changes(state.draft),
            author,
            before=state.opened.inspection,
            replan=working.replan_of(state.draft, state.proposal),
        )
        self._cost = time.perf_counter() - began
        self._show(replace(self._state, candidate=candidate, stale=False))

    # -- searching -------------------------------------------------------------------------------------------------

    def propose(self) -> None:
        """Search for a repair of the open trajectory."""
        if self._state.opened is None or self._tasks.runs(Activity.PROPOSING):
            return
        self._stop_search = threading.Event()
        self._clear_words()
        self._tasks.start(Activity.PROPOSING, self._propose(self._state.opened.trajectory.id, self._stop_search))

    async def _propose(self, base_id: str, stop: threading.Event) -> None:
        proposal, _ = await self._workspace.refining.propose(base_id, cancelled=stop.is_set)
        tried = proposal.cost.executions
        if proposal.hunks:
            words = self.tr("Found a repair. Candidates tried: {0}.").format(tried)
        else:
            words = self.tr("No better trajectory was found. Candidates tried: {0}.").format(tried)
        await self._take_proposal(base_id, proposal, words)

    async def _take_proposal(self, base_id: str, proposal: Proposal, words: str) -> None:
        """Put a proposal's hunks on the desk, all undecided, where its base is still open; `words` say what came."""
        await self._reload(base_id)
        if not self._is_open(base_id):
            return
        if not proposal.hunks:
            if self._state.draft.proposal_id is None:
                self._show(replace(self._state, proposal=proposal))
            self._problem(words)
            return
        if proposal.id == self._state.draft.proposal_id:
            self._show(replace(self._state, message=self.tr("The same proposal came again.")))
            return
        draft = working.with_proposal(self._state.draft, proposal)
        self._show(replace(self._state, proposal=proposal))
        self._change(draft, working.next_pending(draft, 0))
        self._show(replace(self._state, message=words))

    def cancel(self) -> None:
        """Stop what runs. A search that is stopped answers with the best that it found so far."""
        self._stop_search.set()
        for activity in LEFT_BEHIND:
            if activity is not Activity.PROPOSING:
                self._tasks.cancel(activity)

    # -- changing the draft ----------------------------------------------------------------------------------------

    def _change(self, draft: Draft, select: int | None = None, *, delay: float = 0) -> None:
        """Put a changed draft on the desk: it can be taken back, is saved, and its candidate is executed."""
        state = self._state
        if state.opened is None or self._tasks.runs(Activity.SAVING) or draft == state.draft:
            return
        try:
            check_hunks(self._base, working.changes(draft))
        except HunkError as error:
            self._problem(str(error))
            return
        self._past.append((replace(state.draft, editing=None, text=""), None))
        self._apply(draft, select, delay)

    def _apply(self, draft: Draft, select: int | None, delay: float = 0) -> None:
        if self._state.opened is None:
            return
        self._drafts.keep(self._state.opened.trajectory.id, draft)
        self._show(replace(self._state, draft=draft, selected_hunk=select, problem="", message=""))
        self._try_again(delay)

    def _another_text(self) -> None:
        """What the editor shows next was not typed in it."""
        self._show(replace(self._state, editor=self._state.editor + 1))

    def _clear_words(self) -> None:
        self._show(replace(self._state, problem="", message=""))

    def _take_back(self) -> bool:
        """Go back to the draft before the last change of it; False where there is none."""
        if not self._past:
            return False
        draft, self._before_edit = self._past.pop()
        self._another_text()
        following = working.next_pending(draft, 0) if draft.hunks else None
        self._apply(draft, following if draft.editing is None else draft.editing)
        return True
