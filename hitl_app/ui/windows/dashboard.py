"""The dashboard: how far the work is, how it is decided, how long it takes, and how far people agree."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from hitl_app.ui.focus_order import tab_through
from hitl_app.ui.panes.parts import label, paragraph, rule, scrolled
from hitl_app.ui.pictures.panel import PicturePanel
from hitl_app.ui.pictures.picture import Picture
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_L, SPACE_M, mark

PERIODS = (None, 1, 7, 30, 90)
"""Days back, today included; None is since the beginning."""


class Section(QWidget):
    """A page of pictures, one below the other, with a few words in the place of what is not there."""

    def __init__(self) -> None:
        super().__init__()
        self.words = paragraph(tone="muted")
        self.panels: list[PicturePanel] = []
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setSpacing(SPACE_L)
        self._column.addWidget(self.words)
        self._column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(self._inner))

    def show_picture(self, number: int, picture: Picture) -> PicturePanel | None:
        """Show a picture in its place; the answer is its panel where that is new."""
        self.say("")
        new = None
        if number == len(self.panels):
            new = PicturePanel()
            self.panels.append(new)
            self._column.insertWidget(self._column.count() - 1, new)
            tab_through(self._inner, self.panels)
        self.panels[number].show_picture(picture)
        self.panels[number].show()
        return new

    def end_at(self, number: int) -> None:
        """So many pictures are all."""
        for panel in self.panels[number:]:
            panel.hide()

    def say(self, words: str) -> None:
        """Say why there is nothing, or not yet."""
        self.words.setText(words)
        self.words.setVisible(bool(words))


class DashboardWindow(QWidget):
    """Beside the desk, which goes on meanwhile.

    Signals:
        refresh_requested: The query, the first day as text (empty: all), and the annotator (empty: all).
        cancel_requested: Stop counting.
        save_requested: See `PictureView`.
        figures_requested: All figures as `json` or `csv`.
    """

    refresh_requested = Signal(str, str, str)
    cancel_requested = Signal()
    save_requested = Signal(object, str, bool)
    figures_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Dashboard"))
        self.query = QLineEdit()
        self.query.setPlaceholderText(self.tr("Query, as in the queue; empty for everything"))
        self.query.setToolTip(self.query.placeholderText())
        self.query.setAccessibleName(self.tr("Query"))
        self.annotator, self.period = QComboBox(), QComboBox()
        self.annotator.setAccessibleName(self.tr("Annotator"))
        self.annotator.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.annotator.setMinimumContentsLength(12)
        self.period.setAccessibleName(self.tr("Time"))
        self.period.addItems(
            [
                self.tr("All the time"),
                self.tr("Today (UTC)"),
                self.tr("The last 7 days"),
                self.tr("The last 30 days"),
                self.tr("The last 90 days"),
            ]
        )
        self.refresh = QPushButton(self.tr("&Refresh"))
        self.json, self.csv = (
            QPushButton(self.tr("Save figures as &JSON…")),
            QPushButton(self.tr("Save figures as &CSV…")),
        )
        self.bar, self.cancel = QProgressBar(), QPushButton(self.tr("Cance&l"))
        self.note = label(wrap=True)
        self.note.setAccessibleName(self.tr("Notes"))
        self.progress, self.decisions, self.time, self.people = Section(), Section(), Section(), Section()
        self._lay_out()
        self._connect()
        self.show_annotators((), "")
        self.show_counting(False)
        self.can_save(figures=False)
        self.resize(1000, 860)

    def _lay_out(self) -> None:
        names = QLabel(self.tr("&Annotator")), QLabel(self.tr("&Time"))
        names[0].setBuddy(self.annotator)
        names[1].setBuddy(self.period)
        asked = QHBoxLayout()
        for name, box in zip(names, (self.annotator, self.period), strict=True):
            asked.addWidget(name)
            asked.addWidget(box)
        asked.addWidget(self.query, 1)
        asked.addWidget(self.refresh)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        for page, words in (
            (self.progress, self.tr("Progress")),
            (self.decisions, self.tr("Decisions and losses")),
            (self.time, self.tr("Time")),
            (self.people, self.tr("Agreement and trust")),
        ):
            self.pages.addTab(page, words)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Counting"))
        bottom = QHBoxLayout()
        bottom.addWidget(self.note, 1)
        bottom.addWidget(self.bar)
        for button in (self.cancel, self.json, self.csv):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addLayout(asked)
        layout.addWidget(self.pages, 1)
        layout.addWidget(rule())
        layout.addLayout(bottom)
        order = (self.annotator, self.period, self.query, self.refresh, self.pages, self.cancel, self.json, self.csv)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _connect(self) -> None:
        self.refresh.clicked.connect(self.ask)
        self.query.returnPressed.connect(self.ask)
        self.annotator.activated.connect(self.ask)
        self.period.activated.connect(self.ask)
        self.cancel.clicked.connect(self.cancel_requested)
        self.json.clicked.connect(lambda: self.figures_requested.emit("json"))
        self.csv.clicked.connect(lambda: self.figures_requested.emit("csv"))
        QShortcut(QKeySequence("F5"), self, self.ask)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def ask(self) -> None:
        """Ask for the figures of what is chosen."""
        days = PERIODS[self.period.currentIndex()]
        since = "" if days is None else (datetime.now(UTC).date() - timedelta(days=days - 1)).isoformat()
        self.refresh_requested.emit(self.query.text(), since, str(self.annotator.currentData() or ""))

    def show_annotators(self, names: Sequence[str], chosen: str) -> None:
        """Offer names; nobody in particular comes first."""
        self.annotator.clear()
        self.annotator.addItem(self.tr("Everybody"), "")
        for name in names:
            self.annotator.addItem(one_line(name, 60), name)
        self.annotator.setCurrentIndex(max(0, self.annotator.findData(chosen)))

    def show_counting(self, counting: bool, entries: int = 0) -> None:
        """Counting began, goes on, or has ended."""
        self.bar.setVisible(counting)
        self.cancel.setVisible(counting)
        self.refresh.setEnabled(not counting)
        if counting:
            self.show_note(self.tr("Counting… entries of the ledger: {0}").format(f"{entries:,}"))

    def can_save(self, *, figures: bool) -> None:
        """Whether there are figures to save."""
        self.json.setEnabled(figures)
        self.csv.setEnabled(figures)

    def show_picture(self, section: Section, number: int, picture: Picture) -> None:
        """Show one picture of a page. They come one by one: to make a panel takes some milliseconds."""
        panel = section.show_picture(number, picture)
        if panel is not None:
            panel.save_requested.connect(self.save_requested)

    def show_empty(self, words: str) -> None:
        """There is nothing to count yet: say what to do."""
        for section in (self.progress, self.decisions, self.time, self.people):
            section.end_at(0)
            section.say(words)

    def show_note(self, words: str, *, problem: bool = False) -> None:
        """Say what worked, or why something did not."""
        mark(self.note, "tone", "danger" if problem else "muted")
        self.note.setText(one_line(words, 400))
