"""Links of steps to the plan: seen beside the steps, set and taken back by keys, weighed at the approval."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import BASE, PLAN, STEPS, desk, inspection_of, opened
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_shell_window import play, until

from hitl_app.domain.decision import DecisionKind
from hitl_app.domain.following import PlanAlignment
from hitl_app.domain.team import ReviewPolicy
from hitl_app.domain.trajectory import PlanStep, Trajectory
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.models.plan import PlanRow, RowKind
from hitl_app.ui.panes.decision_bar import DecisionBar
from hitl_app.ui.panes.plan import PlanPane
from hitl_app.ui.pictures.alignment import AlignmentPicture
from hitl_app.ui.state import DeskState, Draft
from hitl_app.workflow.coordination import Coordination, PlanMeasure
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

ARABIC = "احجز الفندق " * 40


@pytest.fixture
def pane(qtbot: QtBot) -> PlanPane:
    made = PlanPane()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def shown(pane: PlanPane, *links: tuple[int, int | None], trajectory: Trajectory = BASE) -> list[PlanRow]:
    """The rows of a trajectory with links by people."""
    made: Opened = replace(opened(), trajectory=trajectory, inspection=inspection_of(trajectory, 0), links=dict(links))
    pane.render_state(replace(desk(Draft()), opened=made, candidate=None))
    model = pane.steps.rows
    return [model.plan_row(model.index(row)) for row in range(model.rowCount())]


def badges(rows: list[PlanRow], step: int) -> list[str]:
    return [text for _, text in next(row.badges for row in rows if row.step == step)]


def sections(rows: list[PlanRow]) -> list[tuple[str, str]]:
    return [(row.title, row.detail) for row in rows if row.kind is RowKind.SECTION]


def measured(alike: float | None, runs: int, base: PlanMeasure | None = None) -> Coordination:
    return Coordination(PlanMeasure(PLAN, runs, alike), PlanAlignment.of(BASE), base, ())


# -- the pane ----------------------------------------------------------------------------------------------------------


def test_links_that_the_recording_is_sure_of_need_no_words(pane: PlanPane) -> None:
    rows = shown(pane)
    assert sections(rows) == [(f"1  {PLAN[0].step}", "steps 0–6"), (f"2  {PLAN[1].step}", "steps 7–11")]
    assert not any("plan step" in text for row in rows for _, text in row.badges)


def test_links_by_hand_make_sections_and_say_so_at_the_step(pane: PlanPane) -> None:
    rows = shown(pane, (5, 1), (6, None))
    assert sections(rows)[1:] == [
        (f"2  {PLAN[1].step}", "steps 5–11 · linked by hand"),
    ]
    assert "plan step 2, by hand" in badges(rows, 5)
    assert "no plan step, by hand" in badges(rows, 6)
    assert "plan step 2, by hand" in next(row.spoken for row in rows if row.step == 5)


def test_actions_without_a_link_and_links_by_words_are_told_apart(pane: PlanPane) -> None:
    plan = (PlanStep("Look up the reservation details"), PlanStep(ARABIC))
    steps = tuple(replace(step, plan_step=1 if n == 9 else None) for n, step in enumerate(STEPS))
    rows = shown(pane, trajectory=Trajectory(BASE.task_id, steps, plan))
    assert badges(rows, 4)[0].startswith("by its words like plan step 1, ")
    assert "no plan step" in badges(rows, 5)
    assert "no plan step" not in badges(rows, 7), "a message carries out nothing by itself"
    assert sections(rows)[0][1].startswith("no steps · by its words like step 4, ")


def test_without_a_plan_nothing_is_said_of_links(pane: PlanPane) -> None:
    steps = tuple(replace(step, plan_step=None) for step in STEPS)
    rows = shown(pane, trajectory=Trajectory(BASE.task_id, steps))
    assert not any("plan" in text for row in rows for _, text in row.badges)
    assert sections(rows)[0][0] == "Turn 1"
    pane.header.show_coordination(None)
    assert pane.header.followed.isHidden()
    assert pane.header.executable.isHidden()


def test_the_badges_never_speak_of_success(pane: PlanPane) -> None:
    header = pane.header
    header.show_coordination(measured(0.9167, 3))
    assert header.executable.text() == "plan executable: 0.92 of 3 runs"
    assert header.followed.text() == "plan followed: 1.00"
    for badge in (header.executable, header.followed):
        assert badge.property("badge") == "muted", "no colour of success"
        assert "a good other way lowers it, too" in badge.accessibleDescription()
    header.show_coordination(measured(None, 1))
    assert header.executable.text() == "plan executable: not measured"
    assert "it takes two executions" in header.executable.toolTip()


def test_the_menu_offers_every_plan_step_by_its_number_and_marks_the_present_one(pane: PlanPane, qtbot: QtBot) -> None:
    shown(pane, (3, 1))
    menu = pane.links_for(3)
    qtbot.addWidget(menu)
    assert [action.text()[:2] for action in menu.actions()] == ["&N", "&1", "&2"]
    assert [action.isChecked() for action in menu.actions()] == [False, False, True]


def test_a_menu_is_gone_once_another_trajectory_is_on_the_desk(pane: PlanPane) -> None:
    shown(pane)
    pane.show_links(3)
    assert QApplication.activePopupWidget() is not None
    shown(pane, trajectory=replace(BASE, plan=PLAN[:1]))
    assert QApplication.activePopupWidget() is None


def test_the_weight_stands_small_at_the_approval_and_only_where_it_is_measured(qtbot: QtBot) -> None:
    bar = DecisionBar()
    qtbot.addWidget(bar)
    bar.render_state(DeskState())
    bar.show_weight(None)
    assert bar.weight.isHidden()
    bar.show_weight(measured(0.9167, 3))
    assert bar.weight.text() == "training weight: executor 1.00"
    bar.show_weight(measured(0.9167, 3, PlanMeasure((PlanStep("other"),), 2, 0.1429)))
    assert bar.weight.text() == "training weight: executor 1.00 · planner 0.89"
    assert "nothing about success" in bar.weight.toolTip()
    assert bar.weight.text() in bar.accessibleDescription()


def test_the_picture_of_the_plan_shows_links_by_hand(qapp: QApplication) -> None:
    picture = AlignmentPicture(BASE, alignment=PlanAlignment.of(BASE, {4: 1, 5: None}))
    rows = {row[0]: row for row in picture.table.rows}
    assert rows["4"][2:] == ("1", PLAN[1].step, "by hand")
    assert rows["5"][3] == "unplanned"


# -- at the desk -------------------------------------------------------------------------------------------------------


def test_two_keys_link_a_step_and_undo_takes_it_back_from_the_ledger(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        session, steps = window.session, window.plan.steps
        root_id = session.state.opened.row.root_id if session.state.opened else ""

        async def settled() -> dict[int, int | None]:
            await session.idle()
            await window.coordination.idle()
            assert session.state.opened is not None
            return dict(session.state.opened.links)

        await settled()
        steps.setFocus()
        session.select_step(8)
        assert window.plan.header.followed.text() == "plan followed: 1.00"
        QTest.keyClick(steps, Qt.Key.Key_T)
        menu = QApplication.activePopupWidget()
        assert menu is not None
        QTest.keyClick(menu, Qt.Key.Key_1)
        assert await settled() == {8: 0}
        assert session.state.message == "Saved: step 8 carries out plan step 1"
        window.activateWindow()  # which a window manager does once a menu is closed
        await until(window.isActiveWindow)
        for number in (5, 6):
            session.select_step(number)
            QTest.keyClick(steps, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
            await settled()
        assert window.plan.header.followed.text() != "plan followed: 1.00"
        assert window.proposal.bar.weight.text().startswith("training weight: executor 0.")
        for number in (6, 5):
            QTest.keyClick(steps, Qt.Key.Key_U)
            assert number not in await settled()
            assert session.state.selected_step == 6, "the next key is about the same step as before"
        assert session.state.message == "Undone: link to the plan"
        kinds = [entry.decision.kind for entry in await workspace.review.entries(root_id)]
        assert kinds == [DecisionKind.LINK] * 3 + [DecisionKind.UNDO] * 2
        assert session.state.draft.hunks == (), "a link changes nothing of the trajectory"
        await workspace.review.link(root_id, 9, 0, Maker("bo"))
        session.set_policy(ReviewPolicy(blind=True))
        assert 9 not in await settled(), "others' links are hidden from the blind"

    play(qapp, tmp_path, story)
