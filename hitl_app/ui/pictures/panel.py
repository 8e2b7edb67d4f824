"""A picture with its words, its values as a table, and buttons to keep it."""

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QTableView, QVBoxLayout, QWidget

from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import label, paragraph
from hitl_app.ui.pictures.export import FileKind
from hitl_app.ui.pictures.picture import Picture, Table
from hitl_app.ui.pictures.view import PictureView
from hitl_app.ui.theme import SPACE_M, theme_notifier

ROWS = 8
"""Rows of the table that are in view."""

LEAST_LINES = 10
"""Height of a picture that scrolls, in lines of text."""

Index = QModelIndex | QPersistentModelIndex


class TableModel(QAbstractTableModel):
    """The values of a picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table((), ())

    def show_table(self, table: Table) -> None:
        """Show other values."""
        self.beginResetModel()
        self._table = table
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """Qt: rows."""
        return 0 if parent.isValid() else len(self._table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """Qt: columns."""
        return 0 if parent.isValid() else len(self._table.header)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Qt: one value."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return " ".join(self._table.rows[index.row()][index.column()].split())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Qt: what a column holds."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._table.header[section]


class PicturePanel(QWidget):
    """One picture, for windows.

    Signals:
        save_requested: See `PictureView`.
    """

    save_requested = Signal(object, str, bool)

    def __init__(self, parent: QWidget | None = None, *, fills: bool = False) -> None:
        """Make an empty panel.

        Args:
            parent: Qt's.
            fills: The picture scrolls in what room there is; else the panel is as high as the picture.
        """
        super().__init__(parent)
        self.title = label(role="title", wrap=True)
        self.words = paragraph(tone="muted")
        self.view = PictureView()
        self.view.save_requested.connect(self.save_requested)
        self._model = TableModel(self)
        self.table = QTableView()
        self.table.setModel(self._model)
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(False)
        self.table.hide()
        self._lay_out(fills)
        theme_notifier.theme_changed.connect(self._fit)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self, self.view.copy_values)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self, fills: bool) -> None:
        png, svg = QPushButton(self.tr("Save as PNG…")), QPushButton(self.tr("Save as SVG…"))
        copy, self.values = QPushButton(self.tr("Copy values")), QPushButton(self.tr("Values"))
        self.values.setCheckable(True)
        png.clicked.connect(lambda: self.view.save(FileKind.PNG))
        svg.clicked.connect(lambda: self.view.save(FileKind.SVG))
        copy.clicked.connect(self.view.copy_values)
        self.values.toggled.connect(self._show_table)
        self.buttons = (self.values, png, svg, copy)
        self._row = Flow(*self.buttons)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.view)
        if not fills:
            self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fills = fills
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.title)
        layout.addWidget(self.words)
        layout.addWidget(self.area, 1)
        layout.addWidget(self._row)
        layout.addWidget(self.table)

    def add_buttons(self, *buttons: QPushButton) -> None:
        """Put more buttons at the end of the row below the picture."""
        for button in buttons:
            self._row.add(button)

    def show_picture(self, picture: Picture, *, stay: bool = False) -> None:
        """Show another picture; `stay` leaves the focus on the mark of the same number."""
        self.view.show_picture(picture, stay=stay)
        self.title.setText(picture.title)
        self.words.setText(picture.about)
        self._model.show_table(picture.table)
        self.table.setAccessibleName(self.tr("Values: {0}").format(picture.title))
        for button in self.buttons:
            button.setAccessibleName(self.tr("{0}: {1}").format(picture.title, button.text()))
        self._show_table(self.values.isChecked())
        self._fit()

    def _show_table(self, shown: bool) -> None:
        self.table.setVisible(shown)
        if shown:
            self.table.resizeColumnsToContents()

    def _fit(self) -> None:
        """As high as the picture is in the present font, and a few rows of the table."""
        self.table.setMinimumHeight(ROWS * self.table.fontMetrics().lineSpacing() * 2)
        if self._fills:
            self.area.setMinimumHeight(LEAST_LINES * self.fontMetrics().lineSpacing())
        else:
            bar = self.area.horizontalScrollBar().sizeHint().height()
            self.area.setFixedHeight(self.view.minimumSizeHint().height() + bar)

    def changeEvent(self, event: QEvent, /) -> None:
        """Qt: another font asks for another height."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()
