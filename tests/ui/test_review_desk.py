"""Guidelines beside the work follow their file, the rubric has its keys, and a reason can be kept."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from builders import opened
from desk import Desk, play
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from hitl_app.domain.guidelines import ItemKind, Occasion, Rubric, RubricItem
from hitl_app.ui.panes.guidelines import MarkdownView
from hitl_app.ui.panes.rubric import RubricPane
from hitl_app.ui.rating import RubricAtDesk
from hitl_app.ui.review_desk import ReviewDesk
from hitl_app.ui.state import DeskState
from hitl_app.ui.windows.reason import ReasonDialog

RUBRIC = Rubric("1", (RubricItem("policy", "Policy?"), RubricItem("clarity", "Clear?", ItemKind.SCALE, 1, 5)))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - a widget has no event to wait for
            await asyncio.sleep(0.01)


def test_guidelines_follow_their_file_and_what_is_wrong_with_it_is_said(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        window = QWidget()
        review = ReviewDesk(desk.workspace, desk.session, desk.session.report, window)
        await review.load()
        text, problems = review.guidelines.text, review.guidelines.problems
        assert "Look in this order" in text.toPlainText()
        items = desk.state.rubric.rubric.items
        assert [item.id for item in items][:2] == ["policy", "request"]
        folder = tmp_path / "guidelines"
        folder.mkdir()
        (folder / "guidelines.md").write_text("# Our <b>rules</b>\n", "utf-8")
        await until(lambda: text.toPlainText() == "Our <b>rules</b>")
        (folder / "rubric.toml").write_text("[[items]\n", "utf-8")
        await until(lambda: "rubric.toml, line 1" in problems.text())
        assert "mend it, or delete it" in desk.state.problem
        assert desk.state.rubric.rubric.items == items
        (folder / "rubric.toml").write_text('version = "2"\n', "utf-8")
        await until(lambda: not desk.state.rubric.rubric.items)
        assert problems.isHidden()
        await review.close()
        window.deleteLater()

    play(qapp, tmp_path, story, samples=False)


def test_own_words_can_be_kept_in_the_list_of_reasons(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        window = QWidget()
        review = ReviewDesk(desk.workspace, desk.session, desk.session.report, window)
        await review.load()
        review.ask_for_reason(Occasion.FLAG)
        (dialog,) = window.findChildren(ReasonDialog)
        assert not dialog.keep.isEnabled()
        dialog.words.setText("ask Kim")
        dialog.keep.setChecked(True)
        QTest.keyClick(dialog.words, Qt.Key.Key_Return)
        await until((tmp_path / "guidelines" / "reasons.toml").exists)
        found = await desk.workspace.guidelines.read()
        assert found.reasons[Occasion.FLAG][-1] == "ask Kim"
        await review.close()
        window.deleteLater()

    play(qapp, tmp_path, story, samples=False)


def test_a_link_is_opened_only_after_its_address_was_shown(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        window = QWidget()
        review = ReviewDesk(desk.workspace, desk.session, desk.session.report, window)
        review.ask_to_open(QUrl("file:///etc/passwd"))
        assert "Only web addresses" in desk.state.problem
        assert not window.findChildren(QMessageBox)
        review.ask_to_open(QUrl("https://exa\u0301mple.org/a b"))
        (box,) = window.findChildren(QMessageBox)
        assert box.informativeText().startswith("https://xn--")
        assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
        box.reject()
        window.deleteLater()

    play(qapp, tmp_path, story, samples=False)


def test_nothing_is_loaded_for_a_text_and_no_link_is_followed(qtbot: QtBot) -> None:
    view = MarkdownView()
    chosen: list[QUrl] = []
    qtbot.addWidget(view)
    view.link_chosen.connect(chosen.append)
    view.show_markdown("![x](x.png) <img src='x.png'> [a link](https://example.org/)")
    view.anchorClicked.emit(QUrl("https://example.org/"))
    assert chosen == [QUrl("https://example.org/")]
    assert view.source().isEmpty()
    assert "<img" in view.toPlainText()
    found = view.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("x.png"))
    assert isinstance(found, QImage)
    assert found.width() == 1


def test_each_item_of_the_rubric_has_its_digit_and_says_its_answer(qtbot: QtBot) -> None:
    pane = RubricPane()
    qtbot.addWidget(pane)
    toggled: list[str] = []
    answered: list[tuple[str, int]] = []
    pane.toggled.connect(toggled.append)
    pane.answered.connect(lambda item, value: answered.append((item, value)))
    pane.press(0)
    state = DeskState(rubric=RubricAtDesk(RUBRIC, {"clarity": 3}, {"policy": 1}))
    pane.render_state(state)
    pane.press(0)
    assert not toggled, "nothing is open"
    pane.render_state(DeskState(opened=opened(), rubric=state.rubric))
    pane.press(0)
    assert toggled == ["policy"]
    assert [row.answer for row in pane.rows] == ["◌", "3 of 5"]
    assert pane.rows[1].accessibleName() == "2. Clear? 3 of 5"
    assert "2 OF 2" not in pane.header.text
    menu = pane.menu_for(pane.rows[1])
    assert [action.isChecked() for action in menu.actions()] == [False, False, True, False, False]
    QTest.keyClick(menu, Qt.Key.Key_4)
    menu.actions()[4].trigger()
    assert answered[-1] == ("clarity", 5)
