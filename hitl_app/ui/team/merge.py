"""Merging: a colleague's store, added to this one."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QWidget

from hitl_app.domain.ports import AbsorbSummary
from hitl_app.ui.panes.parts import column, paragraph
from hitl_app.ui.panes.tables import Table


class MergePage(QWidget):
    """Choose a store, add it, and see what came.

    Signals:
        merge_requested: Path of the other store.
        open_requested: Root id of a trajectory that is disputed now.
    """

    merge_requested = Signal(str)
    open_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = QLineEdit()
        self.path.setAccessibleName(self.tr("The other store"))
        self.path.setPlaceholderText(self.tr("a file desk.db, or the data folder that holds it"))
        choose = QPushButton(self.tr("&Choose…"))
        choose.clicked.connect(self._choose)
        self.go = QPushButton(self.tr("&Merge into this store"))
        self.go.setProperty("primary", "true")
        self.go.setEnabled(False)
        self.go.clicked.connect(lambda: self.merge_requested.emit(self.path.text().strip()))
        self.path.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.path.returnPressed.connect(self.go.click)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the merge"))
        self.progress.hide()
        self.summary = paragraph()
        self.disputed = Table(self.tr("Trajectories that are disputed now"), [self.tr("Disputed now")])
        self.disputed.itemActivated.connect(lambda: self.open_requested.emit(self.disputed.current_key()))
        self.disputed.hide()
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(choose)
        layout = column(self)
        layout.addWidget(
            paragraph(
                self.tr(
                    "Adds everything that a colleague decided and this store does not have. The other store is only "
                    "read, a copy of this one is kept beside it, and merging twice adds nothing. Where people decided "
                    "differently, the trajectory becomes disputed until somebody settles it."
                ),
                tone="muted",
            )
        )
        layout.addLayout(row)
        layout.addWidget(self.go, 0, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self.progress)
        layout.addWidget(self.summary)
        layout.addWidget(self.disputed, 1)
        layout.addStretch(0)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("The store of a colleague"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters([self.tr("Stores (*.db)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()

    def show_progress(self, done: int, of: int) -> None:
        """So many decisions of so many are there."""
        self.go.setEnabled(False)
        self.progress.setRange(0, of)
        self.progress.setValue(done)
        self.progress.show()
        self.summary.setText(self.tr("Merging {0}…").format(Path(self.path.text()).name))

    def show_summary(self, summary: AbsorbSummary, titles: dict[str, str]) -> None:
        """Say what came; `titles` are those of the disputed trajectories by their ids."""
        self._end()
        words = self.tr(
            "Added decisions: {0} (known already: {1}), tasks: {2}, trajectories: {3}, revisions: {4}, "
            "proposals: {5}, inspections: {6}, runs: {7}."
        ).format(
            summary.decisions,
            summary.known,
            summary.tasks,
            summary.trajectories,
            summary.revisions,
            summary.proposals,
            summary.inspections,
            summary.runs,
        )
        disputed = self.tr("Disputed now: {0}. Return opens one.").format(len(summary.disputed))
        self.summary.setText(f"{words}\n{disputed}" if summary.disputed else words)
        self.disputed.show_rows([[titles[root]] for root in titles], list(titles))
        self.disputed.setVisible(bool(titles))

    def show_problem(self, words: str) -> None:
        """Say why nothing was merged."""
        self._end()
        self.disputed.hide()
        self.summary.setText(words)

    def _end(self) -> None:
        self.progress.hide()
        self.go.setEnabled(bool(self.path.text().strip()))
