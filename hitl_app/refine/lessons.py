"""Lessons out of what is known: the questions of the judge, the critic and the proposer with good answers to them.

The questions are made by the code that asks models, and every answer is read back by the code that reads theirs: what
does not come back as it was meant is no lesson. So a model that is trained on them can be asked here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hitl_app.domain.arguments import check_value
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Finding, FindingKind, Gradient, GradientSource, Inspection
from hitl_app.domain.jsontypes import Json, JsonObject, canonical, parse_json
from hitl_app.domain.model import AnswerError, ModelRequest, Purpose
from hitl_app.domain.ports import Lesson, Material, Prompts, ProposalRequest
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine import critique, judging
from hitl_app.refine.blame import earliest_cause
from hitl_app.refine.edits import EditError
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.model_answer import SCHEMA, Edits, read_answer
from hitl_app.refine.model_proposer import evolve_messages
from hitl_app.refine.prompting import compact
from hitl_app.refine.written import edits_of_hunks

NOT_READ_BACK = "its answer would not be read as it was meant"
NOT_ASKED = "nothing else was found, so that the critic would not be asked"
NOT_JUDGED = "no requirement was judged that can be said without the verdict or the answer"
LOCKED = "an edit touches steps that the question locks"
REFUSED = "the reader of answers refuses the edits: an unknown tool or argument, or words of somebody else"

_EVIDENCE = 500
"""Characters of an evidence that a judge's answer keeps."""


class PromptLessons:
    """Implements `domain.ports.Lessons` with the prompts that are in use."""

    def __init__(self, prompts: Prompts) -> None:
        self._prompts = prompts

    def judge(self, material: Material) -> Lesson | str:
        """See `Lessons`. Of more than `judging.MOST` requirements the unmet ones go first."""
        trajectory, inspection, judged = material.trajectory, material.inspection, _judged(material)
        if not judged:
            return NOT_JUDGED
        requirements = [finding.expected for finding in judged]
        request = judging.opinion_request(
            self._prompts.get("judge"), material.task, trajectory, inspection.execution, requirements
        )
        verdicts: list[Json] = [
            {"requirement": number, "evidence": _evidence(finding), "steps": finding.steps, "met": finding.met}
            for number, finding in enumerate(judged)
        ]
        blank = replace(inspection, findings=(), gradients=(), earliest_cause=None)

        def reads(value: Json) -> bool:
            read = judging.judged_by(request.purpose, trajectory, blank, requirements, value).findings
            meant = [(f.expected, f.met, () if f.met else tuple(sorted(f.steps))) for f in judged]
            return [(f.description, f.met, f.steps) for f in read] == meant

        return _lesson(request, {"verdicts": verdicts}, reads)

    def critique(self, material: Material, words: Sequence[Gradient]) -> Lesson | str:
        """See `Lessons`. The question shows the environment's gradients, without those that somebody dismissed."""
        base, visible, taught = material.trajectory, _seen_by_critic(material), list(words)[: critique.MOST]
        if not visible.gradients:
            return NOT_ASKED
        prompt = self._prompts.get("critique")
        request = critique.critique_request(prompt, material.task, base, visible, material.tools)

        def reads(value: Json) -> bool:
            answer = value if isinstance(value, Mapping) else {}
            added = critique.with_words(visible, visible, answer, len(base.steps)).gradients[len(visible.gradients) :]
            return sorted(map(_word, added)) == sorted(map(_word, taught))

        return _lesson(request, _critic_answer(taught, visible, material.notes.blame), reads)

    def evolve(self, material: Material, hunks: Sequence[Hunk], steps: Sequence[Step], reasoning: str) -> Lesson | str:
        """See `Lessons`. The question is the first one about the base: nothing was tried, nothing looked up."""
        base, notes = material.trajectory, material.notes
        shown = for_autonomous(notes.guide(for_autonomous(material.inspection)))
        locked = notes.locked(shown)
        if any(hunk.first < locked for hunk in hunks):
            return LOCKED
        asked = ProposalRequest(material.task, base, shown, material.tools, locked, _executes_nothing)
        prompt = self._prompts.get("evolve")
        request = ModelRequest(Purpose.EVOLVE, evolve_messages(prompt, asked), prompt=prompt.label, schema=SCHEMA)
        said: JsonObject = {"reasoning": reasoning} if reasoning else {}

        def reads(value: Json) -> bool:
            read, _ = read_answer(asked, value, may_look_up=True)
            made = evolve(base, read.hunks, "").steps if isinstance(read, Edits) else ()
            return [canonical(step.content) for step in made] == [canonical(step.content) for step in steps]

        try:
            return _lesson(request, {**said, "kind": "edits", "edits": edits_of_hunks(hunks)}, reads)
        except EditError:
            return REFUSED


def _lesson(request: ModelRequest, answer: JsonObject, reads: Callable[[Json], bool]) -> Lesson | str:
    """The lesson, if its answer fits the form and comes back as it was meant."""
    text = compact(answer)
    try:
        value = parse_json(text)
        good = not check_value(request.schema or {}, value) and reads(value)
    except (AnswerError, ValueError):  # ValueError: JSON has no NaN, and is not nested without end
        good = False
    return Lesson(request.prompt, request.messages, text) if good else NOT_READ_BACK


async def _executes_nothing(trajectory: Trajectory) -> Inspection:
    raise NotImplementedError("a lesson is made of what is known: nothing is executed for it")


def _judged(material: Material) -> list[Finding]:
    """Findings on requirements whose text says neither the verdict nor the answer, and that nobody contested.

    Environments word a finding by its verdict; only where the requirement itself stands in `expected`, and begins or
    ends the wording, is it known to be worded alike whatever the verdict.
    """
    inspection, dismissed = material.inspection, material.notes.dismissed
    contested = {gradient.constraint_id for gradient in inspection.gradients if gradient.id in dismissed}
    found = {
        finding.expected: finding
        for finding in judging.without_judgement(inspection.findings)
        if finding.kind is not FindingKind.SOFT
        and not finding.reveals_answer
        and finding.id not in contested
        and finding.expected
        and finding.expected in finding.description
    }
    chosen = sorted(found.values(), key=lambda finding: finding.met)[: judging.MOST]
    return [finding for finding in found.values() if finding in chosen]


def _evidence(finding: Finding) -> str:
    seen = "; ".join(filter(None, (finding.observed, finding.evidence)))
    return seen[:_EVIDENCE]


def _seen_by_critic(material: Material) -> Inspection:
    """The inspection as the critic is shown it: before a model or a person said anything of it."""
    inspection, said = material.inspection, (GradientSource.MODEL, GradientSource.HUMAN)
    dismissed = material.notes.dismissed
    found = tuple(g for g in inspection.gradients if g.source not in said and g.id not in dismissed)
    cause = earliest_cause(inspection.execution, inspection.findings, inspection.dependencies)
    return for_autonomous(replace(inspection, gradients=found, earliest_cause=cause))


def _critic_answer(words: Sequence[Gradient], visible: Inspection, blame: int | None) -> JsonObject:
    """The words as notes on gradients of the question where they are about one of them, else as further ones."""
    known = {_about(gradient): gradient.id for gradient in visible.gradients}
    notes: list[Json] = []
    further: list[Json] = []
    for word in words:
        said: JsonObject = {
            "critique": word.critique,
            "suggestion": word.suggested_edit,
            "confidence": word.confidence,
        }
        if _about(word) in known:
            notes.append({"gradient": known[_about(word)], **said})
        else:
            where: JsonObject = {"component": word.component, "step": word.step_index, "evidence": word.evidence}
            further.append({**where, **said})
    cause = visible.earliest_cause if blame is None else blame
    return {"notes": notes, "further": further, "earliest_cause": cause}


def _about(gradient: Gradient) -> tuple[Json, ...]:
    return gradient.component, gradient.step_index, gradient.constraint_id, gradient.evidence


def _word(gradient: Gradient) -> str:
    """What is compared of a word that was read back."""
    return canonical([gradient.component, gradient.step_index, gradient.critique, gradient.suggested_edit])
