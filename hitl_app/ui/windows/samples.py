"""Which synthetic trajectories to add."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from hitl_app.ui.panes.parts import paragraph
from hitl_app.workflow.samples import COUNT, SPLIT

LEVELS = range(1, 6)
SPLITS = ("train", "dev", "test")
MOST = 1000


class SamplesDialog(QDialog):
    """How many, how hard, and of which split.

    Signals:
        wanted: Count, level (0 for several in turn) and split.
    """

    wanted = Signal(int, int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Add samples"))
        self.count = QSpinBox()
        self.count.setRange(1, MOST)
        self.count.setValue(COUNT)
        self.count.setAccessibleName(self.tr("How many"))
        self.level, self.split = QComboBox(), QComboBox()
        self.level.setAccessibleName(self.tr("Level"))
        self.level.addItem(self.tr("1 to 3 in turn"), 0)
        for level in LEVELS:
            self.level.addItem(str(level), level)
        self.split.setAccessibleName(self.tr("Split"))
        for split in SPLITS:
            self.split.addItem(split)
        self.split.setCurrentText(SPLIT)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("&How many"), self.count)
        form.addRow(self.tr("&Level, 5 is hardest"), self.level)
        form.addRow(self.tr("&Split"), self.split)
        words = self.tr(
            "Trips of a made-up world, each with a mistake or two. Samples of other splits share no name with these. "
            "Those that are there already are not added again."
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        add = buttons.addButton(self.tr("&Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        add.setDefault(True)
        buttons.accepted.connect(self._add)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(paragraph(words, tone="muted"))
        layout.addWidget(buttons)
        self.resize(440, self.sizeHint().height())

    def _add(self) -> None:
        self.wanted.emit(self.count.value(), int(self.level.currentData()), self.split.currentText())
        self.accept()
