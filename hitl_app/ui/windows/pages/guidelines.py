"""Where guidelines, rubric and reasons come from."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from hitl_app.domain.guidelines import GuidelineFile, GuidelineKind, Guidelines
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import ElidedLabel, column, label, paragraph


class _FileRow(QWidget):
    """One file: whose it is, where it is, and a button that opens it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._whose, self._path = label(wrap=True), ElidedLabel(tone="muted", role="mono")
        self.open = QPushButton()
        self.open.setAutoDefault(False)
        layout = column(self, margin=0)
        for widget in (self._whose, self._path, Flow(self.open)):
            layout.addWidget(widget)

    def show_file(self, file: GuidelineFile) -> None:
        """Show what is in use."""
        whose = self.tr("{0}: your own file") if file.own else self.tr("{0}: as shipped")
        self._whose.setText(whose.format(self._name))
        self._path.set_text(str(file.path))
        self.open.setText(self.tr("Open") if file.own else self.tr("Make a copy and open it"))
        self.open.setAccessibleName(f"{self._name}: {self.open.text()}")


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
        self._rows = {
            GuidelineKind.TEXT: _FileRow(self.tr("Guidelines")),
            GuidelineKind.RUBRIC: _FileRow(self.tr("Rubric")),
            GuidelineKind.REASONS: _FileRow(self.tr("Common reasons")),
        }
        layout = column(self)
        layout.addWidget(label(self.tr("Guidelines"), role="title", wrap=True))
        layout.addWidget(
            paragraph(self.tr("What stands beside the work are plain files. The desk follows them as they are edited."))
        )
        layout.addWidget(self.problems)
        for kind, row in self._rows.items():
            row.open.clicked.connect(partial(self.file_wanted.emit, kind))
            layout.addWidget(row)
        layout.addWidget(Flow(self.copies))
        layout.addStretch(1)

    def show_guidelines(self, guidelines: Guidelines) -> None:
        """Show the files that are in use."""
        self.problems.setText("\n\n".join(guidelines.problems))
        self.problems.setVisible(bool(guidelines.problems))
        for kind, file in guidelines.files.items():
            self._rows[kind].show_file(file)
        self.copies.setEnabled(not all(file.own for file in guidelines.files.values()))
