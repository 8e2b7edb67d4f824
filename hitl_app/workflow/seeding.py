"""Seeded bad proposals: put before annotators among good ones, to see whether they follow what a machine proposes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hitl_app.domain.errors import EnvironmentUnavailableError, UserError
from hitl_app.domain.jsontypes import content_hash
from hitl_app.domain.library import ChangeSet, Kind
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.query import parse_query
from hitl_app.domain.team import Seed, SeedKind
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.accept import Rule
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.repair import NAME, Repairer
from hitl_app.refine.spoil import HARM, NO_USE, Misleading, smuggled
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.threads import Threads

MAX_EXECUTIONS = 120
"""Candidates to execute for one bad proposal."""

_VARIANTS = 12
"""Hunks to try to smuggle into one repair."""

_RULES = {SeedKind.HARMFUL: HARM, SeedKind.USELESS: NO_USE, SeedKind.SMUGGLED: frozenset({Rule.IMPROVES})}
"""What the rule of acceptance must answer to each kind."""


class Skipped(StrEnum):
    """Why a lineage got no bad proposal."""

    DECIDED = "decided"
    """Somebody gave a verdict on it."""
    SEEDED = "seeded"
    """It has one."""
    NOTHING_TO_REPAIR = "nothing_to_repair"
    """It is verified or cannot be judged: nobody would propose anything."""
    NOT_EXECUTABLE = "not_executable"
    """Its environment is not installed, or cannot execute the task."""
    NONE_FOUND = "none_found"
    """The search found none that is bad in the wanted way."""


@dataclass(frozen=True, slots=True)
class SeedingReport:
    """What was seeded, and for how many lineages that were looked at nothing was, by reason."""

    seeds: tuple[Seed, ...]
    skipped: Mapping[Skipped, int]


class Seeding:
    """Makes bad proposals by executing candidates, and keeps them marked where no annotator sees it."""

    def __init__(self, store: Store, threads: Threads, clock: Clock, refinement: Refinement) -> None:
        self._store = store
        self._threads = threads
        self._clock = clock
        self._refinement = refinement

    async def seeds(self) -> tuple[Seed, ...]:
        """All seeds, oldest first: for whoever leads the team, not for annotators."""
        return await self._threads.database(self._store.seeds)

    async def add(
        self,
        query: str,
        count: int,
        *,
        kinds: Sequence[SeedKind] = tuple(SeedKind),
        seed: int = 0,
        progress: Callable[[int, int], None] = lambda done, of: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[SeedingReport, ChangeSet]:
        """Put bad proposals on lineages that fit a query and that nobody gave a verdict on, one on each.

        Which lineages, and what is bad, follows from the seed and their content. The kinds come in turns; where a
        lineage yields none of the kind whose turn it is, the next one is tried.

        Args:
            query: Where to put them.
            count: How many; fewer come where the lineages yield no more.
            kinds: How they are to be bad.
            seed: Another seed chooses others.
            progress: Told after each lineage how many proposals of how many there are.
            cancelled: Asked between lineages; what is there by then stays.
        """
        if not kinds:
            raise UserError(f"say how the proposals are to be bad: {', '.join(SeedKind)}")
        terms = parse_query(query)
        roots = await self._threads.database(lambda: list(self._store.root_ids(terms)))
        made: list[Seed] = []
        skipped: Counter[Skipped] = Counter()
        for root_id in sorted(roots, key=lambda root: content_hash([seed, root])):
            if len(made) >= count or cancelled():
                break
            had = Counter(each.kind for each in made)
            found = await self._seed_one(root_id, sorted(kinds, key=lambda kind: had[kind]), seed)
            if isinstance(found, Seed):
                made.append(found)
            else:
                skipped[found] += 1
            progress(len(made), count)
        return SeedingReport(tuple(made), dict(skipped)), frozenset({Kind.TEAM, Kind.PROPOSAL, Kind.INSPECTION})

    async def _seed_one(self, root_id: str, kinds: Sequence[SeedKind], seed: int) -> Seed | Skipped:
        hindrance, base_id = await self._threads.database(self._look_at, root_id)
        if hindrance is not None:
            return hindrance
        try:
            inspected, _ = await self._refinement.inspect(base_id)
            if inspected.inspection.verified is not False:
                return Skipped.NOTHING_TO_REPAIR
            for kind in kinds:
                found = await self._make(inspected.trajectory, kind, f"{seed} {kind}")
                if found is not None:
                    proposal, bad = found
                    planted = Seed(proposal.id, root_id, kind, bad, self._clock.now())
                    return await self._threads.database(self._save, proposal, planted)
        except EnvironmentUnavailableError:
            return Skipped.NOT_EXECUTABLE
        return Skipped.NONE_FOUND

    async def _make(self, base: Trajectory, kind: SeedKind, seed: str) -> tuple[Proposal, tuple[int, ...]] | None:
        if kind is SeedKind.SMUGGLED:
            return await self._smuggle(base, seed)
        proposer = Misleading(_RULES[kind], seed)
        proposal, _ = await self._refinement.propose(base.id, proposer, max_executions=MAX_EXECUTIONS, keep=False)
        if not proposal.hunks:
            return None
        candidate = await self._refinement.try_candidate(base.id, proposal.hunks, NAME)
        if candidate.acceptance.rule not in _RULES[kind]:
            return None
        return proposal, tuple(range(len(proposal.hunks)))

    async def _smuggle(self, base: Trajectory, seed: str) -> tuple[Proposal, tuple[int, ...]] | None:
        """A real repair with one hunk more, which the rule does not see: what is measured is as good as without it."""
        repair, _ = await self._refinement.propose(base.id, Repairer(), max_executions=MAX_EXECUTIONS, keep=False)
        if not repair.hunks:
            return None
        good = await self._refinement.try_candidate(base.id, repair.hunks, NAME)
        variants = smuggled(base, repair.hunks, for_autonomous(good.before), seed)
        for _, (hunks, bad) in zip(range(_VARIANTS), variants, strict=False):
            candidate = await self._refinement.try_candidate(base.id, hunks, NAME)
            unseen = candidate.inspection.losses.rank[:3] == good.inspection.losses.rank[:3]
            if unseen and candidate.acceptance.rule in _RULES[SeedKind.SMUGGLED]:
                return replace(repair, hunks=hunks, losses=candidate.inspection.losses), (bad,)
        return None

    def _look_at(self, root_id: str) -> tuple[Skipped | None, str]:
        """What keeps a bad proposal off a lineage, and the lineage's head."""
        if any(standing.is_verdict for standing in self._store.standings(root_id).values()):
            return Skipped.DECIDED, ""
        if any(each.root_id == root_id for each in self._store.seeds()):
            return Skipped.SEEDED, ""
        return None, self._store.row(root_id).head_id

    def _save(self, proposal: Proposal, planted: Seed) -> Seed | Skipped:
        """Keep it, if nobody decided in the meantime and nobody proposed the same in good faith."""
        hindrance, _ = self._look_at(planted.root_id)
        if hindrance is not None:
            return hindrance
        if any(known.id == proposal.id for known in self._store.proposals(proposal.base_id)):
            return Skipped.NONE_FOUND
        self._store.save_seed(proposal, planted)
        return planted
