"""Shown at the start after a crash: what happened, what is kept, and the details to copy or to save as a file."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from hitl_app.domain.crash import CrashReport
from hitl_app.ui.panes.parts import label, paragraph
from hitl_app.ui.theme import SPACE_L, SPACE_M

MOST_CHARACTERS = 200_000
"""Of details that are shown; all of them are in the file."""


class CrashDialog(QDialog):
    """One report. Closing it is enough: the file stays.

    Signals:
        save_requested: The person wants it as a file of their own.
    """

    save_requested = Signal()

    def __init__(self, report: CrashReport, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.setWindowTitle(self.tr("The desk crashed"))
        when = report.at.replace("T", " ")[:19]
        happened = self.tr("The desk met an error that nobody expected, at {0} (UTC).").format(when)
        kept = self.tr(
            "Every decision that was shown as saved is on record, and drafts are kept as they were typed. "
            "The report below stays on this machine: nothing was sent, and nothing will be. If you wish to tell of the "
            "crash, save it as a file and attach that. Read it first, because it may quote from a trajectory."
        )
        self.details = QPlainTextEdit(report.details[:MOST_CHARACTERS])
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setProperty("role", "mono")
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setAccessibleName(self.tr("Details of the crash"))
        self._said = paragraph(tone="muted")
        self._said.hide()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        save = self.buttons.addButton(self.tr("&Save report…"), QDialogButtonBox.ButtonRole.ActionRole)
        copy = self.buttons.addButton(self.tr("&Copy details"), QDialogButtonBox.ButtonRole.ActionRole)
        folder = self.buttons.addButton(self.tr("&Open the folder"), QDialogButtonBox.ButtonRole.ActionRole)
        save.clicked.connect(self.save_requested)
        copy.clicked.connect(self._copy)
        folder.clicked.connect(self._open_folder)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(happened, wrap=True))
        layout.addWidget(label(kept, tone="muted", wrap=True))
        layout.addWidget(self.details, 1)
        layout.addWidget(self._said)
        layout.addWidget(self.buttons)
        width = self.fontMetrics().averageCharWidth() * 100
        self.resize(width, width * 2 // 3)

    def say(self, words: str) -> None:
        """What came of saving."""
        self._said.setText(words)
        self._said.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._place))
