"""Lineages as exports read them: everything that was decided about one recording, one lineage at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar, cast

from hitl_app.domain.decision import DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.expansion import seeds_of
from hitl_app.domain.failure_classes import made_for, said_in
from hitl_app.domain.following import PlanAlignment, links_left
from hitl_app.domain.hunk import HunkError, apply_hunks
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.ports import Record, Revision
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.replan import edited
from hitl_app.domain.rewards import Rewards
from hitl_app.domain.standing import Stand, consensus, disagree, independent_verdicts, standings
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.exchange.examples.plan_runs import PlanRuns
from hitl_app.exchange.examples.reward_groups import RewardGroups, rewards_of
from hitl_app.exchange.examples.turns import Comparison, Side

T = TypeVar("T")

REJECTED_LATER = "rejected later"
BAD_ON_PURPOSE = "the proposal was bad on purpose, to see who follows it"
DISPUTED = "people decided differently, and nobody settled it yet"
SETTLED_OTHERWISE = "people decided differently, and it was settled otherwise"

Exclusions = Counter[str]
"""How many candidates for an example were left out, by reason."""


@dataclass(frozen=True)
class Judged:
    """A decision that judged a candidate, with both trajectories and what was found about them."""

    entry: LedgerEntry
    base: Trajectory
    base_inspection: Inspection | None
    candidate: Trajectory
    candidate_inspection: Inspection | None


@dataclass(frozen=True)
class Lineage:
    """A recording with its revisions, the decisions on it, and where it stands now.

    Only its decisions are in memory at first: in a large record most lineages have none, and give most exports nothing.

    Attributes:
        entries: All decisions on it in the ledger's order, those that were undone among them.
        plan_runs: The plans of its task, with who carries them out.
        reward_groups: Which trajectories rewards are compared with.
        record: Holds the rest.
    """

    root_id: str
    entries: tuple[LedgerEntry, ...]
    plan_runs: PlanRuns
    reward_groups: RewardGroups
    record: Record

    @cached_property
    def revisions(self) -> Mapping[str, Revision]:
        """The recording and every judged candidate by id, the recording first."""
        return {each.trajectory.id: each for each in self.record.revisions(self.root_id)}

    @cached_property
    def task(self) -> Task:
        """What it was recorded for."""
        return self.record.task(self.revisions[self.root_id].trajectory.task_id)

    @cached_property
    def tools(self) -> tuple[ToolSpec, ...]:
        """What the agent could call; empty where nobody described it."""
        return self.record.tools(self.task)

    @cached_property
    def proposals(self) -> Mapping[str, Proposal]:
        """Proposals that a decision refers to, by id."""
        wanted = {entry.decision.proposal_id for entry in self.entries} - {None}
        bases = sorted({entry.decision.base_id for entry in self.entries if entry.decision.proposal_id})
        return {found.id: found for base in bases for found in self.record.proposals(base) if found.id in wanted}

    @cached_property
    def stand(self) -> Stand:
        """Where everybody's decisions together leave it."""
        return consensus(self.root_id, standings(self.entries))

    @cached_property
    def standing_entries(self) -> tuple[LedgerEntry, ...]:
        """The decisions that were not undone."""
        undone = {entry.decision.undoes for entry in self.entries}
        kinds = (DecisionKind.UNDO,)
        return tuple(e for e in self.entries if e.sequence not in undone and e.decision.kind not in kinds)

    @cached_property
    def agreement(self) -> float | None:
        """Share of those who judged it independently and came to where it stands; None where fewer than two did."""
        verdicts = independent_verdicts(self.entries)
        if len(verdicts) < 2:
            return None
        return sum(verdict.status is self.stand.status for verdict in verdicts.values()) / len(verdicts)

    @cached_property
    def sides(self) -> Mapping[str, Side]:
        """The revisions as chats, by id; each is made when it is first wanted, and once."""
        return {key: Side(each.trajectory, each.inspection) for key, each in self.revisions.items()}

    @cached_property
    def trajectories(self) -> Mapping[str, Trajectory]:
        """The revisions, by id."""
        return {key: each.trajectory for key, each in self.revisions.items()}

    def rewards(self, trajectory_id: str) -> Rewards:
        """What counts of the rewards of one of its revisions, whoever gave them."""
        return rewards_of(self.record, self.revisions[trajectory_id], self.entries, self.trajectories)

    def followed(self, trajectory: Trajectory) -> float | None:
        """How far one of its trajectories follows its plan (c_tau), by the links as people left them."""
        return PlanAlignment.of(trajectory, links_left(trajectory, self.trajectories, self.entries)).c_tau

    def once(self, make: Callable[["Lineage"], T]) -> T:
        """What something makes of it; it is made once, however many tables ask for it."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def compare(self, chosen: Side, rejected: Side) -> Comparison:
        """Two trajectories side by side; the same two are compared once."""
        both = chosen.trajectory.id, rejected.trajectory.id
        if both not in self._comparisons:
            self._comparisons[both] = Comparison(self.task, chosen, rejected)
        return self._comparisons[both]

    def proposed(self, proposal: Proposal) -> Side | None:
        """What a proposal makes of its base, taken whole; None where it does not fit a base of the lineage.

        Where that was judged too, it is that revision with what is known of its execution.
        """
        if proposal.id not in self._proposed:
            self._proposed[proposal.id] = self._apply(proposal)
        return self._proposed[proposal.id]

    @cached_property
    def _made(self) -> dict[object, object]:
        return {}

    @cached_property
    def _comparisons(self) -> dict[tuple[str, str], Comparison]:
        return {}

    @cached_property
    def _proposed(self) -> dict[str, Side | None]:
        return {}

    def _apply(self, proposal: Proposal) -> Side | None:
        base = self.sides.get(proposal.base_id)
        if base is None:
            return None
        of = base.trajectory
        try:
            revised = edited(of, apply_hunks(of.steps, proposal.hunks), proposal.replan)
        except HunkError:
            return None
        made = Side(replace(revised, parent_id=of.id, lineage_root=of.root_id, source=None), None)
        known = (side for side in self.sides.values() if side.done == made.done)
        return next((side for side in known if side.trajectory.plan == made.trajectory.plan), made)

    @cached_property
    def failure_class(self) -> str:
        """The class of failures that somebody put it in, or that it was made for; empty where nobody did."""
        said = said_in(self.entries)
        return said[0] if said is not None else made_for(self.revisions[self.root_id].trajectory)

    @cached_property
    def seeds(self) -> tuple[str, ...]:
        """Ids of the trajectories that it was made after by an expansion."""
        return seeds_of(self.revisions[self.root_id].trajectory)

    @property
    def injected(self) -> tuple[str, ...]:
        """Texts that the task's environment says it injected into what tools return."""
        texts = self.task.spec.get("injections")
        return tuple(text for text in texts.values() if isinstance(text, str)) if isinstance(texts, Mapping) else ()

    def judged(self) -> Iterator[Judged]:
        """The decisions that judged a candidate and were not undone, each with both trajectories."""
        for entry in self.standing_entries:
            decision = entry.decision
            candidate = self.revisions.get(decision.candidate_id or "")
            if candidate is None or decision.base_id not in self.revisions:
                continue
            base = self.revisions[decision.base_id]
            yield Judged(entry, base.trajectory, base.inspection, candidate.trajectory, candidate.inspection)

    def usable(self, excluded: Exclusions) -> Iterator[Judged]:
        """The decisions that may make an example; those that must not are counted."""
        for item in self.judged():
            reason = self._why_unusable(item)
            if reason:
                excluded[reason] += 1
            else:
                yield item

    def _why_unusable(self, item: Judged) -> str:
        decision = item.entry.decision
        if "seed" in decision.detail:
            return BAD_ON_PURPOSE
        if self.stand.status is ReviewStatus.DISPUTED:
            return DISPUTED
        if decision.accepted and self.stand.status is ReviewStatus.REJECTED:
            return REJECTED_LATER
        return SETTLED_OTHERWISE if decision.accepted and self._is_outvoted(item) else ""

    def _is_outvoted(self, item: Judged) -> bool:
        """Whether people disagreed, and it was settled on what was not made from the candidate."""
        if not disagree(self.root_id, independent_verdicts(self.entries)):
            return False
        at: str | None = self.stand.head
        while at is not None and at != item.entry.decision.candidate_id:
            here = self.revisions.get(at)
            at = here.trajectory.parent_id if here is not None else None
        return at is None


def lineages(record: Record) -> Iterator[Lineage]:
    """All lineages in the order of import, one in memory at a time."""
    reward_groups = RewardGroups(record)
    plan_runs = PlanRuns(record)
    for root_id, entries in record.histories():
        yield Lineage(root_id, tuple(entries), plan_runs, reward_groups, record)
