"""Two trajectories side by side as chats: what they share, where they differ, and the rows that come of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from hitl_app.domain.diff import align_steps, diff_steps
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.exchange.conversation import Turn, flatten, system_message, turns_of


@dataclass(frozen=True)
class Side:
    """A trajectory of a pair as a chat.

    Attributes:
        inspection: Of its execution; None where it was not executed, so that what follows a change is unknown.
    """

    trajectory: Trajectory
    inspection: Inspection | None

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The chat's turns."""
        return tuple(turns_of(self.trajectory, self.inspection))

    @cached_property
    def turn_of_step(self) -> dict[int, int]:
        """The number of the turn that holds a step."""
        return {index: number for number, turn in enumerate(self.turns) for index in turn.indexes}

    def carried_over(self, turns: Iterable[Turn]) -> int:
        """How many steps of some turns were only kept after an edit, because they could not be executed again."""
        return len(self.trajectory.carried_over.intersection(index for turn in turns for index in turn.indexes))


@dataclass(frozen=True)
class PairRow:
    """One preference as trainers take it: the prompt is shared, and explicit.

    Attributes:
        carried_over: Steps on either side that were only kept after an edit.
    """

    prompt: tuple[JsonObject, ...]
    chosen: tuple[JsonObject, ...]
    rejected: tuple[JsonObject, ...]
    carried_over: int


def whole(task: Task, chosen: Side, rejected: Side) -> PairRow:
    """Both trajectories to their ends; the prompt ends with the user's first words."""
    start = min(opening(chosen.turns), shared(chosen, rejected))
    return PairRow(
        (*system_message(task), *flatten(chosen.turns[:start])),
        tuple(flatten(chosen.turns[start:])),
        tuple(flatten(rejected.turns[start:])),
        chosen.carried_over(chosen.turns) + rejected.carried_over(rejected.turns),
    )


def at_turn(task: Task, chosen: Side, rejected: Side, at: int, other: int) -> PairRow | str:
    """What the chosen side says and does up to its turn `at` as the prompt, and one assistant message each.

    Args:
        task: What both are for.
        chosen: The preferred side.
        rejected: The other one.
        at: Number of the turn of the chosen side that is the answer.
        other: Number of the turn of the rejected side that is the answer.

    Returns:
        The row, or why there is none.
    """
    prefix, answers = chosen.turns[:at], (chosen.turns[at : at + 1], rejected.turns[other : other + 1])
    if not all(answers) or any(answer[0].role != "assistant" for answer in answers):
        return "one side has no answer of the assistant there"
    if chosen.carried_over(answers[0]):
        return "the chosen answer is carried over, nobody rewrote it"
    if chosen.carried_over(prefix):
        return "words before it belong to another course of events"
    return PairRow(
        (*system_message(task), *flatten(prefix)),
        (answers[0][0].messages[0],),
        (answers[1][0].messages[0],),
        rejected.carried_over(answers[1]),
    )


def later_differences(chosen: Side, rejected: Side) -> Iterator[tuple[int, int]]:
    """Where both differ after the first time: numbers of turns on the chosen and on the rejected side."""
    rows = align_steps(bare(rejected.trajectory.steps), bare(chosen.trajectory.steps))
    ends = {"new": len(chosen.trajectory.steps), "old": len(rejected.trajectory.steps)}
    first = shared(chosen, rejected)
    changed, told = False, first
    for number, row in enumerate(rows):
        if row.same:
            changed = False
            continue
        if changed:
            continue
        changed = True
        new = next((r.new for r in rows[number:] if r.new is not None), ends["new"])
        old = next((r.old for r in rows[number:] if r.old is not None), ends["old"])
        at, other = chosen.turn_of_step.get(new), rejected.turn_of_step.get(old)
        if at is not None and other is not None and at > told:
            told = at
            yield at, other


def shared(chosen: Side, rejected: Side) -> int:
    """Number of turns that both begin with."""
    both = enumerate(zip(chosen.turns, rejected.turns, strict=False))
    shorter = min(len(chosen.turns), len(rejected.turns))
    return next((number for number, (one, other) in both if one.key != other.key), shorter)


def opening(turns: Sequence[Turn]) -> int:
    """Number of turns up to the end of the user's first words."""
    first = next((index for index, turn in enumerate(turns) if turn.role == "user"), None)
    if first is None:
        return next((index for index, turn in enumerate(turns) if turn.role == "assistant"), len(turns))
    return next((index for index in range(first, len(turns)) if turns[index].role == "assistant"), len(turns))


def first_difference(base: Sequence[Step], revised: Sequence[Step]) -> int:
    """Index of the first step that does something else; the length of the shorter where none does."""
    both = enumerate(zip(bare(base), bare(revised), strict=False))
    return next((index for index, (old, new) in both if old.key != new.key), min(len(base), len(revised)))


def is_minimal(one: Trajectory, other: Trajectory) -> bool:
    """Whether two trajectories are one hunk apart, whatever was observed."""
    return len(diff_steps(bare(one.steps), bare(other.steps))) == 1


def bare(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps without what was observed, grouped or linked: only what was said and done."""
    return tuple(replace(step, expected=None, turn=None, plan_step=None) for step in steps)
