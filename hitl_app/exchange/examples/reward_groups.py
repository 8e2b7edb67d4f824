"""What counts of the rewards of where lineages stand, and how they compare within their groups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from hitl_app.domain import grpo
from hitl_app.domain.decision import LedgerEntry
from hitl_app.domain.grpo import STAGES, Norm
from hitl_app.domain.ports import Record, Revision
from hitl_app.domain.reward_groups import Candidate, grouped
from hitl_app.domain.rewards import Rewards, given
from hitl_app.domain.standing import consensus, standings
from hitl_app.domain.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Place:
    """A trajectory in its group.

    Attributes:
        group: Id of the group.
        reward: Its total.
        advantage: None where the group has fewer than two.
    """

    group: str
    reward: float
    advantage: float | None


@dataclass(frozen=True, slots=True)
class _Head:
    trajectory_id: str
    task_id: str
    terms: Mapping[str, float | None]


def rewards_of(
    record: Record, revision: Revision, entries: Sequence[LedgerEntry], known: Mapping[str, Trajectory]
) -> Rewards:
    """What counts of the rewards of a revision of a lineage with these entries and, by id, these trajectories."""
    trajectory = revision.trajectory
    tools = record.tools(record.task(trajectory.task_id))
    judged = record.scores(trajectory.id)
    return Rewards.of(given(trajectory, tools, revision.inspection, judged, entries, known=known))


class RewardGroups:
    """The groups of all lineages of a record, each with where it stands; the record is read when one is asked for."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._places: dict[tuple[int, Norm], dict[str, Place]] = {}

    def place(self, trajectory_id: str, stage: int, norm: Norm) -> Place | None:
        """Where a trajectory stands in its group for a stage; None where its reward was not measured."""
        if (stage, norm) not in self._places:
            for each in STAGES:
                self._places[each, norm] = _places(each, norm, self._heads)
        return self._places[stage, norm].get(trajectory_id)

    @cached_property
    def _heads(self) -> Sequence[_Head]:
        return list(self._read())

    def _read(self) -> Iterator[_Head]:
        for root_id, entries in self._record.histories():
            head_id = consensus(root_id, standings(entries)).head
            revisions = {each.trajectory.id: each for each in self._record.revisions(root_id)}
            known = {key: each.trajectory for key, each in revisions.items()}
            terms = rewards_of(self._record, revisions[head_id], entries, known).terms
            yield _Head(head_id, known[head_id].task_id, terms)


def _places(stage: int, norm: Norm, heads: Sequence[_Head]) -> dict[str, Place]:
    candidates = (
        Candidate(head.trajectory_id, head.task_id, head.task_id, grpo.total(stage, head.terms, norm)) for head in heads
    )
    return {
        member.trajectory_id: Place(group.id, member.reward, member.advantage)
        for group in grouped(candidates)
        for member in group.members
    }
