"""COPE (arXiv 2506.11578): a small and a large model take turns, in a cascade of three stages.

Stage 1: the small model samples goals (what) and executes each; the share of the majority is the consensus. Stage 2:
the large model writes a guideline (how); the small one executes again with the goal of a majority answer and the
guideline. Stage 3: the large model executes once with that guideline. In code and exports the method is
`cope_routing`; CoPE's measures are `cope_coordination`.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from hitl_app.domain.errors import UserError
from hitl_app.domain.model import Usage

STAGES = (1, 2, 3)

SMALL, LARGE = "small", "large"
"""The roles of the two models."""

GOAL, GUIDELINE = "goal", "guideline"
"""The two types of plans, and the names of their prompts."""


class Comparator(StrEnum):
    """How a consensus is compared with its threshold. The paper says "exceeds"."""

    EXCEEDS = ">"
    AT_LEAST = ">="

    def holds(self, consensus: float, threshold: float) -> bool:
        """Whether a consensus is enough."""
        return consensus > threshold if self is Comparator.EXCEEDS else consensus >= threshold


class Confidence(StrEnum):
    """What a consensus is: the share of the most frequent answer, or whether anything passes.

    `visible` is 1 where any sample passes the environment's checks, as far as an agent may see them, and else 0, as the
    paper does for code. Its perplexity is left out: chat servers rarely tell the probabilities that it needs.
    """

    MAJORITY = "majority"
    VISIBLE = "visible"


class RoutingError(UserError):
    """A cascade cannot run with these settings."""


@dataclass(frozen=True, slots=True)
class RoutingSettings:
    """How the cascade runs; the defaults are the paper's.

    Attributes:
        samples: Votes in each of the first two stages.
        tau1: Threshold of stage 1.
        tau2: Threshold of stage 2.
        plan_temperature: Of goals and guidelines.
        first_temperature: Of the small model's execution in stage 1.
        second_temperature: Of its execution in stage 2. Stage 3 is greedy.
        exhaustive: For measuring: all three stages run whatever the votes, so that other thresholds can be replayed.
            The answer is that of the first stage that is accepted.
    """

    samples: int = 8
    tau1: float = 0.75
    tau2: float = 0.5
    comparator: Comparator = Comparator.EXCEEDS
    plan_temperature: float = 0.8
    first_temperature: float = 0.4
    second_temperature: float = 0.8
    confidence: Confidence = Confidence.MAJORITY
    exhaustive: bool = False

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise RoutingError(f"a cascade needs at least one sample a stage, not {self.samples}")
        for name, value in (("tau1", self.tau1), ("tau2", self.tau2)):
            if not 0 <= value <= 1:
                raise RoutingError(f"the threshold {name} is a share of votes, from 0 to 1, not {value:g}")
        for value in (self.plan_temperature, self.first_temperature, self.second_temperature):
            if not 0 <= value <= 2:
                raise RoutingError(f"a temperature is from 0 to 2, not {value:g}")

    def threshold(self, stage: int) -> float | None:
        """The threshold of a stage; None in the last, whose answer is taken as it is."""
        return {1: self.tau1, 2: self.tau2}.get(stage)


class EscalatedBy(StrEnum):
    """Why a stage did not resolve it."""

    THRESHOLD = "threshold"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Sample:
    """One vote.

    Attributes:
        number: From 0.
        plan: The goal or guideline that it was made with.
        answer: What it comes to, in a form in which equal answers are equal texts; empty where it came to nothing.
        shown: The answer for people.
        usage: Of all calls behind it, but for those that wrote its plan.
        calls: Keys of those calls (`ModelCall.key`), to find them in the record.
        passes: It passes the checks that may be seen; None where there are none.
        verified: What the environment says of it, for people and reports: the cascade never knows. None where it was
            not judged.
    """

    number: int
    plan: str
    answer: str
    shown: str = ""
    usage: Usage = Usage()
    calls: tuple[str, ...] = ()
    passes: bool | None = None
    verified: bool | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What one cascade decides: a task or trajectory, or a step of it; see `RoutedStage`."""

    start_id: str
    step: int | None = None
    attempt: int = 0


@dataclass(frozen=True)
class RoutedStage:
    """One stage of the cascade for one task, or for one step of it.

    Attributes:
        start_id: What the run worked on: the id of a task or a trajectory. `task_id` is that of the task.
        step: Index of the step that is decided; None where it is the whole task.
        stage: 1 to 3.
        role: `small` or `large`: who executes.
        plan_type: `goal` or `guideline`: what the samples were made with.
        samples: The votes; one in stage 3.
        threshold: What the consensus was compared with; None in stage 3.
        accepted: It ended here.
        escalated_by: Who or what sent it on; None where it was accepted.
        decided_by: Annotator who accepted early, escalated, or edited the guideline; empty where the rule decided.
        guideline: The guideline that stage 2 and 3 were given, as edited; empty in stage 1.
        planning: Usage of the goals or the guideline that were written in this stage, beside that of the samples.
        planning_calls: Keys of those calls: of the goals, one a sample in their order.
        attempt: Number among the cascades of one run for the same start and step: a proposer may be asked again.
    """

    start_id: str
    step: int | None
    stage: int
    role: str
    plan_type: str
    samples: tuple[Sample, ...]
    threshold: float | None
    comparator: Comparator
    accepted: bool
    escalated_by: EscalatedBy | None = None
    decided_by: str = ""
    guideline: str = ""
    planning: Usage = Usage()
    planning_calls: tuple[str, ...] = ()
    attempt: int = 0
    confidence: Confidence = Confidence.MAJORITY
    task_id: str = ""

    @property
    def place(self) -> "Place":
        """What it decides."""
        return Place(self.start_id, self.step, self.attempt)

    @property
    def consensus(self) -> float | None:
        """Share of the majority, or what else stands for it; None where it is not voted on (stage 3)."""
        return None if self.threshold is None else self.elected[1]

    @property
    def winner(self) -> Sample | None:
        """The sample that stands for the stage; None where none came to anything."""
        return self.elected[0]

    @cached_property
    def elected(self) -> tuple[Sample | None, float]:
        """The winner, and how sure that is; kept, as other thresholds are compared with it again and again."""
        return elected(self.samples, self.confidence)

    @cached_property
    def usage(self) -> Usage:
        """Of all calls of the stage."""
        return sum((sample.usage for sample in self.samples), self.planning)


def majority(samples: Sequence[Sample]) -> tuple[Sample | None, float]:
    """The first sample with the most frequent answer, and that answer's share of all samples.

    Of equally frequent answers the one that came first is taken. Samples that came to nothing vote for nothing.
    """
    votes = Counter(sample.answer for sample in samples if sample.answer)
    if not votes:
        return None, 0.0
    answer, count = votes.most_common(1)[0]
    return next(sample for sample in samples if sample.answer == answer), count / len(samples)


def elected(samples: Sequence[Sample], confidence: Confidence) -> tuple[Sample | None, float]:
    """The sample that stands for a stage, and how sure that is.

    Where visible checks decide it is the first sample that passes; where none does, that of the majority.
    """
    winner, share = majority(samples)
    if confidence is Confidence.MAJORITY:
        return winner, share
    passing = next((sample for sample in samples if sample.passes and sample.answer), None)
    return passing or winner, float(passing is not None)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a cascade comes to.

    Attributes:
        stage: The stage that resolves it; None where samples of that stage are missing: it is not known.
        answer: Its answer; None where it is not known.
        usage: Of the stages that had to run; None where it is not known.
        verified: What the environment says of that answer; None where it is not known, or was not judged.
    """

    stage: int | None
    answer: str | None
    usage: Usage | None
    verified: bool | None = None


UNKNOWN = Resolution(None, None, None)


def what_if(stages: Sequence[RoutedStage], settings: RoutingSettings) -> Resolution:
    """What logged votes come to under other thresholds, without asking any model. What people decided does not count.

    Args:
        stages: Of one task or step, in order, as far as it went.
        settings: The thresholds and the comparator; the number of samples is that of the log.

    Returns:
        `UNKNOWN` where a stage would have to run that is not in the log.
    """

    def ends(stage: RoutedStage) -> bool:
        threshold = settings.threshold(stage.stage)
        return threshold is None or settings.comparator.holds(stage.elected[1], threshold)

    return _first(stages, ends)


def outcome(stages: Sequence[RoutedStage]) -> Resolution:
    """What a cascade came to by its log; `UNKNOWN` where it was interrupted. An exhaustive one went on after that."""
    return _first(stages, lambda stage: stage.accepted)


def _first(stages: Sequence[RoutedStage], ends: Callable[[RoutedStage], bool]) -> Resolution:
    known = {stage.stage: stage for stage in stages}
    spent = Usage()
    for number in STAGES:
        stage = known.get(number)
        if stage is None or not stage.samples:
            return UNKNOWN
        spent += stage.usage
        if ends(stage):
            winner = stage.winner
            return Resolution(number, winner.answer if winner else "", spent, winner.verified if winner else None)
    return UNKNOWN


class RouteAction(StrEnum):
    """What whoever decides does after a stage."""

    PROCEED = "proceed"
    ACCEPT = "accept"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Route:
    """The answer of the gate after a stage.

    Attributes:
        action: `proceed` leaves it to the threshold.
        guideline: The guideline for what comes next, as edited; None leaves it to the large model.
    """

    action: RouteAction = RouteAction.PROCEED
    guideline: str | None = None
    reason: str = ""
