"""Suggestions while one types: from the schema, and from what occurred earlier in the trajectory."""

import pytest
from builders import TOOLS, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hitl_app.domain.arguments import JsonPath
from hitl_app.domain.trajectory import action
from hitl_app.ui.editor.completion import Completion
from hitl_app.ui.editor.inputs import LineInput
from hitl_app.ui.editor.json_place import place_in
from hitl_app.ui.panes.hunk_editor import ArgumentsView, HunkEditor
from hitl_app.ui.step_text import pretty
from hitl_app.workflow.earlier_values import EarlierValues, occurrences

EARLIER = EarlierValues(occurrences(opened(), before=9))


@pytest.fixture
def editor(qtbot: QtBot) -> HunkEditor:
    made = HunkEditor()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.open(action("book_reservation", {}), 'book_reservation\n{"user_id": "x", "flights": []}', TOOLS)
    made.suggesting.earlier = EARLIER
    made.show()
    made.activateWindow()
    made.focus()
    qtbot.waitUntil(lambda: made.isAncestorOf(QApplication.focusWidget() or made.window()))
    return made


def offered(completion: Completion) -> list[str]:
    return [suggestion.text for suggestion in completion.offered]


def write_json(editor: HunkEditor, text: str) -> None:
    """Put a text into the JSON view, with the cursor where it has a bar."""
    editor.set_view(ArgumentsView.JSON)
    editor.body.setPlainText(text.replace("|", "", 1))
    cursor = editor.body.textCursor()
    cursor.setPosition(text.index("|"))
    editor.body.setTextCursor(cursor)
    editor.body.setFocus()


def ask(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)


def test_values_of_the_same_name_come_first_and_the_newest_before_older_ones() -> None:
    assert EARLIER.find("user_id")[0] == "james_lee_6136"
    assert EARLIER.find("flight_number")[0] == "HAT052"
    assert EARLIER.find("reservation_id", "xew") == ("XEWRD9",)
    assert EARLIER.find("anything", "gift") == ("gift_card_1712795",)
    assert EARLIER.find("amount", numbers=True) == (64,)
    assert not EarlierValues(occurrences(opened(), before=3)).find("user_id", "james"), "what comes later is not known"


def test_control_and_space_offers_values_and_return_takes_one(editor: HunkEditor) -> None:
    line = editor.form.group.fields["user_id"]
    assert isinstance(line, LineInput)
    line.clear()
    ask(line)
    assert offered(line.completion)[0] == "james_lee_6136"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "james_lee_6136"
    assert '"user_id": "james_lee_6136"' in editor.text()


def test_suggestions_come_while_one_types_and_tab_is_free_without_them(editor: HunkEditor, qtbot: QtBot) -> None:
    line = editor.form.group.fields["user_id"]
    assert isinstance(line, LineInput)
    line.clear()
    QTest.keyClicks(line, "xewr")
    qtbot.waitUntil(lambda: offered(line.completion) == ["XEWRD9"])
    with qtbot.assertNotEmitted(editor.cancelled):
        QTest.keyClick(line, Qt.Key.Key_Escape)
    assert offered(line.completion) == []
    QTest.keyClicks(line, "d")
    qtbot.waitUntil(lambda: offered(line.completion) == ["XEWRD9"])
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert line.text() == "xewrd", "none was chosen: Tab goes on"
    assert not line.hasFocus()


def test_names_are_offered_with_their_types_but_none_twice(editor: HunkEditor) -> None:
    write_json(editor, '{"user_id": "x", "or|": "y"}')
    ask(editor.body)
    assert offered(editor.body.completion) == ["origin"]
    QTest.keyClick(editor.body, Qt.Key.Key_Return)
    assert editor.body.toPlainText() == '{"user_id": "x", "origin": "y"}'


def test_values_are_offered_as_json(editor: HunkEditor) -> None:
    write_json(editor, '{"user_id": jam|}')
    ask(editor.body)
    QTest.keyClick(editor.body, Qt.Key.Key_Tab)
    assert editor.body.toPlainText() == '{"user_id": "james_lee_6136"}'


def test_return_breaks_the_line_where_nothing_is_offered(editor: HunkEditor) -> None:
    write_json(editor, '{"user_id": "x",|}')
    QTest.keyClick(editor.body, Qt.Key.Key_Return)
    assert editor.body.toPlainText() == '{"user_id": "x",\n}'


def test_tools_are_offered_by_any_part_of_their_name(editor: HunkEditor, qtbot: QtBot) -> None:
    line = editor.tool.lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "human")
    qtbot.waitUntil(lambda: offered(editor.tool_completion) == ["transfer_to_human_agents"])
    assert editor.tool_completion.offered[0].detail == "Hand over."
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert editor.tool.currentText() == "transfer_to_human_agents"


@pytest.mark.parametrize(
    ("before", "after", "path", "is_name", "typed"),
    [
        ("{", "", (), True, ""),
        ('{"a": 1, "b', '": 2}', (), True, "b"),
        ('{"a": "ja', 'mes"}', ("a",), False, "ja"),
        ('{"f": [{"x": 1}, {"y": tr', "", ("f", 1, "y"), False, "tr"),
        ('{"f": [1, ', "]}", ("f", 1), False, ""),
        ('{"a\\"b": "', "", ('a"b',), False, ""),
    ],
)
def test_the_place_of_the_cursor_is_known_in_unfinished_json(
    before: str, after: str, path: JsonPath, is_name: bool, typed: str
) -> None:
    place = place_in(before, after)
    assert place is not None
    assert (place.path, place.is_name, place.typed) == (path, is_name, typed)


@pytest.mark.parametrize("before", ["", '{"a": 1 ', '{"a": "x"', "{} "])
def test_after_a_finished_value_nothing_is_offered(before: str) -> None:
    assert place_in(before, "") is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='{}[]:,"\\ab1 \n', max_size=30), st.integers(0, 30))
def test_any_text_has_a_place_or_none(text: str, at: int) -> None:
    place = place_in(text[:at], text[at:])
    if place is not None:
        assert text[:at].endswith(place.before)
        assert text[at:].startswith(place.after)
        assert pretty(list(place.path))
