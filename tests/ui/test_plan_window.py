"""Plans over time: what is locked stays, what is new is seen, and a plan is written anew with the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from hitl_app.domain.proposal import Proposal
from hitl_app.domain.replan import Replan, carried_out, check_replan
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Trajectory, action, message
from hitl_app.ui import plan_writing
from hitl_app.ui.panes.plan_table import MARK, STEP, STEPS, span_words
from hitl_app.ui.windows.plan_versions import PlanWindow

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def plan(*words: str) -> tuple[PlanStep, ...]:
    return tuple(map(PlanStep, words))


RUN = Trajectory(
    "task",
    (message("Go", "user"), *(action("do", {"n": n}, plan_step=n // 2) for n in range(6))),
    plan("Look", "Choose <b>one</b>", "Book"),
    earlier=(EarlierPlan(3, plan("Look", "Pay")),),
)


@pytest.fixture
def window(qtbot: QtBot) -> PlanWindow:
    made = PlanWindow()
    qtbot.addWidget(made)
    made.show()
    return made


def column(window: PlanWindow, number: int) -> list[str]:
    items = (window.table.item(row, number) for row in range(window.table.rowCount()))
    return [item.text() for item in items if item is not None]


def test_each_plan_is_shown_with_the_steps_under_it_and_what_differs_from_the_one_before(window: PlanWindow) -> None:
    window.show_plans("A trip", RUN, [])
    assert [window.list.item(row).text() for row in range(window.list.count())] == [
        "P(0) · steps 0–2",
        "P(1) · steps 3–6 · 2 changed",
    ]
    assert column(window, MARK) == ["▪ locked", "~ changed", "+ new"]
    assert column(window, STEP) == ["Look", "Choose <b>one</b>", "Book"]  # as it is written
    assert column(window, STEPS) == ["1–2", "3–4", "5–6"]
    assert not window.accept.isVisible()


def test_a_proposed_plan_is_shown_first_and_cannot_be_accepted_with_faults(window: PlanWindow, qtbot: QtBot) -> None:
    good = Proposal(RUN.id, (), "planner", replan=Replan(5, plan("Look", "Choose <b>one</b>", "Wait", "Book")))
    window.show_plans("A trip", RUN, [(good, ())])
    assert column(window, MARK) == ["▪ locked", "▪ locked", "+ new", ""]
    with qtbot.waitSignal(window.accept_requested) as accepted:
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert accepted.args == [good.id]
    window.show_plans("A trip", RUN, [(good, ("plan step 3 quotes what was seen later",))])
    assert not window.accept.isEnabled()
    assert window.reject.isEnabled()
    assert "seen later" in window.note.text()


def test_a_plan_is_written_anew_from_a_step_on(window: PlanWindow) -> None:
    window.show_plans("A trip", RUN, [])
    window.at.setValue(3)
    window.write.click()
    locked = window.table.item(0, STEP)
    assert locked is not None
    assert not locked.flags() & Qt.ItemFlag.ItemIsEditable
    window.add.click()
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "Compare")
    saved = list[Replan]()
    window.save_requested.connect(saved.append)
    window.save.click()
    (replan,) = saved
    assert [step.step for step in replan.plan] == ["Look", "Choose <b>one</b>", "Compare", "Book"]
    assert dict(replan.links) == {3: 1, 4: 1, 5: 3, 6: 3}
    check_replan(RUN, replan)
    window.cancel.click()
    assert not window.writing
    assert column(window, STEP) == ["Look", "Choose <b>one</b>", "Book"]


def test_what_is_being_written_stays_while_proposals_come(window: PlanWindow) -> None:
    window.show_plans("A trip", RUN, [])
    window.write.click()
    window.add.click()
    window.show_plans("A trip", RUN, [(Proposal(RUN.id, (), "planner", replan=Replan(0, plan("Other"))), ())])
    assert window.writing
    assert len(column(window, STEP)) == 4


def test_a_trajectory_without_a_plan_says_what_can_be_done(window: PlanWindow) -> None:
    window.show_plans("A trip", Trajectory("task", RUN.steps[:1]), [])
    assert "no plan yet" in window.note.text()
    assert not window.ground.isEnabled()  # nothing was done that a plan could be made of
    window.write.click()
    assert column(window, STEP) == [""]


def test_steps_are_named_in_spans() -> None:
    assert span_words((1, 2, 3, 7, 9, 10)) == "1–3, 7, 9–10"
    assert span_words(()) == ""


@given(
    st.integers(0, 7),
    st.lists(
        st.tuples(st.sampled_from(["insert", "remove", "swap"]), st.integers(0, 9), st.integers(0, 9)), max_size=6
    ),
)
def test_writing_leaves_alone_what_was_carried_out_and_keeps_every_link_with_its_plan_step(
    at: int, changes: list[tuple[str, int, int]]
) -> None:
    at = 0 if 0 < at < 3 else at  # before the last new plan nothing is planned anew
    replan, locked = plan_writing.begun(RUN, at), carried_out(RUN, at)
    for kind, place, other in changes:
        open_places = range(locked, len(replan.plan))
        if kind == "insert":
            replan = plan_writing.inserted(replan, min(max(place, locked), len(replan.plan)))
        elif place in open_places and kind == "remove" and len(replan.plan) > 1:
            replan = plan_writing.removed(replan, place)
        elif place in open_places and other in open_places:
            replan = plan_writing.swapped(replan, place, other)
    named = Replan(replan.at, tuple(step if step.step else PlanStep("x") for step in replan.plan), replan.links)
    check_replan(RUN, named)
    for step, plan_step in named.links:
        before = RUN.steps[step].plan_step
        assert plan_step is None or (before is not None and named.plan[plan_step] == RUN.plan[before])
