"""Colours, fonts and spacing of the desk: three palettes, one small style sheet, one notifier.

Widgets say what they are by dynamic properties (`tone`, `role`, `badge`, `card`, `primary`), so that a change of
theme or of the application's font needs only `apply_theme`. What is painted by hand reads `current_theme()`.
"""

import math
from dataclasses import dataclass
from string import Template

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QWidget

SPACE_S = 4
SPACE_M = 8
SPACE_L = 12
SMALL = 0.9
LARGE = 1.2
RADIUS = 5


@dataclass(frozen=True)
class Theme:
    """Colours by meaning, as `#rrggbb`.

    Attributes:
        surface: Background of bars, headers and locked steps; `window` is that of everything else.
        on_accent: Text on a surface of the accent colour.
        diff_added_mark: Background of the changed words inside `diff_added`; likewise for removed.
        key: Fill of a painted key cap.
    """

    name: str
    window: str
    surface: str
    text: str
    muted: str
    line: str
    key: str
    accent: str
    accent_soft: str
    on_accent: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    diff_added: str
    diff_added_mark: str
    diff_removed: str
    diff_removed_mark: str
    selection: str
    track: str

    def tone(self, name: str) -> QColor:
        """Text colour of a tone: `text`, `muted`, `accent`, `danger`, `warning` or `success`."""
        return QColor(str(getattr(self, name)))

    def soft(self, name: str) -> QColor:
        """Background that goes with a tone."""
        return QColor(str(getattr(self, f"{name}_soft", self.surface)))


LIGHT = Theme(
    name="light",
    window="#ffffff",
    surface="#f5f5f3",
    text="#1b1b1a",
    muted="#62625f",
    line="#dcdcd7",
    key="#f5f5f3",
    accent="#265cb6",
    accent_soft="#e8eefb",
    on_accent="#ffffff",
    danger="#b01f1a",
    danger_soft="#fbe8e6",
    warning="#7a5600",
    warning_soft="#fdf1d3",
    success="#14693c",
    success_soft="#e3f2e9",
    diff_added="#e6f4eb",
    diff_added_mark="#b4dfc4",
    diff_removed="#fcebe9",
    diff_removed_mark="#f6c5c0",
    selection="#edf2fc",
    track="#dcdcd7",
)
DARK = Theme(
    name="dark",
    window="#1f2226",
    surface="#191b1f",
    text="#e9e9e6",
    muted="#a3a3a0",
    line="#34383e",
    key="#2a2e33",
    accent="#8ab4f8",
    accent_soft="#24314a",
    on_accent="#14181f",
    danger="#f4a39d",
    danger_soft="#452322",
    warning="#efc96f",
    warning_soft="#3f3319",
    success="#86d3a6",
    success_soft="#1e3629",
    diff_added="#1d3127",
    diff_added_mark="#2c5a40",
    diff_removed="#3d2322",
    diff_removed_mark="#6d3431",
    selection="#232c3d",
    track="#363a40",
)
HIGH_CONTRAST = Theme(
    name="high contrast",
    window="#000000",
    surface="#000000",
    text="#ffffff",
    muted="#e6e6e6",
    line="#ffffff",
    key="#000000",
    accent="#ffff00",
    accent_soft="#333300",
    on_accent="#000000",
    danger="#ff9d9d",
    danger_soft="#3d0000",
    warning="#ffd75e",
    warning_soft="#332600",
    success="#7dff9b",
    success_soft="#003311",
    diff_added="#00260d",
    diff_added_mark="#006b26",
    diff_removed="#2e0000",
    diff_removed_mark="#8a0000",
    selection="#33331a",
    track="#5a5a5a",
)

_SHEET = Template(
    """
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="success"] { color: $success; }
QLabel[role="title"] { font-weight: 600; font-size: ${large}pt; }
QLabel[role="caption"] { font-weight: 600; font-size: ${small}pt; color: $muted; }
QLabel[role="small"] { font-size: ${small}pt; }
QLabel[role="mono"], QPlainTextEdit[role="mono"] { font-family: "$mono"; }
QLabel[badge] { border-radius: 4px; padding: 1px 6px; font-size: ${small}pt; background: $surface; color: $muted; }
QLabel[badge="accent"] { background: $accent_soft; color: $accent; }
QLabel[badge="danger"] { background: $danger_soft; color: $danger; }
QLabel[badge="warning"] { background: $warning_soft; color: $warning; }
QLabel[badge="success"] { background: $success_soft; color: $success; }
QFrame[card] { background: $window; border: 1px solid $line; border-radius: 6px; }
QFrame[card="selected"], QFrame[card]:focus { border: 1px solid $accent; }
QFrame[card="cause"] { border: 1px solid $danger; }
QFrame[bar="true"] { background: $surface; border: none; }
QPlainTextEdit[diff] { border: none; border-radius: 0; padding: 2px 4px; }
QPlainTextEdit[quiet="true"] { border: none; background: transparent; padding: 0; }
QPlainTextEdit[field="true"] { border: 1px solid $line; border-radius: 4px; }
QPlainTextEdit[field="true"]:focus { border-color: $accent; }
QLineEdit, QComboBox, QAbstractSpinBox { border: 1px solid $line; border-radius: 4px; padding: 2px 4px; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus { border-color: $accent; }
QComboBox QLineEdit { border: none; padding: 0; }
QAbstractSpinBox QLineEdit { border: none; padding: 0 4px; }
QComboBox::drop-down { border: none; width: 18px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width: 18px; }
QComboBox::down-arrow, QAbstractSpinBox::down-arrow, QAbstractSpinBox::up-arrow { image: none; width: 0; height: 0;
  border-left: 4px solid $window; border-right: 4px solid $window; }
QComboBox::down-arrow, QAbstractSpinBox::down-arrow { border-top: 5px solid $text; }
QAbstractSpinBox::up-arrow { border-bottom: 5px solid $text; }
QPlainTextEdit[diff="removed"] { background: $diff_removed; }
QPlainTextEdit[diff="added"] { background: $diff_added; }
QPlainTextEdit[diff="moved"] { background: $surface; }
* { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { background: $window; color: $text; border: 1px solid $line; border-radius: 5px; padding: 4px 12px; }
QPushButton:hover { background: $surface; border-color: $muted; }
QPushButton:pressed { background: $selection; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $muted; border-style: dashed; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[primary="true"]:focus { border: 2px solid $text; padding: 3px 11px; }
QPushButton[primary="true"]:disabled { background: $surface; color: $muted; border-color: $line; }
QRadioButton::indicator, QCheckBox::indicator { width: 12px; height: 12px; border: 1px solid $muted; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator:checked { width: 4px; height: 4px; border: 5px solid $accent; background: $on_accent; }
QCheckBox::indicator:checked { width: 6px; height: 6px; border: 4px solid $accent; background: $on_accent; }
QRadioButton::indicator:disabled, QCheckBox::indicator:disabled { border-style: dotted; }
QRadioButton:focus, QCheckBox:focus { color: $accent; }
QProgressBar { border: 1px solid $line; border-radius: 4px; background: $window; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $track; border-radius: 4px; margin: 1px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QListWidget, QTreeWidget, QTableView { outline: 0; }
QTableView { selection-background-color: $selection; selection-color: $text; border: 1px solid $line; }
QListWidget::item, QTreeWidget::item { padding: 3px 4px; }
QListWidget::item:selected, QTreeWidget::item:selected { background: $selection; color: $text; }
QListWidget::item:selected:active, QTreeWidget::item:selected:active { background: $accent_soft; }
QHeaderView::section { background: $window; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 2px 4px; font-size: ${small}pt; }
QToolButton { border: 1px solid transparent; border-radius: 4px; padding: 2px; background: transparent; }
QToolButton:hover { background: $surface; }
QToolButton:focus { border-color: $accent; }
QSplitter::handle { background: $line; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; }
"""
)


class ThemeNotifier(QObject):
    """Tells widgets that paint by hand that colours or font sizes are new."""

    theme_changed = Signal()


theme_notifier = ThemeNotifier()


class _Current:
    theme = LIGHT


def current_theme() -> Theme:
    """The theme that was applied last."""
    return _Current.theme


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the application its style, palette and style sheet.

    Call it again after the application's font has changed: font sizes in the sheet follow from it.
    """
    _Current.theme = theme
    if app.style().name() != "fusion" and not app.styleSheet():
        app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    size = QFontInfo(app.font()).pointSizeF()
    sheet = _SHEET.substitute(
        vars(theme), small=f"{size * SMALL:.1f}", large=f"{size * LARGE:.1f}", mono=mono_font().family()
    )
    if app.styleSheet() != sheet:  # setting it styles every widget anew, which takes half a second at a full desk
        app.setStyleSheet(sheet)
    theme_notifier.theme_changed.emit()


def mono_font() -> QFont:
    """The system's fixed-width font in the size of the application's font."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(QFontInfo(QApplication.font()).pointSizeF())
    return font


def scaled(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """A copy of a font, larger or smaller, for what is painted by hand."""
    copy = QFont(font)
    copy.setPointSizeF(QFontInfo(font).pointSizeF() * factor)
    if bold:
        copy.setWeight(QFont.Weight.DemiBold)
    return copy


def mark(widget: QWidget, name: str, value: str) -> None:
    """Set one of the sheet's properties (`tone`, `badge`, ...) and restyle where it is new."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def contrast(left: str, right: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(left), _luminance(right)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)

    shown = QColor(colour)
    return 0.2126 * linear(shown.redF()) + 0.7152 * linear(shown.greenF()) + 0.0722 * linear(shown.blueF())


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.window,
        role.AlternateBase: theme.surface,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.Light: theme.window,
        role.Midlight: theme.surface,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.line,
        role.Accent: theme.accent,
    }
    palette = QPalette()
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.muted))
    return palette
