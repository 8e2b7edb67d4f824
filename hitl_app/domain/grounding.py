"""What is wrong with a grounded plan: one that was made from an executed trajectory back to a plan (Plan-and-Act).

Each plan step cites the actions that it stands for: all of them, in order, each once, and the plan says nothing that
was only seen while it was carried out.
"""

from dataclasses import dataclass
from enum import StrEnum


class GroundingFaultKind(StrEnum):
    """A sort of fault."""

    GAP = "gap"
    OVERLAP = "overlap"
    ORDER = "order"
    EMPTY = "empty"
    NO_ACTION = "no_action"
    LEAK = "leak"
    INTERFACE = "interface"


_WORDS = {
    GroundingFaultKind.GAP: "step {step} is an action that no plan step cites",
    GroundingFaultKind.OVERLAP: "step {step} is cited by plan step {plan_step} and by an earlier one",
    GroundingFaultKind.ORDER: "plan step {plan_step} cites step {step} out of order: cite actions as they were done",
    GroundingFaultKind.EMPTY: "plan step {plan_step} cites no action",
    GroundingFaultKind.NO_ACTION: "plan step {plan_step} cites step {step}, which is no action of the agent",
    GroundingFaultKind.LEAK: 'plan step {plan_step} says "{value}", which was only seen in step {step}',
    GroundingFaultKind.INTERFACE: 'plan step {plan_step} says "{value}": a word of an interface and no intention',
}


@dataclass(frozen=True, slots=True)
class GroundingFault:
    """One fault.

    Attributes:
        plan_step: Number of the plan step, from 0; None where an action is left out.
        step: Index of the step of the trajectory; None where it is about words alone.
        value: What the plan step says, as far as it is about that.
    """

    kind: GroundingFaultKind
    plan_step: int | None = None
    step: int | None = None
    value: str = ""

    @property
    def words(self) -> str:
        """For people; plan steps are counted from 1, as they are shown."""
        number = None if self.plan_step is None else self.plan_step + 1
        return _WORDS[self.kind].format(plan_step=number, step=self.step, value=self.value)
