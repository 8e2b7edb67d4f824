"""The plan shows every step, what became of it, and what the hunks would change."""

from dataclasses import replace

import pytest
from builders import BASE, BEFORE, BOOKING, CAUSE, DELETE, REPLACE, STEPS, desk, long_run, opened, working
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.inspection import ExecutedStep, Observation, StepStatus
from hitl_app.domain.trajectory import Recorded, Trajectory, action
from hitl_app.ui.models.plan import PlanRow, RowKind
from hitl_app.ui.panes.json_view import Part, format_parts
from hitl_app.ui.panes.plan import PlanPane
from hitl_app.ui.state import DeskState, Draft, HunkVerdict


@pytest.fixture
def pane(qtbot: QtBot) -> PlanPane:
    made = PlanPane()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def rows(pane: PlanPane) -> list[PlanRow]:
    model = pane.steps.rows
    return [model.plan_row(model.index(row)) for row in range(model.rowCount())]


def row_of(pane: PlanPane, step: int) -> PlanRow:
    return next(row for row in rows(pane) if row.step == step)


def test_steps_stand_under_the_plan_step_that_they_carry_out(pane: PlanPane) -> None:
    pane.render_state(desk(Draft()))
    sections = [(row.title, row.detail) for row in rows(pane) if row.kind is RowKind.SECTION]
    assert sections == [
        ("1  Understand the request and the booking", "steps 0–6"),
        ("2  Carry out what the policy allows", "steps 7–11"),
    ]
    assert [row.step for row in rows(pane) if row.kind is RowKind.STEP] == list(range(len(STEPS)))


def test_without_a_plan_the_turns_of_the_user_are_the_sections(pane: PlanPane) -> None:
    steps = tuple(replace(step, plan_step=None) for step in STEPS)
    pane.render_state(DeskState(opened=opened(Trajectory(BASE.task_id, steps), None)))
    assert [row.title for row in rows(pane) if row.kind is RowKind.SECTION] == [f"Turn {n}" for n in range(1, 6)]


def test_the_validated_prefix_is_locked_and_the_earliest_cause_named(pane: PlanPane) -> None:
    pane.render_state(desk(Draft()))
    assert [row.step for row in rows(pane) if row.locked] == list(range(CAUSE))
    cause = row_of(pane, CAUSE)
    assert cause.cause
    assert any(text.startswith("earliest cause: The database") for _, text in cause.notes)
    assert [text for _, text in cause.badges] == ["goal 1", "1 note"]


def test_a_blame_that_a_person_moved_says_so(pane: PlanPane) -> None:
    pane.render_state(DeskState(opened=opened(annotations=Annotations(blame=7))))
    assert row_of(pane, 7).notes[0][1] == "earliest cause, named by a person"
    assert not row_of(pane, CAUSE).cause


def test_what_the_hunks_change_is_marked_and_rejected_hunks_change_nothing(pane: PlanPane) -> None:
    pane.render_state(desk(working()))
    assert row_of(pane, CAUSE).struck
    added = [row for row in rows(pane) if row.kind is RowKind.ADDED]
    assert [row.title.split("(")[0] for row in added] == ["transfer_to_human_agents"]
    assert ("accent", "deleted") in row_of(pane, 10).notes
    pane.render_state(desk(working(HunkVerdict.REJECTED, HunkVerdict.REJECTED)))
    assert not any(row.struck or row.kind is RowKind.ADDED for row in rows(pane))


def test_each_outcome_of_a_step_has_its_own_sign(pane: PlanPane) -> None:
    executed = list(BEFORE.execution.steps)
    executed[4] = ExecutedStep(StepStatus.FAILED, Observation("Error: no such reservation", failed=True), True, False)
    executed[5] = ExecutedStep(StepStatus.OK, Observation("[]"), True, False)
    executed[6] = ExecutedStep(StepStatus.OK, Observation("recorded"), False, None)
    execution = replace(BEFORE.execution, steps=tuple(executed))
    pane.render_state(DeskState(opened=opened(inspection=replace(BEFORE, execution=execution))))
    assert [row_of(pane, step).glyph for step in (4, 5, 6, CAUSE)] == ["✕", "≠", "○", "●"]
    assert len({row_of(pane, step).glyph for step in range(len(STEPS))}) == 5


def test_messages_that_an_edit_carried_over_are_marked(pane: PlanPane) -> None:
    revised = replace(BASE, carried_over=frozenset({11}), parent_id=BASE.id)
    pane.render_state(DeskState(opened=opened(revised)))
    assert row_of(pane, 11).notes[-1][1].startswith("carried over")


def test_everything_a_row_shows_can_be_heard(pane: PlanPane) -> None:
    pane.render_state(desk())
    model = pane.steps.rows
    index = model.index(model.row_of_step(CAUSE) or 0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    for words in ("step 9", "book_reservation", "goal 1", "1 note", "earliest cause", "replaced"):
        assert words in spoken


def test_arrows_walk_over_steps_and_skip_headings(pane: PlanPane, qtbot: QtBot) -> None:
    state = desk(Draft())
    pane.render_state(replace(state, selected_step=6))
    with qtbot.waitSignal(pane.step_selected) as told:
        QTest.keyClick(pane.steps, Qt.Key.Key_Down)
    assert told.args == [7]


def test_rendering_a_selection_does_not_ask_for_it_again(pane: PlanPane, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(pane.step_selected):
        pane.render_state(desk())
        pane.render_state(replace(desk(), selected_step=3))
    assert pane.steps.rows.plan_row(pane.steps.currentIndex()).step == 3


def test_letters_stay_shortcuts(pane: PlanPane, qtbot: QtBot) -> None:
    pane.render_state(desk())
    with qtbot.assertNotEmitted(pane.step_selected):
        QTest.keyClicks(pane.steps, "ab")


def test_space_folds_the_arguments_and_the_observation_out(pane: PlanPane, qtbot: QtBot) -> None:
    pane.render_state(desk(Draft()))
    QTest.keyClick(pane.steps, Qt.Key.Key_Space)
    assert pane.detail.isVisible()
    shown = pane.detail.text.toPlainText()
    assert '"user_id": "james_lee_6136"' in shown
    assert '"reservation_id": "HATHAT"' in shown
    QTest.keyClick(pane.detail, Qt.Key.Key_Space)
    assert not pane.detail.isVisible()


def test_only_json_is_coloured_and_headings_stand_out() -> None:
    parts = (Part("THOUGHT", "null is 3\nor true"), Part("ARGUMENTS", {"n": 3}), Part("OBSERVATION", "[true]"))
    formatted = format_parts(parts)
    lines = formatted.text.split("\n")
    assert len(lines) == len(formatted.spans)
    coloured = {line: [tone for _, _, tone in spans] for line, spans in zip(lines, formatted.spans, strict=True)}
    assert coloured["THOUGHT"] == coloured["OBSERVATION"] == ["muted"]
    assert coloured["null is 3"] == coloured["or true"] == []
    assert coloured['  "n": 3'] == ["accent", "warning"]


def test_a_long_observation_is_cut_until_all_of_it_is_asked_for(pane: PlanPane, qtbot: QtBot) -> None:
    run = long_run(steps=2, size=400_000)
    pane.render_state(DeskState(opened=run, selected_step=1))
    pane.toggle_detail()
    qtbot.waitUntil(lambda: bool(pane.detail.text.toPlainText()))
    cut = len(pane.detail.text.toPlainText())
    assert cut == 20_000
    button = pane.detail._all
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(pane.detail.text.toPlainText()) > 400_000, timeout=10_000)
    assert not button.isVisible()


def test_only_the_newest_detail_arrives(pane: PlanPane, qtbot: QtBot) -> None:
    run = long_run(steps=3, size=100_000)
    pane.toggle_detail()
    for step in (0, 1, 2):
        pane.render_state(DeskState(opened=run, selected_step=step))
    qtbot.waitUntil(lambda: '"number": 2' in pane.detail.text.toPlainText())


def test_the_selected_one_of_a_thousand_long_steps_is_shown(pane: PlanPane, qtbot: QtBot) -> None:
    run = long_run(steps=1000, size=20_000)
    pane.render_state(DeskState(opened=run, selected_step=900))
    model = pane.steps.rows
    index = model.index(model.row_of_step(900) or 0)
    qtbot.waitUntil(lambda: pane.steps.viewport().rect().intersects(pane.steps.visualRect(index)))


def test_the_menu_offers_what_can_be_done_with_a_step(pane: PlanPane, qtbot: QtBot) -> None:
    pane.render_state(desk())
    menu = pane.menu_for(CAUSE)
    actions = {entry.text(): entry for entry in menu.actions()}
    for words, signal, args in (
        ("Edit step", pane.edit_requested, [CAUSE]),
        ("Delete step", pane.delete_requested, [CAUSE]),
        ("Insert call before", pane.insert_requested, [CAUSE]),
        ("Move step up", pane.move_requested, [CAUSE, CAUSE - 1]),
        ("Move step down", pane.move_requested, [CAUSE, CAUSE + 2]),
        ("Move blame to step", pane.blame_requested, [CAUSE]),
    ):
        with qtbot.waitSignal(signal) as told:
            actions[words].trigger()
        assert told.args == args
    assert not {e.text(): e for e in pane.menu_for(0).actions()}["Move step up"].isEnabled()


def test_text_of_tools_is_shown_as_it_is(pane: PlanPane) -> None:
    evil = action("find", {"q": "<img src=x>\u202e"}, expected=Recorded("<b>bold</b>\x00\x1b[31m"))
    pane.render_state(DeskState(opened=opened(Trajectory(BASE.task_id, (evil, BOOKING)), None)))
    assert row_of(pane, 0).detail == "recorded: <b>bold</b>[31m"
    assert "<img src=x>" in row_of(pane, 0).title


def test_the_header_says_where_the_run_comes_from(pane: PlanPane) -> None:
    pane.render_state(desk())
    assert pane.header.title.whole_text == "Change the return ATL→LAX to a nonstop ATL→LAS"
    assert pane.header.meta.whole_text == "task 13 · tau2 airline · recorded by gpt-5 · replayed 4 · 4 of 4 identical"
    assert pane.header.verdict.text() == "✕ not verified"
    assert pane.header.revision.text() == "revision 0"
    assert pane.header.synthetic.isHidden()
    made = replace(opened(), task=replace(opened().task, synthetic=True))
    pane.render_state(DeskState(opened=made))
    assert pane.header.synthetic.text() == "SYNTHETIC"


def test_an_empty_desk_says_so(pane: PlanPane) -> None:
    pane.render_state(desk())
    pane.render_state(DeskState())
    assert pane.header.title.whole_text == "Nothing is open"
    assert rows(pane) == []


def test_hunks_that_move_or_insert_stand_where_they_put_steps(pane: PlanPane) -> None:
    moved = replace(DELETE, operator=REPLACE.operator.MOVE, after=DELETE.before, to=2)
    pane.render_state(desk(working(hunks=(moved,))))
    shown = rows(pane)
    place = next(n for n, row in enumerate(shown) if row.kind is RowKind.ADDED)
    assert shown[place + 1].step == 2
    assert ("accent", "moved in front of step 2") in row_of(pane, 10).notes


def test_every_row_is_as_high_as_what_is_painted_in_it(pane: PlanPane) -> None:
    steps = tuple(action("meal", {"name": "x" * n}, expected=Recorded("{}")) for n in range(40, 140))
    trajectory = Trajectory(BASE.task_id, steps)
    pane.render_state(DeskState(opened=opened(trajectory, None)))
    view = pane.steps
    view.doItemsLayout()
    assert view.verticalScrollBar().maximum() > 0
    fonts = view.painter._fonts_for(view.font())
    for number in range(view.rows.rowCount()):
        row, area = view.rows.plan_row(view.rows.index(number)), view.visualRect(view.rows.index(number))
        if row.kind is RowKind.STEP:
            lines = fonts.title_lines(row, fonts.text_width(row, area.width()))
            fits = fonts.mono_metrics.horizontalAdvance(row.title) <= fonts.text_width(row, area.width())
            assert lines == (1 if fits else 2)
            assert area.height() > (lines + 1) * fonts.mono_metrics.height()
            assert area.height() < (lines + 2) * fonts.mono_metrics.height()
