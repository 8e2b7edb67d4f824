"""Lessons for the models that this product asks: trajectory to verdicts and gradients, and from there to a revision."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.diff import diff_steps
from hitl_app.domain.hunk import Hunk, HunkError, apply_hunks
from hitl_app.domain.inspection import Gradient, GradientSource, Inspection
from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.ports import Lesson, Lessons, Material
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.exchange.examples.example import Example, Provenance, provenance_of, reveals_answer, undecided, verified
from hitl_app.exchange.examples.lineage import Exclusions, Judged, Lineage
from hitl_app.exchange.examples.turns import bare

HIDDEN = "a gradient reveals the gold answer: it is in no lesson"


@dataclass(frozen=True, kw_only=True)
class TaughtQuestion(Example):
    """A question as a model is asked it here, with a good answer."""

    lesson: Lesson

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two lessons one."""
        return (canonical([message.to_json() for message in self.lesson.question]), self.lesson.answer)


class TaughtQuestions:
    """Examples for each model that is asked; `lessons` words the questions and the answers."""

    def __init__(self, lessons: Lessons) -> None:
        self._lessons = lessons

    def judge(self, lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[TaughtQuestion]:
        """What the environment judged of each trajectory."""
        for material in _materials(lineage):
            lesson = self._lessons.judge(material)
            yield from _taught(lesson, _undecided(lineage, material, "judge"), excluded)

    def critique(self, lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[TaughtQuestion]:
        """What people said of each trajectory, and what models said of it and somebody or a repair bore out."""
        for material in _materials(lineage):
            words = _words(lineage, material)
            if hidden := sum(gradient.reveals_answer for gradient in (*words, *material.inspection.gradients)):
                excluded[HIDDEN] += hidden
            shown = [gradient for gradient in words if not gradient.reveals_answer]
            if shown:
                of = replace(
                    _undecided(lineage, material, "critique"),
                    gradients=tuple(gradient.critique for gradient in shown),
                    human=any(_is_of_a_person(gradient, material.notes) for gradient in shown),
                    reveals_answer=reveals_answer(material.inspection),
                )
                yield from _taught(self._lessons.critique(material, shown), of, excluded)

    def evolve(self, lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[TaughtQuestion]:
        """What was accepted instead of each trajectory."""
        for item in lineage.usable(excluded):
            base, inspection, candidate = item.base, item.base_inspection, item.candidate
            if not item.entry.decision.accepted or candidate.id == base.id or inspection is None:
                continue
            open_to_all = {gradient.critique for gradient in inspection.gradients if not gradient.reveals_answer}
            of = provenance_of(lineage, item, "evolve")
            of = replace(of, gradients=tuple(critique for critique in of.gradients if critique in open_to_all))
            said = of.reason if of.human and not of.reveals_answer else ""
            material = _material(lineage, base, inspection)
            lesson = self._lessons.evolve(material, _hunks(lineage, item), candidate.steps, said)
            yield from _taught(lesson, of, excluded)


def _taught(lesson: Lesson | str, of: Provenance, excluded: Exclusions) -> Iterator[TaughtQuestion]:
    if isinstance(lesson, str):
        excluded[f"{of.id.partition('-')[2]}: {lesson}"] += 1
    else:
        yield TaughtQuestion(provenance=of, lesson=lesson)


def _materials(lineage: Lineage) -> Iterator[Material]:
    for revision in lineage.revisions.values():
        if revision.inspection is not None:
            yield _material(lineage, revision.trajectory, revision.inspection)


def _material(lineage: Lineage, of: Trajectory, inspection: Inspection) -> Material:
    return Material(lineage.task, lineage.tools, of, inspection, Annotations.of(of.id, lineage.entries))


def _undecided(lineage: Lineage, material: Material, kind: str) -> Provenance:
    of = undecided(lineage, material.trajectory, kind)
    return replace(of, verified=verified(material.inspection), agreement=lineage.agreement, shows_good=False)


def _words(lineage: Lineage, material: Material) -> list[Gradient]:
    """Gradients of people, and those of models that a person confirmed or that accepted edits answer."""
    notes, gradients = material.notes, material.inspection.gradients
    borne_out = notes.confirmed | {
        identity
        for item in lineage.usable(Counter())
        if item.entry.decision.accepted and item.base.id == material.trajectory.id
        for hunk in _kept(lineage, item)
        for identity in hunk.gradient_ids
    }
    people = [gradient for gradient in gradients if gradient.source is GradientSource.HUMAN]
    models = [g for g in gradients if g.source is GradientSource.MODEL and g.id in borne_out]
    found = {gradient.id: gradient for gradient in (*notes.added, *people, *models)}
    return [gradient for gradient in found.values() if gradient.id not in notes.dismissed]


def _is_of_a_person(gradient: Gradient, notes: Annotations) -> bool:
    return gradient.source is GradientSource.HUMAN or gradient.id in notes.confirmed


def _hunks(lineage: Lineage, item: Judged) -> tuple[Hunk, ...]:
    """What was kept of the proposal, where the candidate is just that; else how base and candidate differ."""
    kept = _kept(lineage, item)
    try:
        made = apply_hunks(item.base.steps, kept).steps
    except HunkError:
        made = ()
    if _done(made) == _done(item.candidate.steps):
        return kept
    return diff_steps(bare(item.base.steps), bare(item.candidate.steps))


def _kept(lineage: Lineage, item: Judged) -> tuple[Hunk, ...]:
    proposal = lineage.proposals.get(item.entry.decision.proposal_id or "")
    hunks = proposal.hunks if proposal is not None else ()
    return tuple(hunks[number] for number in item.entry.decision.kept_hunks if number < len(hunks))


def _done(steps: Sequence[Step]) -> list[str]:
    return [canonical(step.content) for step in steps]
