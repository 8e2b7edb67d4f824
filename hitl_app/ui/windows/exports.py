"""Asks what to export and where, and shows what was written."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from hitl_app.domain.ports import ExportSummary


class ExportDialog(QDialog):
    """A format, a folder, and the result in words.

    Signals:
        export_requested: The format's name and the folder as a `Path`; to be answered by `show_result` or
            `show_problem`.
    """

    export_requested = Signal(str, object)

    def __init__(self, formats: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self.format = QComboBox()
        self.format.addItems(list(formats))
        self.format.setAccessibleName(self.tr("Format"))
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Folder"))
        self.folder.textChanged.connect(self._allow)
        choose = QPushButton(self.tr("Choose…"))
        choose.setAccessibleName(self.tr("Choose a folder"))
        choose.clicked.connect(self._choose)
        self.written = QPlainTextEdit()
        self.written.setReadOnly(True)
        self.written.setAccessibleName(self.tr("What was written"))
        self.written.hide()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._go = self._buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.ActionRole)
        self._go.clicked.connect(self._start)
        self._buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.folder)
        row.addWidget(choose)
        form = QFormLayout(self)
        form.addRow(self.tr("&Format"), self.format)
        form.addRow(self.tr("F&older"), row)
        form.addRow(self.written)
        form.addRow(self._buttons)
        self._go.setDefault(True)
        self.resize(560, 160)
        self._allow()

    def _allow(self) -> None:
        self._go.setEnabled(bool(self.folder.text().strip()) and self.format.count() > 0)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder to export into"), self.folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _start(self) -> None:
        self._go.setEnabled(False)
        self._show(self.tr("Writing…"))
        self.export_requested.emit(self.format.currentText(), Path(self.folder.text().strip()).expanduser())

    def show_result(self, summary: ExportSummary) -> None:
        """Show the files with their rows, and what was left out and why."""
        lines = [self.tr("{0}: rows {1}").format(name, rows) for name, rows in summary.files]
        lines += [self.tr("left out, {0}: {1}").format(reason, count) for reason, count in summary.excluded]
        self._show("\n".join((*lines, *summary.notes)))
        self._allow()

    def show_problem(self, problem: str) -> None:
        """Say why nothing was written."""
        self._show(problem)
        self._allow()

    def _show(self, text: str) -> None:
        self.written.setPlainText(text)
        self.written.show()
        self.resize(max(self.width(), 560), max(self.height(), 360))
