"""The proposal: hunks, the editor, and the decision."""

from dataclasses import replace

import pytest
from builders import (
    ARGUMENT,
    BASE,
    BOOKING,
    CAUSE,
    PROPOSAL,
    REPLACE,
    STEPS,
    TRANSFER,
    candidate_of,
    desk,
    inspection_of,
    opened,
    refused,
    working,
)
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.trajectory import message
from hitl_app.ui.panes.hunk_editor import ArgumentsView
from hitl_app.ui.panes.proposal import ProposalPane
from hitl_app.ui.state import Activity, DeskState, Draft, HunkVerdict, WorkingHunk
from hitl_app.ui.step_text import step_from_text, text_of_step
from hitl_app.ui.theme import LIGHT, apply_theme

DONE = (HunkVerdict.ACCEPTED, HunkVerdict.ACCEPTED)


@pytest.fixture
def pane(qtbot: QtBot) -> ProposalPane:
    made = ProposalPane()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def editing(hunk: Hunk, text: str) -> DeskState:
    draft = replace(working(hunks=(hunk,)), editing=0, text=text)
    return desk(draft)


def test_each_hunk_is_a_card_with_what_it_does_and_answers(pane: ProposalPane) -> None:
    pane.render_state(desk())
    assert [card.operator.text() for card in pane.cards] == ["replace 9", "delete 10"]
    assert pane.cards[0].answers.whole_text == "answers database · not allowed"
    assert "book_reservation" in pane.cards[0].before.toPlainText()
    assert "transfer_to_human_agents" in pane.cards[0].after.toPlainText()
    assert pane.header.text == "PROPOSAL · REPAIR/1 · 14 TRIED HUNK 1 OF 2"


def test_every_verdict_has_a_glyph_and_a_word(pane: ProposalPane) -> None:
    seen = set()
    for verdict in HunkVerdict:
        pane.render_state(desk(working(verdict)))
        seen.add(pane.cards[0].verdict.text())
    assert len(seen) == len(HunkVerdict)
    assert all(text[0] in "◌✓✎✕" and len(text) > 2 for text in seen)


def test_buttons_and_clicks_name_the_hunk(pane: ProposalPane, qtbot: QtBot) -> None:
    pane.render_state(desk())
    card = pane.cards[1]
    for button, signal in (
        (card.accept_button, pane.accept_hunk),
        (card.edit_button, pane.edit_hunk),
        (card.reject_button, pane.reject_hunk),
    ):
        with qtbot.waitSignal(signal) as told:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert told.args == [1]
    with qtbot.waitSignal(pane.hunk_selected) as told:
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert told.args == [1]


def test_arrows_walk_from_hunk_to_hunk(pane: ProposalPane, qtbot: QtBot) -> None:
    pane.render_state(desk())
    with qtbot.waitSignal(pane.hunk_selected) as told:
        QTest.keyClick(pane.cards[0], Qt.Key.Key_Down)
    assert told.args == [1]


def test_keys_act_on_the_hunk_that_was_clicked_or_walked_to(pane: ProposalPane, qtbot: QtBot) -> None:
    pane.render_state(desk())
    with qtbot.waitSignal(pane.hunk_selected) as told:
        QTest.mouseClick(pane.cards[1].before.viewport(), Qt.MouseButton.LeftButton)
    assert told.args == [1]
    with qtbot.waitSignal(pane.hunk_selected) as told:
        QApplication.sendEvent(pane.cards[0], QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert told.args == [0]


def test_cards_stay_while_only_a_verdict_changes(pane: ProposalPane) -> None:
    pane.render_state(desk())
    before = list(pane.cards)
    pane.render_state(desk(working(HunkVerdict.ACCEPTED)))
    assert pane.cards == before
    pane.render_state(desk(working(hunks=(REPLACE,))))
    assert pane.cards == before[:1]


def test_nothing_is_approved_before_every_hunk_is_decided_and_the_candidate_fresh(pane: ProposalPane) -> None:
    pane.render_state(desk(working(HunkVerdict.ACCEPTED)))
    assert not pane.bar.approve.isEnabled()
    assert pane.bar.waiting.text() == "1 hunk undecided"
    pane.render_state(replace(desk(working(*DONE)), stale=True))
    assert not pane.bar.approve.isEnabled()
    assert pane.bar.replay.text() == "out of date"
    pane.render_state(desk(working(*DONE)))
    assert pane.bar.approve.isEnabled()


def test_the_rule_answers_beside_the_button(pane: ProposalPane, qtbot: QtBot) -> None:
    pane.render_state(desk(working(*DONE)))
    assert pane.bar.rule.text() == "✓ improves"
    assert pane.bar.replay.text() == "✓ meets everything, executed in 300 ms"
    assert [shown.text() for shown in pane.bar.changes] == ["goal 1 → 0 ▼"]
    assert pane.bar.override.isHidden()
    with qtbot.waitSignal(pane.approve_requested):
        QTest.mouseClick(pane.bar.approve, Qt.MouseButton.LeftButton)


def test_a_refusal_is_explained_and_can_be_overridden(pane: ProposalPane, qtbot: QtBot) -> None:
    pane.render_state(desk(working(*DONE), refused()))
    assert pane.bar.rule.text() == "✕ breaks a hard constraint"
    assert pane.bar.explanation.whole_text == "violates what held before: seats"
    assert pane.bar.replay.text() == "UNVERIFIED"
    assert not pane.bar.approve.isEnabled()
    with qtbot.waitSignal(pane.override_requested):
        QTest.mouseClick(pane.bar.override, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(pane.reject_requested):
        QTest.mouseClick(pane.bar.reject, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(("goal", "words"), [(0, "✓ improves"), (1, "= equal"), (2, "▲ worse")])
def test_the_answer_has_words_and_a_glyph(pane: ProposalPane, goal: int, words: str) -> None:
    pane.render_state(desk(working(*DONE), candidate_of(goal=goal)))
    assert pane.bar.rule.text() == words


def test_a_trajectory_without_hunks_is_approved_as_it_is_where_it_is_verified(pane: ProposalPane) -> None:
    pane.render_state(DeskState(opened=opened()))
    assert pane.bar.replay.text() == "✕ not verified as it is"
    assert not pane.bar.approve.isEnabled()
    assert pane.bar.override.isEnabled()
    good = replace(opened(), inspection=inspection_of(BASE, 0))
    pane.render_state(DeskState(opened=good))
    assert pane.bar.replay.text() == "✓ verified as it is"
    assert pane.bar.approve.isEnabled()
    assert pane.bar.override.isHidden()
    pane.render_state(DeskState(opened=opened(inspection=None)))
    assert not pane.bar.approve.isEnabled()


def test_a_running_candidate_says_so(pane: ProposalPane) -> None:
    pane.render_state(replace(desk(), activity=Activity.TRYING, stale=True, candidate=None))
    assert pane.bar.running.text() == "◌ running…"
    pane.render_state(desk())
    place, shown = pane.bar.rule.geometry(), pane.bar.running.isHidden()
    pane.render_state(replace(desk(), activity=Activity.TRYING, stale=True))
    assert pane.bar.running.text() == "◌"
    assert (pane.bar.rule.geometry(), pane.bar.running.isHidden()) == (place, shown), "nothing moves"


def test_an_empty_desk_offers_to_search_or_to_edit(pane: ProposalPane, qtbot: QtBot) -> None:
    pane.render_state(DeskState(opened=opened(), selected_step=CAUSE))
    with qtbot.waitSignal(pane.propose_requested):
        QTest.mouseClick(pane.empty.search, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(pane.edit_step_requested):
        QTest.mouseClick(pane.empty.by_hand, Qt.MouseButton.LeftButton)


def test_a_search_can_be_cancelled(pane: ProposalPane, qtbot: QtBot) -> None:
    pane.render_state(DeskState(opened=opened(), activity=Activity.PROPOSING, message="14 of 200 tried"))
    assert pane.progress.text() == "14 of 200 tried"
    assert pane.empty.isHidden()
    with qtbot.waitSignal(pane.cancel_requested):
        QTest.mouseClick(pane.cancel, Qt.MouseButton.LeftButton)


def test_a_search_without_a_result_says_what_was_tried(pane: ProposalPane) -> None:
    pane.render_state(DeskState(opened=opened(), proposal=replace(PROPOSAL, hunks=())))
    assert "Nothing better was found. 14 candidates" in pane.empty.words.text()
    assert pane.empty.tried.item(0).text() == "delete step 9: goal 1 → 1"


def test_the_editor_opens_in_the_card_with_the_text_of_the_draft(pane: ProposalPane) -> None:
    pane.render_state(editing(REPLACE, "transfer_to_human_agents\n{ broken"))
    assert pane.cards[0].editor is pane.editor
    assert pane.editor.text() == "transfer_to_human_agents\n{ broken"
    assert pane.editor.verdict.text().startswith("✕ not valid JSON")
    assert pane.cards[0].after.isHidden()
    assert pane.editor.tool.findText("book_reservation") >= 0


def test_the_field_that_is_typed_in_comes_into_view(qtbot: QtBot, pane: ProposalPane) -> None:
    pane.resize(700, 260)
    with qtbot.waitActive(pane):
        pane.activateWindow()
    pane.render_state(desk(working(hunks=(REPLACE,))))
    QApplication.processEvents()
    new = Hunk(Operator.INSERT, 10, 10, (), (message(""),))
    draft = replace(working(hunks=(REPLACE, new)), editing=1)
    pane.render_state(replace(desk(draft), editor=1, selected_hunk=1))
    focus = QApplication.focusWidget()
    assert focus is not None
    view = pane._scroll.viewport()

    def in_view() -> None:
        place = focus.mapTo(view, QPoint(0, 0)).y()
        assert place >= 0
        assert place + focus.fontMetrics().lineSpacing() <= view.height()

    qtbot.waitUntil(in_view)


def test_typing_is_told_in_the_one_form_and_never_replaced(pane: ProposalPane, qtbot: QtBot) -> None:
    state = editing(REPLACE, text_of_step(TRANSFER))
    pane.render_state(state)
    pane.editor.set_view(ArgumentsView.JSON)
    with qtbot.waitSignal(pane.edit_text_changed) as told:
        pane.editor.body.setPlainText('{"summary": "no"}')
    assert step_from_text(TRANSFER, told.args[0]).arguments == {"summary": "no"}
    written = replace(REPLACE, after=(step_from_text(TRANSFER, told.args[0]),))
    draft = replace(state.draft, hunks=(WorkingHunk(written, 0, HunkVerdict.EDITED),), text="older text")
    pane.render_state(replace(state, draft=draft))
    assert pane.editor.body.toPlainText() == '{"summary": "no"}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('book_reservation\n{"user_id": "x", "flights": []}', "✓ fits the tool"),
        ('book_reservation\n{"user_id": 3, "origon": "ATL"}', "flights is missing"),
        ('book_reservation\n{"user_id": 3, "flights": []}', "user_id must be of type string, not 3"),
        ('book_reservation\n{"user_id": "", "flights": [], "origon": ""}', "'origon' is not an argument"),
        ("no_such_tool\n{}", "? no tool is known by this name"),
        ("\n{}", "✕ name the tool to call"),
        ("book_reservation\n[]", "must be a JSON object"),
    ],
)
def test_the_editor_checks_while_it_is_typed_in(pane: ProposalPane, text: str, said: str) -> None:
    pane.render_state(editing(ARGUMENT, text))
    assert said in pane.editor.verdict.text()
    assert pane.editor.text() == text


def test_choosing_a_tool_for_a_blank_call_fills_in_what_it_requires(pane: ProposalPane) -> None:
    pane.render_state(editing(REPLACE, "\n{}"))
    pane.editor.tool.setCurrentIndex(pane.editor.tool.findText("book_reservation"))
    pane.editor.tool.activated.emit(pane.editor.tool.currentIndex())
    assert step_from_text(BOOKING, pane.editor.text()).arguments == {"user_id": "", "flights": []}


def test_keys_of_the_editor_finish_and_cancel(pane: ProposalPane, qtbot: QtBot) -> None:
    pane.render_state(editing(REPLACE, text_of_step(TRANSFER)))
    for widget in (pane.editor.body, pane.editor.tool):
        with qtbot.waitSignal(pane.edit_finished):
            QTest.keyClick(widget, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        with qtbot.waitSignal(pane.edit_cancelled):
            QTest.keyClick(widget, Qt.Key.Key_Escape)


def test_the_side_comes_back_when_editing_ends(pane: ProposalPane) -> None:
    pane.render_state(editing(REPLACE, text_of_step(TRANSFER)))
    pane.render_state(desk(working(hunks=(REPLACE,))))
    assert pane.cards[0].editor is None
    assert not pane.cards[0].after.isHidden()
    assert pane.editor.isHidden()


def test_the_editor_survives_that_its_card_goes(pane: ProposalPane) -> None:
    pane.render_state(editing(REPLACE, text_of_step(TRANSFER)))
    pane.render_state(desk(Draft()))
    pane.render_state(editing(REPLACE, text_of_step(TRANSFER)))
    assert pane.editor.text() == text_of_step(TRANSFER)


def test_messages_are_edited_as_they_are(pane: ProposalPane) -> None:
    said = "No\u00a0break, <b>tags</b>,\n汉字 and עברית"
    hunk = Hunk(Operator.REPLACE, 10, 11, (STEPS[10],), (message(said),))
    pane.render_state(editing(hunk, said))
    assert pane.editor.text() == said
    assert not pane.editor.tool.isVisible()


def test_a_hunk_of_several_steps_has_no_editor(pane: ProposalPane) -> None:
    hunk = Hunk(Operator.REGENERATE_SUFFIX, 9, 11, STEPS[9:11], (TRANSFER, message("Sorry.")))
    pane.render_state(desk(working(hunks=(hunk,))))
    assert pane.cards[0].edit_button.isHidden()
    assert pane.cards[0].operator.text() == "regenerate 9–10"


def test_everything_fits_a_small_window_at_twice_the_font_size(qtbot: QtBot, qapp: QApplication) -> None:
    font = qapp.font()
    size = font.pointSizeF()
    font.setPointSizeF(2 * size)
    qapp.setFont(font)
    apply_theme(qapp, LIGHT)
    try:
        made = ProposalPane()
        qtbot.addWidget(made)
        made.render_state(desk(working(*DONE), refused()))
        made.resize(420, 300)
        made.show()
        assert made.minimumSizeHint().width() <= 420
        qtbot.waitUntil(lambda: made.bar.approve.width() >= made.bar.approve.sizeHint().width())
    finally:
        font.setPointSizeF(size)
        qapp.setFont(font)
        apply_theme(qapp, LIGHT)
