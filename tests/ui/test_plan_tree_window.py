"""Plan trees: drawn and walked by keys, shown with what a refinement changed, and searched for from their window."""

import asyncio
from itertools import combinations
from pathlib import Path

import pytest
from grown_trees import FIRST, LONGER, REFINED, nodes
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_shell_window import play

from hitl_app.domain.plan_tree import PlanNode, PlanRollout, PlanTree
from hitl_app.domain.trajectory import PlanStep
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.run_form import Choices
from hitl_app.ui.pictures.drawing import Drawing
from hitl_app.ui.pictures.export import FileKind, export_font, file_bytes
from hitl_app.ui.pictures.picture import Page, Way
from hitl_app.ui.pictures.plan_tree import PlanTreePicture
from hitl_app.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme
from hitl_app.ui.windows.plan_trees import PlanTreesWindow, TreeLine
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

TREE = PlanTree(nodes("task", ["one", "two", "three"]))
HOSTILE = "<b>行程</b> \u202eabc\x00 " + "很长的计划 " * 60


def large(count: int = 60) -> PlanTree:
    """A tree in which every third plan has two below it."""
    parents = [None, *((number - 1) // 2 for number in range(1, count))]
    rollouts = (PlanRollout("x", 0.5, True),)
    return PlanTree([PlanNode("task", n, above, (PlanStep(HOSTILE),), rollouts) for n, above in enumerate(parents)])


def painted(picture: PlanTreePicture, theme: Theme = LIGHT, *, mirrored: bool = False) -> QImage:
    font = export_font()
    size = picture.size(font).toSize()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.window))
    area, painter = QRectF(0, 0, size.width(), size.height()), QPainter(image)
    picture.paint(Drawing(painter, theme, area, font, mirrored=mirrored), Page(area, font, mirrored))
    painter.end()
    return image


@pytest.fixture
def window(qtbot: QtBot) -> PlanTreesWindow:
    made = PlanTreesWindow()
    qtbot.addWidget(made)
    made.tree_chosen.connect(lambda _: made.show_tree(TREE, stay=False))
    made.shown.connect(made.show_loading)
    made.show_page(made.trees)
    return made


def filled(window: PlanTreesWindow) -> PlanTreesWindow:
    window.show_trees([TreeLine("a", "Two days in Selkmont", 4, True, "2026-01-31 12:00")])
    return window


def rows(window: PlanTreesWindow) -> list[list[str]]:
    table = window.node.plan
    cells = [[table.item(row, column) for column in range(3)] for row in range(table.rowCount())]
    return [[cell.text() if cell is not None else "" for cell in row] for row in cells]


# -- the picture -------------------------------------------------------------------------------------------------------


def test_sixty_plans_have_places_of_their_own_inside_of_the_picture(qapp: QApplication) -> None:
    picture = PlanTreePicture(large())
    size = picture.size(export_font())
    page = Page(QRectF(0, 0, size.width(), size.height()), export_font())
    places = [mark.place for mark in picture.marks(page)]
    assert all(page.area.contains(place) for place in places)
    assert not any(one.intersects(other) for one, other in combinations(places, 2))


@pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH_CONTRAST], ids=lambda theme: theme.name)
def test_a_tree_is_painted_in_every_theme_and_direction(qapp: QApplication, theme: Theme) -> None:
    shown = painted(PlanTreePicture(TREE, 1), theme)
    assert shown != painted(PlanTreePicture(TREE, 2), theme), "the selected plan can be seen"
    assert shown != painted(PlanTreePicture(TREE, 1), theme, mirrored=True)
    assert shown.pixelColor(0, 0) == QColor(theme.window)


def test_how_a_rollout_ended_is_told_without_colour(qapp: QApplication) -> None:
    def grey(rollout: PlanRollout) -> bytes:
        tree = PlanTree([PlanNode("task", 0, None, FIRST, (rollout, PlanRollout("b", 0.5, True)))])
        return bytes(painted(PlanTreePicture(tree)).convertToFormat(QImage.Format.Format_Grayscale8).constBits())

    ended = (PlanRollout("a", 0.5, True), PlanRollout("a", 1.0, False), PlanRollout("a", None, False))
    assert len({grey(rollout) for rollout in ended}) == 3


def test_a_tree_says_in_words_and_as_a_table_what_it_shows(qapp: QApplication) -> None:
    picture = PlanTreePicture(TREE)
    values = TREE.values
    assert f"plan 0: Q {values[0].q:.2f}, N 4, UCB {values[0].ucb:.2f}, c_p 0.92, rollouts 3, verified 1" in (
        picture.description
    )
    assert "plan 1, refined from rollout 1 of plan 0" in picture.description
    assert "plan 3, refined from rollout 1 of plan 1: Q –, N 1, UCB –, c_p –" in picture.description
    assert [row[-1] for row in picture.table.rows] == ["", "", "yes", ""], "the best one"
    assert PlanTreePicture(PlanTree([])).table.rows == ()
    assert b"refined from" in file_bytes(picture, FileKind.SVG)


def test_arrows_lead_to_the_plan_above_below_and_beside(qapp: QApplication) -> None:
    picture = PlanTreePicture(TREE)
    assert [picture.neighbour(0, way) for way in Way] == [0, 1, 0, 0]
    assert picture.neighbour(1, Way.DOWN) == 2
    assert picture.neighbour(2, Way.UP) == 1
    assert picture.neighbour(1, Way.FORTH) == 3
    assert picture.neighbour(3, Way.BACK) == 1


# -- the window --------------------------------------------------------------------------------------------------------


def test_before_there_is_a_tree_the_window_says_what_one_is_and_leads_to_a_search(window: PlanTreesWindow) -> None:
    assert "Reading" in window.empty.text()
    window.show_trees([])
    assert "no plan tree yet" in window.empty.text()
    assert window.begin.isVisible()
    window.begin.click()
    assert window.pages.currentWidget() is window.form
    assert not window.form.start.isEnabled()
    assert "no task" in window.form.hint.text()


def test_the_best_plan_is_shown_first_and_keys_lead_to_the_others(window: PlanTreesWindow) -> None:
    view = filled(window).panel.view
    assert window.selected == 2
    assert view.hasFocus()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert window.selected == 0
    assert window.node.plan.isColumnHidden(0), "the first plan changes nothing"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert window.selected == 1
    assert "plan 1, refined from rollout 1 of plan 0" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert window.node.rollouts.hasFocus()


def test_a_plan_stands_beside_the_one_that_it_was_refined_from(window: PlanTreesWindow) -> None:
    filled(window).panel.view.select(1)
    node = window.node
    assert node.title.text() == "Plan 1, refined from plan 0"
    assert node.why.text() == "the hotel has to be near what is visited"
    assert rows(window) == [
        ["", "1", FIRST[0].step],
        ["− removed", "", FIRST[1].step],
        ["+ new", "2", REFINED[1].step],
        ["", "3", FIRST[2].step],
    ]
    assert node.executable.text() == "plan executable: 0.50 of 2 runs"
    assert "no measure of success" in node.executable.accessibleDescription()
    window.panel.view.select(3)
    assert node.executable.text() == "plan executable: not measured"
    assert "Those of this one: 1" in node.executable.toolTip()


def test_only_a_failed_rollout_can_be_refined_from_and_only_while_nothing_runs(
    window: PlanTreesWindow, qtbot: QtBot
) -> None:
    node = filled(window).node
    assert not node.refine.isEnabled(), "the best plan is verified each time"
    assert node.refine.accessibleDescription()
    window.panel.view.select(1)
    node.rollouts.go_to("one")
    with qtbot.waitSignal(node.refine_requested) as asked:
        node.refine.click()
    assert asked.args == [1, "one"]
    with qtbot.waitSignal(node.open_requested) as opened:
        QTest.keyClick(node.rollouts, Qt.Key.Key_Return)
    assert opened.args == ["one"]
    window.show_progress("Searching", going=True, free=False)
    assert not node.refine.isEnabled()
    assert window.stop.isVisible()


def test_the_selected_plan_stays_while_the_tree_grows(window: PlanTreesWindow) -> None:
    filled(window).panel.view.select(1)
    grown = PlanTree([*TREE.nodes, PlanNode("task", 4, 1, LONGER, (PlanRollout("two", 1.0, False),), "one")])
    window.show_tree(grown, stay=True)
    assert window.selected == 1
    assert len(window.panel.view.marks) == 5


def test_the_whole_of_a_large_tree_fits_on_request_and_comes_back(window: PlanTreesWindow) -> None:
    filled(window).resize(1000, 700)
    window.show_tree(large(), stay=False)
    before = window.panel.view.sizeHint()
    window.fit.click()
    assert window.panel.view.zoom < 1
    assert window.panel.view.sizeHint().height() < before.height()
    for _ in range(10):
        window.zoom_in.click()
    assert window.panel.view.zoom > 1


def test_texts_of_any_length_and_script_stay_plain_and_inside(window: PlanTreesWindow) -> None:
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window.show_trees([TreeLine("a", HOSTILE, 60, None, "2026-01-31 12:00")])
    window.show_tree(large(), stay=False)
    window.resize(900, 600)
    window.panel.view.setFocus()
    QTest.keyClick(window.panel.view, Qt.Key.Key_Left)
    assert window.selected == 1, "forth is to the left"
    item = window.list.topLevelItem(0)
    assert item is not None
    assert "\x00" not in item.text(0)
    assert window.width() <= 900


def test_a_search_by_a_model_has_ceilings_and_one_offline_has_none(window: PlanTreesWindow) -> None:
    form = window.form
    form.show_choices(Choices("id", HOSTILE, "", 3, 3))
    assert form.start.isEnabled()
    assert not form.model.isEnabled()
    assert not form.ceilings.tokens.isEnabled()
    form.rollouts.setValue(5)
    form.all.setChecked(True)
    wanted = form.wanted
    assert (wanted.all_tasks, wanted.by_model, wanted.rollouts, wanted.budget.tokens) == (True, False, 5, None)
    form.show_choices(form.choices, going=True)
    assert not form.start.isEnabled()


# -- at the desk -------------------------------------------------------------------------------------------------------


def test_a_search_begins_in_the_window_and_its_rollouts_open_at_the_desk(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: MainWindow, workspace: Workspace) -> None:
        for root_id in await workspace.library.root_ids():
            if (await workspace.library.open(root_id)).proposals:
                desk.session.open(root_id)
        await desk.session.idle()
        desk.actions_by_id["plan_trees"].trigger()
        await desk.plan_trees.idle()
        window = desk.plan_trees.window
        assert window is not None
        window.begin.click()
        await desk.plan_trees.idle()
        window.form.start.click()
        await desk.plan_trees.idle()
        await desk.run_desk.runs.idle()
        await asyncio.sleep(0)
        await desk.plan_trees.idle()
        assert window.progress.text().startswith("The search has ended: 1 of 1 tasks")
        (grown,) = await workspace.searching.trees()
        assert len(grown.tree.nodes) > 1
        assert window.list.topLevelItemCount() == 1
        window.panel.view.select(1)
        window.node.open.click()
        await desk.session.idle()
        assert desk.session.state.opened is not None
        assert desk.session.state.opened.trajectory.id == grown.tree.nodes[1].rollouts[0].trajectory_id
        window.panel.view.select(0)
        window.node.refine.click()
        await desk.run_desk.runs.idle()
        await asyncio.sleep(0)
        await desk.plan_trees.idle()
        assert "no other plan was found" in window.progress.text()
        closed: list[bool] = []
        desk.closed.connect(lambda: closed.append(True))
        window.activateWindow()
        QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
        assert closed

    play(qapp, tmp_path, story)
