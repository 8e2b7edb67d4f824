"""What an export of training data holds and how it is written: the settings as a form."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.grpo import Norm
from hitl_app.domain.query import QueryError, parse_query
from hitl_app.domain.training import (
    Cleaning,
    ExportSettings,
    Filters,
    PairKind,
    Resampling,
    Span,
    Splits,
    Weighting,
)
from hitl_app.ui.export_words import REWARDED, cleaning_words, norm_words, pair_words, span_words, weight_words
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import caption, column, tell_whole
from hitl_app.ui.panes.query_line import QueryLine
from hitl_app.ui.panes.query_words import explain
from hitl_app.ui.theme import SPACE_M, SPACE_S
from hitl_app.workflow.exporting import ExportFormat

PARTS = ("train=1.0", "train=0.9,test=0.1", "train=0.8,validation=0.1,test=0.1")
"""Parts that are offered; others can be typed."""

SEEDS = 2**31 - 1
_RATE = 1.0
_Name = TypeVar("_Name", bound=StrEnum)


class ExportOptions(QWidget):
    """The settings of an export.

    Attributes:
        problem: Why what was chosen makes no sense; empty where it does.

    Signals:
        changed: Something was chosen.
        values_wanted: A `Place` of the query where values of the store are wanted; `query.offer` is the answer.
    """

    changed = Signal()
    values_wanted = Signal(object)

    def __init__(self, of: ExportFormat) -> None:
        """Make the form; `of` is the format that is chosen first."""
        super().__init__()
        self._offered = of
        self.setAccessibleName(self.tr("What goes out"))
        self.pairs = {kind: QCheckBox(pair_words(kind)) for kind in PairKind}
        self.spans = {span: QCheckBox(span_words(span)) for span in Span}
        self.verified = QCheckBox(self.tr("verified in a full replay"))
        self.human = QCheckBox(self.tr("decided by a person"))
        self.no_override = QCheckBox(self.tr("nothing accepted against the rule"))
        self.no_answer = QCheckBox(self.tr("nothing decided in view of the gold answer"))
        self.agreement = _number(QSpinBox(), 0, 100, self.tr("Smallest share that agrees, in percent"))
        self.agreement.setSpecialValueText(self.tr("any"))
        self.agreement.setSuffix(" %")
        self.query = QueryLine()
        self.query.setAccessibleName(self.tr("Query: only what it finds"))
        self.query.setPlaceholderText(self.tr("everything in the queue"))
        self.parts = QComboBox()
        self.parts.setEditable(True)
        self.parts.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.parts.setAccessibleName(self.tr("Parts by task, with their shares"))
        self.parts.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.parts.setMinimumContentsLength(20)
        self.parts.addItems(list(PARTS))
        tell_whole(self.parts)
        self.seed = _number(QSpinBox(), 0, SEEDS, self.tr("Seed of the parts"))
        self.weighting = _choice(self.tr("Weights"), {each: weight_words(each) for each in Weighting})
        self.resample = QCheckBox(self.tr("repeat rows by weight"))
        self.rate = QDoubleSpinBox()
        self.rate.setRange(0.01, 100)
        self.rate.setSingleStep(0.5)
        self.rate.setAccessibleName(self.tr("Rows for a weight of 1"))
        self.resample_seed = _number(QSpinBox(), 0, SEEDS, self.tr("Seed of the repeating"))
        self.cleaning = _choice(self.tr("Secrets and personal data"), {each: cleaning_words(each) for each in Cleaning})
        self.norm = _choice(self.tr("Rewards are normalised"), {each: norm_words(each) for each in Norm})
        self.usual = QPushButton(self.tr("As &usual"))
        self.usual.setAccessibleName(self.tr("All options as usual"))
        self.problem = ""
        self._lay_out()
        self.show_settings(ExportSettings())
        self.show_for(of)
        self._connect()

    def _lay_out(self) -> None:
        layout = column(self, margin=0, spacing=SPACE_S)
        self._kinds, self._answers, self._rewards = QWidget(), QWidget(), QWidget()
        for part, title, boxes in (
            (self._kinds, self.tr("Pairs"), self.pairs),
            (self._answers, self.tr("Answers"), self.spans),
            (self._rewards, self.tr("Rewards are normalised"), {"norm": self.norm}),
        ):
            _add(column(part, margin=0, spacing=SPACE_S), title, boxes.values())
            layout.addWidget(part)
        _add(layout, self.tr("Only"), (self.verified, self.human, self.no_override, self.no_answer))
        form = _form()
        form.addRow(self.tr("At least agree"), self.agreement)
        form.addRow(self.tr("Query"), self.query)
        layout.addLayout(form)
        _add(layout, self.tr("Parts by task"), ())
        form = _form()
        form.addRow(self.tr("Shares"), self.parts)
        form.addRow(self.tr("Seed"), self.seed)
        layout.addLayout(form)
        _add(layout, self.tr("Weights"), (self.weighting, self.resample))
        form = _form()
        form.addRow(self.tr("Rows"), self.rate)
        form.addRow(self.tr("Seed"), self.resample_seed)
        layout.addLayout(form)
        _add(layout, self.tr("Secrets and personal data"), (self.cleaning,))
        layout.addSpacing(SPACE_S)
        layout.addWidget(Flow(self.usual))
        layout.addStretch(1)

    def _connect(self) -> None:
        checks = (self.verified, self.human, self.no_override, self.no_answer, self.resample)
        for box in (*self.pairs.values(), *self.spans.values(), *checks):
            box.toggled.connect(self._change)
        for number in (self.agreement, self.seed, self.rate, self.resample_seed):
            number.valueChanged.connect(self._change)
        for choice in (self.weighting, self.cleaning, self.norm):
            choice.currentIndexChanged.connect(self._change)
        self.parts.currentTextChanged.connect(self._change)
        self.query.textChanged.connect(self._change)
        self.query.left.connect(self.query.close_offers)
        self.query.values_wanted.connect(self.values_wanted)
        self.usual.clicked.connect(lambda: self.show_settings(ExportSettings()))

    def show_for(self, of: ExportFormat) -> None:
        """Show what there is to choose for a format."""
        self._offered = of
        self._kinds.setVisible(of.pairs)
        self._answers.setVisible(bool(of.spans))
        self._rewards.setVisible(of.name in REWARDED)
        for span, box in self.spans.items():
            box.setVisible(span in of.spans)

    # -- the settings ----------------------------------------------------------------------------------------------

    def settings(self) -> ExportSettings | None:
        """What was chosen; None where it makes no sense, and then `problem` says why."""
        try:
            found = self._read()
        except QueryError as error:
            self.query.show_problem(error)
            self._tell(explain(error))
            return None
        except ValueError:
            self._tell(
                self.tr("Parts are names with shares that add up to 1, such as {0}.").format("train=0.9,test=0.1")
            )
            return None
        of = self._offered
        missing = (of.pairs and not found.pairs) or (bool(of.spans) and not found.spans & set(of.spans))
        self._tell(self.tr("Choose at least one kind of pair, and one kind of answer.") if missing else "")
        return None if missing else found

    def _read(self) -> ExportSettings:
        query = self.query.text().strip()
        parse_query(query)
        share = self.agreement.value()
        drawn = Resampling(self.rate.value(), self.resample_seed.value()) if self.resample.isChecked() else None
        return ExportSettings(
            pairs=frozenset(kind for kind, box in self.pairs.items() if box.isChecked()),
            spans=frozenset(span for span, box in self.spans.items() if box.isChecked()),
            filters=Filters(
                verified=self.verified.isChecked(),
                human=self.human.isChecked(),
                no_override=self.no_override.isChecked(),
                no_answer=self.no_answer.isChecked(),
                agreement=share / 100 if share else None,
                query=query,
            ),
            splits=Splits.read(self.parts.currentText(), self.seed.value()),
            weighting=Weighting(self.weighting.currentData()),
            resampling=drawn,
            cleaning=Cleaning(self.cleaning.currentData()),
            norm=Norm(self.norm.currentData()),
        )

    def show_settings(self, settings: ExportSettings) -> None:
        """Show settings, such as those of the last time."""
        for kind, box in self.pairs.items():
            box.setChecked(kind in settings.pairs)
        for span, box in self.spans.items():
            box.setChecked(span in settings.spans)
        filters, drawn = settings.filters, settings.resampling
        self.verified.setChecked(filters.verified)
        self.human.setChecked(filters.human)
        self.no_override.setChecked(filters.no_override)
        self.no_answer.setChecked(filters.no_answer)
        self.agreement.setValue(round(100 * (filters.agreement or 0)))
        self.query.setText(filters.query)
        self.parts.setEditText(settings.splits.text)
        self.seed.setValue(settings.splits.seed)
        self.weighting.setCurrentIndex(self.weighting.findData(settings.weighting))
        self.resample.setChecked(drawn is not None)
        self.rate.setValue(drawn.rate if drawn is not None else _RATE)
        self.resample_seed.setValue(drawn.seed if drawn is not None else 0)
        self.cleaning.setCurrentIndex(self.cleaning.findData(settings.cleaning))
        self.norm.setCurrentIndex(self.norm.findData(settings.norm))
        self._allow()

    def _change(self) -> None:
        self._allow()
        self.changed.emit()

    def _allow(self) -> None:
        for number in (self.rate, self.resample_seed):
            number.setEnabled(self.resample.isChecked())

    def _tell(self, problem: str) -> None:
        self.problem = problem
        if not problem:
            self.query.show_problem(None)


def _add(layout: QVBoxLayout, title: str, widgets: Iterable[QWidget]) -> None:
    layout.addSpacing(SPACE_M)
    layout.addWidget(caption(title))
    for widget in widgets:
        layout.addWidget(widget)


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setSpacing(SPACE_S)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    return form


def _number(box: QSpinBox, least: int, most: int, name: str) -> QSpinBox:
    box.setRange(least, most)
    box.setAccessibleName(name)
    return box


def _choice(name: str, words: Mapping[_Name, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for value, text in words.items():
        box.addItem(text, value)
    return box
