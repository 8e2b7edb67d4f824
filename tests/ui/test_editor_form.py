"""The form of a call's arguments: it shows every value, and gives back what it did not change."""

from collections.abc import Iterator
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hitl_app.domain.arguments import argument_problems
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.trajectory import action
from hitl_app.ui.editor.form import ArgumentForm, Group, ListGroup, ObjectGroup
from hitl_app.ui.editor.inputs import ChoiceInput, LineInput, NumberInput, SwitchInput, TextInput
from hitl_app.ui.editor.suggesting import Suggesting
from hitl_app.ui.panes.hunk_editor import ArgumentsView, HunkEditor
from hitl_app.ui.step_text import arguments_from_text, pretty

T = TypeVar("T")
SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "user_id": {"type": "string", "description": "Who books."},
        "cabin": {"type": "string", "enum": ["basic", "business"]},
        "insurance": {"type": "boolean"},
        "bags": {"type": "integer", "minimum": 0},
        "flights": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"number": {"type": "string"}, "date": {"type": "string"}},
                "required": ["number", "date"],
            },
        },
        "note": {"type": "string"},
    },
    "required": ["user_id", "flights"],
}
BOOKING: JsonObject = {
    "user_id": "mia_li_3668",
    "cabin": "basic",
    "insurance": False,
    "bags": 2,
    "flights": [{"number": "HAT1", "date": "2024-05-21"}],
    "note": "two\nlines",
    "left_over": {"deep": [[[1]]], "nothing": None},
}
TOOL = ToolSpec("book", "Books flights.", SCHEMA)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=90)
)
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)
names = st.sampled_from(["string", "integer", "number", "boolean", "array", "object", "null"])
schemas: st.SearchStrategy[JsonObject] = st.recursive(
    st.one_of(
        st.just({}),
        st.builds(lambda kind: {"type": kind}, st.one_of(names, st.lists(names, min_size=1, max_size=2))),
        st.builds(lambda choices: {"enum": choices}, st.lists(scalars, min_size=1, max_size=3)),
    ),
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(
            lambda properties: {"type": "object", "properties": properties, "required": list(properties)[:1]},
            st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
        ),
    ),
    max_leaves=4,
)
arguments = st.dictionaries(st.one_of(st.sampled_from("abcd"), st.text(max_size=6)), values, max_size=4)
some = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def editor(qtbot: QtBot) -> HunkEditor:
    made = HunkEditor()
    qtbot.addWidget(made)
    made.resize(500, 700)
    made.open(action("book", BOOKING), f"book\n{pretty(BOOKING)}", (TOOL, ToolSpec("look_up", "Finds bookings.")))
    made.show()
    return made


def field(editor: HunkEditor, kind: type[T], *path: str | int) -> T:
    found: object = editor.form.group
    for part in path:
        assert isinstance(found, Group)
        found = found.fields[part]
    assert isinstance(found, kind)
    return found


def problem_at(editor: HunkEditor, name: str) -> str:
    return editor.form.group.rows[name].problem.text()


@some
@given(schemas, arguments)
def test_a_form_that_was_not_touched_gives_back_what_it_was_made_of(
    qapp: QApplication, schema: JsonObject, value: JsonObject
) -> None:
    form = ArgumentForm(Suggesting())
    form.show_arguments({"type": "object", "properties": dict.fromkeys("abc", schema)}, value)
    assert form.group.json_text() == pretty(value)
    assert pretty(form.arguments()) == pretty(value)
    assert not form.group.unfinished()
    form.group.show_problems(argument_problems(form.group.schema, value, allow_unknown=False))


@some
@given(schemas, arguments, st.integers(0, 3))
def test_what_is_added_and_taken_out_again_leaves_the_rest_as_it_was(
    qapp: QApplication, schema: JsonObject, value: JsonObject, number: int
) -> None:
    form = ArgumentForm(Suggesting())
    form.show_arguments({"properties": {"new name": schema}}, dict(value))
    assert isinstance(form.group, ObjectGroup)
    form.group.add("new name")
    assert list(arguments_from_text(form.group.json_text())) == [*value, "new name"]
    form.group.remove("new name")
    assert form.group.json_text() == pretty(value)


def test_every_property_has_a_field_that_fits_it(editor: HunkEditor) -> None:
    kinds = {name: type(found) for name, found in editor.form.group.fields.items() if not isinstance(found, Group)}
    assert kinds == {
        "user_id": LineInput,
        "cabin": ChoiceInput,
        "insurance": SwitchInput,
        "bags": NumberInput,
        "note": TextInput,
    }
    row = editor.form.group.rows["user_id"]
    assert (row.name.text(), row.kind.text()) == ("user_id *", "string")
    spoken = field(editor, LineInput, "user_id")
    assert spoken.accessibleName() == "user_id, string, required"
    assert "Who books." in spoken.accessibleDescription()
    assert editor.form.group.rows["left_over"].kind.text() == "not in the schema"


def test_what_is_typed_in_a_field_changes_the_text_at_its_place(editor: HunkEditor) -> None:
    field(editor, LineInput, "flights", 0, "number").setText('HAT"2')
    field(editor, SwitchInput, "insurance").click()
    field(editor, ChoiceInput, "cabin").setCurrentIndex(1)
    expected = dict(BOOKING) | {"cabin": "business", "insurance": True}
    expected["flights"] = [{"number": 'HAT"2', "date": "2024-05-21"}]
    assert editor.text() == f"book\n{pretty(expected)}"


def test_what_is_no_number_is_kept_as_typed_and_never_a_value(editor: HunkEditor) -> None:
    bags = field(editor, NumberInput, "bags")
    bags.setText("2x")
    assert editor.text() == f"book\n{pretty(BOOKING)}".replace('"bags": 2', '"bags": 2x')
    assert editor.verdict.text() == "✕ bags: not a value yet, so nothing is tried"
    assert "not valid JSON" in problem_at(editor, "bags")
    bags.setText("-1")
    assert problem_at(editor, "bags") == "✕ bags must be at least 0, not -1"
    bags.setText("3")
    assert problem_at(editor, "bags") == ""


def test_what_one_field_says_of_several_arguments_becomes_their_fields(editor: HunkEditor) -> None:
    field(editor, NumberInput, "bags").setText('1, "extra": 2')
    assert field(editor, NumberInput, "bags").text() == "1"
    assert field(editor, NumberInput, "extra").text() == "2"


def test_arguments_are_added_and_removed(editor: HunkEditor) -> None:
    group = editor.form.group
    group.rows["left_over"].remove.click()
    group.rows["cabin"].remove.click()
    assert "left_over" not in group.rows
    assert group.rows["cabin"].add.isVisibleTo(editor)
    assert "cabin" not in arguments_from_text(editor.text().partition("\n")[2])
    group.rows["cabin"].add.click()
    assert arguments_from_text(editor.text().partition("\n")[2])["cabin"] == "basic"
    assert group.rows["user_id"].remove.isHidden(), "what is required stays"


def test_items_are_added_and_removed(editor: HunkEditor) -> None:
    flights = field(editor, ListGroup, "flights")
    flights.add_item.click()
    field(editor, LineInput, "flights", 1, "number").setText("HAT2")
    flights.rows[0].remove.click()
    assert arguments_from_text(editor.text().partition("\n")[2])["flights"] == [{"number": "HAT2", "date": ""}]
    assert flights.rows[0].name.text() == "[0]"


def test_both_views_show_the_same_and_broken_text_stays_json(editor: HunkEditor) -> None:
    field(editor, LineInput, "user_id").setText("ann")
    editor.toggle_view()
    assert '"user_id": "ann"' in editor.body.toPlainText()
    editor.body.setPlainText('{\n  "user_id": "bob",\n  "flights": ]\n}')
    editor.toggle_view()
    assert not editor.shows_form
    assert "line 3, column 14" in editor.verdict.text()
    assert editor.body.textCursor().blockNumber() == 2, "the cursor is where the text breaks"
    assert editor.body.extraSelections()
    editor.body.setPlainText('{"user_id": "bob", "flights": []}')
    assert not editor.body.extraSelections()
    editor.toggle_view()
    assert field(editor, LineInput, "user_id").text() == "bob"


def test_the_text_view_takes_back_what_the_form_wrote(editor: HunkEditor) -> None:
    editor.set_view(ArgumentsView.JSON)
    before = editor.text()
    editor.set_view(ArgumentsView.FORM)
    field(editor, LineInput, "user_id").setText("ann")
    editor.set_view(ArgumentsView.JSON)
    editor.body.undo()
    assert editor.text() == before


def test_another_tool_makes_another_form(editor: HunkEditor) -> None:
    editor.tool.setCurrentText("look_up")
    assert editor.form.group.rows["user_id"].kind.text() == "not in the schema"
    assert editor.text() == f"look_up\n{pretty(BOOKING)}"


def test_tab_walks_the_fields_in_the_order_in_which_they_are_read(editor: HunkEditor) -> None:
    def walk() -> Iterator[str]:
        editor.focus()
        for _ in range(6):
            focus = QApplication.focusWidget()
            assert focus is not None
            yield focus.accessibleName().partition(",")[0]
            QTest.keyClick(focus, Qt.Key.Key_Tab)

    editor.activateWindow()
    editor.form.group.rows["cabin"].remove.click()
    editor.form.group.rows["cabin"].add.click()
    assert list(walk()) == ["user_id", "cabin", "Remove cabin", "insurance", "Remove insurance", "bags"]
