"""One row of the form: the name, the field or that there is none, and what is wrong with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.ui.editor.shapes import choices_of, description_of, types_of
from hitl_app.ui.panes.parts import label
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M, SPACE_S

_NAME, _DESCRIPTION = 40, 600
"""Characters."""


class Row(QWidget):
    """A name with its field beside it, or below it where the row is narrow or the field has rows of its own.

    Signals:
        add_requested, remove_requested: The person wants the value added or taken out.
    """

    add_requested = Signal()
    remove_requested = Signal()

    def __init__(self, part: str | int, name: str, schema: JsonObject, *, required: bool, known: bool) -> None:
        """Make a row without a field.

        Args:
            part: The name in the object, or the index in the list.
            name: What the row is called.
            schema: Of the value.
            required: It must be there.
            known: The schema knows it.
        """
        super().__init__()
        self.part = part
        self._required, self._known, self._schema = required, known, schema
        self._field: QWidget | None = None
        self._nested = False
        self.name, self.kind = label(), label(tone="muted", role="small")
        self.problem = label(tone="danger", role="small", wrap=True)
        self.problem.hide()
        self.add = QPushButton(self.tr("+ Add"))
        self.remove = QPushButton("✕", self)
        self.remove.setFlat(True)
        self.remove.hide()
        for button in (self.add, self.remove):
            button.setAutoDefault(False)
        self.add.clicked.connect(self.add_requested)
        self.remove.clicked.connect(self.remove_requested)
        self._lay_out()
        self.rename(part, name)

    def _lay_out(self) -> None:
        self._label = QWidget()
        words = QHBoxLayout(self._label)
        words.setContentsMargins(0, SPACE_S // 2, 0, 0)
        words.setSpacing(SPACE_S)
        words.addWidget(self.name)
        words.addWidget(self.kind, 1)
        self._holder = QFrame()
        self._cell = QHBoxLayout(self._holder)
        self._cell.setContentsMargins(0, 0, 0, 0)
        self._cell.setSpacing(SPACE_S)
        self._cell.addWidget(self.add)
        self._cell.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._holder)
        right.addWidget(self.problem)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(SPACE_S)
        self._head = QHBoxLayout()
        self._head.addWidget(self._label, 1)
        self._line.addLayout(self._head)
        self._line.setAlignment(self._head, Qt.AlignmentFlag.AlignTop)
        self._line.addLayout(right, 1)

    def rename(self, part: str | int, name: str) -> None:
        """Give the row another place."""
        self.part = part
        self.name.setText(one_line(name, _NAME) + (" *" if self._required else ""))
        kind = " | ".join(types_of(self._schema)) or (self.tr("choice") if choices_of(self._schema) else "")
        self.kind.setText(kind if self._known else self.tr("not in the schema"))
        described = one_line(description_of(self._schema), _DESCRIPTION).replace("<", "‹")
        for widget in (self._label, self._holder):
            widget.setToolTip(described)
        self.add.setAccessibleName(self.tr("Add {0}").format(self._spoken))
        self.add.setAccessibleDescription(described)
        self.remove.setAccessibleName(self.tr("Remove {0}").format(one_line(name, _NAME)))
        self.remove.setToolTip(self.remove.accessibleName().replace("<", "‹"))
        self._speak()

    @property
    def _spoken(self) -> str:
        must = self.tr("required") if self._required else ""
        return ", ".join(filter(None, (one_line(str(self.part), _NAME), self.kind.text(), must)))

    def show_absent(self) -> None:
        """There is no value."""
        if self._field is not None:
            discard(self._field, self._cell)
            self._field = None
        self._nested = False
        self.add.show()
        self.remove.hide()
        self._turn()

    def show_field(self, field: QWidget, *, removable: bool, nested: bool) -> None:
        """Show the field of a value; a `nested` one has rows of its own."""
        self._field, self._nested = field, nested
        self._cell.insertWidget(0, field, 100)
        field.show()  # at once, so that it can take the focus
        self.add.hide()
        (self._head if nested else self._cell).addWidget(self.remove)
        self.remove.setVisible(removable)
        self._speak()
        self._turn()

    def show_problem(self, words: str) -> None:
        """Say what is wrong; nothing where nothing is."""
        if words != self.problem.text().removeprefix("✕ "):
            self.problem.setText(f"✕ {words}" if words else "")
            self.problem.setVisible(bool(words))
            self._speak()

    def _speak(self) -> None:
        if self._field is not None:
            described = one_line(description_of(self._schema), _DESCRIPTION)
            self._field.setAccessibleName(self._spoken)
            self._field.setAccessibleDescription(". ".join(filter(None, (self.problem.text(), described))))

    @property
    def label_width(self) -> int:
        """Width that the name asks for; none where the field stands below it."""
        return 0 if self._nested else self._label.sizeHint().width()

    def set_label_width(self, width: int) -> None:
        """Give the name the width of those above and below."""
        self._label.setMinimumWidth(0 if self._nested else width)
        self._turn()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: another width may turn the row."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        narrow = self._nested or self.width() < 2 * self._label.minimumWidth() + 8 * SPACE_M
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._line.direction() is not direction:
            self._line.setDirection(direction)


def discard(widget: QWidget, layout: QLayout) -> None:
    """Take a widget out of a layout and let it go."""
    layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()
