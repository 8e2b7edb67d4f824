"""Dependencies: where an argument's value came from, which write a step builds on, and how blame follows them."""

import time

from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.inspection import (
    Dependency,
    DependencyKind,
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.loss import LossVector
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Recorded, Step, Trajectory, action, message
from hitl_app.refine.blame import earliest_cause
from hitl_app.refine.dependencies import find_dependencies

TASK = Task("desk", "1", "Change a booking", instruction="Change booking HAT039 of emma_kim_9957.")


def ok(text: str, *changed: str, used: tuple[str, ...] = ()) -> ExecutedStep:
    return ExecutedStep(StepStatus.OK, Observation(text, changed=changed, used=used), replayed=True)


def failed(text: str, *, used: tuple[str, ...] = ()) -> ExecutedStep:
    return ExecutedStep(StepStatus.FAILED, Observation(text, failed=True, used=used), replayed=True)


SAID = ExecutedStep(StepStatus.OK)


def found(*pairs: tuple[Step, ExecutedStep], task: Task = TASK) -> tuple[Dependency, ...]:
    trajectory = Trajectory(task.id, tuple(step for step, _ in pairs))
    return find_dependencies(task, trajectory, execution(*(executed for _, executed in pairs)))


def execution(*steps: ExecutedStep) -> Execution:
    return Execution("t", "desk", "1", steps)


def value(step: int, on: int, what: str, text: str, *, stale: bool = False) -> Dependency:
    return Dependency(step, on, DependencyKind.VALUE, what, text, stale)


def state(step: int, on: int, part: str) -> Dependency:
    return Dependency(step, on, DependencyKind.STATE, part)


def test_a_value_depends_on_the_observation_that_said_it_first() -> None:
    look = action("find", {"date": "soon"})
    book = action("book", {"flight": {"number": "HAT276"}, "payment": ["card_77"], "seats": 2})
    assert found(
        (message("I want to fly."), SAID),
        (look, ok('{"flights": [{"number": "HAT276"}]}')),
        (look, ok('{"flights": [{"number": "HAT276"}], "cards": ["card_77"]}')),
        (book, ok("{}")),
    ) == (value(3, 1, "flight.number", "HAT276"), value(3, 2, "payment[0]", "card_77"))


def test_a_value_can_come_from_the_users_words_but_never_from_the_agents_own() -> None:
    assert found(
        (message("It is HAT039.", role="user"), SAID),
        (message("So HAT039, and I make up HAT111."), SAID),
        (action("get", {"id": "HAT039", "other": "HAT111"}), ok("HAT111 is not there")),
        (action("get", {"id": "HAT111"}), ok("{}")),
    ) == (value(2, 0, "id", "HAT039"),)


def test_what_the_task_said_comes_from_no_step() -> None:
    get = action("get", {"id": "HAT039"})
    assert found((action("list", {}), ok('["HAT039"]')), (get, ok("{}"))) == ()


def test_texts_with_blanks_and_other_scripts_and_numbers_are_found() -> None:
    pay = action("pay", {"name": "Jean Lafitte", "city": "北京市", "amount": 325.5, "count": 3, "class": "economy"})
    listed = ok("Traveller Jean Lafitte from 北京市, 3 economy seats for 325.5.")
    assert [dependency.what for dependency in found((action("list", {}), listed), (pay, ok("{}")))] == [
        "name",
        "city",
        "amount",
    ]


def test_a_value_that_the_observation_no_longer_holds_is_stale() -> None:
    look = action("list", {}, expected=Recorded('{"id": "R-100"}'))
    use = action("get", {"id": "R-100"})
    assert found((look, ok('{"id": "R-200"}')), (use, failed("no such id"))) == (
        value(1, 0, "id", "R-100", stale=True),
    )
    again = action("list", {"all": True})
    assert found((look, ok('{"id": "R-200"}')), (again, ok('{"id": "R-100"}')), (use, ok("{}"))) == (
        value(2, 1, "id", "R-100"),
    )


def test_a_step_builds_on_the_last_write_of_what_it_uses_or_changes() -> None:
    act = action("act", {})
    assert found(
        (act, ok("", "bookings/1")),
        (act, ok("", "bookings/1")),
        (act, ok("", used=("bookings/1", "users/2"))),
        (act, failed("", used=("bookings/1",))),
    ) == (state(1, 0, "bookings/1"), state(2, 1, "bookings/1"), state(3, 1, "bookings/1"))


def test_where_the_environment_does_not_say_what_was_used_an_argument_that_names_it_does() -> None:
    assert found(
        (action("book", {}), ok("done", "bookings/HAT555")), (action("cancel", {"id": "HAT555"}), ok("{}"))
    ) == (state(1, 0, "bookings/HAT555"),)


OBSERVED = st.text(max_size=30) | st.sampled_from(["NaN", '{"a": Infinity}', "1e999", "[" * 900 + "]" * 900])


@given(st.lists(st.tuples(st.text(max_size=12), OBSERVED), max_size=8))
def test_dependencies_point_backwards_whatever_is_said(pairs: list[tuple[str, str]]) -> None:
    for dependency in found(*((action("say", {"it": said}), ok(text)) for said, text in pairs)):
        assert 0 <= dependency.on < dependency.step < len(pairs)


GOAL = Finding("goal", FindingKind.GOAL, met=False, steps=(3,))
RUN = execution(ok("look"), failed("refused"), ok("look"), ok("write"))


def test_blame_stays_where_nothing_before_it_went_wrong() -> None:
    assert earliest_cause(RUN, [GOAL], [value(3, 2, "id", "R-100"), value(2, 0, "id", "R-100")]) == 3


def test_blame_follows_dependencies_to_the_earliest_step_that_went_wrong() -> None:
    assert earliest_cause(RUN, [GOAL], [value(3, 2, "id", "R-100"), state(2, 1, "bookings/1")]) == 1


def test_blame_follows_a_stale_value_to_where_it_was_read() -> None:
    assert earliest_cause(RUN, [GOAL], [value(3, 2, "a", "R-1", stale=True), value(2, 0, "b", "R-2")]) == 2


def test_a_failure_that_nothing_depends_on_is_not_blamed_for_a_later_one() -> None:
    assert earliest_cause(RUN, [GOAL], []) == 3


def test_a_thousand_steps_with_long_observations_do_not_take_long() -> None:
    """Every step uses texts that nothing says, so that each is looked for in all that was observed before."""
    line = " ".join(f"src/module_{number}.py:{number}: word{number}" for number in range(6000))
    steps = [(action("grep", {"for": f"no such thing {n}", "in": f"n{n}"}), ok(f"{n} {line}")) for n in range(1000)]
    steps += [(action("open", {"file": "src/module_7.py:7"}), ok(""))]
    started = time.process_time()
    assert found(*steps) == (value(1000, 0, "file", "src/module_7.py:7"),)
    assert time.process_time() - started < 20, "about a second"


def test_a_text_of_several_words_is_found_word_by_word() -> None:
    use = action("mail", {"to": "Ann Lee", "about": "la bella vita"})
    listed = ok('["Ann Lee, director"]')
    assert found((action("list", {}), listed), (action("list", {}), ok("Joann Leeds: bella vitae")), (use, ok(""))) == (
        value(2, 0, "to", "Ann Lee"),
    )


def test_a_step_that_is_named_alone_is_blamed_before_steps_that_are_named_together() -> None:
    together = Finding("overlap", FindingKind.HARD, met=False, steps=(0, 2))
    assert earliest_cause(RUN, [together, GOAL], []) == 3
    assert earliest_cause(RUN, [together], []) == 0


def test_nothing_is_validated_where_something_is_missing_that_no_step_is_blamed_for() -> None:
    missing = Finding("visit", FindingKind.GOAL, met=False)
    soft = Finding("quiet", FindingKind.SOFT, met=False, steps=(2,))
    fine, refused = execution(ok(""), ok(""), ok("")), execution(ok(""), ok(""), failed("no"))
    assert Inspection(fine, LossVector(), (missing, soft), earliest_cause=2).validated == 0
    assert Inspection(fine, LossVector(), (soft,), earliest_cause=2).validated == 2
    assert Inspection(refused, LossVector(), (missing,), earliest_cause=2).validated == 2


def test_nothing_that_an_unmet_finding_names_is_in_the_validated_prefix() -> None:
    together = Finding("overlap", FindingKind.HARD, met=False, steps=(1, 2))
    soft = Finding("pace", FindingKind.SOFT, met=False, steps=(0,))
    assert Inspection(RUN, LossVector(), (together, GOAL, soft), earliest_cause=3).validated == 1
    assert Inspection(RUN, LossVector(), (together, GOAL, soft)).validated == 0
