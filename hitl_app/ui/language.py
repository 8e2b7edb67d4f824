"""The language of the window: English in the source, others from Qt's compiled translations."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from hitl_app.domain.settings import SYSTEM

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "zh_CN": "简体中文"}
"""Names of the languages, each as those who speak it write it. They are never translated."""

_HAN = QLocale.Script.SimplifiedHanScript


class Translations:
    """Puts a language into the application: our words, and those of Qt's own buttons and dialogs."""

    def __init__(self, app: QCoreApplication, folder: Path) -> None:
        """Begin with English.

        Args:
            app: The application.
            folder: Holds `hitl_app_LANGUAGE.qm`.
        """
        self._app = app
        self._folder = folder
        self._installed: list[tuple[QTranslator, bytes]] = []

    def install(self, chosen: str) -> str:
        """Use a language from now on; windows that are open keep their words.

        Args:
            chosen: One of `LANGUAGES`, or `system`; English where it is not known.

        Returns:
            The language that is used.
        """
        for old, _ in self._installed:
            self._app.removeTranslator(old)
        self._installed.clear()
        language = _of_system() if chosen == SYSTEM else chosen
        if language not in LANGUAGES or language == ENGLISH:
            QLocale.setDefault(QLocale.system() if chosen == SYSTEM else QLocale(ENGLISH))
            return ENGLISH
        of_qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{language}.qm"
        for file in (of_qt, self._folder / f"hitl_app_{language}.qm"):
            # Read first: Qt would map the file, and an update of the program that writes it anew would end the desk.
            translator, compiled = QTranslator(self._app), file.read_bytes() if file.is_file() else b""
            if translator.load(compiled):
                self._app.installTranslator(translator)
                self._installed.append((translator, compiled))
        QLocale.setDefault(QLocale(language))
        return language


def _of_system() -> str:
    locale = QLocale.system()
    return "zh_CN" if locale.language() is QLocale.Language.Chinese and locale.script() is _HAN else ENGLISH
