"""Groups of trajectories whose rewards are compared with each other, as GRPO does it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from hitl_app.domain import grpo
from hitl_app.domain.coordination import plan_words
from hitl_app.domain.jsontypes import content_hash
from hitl_app.domain.trajectory import Trajectory

LARGEST = 16
"""Trajectories of a group at most, as the method has it; more of one kind make several groups of even size."""


@dataclass(frozen=True)
class Candidate:
    """A trajectory that may stand in a group.

    Attributes:
        kind: Trajectories of the same kind are compared; see `kind_of`.
        reward: Its total; None where that was not measured.
    """

    trajectory_id: str
    task_id: str
    kind: str
    reward: float | None


@dataclass(frozen=True)
class Member:
    """A trajectory in a group; without an advantage where the group has none to give."""

    trajectory_id: str
    reward: float
    advantage: float | None


@dataclass(frozen=True)
class Group:
    """Trajectories that are compared.

    Attributes:
        id: The same for the same kind and place in every store with the same trajectories.
        members: Those whose reward was measured.
        not_measured: Ids of the others.
        mean: Of the rewards; None without any.
        std: Standard deviation of the sample; None with fewer than two.
    """

    id: str
    task_id: str
    members: tuple[Member, ...]
    not_measured: tuple[str, ...]
    mean: float | None
    std: float | None

    @property
    def warning(self) -> str:
        """Why nothing can be learnt from it, in words; empty where something can."""
        if self.std is None:
            return "fewer than two rewards were measured: there is nothing to compare"
        return "" if self.std else "all rewards are equal: every advantage is 0, and nothing is learnt"


def kind_of(trajectory: Trajectory, *, same_plan: bool = False) -> str:
    """What trajectories of one kind have in common: the task, and where that is wanted the plan."""
    if not same_plan:
        return trajectory.task_id
    return content_hash([trajectory.task_id, list(map(list, plan_words(trajectory.plan)))])


def grouped(candidates: Iterable[Candidate], largest: int = LARGEST) -> Iterator[Group]:
    """Groups in the order in which their kinds come first."""
    kinds: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        kinds.setdefault(candidate.kind, []).append(candidate)
    for kind, found in kinds.items():
        for number, part in enumerate(_even(found, largest)):
            yield _group(content_hash([kind, number])[:16], part)


def _even(found: Sequence[Candidate], largest: int) -> Iterator[Sequence[Candidate]]:
    """As few parts as possible, whose sizes differ by one at most."""
    parts = -(-len(found) // largest)
    for number in range(parts):
        yield found[number * len(found) // parts : (number + 1) * len(found) // parts]


def _group(identity: str, part: Sequence[Candidate]) -> Group:
    known = [(each.trajectory_id, each.reward) for each in part if each.reward is not None]
    rewards = [reward for _, reward in known]
    compared = len(rewards) > 1
    found: Sequence[float | None] = grpo.advantages(rewards) if compared else [None] * len(rewards)
    return Group(
        identity,
        part[0].task_id,
        tuple(Member(*each, advantage) for each, advantage in zip(known, found, strict=True)),
        tuple(each.trajectory_id for each in part if each.reward is None),
        fmean(rewards) if rewards else None,
        (stdev(rewards) if max(rewards) > min(rewards) else 0.0) if compared else None,
    )
