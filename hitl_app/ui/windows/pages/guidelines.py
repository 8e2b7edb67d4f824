"""Where guidelines, rubric and reasons come from."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from hitl_app.domain.guidelines import GuidelineFile, GuidelineKind, Guidelines
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import clear, column, label, paragraph


class GuidelinesPage(QWidget):
    """The three files, with ways to edit them.

    Signals:
        file_wanted: The `GuidelineKind` of a file to open; a copy is made where it is the shipped one.
        copies_wanted: Make copies of all that are shipped.
    """

    file_wanted = Signal(object)
    copies_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problems = paragraph(tone="danger")
        self.problems.hide()
        self.copies = QPushButton(self.tr("&Make own copies of all"))
        self.copies.clicked.connect(self.copies_wanted)
        self.copies.setAutoDefault(False)
        self._files = QVBoxLayout()
        layout = column(self)
        layout.addWidget(label(self.tr("Guidelines"), role="title", wrap=True))
        layout.addWidget(
            paragraph(self.tr("What stands beside the work are plain files. The desk follows them as they are edited."))
        )
        layout.addWidget(self.problems)
        layout.addLayout(self._files)
        layout.addWidget(Flow(self.copies))
        layout.addStretch(1)

    def show_guidelines(self, guidelines: Guidelines) -> None:
        """Show the files that are in use."""
        self.problems.setText("\n\n".join(guidelines.problems))
        self.problems.setVisible(bool(guidelines.problems))
        clear(self._files)
        names = {
            GuidelineKind.TEXT: self.tr("Guidelines"),
            GuidelineKind.RUBRIC: self.tr("Rubric"),
            GuidelineKind.REASONS: self.tr("Common reasons"),
        }
        for kind, file in guidelines.files.items():
            self._files.addWidget(self._row(names[kind], kind, file))
        self.copies.setEnabled(not all(file.own for file in guidelines.files.values()))

    def _row(self, name: str, kind: GuidelineKind, file: GuidelineFile) -> QWidget:
        row = QWidget()
        layout = column(row, margin=0)
        whose = self.tr("{0}: your own file").format(name) if file.own else self.tr("{0}: as shipped").format(name)
        layout.addWidget(label(whose, role="strong", wrap=True))
        layout.addWidget(label(str(file.path), tone="muted", role="mono", wrap=True))
        open_ = QPushButton(self.tr("Open") if file.own else self.tr("Make a copy and open it"))
        open_.setAutoDefault(False)
        open_.setAccessibleName(f"{name}: {open_.text()}")
        open_.clicked.connect(partial(self.file_wanted.emit, kind))
        layout.addWidget(Flow(open_))
        return row
