"""Dialogs, keys and the palette: what the keyboard can rely on."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from hitl_app.domain.guidelines import Occasion
from hitl_app.domain.library import ImportSummary, Rejected
from hitl_app.ui.actions import ACTIONS
from hitl_app.ui.typing_filter import TypingFilter
from hitl_app.ui.windows.imports import ImportDialog
from hitl_app.ui.windows.palette import fuzzy_score
from hitl_app.ui.windows.reason import ReasonDialog, question


def test_no_two_actions_share_a_name_or_a_key() -> None:
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)
    keys = [QKeySequence(spec.shortcut).toString() for spec in ACTIONS if spec.shortcut]
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_no_two_entries_of_a_menu_share_a_mnemonic() -> None:
    for place in {(spec.menu, spec.submenu) for spec in ACTIONS}:
        words = [spec.text for spec in ACTIONS if (spec.menu, spec.submenu) == place]
        words += {spec.submenu for spec in ACTIONS if spec.submenu and (spec.menu, "") == place}
        letters = [text[text.index("&") + 1].lower() for text in words if "&" in text]
        assert len(letters) == len(set(letters)), place


def test_the_palette_finds_an_action_by_letters_in_their_order() -> None:
    assert fuzzy_score("rt", "Reject trajectory…") is not None
    assert fuzzy_score("tr", "Skip") is None
    whole, scattered = fuzzy_score("skip", "Skip"), fuzzy_score("skip", "Search for a long time in a pile")
    assert whole == 0
    assert scattered is None or scattered > whole


pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def typing(qapp: QApplication, qtbot: QtBot) -> Callable[[QWidget, QKeyEvent], set[str]]:
    """Sends a key to a widget in a window with a shortcut on it, and says which of them answered."""

    def press(widget: QWidget, event: QKeyEvent, window: QWidget | None = None) -> set[str]:
        window = window or QMainWindow()
        qtbot.addWidget(window)
        if isinstance(window, QMainWindow):
            window.setCentralWidget(widget)
        else:
            QVBoxLayout(window).addWidget(widget)
        answers: list[str] = []
        for keys in ("A", "?", "Esc", "Ctrl+Return", "Ctrl+K"):
            QShortcut(QKeySequence(keys), window, lambda keys=keys: answers.append(keys))
        watch = TypingFilter(qapp, lambda: answers.append("present"))
        window.show()
        window.activateWindow()
        widget.setFocus()
        qtbot.waitUntil(lambda: qapp.focusWidget() is widget)
        override = QKeyEvent(QEvent.Type.ShortcutOverride, event.key(), event.modifiers(), event.text())
        override.ignore()
        qapp.sendEvent(widget, override)
        qapp.removeEventFilter(watch)
        answers.append("typed" if override.isAccepted() else "shortcut")
        return set(answers)

    return press


def _key(key: Qt.Key, text: str = "", control: bool = False) -> QKeyEvent:
    modifiers = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)


REASONS = ("the task cannot be done", "the policy forbids it")


@pytest.mark.parametrize("make", [QLineEdit, QPlainTextEdit])
@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_Question, Qt.Key.Key_Escape])
def test_single_keys_are_typed_while_somebody_types(
    typing: Callable[[QWidget, QKeyEvent], set[str]], make: Callable[[], QWidget], key: Qt.Key
) -> None:
    assert typing(make(), _key(key, "a")) == {"present", "typed"}


def test_single_keys_are_shortcuts_elsewhere(typing: Callable[[QWidget, QKeyEvent], set[str]]) -> None:
    assert typing(QListView(), _key(Qt.Key.Key_A, "a")) == {"present", "shortcut"}
    read_only = QPlainTextEdit()
    read_only.setReadOnly(True)
    assert typing(read_only, _key(Qt.Key.Key_A, "a")) == {"present", "shortcut"}


def test_in_an_editor_control_and_return_finish_the_edit_and_approve_nothing(
    typing: Callable[[QWidget, QKeyEvent], set[str]],
) -> None:
    assert typing(QPlainTextEdit(), _key(Qt.Key.Key_Return, control=True)) == {"present", "typed"}
    assert typing(QLineEdit(), _key(Qt.Key.Key_K, control=True)) == {"present", "shortcut"}


def test_in_a_dialog_control_and_return_are_its_own_shortcut(typing: Callable[..., set[str]]) -> None:
    typed = _key(Qt.Key.Key_Return, control=True)
    assert typing(QPlainTextEdit(), typed, QDialog()) == {"present", "shortcut"}


def test_a_number_key_gives_a_common_reason(qtbot: QtBot) -> None:
    given: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ReasonDialog(question(Occasion.REJECT, REASONS), given.append, parent)
    with qtbot.waitActive(dialog):
        dialog.show()
    QTest.keyClick(dialog.reasons, Qt.Key.Key_2)
    assert given == [REASONS[1]]


def test_own_words_win_over_the_list(qtbot: QtBot) -> None:
    given: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ReasonDialog(question(Occasion.OVERRIDE, REASONS), given.append, parent)
    dialog.show()
    dialog.reasons.setCurrentRow(0)
    dialog.words.setFocus()
    QTest.keyClicks(dialog.words, "2 of the checks are wrong")
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    assert given == ["2 of the checks are wrong"]


def test_letters_are_own_words_and_return_gives_no_reason_that_nobody_chose(qtbot: QtBot) -> None:
    given: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ReasonDialog(question(Occasion.REJECT, REASONS), given.append, parent)
    with qtbot.waitActive(dialog):
        dialog.show()
    QTest.keyClick(dialog.reasons, Qt.Key.Key_Return)
    assert not given, "no reason is chosen yet"
    QTest.keyClick(dialog.reasons, Qt.Key.Key_Down)
    assert [item.text() for item in dialog.reasons.selectedItems()] == [f"1   {REASONS[0]}"]
    QTest.keyClicks(dialog.reasons, REASONS[0][0])
    assert dialog.words.text() == REASONS[0][0]
    assert dialog.words.hasFocus()
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    assert given == [REASONS[0][0]]


def test_a_rejection_without_a_reason_cannot_be_given(qtbot: QtBot) -> None:
    given: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ReasonDialog(question(Occasion.REJECT, REASONS), given.append, parent)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not given
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    assert not box.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_an_import_lists_every_record_that_was_not_taken(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ImportDialog(parent)
    rejected = (Rejected("runs.json: record 3: messages", "expected a list"),)
    dialog.show_result([ImportSummary("runs.json", "openai-chat", 2, 5, 1, rejected)], stopped=False)
    text = dialog.details.toPlainText()
    assert "runs.json: record 3: messages: expected a list" in text
    assert "new trajectories: 5" in text
    assert "already there: 1" in text
    assert "new tasks: 2" in text


def test_a_file_that_is_no_recording_is_left_alone_and_not_counted_as_rejected(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ImportDialog(parent)
    note = ImportSummary("runs/notes.txt", "", rejected=(Rejected("runs/notes.txt", "not recognised"),))
    dialog.show_result([ImportSummary("runs/a.json", "atif", trajectories=1), note], stopped=False)
    text = dialog.details.toPlainText()
    assert text.splitlines()[-1] == "runs/notes.txt: left alone, not recognised"
    head = next(each.text() for each in dialog.findChildren(QLabel) if "new trajectories" in each.text())
    assert "rejected: 0" in head
    assert "files left alone: 1" in head
