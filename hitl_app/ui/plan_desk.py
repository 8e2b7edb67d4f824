"""Plans over time at the desk: their window, new plans by hand or by the planner, and what is decided on them."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Any  # what a coroutine is sent is asyncio's matter

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.grounding import GroundingFault
from hitl_app.domain.hunk import HunkError
from hitl_app.domain.replan import Replan
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.grounding_words import listed
from hitl_app.ui.state import DeskState, HunkVerdict
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.plan_versions import PlanWindow
from hitl_app.ui.windows.reason import Question, ReasonDialog
from hitl_app.ui.words import usage_words
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.running import Called, RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace

PLANNING, SAVE = "planning", "save"


class PlanDesk(QObject):
    """Opens the window of plans and keeps it on what is on the desk."""

    def __init__(self, workspace: Workspace, session: GatedSession, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._session = session
        self._failed = failed
        self._tasks, self._saving = Tasks(self._fail), Tasks(self._fail)
        self._shown: Opened | None = None
        self.window: PlanWindow | None = None
        session.state_changed.connect(self._follow)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._saving.idle()
        await self._tasks.idle()

    async def close(self) -> None:
        """Close the window; what was decided is recorded."""
        if self.window is not None:
            self.window.close()
        await self._tasks.cancel_all()
        await self._saving.idle()

    def show(self) -> None:
        """Show the plans of what is on the desk."""
        if self._session.state.opened is None:
            return
        if self.window is None:
            self.window = self._make()
        self._shown = None
        self.window.show()
        self._follow(self._session.state)
        self.window.activateWindow()
        self.window.list.setFocus()

    def _make(self) -> PlanWindow:
        window = PlanWindow()
        window.step_picked.connect(self._session.select_step)
        window.save_requested.connect(lambda replan: self._record(window, lambda: self._save(window, replan)))
        window.accept_requested.connect(lambda proposal: self._record(window, lambda: self._accept(window, proposal)))
        window.reject_requested.connect(lambda proposal: self._ask_why(window, proposal))
        window.ground_requested.connect(lambda by_model: self._ask_for_ground(window, by_model=by_model))
        window.planner_requested.connect(lambda at: self._ask_planner(window, at))
        window.stop_requested.connect(lambda: self._tasks.cancel(PLANNING))
        return window

    def _follow(self, state: DeskState) -> None:
        opened = state.opened
        if self.window is None or not self.window.isVisible() or opened is None or opened is self._shown:
            return
        self._shown = opened
        self._tasks.start("show", self._show(self.window, opened))

    async def _show(self, window: PlanWindow, opened: Opened) -> None:
        base_id = opened.trajectory.id
        found = [(each, each.replan) for each in opened.undecided if each.base_id == base_id and not each.hunks]
        proposals = []
        if not self._session.state.judging:
            for proposal, replan in found:
                faults = await self._workspace.review.faults(base_id, replan) if replan is not None else ()
                proposals.append((proposal, listed(faults)))
        if self._shown is opened:
            window.show_plans(opened.task.title, opened.trajectory, proposals)

    # -- the planner -----------------------------------------------------------------------------------------------

    def _ask_planner(self, window: PlanWindow, at: int) -> None:
        if self._shown is not None:
            base_id = self._shown.trajectory.id
            events = self._workspace.planning.replan(base_id, at)
            self._tasks.start(PLANNING, self._plan(window, self._shown, events))

    def _ask_for_ground(self, window: PlanWindow, *, by_model: bool) -> None:
        if self._shown is None:
            return
        if by_model:
            events = self._workspace.planning.ground([self._shown.trajectory.id])
            self._tasks.start(PLANNING, self._plan(window, self._shown, events))
        else:
            self._tasks.start("ground", self._ground(window))

    async def _plan(self, window: PlanWindow, opened: Opened, events: AsyncGenerator[RunEvent, None]) -> None:
        """Follow the planner; what it proposes stands in the list."""
        window.show_problem("")
        window.show_busy(busy=True)
        window.show_note(self.tr("◌ The planner is at work."))
        ended = ""
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Called):
                        spent = usage_words(event.run_spent)
                        window.show_note(self.tr("◌ The planner is at work: {0}").format(spent))
                    elif isinstance(event, TaskEnded):
                        ended = event.result.stopped_by
                        window.show_problem(event.result.error)
        except (UserError, HunkError) as error:
            window.show_problem(str(error))
        finally:
            window.show_busy(busy=False)
            window.show_note(ended)
        self._session.show_news(opened.row.root_id)

    # -- writing and deciding --------------------------------------------------------------------------------------

    async def _ground(self, window: PlanWindow) -> None:
        opened = self._shown
        if opened is not None:
            replan = await self._workspace.review.grounded(opened.trajectory.id)
            window.begin(0, replan)

    def _record(self, window: PlanWindow, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Record something, one after the other, where nothing is lost by it: a decision ends the draft of its base."""
        state = self._session.state
        if state.held:
            window.show_problem(self.tr("A run works on this trajectory: decide on its plan when it is done."))
        elif state.draft.editing is not None or any(w.verdict is not HunkVerdict.PENDING for w in state.draft.hunks):
            window.show_problem(self.tr("Decide on what you changed on the desk first: it would be lost."))
        elif not self._saving.runs(SAVE):
            self._saving.start(SAVE, work())

    @property
    def _maker(self) -> Maker:
        return Maker(self._session.annotator, blind=self._session.state.policy.blind)

    async def _save(self, window: PlanWindow, replan: Replan) -> None:
        opened = self._shown
        if opened is None:
            return
        try:
            faults = await self._workspace.review.faults(opened.trajectory.id, replan)
            if faults:
                window.show_problem(self._not_grounded(faults))
                return
            decided, _ = await self._workspace.review.replan(opened.trajectory.id, replan, self._maker)
        except HunkError as error:
            window.show_problem(str(error))
            return
        window.saved()
        window.show_note(self.tr("Saved: a revision with the new plan"))
        self._session.open_revision(decided.entry.decision.head_after)

    def _not_grounded(self, faults: tuple[GroundingFault, ...]) -> str:
        return self.tr("This plan is not grounded in what was done:\n{0}").format("\n".join(listed(faults)))

    async def _accept(self, window: PlanWindow, proposal_id: str) -> None:
        decided, _ = await self._workspace.review.decide(proposal_id, self._maker, accept=True)
        window.show_note(self.tr("Saved: the plan is accepted"))
        self._session.open_revision(decided.entry.decision.head_after)

    def _ask_why(self, window: PlanWindow, proposal_id: str) -> None:
        asked = Question(self.tr("Reject"), self.tr("Reject this plan. It stays on record with the reason."), ())

        def give(reason: str) -> None:
            self._record(window, lambda: self._reject(window, proposal_id, reason))

        dialog = ReasonDialog(asked, give, window)
        dialog.keep.hide()
        dialog.open()

    async def _reject(self, window: PlanWindow, proposal_id: str, reason: str) -> None:
        maker = Maker(self._session.annotator, reason, blind=self._session.state.policy.blind)
        await self._workspace.review.decide(proposal_id, maker, accept=False)
        window.show_note(self.tr("Saved: the plan is rejected"))
        if self._shown is not None:
            self._session.show_news(self._shown.row.root_id, self.tr("Saved: rejected"))

    def _fail(self, name: str, error: Exception) -> None:
        """What a person can mend is said in the window."""
        if isinstance(error, UserError) and self.window is not None and self.window.isVisible():
            self.window.show_problem(str(error))
        else:
            self._failed(name, error)
