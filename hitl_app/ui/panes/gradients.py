"""Textual gradients: what went wrong, where, by which evidence, and what would help."""

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hitl_app.domain.inspection import Gradient
from hitl_app.ui.focus_order import WALKING, tab_through
from hitl_app.ui.keymap import keep_keys
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.marked_text import ShownText
from hitl_app.ui.panes.parts import LONGEST, Header, KeyButton, badge, column, label, scrolled
from hitl_app.ui.state import DeskState
from hitl_app.ui.theme import SPACE_L, SPACE_M, SPACE_S, mark
from hitl_app.ui.words import component_name, source_name, step_words
from hitl_app.workflow.opened import Opened

SHOWN = 30
"""Cards that are made; the rest comes on demand."""

AT_ONCE, BUDGET = 2, 0.01
"""Cards that are filled in one turn of the event loop, and seconds for those that are there; others come one a turn."""

CUT = 300
"""Characters of an expected or observed value on a card."""


class _Fact:
    """A row of a card's facts: what a value is called, and the value. Made when there first is one."""

    def __init__(self, grid: QGridLayout, row: int, name: str, role: str) -> None:
        self._grid, self._row = grid, row
        self._words, self._role = name, role
        self._widgets: tuple[QLabel, ShownText] | None = None

    def show_value(self, value: str) -> None:
        """Show a value; nothing where it is empty."""
        if self._widgets is None:
            if not value:
                return
            self._widgets = self._make()
        name, shown = self._widgets
        name.setVisible(bool(value))
        shown.setVisible(bool(value))
        shown.show_text(value if len(value) <= CUT else f"{value[:CUT]}…")

    def _make(self) -> tuple[QLabel, ShownText]:
        name, shown = label(self._words, tone="muted", role="small"), ShownText()
        shown.setProperty("quiet", "true")
        shown.setProperty("role", self._role)
        shown.document().setDocumentMargin(0)
        shown.setAccessibleName(self._words)
        self._grid.addWidget(name, self._row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(shown, self._row, 1)
        return name, shown


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
        self.setProperty("card", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._component, self._cause = badge(tone="danger"), badge(self.tr("● earliest cause"), "danger")
        self._revealing = badge(self.tr("reveals answer"), "warning")
        self._revealing.setToolTip(self.tr("Quotes the expected answer: an automatic proposer never sees it."))
        self._confirmed = badge(self.tr("✓ confirmed"), "success")
        self._origin = label(tone="muted", role="small")
        self._critique, self._suggestion = label(wrap=True), label(tone="muted", wrap=True)
        self.confirm = KeyButton(self.tr("confirm"), "confirm_gradient")
        self.blame = KeyButton("", "move_blame")
        self.dismiss = KeyButton(self.tr("dismiss"), "dismiss_gradient")
        self.buttons = Flow(self.confirm, self.blame, self.dismiss)
        self._lay_out()
        self.show_gradient(gradient, opened)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S // 2)
        grid.setColumnStretch(1, 1)
        names = ((self.tr("expected"), "mono"), (self.tr("observed"), "mono"), (self.tr("evidence"), ""))
        self._facts = [_Fact(grid, row, name, role) for row, (name, role) in enumerate(names)]
        layout = column(self, margin=SPACE_M, spacing=SPACE_S)
        layout.addWidget(Flow(self._component, self._revealing, self._cause, self._confirmed, self._origin))
        layout.addWidget(self._critique)
        layout.addLayout(grid)
        layout.addWidget(self._suggestion)
        layout.addWidget(self.buttons)

    def show_gradient(self, gradient: Gradient, opened: Opened) -> None:
        """Show a gradient, in the place of the one before: that is much quicker than another card."""
        self.gradient = gradient
        self.confirmed = gradient.id in opened.annotations.confirmed
        self.cause = gradient.step_index is not None and gradient.step_index == opened.earliest_cause
        self._component.setText(component_name(gradient.component))
        self._revealing.setVisible(gradient.reveals_answer)
        self._cause.setVisible(self.cause)
        self._confirmed.setVisible(self.confirmed)
        words = f"{step_words(gradient.step_index)} · {source_name(gradient.source)}"
        if gradient.confidence is not None and gradient.confidence < 1:
            words += f" · {gradient.confidence:.0%}"
        self._origin.setText(words)
        self._critique.setText(gradient.critique[:LONGEST])
        for fact, value in zip(self._facts, (gradient.expected, gradient.observed, gradient.evidence), strict=True):
            fact.show_value(value)
        self._suggestion.setText(self.tr("suggests: {0}").format(gradient.suggested_edit)[:LONGEST])
        self._suggestion.setVisible(bool(gradient.suggested_edit))
        self.blame.set_text(self.tr("blame {0}").format(step_words(gradient.step_index)))
        self.confirm.setVisible(not self.confirmed)
        self.blame.setVisible(gradient.step_index is not None and not self.cause)
        self.setAccessibleName(self._spoken())

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
        if event.reason() in WALKING:
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
        self._spare: list[GradientCard] = []
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
        inner = self._inner = QWidget()
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
        same = self._opened and state.opened and self._opened.trajectory.id == state.opened.trajectory.id
        if self._opened is not state.opened:
            before, self._opened = self._gradients, state.opened
            if same:
                self._selected_id = self._standing_in(before)
            else:
                self._limit, self._selected_id = SHOWN, None
            self._rebuild()
        if not same or self._step != state.selected_step:
            self._step = state.selected_step
            here = [g.id for g in self._gradients if self._step is not None and g.step_index == self._step]
            if self._selected_id not in here:
                self._mark(next(iter(here), None))

    @property
    def _gradients(self) -> tuple[Gradient, ...]:
        return self._opened.gradients if self._opened else ()

    def _standing_in(self, before: tuple[Gradient, ...]) -> str | None:
        """The chosen gradient; where it was dismissed, the one that stands in its place."""
        now = [gradient.id for gradient in self._gradients]
        if self._selected_id is None or self._selected_id in now or not now:
            return self._selected_id if now else None
        number = next((n for n, gradient in enumerate(before) if gradient.id == self._selected_id), 0)
        return now[min(number, len(now) - 1)]

    def _rebuild(self) -> None:
        opened, gradients = self._opened, self._gradients
        self._spare, self.cards = [*self.cards, *self._spare], []
        self._waiting = list(gradients[: self._limit])
        begun = time.perf_counter()
        while self._waiting and (len(self.cards) < AT_ONCE or (self._spare and time.perf_counter() - begun < BUDGET)):
            self._add_card()
        for card in self._spare:
            card.hide()
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
            card = self._card_for(self._waiting.pop(0), self._opened)
            self.cards.append(card)
            card.set_selected(card.gradient.id == self._selected_id)
            card.show()
        if self._waiting:
            self._turn.start()

    def _why_empty(self) -> str:
        if self._opened is None:
            return ""
        if self._opened.inspection is None:
            return self.tr("Not inspected yet.")
        return self.tr("Nothing was found wrong. What the checks miss, you can add.")

    def _card_for(self, gradient: Gradient, opened: Opened) -> GradientCard:
        """A card that is there already, or else a new one."""
        if self._spare:
            card = self._spare.pop(0)
            card.show_gradient(gradient, opened)
            return card
        card = GradientCard(gradient, opened)
        self._column.addWidget(card)
        tab_through(self._inner, (*self.cards, card))
        card.confirm.clicked.connect(lambda: self.confirm_requested.emit(card.gradient.id))
        card.dismiss.clicked.connect(lambda: self.dismiss_requested.emit(card.gradient.id))
        card.blame.clicked.connect(lambda: self.blame_requested.emit(card.gradient.step_index))
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
            self._choose(self.cards[number])
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
