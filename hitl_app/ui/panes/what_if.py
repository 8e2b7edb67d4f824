"""Two sliders for the thresholds of a run that is replayed from its votes. No model is asked."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QLabel, QSlider, QWidget

from hitl_app.domain.routing import Comparator, RoutingSettings
from hitl_app.domain.routing_replay import Replay, Replayed
from hitl_app.ui.cascades import Cascade, cost_words, quality_words, resolution_words
from hitl_app.ui.panes.parts import column, paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.pictures.panel import PicturePanel
from hitl_app.ui.pictures.what_if import WhatIfPicture
from hitl_app.ui.theme import SPACE_M

SHARES, STEP, PAGE = 1_000, 10, 125
"""Places of a slider, and how far a key moves it: an eighth is one vote of the paper's eight."""

TOGETHER_MS = 15
"""A slider that is drawn along tells many values: they are replayed together."""

ROWS = 100
"""Cascades that are listed, those first that would come to something else; the command line lists all."""


class WhatIfPane(QWidget):
    """Thresholds and a comparator, and what the cascades of a run would have come to with them.

    Signals:
        replay_requested: `RoutingSettings` to replay the votes with; to be answered by `show_replay`.
        save_requested: See `PictureView`.
    """

    replay_requested = Signal(object)
    save_requested = Signal(object, str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cascades: tuple[Cascade, ...] = ()
        self.replayed: Replay | None = None
        self.empty = paragraph(self.tr("There are no votes yet: choose a run of cascades that has some."), tone="muted")
        self.tau1, self.tau1_value = self._threshold(self.tr("Threshold of stage 1"))
        self.tau2, self.tau2_value = self._threshold(self.tr("Threshold of stage 2"))
        self.comparator = QComboBox()
        self.comparator.setAccessibleName(self.tr("How the majority is compared with a threshold"))
        self.comparator.addItem(self.tr("exceeds the threshold (>)"), Comparator.EXCEEDS.value)
        self.comparator.addItem(self.tr("reaches the threshold (≥)"), Comparator.AT_LEAST.value)
        self.comparator.currentIndexChanged.connect(self._soon)
        self.panel = PicturePanel()
        self.panel.save_requested.connect(self.save_requested)
        self.rows = Table(
            self.tr("Each task or step"),
            (self.tr("Task or step"), self.tr("Was"), self.tr("Would be"), self.tr("Quality"), self.tr("Cost")),
        )
        self.listed = paragraph(tone="muted")
        self._together = QTimer(self)
        self._together.setSingleShot(True)
        self._together.setInterval(TOGETHER_MS)
        self._together.timeout.connect(self._replay)
        self._lay_out()
        self.setAccessibleName(self.tr("What if"))
        self.setFocusProxy(self.tau1)

    def _threshold(self, name: str) -> tuple[QSlider, QDoubleSpinBox]:
        """A slider, and its value as a number that can be typed."""
        slider, value = QSlider(Qt.Orientation.Horizontal), QDoubleSpinBox()
        slider.setRange(0, SHARES)
        slider.setSingleStep(STEP)
        slider.setPageStep(PAGE)
        slider.setAccessibleName(name)
        value.setRange(0, 1)
        value.setDecimals(3)
        value.setSingleStep(STEP / SHARES)
        value.setAccessibleName(self.tr("{0}, as a number").format(name))
        slider.valueChanged.connect(lambda at: value.setValue(at / SHARES))
        value.valueChanged.connect(lambda share: slider.setValue(round(share * SHARES)))
        slider.valueChanged.connect(self._soon)
        return slider, value

    def _lay_out(self) -> None:
        self._grid = QWidget()
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_M)
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("Stage &1"), self.tau1, self.tau1_value),
            (self.tr("Stage &2"), self.tau2, self.tau2_value),
        )
        for number, (name, slider, value) in enumerate(rows):
            caption = QLabel(name)
            caption.setBuddy(slider)
            grid.addWidget(caption, number, 0)
            grid.addWidget(slider, number, 1)
            grid.addWidget(value, number, 2)
        caption = QLabel(self.tr("The &majority"))
        caption.setBuddy(self.comparator)
        grid.addWidget(caption, 2, 0)
        grid.addWidget(self.comparator, 2, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
        layout = column(self)
        for part, stretch in ((self.empty, 0), (self._grid, 0), (self.panel, 0), (self.listed, 0), (self.rows, 1)):
            layout.addWidget(part, stretch)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_cascades(self, cascades: Sequence[Cascade], settings: RoutingSettings | None) -> None:
        """Take the votes of a run.

        Args:
            cascades: Its cascades.
            settings: With which it ran: where the sliders begin; None leaves them, for the same run with more votes.
        """
        self._cascades = tuple(cascades)
        if settings is not None:
            self.tau1.setValue(round(settings.tau1 * SHARES))
            self.tau2.setValue(round(settings.tau2 * SHARES))
            self.comparator.setCurrentIndex(self.comparator.findData(settings.comparator.value))
        self._grid.setVisible(bool(self._cascades))
        self.empty.setVisible(not self._cascades)
        for part in (self.panel, self.listed, self.rows):
            part.setVisible(bool(self._cascades) and self.replayed is not None)
        self._replay()

    @property
    def settings(self) -> RoutingSettings:
        """The thresholds as they stand."""
        return RoutingSettings(
            tau1=self.tau1.value() / SHARES,
            tau2=self.tau2.value() / SHARES,
            comparator=Comparator(self.comparator.currentData()),
        )

    def _soon(self) -> None:
        if not self._together.isActive():
            self._together.start()

    def _replay(self) -> None:
        self._together.stop()
        if self._cascades:
            self.replay_requested.emit(self.settings)
        else:
            self.replayed = None

    def show_replay(self, found: Replay) -> None:
        """Show what the cascades come to, where they are still those that are shown."""
        names = {cascade.place: cascade.words for cascade in self._cascades}
        if {each.place for each in found.cascades} != names.keys():
            return
        self.replayed = found
        for part in (self.panel, self.listed, self.rows):
            part.show()
        self.panel.show_picture(WhatIfPicture(found))
        by_place = {each.place: each for each in found.cascades}
        ordered = sorted((by_place[place] for place in names), key=lambda each: each.was.stage == each.would.stage)
        words = self.tr("{0} of {1} are listed, those first that would end elsewhere.")
        self.listed.setText(words.format(min(ROWS, len(ordered)), len(ordered)))
        self.rows.show_rows([self._row(names[each.place], each) for each in ordered[:ROWS]])

    def _row(self, name: str, each: Replayed) -> tuple[str, ...]:
        would = each.would
        words = resolution_words(would)
        if each.known and would.answer != each.was.answer:
            words = self.tr("{0}, another answer").format(words)
        quality = quality_words(would.verified) if each.known else self.tr("unknown")
        cost = self.tr("unknown") if would.usage is None else cost_words(would.usage)
        return name, resolution_words(each.was), words, quality, cost
