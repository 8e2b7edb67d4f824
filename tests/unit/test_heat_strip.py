"""Where each revision is blamed: columns that a step keeps, counts of what blames it, and what got right."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.heat import HeatStrip, heat_strip
from hitl_app.domain.inspection import (
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Gradient,
    GradientSource,
    Inspection,
    StepStatus,
)
from hitl_app.domain.loss import Component, LossVector
from hitl_app.domain.ports import Revision
from hitl_app.domain.trajectory import Step, Trajectory, action

A, B, C, D = (action(f"tool_{name}", {"about": f"{name} alone"}) for name in "abcd")


def inspected(
    trajectory: Trajectory,
    *,
    gradients: tuple[Gradient, ...] = (),
    findings: tuple[Finding, ...] = (),
    failed: int = -1,
) -> Inspection:
    steps = tuple(
        ExecutedStep(StepStatus.FAILED if n == failed else StepStatus.OK) for n in range(len(trajectory.steps))
    )
    execution = Execution(trajectory.id, "travel", "1", steps)
    cause = next((gradient.step_index for gradient in gradients), None)
    return Inspection(execution, LossVector(), findings, gradients, cause)


def chain(*lists: tuple[Step, ...]) -> list[Trajectory]:
    """A recording and revisions, each made of the one before."""
    made = [Trajectory("task", lists[0])]
    for steps in lists[1:]:
        made.append(Trajectory("task", steps, parent_id=made[-1].id, lineage_root=made[0].id))
    return made


def strip_of(trajectories: list[Trajectory], inspections: list[Inspection | None]) -> HeatStrip:
    pairs = zip(trajectories, inspections, strict=True)
    return heat_strip([Revision(number, each, found, None) for number, (each, found) in enumerate(pairs)])


def test_a_moved_and_an_inserted_step_keep_their_columns() -> None:
    made = chain((A, B, C), (B, C, A), (B, D, C, A))
    strip = strip_of(made, [inspected(each) for each in made])
    assert strip.columns == ("tool_a", "tool_b", "tool_d", "tool_c")
    shown = [[None if cell is None else cell.step for cell in row.cells] for row in strip.rows]
    assert shown == [[0, 1, None, 2], [2, 0, None, 1], [3, 0, 1, 2]]


def test_a_finding_with_its_gradient_is_one_blame_and_a_step_that_is_blamed_no_more_got_right() -> None:
    made = chain((A, B, C), (A, D, C))
    unmet = Finding("budget", FindingKind.HARD, met=False, steps=(1, 2))
    gradient = Gradient(GradientSource.ENVIRONMENT, Component.HARD_CONSTRAINTS, "too dear", 1, constraint_id="budget")
    first = inspected(made[0], gradients=(gradient,), findings=(unmet,), failed=2)
    strip = strip_of(made, [first, inspected(made[1])])
    blames = [[cell.blames for cell in row.cells if cell is not None] for row in strip.rows]
    assert blames[0] == [0, 1, 2], "the failed step has a finding, and a failure that nothing explains"
    assert strip.most == 2
    cause = strip.rows[0].cells[1]
    assert cause is not None
    assert (cause.cause, cause.gradients, cause.findings) == (True, 1, 1)
    assert sum(cell.got_right for cell in strip.rows[1].cells if cell is not None) == 2


def test_what_was_not_inspected_says_nothing() -> None:
    made = chain((A, B), (B,))
    gradient = Gradient(GradientSource.HUMAN, Component.GOAL, "the whole plan is wrong")
    strip = strip_of(made, [inspected(made[0], gradients=(gradient,)), None])
    assert (strip.rows[0].elsewhere, strip.rows[1].inspected) == (1, False)
    assert strip.rows[1].cells[0] is None
    assert not any(cell.got_right for cell in strip.rows[1].cells if cell is not None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from((A, B, C, D)), max_size=6), min_size=1, max_size=4))
def test_every_step_of_every_revision_stands_in_exactly_one_column(lists: list[list[Step]]) -> None:
    made = chain(*(tuple(steps) for steps in lists))
    known = list({each.id: each for each in made}.values())
    strip = strip_of(known, [inspected(each) for each in known])
    for row, trajectory in zip(strip.rows, known, strict=True):
        assert len(row.cells) == len(strip.columns)
        assert sorted(cell.step for cell in row.cells if cell is not None) == list(range(len(trajectory.steps)))
