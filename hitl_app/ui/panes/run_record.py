"""The runs on record: what they were started with, what came of them, and going on with one that was interrupted."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QSplitter, QWidget

from hitl_app.domain.run import Run
from hitl_app.ui.board import is_interrupted
from hitl_app.ui.models.run import RunTable
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column
from hitl_app.ui.panes.run_progress import table_of
from hitl_app.ui.run_words import run_text


class RunRecord(QWidget):
    """A list of runs, and the selected one in full.

    Signals:
        resume_requested: A `Run` to go on with.
        sent_requested: A `Run` whose calls are to be shown.
    """

    resume_requested = Signal(object)
    sent_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._under_way, self._blind = "", False
        self.rows = RunTable(self)
        self.table = table_of(self.rows, self.tr("Runs on record"))
        self.table.selectionModel().currentRowChanged.connect(self._show_run)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Settings and results"))
        self.resume = QPushButton(self.tr("&Resume"))
        self.resume.clicked.connect(lambda: self.resume_requested.emit(self.run))
        self.sent = QPushButton(self.tr("&What was sent…"))
        self.sent.clicked.connect(lambda: self.sent_requested.emit(self.run))
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(self.text)
        layout = column(self)
        layout.addWidget(parts, 1)
        layout.addWidget(Flow(self.resume, self.sent))
        self.setAccessibleName(self.tr("Earlier runs"))
        self.setFocusProxy(self.table)
        self._show_run()

    @property
    def run(self) -> Run | None:
        """The selected run."""
        return self.rows.run(self.table.currentIndex().row())

    def show_runs(self, runs: Sequence[Run], under_way: str, *, blind: bool = False) -> None:
        """Show runs, newest first, to the blind without names. The selected one stays selected.

        Args:
            runs: What is on record.
            under_way: Id of the run that goes on.
            blind: Names are hidden.
        """
        selected = self.run
        self._under_way, self._blind = under_way, blind
        self.rows.show_runs(runs, under_way, blind=blind)
        number = next((n for n, run in enumerate(runs) if selected is not None and run.id == selected.id), 0)
        if runs:
            self.table.selectRow(number)
        self._show_run()

    def _show_run(self) -> None:
        run = self.run
        self.text.setPlainText("" if run is None else run_text(run, self._under_way, blind=self._blind))
        self.resume.setEnabled(run is not None and not self._under_way and is_interrupted(run, self._under_way))
        self.sent.setEnabled(run is not None and run.usage.calls > 0 and not self._blind)
