"""The tour: it leads on when the person does what it says, stays out of the way, and is gone once it was left."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from test_shell_window import play, press, until

from hitl_app.ui.keymap import with_keys
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.tour import TourCard
from hitl_app.ui.tour import Stop, Tour, stops_of
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def _stop(tour: Tour) -> int | None:
    return tour.at


def test_the_tour_goes_on_when_the_person_does_what_it_says_and_never_takes_the_focus(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def first(window: MainWindow, workspace: Workspace) -> None:
        tour = window.tour
        assert not tour.card.isVisible()
        await tour.offer(first_run=True)
        assert _stop(tour) == 0
        focus = qapp.focusWidget()
        assert focus is not None
        assert not tour.card.isAncestorOf(focus)
        while _stop(tour) == 0:
            await press(window, "j")
        tour.card.next.click()
        assert _stop(tour) == 2
        tour.card.back.click()
        assert _stop(tour) == 1
        while window.session.state.draft.hunks:
            await press(window, "j")
        tour.begin(1)
        QTest.keyClick(window.plan.focus_target, Qt.Key.Key_Delete)  # a hunk by hand: what a later stop asks for
        await until(lambda: _stop(tour) == 5)
        await window.session.idle()

    async def later(window: MainWindow, workspace: Workspace) -> None:
        tour = window.tour
        await tour.offer(first_run=False)
        assert _stop(tour) == 5
        tour.card.next.setFocus()
        QTest.keyClick(tour.card.next, Qt.Key.Key_Escape)
        assert not tour.card.isVisible()
        assert window.plan.focus_target.hasFocus()
        await tour.offer(first_run=True)
        assert _stop(tour) is None
        window.actions_by_id["tour"].trigger()
        assert _stop(tour) == 0
        _stand_in_a_small_window(stops_of(window))

    for story in (first, later):
        play(qapp, tmp_path, story)


def _stand_in_a_small_window(stops: Sequence[Stop]) -> None:
    """Every card is whole at the largest zoom, beside any pane, from the left to the right and back."""
    window = QWidget()
    window.resize(1000, 700)
    window.show()
    card, room = TourCard(window), QRect(0, 40, 1000, 630)
    font = window.font()
    font.setPointSizeF(2 * font.pointSizeF())
    for widget in (card, *card.findChildren(QWidget)):
        widget.setFont(font)
    for number, stop in enumerate(stops):
        left_to_right = number % 2 == 0
        window.setLayoutDirection(Qt.LayoutDirection.LeftToRight if left_to_right else Qt.LayoutDirection.RightToLeft)
        card.show_stop(number, len(stops), stop.title, with_keys(stop.words, *stop.actions))
        for target in (QRect(0, 40, 200, 630), QRect(200, 40, 500, 400), QRect(200, 440, 500, 230), QRect()):
            card.stand_beside(target, room)
            QApplication.sendPostedEvents(card)
            assert room.contains(card.geometry())
            for button in (card.leave, card.back, card.next):
                assert card.rect().contains(button.geometry())
                assert button.width() >= button.minimumSizeHint().width()
    window.deleteLater()
