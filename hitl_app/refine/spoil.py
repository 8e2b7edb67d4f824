"""Proposals that are bad on purpose: made as a proposer makes its own, and told from good ones only by reading them.

Nothing here is pretended: every candidate is executed and judged by the rule of acceptance, as any other is.
"""

import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from hitl_app.domain.diff import change_operator
from hitl_app.domain.hunk import Hunk, apply_hunks
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine.accept import Rule, describe_difference, judge
from hitl_app.refine.candidates import edits
from hitl_app.refine.repair import NAME, explained_hunks
from hitl_app.refine.values import ValuePool, leaves, with_value

HARM = frozenset({Rule.WORSE, Rule.BREAKS_HARD_CONSTRAINT})
NO_USE = frozenset({Rule.EQUAL})

_LIKELIEST = 60
"""Edits to draw from: the ones that a repair would try first, so that a bad one is as plausible as a good one."""

_NUMBER = re.compile(r"\d+")
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")
_CLAIMS = (
    "A confirmation has been sent to you by e-mail.",
    "All of this can be cancelled free of charge.",
    "There will be no further costs.",
    "This has been checked with our support team.",
)
"""What an assistant may say that nobody did."""


class Misleading:
    """A proposer under the offline repairer's name whose only edit is one that the rule answers in a certain way."""

    def __init__(self, rules: frozenset[Rule], seed: str) -> None:
        self._rules = rules
        self._seed = seed

    @property
    def name(self) -> str:
        """The name of the proposer that it passes for."""
        return NAME

    @property
    def deterministic(self) -> bool:
        """By its seed."""
        return True

    async def propose(self, request: ProposalRequest) -> Proposal:
        """Try plausible edits in an order drawn by the seed; a proposal without hunks where none is of the kind."""
        started = time.perf_counter()
        base, inspection = request.base, request.inspection
        pool = ValuePool(request.task, base, inspection, request.tools)
        found = list(islice(edits(base, inspection, pool, request.locked), _LIKELIEST))
        _draws(self._seed, base).shuffle(found)
        tried: list[str] = []
        actions = 0
        hunks: tuple[Hunk, ...] = ()
        result = inspection
        for edit in found[: request.max_executions]:
            if request.cancelled():
                break
            candidate = replace(base, steps=edit.steps, parent_id=base.id, carried_over=frozenset())
            result = await request.inspect(candidate)
            actions += len(candidate.actions)
            tried.append(f"{edit.description}: {describe_difference(inspection, result)}")
            if judge(inspection, result).rule in self._rules:
                hunks = explained_hunks(base.steps, edit.steps, inspection)
                break
        return Proposal(
            base_id=base.id,
            hunks=hunks,
            proposer=NAME,
            cost=Cost(len(tried), actions, time.perf_counter() - started),
            losses=result.losses if hunks else None,
            tried=tuple(tried),
            settings={"max_executions": request.max_executions, "locked": request.locked},
        )


def smuggled(
    base: Trajectory, repair: Sequence[Hunk], inspection: Inspection, seed: str
) -> Iterator[tuple[tuple[Hunk, ...], int]]:
    """A repair's hunks with one more among them that changes what nobody asked to change, and the number of that one.

    What the agent tells the user comes first: another figure, or something that nobody did. Then arguments that were
    given to the same tool elsewhere. Only behind the first hunk of the repair, where a proposer may change things.

    Args:
        base: What the repair starts from.
        repair: Its hunks.
        inspection: Of the base, to say which gradients a hunk answers.
        seed: Draws the order.
    """
    draws = _draws(seed, base)
    touched = {index for hunk in repair for index in range(hunk.start, hunk.end)}
    first = min(hunk.first for hunk in repair)
    places = [index for index in range(first, len(base.steps)) if index not in touched]
    said = [(i, step) for i in places for step in _misstatements(base.steps[i], draws)]
    called = [(i, step) for i in places for step in _other_calls(base, i)]
    for several in (said, called):
        draws.shuffle(several)
        for index, step in several:
            bad = Hunk(change_operator(base.steps[index], step), index, index + 1, (base.steps[index],), (step,))
            hunks = explained_hunks(base.steps, apply_hunks(base.steps, [*repair, bad]).steps, inspection)
            number = _the_other(hunks, repair)
            if number is not None:
                yield hunks, number


def _draws(seed: str, base: Trajectory) -> random.Random:
    return random.Random(f"{seed} {base.id}")  # noqa: S311 -- a choice of samples, no secret


def _misstatements(step: Step, draws: random.Random) -> Iterator[Step]:
    if step.is_action or step.role != "assistant" or not step.text.strip():
        return
    numbers = list(_NUMBER.finditer(step.text))
    for found in draws.sample(numbers, min(2, len(numbers))):
        text = step.text[: found.start()] + _other_number(found.group(), draws) + step.text[found.end() :]
        yield replace(step, text=text)
    if not _EAST_ASIAN.search(step.text):
        yield replace(step, text=f"{step.text.rstrip()} {draws.choice(_CLAIMS)}")


def _other_number(text: str, draws: random.Random) -> str:
    """Another number of as many digits, so near that a date stays one."""
    last = int(text[-1])
    if last > 1:
        return text[:-1] + str(draws.randint(1, last - 1))
    return text[:-1] + ("1" if last == 0 else "0" if int(text) > 1 else "2")


def _other_calls(base: Trajectory, index: int) -> Iterator[Step]:
    """The same call with one argument as another call of the same tool has it."""
    step = base.steps[index]
    others = [base.steps[other] for other in base.actions if other != index and base.steps[other].tool == step.tool]
    given = [dict(leaves(other.arguments)) for other in others]
    for path, present in leaves(step.arguments) if step.is_action else ():
        for value in dict.fromkeys(each[path] for each in given if path in each):
            if value != present and isinstance(value, str | int | float):
                yield replace(step, arguments=with_value(step.arguments, path, value), expected=None)


def _the_other(hunks: Sequence[Hunk], repair: Sequence[Hunk]) -> int | None:
    """The number of the only hunk that is not the repair's; None where the hunks run into each other."""
    known = [_content(hunk) for hunk in repair]
    others = [number for number, hunk in enumerate(hunks) if _content(hunk) not in known]
    return others[0] if len(others) == 1 and len(hunks) == len(repair) + 1 else None


def _content(hunk: Hunk) -> tuple[object, ...]:
    return hunk.operator, hunk.start, hunk.end, hunk.to, tuple(step.key for step in hunk.after)
