"""The page on which prompts are read and edited."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPlainTextDocumentLayout,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.model import Prompt
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import ElidedLabel, TwoParts, column, label
from hitl_app.ui.theme import SPACE_L, SPACE_M, current_theme, mark, mono_font, theme_notifier
from hitl_app.ui.words import place_words

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""A place in a prompt, such as `{{task}}`."""


class PlaceHighlighter(QSyntaxHighlighter):
    """Marks the places of a prompt."""

    def highlightBlock(self, text: str) -> None:
        """Qt: mark one line."""
        shape = QTextCharFormat()
        shape.setForeground(current_theme().tone("accent"))
        shape.setFontWeight(QFont.Weight.DemiBold)
        for found in PLACE.finditer(text):
            self.setFormat(found.start(), found.end() - found.start(), shape)


class PromptsPage(QWidget):
    """Each prompt in a document of its own: what was typed in one, and its undo, stays while another is read.

    Signals:
        save_requested: Name and text; to be answered by `show_prompt` or `show_problem`.
        reset_requested: Name of a prompt to go back to the one that is shipped; to be answered by the same.
    """

    save_requested = Signal(str, str)
    reset_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prompts: dict[str, Prompt] = {}
        self._documents: dict[str, QTextDocument] = {}
        self._problems: dict[str, str] = {}
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Prompts"))
        self.list.currentItemChanged.connect(self._show_current)
        self.editor = QPlainTextEdit()
        self.editor.setProperty("role", "mono")
        self.editor.setProperty("field", "true")
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName(self.tr("Text of the prompt"))
        self.version = ElidedLabel(role="title")
        self.places = label(tone="muted", wrap=True)
        self.told = label(wrap=True)
        self.save = QPushButton(self.tr("&Save"))
        self.save.setProperty("primary", "true")
        self.save.clicked.connect(lambda: self.save_requested.emit(self._name, self.editor.toPlainText()))
        self.reset = QPushButton(self.tr("&Reset to the shipped one"))
        self.reset.clicked.connect(lambda: self.reset_requested.emit(self._name))
        for button in (self.save, self.reset):
            button.setAutoDefault(False)
        self._lay_out()
        self._allow()
        theme_notifier.theme_changed.connect(self._style)

    def _lay_out(self) -> None:
        right = QWidget()
        layout = column(right, margin=0)
        layout.setContentsMargins(SPACE_M, 0, 0, 0)
        layout.addWidget(self.version)
        layout.addWidget(self.editor, 1)
        layout.addWidget(self.places)
        layout.addWidget(TwoParts(self.told, Flow(self.reset, self.save)))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setSizes([160, 480])
        split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        whole.addWidget(split)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_prompts(self, files: Sequence[tuple[Prompt, str]]) -> None:
        """Show all prompts with the texts of their files; what was typed before and not saved is gone."""
        self._problems.clear()
        self.list.clear()
        for prompt, text in files:
            self._prompts[prompt.name] = prompt
            if prompt.problem:
                self._problems[prompt.name] = prompt.problem
            document = self._documents.get(prompt.name) or self._new_document(prompt.name)
            document.setPlainText(text)
            document.setModified(False)
            item = QListWidgetItem(prompt.name)
            item.setData(Qt.ItemDataRole.UserRole, prompt.name)
            self.list.addItem(item)
        self._style()
        self._show_marks()
        self.list.setCurrentRow(0)

    def _new_document(self, name: str) -> QTextDocument:
        document = self._documents[name] = QTextDocument(self)
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        document.modificationChanged.connect(self._show_marks)
        PlaceHighlighter(document)
        return document

    def show_prompt(self, prompt: Prompt, text: str, words: str) -> None:
        """Show a prompt as it now is in its file, and say what was done.

        The editor's undo brings back what stood there before: nothing that was typed is lost by a reset.
        """
        self._prompts[prompt.name] = prompt
        document = self._documents[prompt.name]
        if document.toPlainText() != text:
            cursor = QTextCursor(document)
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(text)
        document.setModified(False)
        self._problems.pop(prompt.name, None)
        self._show_marks()
        self._show_current()
        self._tell(words, "success")

    def show_problem(self, name: str, problem: str) -> None:
        """Say why a prompt was not kept; what was typed stays in the editor."""
        self._problems[name] = problem
        if name == self._name:
            self._tell(f"▲ {problem}", "danger")

    def show_failure(self, problem: str) -> None:
        """Say why there are no prompts to show."""
        self._tell(f"▲ {problem}", "danger")

    @property
    def unsaved(self) -> tuple[str, ...]:
        """Names of the prompts with text that was not saved."""
        return tuple(name for name, document in self._documents.items() if document.isModified())

    @property
    def _name(self) -> str:
        row = self.list.currentRow()
        return str(self.list.item(row).data(Qt.ItemDataRole.UserRole)) if row >= 0 else ""

    def _show_current(self) -> None:
        name = self._name
        if name not in self._documents:
            return
        prompt = self._prompts[name]
        self.editor.setDocument(self._documents[name])
        self.editor.setFont(mono_font())
        kind = self.tr("your own text") if prompt.edited else self.tr("as shipped")
        self.version.set_text(self.tr("{0}, version {1}, {2}").format(name, prompt.version, kind))
        found = dict.fromkeys(PLACE.findall(f"{prompt.system}\n{prompt.user}"))
        lines = [f"{{{{{place}}}}}  {place_words(place)}".rstrip() for place in found]
        self.places.setText("\n".join(lines))
        problem = self._problems.get(name, "")
        self._tell(f"▲ {problem}" if problem else "", "danger")
        self._allow()

    def _show_marks(self) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            name = str(item.data(Qt.ItemDataRole.UserRole))
            marks = [name]
            if self._prompts[name].edited:
                marks.append(self.tr("edited"))
            if self._documents[name].isModified():
                marks.append(self.tr("not saved"))
            item.setText(" · ".join(marks))
        self._allow()

    def _allow(self) -> None:
        prompt, document = self._prompts.get(self._name), self._documents.get(self._name)
        self.editor.setReadOnly(prompt is None)
        typed = document is not None and document.isModified()
        self.save.setEnabled(typed)
        self.reset.setEnabled(prompt is not None and (prompt.edited or typed))

    def _style(self) -> None:
        for document in self._documents.values():
            document.setDefaultFont(mono_font())
            for highlighter in document.findChildren(PlaceHighlighter):
                highlighter.rehighlight()

    def _tell(self, words: str, tone: str) -> None:
        self.told.setText(words)
        mark(self.told, "tone", tone)
