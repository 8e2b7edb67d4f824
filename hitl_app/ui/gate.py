"""The gates of a run at the desk: each question waits until the person answers it, or the run is stopped."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Gradient, Inspection
from hitl_app.domain.ports import Approval, Guidance, Judgement
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.routing import Route, RoutedStage
from hitl_app.domain.run import GateName
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Asked(Generic[T]):
    """A question, with the place where its answer goes."""

    answer: asyncio.Future[T]

    def give(self, answer: T) -> None:
        """Answer; a question that is answered already, or whose run was stopped, stays as it is."""
        if not self.answer.done():
            self.answer.set_result(answer)


@dataclass(frozen=True, eq=False)
class Choosing(_Asked[int]):
    """PLAN: which candidate."""

    gate: ClassVar[GateName] = GateName.PLAN
    task: Task
    candidates: tuple[tuple[Trajectory, Inspection], ...]


@dataclass(frozen=True, eq=False)
class Guiding(_Asked[Guidance]):
    """INSPECT: what EVOLVE shall work from."""

    gate: ClassVar[GateName] = GateName.INSPECT
    subject: Trajectory
    inspection: Inspection
    locked: int


@dataclass(frozen=True, eq=False)
class Reviewing(_Asked[tuple[Hunk, ...]]):
    """EVOLVE: which hunks."""

    gate: ClassVar[GateName] = GateName.EVOLVE
    subject: Trajectory
    proposal: Proposal


@dataclass(frozen=True, eq=False)
class Approving(_Asked[Approval]):
    """ACCEPT: whether the candidate is taken."""

    gate: ClassVar[GateName] = GateName.ACCEPT
    subject: Trajectory
    judgement: Judgement


@dataclass(frozen=True, eq=False)
class Verifying(_Asked[tuple[Gradient, ...]]):
    """VERIFY: which constraints are missed."""

    gate: ClassVar[GateName] = GateName.VERIFY
    subject: Trajectory
    inspection: Inspection


@dataclass(frozen=True, eq=False)
class Routing(_Asked[Route]):
    """ROUTE: whether a stage of a cascade is accepted early or escalated, and with which guideline it goes on."""

    gate: ClassVar[GateName] = GateName.ROUTE
    task: Task
    stage: RoutedStage


AtDesk = Guiding | Reviewing | Approving | Verifying
"""Questions about one trajectory: its panes are the place where they are answered."""

Apart = Choosing | Routing
"""Questions that are answered in a window of their own: they are about no trajectory of the queue."""

Question = Apart | AtDesk


@dataclass(frozen=True)
class RunAtDesk:
    """What a run with a person at its gates holds at the desk.

    Attributes:
        root_id: The lineage that it works on; empty where it works on none.
        title: Title of the task.
        question: What it waits for; None while it works.
        locked: First steps that stay, as the person set them at INSPECT; None where they did not.
        missed: Constraints that the person added at VERIFY.
        note: Why the last proposal led to no candidate; empty where it did.
    """

    root_id: str = ""
    title: str = ""
    question: Question | None = None
    locked: int | None = None
    missed: tuple[Gradient, ...] = ()
    note: str = ""


class DeskGate(QObject):
    """The person at the desk as the gate of a run. Lives in Qt's loop; a run asks one question at a time.

    Signals:
        asked: The question that waits from now on, or None where none waits any more.
    """

    asked = Signal(object)

    def __init__(self, annotator: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._who = annotator

    @property
    def who(self) -> str:
        """The annotator's name."""
        return self._who

    async def choose(self, task: Task, candidates: Sequence[tuple[Trajectory, Inspection]]) -> int:
        """PLAN."""
        return await self._ask(Choosing(_future(), task, tuple(candidates)))

    async def guide(self, base: Trajectory, inspection: Inspection, locked: int) -> Guidance:
        """INSPECT."""
        return await self._ask(Guiding(_future(), base, inspection, locked))

    async def review(self, base: Trajectory, inspection: Inspection, proposal: Proposal) -> tuple[Hunk, ...]:
        """EVOLVE."""
        return await self._ask(Reviewing(_future(), base, proposal))

    async def approve(self, judgement: Judgement) -> Approval:
        """ACCEPT."""
        return await self._ask(Approving(_future(), judgement.base, judgement))

    async def route(self, task: Task, stage: RoutedStage) -> Route:
        """ROUTE."""
        return await self._ask(Routing(_future(), task, stage))

    async def verify(self, trajectory: Trajectory, inspection: Inspection) -> tuple[Gradient, ...]:
        """VERIFY."""
        return await self._ask(Verifying(_future(), trajectory, inspection))

    async def _ask(self, question: _Asked[T]) -> T:
        self.asked.emit(question)
        try:
            return await question.answer
        finally:
            self.asked.emit(None)


def _future() -> asyncio.Future[T]:
    return asyncio.get_running_loop().create_future()
