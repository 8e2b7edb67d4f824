"""What INSPECT found: an execution, findings, textual gradients and the loss vector."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from hitl_app.domain.jsontypes import JsonObject, content_hash
from hitl_app.domain.loss import Component, LossVector


class StepStatus(StrEnum):
    """How a step ended."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Observation:
    """What an environment answered to an action.

    Attributes:
        text: The answer, exactly as an agent would read it.
        failed: The action was refused or had no effect because it did not apply.
        state: Digest of the environment's whole state after the action: equal digests, equal behaviour from there on.
            Empty where it has none.
        changed: Names of the parts of the state that the action changed, such as `reservations/HATHAT`.
        used: Names of the parts that its outcome depends on; empty where the environment does not know.
        error: Why the environment itself failed (a dead worker, a time limit); empty where it did not.
    """

    text: str
    failed: bool = False
    state: str = ""
    changed: tuple[str, ...] = ()
    error: str = ""
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExecutedStep:
    """The outcome of one step.

    Attributes:
        observation: None for a message and for a step that was not reached.
        replayed: The environment executed it; False where the recorded observation stands in.
        identical: Whether the observation equals the recorded one as parsed JSON; None where there is none.
    """

    status: StepStatus
    observation: Observation | None = None
    replayed: bool = False
    identical: bool | None = None


@dataclass(frozen=True)
class Execution:
    """One run of a trajectory from the initial state, step by step (`steps` is parallel to the trajectory's)."""

    trajectory_id: str
    environment: str
    environment_version: str
    steps: tuple[ExecutedStep, ...]

    @property
    def replayed(self) -> int:
        """Number of actions that the environment executed."""
        return sum(step.replayed for step in self.steps)

    @property
    def identical(self) -> int:
        """Number of executed actions whose observation equals the recorded one."""
        return sum(step.replayed and step.identical is True for step in self.steps)

    @property
    def not_replayable(self) -> int:
        """Number of actions whose recorded observation stands in, because the environment cannot execute them."""
        return sum(step.observation is not None and not step.replayed for step in self.steps)


class FindingKind(StrEnum):
    """What a finding is about: the task's goal, a hard or a soft constraint."""

    GOAL = "goal"
    HARD = "hard"
    SOFT = "soft"

    @property
    def component(self) -> Component:
        """The loss component that an unmet finding of this kind counts in."""
        return {
            FindingKind.GOAL: Component.GOAL,
            FindingKind.HARD: Component.HARD_CONSTRAINTS,
            FindingKind.SOFT: Component.SOFT_CONSTRAINTS,
        }[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """One judged goal or constraint.

    Attributes:
        steps: Indexes of the steps that the environment traces an unmet finding to, earliest first.
        reveals_answer: `expected` or `observed` quotes the gold answer.
    """

    id: str
    kind: FindingKind
    met: bool
    description: str = ""
    expected: str = ""
    observed: str = ""
    evidence: str = ""
    steps: tuple[int, ...] = ()
    reveals_answer: bool = False


class DependencyKind(StrEnum):
    """Why a step depends on an earlier one."""

    VALUE = "value"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Dependency:
    """A step that depends on an earlier one.

    Attributes:
        step: Index of the step that depends.
        on: Index of the earlier step.
        kind: `value`: an argument's value first appeared in the earlier step's observation or message. `state`: the
            earlier step was the last to change a part of the state that this step uses or changes.
        what: The argument's path, such as `flights[0].date`, or the name of the part.
        value: The argument's value as text; empty for `state`.
        stale: The value was in the observation that was recorded or expected, and is not in the one that was executed.
    """

    step: int
    on: int
    kind: DependencyKind
    what: str
    value: str = ""
    stale: bool = False


class GradientSource(StrEnum):
    """Who wrote a textual gradient."""

    ENVIRONMENT = "environment"
    CHECKER = "checker"
    MODEL = "model"
    HUMAN = "human"


@dataclass(frozen=True)
class Gradient:
    """A textual gradient: what went wrong, where, by which evidence, and what would help.

    Attributes:
        step_index: The step it is anchored to; None for the whole plan.
        constraint_id: Id of the finding that it explains; empty for failed steps and discrepancies.
        evidence: A pointer into the execution, such as `step 13 observation`.
        confidence: 0 to 1; None where the source gives none.
        reveals_answer: Quotes the gold answer: shown to people with a badge, never to an autonomous proposer.
    """

    source: GradientSource
    component: Component
    critique: str
    step_index: int | None = None
    is_earliest_cause: bool = False
    constraint_id: str = ""
    expected: str = ""
    observed: str = ""
    evidence: str = ""
    suggested_edit: str = ""
    confidence: float | None = None
    reveals_answer: bool = False

    @cached_property
    def id(self) -> str:
        """First 16 digits of the content hash: the same finding on the same step keeps its id."""
        return content_hash(
            [
                self.source,
                self.component,
                self.step_index,
                self.constraint_id,
                self.critique,
                self.expected,
                self.observed,
            ]
        )[:16]


@dataclass(frozen=True)
class Inspection:
    """Everything that one inspection of a trajectory found.

    Attributes:
        scores: The environment's own scores, such as a benchmark's; for people, and never compared.
    """

    execution: Execution
    losses: LossVector
    findings: tuple[Finding, ...] = ()
    gradients: tuple[Gradient, ...] = ()
    earliest_cause: int | None = None
    seconds: float = field(default=0.0, compare=False)
    dependencies: tuple[Dependency, ...] = ()
    scores: JsonObject = field(default_factory=dict)

    @property
    def trajectory_id(self) -> str:
        """The trajectory that was inspected."""
        return self.execution.trajectory_id

    @property
    def verified(self) -> bool | None:
        """Whether every goal and hard constraint is met in this full replay; None where none was judged."""
        judged = [finding for finding in self.findings if finding.kind is not FindingKind.SOFT]
        return all(finding.met for finding in judged) if judged else None

    @property
    def validated(self) -> int:
        """Length of the validated prefix: steps before the blamed one and before all that unmet findings name.

        Soft constraints do not count. Zero where nothing is blamed, and where something is missing that no step is
        blamed for: it may belong anywhere.
        """
        if self.earliest_cause is None:
            return 0
        hard = [finding for finding in self.unmet if finding.kind is not FindingKind.SOFT]
        named = [step for finding in hard for step in finding.steps]
        failed = self.execution.steps[self.earliest_cause].status is StepStatus.FAILED
        if hard and not named and not failed:
            return 0
        return min([self.earliest_cause, *named])

    @property
    def unmet(self) -> tuple[Finding, ...]:
        """Findings that are not met."""
        return tuple(finding for finding in self.findings if not finding.met)

    def broken_since(self, before: "Inspection") -> tuple[str, ...]:
        """Ids of the hard constraints that held before and do not hold any more, in order."""
        held = {finding.id for finding in before.findings if finding.kind is FindingKind.HARD and finding.met}
        return tuple(sorted(finding.id for finding in self.unmet if finding.id in held))
