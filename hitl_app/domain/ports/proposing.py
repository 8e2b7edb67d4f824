"""Who proposes something better, and who decides in the loop."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Gradient, Inspection
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.routing import Route, RoutedStage
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory

Inspect = Callable[[Trajectory], Awaitable[Inspection]]
"""Executes a trajectory of the task at hand from the initial state and judges it."""


@dataclass(frozen=True)
class Attempt:
    """An earlier proposal for the same base that was not taken, and why."""

    proposal: Proposal
    reason: str


@dataclass(frozen=True)
class ProposalRequest:
    """What a proposer works from.

    Attributes:
        inspection: Of the base. What reveals the answer has been left out.
        locked: Number of steps at the start that must stay as they are.
        inspect: What it finds hides the answer, too.
        attempts: What was proposed for this base before, oldest first.
        max_executions: Ceiling of candidates to execute.
        cancelled: Asked between candidates; True means stop and answer with the best so far.
        on_text: Receives a model's words as they come.
    """

    task: Task
    base: Trajectory
    inspection: Inspection
    tools: tuple[ToolSpec, ...]
    locked: int
    inspect: Inspect
    attempts: tuple[Attempt, ...] = ()
    max_executions: int = 200
    cancelled: Callable[[], bool] = lambda: False
    on_text: Callable[[str], None] = lambda text: None


class Proposer(Protocol):
    """Makes a proposal from a base and its gradients."""

    @property
    def name(self) -> str:
        """Name and version, such as `repair/1`."""
        ...

    @property
    def deterministic(self) -> bool:
        """Asked again for the same base it proposes the same: there is no point in asking twice."""
        ...

    async def propose(self, request: ProposalRequest) -> Proposal:
        """A proposal; without hunks where nothing better was found.

        Raises:
            ModelError: A model could not be asked, or its answer cannot be used.
        """
        ...


@dataclass(frozen=True)
class Guidance:
    """What EVOLVE works from after the gate at INSPECT.

    Attributes:
        inspection: With the blame and the gradients as whoever decides left them.
        locked: Number of steps at the start that stay.
    """

    inspection: Inspection
    locked: int


@dataclass(frozen=True)
class Judgement:
    """A candidate as the gate at ACCEPT sees it.

    Attributes:
        accepted: What the rule of acceptance answers.
        rule: Which rule, such as `improves`.
        explanation: The rule's reason, such as `goal 1 → 0`.
    """

    proposal: Proposal
    hunks: tuple[Hunk, ...]
    base: Trajectory
    before: Inspection
    candidate: Trajectory
    inspection: Inspection
    accepted: bool
    rule: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Approval:
    """The answer of the gate at ACCEPT.

    Attributes:
        taken: The candidate becomes the best so far.
        override: Against the rule; needs a reason.
        reason: Why; needed for an override and for a rejection of what the rule accepts.
    """

    taken: bool
    override: bool = False
    reason: str = ""


class Gate(Protocol):
    """Where someone decides in the loop: rules, a person at the window, or a script. One method a gate."""

    @property
    def who(self) -> str:
        """The annotator's name, or the name of the rules."""
        ...

    async def choose(self, task: Task, candidates: Sequence[tuple[Trajectory, Inspection]]) -> int:
        """PLAN: which candidate to go on with, by its number."""
        ...

    async def guide(self, base: Trajectory, inspection: Inspection, locked: int) -> Guidance:
        """INSPECT: confirm or move the blame; add, edit or dismiss gradients; lock and unlock steps."""
        ...

    async def review(self, base: Trajectory, inspection: Inspection, proposal: Proposal) -> tuple[Hunk, ...]:
        """EVOLVE: the hunks to keep, edited or not; none rejects the proposal."""
        ...

    async def approve(self, judgement: Judgement) -> Approval:
        """ACCEPT: take the candidate, override the rule, or reject it with a reason."""
        ...

    async def route(self, task: Task, stage: RoutedStage) -> Route:
        """ROUTE: after a stage of a cascade accept early, force the next one, or edit the guideline."""
        ...

    async def verify(self, trajectory: Trajectory, inspection: Inspection) -> tuple[Gradient, ...]:
        """VERIFY: constraints that a person misses, as gradients; with any, the trajectory is not verified."""
        ...
