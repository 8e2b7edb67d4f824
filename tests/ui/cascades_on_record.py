"""Stages of cascades as a run keeps them, for the tests of what is shown of them."""

from collections.abc import Sequence
from dataclasses import replace

from hitl_app.domain.model import Usage
from hitl_app.domain.routing import (
    GOAL,
    GUIDELINE,
    LARGE,
    SMALL,
    Comparator,
    EscalatedBy,
    RoutedStage,
    Sample,
)

COST = Usage(1, 90, 10, True, 0.0001)
"""Of one sample: ten of them cost 1000 tokens and a tenth of a cent."""


def voted(
    task: str,
    stage: int,
    answers: Sequence[str],
    *,
    accepted: bool,
    step: int | None = None,
    verified: bool | None = None,
    by: str = "",
) -> RoutedStage:
    """A stage with these votes; what it was compared with is the paper's default."""
    plan = "find a cheap train" if stage == 1 else "compare the prices before you book"
    samples = tuple(
        Sample(number, plan, answer, answer and f"book {answer}", COST, verified=verified if answer else None)
        for number, answer in enumerate(answers)
    )
    made = RoutedStage(
        task,
        step,
        stage,
        LARGE if stage == 3 else SMALL,
        GOAL if stage == 1 else GUIDELINE,
        samples,
        {1: 0.75, 2: 0.5}.get(stage),
        Comparator.EXCEEDS,
        accepted,
        None if accepted else EscalatedBy.THRESHOLD,
        guideline="" if stage == 1 else plan,
        planning=COST,
        task_id=task,
    )
    if by:
        made = replace(made, decided_by=by, escalated_by=None if accepted else EscalatedBy.HUMAN)
    return made


def a_run() -> tuple[RoutedStage, ...]:
    """Three tasks, one of them step by step: resolved at each of the stages, and by a person."""
    return (
        voted("one", 1, ["a"] * 7 + ["b"], accepted=True, verified=True),
        voted("two", 1, ["a"] * 6 + ["b", ""], accepted=False, verified=True),
        voted("two", 2, ["a"] * 5 + ["b", "c", ""], accepted=True, verified=True),
        voted("three", 1, ["a", "b", "c", "d", "", "", "", ""], accepted=False, step=1, verified=False),
        voted("three", 2, ["a", "a", "b", "b", "c", "c", "", ""], accepted=False, step=1, by="ann", verified=False),
        voted("three", 3, ["e"], accepted=True, step=1, verified=True),
        voted("three", 1, ["a"] * 4 + ["b"] * 4, accepted=True, step=2, by="ann"),
    )
