"""Qt's application: what it is called, and where its messages and its own settings go."""

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QSettings, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

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


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", message)
