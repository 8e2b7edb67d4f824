"""Gold items: trajectories on which the right decision is known."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QSplitter, QWidget

from hitl_app.domain.team import GoldItem
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.team.figures import tally_words, verdict_words
from hitl_app.workflow.gold import VERDICT_WORDS, GoldScore


class GoldPage(QWidget):
    """The items, how often each annotator came to them, and ways to add and remove some.

    Signals:
        add_requested: Verdict and note for the trajectory that is open on the desk.
        settled_requested: A note, for all settled trajectories that fit the queue's query.
        remove_requested: Root id.
        open_requested: Root id.
    """

    add_requested = Signal(str, str)
    settled_requested = Signal(str)
    remove_requested = Signal(str)
    open_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = paragraph(tone="muted")
        self.scores = Table(
            self.tr("How often each annotator came to the gold decision"),
            [self.tr("Annotator"), self.tr("Right verdicts"), self.tr("Right blames")],
        )
        self.items = Table(
            self.tr("Gold items"),
            [self.tr("Trajectory"), self.tr("Right verdict"), self.tr("Blame"), self.tr("Note"), self.tr("Set by")],
        )
        self.items.itemActivated.connect(lambda: self.open_requested.emit(self.items.current_key()))
        self.items.currentItemChanged.connect(lambda: self.remove.setEnabled(bool(self.items.current_key())))
        self.verdict, self.note = QComboBox(), QLineEdit()
        self.verdict.setAccessibleName(self.tr("Right verdict"))
        for verdict in VERDICT_WORDS:
            self.verdict.addItem(verdict_words(verdict), verdict)
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setPlaceholderText(self.tr("why, for whoever reads the report"))
        self.add = QPushButton(self.tr("Make the &open trajectory gold"))
        self.settled = QPushButton(self.tr("Make all &settled ones of the queue gold"))
        self.remove: QPushButton = QPushButton(self.tr("&Remove"))
        self.remove.setEnabled(False)
        self.add.clicked.connect(lambda: self.add_requested.emit(self.verdict.currentData(), self.note.text().strip()))
        self.settled.clicked.connect(lambda: self.settled_requested.emit(self.note.text().strip()))
        self.remove.clicked.connect(lambda: self.remove_requested.emit(self.items.current_key()))
        tables = QSplitter(Qt.Orientation.Vertical)
        tables.setChildrenCollapsible(False)
        tables.addWidget(self.scores)
        tables.addWidget(self.items)
        row = QHBoxLayout()
        row.addWidget(self.verdict)
        row.addWidget(self.note, 1)
        layout = column(self)
        layout.addWidget(self.words)
        layout.addWidget(tables, 1)
        layout.addLayout(row)
        layout.addWidget(Flow(self.add, self.settled, self.remove))

    def show_gold(self, items: Sequence[GoldItem], titles: Sequence[str], scores: Sequence[GoldScore]) -> None:
        """Show the items with the titles of their trajectories, and the scores."""
        self.items.show_rows(
            [
                [
                    title,
                    verdict_words(item.verdict),
                    "–" if item.blame is None else self.tr("step {0}").format(item.blame),
                    item.note,
                    item.set_by,
                ]
                for item, title in zip(items, titles, strict=True)
            ],
            [item.root_id for item in items],
        )
        self.scores.show_rows([[s.annotator, tally_words(s.verdicts), tally_words(s.blames)] for s in scores])
        self.remove.setEnabled(bool(items))
        if items:
            words = self.tr(
                "Annotators are measured by what they decided here without sight of others; in brackets the 95 % "
                "interval."
            )
        else:
            words = self.tr(
                "There are no gold items. On a gold item the right decision is known: mark some, and see how often "
                "each annotator comes to it."
            )
        self.words.setText(words)
