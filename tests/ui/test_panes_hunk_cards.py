"""A hunk reads like an edit: what goes and what comes, each once, and only as far as it matters."""

import pytest
from builders import CAUSE, DELETE, STEPS, TRANSFER
from pytestqt.qtbot import QtBot

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.trajectory import action, message
from hitl_app.ui.panes.hunk_card import HunkCard
from hitl_app.ui.state import WorkingHunk


@pytest.fixture
def card(qtbot: QtBot) -> HunkCard:
    made = HunkCard()
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


def show(card: HunkCard, hunk: Hunk) -> None:
    card.show_working(WorkingHunk(hunk, 0), (), selected=False)


def test_a_move_says_from_where_to_where_and_shows_the_step_once(card: HunkCard) -> None:
    show(card, Hunk(Operator.MOVE, 7, 8, STEPS[7:8], STEPS[7:8], to=3))
    assert card.operator.text() == "moved from 7 to 3"
    assert card.before.isHidden()
    assert not card.after.isHidden()
    show(card, Hunk(Operator.MOVE, 3, 4, STEPS[3:4], STEPS[3:4], to=8))
    assert card.operator.text() == "moved from 3 to 7"


def test_a_step_that_was_edited_on_its_way_has_both_sides(card: HunkCard) -> None:
    show(card, Hunk(Operator.MOVE, 7, 8, STEPS[7:8], (message("another word"),), to=3))
    assert card.operator.text() == "moved from 7 to 3 and changed"
    assert not card.before.isHidden()
    assert not card.after.isHidden()


def test_an_insertion_shows_what_comes_and_a_deletion_what_goes(card: HunkCard) -> None:
    show(card, Hunk(Operator.INSERT, CAUSE, CAUSE, (), (TRANSFER,)))
    assert (card.before.isHidden(), card.after.isHidden()) == (True, False)
    show(card, DELETE)
    assert (card.before.isHidden(), card.after.isHidden()) == (False, True)
    assert card.accessibleDescription() == card.before.toPlainText()[:400]


def test_what_is_long_is_cut_until_all_of_it_is_asked_for(card: HunkCard) -> None:
    notes: list[Json] = [f"note {n}" for n in range(200)]
    old, new = action("book", {"id": 1, "notes": notes}), action("book", {"id": 2, "notes": notes})
    show(card, Hunk(Operator.SET_ARGUMENT, 0, 1, (old,), (new,)))
    assert "note 150" not in card.after.toPlainText()
    assert not card.all_button.isHidden()
    card.all_button.click()
    assert "note 150" in card.after.toPlainText()
    assert card.all_button.isHidden()
