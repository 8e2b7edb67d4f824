"""Real rows of an export before it is written: as the file has them, and as the trainer will see them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from hitl_app.domain.chat import Doubt, Piece, RenderedChat
from hitl_app.ui.export_words import doubt_words
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.json_view import CAP, Formatted, Formatter, Highlighter, Part
from hitl_app.ui.panes.parts import column, paragraph, tell_whole
from hitl_app.ui.theme import SPACE_M, SPACE_S, current_theme, theme_notifier
from hitl_app.workflow.exporting import Row

SHOWN = 30_000
"""Characters of a rendered row that are shown, at most half of them before what is trained on: more takes too long."""


class ExportRows(QWidget):
    """One row at a time.

    Signals:
        render_wanted: A `Row` and the template's `Path`, or None for the one that is built in; to be answered by
            `show_chats` or `show_problem`.
    """

    render_wanted = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: Mapping[str, Sequence[Row]] = {}
        self._chats: tuple[RenderedChat, ...] = ()
        self._stands = True
        self.file, self.side, self.template = QComboBox(), QComboBox(), QComboBox()
        for box, name in (
            (self.file, self.tr("File")),
            (self.side, self.tr("Which answer")),
            (self.template, self.tr("Chat template")),
        ):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            tell_whole(box)
        self.number = QSpinBox()
        self.number.setAccessibleName(self.tr("Row"))
        self.as_file = QRadioButton(self.tr("As the file has &it"))
        self.as_trainer = QRadioButton(self.tr("As the &trainer sees it"))
        self.as_file.setChecked(True)
        self._views = QButtonGroup(self)
        self._views.addButton(self.as_file)
        self._views.addButton(self.as_trainer)
        self.template.addItem(self.tr("built in: like ChatML, with tools"), None)
        self.choose = QPushButton(self.tr("Te&mplate from a file…"))
        self.notes = paragraph(tone="warning")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("role", "mono")
        self.text.setProperty("field", "true")
        self._highlighter = Highlighter(self.text.document())
        self._formatter = Formatter(self)
        self._lay_out()
        self._connect()
        self.show_rows({})

    def _lay_out(self) -> None:
        names = QLabel(self.tr("Fi&le")), QLabel(self.tr("&Row"))
        for name, field in zip(names, (self.file, self.number), strict=True):
            name.setBuddy(field)
        self.legend = paragraph(tone="muted")
        self._with_template = Flow(self.side, self.template, self.choose)
        layout = column(self, margin=SPACE_M, spacing=SPACE_S)
        layout.addWidget(Flow(names[0], self.file, names[1], self.number))
        layout.addWidget(Flow(self.as_file, self.as_trainer))
        layout.addWidget(self._with_template)
        layout.addWidget(self.legend)
        layout.addWidget(self.notes)
        layout.addWidget(self.text, 1)
        self.text.setMinimumHeight(8 * self.fontMetrics().lineSpacing())

    def _connect(self) -> None:
        self.file.currentTextChanged.connect(self._choose_file)
        self.number.valueChanged.connect(self._show)
        self.as_trainer.toggled.connect(self._show)
        self.template.currentIndexChanged.connect(self._show)
        self.side.currentIndexChanged.connect(self._show_side)
        self.choose.clicked.connect(self._ask_for_template)
        self._formatter.formatted.connect(self._take)
        theme_notifier.theme_changed.connect(self._restyle)

    # -- which row -------------------------------------------------------------------------------------------------

    def show_rows(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Show the first rows of files; the file and the row that were looked at stay where they can."""
        self._rows = {name: found for name, found in rows.items() if found}
        shown = self.file.currentText()
        self.file.blockSignals(True)
        self.file.clear()
        self.file.addItems(list(self._rows))
        self.file.setCurrentText(shown)
        self.file.blockSignals(False)
        self._choose_file()

    def _choose_file(self) -> None:
        rows = self._rows.get(self.file.currentText(), ())
        self.number.blockSignals(True)
        self.number.setRange(min(1, len(rows)), len(rows))
        self.number.setSuffix(self.tr(" of the first {0}").format(len(rows)))
        self.number.blockSignals(False)
        for each in (self.file, self.number):
            each.setEnabled(bool(rows))
        self._show()

    @property
    def row(self) -> Row | None:
        """The row that is looked at."""
        rows = self._rows.get(self.file.currentText(), ())
        return rows[self.number.value() - 1] if rows else None

    def _show(self) -> None:
        row, trainer = self.row, self.as_trainer.isChecked()
        self._with_template.setVisible(trainer)
        self._chats = ()
        self._stands = row is None or not trainer
        if self._stands:
            self._show_as_it_stands("" if row is not None else self.tr("No row to show."))
        else:
            self.legend.setText(self.tr("Rendering…"))
            self.render_wanted.emit(row, self.template.currentData())

    def _show_as_it_stands(self, legend: str) -> None:
        self._stands = True
        self.side.hide()
        self._say("", legend)
        self._formatter.request((Part("", self.row.kept),) if self.row is not None else (), CAP)

    def _take(self, formatted: Formatted) -> None:
        if not self._stands:  # a long row, and meanwhile the person wants to see it otherwise
            return
        more = formatted.whole - len(formatted.text) + (self.row.cut if self.row is not None else 0)
        if more:
            self._say("", self.tr("Characters at its end that are not shown: {0}").format(f"{more:,}"))
        self._highlighter.show_spans(formatted.spans)
        self._set_text(formatted.text, self.tr("The row, as it will be written"))

    def _say(self, notes: str, legend: str) -> None:
        for words, where in ((notes, self.notes), (legend, self.legend)):
            where.setText(words)
            where.setVisible(bool(words))

    def _set_text(self, text: str, name: str) -> None:
        self.text.setPlainText(text)
        self.text.setAccessibleName(name)
        self.text.setAccessibleDescription(self.legend.text())

    # -- as the trainer sees it ------------------------------------------------------------------------------------

    def choose_template(self, file: Path) -> None:
        """Use the template in a file."""
        if self.template.count() > 1:
            self.template.setItemText(1, str(file))
            self.template.setItemData(1, file)
        else:
            self.template.addItem(str(file), file)
        if self.template.currentIndex() == 1:
            self._show()
        self.template.setCurrentIndex(1)

    def _ask_for_template(self) -> None:
        dialog = QFileDialog(self, self.tr("Chat template"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Chat templates (*.json *.jinja *.jinja2)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self.choose_template(Path(name)))
        dialog.open()

    def show_chats(self, chats: Sequence[RenderedChat]) -> None:
        """Show a rendered row."""
        self._chats = tuple(chats)
        shown = self.side.currentText()
        self.side.blockSignals(True)
        self.side.clear()
        self.side.addItems([chat.name for chat in chats])
        self.side.setCurrentText(shown)
        self.side.blockSignals(False)
        self.side.setVisible(len(chats) > 1)
        if chats:
            self._show_side()
        else:
            self._show_as_it_stands(self.tr("This row has no chat: a trainer reads it as it stands in the file."))

    def show_problem(self, problem: str) -> None:
        """Say why a row cannot be shown as a trainer sees it."""
        self._chats = ()
        self.side.hide()
        self._say(problem, "")
        self._highlighter.show_spans(())
        self._set_text("", self.tr("The row, as the trainer sees it"))

    def _show_side(self) -> None:
        chat = self._chats[max(0, self.side.currentIndex())]
        if chat.problem:
            self._say(self.tr("The template fails: {0}").format(chat.problem), "")
        else:
            counts = [
                sum(len(piece.text) for piece in chat.pieces if piece.trained or whole) for whole in (False, True)
            ]
            words = self.tr("Trained on is what stands in bold letters: {0} of {1} characters.")
            if not counts[0] and Doubt.NOT_FOUND not in chat.doubts:
                words = self.tr("A prompt of {1} characters: nothing of it is trained on.")
            if counts[1] > SHOWN:
                words += " " + self.tr("Shown is the part of the text around them.")
            self._say("\n".join(map(doubt_words, chat.doubts)), words.format(*(f"{count:,}" for count in counts)))
        self._highlighter.show_spans(())
        self._set_text("", self.tr("The row, as the trainer sees it"))
        cursor, begins = QTextCursor(self.text.document()), list[int]()
        for piece in _around(chat.pieces):
            begins += [cursor.position()] * piece.trained
            cursor.insertText(piece.text, _look(trained=piece.trained))
        cursor.setPosition(begins[0] if begins else 0)
        self.text.setTextCursor(cursor)
        self.text.centerCursor()

    def _restyle(self) -> None:
        if self._chats:
            self._show_side()
        else:
            self._highlighter.rehighlight()


def _around(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The part of a text that is shown: as much of it as may be, around the beginning of what is trained on."""
    first = next((number for number, piece in enumerate(pieces) if piece.trained), 0)
    left_out = max(0, sum(len(piece.text) for piece in pieces[:first]) - SHOWN // 2)
    room = SHOWN
    for piece in pieces:
        text = piece.text[left_out:][:room]
        left_out = max(0, left_out - len(piece.text))
        room -= len(text)
        if text:
            yield replace(piece, text=text)


def _look(*, trained: bool) -> QTextCharFormat:
    theme, look = current_theme(), QTextCharFormat()
    look.setForeground(QColor(theme.text if trained else theme.muted))
    if trained:
        look.setBackground(theme.soft("success"))
        look.setFontWeight(QFont.Weight.Bold)
    return look
