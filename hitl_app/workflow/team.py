"""The team: how everybody reviews, who looks at what, how far people agree, and gold items."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.library import ChangeSet, Kind
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.query import parse_query
from hitl_app.domain.team import Assignment, GoldItem, ReviewPolicy
from hitl_app.workflow.agreement import Agreement, Answers, Scale, Unit, measure
from hitl_app.workflow.answers import LineageAnswers, answers_of
from hitl_app.workflow.assigning import AssignmentPlan, plan
from hitl_app.workflow.gold import GoldScore, check_verdict, score, settled_verdict
from hitl_app.workflow.threads import Threads

POLICY = "review_policy"
"""Name of the preference that holds how everybody reviews."""

TEAM: ChangeSet = frozenset({Kind.TEAM})

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Dispute:
    """A lineage on which people came to different verdicts, each for themselves.

    Attributes:
        status: Where it stands now: `disputed` until somebody settles it.
        verdicts: Pairs of annotator and verdict.
    """

    root_id: str
    title: str
    status: ReviewStatus
    verdicts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """How far people agree.

    Attributes:
        questions: The verdict, the blame, then each item of the rubric that was answered.
        disputes: Different verdicts, settled or not.
    """

    questions: tuple[Agreement, ...]
    disputes: tuple[Dispute, ...]


class Team:
    """Use cases of several annotators at one store."""

    def __init__(self, store: Store, threads: Threads, clock: Clock) -> None:
        self._store = store
        self._threads = threads
        self._clock = clock

    async def policy(self) -> ReviewPolicy:
        """How everybody reviews in this store."""
        kept = await self._threads.database(self._store.preference, POLICY) or {}
        return ReviewPolicy(blind=kept.get("blind") is True, judge_first=kept.get("judge_first") is True)

    async def set_policy(self, policy: ReviewPolicy) -> ChangeSet:
        """Change how everybody reviews from now on; what was decided stays as it was decided."""
        value = {"blind": policy.blind, "judge_first": policy.judge_first}
        await self._threads.database(self._store.set_preference, POLICY, value)
        return TEAM

    async def annotators(self) -> tuple[str, ...]:
        """Everybody who decided or was assigned anything."""
        return await self._threads.database(self._store.annotators)

    async def assignments(self, annotator: str = "") -> list[Assignment]:
        """What one person or everybody is assigned."""
        return await self._threads.database(lambda: list(self._store.assignments(annotator)))

    async def plan_assignment(
        self,
        query: str,
        annotators: Sequence[str],
        *,
        per_item: int = 1,
        overlap: float = 0.0,
        overlap_by: int = 2,
        seed: int = 0,
    ) -> AssignmentPlan:
        """What an assignment of the lineages that fit a query would do; see `assigning.plan`. Changes nothing."""
        roots = await self._roots(query)
        wanted = set(roots)
        assigned: dict[str, list[str]] = {}
        for each in await self.assignments():
            if each.root_id in wanted:
                assigned.setdefault(each.root_id, []).append(each.annotator)

        def make() -> AssignmentPlan:
            return plan(
                roots, annotators, assigned, per_item=per_item, overlap=overlap, overlap_by=overlap_by, seed=seed
            )

        return await self._threads.background(make)

    async def assign(self, planned: AssignmentPlan) -> tuple[int, ChangeSet]:
        """Do what was planned; the answer is how many assignments are new."""
        now = self._clock.now()
        made = [Assignment(root, name, now) for root, name in planned.pairs]
        return await self._threads.database(self._store.assign, made), TEAM

    async def unassign(self, query: str, annotator: str) -> tuple[int, ChangeSet]:
        """Take assignments of the lineages that fit a query back; the answer is how many there were."""
        roots = await self._roots(query)
        return await self._threads.database(self._store.unassign, roots, annotator), TEAM

    async def agreement(self, query: str = "") -> AgreementReport:
        """How far people agree on lineages that at least two of them decided on."""
        wanted = set(await self._roots(query)) if query.strip() else None
        verdicts: dict[Unit, Answers] = {}
        blames: dict[Unit, Answers] = {}
        ratings: dict[str, dict[Unit, Answers]] = {}
        async for root_id, answers in self._answered(lambda: self._of_several(wanted)):
            verdicts[root_id, ""] = answers.verdicts
            blames[root_id, ""] = answers.blames
            for item, parts in answers.ratings.items():
                ratings.setdefault(item, {}).update({(root_id, part): given for part, given in parts.items()})

        def report() -> tuple[Agreement, ...]:
            return (
                measure("verdict", Scale.NOMINAL, verdicts),
                measure("blame", Scale.NOMINAL, blames),
                *(measure(f"rating {item}", Scale.INTERVAL, ratings[item]) for item in sorted(ratings)),
            )

        questions = await self._threads.background(report)
        return AgreementReport(questions, await self._threads.database(self._disputes, questions[0]))

    async def gold(self) -> tuple[GoldItem, ...]:
        """All gold items."""
        return await self._threads.database(self._store.gold)

    async def add_gold(
        self, prefix: str, verdict: str, annotator: str, *, blame: int | None = None, note: str = ""
    ) -> tuple[GoldItem, ChangeSet]:
        """Say what the right decision on a lineage is, in the place of what was said before.

        Raises:
            UserError: There is no such verdict, or the recording has no such step.
        """
        check_verdict(verdict)
        return await self._threads.database(self._add_gold, prefix, verdict, blame, note, annotator), TEAM

    def _add_gold(self, prefix: str, verdict: str, blame: int | None, note: str, annotator: str) -> GoldItem:
        trajectory = self._store.trajectory(self._store.resolve(prefix))
        root = self._store.trajectory(trajectory.root_id)
        if blame is not None and not 0 <= blame < len(root.steps):
            raise UserError(f"there is no step {blame}: the recording has steps 0 to {len(root.steps) - 1}")
        item = GoldItem(root.id, verdict, blame, note, annotator, self._clock.now())
        self._store.set_gold([item])
        return item

    async def gold_from_consensus(
        self, query: str, annotator: str, note: str = ""
    ) -> tuple[tuple[GoldItem, ...], ChangeSet]:
        """Make what stands for everybody the gold verdict of all settled lineages that fit a query."""
        return await self._threads.database(self._gold_from_consensus, query, annotator, note), TEAM

    def _gold_from_consensus(self, query: str, annotator: str, note: str) -> tuple[GoldItem, ...]:
        now = self._clock.now()
        rows = (self._store.row(root_id) for root_id in list(self._store.root_ids(parse_query(query))))
        settled = ((row.root_id, settled_verdict(row)) for row in rows)
        items = tuple(
            GoldItem(root_id, verdict, None, note, annotator, now)
            for root_id, verdict in settled
            if verdict is not None
        )
        self._store.set_gold(items)
        return items

    async def remove_gold(self, query: str) -> tuple[int, ChangeSet]:
        """Forget the gold items of lineages that fit a query; the answer is how many there were."""
        roots = await self._roots(query)
        return await self._threads.database(self._store.remove_gold, roots), TEAM

    async def remove_gold_of(self, root_ids: Sequence[str]) -> tuple[int, ChangeSet]:
        """Forget the gold items of these lineages; the answer is how many there were."""
        return await self._threads.database(self._store.remove_gold, root_ids), TEAM

    async def gold_report(self) -> tuple[GoldScore, ...]:
        """How often each annotator came to the gold decision by themselves."""
        items = {item.root_id: item for item in await self.gold()}
        return score([(items[root], answers) async for root, answers in self._answered(lambda: iter(items))])

    async def _roots(self, query: str) -> list[str]:
        terms = parse_query(query)
        return await self._threads.database(lambda: list(self._store.root_ids(terms)))

    def _of_several(self, wanted: set[str] | None) -> Iterator[str]:
        for root_id, found in self._store.all_standings():
            if len(found) > 1 and (wanted is None or root_id in wanted):
                yield root_id

    async def _answered(self, roots: Callable[[], Iterator[str]]) -> AsyncIterator[tuple[str, LineageAnswers]]:
        """What people answered of each lineage, a page of them at a time, so that others get their turn."""

        def page(source: Iterator[str]) -> list[tuple[str, LineageAnswers]]:
            return [(root, self._answers(root)) for root in islice(source, _PAGE)]

        source = await self._threads.database(lambda: iter(list(roots())))
        while found := await self._threads.database(page, source):
            for each in found:
                yield each

    def _answers(self, root_id: str) -> LineageAnswers:
        return answers_of(root_id, list(self._store.entries(root_id)), self._gradient_step)

    def _gradient_step(self, trajectory_id: str, gradient_id: str) -> int | None:
        inspection = self._store.inspection(trajectory_id)
        known = inspection.gradients if inspection is not None else ()
        return next((gradient.step_index for gradient in known if gradient.id == gradient_id), None)

    def _disputes(self, verdicts: Agreement) -> tuple[Dispute, ...]:
        rows = [(self._store.row(each.root_id), each) for each in verdicts.disagreements]
        return tuple(
            Dispute(row.root_id, row.title, row.status, tuple((name, str(said)) for name, said in each.answers))
            for row, each in rows
        )
