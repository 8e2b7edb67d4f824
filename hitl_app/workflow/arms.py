"""The control arm: the same tasks under the same settings, autonomous and with a person at the gates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.run import Arm, Passage, Run, RunSettings, TaskResult, TaskStatus
from hitl_app.domain.run_codec import budget_to_json
from hitl_app.refine.comparison import MethodSummary, summarise

Passages = Mapping[tuple[str, str], Sequence[Passage]]
"""Passages through gates by the ids of the run and of the start."""


@dataclass(frozen=True)
class Side:
    """How a task ended in one arm.

    Attributes:
        seconds_at_gates: Time that decisions took.
        passages: Through gates.
        changed: Those of them that changed something.
    """

    run_id: str
    result: TaskResult
    seconds_at_gates: float
    passages: int
    changed: int


@dataclass(frozen=True)
class Pair:
    """A task that was worked on in both arms."""

    start_id: str
    task: str
    autonomous: Side
    human: Side


def pair_arms(runs: Sequence[Run], passages: Passages) -> tuple[Pair, ...]:
    """Tasks with a result in both arms of equal command, proposer, model and budget; the newest of each arm counts.

    Args:
        runs: Newest first.
        passages: Of these runs.
    """
    sides: dict[tuple[str, str, str], dict[Arm, Side]] = {}
    for run in runs:
        for result in run.results:
            if result.status is TaskStatus.CANCELLED:
                continue
            side = _side(run, result, passages.get((run.id, result.start_id), ()))
            key = result.start_id, result.method, _conditions(run.settings)
            sides.setdefault(key, {}).setdefault(run.settings.arm, side)
    return tuple(
        Pair(start_id, arms[Arm.HUMAN].result.task, arms[Arm.AUTONOMOUS], arms[Arm.HUMAN])
        for (start_id, _, _), arms in sides.items()
        if len(arms) == len(Arm)
    )


def summarise_arms(pairs: Sequence[Pair]) -> tuple[MethodSummary, ...]:
    """Both arms over all pairs, and how the person's differs from the autonomous one."""
    results = []
    for number, pair in enumerate(pairs):
        for arm, side in ((Arm.AUTONOMOUS, pair.autonomous), (Arm.HUMAN, pair.human)):
            results.append(replace(side.result, start_id=f"{number} {pair.start_id}", method=arm))
    return summarise(results, Arm.AUTONOMOUS)


def _side(run: Run, result: TaskResult, passages: Sequence[Passage]) -> Side:
    seconds = sum(passage.seconds for passage in passages)
    return Side(run.id, result, seconds, len(passages), sum(bool(passage.changed) for passage in passages))


def _conditions(settings: RunSettings) -> str:
    """What has to be equal in both arms; how many tasks run at a time may differ."""
    budget = budget_to_json(settings.budget)
    return canonical([settings.command, settings.proposer, settings.model, budget, settings.samples, settings.detail])
