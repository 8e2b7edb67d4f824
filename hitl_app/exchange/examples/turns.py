"""Two trajectories side by side as chats: what they share, where they differ, and the rows that come of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from hitl_app.domain.diff import Aligned, align_steps
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject, canonical
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.exchange.conversation import Turn, flatten, system_message, turns_of

NO_PROMPT = "no prompt"
NO_ANSWER = "one side has no answer of the assistant there"
SAYS_NOTHING = "an answer says and does nothing"


@dataclass(frozen=True)
class Side:
    """A trajectory as a chat.

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
    def own_turns(self) -> tuple[Turn, ...]:
        """See `up_to_carried_over`."""
        return up_to_carried_over(self.trajectory, self.turns)

    @cached_property
    def opening(self) -> int:
        """See the function of that name."""
        return opening(self.turns)

    @cached_property
    def turn_of_step(self) -> dict[int, int]:
        """The number of the turn that holds a step."""
        return {index: number for number, turn in enumerate(self.turns) for index in turn.indexes}

    @cached_property
    def done(self) -> tuple[str, ...]:
        """What each step says or does, whatever was observed, grouped or linked: equal texts do the same."""
        return tuple(canonical(step.content) for step in self.trajectory.steps)

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


@dataclass(frozen=True)
class Comparison:
    """Two trajectories for one task side by side; what is costly to find out is found once."""

    task: Task
    chosen: Side
    rejected: Side

    @cached_property
    def shared(self) -> int:
        """Number of turns that both begin with."""
        both = enumerate(zip(self.chosen.turns, self.rejected.turns, strict=False))
        shorter = min(len(self.chosen.turns), len(self.rejected.turns))
        return next((number for number, (one, other) in both if one.key != other.key), shorter)

    @cached_property
    def first_difference(self) -> int:
        """Index of the first step that does something else; the length of the shorter where none does."""
        return _equal(self.chosen.done, self.rejected.done)

    @property
    def minimal(self) -> bool:
        """Whether they are one hunk apart, whatever was observed."""
        return sum(not row.same and (row.new is not None or row.moved is None) for row in self._rows) == 1

    @cached_property
    def whole(self) -> PairRow | str:
        """Both to their ends, the prompt ends with the user's first words; or why there is no such row."""
        start = min(self.chosen.opening, self.shared)
        chosen, rejected = self.chosen.turns[start:], self.rejected.turns[start:]
        prompt = self._prompt(start)
        if not prompt:
            return NO_PROMPT
        if not all(side and side[0].role == "assistant" for side in (chosen, rejected)):
            return NO_ANSWER
        carried = self.chosen.carried_over(chosen) + self.rejected.carried_over(rejected)
        return _checked(PairRow(prompt, tuple(flatten(chosen)), tuple(flatten(rejected)), carried))

    @cached_property
    def at_divergence(self) -> PairRow | str:
        """What both share as the prompt, and the first differing assistant message of each; or why there is none."""
        return self._at(self.shared, self.shared)

    def at_later_differences(self) -> Iterator[PairRow | str]:
        """What the chosen side did up to each later difference as the prompt, and one assistant message of each."""
        return (self._at(at, other) for at, other in self._later())

    def _at(self, at: int, other: int) -> PairRow | str:
        chosen, rejected = self.chosen.turns[at : at + 1], self.rejected.turns[other : other + 1]
        if not all(side and side[0].role == "assistant" for side in (chosen, rejected)):
            return NO_ANSWER
        if self.chosen.carried_over(chosen):
            return "the chosen answer is carried over, nobody rewrote it"
        if self.chosen.carried_over(self.chosen.turns[:at]):
            return "words before it belong to another course of events"
        answers = chosen[0].messages[:1], rejected[0].messages[:1]
        prompt = self._prompt(at)
        return _checked(PairRow(prompt, *answers, self.rejected.carried_over(rejected))) if prompt else NO_PROMPT

    def _prompt(self, turns: int) -> tuple[JsonObject, ...]:
        return (*system_message(self.task), *flatten(self.chosen.turns[:turns]))

    @cached_property
    def _rows(self) -> tuple[Aligned, ...]:
        """The steps between what both begin and end with, as `align_steps` pairs them."""
        start = self.first_difference
        chosen, rejected = self.chosen.done[start:], self.rejected.done[start:]
        end = _equal(chosen[::-1], rejected[::-1])
        old = self.rejected.trajectory.steps[start : start + len(rejected) - end]
        new = self.chosen.trajectory.steps[start : start + len(chosen) - end]
        rows = align_steps(bare(old), bare(new))
        after = Aligned(len(old), len(new), same=True)  # what both go on with, or their ends
        return tuple(_shifted(row, start) for row in (*rows, after))

    def _later(self) -> Iterator[tuple[int, int]]:
        """Numbers of turns on the chosen and on the rejected side where both differ after the first time."""
        changed, told = False, self.shared
        for number, row in enumerate(self._rows):
            begins = not row.same and not changed
            changed = not row.same
            if not begins:
                continue
            rest = self._rows[number:]
            new = next(row.new for row in rest if row.new is not None)
            old = next(row.old for row in rest if row.old is not None)
            at, other = self.chosen.turn_of_step.get(new), self.rejected.turn_of_step.get(old)
            if at is not None and other is not None and at > told:
                told = at
                yield at, other


def opening(turns: Sequence[Turn]) -> int:
    """Number of turns up to the end of the user's first words."""
    roles = [turn.role for turn in turns]
    first = roles.index("user") if "user" in roles else 0
    return next((number for number in range(first, len(roles)) if roles[number] == "assistant"), len(roles))


def up_to_carried_over(trajectory: Trajectory, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Turns before the first carried-over one, ending with what the agent said or did.

    What stands after it answers words that belong to another course of events.
    """
    carried = (n for n, turn in enumerate(turns) if trajectory.carried_over.intersection(turn.indexes))
    kept = list(turns[: next(carried, len(turns))])
    while kept and len(kept) < len(turns) and kept[-1].role != "assistant":
        kept.pop()
    return tuple(kept)


def says_something(messages: Iterable[JsonObject]) -> bool:
    """Whether the assistant says or does anything in some messages."""
    spoken = (item for item in messages if item["role"] == "assistant")
    return any(item["tool_calls"] or str(item["content"]).strip() for item in spoken)


def _checked(row: PairRow) -> PairRow | str:
    return row if says_something(row.chosen) and says_something(row.rejected) else SAYS_NOTHING


def _equal(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many equal texts two lists begin."""
    both = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in both if a != b), min(len(one), len(other)))


def bare(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Steps without what was observed, grouped or linked: only what was said and done."""
    return tuple(replace(step, expected=None, turn=None, plan_step=None) for step in steps)


def _shifted(row: Aligned, by: int) -> Aligned:
    old, new, moved = (None if index is None else index + by for index in (row.old, row.new, row.moved))
    return Aligned(old, new, moved, row.same)
