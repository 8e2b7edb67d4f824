"""What a comparison of methods says: each method's quality and cost, and its difference from one of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain.loss import Component
from hitl_app.domain.run import TaskResult, TaskStatus
from hitl_app.refine.statistics import Interval, difference, mean, share

FEWEST = 10
"""Common tasks below which no difference is given: resampling a handful of tasks would look surer than it is."""

Measure = Callable[[TaskResult], float | None]
"""One figure of a task's result; None where it was not measured."""

VERIFIED, TOKENS = "verified", "tokens"


def _component(component: Component) -> Measure:
    def count(result: TaskResult) -> float | None:
        losses = result.after
        found = None if losses is None else losses[component]
        return None if found is None else float(found.count)

    return count


MEASURES: Mapping[str, Measure] = {
    VERIFIED: lambda result: float(result.status is TaskStatus.VERIFIED),
    **{component.value: _component(component) for component in Component},
    TOKENS: lambda result: float(result.usage.tokens),
    "tokens_in": lambda result: float(result.usage.tokens_in),
    "tokens_out": lambda result: float(result.usage.tokens_out),
    "calls": lambda result: float(result.usage.calls),
    "usd": lambda result: result.usage.usd,
}
"""What is reported of each method: the share of verified tasks, and means a task."""


@dataclass(frozen=True)
class MethodSummary:
    """One method over all tasks.

    Attributes:
        tasks: Results that it has.
        failed: Those of them in which something went wrong, such as a server that does not answer.
        figures: Share or mean of each measure; without those that no result measured.
        differences: This method less the reference, over the tasks that both have; empty for the reference itself
            and where there are fewer than `FEWEST`.
    """

    method: str
    tasks: int
    failed: int
    figures: Mapping[str, Interval]
    differences: Mapping[str, Interval]


def summarise(results: Iterable[TaskResult], reference: str) -> tuple[MethodSummary, ...]:
    """Summaries of all methods, in the order in which they first come; the order of the tasks does not matter."""
    listed = list(results)
    by_method: dict[str, dict[str, TaskResult]] = {result.method: {} for result in listed}
    for result in sorted(listed, key=lambda result: result.start_id):  # the bootstrap's draws follow their order
        by_method[result.method][result.start_id] = result
    other = by_method.get(reference, {})
    return tuple(
        MethodSummary(
            method,
            len(of_task),
            sum(result.status is TaskStatus.FAILED for result in of_task.values()),
            _figures(list(of_task.values())),
            {} if method == reference else _differences(of_task, other),
        )
        for method, of_task in by_method.items()
    )


def _figures(results: Sequence[TaskResult]) -> Mapping[str, Interval]:
    figures: dict[str, Interval] = {}
    for name, measure in MEASURES.items():
        values = [value for result in results if (value := measure(result)) is not None]
        if name == VERIFIED:
            figures[name] = share(round(sum(values)), len(values))
        elif values:
            figures[name] = mean(values)
    return figures


def _differences(ours: Mapping[str, TaskResult], theirs: Mapping[str, TaskResult]) -> Mapping[str, Interval]:
    found: dict[str, Interval] = {}
    for name, measure in MEASURES.items():
        pairs = [
            (one, other)
            for start, result in ours.items()
            if start in theirs
            and (one := measure(result)) is not None
            and (other := measure(theirs[start])) is not None
        ]
        if len(pairs) >= FEWEST:
            found[name] = difference([one for one, _ in pairs], [other for _, other in pairs])
    return found
