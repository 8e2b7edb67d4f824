"""Rewards of PilotRL (AdaPlan, arXiv 2508.00344): of a trajectory, of one of its steps, or of its plan.

Rules, a model as judge and people give them side by side; none replaces another's. The ranges are known to us at second
hand, but for those of the plan's quality.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Reward(StrEnum):
    """What is rewarded."""

    FORMAT = "format"
    ADHERENCE = "adherence"
    END_TO_END = "end_to_end"
    CORRECTNESS = "correctness"
    FOLLOWABILITY = "followability"
    STANDARDISATION = "standardisation"


RANGES = {
    Reward.FORMAT: (0, 1),
    Reward.ADHERENCE: (0, 2),
    Reward.END_TO_END: (0, 2),
    Reward.CORRECTNESS: (1, 5),
    Reward.FOLLOWABILITY: (1, 5),
    Reward.STANDARDISATION: (1, 5),
}
"""The least and the greatest value of each reward.

Format: 1 keeps it. Adherence of a step: 2 complete, 1 partial, 0 none. End to end: 2 efficient, 1 redundant, 0 failed.
The plan's quality: correctness, followability and standardisation, 1 to 5 each.
"""

OF_A_STEP = frozenset({Reward.FORMAT, Reward.ADHERENCE})
"""Rewards of single steps; the others are of a whole trajectory or of its plan."""


class ScoreSource(StrEnum):
    """Who gave a reward. Where several did, a person's counts before a judge's, and that before a rule's."""

    RULE = "rule"
    JUDGE = "judge"
    HUMAN = "human"


@dataclass(frozen=True)
class Score:
    """One reward.

    Attributes:
        value: A whole number in the range of the reward (`RANGES`).
        by: Name of the annotator, of the model with its prompt, or of the rule with its version.
        step: Index of the step that it is about; None where it is about the whole trajectory or its plan.
        reason: In a few words, for people.
        made_at: ISO 8601 in UTC; empty for a rule's, which is computed anew each time.
    """

    trajectory_id: str
    reward: Reward
    value: int
    source: ScoreSource
    by: str
    step: int | None = None
    reason: str = ""
    made_at: str = ""

    def __post_init__(self) -> None:
        least, greatest = RANGES[self.reward]
        if not least <= self.value <= greatest:
            raise ValueError(f"{self.reward}: expected {least} to {greatest}, found {self.value}")


def effective(scores: Iterable[Score]) -> dict[tuple[Reward, int | None], Score]:
    """The score that counts of each reward and step: a person's before a judge's before a rule's, then the newest."""
    order = list(ScoreSource)
    counting: dict[tuple[Reward, int | None], Score] = {}
    for score in scores:
        known = counting.get((score.reward, score.step))
        if known is None or (order.index(score.source), score.made_at) >= (order.index(known.source), known.made_at):
            counting[score.reward, score.step] = score
    return counting
