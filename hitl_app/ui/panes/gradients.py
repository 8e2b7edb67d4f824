"""Textual gradients: what went wrong, where, by which evidence, and what would help."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hitl_app.domain.inspection import Gradient
from hitl_app.ui.keymap import keep_keys
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.marked_text import ShownText
from hitl_app.ui.panes.parts import Header, KeyButton, badge, clear, column, label, scrolled
from hitl_app.ui.state import DeskState
from hitl_app.ui.theme import SPACE_L, SPACE_M, SPACE_S, mark
from hitl_app.ui.words import component_name, source_name, step_words
from hitl_app.workflow.opened import Opened

SHOWN = 30
"""Cards that are made; the rest comes on demand."""

CUT = 300
"""Characters of an expected or observed value on a card."""


class GradientCard(QFrame):
    """One gradient.

    Signals:
        chosen: The card was clicked, or got the focus by keyboard.
        neighbour_wanted: The card so many places further on should get the focus.
    """

    chosen = Signal()
    neighbour_wanted = Signal(int)

    def __init__(self, gradient: Gradient, opened: Opened, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gradient = gradient
        self.confirmed = gradient.id in opened.annotations.confirmed
        self.cause = gradient.step_index is not None and gradient.step_index == opened.earliest_cause
        self.setProperty("card", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = column(self, margin=SPACE_M, spacing=SPACE_S)
        layout.addWidget(self._badges())
        layout.addWidget(label(gradient.critique, wrap=True))
        layout.addLayout(self._facts())
        if gradient.suggested_edit:
            suggestion = self.tr("suggests: {0}").format(gradient.suggested_edit)
            layout.addWidget(label(suggestion, tone="muted", wrap=True))
        self.confirm = KeyButton(self.tr("confirm"), "confirm_gradient")
        self.blame = KeyButton(self.tr("blame {0}").format(step_words(gradient.step_index)), "move_blame")
        self.dismiss = KeyButton(self.tr("dismiss"), "dismiss_gradient")
        self.buttons = Flow(self.confirm, self.blame, self.dismiss)
        self.confirm.setVisible(not self.confirmed)
        self.blame.setVisible(gradient.step_index is not None and not self.cause)
        layout.addWidget(self.buttons)
        self.setAccessibleName(self._spoken())

    def _badges(self) -> QWidget:
        gradient = self.gradient
        shown: list[QLabel] = [badge(component_name(gradient.component), "danger")]
        if gradient.reveals_answer:
            revealing = badge(self.tr("reveals answer"), "warning")
            revealing.setToolTip(self.tr("Quotes the expected answer: an automatic proposer never sees it."))
            shown.append(revealing)
        if self.cause:
            shown.append(badge(self.tr("● earliest cause"), "danger"))
        if self.confirmed:
            shown.append(badge(self.tr("✓ confirmed"), "success"))
        words = f"{step_words(gradient.step_index)} · {source_name(gradient.source)}"
        if gradient.confidence is not None and gradient.confidence < 1:
            words += f" · {gradient.confidence:.0%}"
        return Flow(*shown, label(words, tone="muted", role="small"))

    def _facts(self) -> QGridLayout:
        gradient = self.gradient
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S // 2)
        grid.setColumnStretch(1, 1)
        facts = (
            (self.tr("expected"), gradient.expected, "mono"),
            (self.tr("observed"), gradient.observed, "mono"),
            (self.tr("evidence"), gradient.evidence, ""),
        )
        for row, (name, value, role) in enumerate(facts):
            if value:
                grid.addWidget(label(name, tone="muted", role="small"), row, 0, Qt.AlignmentFlag.AlignTop)
                shown = ShownText()
                shown.setProperty("quiet", "true")
                shown.document().setDocumentMargin(0)
                shown.setProperty("role", role)
                shown.setAccessibleName(name)
                shown.show_text(value if len(value) <= CUT else f"{value[:CUT]}…")
                grid.addWidget(shown, row, 1)
        return grid

    def _spoken(self) -> str:
        gradient = self.gradient
        words = [component_name(gradient.component), step_words(gradient.step_index), gradient.critique[:CUT]]
        words += [self.tr("earliest cause")] if self.cause else []
        words += [self.tr("confirmed")] if self.confirmed else []
        words += [self.tr("reveals answer")] if gradient.reveals_answer else []
        return ", ".join(words)

    def set_selected(self, selected: bool) -> None:
        """Mark the card that the selected step is about."""
        mark(self, "card", "selected" if selected else "true")

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Qt: a click chooses the card."""
        super().mousePressEvent(event)
        self.chosen.emit()

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Qt: so does walking to it by keyboard."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.OtherFocusReason, Qt.FocusReason.TabFocusReason):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: Up and Down walk, Return chooses."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.neighbour_wanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class GradientsPane(QWidget):
    """Cards, people's own first.

    Signals:
        confirm_requested, dismiss_requested: Id of a gradient.
        blame_requested, step_selected: Index of a step of the base.
        add_requested: The person wants to write one.
    """

    confirm_requested = Signal(str)
    dismiss_requested = Signal(str)
    blame_requested = Signal(int)
    step_selected = Signal(int)
    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: Opened | None = None
        self._selected_id: str | None = None
        self._step: int | None = None
        self._limit = SHOWN
        self.cards: list[GradientCard] = []
        self._waiting: list[Gradient] = []
        self._turn = QTimer(self, interval=0, singleShot=True)
        self._turn.timeout.connect(self._add_card)
        self.header = Header(self.tr("Textual gradients"))
        self.add = QPushButton(self.tr("Add…"))
        keep_keys(self.add, self.add.setToolTip, self.tr("Add a gradient of your own ({0})"), "add_gradient")
        self.add.clicked.connect(self.add_requested)
        self.empty = label(tone="muted", wrap=True)
        self.more = QPushButton()
        self.more.clicked.connect(self._show_more)
        bar = QHBoxLayout()
        bar.addWidget(self.header, 1)
        bar.addWidget(self.add)
        inner = QWidget()
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_M)
        whole = column(inner, margin=0)
        whole.addWidget(self.empty)
        whole.addLayout(self._column)
        whole.addWidget(self.more)
        whole.addStretch(1)
        self._scroll = scrolled(inner)
        layout = column(self)
        layout.addLayout(bar)
        layout.addWidget(self._scroll, 1)
        self.setAccessibleName(self.tr("Textual gradients"))
        self._rebuild()

    @property
    def selected_gradient(self) -> str | None:
        """Id of the gradient that was chosen here; None where none was."""
        return self._selected_id

    @property
    def focus_target(self) -> QWidget:
        """Where the keys go when a person turns to this pane."""
        return self.cards[0] if self.cards else self.add

    def render_state(self, state: DeskState) -> None:
        """Show a state."""
        if self._opened is not state.opened:
            same = self._opened and state.opened and self._opened.trajectory.id == state.opened.trajectory.id
            self._opened = state.opened
            if not same:
                self._limit, self._selected_id = SHOWN, None
            self._rebuild()
        if self._step != state.selected_step:
            self._step = state.selected_step
            here = [g.id for g in self._gradients if self._step is not None and g.step_index == self._step]
            if self._selected_id not in here:
                self._mark(next(iter(here), None))

    @property
    def _gradients(self) -> tuple[Gradient, ...]:
        return self._opened.gradients if self._opened else ()

    def _rebuild(self) -> None:
        clear(self._column)
        self.cards = []
        opened, gradients = self._opened, self._gradients
        self._waiting = list(gradients[: self._limit])
        self._add_card()
        confirmed = opened.annotations.confirmed if opened else frozenset()
        still_open = sum(g.id not in confirmed for g in gradients)
        self.header.set_aside(self.tr("{0} · {1} open").format(len(gradients), still_open) if gradients else "")
        self.empty.setVisible(not gradients)
        self.empty.setText(self._why_empty())
        self._offer_more()
        self.add.setEnabled(opened is not None)
        self._mark(self._selected_id)

    def _add_card(self) -> None:
        """Add the next card, and leave the others to the next turns of the event loop, so that keys come between."""
        if self._waiting and self._opened is not None:
            card = self._card(self._waiting.pop(0), self._opened)
            self.cards.append(card)
            self._column.addWidget(card)
            card.set_selected(card.gradient.id == self._selected_id)
        if self._waiting:
            self._turn.start()

    def _why_empty(self) -> str:
        if self._opened is None:
            return ""
        if self._opened.inspection is None:
            return self.tr("Not inspected yet.")
        return self.tr("Nothing was found wrong. What the checks miss, you can add.")

    def _card(self, gradient: Gradient, opened: Opened) -> GradientCard:
        card = GradientCard(gradient, opened)
        step = gradient.step_index
        card.confirm.clicked.connect(lambda: self.confirm_requested.emit(gradient.id))
        card.dismiss.clicked.connect(lambda: self.dismiss_requested.emit(gradient.id))
        if step is not None:
            card.blame.clicked.connect(lambda: self.blame_requested.emit(step))
        card.chosen.connect(lambda: self._choose(card))
        card.neighbour_wanted.connect(lambda distance: self._walk(card, distance))
        return card

    def _choose(self, card: GradientCard) -> None:
        self._mark(card.gradient.id)
        if card.gradient.step_index is not None:
            self.step_selected.emit(card.gradient.step_index)

    def _walk(self, card: GradientCard, distance: int) -> None:
        number = self.cards.index(card) + distance
        if 0 <= number < len(self.cards):
            self.cards[number].setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(self.cards[number])

    def _mark(self, gradient_id: str | None) -> None:
        self._selected_id = gradient_id
        for card in self.cards:
            card.set_selected(card.gradient.id == gradient_id)

    def _show_more(self) -> None:
        self._waiting += self._gradients[self._limit : self._limit + SHOWN]
        self._limit += SHOWN
        self._offer_more()
        self._turn.start()

    def _offer_more(self) -> None:
        hidden = len(self._gradients) - self._limit
        self.more.setVisible(hidden > 0)
        self.more.setText(self.tr("Show {0} more").format(hidden))
