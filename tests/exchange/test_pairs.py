"""Preference pairs: which two trajectories, which words of them, and what is known of each pair."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from decisions import (
    BASE,
    FIXED,
    OTHER,
    STEPS,
    TASK,
    Decisions,
    deleted,
    inspected,
    judged,
    replaced,
    revise,
    trajectory,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.diff import diff_steps
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import Gradient, GradientSource
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import Component, Count, LossVector
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.task import Task
from hitl_app.domain.training import ExportSettings, PairKind, Span
from hitl_app.domain.trajectory import Step, Trajectory, action, message
from hitl_app.exchange.conversation import flatten, system_message, turns_of
from hitl_app.exchange.examples import Exclusions, PreferencePair, lineages, pairs
from hitl_app.exchange.examples.lineage import Judged
from hitl_app.exchange.examples.turns import bare

WORSE = revise(BASE, replaced(BASE, 5, action("drop", {"id": "all"})))

EVERYTHING = ExportSettings()


def pairs_of(
    decided: Sequence[Judged], *proposals: Proposal, task: Task = TASK, asked: ExportSettings = EVERYTHING
) -> tuple[list[PreferencePair], Exclusions]:
    """All pairs of some decisions, and what was left out."""
    excluded = Exclusions()
    read = lineages(Decisions(decided, (task,), proposals))
    return [pair for lineage in read for pair in pairs(lineage, asked, excluded)], excluded


def kinds(found: Sequence[PreferencePair]) -> Counter[tuple[PairKind, Span]]:
    return Counter((pair.kind, pair.span) for pair in found)


def test_what_was_accepted_is_preferred_to_its_base_and_to_each_candidate_that_was_rejected_for_it() -> None:
    decided = [
        judged(BASE, WORSE, sequence=1, accepted=False, unmet=(1, 2)),
        judged(BASE, OTHER, sequence=2, accepted=False, unmet=(1, 1)),
        judged(BASE, FIXED, sequence=3),
    ]
    found, excluded = pairs_of(decided)
    whole = [pair for pair in found if pair.span is Span.WHOLE]
    assert [(pair.kind, pair.provenance.margin) for pair in whole] == [
        (PairKind.BASE_REJECTED, 0.5),
        (PairKind.ACCEPTED_BASE, 0.5),
        (PairKind.ACCEPTED_REJECTED, pytest.approx(2 / 3)),
        (PairKind.ACCEPTED_REJECTED, 0.5),
    ]
    assert [pair.provenance.trajectory for pair in whole] == [BASE.id, FIXED.id, FIXED.id, FIXED.id]
    assert dict(excluded) == {"rejected candidate: its losses are not worse": 1}


def test_a_candidate_that_somebody_else_accepted_is_no_worse_one() -> None:
    refused = judged(BASE, OTHER, sequence=1, accepted=False)
    found, _ = pairs_of([refused, judged(BASE, OTHER, sequence=2), judged(BASE, FIXED, sequence=3)])
    assert {pair.kind for pair in found} == {PairKind.ACCEPTED_BASE}


def test_only_the_kinds_and_spans_that_are_asked_for_come_out() -> None:
    decided = [judged(BASE, WORSE, sequence=1, accepted=False, unmet=(1, 2)), judged(BASE, FIXED, sequence=2)]
    asked = ExportSettings(pairs=frozenset({PairKind.ACCEPTED_REJECTED}), spans=frozenset({Span.DIVERGENCE}))
    found, _ = pairs_of(decided, asked=asked)
    assert kinds(found) == {(PairKind.ACCEPTED_REJECTED, Span.DIVERGENCE): 1}


def test_each_later_difference_is_a_pair_of_its_own_without_a_margin() -> None:
    base = trajectory((message("Hi", "user"), *(action("look", {"id": str(n)}) for n in range(6))))
    candidate = revise(base, *(replaced(base, at, action("look", {"id": f"new {at}"})) for at in (1, 3, 5)))
    found, _ = pairs_of([judged(base, candidate)])
    hunks = [pair for pair in found if pair.span is Span.HUNK]
    assert [called(pair.chosen) for pair in hunks] == ['{"id": "new 3"}', '{"id": "new 5"}']
    assert [called(pair.rejected) for pair in hunks] == ['{"id": "2"}', '{"id": "4"}']
    assert ['{"id": "new 1"}' in str(pair.prompt) for pair in hunks] == [True, True], "what the chosen side did before"
    assert {(pair.provenance.margin, pair.chosen_losses, pair.minimal) for pair in hunks} == {(None, None, False)}


def called(answer: Sequence[JsonObject]) -> object:
    """Arguments of the first call of an answer."""
    (said,) = answer
    calls = said["tool_calls"]
    assert isinstance(calls, list)
    return calls[0]["function"]["arguments"]


GRADIENT = Gradient(GradientSource.CHECKER, Component.GOAL, "the wrong booking", step_index=5)
PROPOSED = Proposal(
    BASE.id,
    (replace(replaced(BASE, 5, action("book", {"id": "z"})), gradient_ids=(GRADIENT.id,)),),
    "repair/1",
    losses=LossVector(goal=Count(2, 3)),
)


def with_gradient(item: Judged) -> Judged:
    """The same decision, where the base was criticised."""
    assert item.base_inspection is not None
    return replace(item, base_inspection=replace(item.base_inspection, gradients=(GRADIENT,)))


def test_what_a_person_made_of_a_proposal_is_preferred_to_it_but_what_would_have_followed_is_not_made_up() -> None:
    found, excluded = pairs_of([with_gradient(judged(BASE, FIXED, proposal=PROPOSED))], PROPOSED)
    edited = [pair for pair in found if pair.kind is PairKind.EDITED_PROPOSAL]
    assert [(pair.span, called(pair.rejected)) for pair in edited] == [(Span.DIVERGENCE, '{"id": "z"}')]
    known = edited[0].provenance
    assert known.margin == pytest.approx(2 / 3)
    assert (known.gradients, known.reason) == (("the wrong booking",), "because")
    assert dict(excluded) == {
        "whole: the proposal was not executed as it was: what would have followed is not known": 1
    }


def test_a_proposal_that_was_judged_too_is_compared_whole() -> None:
    taken = revise(BASE, *PROPOSED.hunks)
    decided = [
        judged(BASE, taken, sequence=1, accepted=False, unmet=(1, 2), proposal=PROPOSED),
        judged(BASE, FIXED, sequence=2, proposal=PROPOSED),
    ]
    found, _ = pairs_of(decided, PROPOSED)
    assert kinds(found)[PairKind.EDITED_PROPOSAL, Span.WHOLE] == 1


def test_a_proposal_that_was_taken_as_it_is_makes_no_pair_with_itself() -> None:
    found, _ = pairs_of([judged(BASE, revise(BASE, *PROPOSED.hunks), proposal=PROPOSED)], PROPOSED)
    assert {pair.kind for pair in found} == {PairKind.ACCEPTED_BASE}


def test_a_proposal_that_does_not_fit_its_base_makes_no_pair() -> None:
    odd = replace(PROPOSED, hunks=(Hunk(Operator.DELETE, 40, 41, (STEPS[0],), ()),))
    found, _ = pairs_of([judged(BASE, FIXED, proposal=odd)], odd)
    assert {pair.kind for pair in found} == {PairKind.ACCEPTED_BASE}


@pytest.mark.parametrize("change", ["not inspected", "another component", "an override"])
def test_a_margin_that_was_not_measured_is_not_made_up(change: str) -> None:
    item = judged(BASE, FIXED, override=change == "an override")
    assert item.base_inspection is not None
    other = replace(item.base_inspection, losses=LossVector(feasibility=Count(1, 3)))
    inspections = {"not inspected": None, "another component": other}
    found, _ = pairs_of([replace(item, base_inspection=inspections.get(change, item.base_inspection))])
    assert {pair.provenance.margin for pair in found} == {None}
    refused = judged(BASE, WORSE, accepted=False, unmet=(1, 2))
    rejected, excluded = pairs_of([replace(refused, base_inspection=inspections.get(change, refused.base_inspection))])
    assert (bool(rejected), excluded.total()) == ((True, 0) if change == "an override" else (False, 1))


def test_a_base_is_not_said_to_answer_what_the_rejected_candidate_was_to_answer() -> None:
    item = with_gradient(judged(BASE, revise(BASE, *PROPOSED.hunks), accepted=False, unmet=(1, 2), proposal=PROPOSED))
    found, _ = pairs_of([item], PROPOSED)
    assert {(pair.kind, pair.provenance.gradients) for pair in found} == {(PairKind.BASE_REJECTED, ())}


def test_an_answer_without_words_and_calls_is_left_out() -> None:
    found, excluded = pairs_of([judged(BASE, revise(BASE, replaced(BASE, 3, message(" "))))])
    assert [pair.span for pair in found] == [Span.WHOLE]
    assert dict(excluded) == {"divergence: an answer says and does nothing": 1}


def test_trajectories_that_differ_in_the_users_first_words_make_no_pair() -> None:
    found, excluded = pairs_of([judged(BASE, revise(BASE, replaced(BASE, 0, message("Good evening", "user"))))])
    assert (found, set(excluded.values())) == ([], {1})


@st.composite
def reviews(draw: st.DrawFn) -> tuple[Task, list[Judged]]:
    """A task, and decisions on up to three revisions of a recording for it."""
    words = st.builds(message, st.just("?"), st.sampled_from(["assistant", "assistant", "user"]))
    calls = st.builds(
        action,
        st.sampled_from(["look", "book"]),
        st.fixed_dictionaries({"id": st.sampled_from("ab")}),
        turn=st.sampled_from([None, 1, 2]),
    )
    drawn = draw(st.lists(words | calls | calls, min_size=3, max_size=9))
    steps = [step if step.is_action else replace(step, text=f"said {at}") for at, step in enumerate(drawn)]
    task = replace(TASK, policy=draw(st.sampled_from(["Be careful.", "Be careful.", ""])))
    base = trajectory((message("Hello", "user"), *steps), task)
    decided = []
    for sequence in range(1, draw(st.integers(1, 3)) + 1):
        candidate = revise(base, *draw(edits(base)))
        unmet = (1, draw(st.sampled_from([0, 1, 2, 2])))
        accepted, override = draw(st.booleans()), draw(st.booleans())
        decided.append(judged(base, candidate, sequence=sequence, accepted=accepted, unmet=unmet, override=override))
    return task, decided


@st.composite
def edits(draw: st.DrawFn, base: Trajectory) -> list[Hunk]:
    """Changes of different steps of a trajectory."""
    hunks = []
    for at in sorted(draw(st.sets(st.integers(1, len(base.steps) - 1), min_size=1, max_size=3))):
        new: Step = draw(st.sampled_from([action("look", {"id": "c"}), action("book", {"id": "a"}), message("New")]))
        insert = Hunk(Operator.INSERT, at, at, (), (new,))
        hunks.append(draw(st.sampled_from([replaced(base, at, new), deleted(base, at), insert])))
    return hunks


@settings(max_examples=40, deadline=None)
@given(reviews())
def test_a_pair_is_two_ways_to_go_on_from_words_that_both_sides_begin_with(review: tuple[Task, list[Judged]]) -> None:
    task, decided = review
    found, _ = pairs_of(decided, task=task)
    known = {each.id: each for item in decided for each in (item.base, item.candidate)}
    for pair in found:
        chosen = known[pair.provenance.trajectory]
        assert pair.prompt
        assert pair.content[1] != pair.content[2]
        assert starts_with(chat(chosen, task), (*pair.prompt, *pair.chosen))
        if pair.span is not Span.HUNK:
            sides = [each for each in known.values() if starts_with(chat(each, task), (*pair.prompt, *pair.rejected))]
            assert any(side.id != chosen.id and is_minimal(side, chosen) == pair.minimal for side in sides)
        if pair.span is not Span.WHOLE:
            assert [item["role"] for item in (*pair.chosen, *pair.rejected)] == ["assistant"] * 2
            kept = {chosen.steps[index].text for index in chosen.carried_over}
            assert not kept.intersection(str(item["content"]) for item in (*pair.prompt, *pair.chosen)) - {""}
        if pair.span is Span.HUNK or pair.provenance.override:
            assert pair.provenance.margin is None
    ids = [pair.provenance.id for pair in found]
    assert len(set(ids)) == len(ids)
    assert [pair.provenance.id for pair in pairs_of(decided, task=task)[0]] == ids


def chat(of: Trajectory, task: Task) -> list[JsonObject]:
    return [*system_message(task), *flatten(turns_of(of, inspected(of, 0)))]


def starts_with(whole: Sequence[JsonObject], beginning: Sequence[JsonObject]) -> bool:
    return list(whole[: len(beginning)]) == list(beginning)


def is_minimal(one: Trajectory, other: Trajectory) -> bool:
    return len(diff_steps(bare(one.steps), bare(other.steps))) == 1
