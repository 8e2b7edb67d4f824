"""What this is: the version, how it was built and where its data are, to copy; and the licences of what is inside."""

import PySide6
from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from hitl_app.domain.installation import BuildDetails, Places
from hitl_app.ui.panes.parts import label, paragraph
from hitl_app.ui.theme import SPACE_L, SPACE_M


class AboutDialog(QDialog):
    """The details are not translated: they are for a report to whoever mends the program."""

    def __init__(self, build: BuildDetails, places: Places, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About"))
        name = label(self.tr("HITL desk {0}").format(build.version), role="title")
        what = paragraph(self.tr("People review and repair the trajectories of LLM agents."))
        qt = f"Qt {qVersion()}, PySide6 {PySide6.__version__}, {QGuiApplication.platformName()}"
        lines = (*build.lines, qt, *places.lines)
        self.details = QPlainTextEdit("\n".join(lines))
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setProperty("role", "mono")
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setMinimumHeight((len(lines) + 3) * self.fontMetrics().lineSpacing())
        self.details.setAccessibleName(self.tr("Details of this build"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(self.tr("&Copy details"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details.toPlainText()))
        if build.licences is not None:
            folder = QUrl.fromLocalFile(str(build.licences))
            licences = buttons.addButton(self.tr("&Licences"), QDialogButtonBox.ButtonRole.ActionRole)
            licences.setAccessibleName(self.tr("Open the folder of the licences of all parts"))
            licences.clicked.connect(lambda: QDesktopServices.openUrl(folder))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        for widget in (name, what, self.details, buttons):
            layout.addWidget(widget)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        self.resize(self.fontMetrics().averageCharWidth() * 90, self.sizeHint().height())
