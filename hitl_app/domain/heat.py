"""Where each revision of a lineage is blamed: one row a revision, one column a step, however it moved."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.diff import align_steps
from hitl_app.domain.inspection import Finding, Gradient, Inspection, StepStatus
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import Revision
from hitl_app.domain.trajectory import Step


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One step of one revision.

    Attributes:
        step: Its index in that revision.
        gradients: Textual gradients that are anchored to it.
        findings: Goals and constraints that are not met and name it.
        failed: Its execution failed.
        unexplained: Findings that none of its gradients explains.
        unexplained_failure: It failed, and no gradient on feasibility says so.
        cause: It is the earliest cause.
        got_right: It is not blamed, and was in the revision that this one was made of.
    """

    step: int
    gradients: int = 0
    findings: int = 0
    failed: bool = False
    unexplained: int = 0
    unexplained_failure: bool = False
    cause: bool = False
    got_right: bool = False

    @property
    def blames(self) -> int:
        """How many things blame the step; a finding or a failure with its gradient is one."""
        return self.gradients + self.unexplained + self.unexplained_failure


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One revision.

    Attributes:
        cells: By column; None where the revision has no such step.
        inspected: Whether it was; the cells of one that was not say nothing.
        elsewhere: Gradients on the whole plan, and unmet findings that no step and no gradient answers for.
    """

    number: int
    trajectory_id: str
    cells: tuple[HeatCell | None, ...]
    inspected: bool
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class HeatStrip:
    """All revisions of a lineage.

    Attributes:
        columns: Of each column, what the step does: its tool, or the role of who speaks.
    """

    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]

    @property
    def most(self) -> int:
        """The greatest number of blames on one step."""
        return max((cell.blames for row in self.rows for cell in row.cells if cell is not None), default=0)


def heat_strip(revisions: Sequence[Revision]) -> HeatStrip:
    """Align the steps of all revisions, each with those of its parent, and count what blames them.

    A step that was moved or edited keeps its column; one that was put in gets a column of its own behind the step
    that it follows. The cost is that of one alignment a revision: call it off the window's thread.

    Args:
        revisions: Of one lineage, parents before their children, the recording first.
    """
    columns = _Columns()
    known: dict[str, Revision] = {}
    for revision in revisions:
        parent = known.get(revision.trajectory.parent_id or "") or next(iter(known.values()), None)
        columns.add(revision, parent)
        known[revision.trajectory.id] = revision
    order = {column: place for place, column in enumerate(columns.order)}
    rows: dict[str, HeatRow] = {}
    for revision in revisions:
        before = rows.get(revision.trajectory.parent_id or "")
        rows[revision.trajectory.id] = _row(revision, columns.of[revision.trajectory.id], order, before)
    return HeatStrip(tuple(_name(columns.step[column]) for column in columns.order), tuple(rows.values()))


def _name(step: Step) -> str:
    return step.tool or step.role


class _Columns:
    """Columns of a lineage that grows: `order` from left to right, `of` a trajectory's steps in their order."""

    def __init__(self) -> None:
        self.order: list[int] = []
        self.step: dict[int, Step] = {}
        self.of: dict[str, list[int]] = {}

    def add(self, revision: Revision, parent: Revision | None) -> None:
        """Give every step of a revision the column of the step that it was, or a new one."""
        steps = revision.trajectory.steps
        kept: dict[int, int] = {}
        if parent is not None:
            inherited = self.of[parent.trajectory.id]
            for row in align_steps(parent.trajectory.steps, steps):
                old = row.moved if row.old is None else row.old
                if row.new is not None and old is not None:
                    kept[row.new] = inherited[old]
        mine: list[int] = []
        for index, step in enumerate(steps):
            column = kept.get(index)
            if column is None:
                column = self._new(step, mine[-1] if mine else None)
            mine.append(column)
        self.of[revision.trajectory.id] = mine

    def _new(self, step: Step, behind: int | None) -> int:
        column = len(self.order)
        at = column if not self.of else 0 if behind is None else self.order.index(behind) + 1
        self.order.insert(at, column)
        self.step[column] = step
        return column


def _row(revision: Revision, columns: Sequence[int], order: Mapping[int, int], before: HeatRow | None) -> HeatRow:
    inspection = revision.inspection
    found = {} if inspection is None else _blamed(inspection)
    cells: list[HeatCell | None] = [None] * len(order)
    for step, column in enumerate(columns):
        place = order[column]
        cell = found.get(step, HeatCell(step))
        earlier = before.cells[place] if before is not None else None
        if inspection is not None and not cell.blames and earlier is not None and earlier.blames:
            cell = replace(cell, got_right=True)
        cells[place] = cell
    elsewhere = 0 if inspection is None else _elsewhere(inspection)
    return HeatRow(revision.number, revision.trajectory.id, tuple(cells), inspection is not None, elsewhere)


def _blamed(inspection: Inspection) -> dict[int, HeatCell]:
    gradients: dict[int, list[Gradient]] = defaultdict(list)
    findings: dict[int, list[Finding]] = defaultdict(list)
    for gradient in inspection.gradients:
        if gradient.step_index is not None:
            gradients[gradient.step_index].append(gradient)
    for finding in inspection.unmet:
        for step in finding.steps:
            findings[step].append(finding)
    failed = {n for n, step in enumerate(inspection.execution.steps) if step.status is StepStatus.FAILED}
    causes = set() if inspection.earliest_cause is None else {inspection.earliest_cause}
    return {
        step: _cell(step, gradients[step], findings[step], failed=step in failed, cause=step in causes)
        for step in {*gradients, *findings, *failed, *causes}
    }


def _cell(
    step: int, gradients: Sequence[Gradient], findings: Sequence[Finding], *, failed: bool, cause: bool
) -> HeatCell:
    explained = {gradient.constraint_id for gradient in gradients}
    return HeatCell(
        step,
        gradients=len(gradients),
        findings=len(findings),
        failed=failed,
        unexplained=sum(finding.id not in explained for finding in findings),
        unexplained_failure=failed and not any(g.component is Component.FEASIBILITY for g in gradients),
        cause=cause,
    )


def _elsewhere(inspection: Inspection) -> int:
    explained = {gradient.constraint_id for gradient in inspection.gradients}
    whole = sum(gradient.step_index is None for gradient in inspection.gradients)
    return whole + sum(not finding.steps and finding.id not in explained for finding in inspection.unmet)
