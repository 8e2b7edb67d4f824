"""Rows of the plan: sections by plan step (or by turn), the steps under them, and what the working hunks change.

A row is made when it is first asked for: a trajectory of a thousand long steps opens without delay.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hitl_app.domain.following import PlanAlignment
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import ExecutedStep, Gradient, GradientSource, StepStatus
from hitl_app.domain.loss import Component
from hitl_app.domain.trajectory import PlanStep, Step, Trajectory
from hitl_app.ui.link_words import plan_step_words, step_words
from hitl_app.ui.state import DeskState
from hitl_app.ui.step_text import one_line, preview
from hitl_app.ui.translating import translate
from hitl_app.ui.words import component_name, role_name
from hitl_app.workflow.opened import Opened

ROW_ROLE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class RowKind(Enum):
    """What a row stands for."""

    SECTION = auto()
    STEP = auto()
    ADDED = auto()


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What one row shows.

    Attributes:
        title: The call or the words; of a section its heading.
        detail: One line of the observation; of a section the steps that it spans.
        notes: Further lines, each with its tone.
        badges: Words at the end of the row, each with its tone.
        step: Index in the base; None for a section and for a step that a hunk puts in.
        struck: A working hunk takes the step out.
        quiet: Painted in a muted colour.
        spoken: The whole row in words, for people who do not see it.
    """

    kind: RowKind
    title: str
    detail: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    badges: tuple[tuple[str, str], ...] = ()
    number: str = ""
    glyph: str = ""
    tone: str = "muted"
    step: int | None = None
    locked: bool = False
    cause: bool = False
    struck: bool = False
    mono: bool = False
    quiet: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row comes from: a section of steps, such as those of a plan step, a step, or one that a hunk puts in."""

    kind: RowKind
    step: int = 0
    end: int = 0
    title: str = ""
    hunk: int = 0
    plan_step: int | None = None


class PlanModel(QAbstractListModel):
    """The rows of one trajectory under the working hunks."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: list[_Place] = []
        self._rows: dict[int, PlanRow] = {}
        self._row_of_step: dict[int, int] = {}
        self._maker: _RowMaker | None = None

    def show_edits(self, state: DeskState) -> list[int] | None:
        """Show what the hunks change where they put in and take out as many steps as before.

        Returns:
            The rows that may read otherwise; None where there are other rows, and nothing was done.
        """
        opened, old = state.opened, self._maker
        if opened is None or old is None:
            return None
        maker = _RowMaker(opened, state)
        if not maker.makes_rows_where(old):
            return None
        self._maker = maker
        touched = old.taken.keys() | maker.taken.keys()
        added = [row for row, place in enumerate(self._places) if place.kind is RowKind.ADDED]
        return [*added, *(self._row_of_step[step] for step in touched)]

    def make_anew(self, row: int) -> None:
        """Make a row anew when it is next asked for."""
        self._rows.pop(row, None)

    def show_state(self, state: DeskState) -> None:
        """Show the open trajectory; the rows are made anew."""
        self.beginResetModel()
        opened = state.opened
        self._maker = _RowMaker(opened, state) if opened is not None else None
        self._places = list(_places(opened, self._maker.hunks)) if opened is not None and self._maker else []
        self._rows = {}
        self._row_of_step = {p.step: row for row, p in enumerate(self._places) if p.kind is RowKind.STEP}
        self.endResetModel()

    def row_of_step(self, step: int | None) -> int | None:
        """The row that shows a step of the base."""
        return None if step is None else self._row_of_step.get(step)

    def plan_row(self, index: Index) -> PlanRow:
        """What a row shows."""
        number = index.row()
        if number not in self._rows and self._maker is not None:
            self._rows[number] = self._maker.make(self._places[number])
        return self._rows[number]

    def rowCount(self, parent: Index | None = None, /) -> int:
        """Qt: number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Qt: the row itself, and its words."""
        if not index.isValid():
            return None
        if role == ROW_ROLE:
            return self.plan_row(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.plan_row(index).title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.plan_row(index).spoken
        return None

    def flags(self, index: Index, /) -> Qt.ItemFlag:
        """Qt: only steps of the base can be selected."""
        if index.isValid() and self._places[index.row()].kind is RowKind.STEP:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren


def _places(opened: Opened, hunks: tuple[tuple[int, Hunk], ...]) -> Iterator[_Place]:
    trajectory = opened.trajectory
    sections: dict[int, list[_Place]] = {}
    for place in _sections(opened):
        sections.setdefault(place.step, []).append(place)
    put_in: dict[int, list[_Place]] = {}
    for number, hunk in hunks:
        # What replaces a step stands below it; what is put in stands in front of the step it is put in front of.
        at = hunk.end if hunk.to is None and hunk.end > hunk.start else hunk.at
        added = [_Place(RowKind.ADDED, step=k, hunk=number) for k in range(len(hunk.after))]
        put_in.setdefault(at, []).extend(added)
    for index in range(len(trajectory.steps) + 1):
        yield from put_in.get(index, ())
        yield from sections.get(index, ())
        if index < len(trajectory.steps):
            yield _Place(RowKind.STEP, index)


def _sections(opened: Opened) -> Iterator[_Place]:
    """By plan step, else by the user's turns."""
    steps = opened.trajectory.steps
    starts = list(_planned(opened.trajectory, opened.alignment) if opened.trajectory.plan else _turns(steps))
    for place, end in zip(starts, [*(place.step for place in starts[1:]), len(steps)], strict=True):
        yield replace(place, end=end)


def _section(step: int, title: str, plan_step: int | None = None) -> _Place:
    return _Place(RowKind.SECTION, step, title=title, plan_step=plan_step)


def _turns(steps: Sequence[Step]) -> Iterator[_Place]:
    turns = 0
    for index, step in enumerate(steps):
        if index == 0 or (step.role == "user" and not step.is_action):
            turns += 1
            yield _section(index, translate("Plan", "Turn {0}").format(turns))


def _planned(trajectory: Trajectory, alignment: PlanAlignment) -> Iterator[_Place]:
    """Plan steps where their first steps are; one that no step is linked to stands before the next that has some."""
    plan, steps = trajectory.plan, trajectory.steps
    linked = {index: link.plan_step for index, link in sorted(alignment.links.items())}
    waiting = sorted(set(range(len(plan))).difference(linked.values()))
    shown: int | None = None
    for index, number in linked.items():
        if number == shown:
            continue
        shown = number
        while waiting and waiting[0] < shown:
            yield _section(index, _heading(plan, waiting[0]), waiting.pop(0))
        yield _section(index, _heading(plan, shown), shown)
    after = max(linked, default=-1) + 1
    rest = any(step.is_action for step in steps[after:])
    for number in waiting:
        yield _section(after if rest else len(steps), _heading(plan, number), number)
    if rest:
        yield _section(after, translate("Plan", "Not linked to the plan"))


def _heading(plan: Sequence[PlanStep], number: int) -> str:
    return f"{number + 1}  {one_line(plan[number].step)}"


class _RowMaker:
    """Makes rows; holds what all of them look up."""

    def __init__(self, opened: Opened, state: DeskState) -> None:
        self._opened = opened
        self._steps = opened.trajectory.steps
        self._locked = state.locked
        self._working = state.draft.hunks
        self.hunks = tuple((n, w.hunk) for n, w in enumerate(self._working) if w.in_candidate)
        self.taken = {index: hunk for _, hunk in self.hunks for index in range(hunk.start, hunk.end)}
        self._gradients: dict[int, list[Gradient]] = {}
        for gradient in opened.gradients:
            if gradient.step_index is not None:
                self._gradients.setdefault(gradient.step_index, []).append(gradient)

    def makes_rows_where(self, other: "_RowMaker") -> bool:
        """Whether its rows stand where those of another do, and differ by what the hunks say alone."""
        mine, theirs = ([(n, h.start, h.end, h.to, len(h.after)) for n, h in maker.hunks] for maker in (self, other))
        return self._opened is other._opened and self._locked == other._locked and mine == theirs

    def make(self, place: _Place) -> PlanRow:
        if place.kind is RowKind.SECTION:
            return self._section(place)
        return self._step(place.step) if place.kind is RowKind.STEP else self._added(place)

    def _section(self, place: _Place) -> PlanRow:
        if place.end == place.step:
            detail = translate("Plan", "no steps")
        elif place.end - place.step == 1:
            detail = translate("Plan", "step {0}").format(place.step)
        else:
            detail = translate("Plan", "steps {0}").format(f"{place.step}–{place.end - 1}")
        if place.plan_step is not None:
            words = plan_step_words(self._opened, place.plan_step, range(place.step, place.end))
            detail = f"{detail} · {words}" if words else detail
        return PlanRow(RowKind.SECTION, place.title, detail, spoken=f"{place.title}, {detail}")

    def _added(self, place: _Place) -> PlanRow:
        hunk = self._working[place.hunk].hunk
        step = hunk.after[place.step]
        note = translate("Plan", "hunk {0}").format(place.hunk + 1)
        title = _title(step)
        spoken = translate("Plan", "put in by {0}: {1}").format(note, title)
        return PlanRow(
            RowKind.ADDED,
            title,
            badges=(("success", note),),
            glyph="+",
            tone="success",
            mono=step.is_action,
            spoken=spoken,
        )

    def _step(self, index: int) -> PlanRow:
        step, opened = self._steps[index], self._opened
        executed = opened.inspection.execution.steps[index] if opened.inspection else None
        cause = index == opened.earliest_cause
        glyph, tone, state = _state(step, executed, cause)
        locked = index < self._locked
        notes = tuple(self._notes(index, cause))
        badges = self._badges(index, locked)
        title, detail = _title(step), _observation(step, executed)
        words = (
            translate("Plan", "step {0}").format(index),
            title,
            detail,
            state,
            *(text for _, text in (*badges, *notes)),
        )
        hunk = self.taken.get(index)
        return PlanRow(
            RowKind.STEP,
            title,
            detail,
            notes,
            badges,
            number=str(index),
            glyph=glyph,
            tone=tone,
            step=index,
            locked=locked,
            cause=cause,
            struck=hunk is not None,
            mono=step.is_action,
            quiet=locked or step.role != "assistant",
            spoken=", ".join(word for word in words if word),
        )

    def _notes(self, index: int, cause: bool) -> Iterator[tuple[str, str]]:
        if cause:
            found = self._gradients.get(index, [])
            told = next((g for g in found if g.is_earliest_cause), found[0] if found else None)
            moved = self._opened.annotations.blame is not None
            words = (
                translate("Plan", "earliest cause, named by a person") if moved else translate("Plan", "earliest cause")
            )
            yield "danger", f"{words}: {one_line(told.critique)}" if told else words
        hunk = self.taken.get(index)
        if hunk is not None:
            yield "accent", _change(hunk)
        if index in self._opened.trajectory.carried_over:
            yield "muted", translate("Plan", "carried over: not executed again after the edit")

    def _badges(self, index: int, locked: bool) -> tuple[tuple[str, str], ...]:
        found = self._gradients.get(index, [])
        measured = (GradientSource.ENVIRONMENT, GradientSource.CHECKER)
        lost = Counter(g.component for g in found if g.source in measured)
        mild = (Component.SOFT_CONSTRAINTS, Component.DISCREPANCY)
        badges = [("warning" if c in mild else "danger", f"{component_name(c)} {n}") for c, n in lost.items()]
        notes = len(found) - sum(lost.values())
        if notes:
            words = translate("Plan", "1 note") if notes == 1 else translate("Plan", "{0} notes").format(notes)
            badges.append(("accent", words))
        if self._opened.trajectory.plan and (words := step_words(self._opened, index)):
            badges.append(("", words))
        if locked:
            badges.append(("", translate("Plan", "locked")))
        return tuple(badges)


def _title(step: Step) -> str:
    if step.is_action:
        return preview(step)
    words = preview(step) or translate("Plan", "(no words)")
    return f"{role_name(step.role)}: {words}"


def _observation(step: Step, executed: ExecutedStep | None) -> str:
    if executed is not None and executed.observation is not None:
        return one_line(executed.observation.error or executed.observation.text)
    return translate("Plan", "recorded: {0}").format(one_line(step.expected.text)) if step.expected is not None else ""


def _state(step: Step, executed: ExecutedStep | None, cause: bool) -> tuple[str, str, str]:
    """Glyph, tone and words for how a step ended."""
    if cause or not step.is_action:
        return ("●", "danger", "") if cause else ("•", "muted", "")
    if executed is None:
        return "○", "muted", translate("Plan", "not executed")
    if executed.status is StepStatus.FAILED:
        return "✕", "danger", translate("Plan", "failed")
    if executed.identical is False:
        return "≠", "warning", translate("Plan", "answered otherwise than recorded")
    if not executed.replayed:
        return "○", "muted", translate("Plan", "not replayed")
    return "✓", "success", translate("Plan", "executed")


def _change(hunk: Hunk) -> str:
    if hunk.operator is Operator.MOVE:
        return translate("Plan", "moved in front of step {0}").format(hunk.at)
    if not hunk.after:
        return translate("Plan", "deleted")
    before, after = hunk.before[:1], hunk.after[:1]
    if [s.content for s in before] == [s.content for s in after] and before[0].plan_step != after[0].plan_step:
        number = after[0].plan_step
        return (
            translate("Plan", "plan step taken away")
            if number is None
            else translate("Plan", "linked to plan step {0}").format(number + 1)
        )
    return (
        translate("Plan", "argument changed")
        if hunk.operator is Operator.SET_ARGUMENT
        else translate("Plan", "replaced")
    )
