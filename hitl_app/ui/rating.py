"""The rubric at the desk: its items, what was answered, and what is still being saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hitl_app.domain.guidelines import Rubric, RubricItem


@dataclass(frozen=True)
class RubricAtDesk:
    """What the rubric pane shows for the open trajectory.

    Attributes:
        saved: Answers that are durable, by the id of the item.
        saving: Answers that are being saved.
    """

    rubric: Rubric = field(default_factory=Rubric)
    saved: Mapping[str, int] = field(default_factory=dict)
    saving: Mapping[str, int] = field(default_factory=dict)

    def answer(self, item: RubricItem) -> int | None:
        """The newest answer to an item, saved or not; None where there is none that fits it."""
        value = self.saving.get(item.id, self.saved.get(item.id))
        return value if value is not None and item.takes(value) else None

    def toggled(self, item: RubricItem) -> int:
        """The answer to a yes-no item after one more press of its key: yes at first."""
        return 0 if self.answer(item) == 1 else 1

    @property
    def answered(self) -> int:
        """Number of items that have an answer."""
        return sum(self.answer(item) is not None for item in self.rubric.items)
