"""Qt's application: what it is called, where its messages and its own settings go, and what stands for a desk."""

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QSettings, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from hitl_app.domain.settings import SYSTEM
from hitl_app.ui.language import Translations

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def make_application(resources: Path, qt_settings: Path | None = None) -> QApplication:
    """The application of this process, made where there is none yet.

    Args:
        resources: Folder of icons and translations.
        qt_settings: Where Qt keeps what it keeps for itself, such as the folders of file dialogs; None for the
            platform's place, which all programs share.
    """
    qInstallMessageHandler(_log_qt)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("the desk needs a QApplication; there is another application in this process")
    app.setApplicationName("hitl-app")
    app.setWindowIcon(QIcon(str(resources / "icons" / "hitl-app.svg")))
    app.setApplicationDisplayName("HITL desk")
    app.setDesktopFileName("io.github.hitl_app.HitlApp")  # by which Wayland finds icon and menu entry
    app.setQuitOnLastWindowClosed(False)
    if qt_settings is not None:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(qt_settings))
    return app


def show_problem(app: QApplication, translations: Path, problem: str) -> None:
    """Show why there is no desk, until the person has seen it.

    Args:
        app: This process's application.
        translations: Folder of what is translated; the system's language is used, for no store could be asked.
        problem: What is wrong, and what to do.
    """
    Translations(app, translations).install(SYSTEM)
    words = QCoreApplication.translate("Application", "The desk cannot start")
    box = QMessageBox(QMessageBox.Icon.Warning, words, problem, QMessageBox.StandardButton.Close)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.exec()


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", message)
