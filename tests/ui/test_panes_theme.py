"""Colours that everyone can read."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hitl_app.ui.look import Look
from hitl_app.ui.panes.parts import badge
from hitl_app.ui.theme import (
    DARK,
    HIGH_CONTRAST,
    LIGHT,
    Theme,
    apply_theme,
    contrast,
    current_theme,
    mono_font,
    theme_notifier,
)

TONES = ("accent", "danger", "warning", "success")
PAIRS = [
    *((fore, ground) for fore in ("text", "muted", *TONES) for ground in ("window", "surface")),
    *((tone, f"{tone}_soft") for tone in TONES),
    *((fore, ground) for fore in ("text", "muted") for ground in ("selection", "danger_soft")),
    *(("text", ground) for ground in ("diff_added", "diff_added_mark", "diff_removed", "diff_removed_mark")),
    ("success", "diff_added"),
    ("danger", "danger_soft"),
    ("accent", "danger_soft"),
    ("muted", "key"),
    ("on_accent", "accent"),
    ("text", "accent_soft"),
]


@pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH_CONTRAST], ids=lambda theme: theme.name)
def test_every_pair_of_text_and_background_can_be_read(theme: Theme) -> None:
    colours = vars(theme)
    poor = {pair: ratio for pair in PAIRS if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 4.5}
    assert not poor


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_theme_reaches_palette_and_listeners(qtbot: QtBot, qapp: QApplication) -> None:
    with qtbot.waitSignal(theme_notifier.theme_changed):
        apply_theme(qapp, DARK)
    assert current_theme() is DARK
    assert qapp.palette().window().color().name() == DARK.window
    assert qapp.style().name() in ("fusion", "")
    apply_theme(qapp, LIGHT)
    assert qapp.palette().window().color().name() == LIGHT.window


def test_fonts_follow_the_application(qapp: QApplication) -> None:
    font = qapp.font()
    size = font.pointSizeF()
    font.setPointSizeF(2 * size)
    qapp.setFont(font)
    try:
        assert mono_font().pointSizeF() == pytest.approx(2 * size)
    finally:
        font.setPointSizeF(size)
        qapp.setFont(font)


def test_data_in_a_label_is_never_markup(qtbot: QtBot) -> None:
    shown = badge("<b>not bold</b>")
    qtbot.addWidget(shown)
    assert shown.text() == "<b>not bold</b>"
    assert shown.textFormat().name == "PlainText"


def test_the_window_that_another_language_takes_has_the_zoom_once(qapp: QApplication) -> None:
    points = qapp.font().pointSizeF()
    for _ in range(2):
        look = Look(qapp)
        look.restore("light", 200)
        assert qapp.font().pointSizeF() == pytest.approx(2 * points)
    look.restore("light", 100)
    assert qapp.font().pointSizeF() == pytest.approx(points)
