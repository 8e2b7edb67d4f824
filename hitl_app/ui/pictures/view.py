"""The widget that shows a picture: marks by mouse and keys, words for a screen reader, a menu to keep it."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QScrollArea, QSizePolicy, QToolTip, QWidget

from hitl_app.ui.pictures.drawing import Drawing
from hitl_app.ui.pictures.export import FileKind
from hitl_app.ui.pictures.picture import Mark, Page, Picture, Way, in_pixels
from hitl_app.ui.theme import SMALL, current_theme, theme_notifier

EDGE = 3.0
"""Pixels around the picture, for the ring that shows the focus."""

LEAST_ZOOM, MOST_ZOOM = 0.2, 3.0


class PictureView(QWidget):
    """Shows one picture.

    Signals:
        picked: Key of a mark that was clicked, or chosen by Return.
        moved: Key of the mark that has the focus now.
        save_requested: The picture, a `FileKind`, and whether it is wanted in the colours of the window.
    """

    picked = Signal(str)
    moved = Signal(str)
    save_requested = Signal(object, str, bool)

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Make an empty view.

        Args:
            parent: Qt's.
            whole: It is as large as its picture wants, for a place that scrolls; else as small as there is room.
        """
        super().__init__(parent)
        self._whole = whole
        self._picture: Picture | None = None
        self._marks: tuple[Mark, ...] | None = None
        self._current: int | None = None
        self._zoom = 1.0
        self.window_colours = False
        """Files get the colours of the window instead of light ones."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme_notifier.theme_changed.connect(self._restyle)

    @property
    def picture(self) -> Picture | None:
        """What is shown."""
        return self._picture

    def show_picture(self, picture: Picture | None, *, stay: bool = False) -> None:
        """Show another picture; None shows nothing. `stay` leaves the focus on the mark of the same number."""
        self._picture = picture
        self._restyle()
        if not stay or self._current is None or self._current >= len(self.marks):
            self._current = None
        here = self.current
        told = picture.description if picture is not None else ""
        self.setAccessibleName(picture.title if picture is not None else "")
        self.setAccessibleDescription(told if here is None else here.words)

    @property
    def zoom(self) -> float:
        """How much larger than the window's text the picture's is."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Make the picture larger or smaller, within bounds."""
        self._zoom = max(LEAST_ZOOM, min(zoom, MOST_ZOOM))
        self._restyle()

    @property
    def _font(self) -> QFont:
        return in_pixels(self.font(), SMALL * self._zoom)

    def _restyle(self) -> None:
        self._marks = None
        self.updateGeometry()
        self.update()

    # -- size and paint --------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt: what the picture wants, or a few lines."""
        if self._picture is None or not self._whole:
            return QSize(240, 7 * self.fontMetrics().height())
        size = self._picture.size(self._font)
        return QSize(round(size.width() + 2 * EDGE), round(size.height() + 2 * EDGE))

    def minimumSizeHint(self) -> QSize:
        """Qt: the same, or enough for two levels."""
        return self.sizeHint() if self._whole else QSize(120, 5 * self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Qt: paint what has to be painted anew, and a ring around the mark that has the focus."""
        if self._picture is None:
            return
        page, painter = self._page(), QPainter(self)
        painter.setClipRect(event.rect())
        drawing = Drawing(painter, current_theme(), page.area, page.font, mirrored=page.mirrored)
        self._picture.paint(drawing, page)
        if self.hasFocus():
            place = self._current_place()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(drawing.colour("accent"))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5) if place is None else place)

    def _current_place(self) -> QRectF | None:
        if self._current is None:
            return None
        return self.marks[self._current].place.adjusted(-2, -2, 2, 2)

    def _page(self) -> Page:
        area = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return Page(area, self._font, mirrored)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What can be pointed at, as it is painted now."""
        if self._marks is None:
            self._marks = tuple(self._picture.marks(self._page())) if self._picture is not None else ()
        return self._marks

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: marks are elsewhere; the one that has the focus stays in view."""
        super().resizeEvent(event)
        self._marks = None
        if (here := self.current) is not None:
            self._scroll_to(here.place)

    def changeEvent(self, event: QEvent, /) -> None:
        """Qt: so they are with another font or direction."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LayoutDirectionChange):
            self._restyle()

    # -- marks -----------------------------------------------------------------------------------------------------

    @property
    def current(self) -> Mark | None:
        """The mark that has the focus."""
        return None if self._current is None else self.marks[self._current]

    def select(self, number: int) -> None:
        """Give a mark the focus; a screen reader says it."""
        if self._picture is None or not self.marks:
            return
        self._current = max(0, min(number, len(self.marks) - 1))
        mark = self.marks[self._current]
        self.setAccessibleDescription(mark.words)
        self._scroll_to(mark.place)
        self.update()
        if mark.key:
            self.moved.emit(mark.key)

    def _scroll_to(self, place: QRectF) -> None:
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        if isinstance(area, QScrollArea):
            centre, margins = place.center().toPoint(), place.size().toSize()
            area.ensureVisible(centre.x(), centre.y(), margins.width(), margins.height())

    def _mark_at(self, at: QPointF) -> int | None:
        found = [number for number, mark in enumerate(self.marks) if mark.place.contains(at)]
        return min(found, key=lambda n: (self.marks[n].place.center() - at).manhattanLength(), default=None)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: arrows go from mark to mark, Return chooses one."""
        key = event.key()
        if (way := self._way(key)) is not None:
            self._go(way)
        elif key == Qt.Key.Key_Home:
            self.select(0)
        elif key == Qt.Key.Key_End:
            self.select(len(self.marks) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None and self.current.key:
            self.picked.emit(self.current.key)
        else:
            super().keyPressEvent(event)

    def _way(self, key: int) -> Way | None:
        turned = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        ways: dict[int, Way] = {
            Qt.Key.Key_Left: Way.FORTH if turned else Way.BACK,
            Qt.Key.Key_Right: Way.BACK if turned else Way.FORTH,
            Qt.Key.Key_Up: Way.UP,
            Qt.Key.Key_Down: Way.DOWN,
        }
        return ways.get(key)

    def _go(self, way: Way) -> None:
        here = self._current
        beside = None if here is None or self._picture is None else self._picture.neighbour(here, way)
        if here is None or beside is not None:
            self.select(beside or 0)
        elif way in (Way.UP, Way.DOWN):
            self._to_row(1 if way is Way.DOWN else -1)
        else:
            self.select(here + (1 if way is Way.FORTH else -1))

    def _to_row(self, step: int) -> None:
        """The nearest mark above or below, one in the same column where there is any."""
        here = self.current
        if here is None:
            self.select(0)
            return
        x, reach = here.place.center().x(), here.place.width() / 2

        def far(number: int) -> tuple[bool, int, float]:
            mark = self.marks[number]
            aside = abs(mark.place.center().x() - x)
            return aside > reach + mark.place.width() / 2, abs(mark.row - here.row), aside

        beyond = [number for number, mark in enumerate(self.marks) if (mark.row - here.row) * step > 0]
        if beyond:
            self.select(min(beyond, key=far))

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Qt: a click chooses what is there."""
        found = self._mark_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and found is not None:
            self.select(found)
            if self.marks[found].key:
                self.picked.emit(self.marks[found].key)
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent, /) -> bool:
        """Qt: a tooltip says what is under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            found = self._mark_at(QPointF(event.pos()))
            # A tooltip guesses the format of its text: a line that cannot be markup keeps data plain.
            words = "" if found is None else self.marks[found].words.replace("<", "‹")
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # -- keeping it ------------------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """Qt: what can be done with the picture."""
        if self._picture is not None:
            menu = self.make_menu()
            menu.popup(event.globalPos() if event.reason() is QContextMenuEvent.Reason.Mouse else self._below())

    def _below(self) -> QPoint:
        place = self._current_place()
        return self.mapToGlobal(self.rect().center() if place is None else place.center().toPoint())

    def make_menu(self) -> QMenu:
        """What can be done with the picture."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Save as &PNG…"), lambda: self.save(FileKind.PNG))
        menu.addAction(self.tr("Save as &SVG…"), lambda: self.save(FileKind.SVG))
        menu.addAction(self.tr("&Copy values"), self.copy_values)
        menu.addSeparator()
        colours = menu.addAction(self.tr("Save in the colours of the &window"))
        colours.setCheckable(True)
        colours.setChecked(self.window_colours)
        colours.toggled.connect(self._choose_colours)
        return menu

    def _choose_colours(self, of_window: bool) -> None:
        self.window_colours = of_window

    def save(self, kind: FileKind) -> None:
        """Ask for a file of the picture."""
        if self._picture is not None:
            self.save_requested.emit(self._picture, kind.value, self.window_colours)

    def copy_values(self) -> None:
        """Put all values on the clipboard, as a table that a spreadsheet takes."""
        if self._picture is not None:
            QGuiApplication.clipboard().setText(self._picture.table.tab_separated)
