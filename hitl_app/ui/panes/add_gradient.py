"""A form in which a person writes a textual gradient of their own."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QPlainTextEdit, QVBoxLayout, QWidget

from hitl_app.domain.inspection import Gradient, GradientSource
from hitl_app.domain.loss import Component
from hitl_app.ui.panes.parts import label, tell_whole
from hitl_app.ui.step_text import preview
from hitl_app.ui.theme import SPACE_L, SPACE_M
from hitl_app.ui.words import component_name, step_words
from hitl_app.workflow.opened import Opened

STEP_WORDS = 60
"""Characters of a step in the list of steps."""


class AddGradientDialog(QDialog):
    """What is wrong, where, and what would help.

    Signals:
        written: The gradient; emitted when the person adds it.
    """

    written = Signal(object)

    def __init__(
        self,
        opened: Opened,
        step: int | None = None,
        parent: QWidget | None = None,
        *,
        components: Iterable[Component] = Component,
    ) -> None:
        """Make the form.

        Args:
            opened: The trajectory that it is about.
            step: The step that is chosen at first; None for the whole plan.
            parent: The window.
            components: What it may concern.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Add a textual gradient"))
        self.component = QComboBox()
        for component in components:
            self.component.addItem(component_name(component), component)
        self.component.setCurrentIndex(self.component.findData(Component.HARD_CONSTRAINTS))
        self.step = QComboBox()
        self.step.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.step.setMinimumContentsLength(STEP_WORDS // 2)
        self.step.addItem(step_words(None), None)
        for index, known in enumerate(opened.trajectory.steps):
            self.step.addItem(f"{index}  {preview(known, STEP_WORDS)}", index)
        self.step.setCurrentIndex(0 if step is None else step + 1)
        tell_whole(self.step)
        self.critique = self._text(self.tr("What is wrong, and by which rule"))
        self.suggestion = self._text(self.tr("What should be done instead (may stay empty)"))
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.addRow(self.tr("&Concerns"), self.component)
        form.addRow(self.tr("&Step"), self.step)
        form.addRow(self.tr("C&ritique"), self.critique)
        form.addRow(self.tr("S&uggested edit"), self.suggestion)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add = buttons.addButton(self.tr("Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.add.setProperty("primary", "true")
        self.add.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.critique.textChanged.connect(self._check)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.add.click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_L)
        layout.addLayout(form)
        layout.addWidget(label(self.tr("It is kept under your name, beside what the checks found."), tone="muted"))
        layout.addWidget(buttons)
        self.critique.setFocus()

    def _text(self, hint: str) -> QPlainTextEdit:
        made = QPlainTextEdit()
        made.setPlaceholderText(hint)
        made.setTabChangesFocus(True)
        made.setMinimumHeight(3 * made.fontMetrics().lineSpacing())
        return made

    def _check(self) -> None:
        self.add.setEnabled(bool(self.critique.toPlainText().strip()))

    def gradient(self) -> Gradient:
        """What the form says."""
        component, step = self.component.currentData(), self.step.currentData()
        return Gradient(
            GradientSource.HUMAN,
            Component(component),
            self.critique.toPlainText().strip(),
            step_index=step if isinstance(step, int) else None,
            suggested_edit=self.suggestion.toPlainText().strip(),
        )

    def accept(self) -> None:
        """Qt: give the gradient and close."""
        self.written.emit(self.gradient())
        super().accept()
