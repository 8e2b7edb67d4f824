"""The window of settings: a list of pages, and the page. It stands beside the desk; what is chosen holds at once."""

from enum import IntEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from hitl_app.ui.panes.parts import scrolled
from hitl_app.ui.theme import SPACE_M, theme_notifier
from hitl_app.ui.windows.pages.environments import EnvironmentsPage
from hitl_app.ui.windows.pages.general import GeneralPage
from hitl_app.ui.windows.pages.guidelines import GuidelinesPage
from hitl_app.ui.windows.pages.keys import KeysPage
from hitl_app.ui.windows.pages.models import ModelsPage
from hitl_app.ui.windows.pages.review import ReviewPage

SIZE = QSize(860, 640)


class Page(IntEnum):
    """The pages, in the order of the list."""

    GENERAL = 0
    KEYS = 1
    REVIEW = 2
    MODELS = 3
    ENVIRONMENTS = 4
    GUIDELINES = 5


class SettingsWindow(QDialog):
    """All pages. Each scrolls where it has not enough room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.general, self.keys, self.review = GeneralPage(), KeysPage(), ReviewPage()
        self.models, self.environments, self.guidelines = ModelsPage(), EnvironmentsPage(), GuidelinesPage()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages of the settings"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pages = QStackedWidget()
        for words, page in (
            (self.tr("General"), self.general),
            (self.tr("Keys"), self.keys),
            (self.tr("Review"), self.review),
            (self.tr("Models and prompts"), self.models),
            (self.tr("Environments"), self.environments),
            (self.tr("Guidelines"), self.guidelines),
        ):
            self.list.addItem(words)
            self.pages.addWidget(scrolled(page))
        self.list.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.list.setCurrentRow(0)
        theme_notifier.theme_changed.connect(self._fit_list)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)  # Return belongs to what has the focus
        close.setDefault(False)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(self.list)
        row.addWidget(self.pages, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(row, 1)
        layout.addWidget(buttons)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return Page(self.list.currentRow())

    def show_page(self, page: Page) -> None:
        """Come up with a page."""
        self.list.setCurrentRow(page)
        if not self.isVisible():
            self.resize(SIZE.boundedTo(self.screen().availableSize()))
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()

    def _fit_list(self) -> None:
        """As wide as its words, also after a zoom, but never more than a third of the window."""
        self.list.doItemsLayout()
        wanted = self.list.sizeHintForColumn(0) + 2 * self.list.frameWidth() + 2 * SPACE_M
        self.list.setFixedWidth(min(wanted, max(self.width() // 3, 1)))

    def showEvent(self, event: QShowEvent, /) -> None:
        """Qt: the fonts are known now."""
        super().showEvent(event)
        self._fit_list()
