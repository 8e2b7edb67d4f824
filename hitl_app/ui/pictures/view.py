"""The widget that shows a picture: marks by mouse and keys, words for a screen reader, a menu to keep it."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
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
from hitl_app.ui.pictures.picture import Mark, Page, Picture, in_pixels
from hitl_app.ui.theme import current_theme, theme_notifier

EDGE = 3.0
"""Pixels around the picture, for the ring that shows the focus."""


class PictureView(QWidget):
    """Shows one picture.

    Signals:
        picked: Key of a mark that was clicked, or chosen by Return.
        save_requested: The picture, a `FileKind`, and whether it is wanted in the colours of the window.
    """

    picked = Signal(str)
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

    def show_picture(self, picture: Picture | None) -> None:
        """Show another picture; None shows nothing."""
        self._picture = picture
        self._current = None
        self.setAccessibleName(picture.title if picture is not None else "")
        self.setAccessibleDescription(picture.description if picture is not None else "")
        self._restyle()

    def _restyle(self) -> None:
        self._marks = None
        self.updateGeometry()
        self.update()

    # -- size and paint --------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt: what the picture wants, or a few lines."""
        if self._picture is None or not self._whole:
            return QSize(240, 7 * self.fontMetrics().height())
        size = self._picture.size(in_pixels(self.font()))
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
        return Page(area, in_pixels(self.font()), mirrored)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What can be pointed at, as it is painted now."""
        if self._marks is None:
            self._marks = tuple(self._picture.marks(self._page())) if self._picture is not None else ()
        return self._marks

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: marks are elsewhere."""
        super().resizeEvent(event)
        self._marks = None

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
        turned = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        forward = Qt.Key.Key_Left if turned else Qt.Key.Key_Right
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.select(0 if self._current is None else self._current + (1 if key == forward else -1))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._to_row(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Home:
            self.select(0)
        elif key == Qt.Key.Key_End:
            self.select(len(self.marks) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None and self.current.key:
            self.picked.emit(self.current.key)
        else:
            super().keyPressEvent(event)

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
