"""COPE (arXiv 2506.11578): a small and a large model take turns, in a cascade of three stages.

Stage 1: the small model samples goals (what) and executes each; the share of the majority is the consensus. Stage 2:
the large model writes a guideline (how); the small one executes again with the goal of a majority answer and the
guideline. Stage 3: the large model executes once with that guideline. In code and exports the method is
`cope_routing`; CoPE's measures are `cope_coordination`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hitl_app.domain.model import Usage

STAGES = (1, 2, 3)


class Comparator(StrEnum):
    """How a consensus is compared with its threshold. The paper says "exceeds"."""

    EXCEEDS = ">"
    AT_LEAST = ">="

    def holds(self, consensus: float, threshold: float) -> bool:
        """Whether a consensus is enough."""
        return consensus > threshold if self is Comparator.EXCEEDS else consensus >= threshold


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
    """

    samples: int = 8
    tau1: float = 0.75
    tau2: float = 0.5
    comparator: Comparator = Comparator.EXCEEDS
    plan_temperature: float = 0.8
    first_temperature: float = 0.4
    second_temperature: float = 0.8

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
        usage: Of all calls behind it.
        calls: Keys of those calls (`ModelCall.key`), to find them in the record.
    """

    number: int
    plan: str
    answer: str
    shown: str = ""
    usage: Usage = Usage()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoutedStage:
    """One stage of the cascade for one task, or for one step of it.

    Attributes:
        start_id: What the run worked on: the id of a task or a trajectory.
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

    @property
    def consensus(self) -> float | None:
        """Share of the majority; None where it is not voted on (stage 3)."""
        return None if self.threshold is None else majority(self.samples)[1]

    @property
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


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a cascade comes to.

    Attributes:
        stage: The stage that resolves it; None where samples of that stage are missing: it is not known.
        answer: Its answer; None where it is not known.
        usage: Of the stages that had to run; None where it is not known.
    """

    stage: int | None
    answer: str | None
    usage: Usage | None


UNKNOWN = Resolution(None, None, None)


def what_if(stages: Sequence[RoutedStage], settings: RoutingSettings) -> Resolution:
    """What logged votes come to under other thresholds, without asking any model.

    Args:
        stages: Of one task or step, in order, as far as it went.
        settings: The thresholds and the comparator; the number of samples is that of the log.

    Returns:
        `UNKNOWN` where a stage would have to run that is not in the log.
    """
    known = {stage.stage: stage for stage in stages}
    spent = Usage()
    for number in STAGES:
        stage = known.get(number)
        if stage is None or not stage.samples:
            return UNKNOWN
        spent += stage.usage
        threshold = settings.threshold(number)
        winner, share = majority(stage.samples)
        if threshold is None or settings.comparator.holds(share, threshold):
            return Resolution(number, winner.answer if winner else "", spent)
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
