"""Losses, gradients, history and verification."""

from dataclasses import replace

import pytest
from builders import BASE, BEFORE, CAUSE, GOAL, NOTE, candidate_of, desk, opened, refused, revisions
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.inspection import Gradient, GradientSource
from hitl_app.domain.loss import Component
from hitl_app.ui.panes.add_gradient import AddGradientDialog
from hitl_app.ui.panes.gradients import SHOWN, GradientsPane
from hitl_app.ui.panes.history import HistoryPane
from hitl_app.ui.panes.losses import LossesPane
from hitl_app.ui.panes.marked_text import ShownText
from hitl_app.ui.panes.verify import VerifyStrip
from hitl_app.ui.state import Activity, DeskState
from hitl_app.ui.theme import LIGHT, apply_theme


@pytest.fixture
def losses(qtbot: QtBot) -> LossesPane:
    made = LossesPane()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def gradients(qtbot: QtBot) -> GradientsPane:
    made = GradientsPane()
    qtbot.addWidget(made)
    made.resize(380, 600)
    made.show()
    return made


@pytest.fixture
def history(qtbot: QtBot) -> HistoryPane:
    made = HistoryPane()
    qtbot.addWidget(made)
    made.resize(380, 400)
    made.show()
    return made


@pytest.fixture
def verify(qtbot: QtBot) -> VerifyStrip:
    made = VerifyStrip()
    qtbot.addWidget(made)
    made.show()
    return made


def test_each_component_is_said_with_its_count_before_and_after(losses: LossesPane) -> None:
    losses.render_state(desk())
    said = {component: row.accessibleName() for component, row in losses.rows.items()}
    assert said[Component.GOAL] == "goal: 1 of 2 → 0 of 2, better"
    assert said[Component.FEASIBILITY] == "feasibility: 0 of 4 → 0 of 4"
    assert said[Component.SOFT_CONSTRAINTS] == "soft constraints: not measured here → not measured here"


def test_a_component_that_got_worse_says_so(losses: LossesPane) -> None:
    losses.render_state(desk(candidate=candidate_of(goal=2)))
    assert losses.rows[Component.GOAL].accessibleName().endswith("worse")


def test_losses_of_an_old_candidate_are_marked_out_of_date(losses: LossesPane) -> None:
    losses.render_state(replace(desk(), stale=True))
    assert losses.rows[Component.GOAL].accessibleName().endswith("out of date")
    assert "OUT OF DATE" in losses.header.text


def test_without_a_candidate_only_the_losses_before_are_shown(losses: LossesPane) -> None:
    losses.render_state(DeskState(opened=opened()))
    assert losses.rows[Component.GOAL].accessibleName() == "goal: 1 of 2"
    losses.render_state(DeskState(opened=opened(inspection=None)))
    assert "NOT INSPECTED" in losses.header.text


def test_cards_show_people_first_and_badge_what_reveals_the_answer(gradients: GradientsPane) -> None:
    gradients.render_state(desk())
    assert [card.gradient for card in gradients.cards] == [NOTE, GOAL]
    assert "reveals answer" in gradients.cards[1].accessibleName()
    assert "earliest cause" in gradients.cards[1].accessibleName()
    assert gradients.header.text == "TEXTUAL GRADIENTS 2 · 2 OPEN"


def test_another_trajectory_is_shown_on_the_cards_that_are_there(gradients: GradientsPane) -> None:
    gradients.render_state(desk())
    first = list(gradients.cards)
    other = replace(GOAL, critique="Books too late.", observed="", suggested_edit="")
    gradients.render_state(DeskState(opened=opened(annotations=Annotations(added=(other,)))))
    gradients.render_state(desk())
    assert gradients.cards == first
    assert [card.gradient for card in gradients.cards] == [NOTE, GOAL]
    assert not any(card.isHidden() for card in gradients.cards)


def test_values_on_a_card_are_plain_text_and_cut(gradients: GradientsPane) -> None:
    long = replace(GOAL, observed="<b>x</b>" * 1000)
    gradients.render_state(DeskState(opened=opened(annotations=Annotations(added=(long,)))))
    shown = [text.toPlainText() for text in gradients.cards[0].findChildren(ShownText)]
    assert any(text.startswith("<b>x</b>") and len(text) < 400 for text in shown)


def test_a_confirmed_gradient_says_so_and_is_not_asked_for_again(gradients: GradientsPane) -> None:
    said = Annotations(added=(NOTE,), confirmed=frozenset({GOAL.id}))
    gradients.render_state(DeskState(opened=opened(annotations=said)))
    card = gradients.cards[1]
    assert "confirmed" in card.accessibleName()
    assert card.confirm.isHidden()
    assert gradients.header.text.endswith("2 · 1 OPEN")


def test_buttons_of_a_card_ask_for_what_they_say(gradients: GradientsPane, qtbot: QtBot) -> None:
    elsewhere = replace(GOAL, step_index=4)
    gradients.render_state(DeskState(opened=opened(annotations=Annotations(added=(elsewhere,)))))
    card = gradients.cards[0]
    for button, signal, args in (
        (card.confirm, gradients.confirm_requested, [elsewhere.id]),
        (card.dismiss, gradients.dismiss_requested, [elsewhere.id]),
        (card.blame, gradients.blame_requested, [4]),
    ):
        with qtbot.waitSignal(signal) as told:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert told.args == args
    with qtbot.waitSignal(gradients.add_requested):
        QTest.mouseClick(gradients.add, Qt.MouseButton.LeftButton)


def test_the_step_that_is_already_blamed_is_not_offered(gradients: GradientsPane) -> None:
    gradients.render_state(desk())
    assert all(card.blame.isHidden() for card in gradients.cards)


def test_cards_are_walked_by_keyboard_and_select_their_step(gradients: GradientsPane, qtbot: QtBot) -> None:
    whole = Gradient(GradientSource.MODEL, Component.GOAL, "Too many looks.", step_index=2)
    gradients.render_state(DeskState(opened=opened(annotations=Annotations(added=(NOTE, whole)))))
    gradients.cards[0].setFocus()
    with qtbot.waitSignal(gradients.step_selected) as told:
        QTest.keyClick(gradients.cards[0], Qt.Key.Key_Return)
    assert told.args == [CAUSE]
    with qtbot.waitSignal(gradients.cards[0].neighbour_wanted):
        QTest.keyClick(gradients.cards[0], Qt.Key.Key_Down)


def test_the_card_of_the_selected_step_is_marked(gradients: GradientsPane) -> None:
    gradients.render_state(desk())
    assert gradients.selected_gradient == NOTE.id
    assert gradients.cards[0].property("card") == "selected"
    gradients.render_state(replace(desk(), opened=gradients._opened, selected_step=1))
    assert gradients.selected_gradient is None


def test_a_gradient_is_selected_wherever_its_card_is_clicked_and_by_every_way_of_the_keys(
    gradients: GradientsPane,
) -> None:
    whole = Gradient(GradientSource.MODEL, Component.GOAL, "Too many looks.", step_index=2)
    gradients.render_state(DeskState(opened=opened(annotations=Annotations(added=(whole,)))))
    first, second = gradients.cards
    for text in (*second.findChildren(ShownText), second._critique):
        gradients._mark(None)
        place = text.viewport() if isinstance(text, ShownText) else text
        QTest.mouseClick(place, Qt.MouseButton.LeftButton)
        assert gradients.selected_gradient == GOAL.id
    first.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert gradients.selected_gradient == whole.id
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert gradients.selected_gradient == GOAL.id


def test_the_next_trajectory_and_what_follows_a_dismissed_gradient_are_selected_as_well(
    gradients: GradientsPane,
) -> None:
    gradients.render_state(desk())
    other = opened(replace(BASE, steps=BASE.steps[:-1]))
    gradients.render_state(replace(desk(), opened=other))
    assert gradients.selected_gradient == NOTE.id, "also where its selected step has the same number"
    rest = replace(other, annotations=Annotations(added=(NOTE,), dismissed=frozenset({NOTE.id})))
    gradients.render_state(replace(desk(), opened=rest))
    assert gradients.selected_gradient == GOAL.id


def test_hundreds_of_gradients_come_in_portions(gradients: GradientsPane, qtbot: QtBot) -> None:
    many = tuple(replace(GOAL, critique=f"number {n}", step_index=3) for n in range(SHOWN + 5))
    gradients.render_state(DeskState(opened=opened(annotations=Annotations(added=many))))
    assert 0 < len(gradients.cards) < SHOWN, "keys come between the first cards and the others"
    qtbot.waitUntil(lambda: len(gradients.cards) == SHOWN)
    QTest.mouseClick(gradients.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(gradients.cards) == SHOWN + 6)
    assert gradients.more.isHidden()


def test_a_person_adds_a_gradient(qtbot: QtBot) -> None:
    dialog = AddGradientDialog(opened(), CAUSE)
    qtbot.addWidget(dialog)
    assert not dialog.add.isEnabled()
    dialog.critique.setPlainText("  Sells a second ticket. ")
    dialog.suggestion.setPlainText("transfer")
    with qtbot.waitSignal(dialog.written) as told:
        QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    assert told.args == [
        Gradient(
            GradientSource.HUMAN,
            Component.HARD_CONSTRAINTS,
            "Sells a second ticket.",
            step_index=CAUSE,
            suggested_edit="transfer",
        )
    ]


def test_a_gradient_can_be_about_the_whole_plan(qtbot: QtBot) -> None:
    dialog = AddGradientDialog(opened())
    qtbot.addWidget(dialog)
    dialog.critique.setPlainText("No plan at all.")
    assert dialog.gradient().step_index is None


def test_history_lists_every_revision_with_its_outcome(history: HistoryPane) -> None:
    history.render_state(DeskState(opened=replace(opened(), revisions=revisions())))
    items = [history.list.topLevelItem(n) for n in range(4)]
    assert [item.text(1) for item in items if item] == ["○ recorded", "✕ refused", "□ accepted", "◇ override"]
    assert [item.text(3) for item in items if item] == ["1", "2", "0", "1"]
    assert "loss 2 (goal 2 of 2)" in history.plot.accessibleDescription()


def test_a_revision_is_chosen_in_the_list_or_in_the_plot(history: HistoryPane, qtbot: QtBot) -> None:
    made = revisions()
    history.render_state(DeskState(opened=replace(opened(), revisions=made)))
    item = history.list.topLevelItem(2)
    assert item is not None
    with qtbot.waitSignal(history.revision_selected) as told:
        history.list.itemActivated.emit(item, 0)
    assert told.args == [made[2].trajectory.id]
    with qtbot.waitSignal(history.plot.picked) as told:
        place = history.plot.marks[3].place.center().toPoint()
        QTest.mouseClick(history.plot, Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [made[3].trajectory.id]


def test_where_there_is_little_room_the_plot_gives_way_to_the_list(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    history = HistoryPane(window)
    history.resize(300, 400)
    window.show()
    history.render_state(DeskState(opened=replace(opened(), revisions=revisions())))
    assert history.plot.isVisible()
    history.resize(300, history.minimumSizeHint().height())
    assert history.plot.isHidden()
    second = history.list.topLevelItem(1)
    assert second is not None
    assert history.list.visualItemRect(second).bottom() <= history.list.viewport().height()
    history.resize(300, 400)
    assert history.plot.isVisible()


def test_the_revision_on_the_desk_is_not_opened_again(history: HistoryPane, qtbot: QtBot) -> None:
    history.render_state(DeskState(opened=replace(opened(), revisions=revisions())))
    item = history.list.topLevelItem(0)
    assert item is not None
    assert item.data(0, Qt.ItemDataRole.UserRole) == BASE.id
    with qtbot.assertNotEmitted(history.revision_selected):
        history.list.itemActivated.emit(item, 0)


def test_verification_never_passes_silently(verify: VerifyStrip) -> None:
    verify.render_state(DeskState(opened=opened(inspection=None)))
    assert "UNVERIFIED" in verify.verdict.text()
    verify.render_state(DeskState(opened=opened()))
    assert verify.verdict.text() == "✕ FULL REPLAY: 4 actions, 1 of 2 goals met — UNVERIFIED"
    verify.render_state(desk())
    assert verify.verdict.text() == "✓ CANDIDATE: 4 actions, 2 of 2 goals met"
    verify.render_state(desk(candidate=refused()))
    assert verify.verdict.text().endswith("— UNVERIFIED")
    verify.render_state(DeskState(opened=opened(inspection=replace(BEFORE, findings=()))))
    assert verify.verdict.text() == "? FULL REPLAY: 4 actions — NOT JUDGED: no goal or constraint is known"


def test_findings_fold_out_with_the_unmet_ones_first(verify: VerifyStrip, qtbot: QtBot) -> None:
    verify.render_state(DeskState(opened=opened()))
    assert verify.findings.isHidden()
    QTest.mouseClick(verify.fold, Qt.MouseButton.LeftButton)
    assert verify.findings.isVisible()
    assert [verify.findings.item(n).text().split(" · ")[0] for n in range(2)] == ["✕ not met", "✓ met"]


def test_verify_is_asked_for_and_says_that_it_runs(verify: VerifyStrip, qtbot: QtBot) -> None:
    state = DeskState(opened=opened())
    verify.render_state(state)
    with qtbot.waitSignal(verify.verify_requested):
        QTest.mouseClick(verify.again, Qt.MouseButton.LeftButton)
    verify.render_state(replace(state, activity=Activity.VERIFYING))
    assert verify.verdict.text() == "… replaying"
    assert not verify.again.isEnabled()
