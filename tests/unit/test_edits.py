"""Edits as people write them on the command line."""

from dataclasses import replace

import pytest

from hitl_app.domain.hunk import HunkError, Operator
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.trajectory import PlanStep, Recorded, Trajectory, action, message
from hitl_app.refine.edits import EditError, hunks_of_edits
from hitl_app.refine.evolve import evolve

BASE = Trajectory(
    "task",
    (
        message("please", "user"),
        action("look", {"id": 1}, expected=Recorded("{}"), turn=1),
        action("book", {"id": 1, "day": "mon"}, expected=Recorded("ok"), turn=2, plan_step=0),
        message("done"),
        message("thanks", "user"),
    ),
)


def revised(*edits: Json) -> Trajectory:
    return evolve(BASE, hunks_of_edits(BASE, list(edits)), "ann")


def test_indexes_mean_the_trajectory_as_it_was() -> None:
    result = revised(
        {"op": "delete", "step": 1},
        {"op": "set_argument", "step": 2, "name": "day", "value": "tue"},
        {"op": "insert", "before": 4, "message": "one more thing"},
    )
    assert [step.tool or step.text for step in result.steps] == ["please", "book", "done", "one more thing", "thanks"]
    assert result.steps[1].arguments == {"id": 1, "day": "tue"}


def test_arguments_of_one_step_are_set_together() -> None:
    (hunk,) = hunks_of_edits(
        BASE,
        [
            {"op": "set_argument", "step": 2, "name": "day", "value": "tue"},
            {"op": "set_argument", "step": 2, "name": "id", "value": None},
        ],
    )
    assert hunk.operator is Operator.SET_ARGUMENT
    assert hunk.after[0].arguments == {"id": None, "day": "tue"}


def test_a_changed_call_expects_nothing_and_keeps_its_place_in_the_plan() -> None:
    step = revised({"op": "replace", "step": 2, "action": {"name": "cancel", "arguments": {}}}).steps[2]
    assert (step.tool, step.expected, step.turn, step.plan_step) == ("cancel", None, 2, 0)


def test_messages_after_the_edit_are_carried_over_and_the_rewritten_one_is_not() -> None:
    result = revised({"op": "delete", "step": 2}, {"op": "replace", "step": 3, "message": "I cannot do that."})
    assert [step.text for step in result.steps] == ["please", "", "I cannot do that.", "thanks"]
    assert result.carried_over == {3}


def test_carried_over_messages_stay_so_in_later_revisions() -> None:
    first = revised({"op": "delete", "step": 1})
    second = evolve(first, hunks_of_edits(first, [{"op": "insert", "before": 4, "message": "bye"}]), "ann")
    assert first.carried_over == {2, 3}
    assert second.carried_over == {2, 3}
    assert second.root_id == first.root_id == BASE.id


def test_a_step_moves_in_front_of_another() -> None:
    assert [s.tool or s.text for s in revised({"op": "move", "step": 3, "before": 1}).steps][1] == "done"


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        ({"op": "delete", "step": 9}, "edit 0: step: 9 is not one of 0 to 4"),
        ({"op": "delete"}, "edit 0: step: expected a whole number, found nothing"),
        ({"op": "explode", "step": 1}, 'edit 0: op: there is no "explode"'),
        ({"op": "set_argument", "step": 0, "name": "a", "value": 1}, "step 0 is a message"),
        ({"op": "set_argument", "step": 1, "name": "a"}, "edit 0: value: missing"),
        ({"op": "insert", "before": 0}, "either an action or a message"),
        ({"op": "delete", "step": 0, "stepp": 3}, "edit 0: stepp: delete has no such field"),
        ({"op": "insert", "before": 0, "message": "x", "role": "tool"}, 'role: "tool" is neither assistant nor user'),
        ({"op": "insert", "before": True, "message": ""}, "before: expected a whole number"),
        ("delete", "edit 0: expected an object"),
    ],
)
def test_a_bad_edit_is_named_with_its_field(edit: Json, complaint: str) -> None:
    with pytest.raises(EditError, match=complaint):
        hunks_of_edits(BASE, [edit])


def test_edits_that_touch_one_step_twice_are_refused() -> None:
    with pytest.raises(EditError, match="step 1 is already changed"):
        hunks_of_edits(BASE, [{"op": "delete", "step": 1}, {"op": "move", "step": 1, "before": 0}])


@pytest.mark.parametrize(
    "edit",
    [
        {"op": "move", "step": 1, "before": 1},
        {"op": "set_argument", "step": 2, "name": "day", "value": "mon"},
        {"op": "replace", "step": 1, "action": {"name": "look", "arguments": {"id": 1}}},
        {"op": "replace", "step": 3, "message": "done"},
    ],
)
def test_edits_that_change_nothing_are_refused(edit: Json) -> None:
    with pytest.raises(HunkError, match="nothing is changed"):
        revised(edit)


def test_a_link_to_the_plan_is_changed_by_hand_and_nothing_else() -> None:
    base = replace(
        BASE,
        plan=(PlanStep("look around"), PlanStep("book it")),
        steps=(*BASE.steps[:2], replace(BASE.steps[2], link_confidence=0.4), *BASE.steps[3:]),
    )
    result = evolve(base, hunks_of_edits(base, [{"op": "link", "step": 2, "plan_step": 1}]), "ann")
    assert (result.steps[2].plan_step, result.steps[2].link_confidence) == (1, None)
    assert [step.content for step in result.steps] == [step.content for step in base.steps]
    assert result.id != base.id
    assert result.carried_over == frozenset()
    away = evolve(base, hunks_of_edits(base, [{"op": "link", "step": 2, "plan_step": None}]), "ann")
    assert away.steps[2].plan_step is None


def test_a_link_beside_another_edit_carries_over_what_stands_after_that_edit() -> None:
    base = replace(BASE, plan=(PlanStep("look around"), PlanStep("book it")))
    edits: Json = [{"op": "link", "step": 1, "plan_step": 0}, {"op": "replace", "step": 3, "message": "no"}]
    assert evolve(base, hunks_of_edits(base, edits), "ann").carried_over == {4}


def test_a_step_that_is_rewritten_is_as_surely_linked_as_before() -> None:
    base = replace(BASE, steps=(*BASE.steps[:2], replace(BASE.steps[2], link_confidence=0.4), *BASE.steps[3:]))
    edits: Json = [{"op": "replace", "step": 2, "action": {"name": "cancel", "arguments": {}}}]
    assert evolve(base, hunks_of_edits(base, edits), "ann").steps[2].link_confidence == 0.4


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"op": "link", "step": 2}, "edit 0: plan_step: missing"),
        ({"op": "link", "step": 2, "plan_step": 1}, "edit 0: plan_step: 1 is not one of 0 to 0"),
        ({"op": "link", "step": 2, "plan_step": 0}, "edit 0: plan_step: the step has this link already"),
        ({"op": "link", "step": 2, "plan_step": "0"}, "edit 0: plan_step: expected a whole number"),
        ({"op": "link", "step": 1, "plan_step": 0, "because": ""}, "edit 0: because: link has no such field"),
    ],
)
def test_a_link_that_cannot_be_made_says_why(edit: Json, reason: str) -> None:
    base = replace(BASE, plan=(PlanStep("book it"),))
    with pytest.raises(EditError, match=reason):
        hunks_of_edits(base, [edit])


def test_there_is_no_link_without_a_plan() -> None:
    with pytest.raises(EditError, match="this trajectory has no plan"):
        hunks_of_edits(BASE, [{"op": "link", "step": 1, "plan_step": 0}])


def test_a_regenerated_suffix_keeps_what_it_repeats() -> None:
    steps: Json = [
        {"action": {"name": "book", "arguments": {"id": 2, "day": "mon"}}},
        {"message": "done"},
        {"message": "anything else?"},
        {"message": "thanks", "role": "user"},
    ]
    hunks = hunks_of_edits(
        BASE, [{"op": "regenerate_suffix", "step": 2, "steps": steps, "why": "id", "answers": ["g"]}]
    )
    assert [(hunk.operator, hunk.start, hunk.end, len(hunk.after)) for hunk in hunks] == [
        (Operator.REGENERATE_SUFFIX, 2, 3, 1),
        (Operator.REGENERATE_SUFFIX, 4, 4, 1),
    ]
    assert all((hunk.why, hunk.gradient_ids) == ("id", ("g",)) for hunk in hunks)
    candidate = evolve(BASE, hunks, "ann")
    assert [step.text or step.tool for step in candidate.steps] == [
        *("please", "look", "book", "done", "anything else?", "thanks")
    ]
    assert candidate.carried_over == {3, 5}


def test_a_suffix_can_be_taken_away_or_put_behind_the_end() -> None:
    assert len(revised({"op": "regenerate_suffix", "step": 3, "steps": []}).steps) == 3
    assert revised({"op": "regenerate_suffix", "step": 5, "steps": [{"message": "bye"}]}).steps[5].text == "bye"


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        (None, "edit 0: steps: missing"),
        ([{"message": "done"}, {"message": "thanks", "role": "user"}], "they are those of the trajectory already"),
        (["done"], r"edit 0: steps\[0\]: expected an object"),
        ([{"message": "a"}, {"action": {"name": 1}}], r"edit 0: steps\[1\]: name: expected text"),
    ],
)
def test_a_suffix_that_cannot_be_read_says_why(steps: Json, complaint: str) -> None:
    edit: dict[str, Json] = {"op": "regenerate_suffix", "step": 3}
    with pytest.raises(EditError, match=complaint):
        hunks_of_edits(BASE, [edit if steps is None else {**edit, "steps": steps}])


def test_reasons_of_arguments_that_are_set_together_are_kept() -> None:
    edit: dict[str, Json] = {"op": "set_argument", "step": 2}
    first = {**edit, "name": "day", "value": "tue", "why": "the day", "answers": ["a"]}
    second = {**edit, "name": "id", "value": 2, "why": "the id", "answers": ["a", "b"]}
    (hunk,) = hunks_of_edits(BASE, [first, second])
    assert (hunk.why, hunk.gradient_ids) == ("the day; the id", ("a", "b"))
    assert hunk.after[0].arguments == {"id": 2, "day": "tue"}
