"""Runs from the window: starts, resumes and stops them, and keeps the queue and the desk up to date meanwhile."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from hitl_app.domain.errors import UserError
from hitl_app.domain.library import QueueOrder, QueueRow
from hitl_app.domain.model import Usage
from hitl_app.domain.run import Arm, Budget, Run, TaskResult, TaskStatus
from hitl_app.ui.board import PLAN, ROUTE, SEARCH, Board, TaskLine
from hitl_app.ui.gate import Apart, DeskGate, Question
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.models.queue import QueueModel
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.workflow.loop_events import Judged, Refused
from hitl_app.workflow.refining import REPAIR
from hitl_app.workflow.running import Happened, RunBegan, RunEnded, RunEvent, TaskBegan, TaskEnded
from hitl_app.workflow.workspace import Workspace

TOGETHER_MS = 30
"""Events within so many milliseconds are shown together."""

PAGE = 1000


@dataclass(frozen=True)
class Wanted:
    """What a person asks a run to do.

    Attributes:
        ids: Trajectories to start from.
        with_person: Ask at the gates.
        candidates: Let the model plan the tasks anew, so many times each, and go on from the chosen ones; 0 starts from
            the trajectories themselves.
    """

    ids: Sequence[str]
    proposer: str = REPAIR
    with_person: bool = False
    budget: Budget = Budget()
    concurrency: int = 1
    candidates: int = 0


class Runs(QObject):
    """At most one run at a time.

    Signals:
        changed: Something is new on the board; many events are told together.
        state_changed: A run began, ended, or was stopped.
        problem: Why a run could not begin or go on.
        told: A line for the status bar.
        recorded: There are new recordings.
    """

    changed = Signal()
    state_changed = Signal()
    problem = Signal(str)
    told = Signal(str)
    recorded = Signal()

    def __init__(
        self, workspace: Workspace, queue: QueueModel, session: GatedSession, failed: Failed, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._queue = queue
        self._session = session
        self._tasks = Tasks(failed)
        self.gate: DeskGate = DeskGate(session.annotator, self)
        self.gate.asked.connect(self._asked)
        self.board: Board | None = None
        self._titles: dict[str, str] = {}
        self._together = QTimer(self)
        self._together.setSingleShot(True)
        self._together.setInterval(TOGETHER_MS)
        self._together.timeout.connect(self.changed)

    @property
    def going(self) -> bool:
        """Whether a run is under way."""
        return self._tasks.runs("run")

    @property
    def under_way(self) -> str:
        """Id of the run under way; empty where none is."""
        return self.board.run.id if self.going and self.board is not None else ""

    def start(self, wanted: Wanted) -> None:
        """Begin a run."""
        if not self.going:
            self._begin(self._planned(wanted) if wanted.candidates else self._refined(wanted))

    def begin(self, events: AsyncGenerator[RunEvent, None], titles: Mapping[str, str]) -> None:
        """Begin a run of another use case; nothing where one is under way.

        Args:
            events: What happens in it.
            titles: Of its tasks, by their ids.
        """
        if not self.going:
            self._titles = dict(titles)
            self._begin(events)

    async def titles(self, ids: Sequence[str]) -> dict[str, str]:
        """Key and title of the tasks of trajectories, by the tasks' ids, each once."""
        tasks = [(await self._workspace.library.open(trajectory_id)).task for trajectory_id in ids]
        return {task.id: f"{task.key} {task.title}" for task in tasks}

    def resume(self, run: Run) -> None:
        """Go on with a run that was interrupted or stopped."""
        if not self.going:
            gate = self.gate if run.settings.arm is Arm.HUMAN else None
            resume = {
                PLAN: self._workspace.continuing.resume,
                SEARCH: self._workspace.searching.resume,
                ROUTE: self._workspace.routing.resume,
            }
            self._begin(resume.get(run.settings.command, self._workspace.refining.resume)(run.id, gate))

    def stop(self) -> None:
        """Stop; what was done stays on record. A question that waits is taken back."""
        self._tasks.cancel("run")

    async def close(self) -> None:
        """Stop, and wait until the record is whole."""
        await self._tasks.cancel_all()

    async def idle(self) -> None:
        """Wait until no run is under way."""
        await self._tasks.idle()

    async def earlier(self) -> tuple[Run, ...]:
        """All runs on record, newest first."""
        return await self._workspace.running.runs()

    async def rows(self, query: str) -> list[QueueRow]:
        """All rows that fit a query."""
        found: list[QueueRow] = []
        while True:
            page = await self._workspace.library.queue(query, QueueOrder.IMPORTED, PAGE, len(found), self._queue.viewer)
            found += page.rows
            if not page.rows or len(found) >= page.total:
                return found

    def _refined(self, wanted: Wanted) -> AsyncGenerator[RunEvent, None]:
        return self._workspace.refining.refine(
            wanted.ids,
            proposer=wanted.proposer,
            budget=wanted.budget,
            gate=self.gate if wanted.with_person else None,
            concurrency=wanted.concurrency,
        )

    async def _planned(self, wanted: Wanted) -> AsyncGenerator[RunEvent, None]:
        """PLAN; then the loop on what was chosen and is not verified, with what is left of the budget."""
        self._titles = await self.titles(wanted.ids)
        planning = self._workspace.continuing.plan(
            tuple(self._titles),
            times=wanted.candidates,
            budget=wanted.budget,
            gate=self.gate if wanted.with_person else None,
            concurrency=wanted.concurrency,
        )
        results: tuple[TaskResult, ...] = ()
        began = time.monotonic()
        async with aclosing(planning):
            async for event in planning:
                if isinstance(event, RunEnded):
                    results = event.run.results
                yield event
        open_ids = [result.best_id for result in results if result.best_id and result.status is TaskStatus.UNVERIFIED]
        if open_ids:
            left = wanted.budget.left(sum((result.usage for result in results), Usage()), time.monotonic() - began)
            async with aclosing(self._refined(replace(wanted, ids=open_ids, budget=left))) as refining:
                async for event in refining:
                    yield event

    # -- while it goes on ------------------------------------------------------------------------------------------

    def _begin(self, events: AsyncGenerator[RunEvent, None]) -> None:
        self.board = None
        self._tasks.start("run", self._drive(events))
        self.state_changed.emit()

    async def _drive(self, events: AsyncGenerator[RunEvent, None]) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    self._take(event)
        except UserError as error:
            self.problem.emit(str(error))
        except asyncio.CancelledError:
            if self.board is not None:
                self.board.end(await self._workspace.running.find(self.board.run.id))
            raise
        finally:
            self._session.release()
            asyncio.get_running_loop().call_soon(self._tell_end)

    def _take(self, event: RunEvent) -> None:
        if isinstance(event, RunBegan):
            self.board = Board.of(event.run)
            if event.run.settings.arm is Arm.HUMAN:
                self._session.follow()
            self.state_changed.emit()
        if self.board is None:
            return
        self.board.take(event)
        if isinstance(event, TaskBegan):
            line = self.board.line(event.start_id)
            line.title = self._titles.get(line.start_id, "")
            if not self.board.plans:
                self._tasks.start(f"name {line.start_id}", self._name(line))
        elif isinstance(event, Happened) and isinstance(event.event, Refused):
            self._session.hear(event.event.reason)
        elif isinstance(event, Happened) and isinstance(event.event, Judged):
            self._session.hear("")
            root_id = event.event.judgement.base.root_id
            self._tasks.start(f"row {root_id}", self._queue.refresh(root_id))
        elif isinstance(event, TaskEnded):
            line = self.board.line(event.result.start_id)
            if self.board.run.settings.arm is Arm.HUMAN:
                self._session.release(line.best_id)
            self._tasks.start(f"show {line.start_id}", self._show_result(line, new=self.board.plans))
        self._mark()

    def _mark(self) -> None:
        if not self._together.isActive():
            self._together.start()

    async def _name(self, line: TaskLine) -> None:
        """A task is known by its row of the queue."""
        opened = await self._workspace.library.open(line.best_id or line.start_id)
        line.title, line.root_id = opened.row.title, opened.row.root_id
        self._mark()

    async def _show_result(self, line: TaskLine, *, new: bool) -> None:
        if new and not line.best_id:
            return
        if not line.root_id:
            await self._name(line)
        if new:
            self.recorded.emit()
        await self._queue.refresh(line.root_id)
        self._session.show_news(line.root_id)

    def _tell_end(self) -> None:
        self.changed.emit()
        self.state_changed.emit()
        if self.board is not None and not self.board.going:
            words = self.tr("The run has ended: {0} of {1} verified.").format(self.board.verified(), self.board.total)
            self.told.emit(words)

    def _asked(self, question: Question | None) -> None:
        title = ""
        if isinstance(question, Apart):
            title = question.task.title
        elif question is not None and self.board is not None:
            root_id = question.subject.root_id
            title = next((line.title for line in self.board.lines.values() if line.root_id == root_id), "")
        self._session.wait_for(question, title)
        self._mark()
