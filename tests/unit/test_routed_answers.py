"""Equal answers of samples are equal texts, whatever their words; and only what may be seen passes a check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.final_answer import comparable
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import (
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.loss import LossVector
from hitl_app.domain.model import ToolCall
from hitl_app.domain.trajectory import Step, Trajectory, action, message
from hitl_app.refine.chat import Move
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.routed import answer_of, hunks_answer, move_answer, passes

READ = Observation("found")
WROTE = Observation("done", changed=("bookings/1",))
REFUSED = Observation("no", failed=True, changed=("bookings/1",))


def executed(*made: tuple[Step, Observation | None]) -> tuple[Trajectory, Execution]:
    trajectory = Trajectory("task", tuple(step for step, _ in made))
    outcomes = [
        ExecutedStep(StepStatus.FAILED if seen is not None and seen.failed else StepStatus.OK, seen, seen is not None)
        for _, seen in made
    ]
    return trajectory, Execution(trajectory.id, "world", "1", tuple(outcomes))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("42", " 42.0 ", True),
        ("$1,000", "1000", True),
        ("**42**.", "42", True),
        ("1, 2", "12", False),
        ("Blue Whale", "blue  whale!", True),
        ("Blue Whale", "Blue Whales", False),
        ("", "none", False),
    ],
)
def test_answers_are_compared_by_value(one: str, other: str, same: bool) -> None:
    assert (comparable(one) == comparable(other)) is same


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_equals_itself_however_it_is_written(number: float) -> None:
    assert comparable(repr(number)) == comparable(f" {number!r}% ") == comparable(f"**{number!r}**")


def test_a_rollout_comes_to_its_final_answer_else_to_what_it_changed_else_to_its_last_words() -> None:
    search, book = action("search", {"city": "Oslo"}), action("book", {"id": "F1", "seats": 2})
    said = message("All is booked.")
    final = message("I looked twice. FINAL ANSWER: 42")
    assert answer_of(*executed((book, WROTE), (final, None))) == ("42.0", "42")
    answer, shown = answer_of(*executed((search, READ), (book, WROTE), (said, None)))
    assert (answer, shown.startswith("1 changes")) == ('[["book",{"id":"F1","seats":2}]]', True)
    again = executed((action("search", {"city": "Bergen"}), READ), (book, WROTE), (message("Done!"), None))
    assert answer_of(*again)[0] == answer, "what was only looked at, and said, does not count"
    assert answer_of(*executed((book, REFUSED), (said, None)))[0] == comparable("All is booked.")
    assert answer_of(*executed((search, READ))) == ("", "")


def test_moves_are_equal_where_they_call_the_same() -> None:
    call = ToolCall("book", {"seats": 2, "id": "F1"}, "call_1")
    same = ToolCall("book", {"id": "F1", "seats": 2}, "call_9")
    assert move_answer(Move("because", (call,)), heard=False)[0] == move_answer(Move("", (same,)), heard=True)[0]
    words = Move("All is done."), Move("Everything is done.")
    assert len({move_answer(move, heard=False)[0] for move in words}) == 1, "nobody hears them: the work ends"
    assert len({move_answer(move, heard=True)[0] for move in words}) == 2
    answers = Move("So: FINAL ANSWER: 42"), Move("FINAL ANSWER: 42.0"), Move("FINAL ANSWER: 41")
    assert [len({move_answer(move, heard=False)[0] for move in some}) for some in (answers[:2], answers)] == [1, 2]
    assert move_answer(Move(" "), heard=False)[0] == ""


def test_edits_are_equal_where_they_put_the_same_in_the_same_place() -> None:
    def hunk(thought: str, at: int = 1) -> Hunk:
        return Hunk(Operator.INSERT, at, at, (), (action("book", {"id": "F1"}, thought=thought),), why=thought)

    assert hunks_answer((hunk("cheap"),)) == hunks_answer((hunk("near"),)), "whatever they are explained by"
    assert hunks_answer((hunk("cheap"),)) != hunks_answer((hunk("cheap", at=2),))


def inspected(*findings: Finding, failed: bool = False) -> Inspection:
    _, execution = executed((action("book", {}), REFUSED if failed else WROTE))
    return Inspection(execution, LossVector(), findings)


def test_only_what_an_agent_may_see_passes_a_check() -> None:
    met = Finding("seats", FindingKind.HARD, True)
    unmet = Finding("meals", FindingKind.HARD, False)
    soft = Finding("cheap", FindingKind.SOFT, False)
    gold = Finding("answer", FindingKind.GOAL, False, reveals_answer=True)
    assert passes(inspected(met, soft, gold)) is True
    assert passes(inspected(met, unmet)) is False
    assert passes(inspected(met, failed=True)) is False
    assert passes(inspected(soft, gold)) is None
    assert passes(for_autonomous(inspected(soft, gold))) is None
    assert passes(for_autonomous(inspected(met, gold))) is True
