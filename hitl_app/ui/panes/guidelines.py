"""Guidelines beside the work: the project's own Markdown, and nothing from anywhere else."""

from functools import partial

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QImage, QShowEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QTextBrowser, QWidget

from hitl_app.domain.guidelines import GuidelineKind, Guidelines
from hitl_app.ui.keymap import keep_keys
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import Header, column, label
from hitl_app.ui.theme import SPACE_S, theme_notifier

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class MarkdownView(QTextBrowser):
    """Shows Markdown without HTML. It loads no picture and follows no link.

    Signals:
        link_chosen: Address of a link that leads out of the text.
    """

    link_chosen = Signal(QUrl)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.anchorClicked.connect(self._follow)

    def loadResource(self, kind: int, address: QUrl | str) -> object:
        """Qt: what the text refers to. An empty picture, or else Qt would look for a file of that name."""
        return QImage(1, 1, QImage.Format.Format_ARGB32) if kind == QTextDocument.ResourceType.ImageResource else None

    def show_markdown(self, text: str) -> None:
        """Show a text and stay at the place where the reader is."""
        place = self.verticalScrollBar().value()
        self.document().setMarkdown(text, _FEATURES)
        self.moveCursor(QTextCursor.MoveOperation.Start)  # else the view follows it to the end
        self.verticalScrollBar().setValue(place)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Qt: come up at the place where the reader was, and not at that of the text cursor."""
        place = self.verticalScrollBar().value()
        super().showEvent(event)
        self.verticalScrollBar().setValue(place)

    def _follow(self, address: QUrl) -> None:
        if address.isRelative() and address.hasFragment() and not address.path():
            self.scrollToAnchor(address.fragment())
        else:
            self.link_chosen.emit(address)


class GuidelinesPane(QWidget):
    """The guidelines, and what is wrong with files that cannot be used.

    Signals:
        link_chosen: Address of a link in the text.
        file_wanted: The `GuidelineKind` of a file to open.
        closed: The person wants the pane out of the way.
    """

    link_chosen = Signal(QUrl)
    file_wanted = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guidelines: Guidelines | None = None
        self.header = Header(self.tr("Guidelines"))
        self.problems = label(tone="danger", wrap=True)
        self.problems.hide()
        self.text = MarkdownView()
        self.text.setAccessibleName(self.tr("Guidelines"))
        self.text.link_chosen.connect(self.link_chosen)
        self.open_file = QPushButton(self.tr("Open the file…"))
        self.open_file.setMenu(self._menu())
        self.close_pane = QPushButton()
        keep_keys(self.close_pane, self.close_pane.setText, self.tr("Close ({0})"), "guidelines")
        self.close_pane.clicked.connect(self.closed)
        layout = column(self, spacing=SPACE_S)
        layout.addWidget(self.header)
        layout.addWidget(self.problems)
        layout.addWidget(self.text, 1)
        layout.addWidget(Flow(self.open_file, self.close_pane))
        self.setAccessibleName(self.tr("Guidelines"))
        theme_notifier.theme_changed.connect(self._render)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for words, kind in (
            (self.tr("&Guidelines"), GuidelineKind.TEXT),
            (self.tr("&Rubric"), GuidelineKind.RUBRIC),
            (self.tr("Common r&easons"), GuidelineKind.REASONS),
        ):
            menu.addAction(words).triggered.connect(partial(self.file_wanted.emit, kind))
        return menu

    @property
    def focus_target(self) -> QWidget:
        """Where the keys go when a person turns to this pane."""
        return self.text

    def show_guidelines(self, guidelines: Guidelines) -> None:
        """Show what the files say now."""
        self._guidelines = guidelines
        own = guidelines.files[GuidelineKind.TEXT].own
        self.header.set_aside(self.tr("your own") if own else self.tr("as shipped"))
        self.problems.setText("\n\n".join(guidelines.problems))
        self.problems.setVisible(bool(guidelines.problems))
        self._render()

    def _render(self) -> None:
        if self._guidelines is not None:
            self.text.show_markdown(self._guidelines.markdown)
