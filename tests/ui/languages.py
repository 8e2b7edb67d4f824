"""The languages in which windows are walked: those of the product, and one that shows what is not translated."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTranslator

from hitl_app.ui.language import Translations

LONGER = "lengthened"
TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"

_OPEN, _CLOSE = "⟦", "⟧"
_INNERMOST = re.compile(f"{_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}")
_KEYS = "QShortcut"


class Lengthened(QTranslator):
    """Puts every text into brackets and makes it longer by two fifths: as wide as German, and as easy to spot."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - Qt's name for it
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str:
        return sourceText if context == _KEYS or not sourceText.strip() else _longer(sourceText)


def _longer(text: str) -> str:
    return f"{_OPEN}{text}{'~ ' * (len(text) // 5)}{_CLOSE}"


def untranslated(text: str) -> str:
    """What stands outside of all brackets."""
    while text != (shorter := _INNERMOST.sub(" ", text)):
        text = shorter
    return text


@contextmanager
def speaking(app: QCoreApplication, language: str) -> Iterator[None]:
    """Let the windows that are made in this block speak a language."""
    translations, longer = Translations(app, TRANSLATIONS), Lengthened()
    if language == LONGER:
        app.installTranslator(longer)
    else:
        translations.install(language)
    try:
        yield
    finally:
        app.removeTranslator(longer)
        translations.install("en")
