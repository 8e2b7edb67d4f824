"""The two names that Qt's translation tools look for in the source; the context stands there in plain words."""

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate
"""Translates a text of a context now. Both are literals where this is called, or no tool finds them."""


def QT_TRANSLATE_NOOP(_: str, text: str) -> str:
    """Marks a text of a context that is translated later; PySide's own function is typed to give an object."""
    return text
