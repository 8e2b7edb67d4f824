"""What translating needs: names that Qt's tools look for in the source, and texts without their mnemonics.

The tools find a context and a text only where both are literals.
"""

import re

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate
"""Translates a text of a context now."""

_MNEMONIC = re.compile(r"\(&.\)|&(?=.)")


def QT_TRANSLATE_NOOP(_: str, text: str) -> str:
    """Marks a text of a context that is translated later; PySide's own function is typed to give an object."""
    return text


def without_mnemonic(text: str) -> str:
    """The words alone: `File` for `&File`, and `文件` for `文件(&F)`."""
    return _MNEMONIC.sub("", text)
