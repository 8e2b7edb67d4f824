"""Runs: one method over many tasks under one budget, what it spent, and how each task ended."""

from dataclasses import dataclass, field
from enum import StrEnum

from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import LossVector
from hitl_app.domain.model import Usage


class BudgetExhaustedError(UserError):
    """A ceiling was reached: a normal end, with the ceiling's name in words."""


class Stage(StrEnum):
    """The four stages of the loop, each of which can be switched off to measure what it is worth."""

    PLAN = "plan"
    INSPECT = "inspect"
    EVOLVE = "evolve"
    VERIFY = "verify"


class Arm(StrEnum):
    """Who decides at the gates: rules alone, or a person."""

    AUTONOMOUS = "autonomous"
    HUMAN = "human"


class Method(StrEnum):
    """The loop, and the baselines that it is compared with."""

    PIVOT = "pivot"
    SINGLE_PASS = "single_pass"  # noqa: S105 -- no password
    SELF_REFINE = "self_refine"
    REFLEXION = "reflexion"
    BEST_OF_N = "best_of_n"
    SMALL_ONLY = "small_only"
    LARGE_ONLY = "large_only"
    COPE_ROUTING = "cope_routing"


OF_TWO_MODELS = (Method.SMALL_ONLY, Method.LARGE_ONLY, Method.COPE_ROUTING)
"""COPE's cascade of a small and a large model, and a single pass of each: these need both."""

OF_ONE_MODEL = tuple(method for method in Method if method not in OF_TWO_MODELS)
"""All others."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Hard ceilings; None is no ceiling.

    Attributes:
        iterations: Proposals for one task.
        tokens: Prompt and completion tokens of the whole run.
        usd: US dollars of the whole run.
        seconds: Wall time of the whole run; one that is resumed has it anew.
    """

    iterations: int = 3
    tokens: int | None = None
    usd: float | None = None
    seconds: float | None = None

    def left(self, used: Usage, seconds: float) -> "Budget":
        """What remains for another run after one that used so much and took so many seconds."""
        return Budget(
            self.iterations,
            None if self.tokens is None else max(0, self.tokens - used.tokens),
            None if self.usd is None else max(0.0, self.usd - (used.usd or 0.0)),
            None if self.seconds is None else max(0.0, self.seconds - seconds),
        )


class RunStatus(StrEnum):
    """Where a run stands. A run that is still `running` when nothing runs was interrupted, and can be resumed."""

    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class TaskStatus(StrEnum):
    """How one task of a run ended."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class RunSettings:
    """Everything that a run was started with: it can be repeated from these.

    Attributes:
        command: The use case: `refine`, `plan`, `continue`, `compare` or `propose`.
        starts: Trajectories that it starts from, by full id (tasks' ids for `plan` and `compare`).
        model: Name of the model; empty where none is asked.
        samples: Attempts at each start: plan candidates, continuations.
        concurrency: Tasks at the same time.
        without: Stages that are switched off.
        detail: More, by command: the step to continue from, who speaks for the user, the methods compared, ...
    """

    command: str
    starts: tuple[str, ...]
    proposer: str = ""
    model: str = ""
    base_url: str = ""
    budget: Budget = Budget()
    arm: Arm = Arm.AUTONOMOUS
    samples: int = 1
    concurrency: int = 4
    without: frozenset[Stage] = frozenset()
    detail: JsonObject = field(default_factory=dict)


@dataclass(frozen=True)
class TaskResult:
    """How one task of a run ended.

    Attributes:
        start_id: The trajectory (or task) that it started from.
        task: Title of the task.
        stopped_by: Why it ended, in words.
        best_id: The best trajectory in the store; empty where there is none.
        iterations: Proposals made.
        usage: What its model calls consumed.
        error: What went wrong; empty where nothing did.
        method: Which method; the loop itself where nothing else is compared.
    """

    start_id: str
    task: str
    status: TaskStatus
    stopped_by: str
    before: LossVector | None = None
    after: LossVector | None = None
    best_id: str = ""
    iterations: int = 0
    executions: int = 0
    usage: Usage = Usage()
    seconds: float = 0.0
    error: str = ""
    method: str = Method.PIVOT


class GateName(StrEnum):
    """The five places of the loop where a person may stand, and the one behind each stage of a cascade."""

    PLAN = "plan"
    INSPECT = "inspect"
    EVOLVE = "evolve"
    ACCEPT = "accept"
    VERIFY = "verify"
    ROUTE = "route"


@dataclass(frozen=True)
class Passage:
    """One passage through a gate.

    Attributes:
        trajectory_id: What the gate was asked about.
        iteration: Of the loop, from 0.
        who: The annotator, or `automatic gate`.
        seconds: Time at the gate.
        changed: What the passage changed: the blame, hunks, the verdict, ...; empty where it only let through.
        usage: What the task had consumed by then.
        passed_at: ISO 8601 in UTC.
    """

    gate: GateName
    trajectory_id: str
    iteration: int
    who: str
    seconds: float
    changed: JsonObject = field(default_factory=dict)
    usage: Usage = Usage()
    passed_at: str = ""


@dataclass(frozen=True)
class Run:
    """A run as it stands in the record."""

    id: str
    settings: RunSettings
    status: RunStatus
    started_at: str
    ended_at: str = ""
    results: tuple[TaskResult, ...] = ()
    usage: Usage = Usage()
