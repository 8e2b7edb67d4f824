"""Lessons for a judge, a critic and a proposer: the very questions of this product, with answers that it reads."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from answering import Answering, shipped
from decisions import Decisions, by, judged, replaced, revise
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.codec import gradient_to_json
from hitl_app.domain.decision import GENESIS, Decision, DecisionKind, LedgerEntry, entry_hash
from hitl_app.domain.diff import diff_steps
from hitl_app.domain.hunk import Hunk, Operator, apply_hunks
from hitl_app.domain.inspection import Gradient, GradientSource, Inspection
from hitl_app.domain.jsontypes import Json, JsonObject, canonical, parse_json
from hitl_app.domain.loss import Component
from hitl_app.domain.model import ModelRequest
from hitl_app.domain.ports import Lesson, ProposalRequest, Revision
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Step, Trajectory, action, message
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.exchange.conversation import message as said_by
from hitl_app.exchange.examples.critic import HIDDEN, TaughtQuestions
from hitl_app.exchange.examples.lineage import Exclusions, Judged, Lineage, lineages
from hitl_app.exchange.exporters import critic
from hitl_app.llm.structured import read
from hitl_app.refine.critique import ModelCritic
from hitl_app.refine.edits import hunks_of_edits
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.inspect import inspect
from hitl_app.refine.judging import ModelJudge
from hitl_app.refine.lessons import LOCKED, NOT_ASKED, REFUSED, PromptLessons
from hitl_app.refine.model_proposer import ModelProposer
from hitl_app.refine.written import edits_of_hunks

PROMPTS = shipped()
TAUGHT = TaughtQuestions(PromptLessons(PROMPTS))
SETTINGS = ExportSettings()
ENVIRONMENT = TravelEnvironment()
RUN = list(sample_runs(2, 3))[1]
TASK, BASE = RUN.task, RUN.trajectory
FOUND = inspect(ENVIRONMENT, TASK, BASE)
TOOLS = ENVIRONMENT.describe_tools(TASK)
CAUSE = FOUND.earliest_cause or 0
OWN = Gradient(
    GradientSource.HUMAN, Component.GOAL, "It never asks for the times.", step_index=CAUSE, suggested_edit="Ask first."
)


class OneLineage(Decisions):
    """A record of the travel run with revisions and decisions."""

    def __init__(
        self,
        inspection: Inspection,
        decided: Sequence[Judged],
        entries: Sequence[LedgerEntry],
        proposals: Sequence[Proposal] = (),
    ) -> None:
        super().__init__((), (TASK,), proposals)
        made = [Revision(1, item.candidate, item.candidate_inspection, None) for item in decided]
        self._known = (Revision(0, BASE, inspection, None), *made)
        self._listed = (*entries, *(item.entry for item in decided))

    def tools(self, task: Task) -> tuple[ToolSpec, ...]:
        return TOOLS

    def root_ids(self) -> Iterator[str]:
        return iter((BASE.id,))

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        return iter(self._listed)

    def revisions(self, root_id: str) -> tuple[Revision, ...]:
        return self._known


def lineage(
    *entries: LedgerEntry,
    inspection: Inspection = FOUND,
    decided: Sequence[Judged] = (),
    proposal: Proposal | None = None,
) -> Lineage:
    return next(lineages(OneLineage(inspection, decided, entries, () if proposal is None else (proposal,))))


def said(kind: DecisionKind, detail: JsonObject) -> LedgerEntry:
    decision = Decision(kind, BASE.id, BASE.id, "ann", "", "2026-01-31T11:00:00.000000+00:00", detail=detail)
    return LedgerEntry(9, decision, GENESIS, entry_hash(9, decision.payload(), GENESIS))


def added(gradient: Gradient) -> LedgerEntry:
    return said(DecisionKind.ADD_GRADIENT, {"gradient": gradient_to_json(gradient)})


def accepted(candidate: Trajectory, proposal: Proposal | None = None) -> Judged:
    item = judged(BASE, candidate, proposal=proposal)
    return replace(item, base_inspection=FOUND)


def edited(value: str = "2026-01-01") -> tuple[Trajectory, Hunk]:
    """A candidate with another argument at the earliest cause."""
    old = BASE.steps[CAUSE]
    name = next(name for name, value in old.arguments.items() if isinstance(value, str))
    new = replace(old, arguments={**old.arguments, name: value}, expected=None)
    hunk = Hunk(Operator.SET_ARGUMENT, CAUSE, CAUSE + 1, (old,), (new,), gradient_ids=(FOUND.gradients[0].id,))
    return evolve(BASE, [hunk], "ann"), hunk


def asked(model: Answering, lesson: Lesson) -> ModelRequest:
    """The request that was answered last; it is the lesson's question, word for word."""
    request = model.requests[-1]
    assert (request.messages, request.prompt) == (lesson.question, lesson.prompt)
    assert not read(request, {"text": lesson.answer}).problem
    return request


def test_the_judge_is_asked_the_lessons_question_and_its_answer_gives_the_environments_gradients() -> None:
    (taught,) = TAUGHT.judge(lineage(), SETTINGS, Exclusions())
    requirements: list[Json] = re.findall(r"requirement \d+\n\| (.*)", taught.lesson.question[1].text)
    model = Answering(
        lambda request: (
            {"requirements": requirements}
            if request.prompt.startswith("requirements/")
            else parse_json(taught.lesson.answer)
        )
    )
    blank = replace(FOUND, findings=(), gradients=(), earliest_cause=None)
    result = asyncio.run(ModelJudge(model, PROMPTS).judge(TASK, BASE, blank))
    asked(model, taught.lesson)
    unmet = [finding for finding in FOUND.unmet if finding.expected in requirements]
    assert unmet
    assert [(g.critique, g.step_index) for g in result.gradients if g.constraint_id] == [
        (finding.expected, min(finding.steps, default=None)) for finding in unmet
    ]
    assert not any(finding.observed in str(requirements) for finding in unmet)


def test_the_critic_is_asked_the_lessons_question_and_its_answer_gives_peoples_gradients() -> None:
    about = FOUND.gradients[0]
    note = replace(about, source=GradientSource.MODEL, critique="Booked before looking.", suggested_edit="Look first.")
    confirmed = said(DecisionKind.CONFIRM_BLAME, {"gradient_id": note.id})
    known = replace(FOUND, gradients=(*FOUND.gradients, note))
    (taught,) = TAUGHT.critique(lineage(added(OWN), confirmed, inspection=known), SETTINGS, Exclusions())
    assert taught.provenance.human
    model = Answering(lambda _: parse_json(taught.lesson.answer))
    result = asyncio.run(ModelCritic(model, PROMPTS).critique(TASK, BASE, FOUND, lambda _: None, TOOLS))
    asked(model, taught.lesson)
    new = result.gradients[len(FOUND.gradients) :]
    assert {(g.critique, g.suggested_edit, g.step_index, g.component) for g in new} == {
        (g.critique, g.suggested_edit, g.step_index, g.component) for g in (OWN, note)
    }
    assert {g.constraint_id for g in new} == {about.constraint_id, ""}


def test_a_models_words_teach_only_where_somebody_or_an_accepted_edit_bears_them_out() -> None:
    note = replace(FOUND.gradients[0], source=GradientSource.MODEL, critique="Booked before looking.")
    known = replace(FOUND, gradients=(*FOUND.gradients, note))
    assert not list(TAUGHT.critique(lineage(inspection=known), SETTINGS, Exclusions()))
    candidate, hunk = edited()
    proposal = Proposal(BASE.id, (replace(hunk, gradient_ids=(note.id,)),), "model/1")
    item = replace(accepted(candidate, proposal), base_inspection=known)
    made = lineage(inspection=known, decided=[item], proposal=proposal)
    (taught,) = TAUGHT.critique(made, SETTINGS, Exclusions())
    assert "Booked before looking." in taught.lesson.answer
    assert not taught.provenance.human


def test_the_critic_is_not_taught_where_it_would_not_be_asked() -> None:
    excluded = Exclusions()
    nothing = replace(FOUND, gradients=(), findings=(), earliest_cause=None)
    assert not list(TAUGHT.critique(lineage(added(OWN), inspection=nothing), SETTINGS, excluded))
    assert excluded == {f"critique: {NOT_ASKED}": 1}


def test_the_proposer_is_asked_the_lessons_question_and_its_answer_makes_the_accepted_candidate() -> None:
    candidate, hunk = edited()
    proposal = Proposal(BASE.id, (hunk,), "model/1")
    made = lineage(decided=[accepted(candidate, proposal)], proposal=proposal)
    (taught,) = TAUGHT.evolve(made, SETTINGS, Exclusions())

    async def nothing(trajectory: Trajectory) -> Inspection:
        raise AssertionError("nothing is looked up")

    seen = for_autonomous(FOUND)
    request = ProposalRequest(replace(TASK, spec={}), BASE, seen, TOOLS, seen.validated, nothing)
    model = Answering(lambda _: parse_json(taught.lesson.answer))
    proposed = asyncio.run(ModelProposer(model, PROMPTS).propose(request))
    asked(model, taught.lesson)
    assert proposed.hunks[0].gradient_ids == hunk.gradient_ids
    assert proposed.tried == ("because",)
    again = evolve(BASE, proposed.hunks, "model/1")
    assert [canonical(step.content) for step in again.steps] == [canonical(step.content) for step in candidate.steps]


def test_edits_that_the_proposer_may_not_make_are_counted_with_the_reason() -> None:
    early, _ = edited()
    locked = replace(FOUND, earliest_cause=len(BASE.steps) - 1, findings=())
    unknown = revise(BASE, replaced(BASE, CAUSE, action("teleport", {"to": "Oslo"})))
    for candidate, inspection, reason in ((early, locked, LOCKED), (unknown, FOUND, REFUSED)):
        excluded, item = Exclusions(), replace(accepted(candidate), base_inspection=inspection)
        assert not list(TAUGHT.evolve(lineage(inspection=inspection, decided=[item]), SETTINGS, excluded))
        assert excluded == {f"evolve: {reason}": 1}


def test_what_reveals_the_gold_answer_is_in_no_lesson_and_counted() -> None:
    gold = "GOLD-4711"
    findings = tuple(replace(f, expected=gold, observed=gold, reveals_answer=True) for f in FOUND.findings[:3])
    secret = replace(FOUND.gradients[0], critique=gold, expected=gold, reveals_answer=True)
    known = replace(
        FOUND, findings=(*findings, *FOUND.findings[3:]), gradients=(secret, *FOUND.gradients[1:]), earliest_cause=CAUSE
    )
    candidate, hunk = edited()
    proposal = Proposal(BASE.id, (replace(hunk, gradient_ids=(secret.id,)),), "model/1")
    item = replace(accepted(candidate, proposal), base_inspection=known)
    item = by("tester", item, 1, reason=f"it should be {gold}")
    made = lineage(added(OWN), inspection=known, decided=[item], proposal=proposal)
    excluded = Exclusions()
    taught = [
        example
        for kind in (TAUGHT.judge, TAUGHT.critique, TAUGHT.evolve)
        for example in kind(made, SETTINGS, excluded)
        if example.provenance.base == BASE.id
    ]
    assert len(taught) == 3
    assert not any(gold in str(critic.row(example)) for example in taught)
    assert not any(gold in critique for example in taught for critique in example.provenance.gradients)
    assert excluded[HIDDEN] == 1


def test_a_lesson_is_a_prompt_and_a_completion_of_chat_messages() -> None:
    (taught,) = TAUGHT.critique(lineage(added(OWN)), SETTINGS, Exclusions())
    row, lesson = critic.row(taught), taught.lesson
    assert row["prompt"] == [said_by(each.role, each.text) for each in lesson.question]
    assert row["completion"] == [said_by("assistant", lesson.answer)]
    assert row["question"] == PROMPTS.get("critique").label


TEXTS = st.text(max_size=3)
STEPS = st.one_of(
    st.builds(message, TEXTS),
    st.builds(
        action,
        st.sampled_from(["look", "book"]),
        st.dictionaries(st.sampled_from("ab"), st.one_of(st.none(), st.booleans(), st.integers(0, 2), TEXTS)),
        thought=TEXTS,
    ),
)


@settings(max_examples=50)
@given(st.lists(STEPS, min_size=1, max_size=5), st.lists(STEPS, max_size=5))
def test_any_revision_can_be_written_as_edits(before: list[Step], after: list[Step]) -> None:
    base = Trajectory(TASK.id, tuple(before))
    edits = edits_of_hunks(diff_steps(base.steps, after))
    made = apply_hunks(base.steps, hunks_of_edits(base, parse_json(canonical(edits)))).steps
    assert [canonical(step.content) for step in made] == [canonical(step.content) for step in after]
