"""A trajectory opened for review: everything that a face shows of it, loaded at once."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.codec import get_int, get_optional_int, get_str
from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.following import PlanAlignment
from hitl_app.domain.inspection import Dependency, Gradient, Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import QueueRow
from hitl_app.domain.outcome import Disagreement, disagreements
from hitl_app.domain.ports import Revision
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.standing import Standing
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory

AUTHOR = "annotator"
"""Field of a draft that says whose it is."""

SEED = "seed"
"""Field of a decision's detail that says what became of a proposal that was bad on purpose."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What one annotator said of one trajectory; undone decisions do not count.

    Attributes:
        has_judged: They marked the blame before a proposal was shown.
        judged_blame: The step that they blamed last; None where they found nothing wrong, or have not judged.
        ratings: Their newest answer to each item of the rubric, by its id.
        tested: Proposals that were bad on purpose and that they decided on.
    """

    has_judged: bool = False
    judged_blame: int | None = None
    ratings: Mapping[str, int] = field(default_factory=dict)
    tested: frozenset[str] = frozenset()

    @classmethod
    def of(cls, annotator: str, trajectory_id: str, entries: Iterable[LedgerEntry]) -> "OwnWords":
        """Collect from ledger entries in their order."""
        listed = list(entries)
        undone = {entry.decision.undoes for entry in listed}
        ratings: dict[str, int] = {}
        tested: set[str] = set()
        judgement: LedgerEntry | None = None
        for entry in listed:
            decision = entry.decision
            if (decision.annotator, decision.base_id) != (annotator, trajectory_id) or entry.sequence in undone:
                continue
            if decision.kind is DecisionKind.JUDGE:
                judgement = entry
            elif decision.kind is DecisionKind.RATE:
                ratings[get_str(decision.detail, "item")] = get_int(decision.detail, "value")
            elif SEED in decision.detail and decision.proposal_id is not None:
                tested.add(decision.proposal_id)
        blame = None if judgement is None else get_optional_int(judgement.decision.detail, "blame")
        return cls(judgement is not None, blame, ratings, frozenset(tested))


@dataclass(frozen=True)
class Opened:
    """One trajectory of a lineage with its task, inspection and history.

    Attributes:
        own: What the annotator who opened it said of it.
        standings: Where people left the lineage; empty where what others decided is hidden.
        links: What people say that its steps carry out of its plan, those of revisions before it included
            (`following.links_left`).
        blind: What others decided is not here, and names of models, authors and files are empty. Proposals keep the
            name of who proposed them, because their id and the candidates made of them carry it: no face shows it.
    """

    row: QueueRow
    task: Task
    trajectory: Trajectory
    inspection: Inspection | None
    annotations: Annotations
    proposals: tuple[Proposal, ...]
    revisions: tuple[Revision, ...]
    tools: tuple[ToolSpec, ...]
    draft: JsonObject | None = None
    own: OwnWords = OwnWords()
    standings: tuple[Standing, ...] = ()
    links: Mapping[int, int | None] = field(default_factory=dict)
    blind: bool = False

    @property
    def has_judged(self) -> bool:
        """Whether the annotator marked the blame before a proposal was shown."""
        return self.own.has_judged

    @property
    def good_as_it_is(self) -> bool:
        """Whether it can be approved without a change: it is verified, or a plan alone."""
        return self.trajectory.plan_alone or (self.inspection is not None and self.inspection.verified is True)

    @property
    def judged_blame(self) -> int | None:
        """The step that the annotator blamed then; None where they found nothing wrong, or have not judged."""
        return self.own.judged_blame

    @property
    def ratings(self) -> Mapping[str, int]:
        """The annotator's newest answer to each item of the rubric, by its id."""
        return self.own.ratings

    @cached_property
    def gradients(self) -> tuple[Gradient, ...]:
        """Gradients to show: people's own first, each once, without the dismissed ones.

        A constraint that was added at VERIFY is in the ledger and in the inspection.
        """
        found = self.inspection.gradients if self.inspection else ()
        known = {gradient.id: gradient for gradient in (*self.annotations.added, *found)}
        return tuple(g for g in known.values() if g.id not in self.annotations.dismissed)

    @cached_property
    def alignment(self) -> PlanAlignment:
        """Which steps carry out the plan, with the links as people left them."""
        return PlanAlignment.of(self.trajectory, self.links)

    def aligned(self) -> "Opened":
        """It with its alignment computed: that can take a tenth of a second, which no window may wait for."""
        _ = self.alignment
        return self

    @property
    def undecided(self) -> tuple[Proposal, ...]:
        """Proposals, newest first, of which no candidate was judged yet, be it by a run's rules.

        One that was bad on purpose is undecided for each annotator until they decide on it.
        """
        judged = {revision.entry.decision.proposal_id for revision in self.revisions if revision.entry is not None}
        return tuple(p for p in self.proposals if p.id not in judged and p.id not in self.own.tested)

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Where the recording's own benchmark and the inspection of that recording differ."""
        source = self.trajectory.source
        return disagreements(source.outcome, self.inspection) if source and self.inspection else ()

    def builds_on(self, step: int) -> tuple[Dependency, ...]:
        """What a step depends on."""
        return tuple(d for d in self._dependencies if d.step == step)

    def used_by(self, step: int) -> tuple[Dependency, ...]:
        """What depends on a step."""
        return tuple(d for d in self._dependencies if d.on == step)

    @property
    def _dependencies(self) -> tuple[Dependency, ...]:
        return self.inspection.dependencies if self.inspection else ()

    @property
    def earliest_cause(self) -> int | None:
        """The blamed step: where a person moved it, else where the inspection put it."""
        if self.annotations.blame is not None:
            return self.annotations.blame
        return self.inspection.earliest_cause if self.inspection else None

    @property
    def locked(self) -> int:
        """Length of the validated prefix: up to the step that a person blamed; all steps where all is verified."""
        if self.annotations.blame is not None:
            return self.annotations.blame
        if self.inspection is None:
            return 0
        return len(self.trajectory.steps) if self.inspection.verified else self.inspection.validated


def tested_in(entries: Iterable[LedgerEntry]) -> frozenset[str]:
    """Candidates that came of nothing but proposals that were bad on purpose."""
    judged = [entry.decision for entry in entries if entry.decision.candidate_id is not None]
    honest = {decision.candidate_id for decision in judged if SEED not in decision.detail}
    return frozenset(d.candidate_id for d in judged if d.candidate_id is not None and d.candidate_id not in honest)


def without(revisions: Iterable[Revision], hidden: Container[str]) -> tuple[Revision, ...]:
    """The other revisions, counted anew."""
    kept = (revision for revision in revisions if revision.trajectory.id not in hidden)
    return tuple(replace(revision, number=number) for number, revision in enumerate(kept))
