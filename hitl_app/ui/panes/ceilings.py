"""The fields of a budget, which every form of a run has: tokens, money and time."""

from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QSpinBox

from hitl_app.domain.run import Budget
from hitl_app.ui.panes.parts import label
from hitl_app.ui.translating import translate


class Ceilings:
    """How much a run may cost. What a model costs can be limited only where one is asked."""

    def __init__(self) -> None:
        none = translate("RunForm", "no ceiling")
        self.tokens = number_field(translate("RunForm", "Tokens"), 0, 1_000_000_000, 0, none, step=10_000)
        self.tokens.setGroupSeparatorShown(True)
        self.minutes = number_field(translate("RunForm", "Minutes"), 0, 100_000, 0, none)
        self.usd = QDoubleSpinBox()
        self.usd.setRange(0, 100_000)
        self.usd.setDecimals(2)
        self.usd.setSingleStep(0.5)
        self.usd.setSpecialValueText(none)
        self.usd.setAccessibleName(translate("RunForm", "US dollars"))
        self.usd_hint = label(tone="muted", role="small", wrap=True)

    def add_to(self, form: QFormLayout) -> None:
        """Put the fields below the others of a form."""
        form.addRow(translate("RunForm", "To&kens"), self.tokens)
        form.addRow(translate("RunForm", "&US dollars"), self.usd)
        form.addRow(self.usd_hint)
        form.addRow(translate("RunForm", "Mi&nutes"), self.minutes)

    def allow(self, *, model: bool, priced: bool) -> None:
        """Enable what can be limited.

        Args:
            model: A model is asked.
            priced: What it costs is known.
        """
        self.tokens.setEnabled(model)
        self.usd.setEnabled(model and priced)
        self.usd_hint.setText(
            translate("RunForm", "The price of the model is not known: set it in the model settings.") if model else ""
        )
        self.usd_hint.setVisible(model and not priced)

    def budget(self) -> Budget:
        """The ceilings; one that is not enabled is none."""
        usd = self.usd.value() if self.usd.isEnabled() else 0
        tokens = self.tokens.value() if self.tokens.isEnabled() else 0
        return Budget(tokens=tokens or None, usd=usd or None, seconds=self.minutes.value() * 60 or None)


def number_field(name: str, least: int, most: int, value: int, special: str = "", *, step: int = 1) -> QSpinBox:
    """A field for a whole number; `special` stands in the place of the least one."""
    made = QSpinBox()
    made.setRange(least, most)
    made.setValue(value)
    made.setSingleStep(step)
    made.setSpecialValueText(special)
    made.setAccessibleName(name)
    return made
