"""A row of widgets that goes on to the next line where the width ends, as words do."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from hitl_app.ui.theme import SPACE_M, SPACE_S


class Flow(QWidget):
    """Widgets side by side, each in its preferred size, wrapped to the width; mirrored in right-to-left languages.

    It places its children itself: a `QLayout` written in Python would share the ownership of its items with Qt, which
    deletes them on its own account.
    """

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._widgets: list[QWidget] = []
        self._sizes: list[tuple[QWidget, QSize]] | None = None
        self._heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: QWidget) -> None:
        """Take a widget at the end."""
        self.insert(len(self._widgets), widget)

    def insert(self, index: int, widget: QWidget) -> None:
        """Take a widget in front of another one."""
        self._widgets.insert(index, widget)
        wanted = not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide) or not widget.isHidden()
        widget.setParent(self)
        widget.setVisible(wanted)
        self._forget_sizes()

    def remove(self, widget: QWidget) -> None:
        """Take a widget out and let it go."""
        self._widgets.remove(widget)
        widget.hide()
        widget.deleteLater()
        self._forget_sizes()

    def heightForWidth(self, width: int, /) -> int:
        """Qt: height of the wrapped lines."""
        if (known := self._heights.get(width)) is not None:
            return known
        lines = self._lines(width)
        height = sum(height + SPACE_S for _, height in lines) - SPACE_S if lines else 0
        if self._sizes is not None:
            self._heights[width] = height
        return height

    def sizeHint(self) -> QSize:
        """Qt: all widgets in one line."""
        sizes = [size for _, size in self._shown()]
        width = sum(size.width() + SPACE_M for size in sizes) - SPACE_M
        return QSize(max(width, 0), max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        """Qt: the widest widget alone."""
        sizes = [widget.minimumSizeHint() for widget, _ in self._shown()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: wrap to the new width."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Qt: what it held may have changed meanwhile."""
        super().showEvent(event)
        self._forget_sizes()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Qt: from now on nobody is told of changes."""
        super().hideEvent(event)
        self._drop_sizes()

    def changeEvent(self, event: QEvent, /) -> None:
        """Qt: another font or style needs other sizes."""
        super().changeEvent(event)
        self._drop_sizes()

    def event(self, event: QEvent, /) -> bool:
        """Qt: a widget needs another size, or was shown or hidden."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._forget_sizes()
            self._arrange()
        return super().event(event)

    def _forget_sizes(self) -> None:
        self._drop_sizes()
        self.updateGeometry()

    def _drop_sizes(self) -> None:
        self._sizes = None
        self._heights.clear()

    def _shown(self) -> list[tuple[QWidget, QSize]]:
        """The widgets that are shown with their preferred sizes. Kept: a layout asks for them many times over."""
        if self._sizes is not None:
            return self._sizes
        sizes = [(widget, widget.sizeHint()) for widget in self._widgets if not widget.isHidden()]
        if self.isVisible():  # Qt tells nobody about a widget that changes out of sight
            self._sizes = sizes
        return sizes

    def _lines(self, width: int) -> list[tuple[list[tuple[QWidget, QSize]], int]]:
        """The widgets of each line with their sizes, and the line's height."""
        lines: list[list[tuple[QWidget, QSize]]] = []
        x = 0
        for widget, size in self._shown():
            if not lines or x + size.width() > width:
                lines.append([])
                x = 0
            lines[-1].append((widget, size))
            x += size.width() + SPACE_M
        return [(line, max(size.height() for _, size in line)) for line in lines]

    def _arrange(self) -> None:
        area = self.rect()
        y = max(0, area.height() - self.heightForWidth(area.width())) // 2
        for line, height in self._lines(area.width()):
            x = 0
            for widget, size in line:
                fitting = QSize(max(1, min(size.width(), area.width())), size.height())
                place = QRect(QPoint(x, y + (height - size.height()) // 2), fitting)
                widget.setGeometry(QStyle.visualRect(self.layoutDirection(), area, place))
                x += fitting.width() + SPACE_M
            y += height + SPACE_S
