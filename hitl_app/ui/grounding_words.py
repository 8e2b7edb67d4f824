"""What is wrong with a grounded plan, in the language of the window."""

from collections.abc import Sequence

from hitl_app.domain.grounding import GroundingFault, GroundingFaultKind
from hitl_app.ui.step_text import one_line
from hitl_app.ui.translating import QT_TRANSLATE_NOOP, translate

_WORDS = {
    GroundingFaultKind.GAP: QT_TRANSLATE_NOOP("Grounding", "step {step} is an action that no plan step names"),
    GroundingFaultKind.OVERLAP: QT_TRANSLATE_NOOP(
        "Grounding", "step {step} is named by plan step {plan_step} and by an earlier one"
    ),
    GroundingFaultKind.ORDER: QT_TRANSLATE_NOOP(
        "Grounding", "plan step {plan_step} names step {step} out of order: actions are named as they were done"
    ),
    GroundingFaultKind.EMPTY: QT_TRANSLATE_NOOP("Grounding", "plan step {plan_step} names no action"),
    GroundingFaultKind.NO_ACTION: QT_TRANSLATE_NOOP(
        "Grounding", "plan step {plan_step} names step {step}, which is no action of the agent"
    ),
    GroundingFaultKind.LEAK: QT_TRANSLATE_NOOP(
        "Grounding", "plan step {plan_step} says “{value}”, which was only seen in step {step}"
    ),
    GroundingFaultKind.INTERFACE: QT_TRANSLATE_NOOP(
        "Grounding", "plan step {plan_step} says “{value}”: a word of an interface and no intention"
    ),
}

SHOWN = 8
"""Faults that are listed at once: a plan may have one for each step of a long trajectory."""


def listed(faults: Sequence[GroundingFault]) -> list[str]:
    """The first faults, a line each, and how many more there are."""
    lines = [fault_words(fault) for fault in faults[:SHOWN]]
    return lines if len(faults) <= SHOWN else [*lines, f"… (+{len(faults) - SHOWN})"]


def fault_words(fault: GroundingFault) -> str:
    """One fault in a line; plan steps are counted from 1, as they are shown."""
    number = None if fault.plan_step is None else fault.plan_step + 1
    words = translate("Grounding", _WORDS[fault.kind])
    return words.format(plan_step=number, step=fault.step, value=one_line(fault.value, 80))
