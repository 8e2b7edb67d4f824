"""A row of widgets that goes on to the next line where the width ends, as words do."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
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
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for widget in widgets:
            self.insert(len(self._widgets), widget)

    def insert(self, index: int, widget: QWidget) -> None:
        """Take a widget in front of another one."""
        self._widgets.insert(index, widget)
        wanted = not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide) or not widget.isHidden()
        widget.setParent(self)
        widget.setVisible(wanted)
        self.updateGeometry()

    def remove(self, widget: QWidget) -> None:
        """Take a widget out and let it go."""
        self._widgets.remove(widget)
        widget.hide()
        widget.deleteLater()
        self.updateGeometry()

    def heightForWidth(self, width: int, /) -> int:
        """Qt: height of the wrapped lines."""
        return sum(height + SPACE_S for _, height in self._lines(width)) - SPACE_S if self._shown() else 0

    def sizeHint(self) -> QSize:
        """Qt: all widgets in one line."""
        sizes = [widget.sizeHint() for widget in self._shown()]
        width = sum(size.width() + SPACE_M for size in sizes) - SPACE_M
        return QSize(max(width, 0), max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        """Qt: the widest widget alone."""
        sizes = [widget.minimumSizeHint() for widget in self._shown()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: wrap to the new width."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent, /) -> bool:
        """Qt: a widget needs another size, or was shown or hidden."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._arrange()
        return super().event(event)

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def _lines(self, width: int) -> Iterator[tuple[list[QWidget], int]]:
        """The widgets of each line, and its height."""
        line: list[QWidget] = []
        x = 0
        for widget in self._shown():
            size = widget.sizeHint()
            if line and x + size.width() > width:
                yield line, max(w.sizeHint().height() for w in line)
                line, x = [], 0
            line.append(widget)
            x += size.width() + SPACE_M
        if line:
            yield line, max(w.sizeHint().height() for w in line)

    def _arrange(self) -> None:
        area = self.rect()
        y = max(0, area.height() - self.heightForWidth(area.width())) // 2
        for line, height in self._lines(area.width()):
            x = 0
            for widget in line:
                size = widget.sizeHint()
                size.setWidth(max(1, min(size.width(), area.width())))
                place = QRect(QPoint(x, y + (height - size.height()) // 2), size)
                widget.setGeometry(QStyle.visualRect(self.layoutDirection(), area, place))
                x += size.width() + SPACE_M
            y += height + SPACE_S
