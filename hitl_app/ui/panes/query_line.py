"""The line in which a query is typed: offers what can stand at the cursor, and marks what cannot be understood."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from hitl_app.domain.query import CHOICES, QueryError
from hitl_app.domain.query_completion import Offer, Place, Wanted, complete, offers, place_at
from hitl_app.ui.panes.query_words import describe_offer, explain
from hitl_app.ui.theme import SPACE_M, current_theme

_ROWS_SHOWN = 9
_ENDS_OFFERS = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)
_OFFER = int(Qt.ItemDataRole.UserRole)


class OfferList(QTreeWidget):
    """What is offered, each with a few words on what it means. It never has the focus: the line speaks for it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Completions"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.hide()

    def show_offers(self, place: Place, offered: Sequence[Offer]) -> None:
        """Fill the list; none of them is selected."""
        self.clear()
        for offer in offered:
            item = QTreeWidgetItem([offer.text, describe_offer(place, offer)])
            item.setData(0, _OFFER, offer)
            item.setForeground(1, QColor(current_theme().muted))
            item.setToolTip(0, offer.text.replace("<", "‹"))  # a tooltip would take a tag for rich text
            self.addTopLevelItem(item)
        self.setCurrentIndex(self.rootIndex())

    def stand_under(self, line: QWidget) -> None:
        """Take a place below the line, as wide as the words need, inside of the window."""
        window = line.window()
        corner = line.mapTo(window, QPoint(0, line.height()))
        needed = sum(self.sizeHintForColumn(column) for column in (0, 1)) + 4 * SPACE_M
        rows = min(self.topLevelItemCount(), _ROWS_SHOWN)
        height = rows * self.sizeHintForRow(0) + 2 * self.frameWidth()
        width = min(max(needed, line.width()), window.width() - corner.x() - SPACE_M)
        self.setGeometry(corner.x(), corner.y(), width, min(height, window.height() - corner.y()))

    @property
    def chosen(self) -> Offer | None:
        """The selected offer."""
        item = self.currentItem()
        offer = item.data(0, _OFFER) if item is not None else None
        return offer if isinstance(offer, Offer) else None

    @property
    def words(self) -> str:
        """The selected offer for a screen reader."""
        item = self.currentItem()
        return ", ".join(filter(None, (item.text(0), item.text(1)))) if item is not None else ""


class QueryLine(QLineEdit):
    """A line that completes a query, and gives the focus back on Escape.

    While one types, offers appear and none is selected, so that Return still runs the query; Tab takes the first,
    Down goes through them. Escape closes them first and leaves the line second.

    Signals:
        left: The person is done with the line.
        values_wanted: A `Place` where values of the store are wanted; `offer` is the answer.
    """

    left = Signal()
    values_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: OfferList | None = None
        self._place: Place | None = None
        self._select_first = False
        self._marked: tuple[int, int] | None = None
        self.textEdited.connect(self._typed)

    # -- offers ----------------------------------------------------------------------------------------------------

    @property
    def offered(self) -> tuple[str, ...]:
        """What is offered now."""
        if not self._is_offering:
            return ()
        items = (self._list.topLevelItem(row) for row in range(self._list.topLevelItemCount()))
        return tuple(item.text(0) for item in items if item is not None)

    @property
    def _list(self) -> OfferList:
        """The list in the window that the line stands in now."""
        if self._offers is None or self._offers.parent() is not self.window():
            self._offers = OfferList(self.window())
            self._offers.itemClicked.connect(self._take)
        return self._offers

    @property
    def _is_offering(self) -> bool:
        return self._offers is not None and not self._offers.isHidden()

    def _typed(self) -> None:
        self.show_problem(None)
        self._ask(select_first=False)

    def _ask(self, *, select_first: bool) -> bool:
        """Offer what can stand at the cursor; values of the store come later. False where nothing can."""
        self._select_first = select_first
        place = self._place = place_at(self.text(), self.cursorPosition())
        self.close_offers()
        if place is None:
            return False
        if place.wanted is Wanted.VALUE and place.field not in CHOICES:
            self.values_wanted.emit(place)
            return True
        if place.typed or select_first or place.wanted is not Wanted.NAME:
            self.offer(place)
        return self._is_offering

    def offer(self, place: Place, values: Sequence[str] = ()) -> None:
        """Show what is offered at a place, unless the cursor has gone on meanwhile."""
        if place != self._place or not self.hasFocus():
            return
        found = offers(place, values)
        if not found:
            self.close_offers()
            return
        self._list.show_offers(place, found)
        self._list.stand_under(self)
        self._list.show()
        self._list.raise_()
        if self._select_first:
            self._move(1)
        else:
            self._announce(self.tr("Completions: {0}").format(len(found)))

    def close_offers(self) -> None:
        """Offer nothing any more."""
        if self._offers is not None:
            self._offers.hide()

    def _move(self, distance: int) -> None:
        count = self._list.topLevelItemCount()
        row = self._list.currentIndex().row()
        wanted = (row + distance) % count if row >= 0 else (0 if distance > 0 else count - 1)
        self._list.setCurrentIndex(self._list.model().index(wanted, 0))
        self._announce(self._list.words)

    def _take(self) -> None:
        """Put the selected offer, else the first, into the line; after a name, offer what can follow."""
        if self._list.chosen is None:
            self._list.setCurrentIndex(self._list.model().index(0, 0))
        offer, place = self._list.chosen, self._place
        self.close_offers()
        if offer is None or place is None:
            return
        text, cursor = complete(self.text(), place, offer)
        self.setSelection(0, len(self.text()))
        self.insert(text)  # unlike setText, this can be undone
        self.setCursorPosition(cursor)
        self.show_problem(None)
        if offer.wanted is Wanted.NAME:
            self._ask(select_first=False)

    # -- what cannot be understood ---------------------------------------------------------------------------------

    def show_problem(self, error: QueryError | None) -> None:
        """Mark the place of an error and tell it to screen readers; None takes the mark away."""
        self._marked = None if error is None else (error.start, error.end)
        self.setAccessibleDescription("" if error is None else explain(error))
        if error is not None:
            self.close_offers()  # they would cover the words below the line
            self._announce(explain(error))
        self.update()

    def _announce(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: underline what cannot be understood."""
        super().paintEvent(event)
        if self._marked is None or self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            return
        text, metrics, cursor = self.text(), self.fontMetrics(), self.cursorRect()
        origin = cursor.center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        start, end = (origin + metrics.horizontalAdvance(text[:place]) for place in self._marked)
        painter = QPainter(self)
        painter.setPen(QPen(QColor(current_theme().danger), 2, Qt.PenStyle.DotLine))
        line = cursor.bottom() - 1
        painter.drawLine(max(start, 2), line, min(max(end, start + 4), self.width() - 2), line)

    # -- keys ------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Qt: Tab takes an offer where there is one; else it goes on as everywhere."""
        is_key = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab and self._is_offering:
            self._take()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: go through the offers, take one, close them, or leave."""
        key = event.key()
        if key == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._ask(select_first=True)
        elif self._is_offering and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif self._is_offering and key == Qt.Key.Key_Escape:
            self.close_offers()
        elif self._is_offering and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._list.chosen is not None:
            self._take()
        elif key == Qt.Key.Key_Down:
            if not self.text().strip() or not self._ask(select_first=True):
                self.left.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            if key in _ENDS_OFFERS:
                self.close_offers()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: offers belong to who types."""
        super().focusOutEvent(event)
        self.close_offers()
