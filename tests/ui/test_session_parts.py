"""The parts that a session is made of."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.decision import DecisionKind
from hitl_app.domain.hunk import Hunk, Operator, apply_hunks, check_hunks
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.trajectory import Step, action, message
from hitl_app.ui import working
from hitl_app.ui.active_time import ActiveTime, Spent
from hitl_app.ui.state import Draft, HunkVerdict
from hitl_app.ui.tasks import Tasks
from hitl_app.ui.words import decision_name

BASE = (message("Hello", "user"), action("look", {"at": 1}), action("book", {"what": "x"}), message("Done."))


def test_starting_a_task_under_a_name_cancels_the_one_before() -> None:
    async def story() -> None:
        ended: list[str] = []

        async def work(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            ended.append(name)

        tasks = Tasks(lambda name, error: ended.append(f"{name}: {error}"))
        tasks.start("try", work("first", 60))
        tasks.start("try", work("second", 0))
        assert tasks.runs("try")
        await tasks.idle()
        assert ended == ["second"]
        assert not tasks.runs("try")

    asyncio.run(story())


def test_a_task_that_fails_is_reported_once_with_its_name() -> None:
    async def story() -> None:
        failed: list[tuple[str, str]] = []

        async def work() -> None:
            raise ValueError("broken")

        tasks = Tasks(lambda name, error: failed.append((name, str(error))))
        tasks.start("try", work())
        await tasks.idle()
        assert failed == [("try", "broken")]

    asyncio.run(story())


def test_closing_lets_a_decision_finish_and_cancels_the_rest() -> None:
    async def story() -> None:
        ended: list[str] = []

        async def work(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            ended.append(name)

        tasks = Tasks(lambda name, error: None)
        tasks.start("saving", work("saving", 0.01))
        tasks.start("try", work("try", 60))
        await tasks.cancel_all(keep=["saving"])
        assert ended == ["saving"]

    asyncio.run(story())


def test_time_without_input_is_active_up_to_a_minute_and_idle_beyond() -> None:
    clock = [0.0]
    active = ActiveTime(lambda: clock[0])
    for seconds in (10.0, 30.0, 500.0, 5.0):
        clock[0] += seconds
        active.touch()
    assert active.take() == Spent(active=10 + 30 + 60 + 5, idle=500 - 60)
    assert active.take() == Spent(0, 0)


EDITS = st.lists(st.tuples(st.sampled_from(["edit", "delete", "insert", "move"]), st.integers(0, 3), st.integers(0, 4)))


def _edited(draft: Draft, edit: tuple[str, int, int]) -> Draft:
    kind, step, to = edit
    if kind == "edit":
        draft, number = working.step_opened(draft, BASE, step)
        return working.step_written(draft, number, message("Other words"))
    if kind == "insert":
        draft, number = working.step_inserted(draft, to)
        return working.step_written(draft, number, message("New words"))
    if kind == "delete":
        return working.step_deleted(draft, BASE, step)[0]
    return working.step_moved(draft, BASE, step, to)[0]


@given(EDITS)
def test_whatever_is_edited_by_hand_the_hunks_fit_together(edits: list[tuple[str, int, int]]) -> None:
    draft = Draft()
    for edit in edits:
        draft = _edited(draft, edit)
        check_hunks(BASE, working.changes(draft))
        assert Draft.from_json(draft.to_json()) == draft


def test_a_deleted_step_is_gone_and_a_moved_one_moved() -> None:
    draft, _ = working.step_deleted(Draft(), BASE, 1)
    draft, _ = working.step_moved(draft, BASE, 3, 0)
    assert apply_hunks(BASE, working.changes(draft)).steps == (BASE[3], BASE[0], BASE[2])


def test_moving_a_step_back_to_its_place_leaves_nothing_on_the_desk() -> None:
    draft, _ = working.step_moved(Draft(), BASE, 3, 0)
    draft, number = working.step_moved(draft, BASE, 3, 3)
    assert (draft, number) == (Draft(), None)


def test_a_deleted_step_that_is_moved_comes_back() -> None:
    draft, _ = working.step_deleted(Draft(), BASE, 1)
    draft, _ = working.step_moved(draft, BASE, 1, 3)
    assert apply_hunks(BASE, working.changes(draft)).steps == (BASE[0], BASE[2], BASE[1], BASE[3])


def test_true_in_the_place_of_one_is_a_change() -> None:
    draft, number = working.step_opened(Draft(), BASE, 1)
    draft = working.step_written(draft, number, action("look", {"at": True}))
    assert len(working.changes(draft)) == 1
    other = working.step_written(draft, number, action("look", {"at": 1.5}))
    assert not working.same_hunks(working.changes(draft), working.changes(other))


def _proposal(*hunks: Hunk) -> Proposal:
    return Proposal("base", hunks, "repair/1")


def _delete(step: int) -> Hunk:
    return Hunk(Operator.DELETE, step, step + 1, (BASE[step],), ())


def _insert(step: Step, at: int) -> Hunk:
    return Hunk(Operator.INSERT, at, at, (), (step,))


def test_a_new_proposal_never_takes_away_what_a_person_decided() -> None:
    draft = working.with_proposal(Draft(), _proposal(_delete(1), _delete(2)))
    draft = working.decided(draft, 0, HunkVerdict.ACCEPTED)
    draft = working.with_proposal(draft, _proposal(_delete(1), _insert(message("Sorry"), 4)))
    assert [w.hunk for w in draft.hunks] == [_delete(1), _insert(message("Sorry"), 4)]
    assert [w.verdict for w in draft.hunks] == [HunkVerdict.EDITED, HunkVerdict.PENDING]
    assert [w.number for w in draft.hunks] == [None, 1]


def test_kept_hunks_are_those_that_were_accepted_unchanged() -> None:
    draft = working.with_proposal(Draft(), _proposal(_delete(1), _delete(2), _insert(message("Sorry"), 4)))
    draft = working.decided(draft, 0, HunkVerdict.ACCEPTED)
    draft = working.decided(draft, 1, HunkVerdict.REJECTED)
    draft = working.step_written(draft, 2, message("Sorry!"))
    assert working.kept(draft) == (0,)
    assert [hunk.operator for hunk in working.changes(draft)] == [Operator.DELETE, Operator.INSERT]
    assert working.author(draft, "ann", _proposal()) == "ann"


def test_the_proposer_is_the_author_of_what_nobody_edited() -> None:
    draft = working.all_accepted(working.with_proposal(Draft(), _proposal(_delete(1))))
    assert working.author(draft, "ann", _proposal()) == "repair/1"


def test_every_kind_of_decision_has_a_name_to_be_read() -> None:
    names = [decision_name(kind) for kind in DecisionKind]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "_" in name]
