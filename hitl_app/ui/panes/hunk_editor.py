"""The editor of one step: a call with its arguments as a form or as JSON, or a message."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLineEdit, QPushButton, QRadioButton, QWidget

from hitl_app.domain.arguments import argument_problems, path_text
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.trajectory import Step
from hitl_app.ui.editor.completion import Completion, Suggestion, matching
from hitl_app.ui.editor.form import ArgumentForm
from hitl_app.ui.editor.json_edit import BodyEdit
from hitl_app.ui.editor.problem_words import problem_words
from hitl_app.ui.editor.shapes import blank_object, signature
from hitl_app.ui.editor.suggesting import Suggesting
from hitl_app.ui.keymap import keep_keys
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import TwoParts, column, label
from hitl_app.ui.step_text import NotJsonError, arguments_from_text, pretty
from hitl_app.ui.theme import SPACE_S, mark


class ArgumentsView(StrEnum):
    """How a call's arguments are shown."""

    FORM = "form"
    JSON = "json"


class HunkEditor(QWidget):
    """Checks while it is typed in, and never throws text away.

    What counts is the text. The form is made of it wherever it is JSON, and writes it anew at each change.

    Signals:
        text_changed: The text in the editor's one form: `tool_name`, a line break and JSON; or the message.
        finished, cancelled: Ctrl+Return and Escape, or the buttons.
        view_chosen: The person wants the form, or the JSON.
    """

    text_changed = Signal(str)
    finished = Signal()
    cancelled = Signal()
    view_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools: Mapping[str, ToolSpec] = {}
        self._is_action = True
        self._view = ArgumentsView.FORM
        self._arguments = ""
        self._shown_schema: JsonObject | None = None
        self.suggesting = Suggesting()
        self.tool = self._tool_box()
        self.as_form, self.as_json = QRadioButton(self.tr("Form")), QRadioButton(self.tr("JSON"))
        for button in (self.as_form, self.as_json):
            keep_keys(button, button.setToolTip, self.tr("{0} changes between form and JSON"), "arguments_view")
        self.body = BodyEdit(self.suggesting)
        self.body.setMinimumHeight(7 * self.fontMetrics().lineSpacing())
        self.form = ArgumentForm(self.suggesting)
        self.verdict = label(wrap=True)
        self.hint = label(tone="muted", role="small", wrap=True)
        self.done, self.cancel = QPushButton(self.tr("Done")), QPushButton(self.tr("Cancel"))
        self.done.setToolTip(self.tr("Ctrl+Return"))
        self.done.setProperty("primary", "true")
        self.cancel.setToolTip(self.tr("Escape"))
        self._lay_out()
        self._connect()

    def _tool_box(self) -> QComboBox:
        made = QComboBox()
        made.setEditable(True)
        made.setCompleter(QCompleter(list[str](), made))  # Qt's own fills in names, and knows no descriptions
        made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(12)
        made.setAccessibleName(self.tr("Tool"))
        return made

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.tool, 1)
        self._switch = Flow(self.as_form, self.as_json)
        top.addWidget(self._switch)
        layout = column(self, margin=SPACE_S, spacing=SPACE_S)
        layout.addLayout(top)
        # above the text, where it is in view however tall that is
        layout.addWidget(TwoParts(self.verdict, Flow(self.cancel, self.done)))
        layout.addWidget(self.body, 1)
        layout.addWidget(self.form)
        layout.addWidget(self.hint)
        layout.addStretch(0)

    def _connect(self) -> None:
        self.done.clicked.connect(self.finished)
        self.cancel.clicked.connect(self.cancelled)
        self.tool.currentTextChanged.connect(self._tool_changed)
        self.tool.activated.connect(self._offer_arguments)
        self.body.textChanged.connect(self._body_changed)
        self.form.changed.connect(self._form_changed)
        self.form.rows_changed.connect(self._order_tabs)
        self.as_form.clicked.connect(lambda: self._choose(ArgumentsView.FORM))
        self.as_json.clicked.connect(lambda: self._choose(ArgumentsView.JSON))
        line = self.tool.lineEdit()
        if isinstance(line, QLineEdit):
            self.tool_completion = Completion(line, self._suggest_tools, self._take_tool)

    # -- opening ---------------------------------------------------------------------------------------------------

    def open(self, step: Step, text: str, tools: Sequence[ToolSpec]) -> None:
        """Start to edit.

        Args:
            step: The step, which says whether this is a call or a message.
            text: What was typed so far, in the editor's one form.
            tools: Tools to choose from; another name can be typed.
        """
        self._tools = {tool.name: tool for tool in tools}
        self._is_action = step.is_action
        self.tool.setVisible(step.is_action)
        self._switch.setVisible(step.is_action)
        self.body.be_json(step.is_action)
        self.body.setAccessibleName(self.tr("Arguments as JSON") if step.is_action else self.tr("Message"))
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Replace the whole text."""
        with QSignalBlocker(self.tool), QSignalBlocker(self.body):
            name, _, arguments = text.partition("\n")
            if self._is_action:
                self.tool.clear()
                self.tool.addItems(sorted(self._tools))
                self.tool.setCurrentText(name)
            self._arguments = arguments if self._is_action else text
            self.body.setPlainText(self._arguments)
        self._show_view()

    def text(self) -> str:
        """The text in the editor's one form, exactly as typed."""
        return f"{self.tool.currentText()}\n{self._arguments}" if self._is_action else self._arguments

    def focus(self) -> None:
        """Put the cursor where typing starts: at the tool while it has no name."""
        if self._is_action and not self.tool.currentText():
            self.tool.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not (self.shows_form and self.form.group.focus_first()):
            target = self.tool if self.shows_form else self.body
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- two views -------------------------------------------------------------------------------------------------

    @property
    def shows_form(self) -> bool:
        """Whether the form is shown."""
        return not self.form.isHidden()

    @property
    def view(self) -> ArgumentsView:
        """What the person wants to see; text that is no JSON is never shown as a form."""
        return self._view

    def set_view(self, view: ArgumentsView) -> None:
        """Show the form, or the JSON; the form only where the text is JSON."""
        self._view = view
        self._show_view()

    def toggle_view(self) -> None:
        """Change between form and JSON, as the person asks for it."""
        self._choose(ArgumentsView.JSON if self.shows_form else ArgumentsView.FORM)

    def _choose(self, view: ArgumentsView) -> None:
        if not self._is_action:
            return
        self.set_view(view)
        self.view_chosen.emit(view)
        if view is ArgumentsView.FORM and not self.shows_form:
            self.body.go_to_break()
        else:
            self.focus()

    def _show_view(self) -> None:
        arguments = self._parsed() if self._is_action and self._view is ArgumentsView.FORM else None
        as_form = arguments is not None
        if arguments is not None:
            self._shown_schema = self._schema()
            self.form.show_arguments(self._shown_schema or {}, arguments)
        else:
            self._write_body()
        self.form.setVisible(as_form)
        self.body.setVisible(not as_form)
        (self.as_form if as_form else self.as_json).setChecked(True)
        self._order_tabs()
        self._check()

    def _write_body(self) -> None:
        """Bring the text view up to what the form has written; the view's undo goes back before it."""
        if self.body.typed() != self._arguments:
            with QSignalBlocker(self.body):
                cursor = QTextCursor(self.body.document())
                cursor.select(QTextCursor.SelectionType.Document)
                cursor.insertText(self._arguments)

    def follow(self, stop: QWidget) -> None:
        """Let Tab come here from a widget of the place where the editor was put."""
        self.setTabOrder(stop, self.tool)
        self._order_tabs()

    def _order_tabs(self) -> None:
        stops = (self.tool, self.as_form, self.as_json, *self.form.group.tab_stops(), self.body, self.cancel, self.done)
        for first, second in pairwise(stops):
            self.setTabOrder(first, second)

    # -- typing ----------------------------------------------------------------------------------------------------

    def _tool_changed(self) -> None:
        if self.shows_form and self._schema() is not self._shown_schema and self._parsed() is not None:
            self._show_view()
        else:
            self._check()
        self.text_changed.emit(self.text())

    def _body_changed(self) -> None:
        text = self.body.typed()
        if text != self._arguments:
            self._arguments = text
            self._check()
            self.text_changed.emit(self.text())

    def _form_changed(self) -> None:
        self._arguments = self.form.group.json_text()
        if self.form.group.unfinished() and self._parsed() is not None:
            self._show_view()  # what was typed in one field is JSON of several
        else:
            self._check()
        self.text_changed.emit(self.text())

    def _parsed(self) -> JsonObject | None:
        try:
            return arguments_from_text(self._arguments)
        except ValueError:
            return None

    def _offer_arguments(self) -> None:
        """Fill in what the chosen tool requires, where no argument was written yet."""
        schema = self._schema()
        if schema is not None and self._arguments.strip() in ("", "{}"):
            self._arguments = pretty(blank_object(schema))
            self._show_view()
            self.text_changed.emit(self.text())

    def _suggest_tools(self, asked: bool) -> tuple[Suggestion, ...]:
        name = self.tool.currentText().strip()
        if name in self._tools and not asked:
            return ()
        known = [Suggestion(tool.name, tool.name, tool.description) for _, tool in sorted(self._tools.items())]
        return matching("" if name in self._tools else name, known)

    def _take_tool(self, suggestion: Suggestion) -> None:
        self.tool.setCurrentText(suggestion.insert)
        self._offer_arguments()

    # -- checking --------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        schema = self._schema()
        self.suggesting.schema = schema or {}
        tone, words = self._verdict(schema) if self._is_action else self._verdict_of_message()
        if words != self.verdict.text():
            self.verdict.setText(words)
            mark(self.verdict, "tone", tone)
        self.hint.setVisible(self._is_action and schema is not None and not self.shows_form)
        self.hint.setText(signature(schema) if schema is not None else "")

    def _verdict_of_message(self) -> tuple[str, str]:
        self.body.show_break(None)
        return ("muted", "") if self.text().strip() else ("danger", self.tr("✕ a message cannot be empty"))

    def _verdict(self, schema: JsonObject | None) -> tuple[str, str]:
        broken, arguments = self._read()
        problems = argument_problems(schema, arguments, allow_unknown=False) if schema is not None else ()
        if self.shows_form:
            self.form.group.show_problems(problems)
        if broken:
            return "danger", f"✕ {broken}"
        if not self.tool.currentText().strip():
            return "danger", self.tr("✕ name the tool to call")
        if schema is None:
            return "warning", self.tr("? no tool is known by this name: its arguments cannot be checked")
        if problems:
            return "warning", "✕ " + "; ".join(map(problem_words, problems))
        return "success", self.tr("✓ fits the tool")

    def _read(self) -> tuple[str, JsonObject]:
        """Why the arguments cannot be tried, else nothing; and the arguments as far as they can be read."""
        if self.shows_form:
            places = [path_text(path) for path in self.form.group.unfinished()]
            waits = self.tr("{0}: not a value yet, so nothing is tried").format(", ".join(places)) if places else ""
            return waits, self.form.arguments()
        try:
            arguments = arguments_from_text(self._arguments)
        except ValueError as error:
            self.body.show_break(error.position if isinstance(error, NotJsonError) else None)
            return str(error), {}
        self.body.show_break(None)
        return "", arguments

    def _schema(self) -> JsonObject | None:
        tool = self._tools.get(self.tool.currentText().strip())
        return tool.parameters if tool is not None else None

    # -- keys ------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent, /) -> bool:
        """Qt: Ctrl+Return and Escape belong to the editor while it has the focus, whatever else they mean."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            done = control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if done or event.key() == Qt.Key.Key_Escape:
                event.accept()
                if event.type() is QEvent.Type.KeyPress:
                    (self.finished if done else self.cancelled).emit()
                return True
        return super().event(event)
