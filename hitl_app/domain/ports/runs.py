"""The record of runs."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from hitl_app.domain.model import ModelCall
from hitl_app.domain.plan_tree import PlanNode
from hitl_app.domain.routing import RoutedStage
from hitl_app.domain.run import Passage, Run, RunStatus, TaskResult


class RunStore(Protocol):
    """The record of runs: what they were started with, every call and every passage, and how each task ended."""

    def add_run(self, run: Run) -> None:
        """Keep a run that starts."""
        ...

    def end_run(self, run_id: str, status: RunStatus, ended_at: str) -> None:
        """Say how a run ended; `running` again where it is resumed."""
        ...

    def run(self, prefix: str) -> Run:
        """A run by its id or the first digits of it (at least 4), with its results and usage.

        Raises:
            NotFoundError: There is none. AmbiguousIdError: there are several.
        """
        ...

    def runs(self) -> tuple[Run, ...]:
        """All runs with their results and usage, newest first."""
        ...

    def save_results(self, run_id: str, results: Sequence[TaskResult]) -> None:
        """Keep how a task ended, all methods at once, in the place of what was kept of the same start before."""
        ...

    def save_call(self, run_id: str, call: ModelCall) -> None:
        """Keep a call. Never altered afterwards."""
        ...

    def find_call(self, run_id: str, key: str) -> ModelCall | None:
        """The first successful call of a run with that key."""
        ...

    def calls(self, run_id: str | None = None) -> Iterator[tuple[str, ModelCall]]:
        """Calls of a run, or of all, in the order in which they were kept, each with its run's id; streamed."""
        ...

    def save_passage(self, run_id: str, passage: Passage) -> None:
        """Keep a passage through a gate. Never altered afterwards."""
        ...

    def passages(self, run_id: str | None = None) -> Iterator[tuple[str, Passage]]:
        """Passages of a run, or of all, in order, each with its run's id; streamed."""
        ...

    def save_node(self, run_id: str, node: PlanNode) -> None:
        """Keep a plan of a tree. Never altered afterwards."""
        ...

    def nodes(self, run_id: str | None = None) -> Iterator[tuple[str, PlanNode]]:
        """Plans of the trees of a run, or of all, in order, each with its run's id; streamed."""
        ...

    def save_stage(self, run_id: str, stage: RoutedStage) -> None:
        """Keep a stage of a cascade. Never altered afterwards."""
        ...

    def stages(self, run_id: str | None = None) -> Iterator[tuple[str, RoutedStage]]:
        """Stages of the cascades of a run, or of all, in order, each with its run's id; streamed."""
        ...
