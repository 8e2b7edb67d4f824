"""Which model is asked, and with which words; both have a window of their own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label, paragraph
from hitl_app.ui.step_text import one_line


class ModelsPage(QWidget):
    """What is set up, and the ways to change it.

    Signals:
        connection_requested, prompts_requested: Open the window of model settings at that page.
    """

    connection_requested = Signal()
    prompts_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model, self.prompts = paragraph(), paragraph()
        self.connection_button = QPushButton(self.tr("&Model settings…"))
        self.prompts_button = QPushButton(self.tr("&Prompts…"))
        self.connection_button.clicked.connect(self.connection_requested)
        self.prompts_button.clicked.connect(self.prompts_requested)
        for button in (self.connection_button, self.prompts_button):
            button.setAutoDefault(False)
        layout = column(self)
        layout.addWidget(label(self.tr("Models and prompts"), role="title", wrap=True))
        for words, button in ((self.model, self.connection_button), (self.prompts, self.prompts_button)):
            layout.addWidget(words)
            layout.addWidget(Flow(button))
        layout.addStretch(1)

    def show_model(self, name: str) -> None:
        """Name the model that is asked; an empty name says that none is set up."""
        if name:
            self.model.setText(self.tr("Proposals can be asked of {0}.").format(one_line(name, 80)))
        else:
            self.model.setText(self.tr("No model is set up. Nothing needs one."))

    def show_prompts(self, count: int, edited: int) -> None:
        """Say how many prompts there are, and how many are not as shipped."""
        if edited:
            self.prompts.setText(self.tr("Prompts: {0}, of which {1} were edited here.").format(count, edited))
        else:
            self.prompts.setText(self.tr("Prompts: {0}, all as shipped.").format(count))
