"""What keeps people from using a window: no name to read, a focus that jumps, keys that clash, words that are cut."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QKeyEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTextEdit,
    QWidget,
)

from hitl_app.ui.panes.hunk_editor import HunkEditor
from hitl_app.ui.panes.parts import ElidedLabel

SMALL = (1000, 700)
"""Width and height of a window in which everything must be within reach."""

_MOST_TABS = 400
_MNEMONIC = re.compile(r"&([^&\s])")


def shown(window: QWidget) -> list[QWidget]:
    """Every visible widget of a window."""
    return [each for each in window.findChildren(QWidget) if each.isVisible() and each.window() is window]


def called(widget: QWidget) -> str:
    """How a message names a widget: its class, its words, and the part of the window that it is in."""
    text = getattr(widget, "text", "")
    words = widget.accessibleName() or (text() if callable(text) else text) or widget.objectName()
    parent, ours = widget.parentWidget(), ""
    while parent is not None and not ours:
        ours = type(parent).__name__ if type(parent).__module__.startswith("hitl_app") else ""
        parent = parent.parentWidget()
    return f"{type(widget).__name__} “{str(words)[:60]}” in {ours or 'the window'}"


# -- names -------------------------------------------------------------------------------------------------------------


def without_name(window: QWidget) -> Iterator[str]:
    """Widgets that can have the focus, and of which a screen reader could say nothing."""
    for widget in _stops(window):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            yield f"{called(widget)}: has no accessible name"


# -- focus -------------------------------------------------------------------------------------------------------------


def _stops(window: QWidget) -> list[QWidget]:
    """The widgets at which Tab is expected to stop."""
    return [
        each
        for each in shown(window)
        if each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.focusProxy() is None
    ]


def _press_tab(widget: QWidget) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "\t"))


def _walk(window: QWidget) -> tuple[list[QWidget], str]:
    """The widgets in the order in which Tab goes through them, and where it goes no further."""
    stops = _stops(window)
    if not stops:
        return [], ""
    window.activateWindow()
    start = next(each for each in _chain(window) if each in stops)
    start.setFocus(Qt.FocusReason.TabFocusReason)
    walked: list[QWidget] = []
    for _ in range(_MOST_TABS):
        here = QApplication.focusWidget()
        if here is None or here in walked:
            return walked, "" if here in walked[:1] else f"{called(here or window)}: Tab leads back here"
        walked.append(here)
        _press_tab(here)
        if QApplication.focusWidget() is here and len(stops) > 1:
            if not _takes_tabs(here):
                return walked, f"{called(here)}: Tab stays here"
            next(each for each in _chain(here) if each in stops).setFocus(Qt.FocusReason.TabFocusReason)
    return walked, "Tab does not come back to where it began"


def _chain(widget: QWidget) -> Iterator[QWidget]:
    """What comes after a widget in Qt's order, once round."""
    here = widget.nextInFocusChain()
    while here is not None and here is not widget:
        yield here
        here = here.nextInFocusChain()


def _takes_tabs(widget: QWidget) -> bool:
    """The editors in which Tab is a part of the text, as the guide says: Ctrl+Return leaves them."""
    return isinstance(widget, QPlainTextEdit | QTextEdit) and _ancestor(widget, HunkEditor) is not None


def _ancestor(widget: QWidget, kind: type[QWidget]) -> QWidget | None:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, kind):
        parent = parent.parentWidget()
    return parent


def focus_faults(window: QWidget) -> Iterator[str]:
    """Where Tab leaves widgets out, is caught, jumps back to a group that it left, or goes against the layout."""
    walked, stuck = _walk(window)
    if stuck:
        yield stuck
    for each in walked:
        if each.window() is not window:
            yield f"{called(each)}: is in another window"
    for widget in _stops(window):
        if widget not in walked and not _one_of_a_group(widget, walked):
            yield f"{called(widget)}: Tab never comes here"
    yield from _jumps(window, walked)
    for before, after in pairwise(walked):
        yield from _against_layout(before, after)


def _one_of_a_group(widget: QWidget, walked: Sequence[QWidget]) -> bool:
    """Tab stops at one button of an exclusive group; the arrows go through the others."""
    if not isinstance(widget, QAbstractButton) or not widget.isCheckable():
        return False
    around = widget.parentWidget() or widget
    return widget.autoExclusive() and any(each in walked for each in around.findChildren(type(widget)))


def _lineage(widget: QWidget, window: QWidget) -> list[QWidget]:
    """The widget and what it is in, the window first."""
    found = [widget]
    while found[-1] is not window and (parent := found[-1].parentWidget()) is not None:
        found.append(parent)
    return found[::-1]


def _jumps(window: QWidget, walked: Sequence[QWidget]) -> Iterator[str]:
    left: set[QWidget] = set()
    for before, after in pairwise(walked):
        inside = set(_lineage(after, window))
        back = left & inside
        if back:
            yield f"{called(after)}: Tab comes back to a group that it left, from {called(before)}"
        left = (left | set(_lineage(before, window))) - inside


def _against_layout(before: QWidget, after: QWidget) -> Iterator[str]:
    """Compares the two branches of the window that part between two stops."""
    if _ends_editing(before) or _ends_editing(after):
        return
    one, other = _lineage(before, before.window()), _lineage(after, after.window())
    parted = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a is not b), None)
    if parted is None:
        return
    first, second = _place(one[parted]), _place(other[parted])
    beside = first.top() <= second.bottom() and second.top() <= first.bottom()
    in_column = first.left() <= second.right() and second.left() <= first.right()
    if second.bottom() < first.top() and in_column:
        yield f"{called(after)}: stands above {called(before)}, and Tab comes to it later"
    if beside and second.right() < first.left():
        yield f"{called(after)}: stands before {called(before)} in its row, and Tab comes to it later"


def _ends_editing(widget: QWidget) -> bool:
    """Done and Cancel come after the text that they are about; they stand above it to be in view however long it is."""
    return isinstance(widget, QPushButton) and _ancestor(widget, HunkEditor) is not None


def _place(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())


# -- keys --------------------------------------------------------------------------------------------------------------


def key_faults(window: QWidget) -> Iterator[str]:
    """Shortcuts that two enabled actions of a window have, and mnemonics that two entries or two widgets share."""
    taken: dict[str, set[str]] = {}
    for action in set(window.findChildren(QAction)) | set(window.actions()):
        if action.isEnabled() and not isinstance(action.parent(), QMenu):
            for key in action.shortcuts():
                taken.setdefault(key.toString(), set()).add(action.text())
    for shortcut in window.findChildren(QShortcut):
        parent = shortcut.parent()
        if not isinstance(parent, QWidget) or not parent.isVisible() or parent.window() is not window:
            continue
        if shortcut.isEnabled() and shortcut.context() is Qt.ShortcutContext.WindowShortcut:
            taken.setdefault(shortcut.key().toString(), set()).add(f"a shortcut of {type(parent).__name__}")
    yield from (f"{key}: is the key of {sorted(owners)}" for key, owners in taken.items() if len(owners) > 1 and key)
    for menu in menus(window):
        entries = [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]
        yield from _clashes(entries, f"the menu “{menu.title() if isinstance(menu, QMenu) else 'bar'}”")
    yield from _clashes([words for widget in shown(window) if widget.isEnabled() for words in _marked(widget)], "it")


def menus(window: QWidget) -> list[QMenu | QMenuBar]:
    """The menu bar and every menu of a window, open or not."""
    return [*window.findChildren(QMenuBar), *window.findChildren(QMenu)]


def _marked(widget: QWidget) -> Iterable[str]:
    """Words of a widget that take a mnemonic."""
    if isinstance(widget, QAbstractButton):
        return [widget.text()]
    if isinstance(widget, QLabel):
        return [widget.text()] if widget.buddy() is not None else []
    if isinstance(widget, QGroupBox):
        return [widget.title()]
    if isinstance(widget, QTabBar):
        return [widget.tabText(n) for n in range(widget.count())]
    if isinstance(widget, QMenuBar):
        return [action.text() for action in widget.actions()]
    return []


def _clashes(texts: Iterable[str], where: str) -> Iterator[str]:
    letters: dict[str, list[str]] = {}
    for text in texts:
        found = _MNEMONIC.search(text.replace("&&", ""))
        if found:
            letters.setdefault(found[1].lower(), []).append(text)
    for letter, words in letters.items():
        if len(words) > 1:
            yield f"Alt+{letter}: {where} has it {len(words)} times: {words}"


# -- room --------------------------------------------------------------------------------------------------------------


def cut_faults(window: QWidget) -> Iterator[str]:
    """Words that do not fit into their widget, and widgets that do not fit into what they are in."""
    small = window.minimumSizeHint()
    if small.width() > SMALL[0] or small.height() > SMALL[1]:
        yield f"the window needs {small.width()}x{small.height()}, which is more than {SMALL[0]}x{SMALL[1]}"
    for widget in shown(window):
        need = _cut(widget)
        if need and widget.width() > 0 and not widget.toolTip():
            yield f"{called(widget)}: {need}"
        if _has_words(widget):
            yield from _covered(widget, window)
        inside = widget.widget() if isinstance(widget, QScrollArea) else None
        if isinstance(widget, QScrollArea) and inside is not None:
            lost = inside.width() - widget.viewport().width()
            if lost > 1 and widget.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
                yield f"{called(widget)}: {lost} pixels of {called(inside)} are beyond its edge and out of reach"


def _has_words(widget: QWidget) -> bool:
    if isinstance(widget, QLabel | QAbstractButton):
        return bool(widget.text()) and widget.width() > 0
    return isinstance(widget, QComboBox | QLineEdit)


def _cut(widget: QWidget) -> str:
    if isinstance(widget, QLabel):
        return _cut_label(widget)
    if isinstance(widget, QAbstractButton) and widget.text():
        wanted = widget.sizeHint()
        if widget.width() < wanted.width() or widget.height() < widget.fontMetrics().height():
            return f"is {widget.width()}x{widget.height()} and needs {wanted.width()}x{wanted.height()}"
    if isinstance(widget, QComboBox):
        return _cut_box(widget)
    if isinstance(widget, QTabBar) and not widget.usesScrollButtons():
        for number in range(widget.count()):
            wide = widget.fontMetrics().horizontalAdvance(widget.tabText(number).replace("&", ""))
            if widget.tabRect(number).width() < wide:
                return f"its tab “{widget.tabText(number)}” needs {wide}"
    if isinstance(widget, QGroupBox):
        wide = widget.fontMetrics().horizontalAdvance(widget.title())
        return f"its title needs {wide} and has {widget.width()}" if wide > widget.width() else ""
    return ""


def _cut_label(widget: QLabel) -> str:
    if not widget.text() or not widget.pixmap().isNull():
        return ""
    wanted, has = widget.minimumSizeHint(), widget.size()
    if not widget.wordWrap():
        fits = has.width() >= wanted.width() and has.height() >= widget.fontMetrics().height()
        return "" if fits else f"is {has.width()}x{has.height()} and needs {wanted.width()}x{wanted.height()}"
    room = widget.contentsRect().width()
    longest = max(re.split(r"[\s\u3000-\u9fff\uff00-\uffef]+", widget.text()), key=len)
    wide = widget.fontMetrics().horizontalAdvance(longest)
    if wide > room:
        return f"its word “{longest[:40]}” needs {wide} and has {room}"
    high = widget.heightForWidth(has.width())
    return f"its lines need a height of {high} and have {has.height()}" if high > has.height() + 1 else ""


def _cut_box(widget: QComboBox) -> str:
    option = QStyleOptionComboBox()
    widget.initStyleOption(option)
    field = widget.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
    )
    wide = widget.fontMetrics().horizontalAdvance(widget.currentText())
    return f"needs {wide} for “{widget.currentText()}” and has {field.width()}" if wide > field.width() else ""


def _covered(widget: QWidget, window: QWidget) -> Iterator[str]:
    """Whether a part of the widget is beyond the edge of something that does not scroll."""
    here, inside = widget, widget.rect()
    while here is not window and (parent := here.parentWidget()) is not None:
        if isinstance(parent, QAbstractScrollArea) or isinstance(parent.parentWidget(), QAbstractScrollArea):
            return
        inside = inside.translated(here.pos())
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(inside):
            yield f"{called(widget)}: reaches beyond the edge of {type(parent).__name__}"
            return
        here = parent


# -- words -------------------------------------------------------------------------------------------------------------


def words_of(window: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that a window shows or says, with where it is."""
    yield window.windowTitle(), "the title"
    for menu in menus(window):
        yield from ((action.text(), "a menu") for action in menu.actions())
    for widget in shown(window):
        for text in _texts(widget):
            yield text, called(widget)


def _texts(widget: QWidget) -> Iterator[str]:
    yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
    if isinstance(widget, ElidedLabel):
        yield widget.whole_text
    elif isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(n) for n in range(widget.count()))
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(n) for n in range(widget.count()))
    elif isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
        yield from (str(widget.model().headerData(n, widget.orientation()) or "") for n in range(widget.count()))


def keys_free(text: str) -> str:
    """A text without names of keys, which are the same in every language."""
    return re.sub(r"\b(?:Ctrl|Shift|Alt|Esc|Return|Tab|Del|F\d+|PgUp|PgDown|Up|Down)\b\+?\S?", "", text)
