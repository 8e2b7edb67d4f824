"""Who decides, in which language, and how the desk looks."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPushButton, QWidget

from hitl_app.domain.settings import LONGEST_NAME, SYSTEM, ZOOMS, Settings
from hitl_app.ui.language import LANGUAGES
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label, paragraph


class GeneralPage(QWidget):
    """Four choices.

    Signals:
        annotator_chosen: A name.
        language_chosen, theme_chosen: Names, or `system`.
        zoom_chosen: In percent.
    """

    annotator_chosen = Signal(str)
    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    zoom_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.annotator = QLineEdit()
        self.annotator.setMaxLength(LONGEST_NAME)
        self.annotator.setAccessibleName(self.tr("Annotator's name"))
        self.annotator.returnPressed.connect(self._choose_annotator)
        self.use = QPushButton(self.tr("&Use this name"))
        self.use.clicked.connect(self._choose_annotator)
        self.use.setAutoDefault(False)
        self.who = paragraph(tone="muted")
        self.problem = paragraph(tone="danger")
        self.problem.hide()
        self.language = _combo(self.tr("Language"), {SYSTEM: self.tr("As the system"), **LANGUAGES})
        self.theme = _combo(
            self.tr("Theme"),
            {
                SYSTEM: self.tr("As the system"),
                "light": self.tr("Light"),
                "dark": self.tr("Dark"),
                "high_contrast": self.tr("High contrast"),
            },
        )
        self.zoom = _combo(self.tr("Zoom"), {str(zoom): self.tr("{0} %").format(zoom) for zoom in ZOOMS})
        self.language.activated.connect(lambda: self.language_chosen.emit(self.language.currentData()))
        self.theme.activated.connect(lambda: self.theme_chosen.emit(self.theme.currentData()))
        self.zoom.activated.connect(lambda: self.zoom_chosen.emit(int(self.zoom.currentData())))
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("&Annotator's name"), self.annotator)
        form.addRow("", Flow(self.use))
        layout = column(self)
        layout.addWidget(label(self.tr("General"), role="title", wrap=True))
        layout.addLayout(form)
        for words in (self.problem, self.who):
            layout.addWidget(words)
        look = QFormLayout()
        look.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        look.addRow(self.tr("&Language"), self.language)
        look.addRow(self.tr("&Theme"), self.theme)
        look.addRow(self.tr("&Zoom"), self.zoom)
        layout.addLayout(look)
        layout.addWidget(
            paragraph(
                self.tr(
                    "With another name or language the desk opens anew, at the place where you are and with your draft."
                ),
                tone="muted",
            )
        )
        layout.addStretch(1)

    def show_settings(self, settings: Settings, annotator: str, *, named: bool) -> None:
        """Show what holds.

        Args:
            settings: What was chosen.
            annotator: Who decides now.
            named: The name was given when the desk was started, which goes before what is chosen here.
        """
        if not self.annotator.isModified():
            self.annotator.setText(annotator)
        if named:
            words = self.tr("The desk was started with --annotator: that name goes before the one that is chosen here.")
        elif settings.annotator:
            words = self.tr("Your decisions carry this name from now on; what is on record keeps its name.")
        else:
            words = self.tr("This is your name in the system. Your decisions carry it as long as you choose no other.")
        self.who.setText(words)
        self.annotator.setEnabled(not named)
        self.use.setEnabled(not named)
        self.problem.hide()
        for combo, value in (
            (self.language, settings.language),
            (self.theme, settings.theme),
            (self.zoom, str(settings.zoom)),
        ):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(combo.findData(value))

    def show_problem(self, problem: str) -> None:
        """Say why a choice was not taken."""
        self.problem.setText(problem)
        self.problem.show()

    def _choose_annotator(self) -> None:
        self.annotator_chosen.emit(self.annotator.text())


def _combo(name: str, choices: dict[str, str]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    for value, words in choices.items():
        made.addItem(words, value)
    return made
