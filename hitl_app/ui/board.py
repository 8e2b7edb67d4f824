"""What is known of a run while it goes on: one line a task, what was spent, what was said. Plain data, no widgets."""

import time
from dataclasses import dataclass, field

from hitl_app.domain.loss import LossVector
from hitl_app.domain.model import Usage
from hitl_app.domain.run import Run, RunStatus, Stage, TaskResult, TaskStatus
from hitl_app.workflow.loop_events import Entered, Inspected, Judged
from hitl_app.workflow.running import Called, Happened, RunBegan, RunEnded, RunEvent, Said, TaskBegan, TaskEnded

REFINE, PLAN, SEARCH, ROUTE = "refine", "plan", "search", "route"
"""Commands of runs that the window starts and resumes."""

MOST_WORDS = 50_000
"""Characters of a model's words that are kept a task: the newest ones."""


@dataclass
class TaskLine:
    """One task of a run.

    Attributes:
        before, now: Losses at the start, and of the best so far.
        status: How it ended; None while it goes on.
        said: The newest of a model's words; `said_before` counts the characters that were dropped.
        root_id: Its lineage.
        best_id: The best trajectory once it has ended.
    """

    start_id: str
    title: str = ""
    root_id: str = ""
    stage: Stage | None = None
    iteration: int = 0
    before: LossVector | None = None
    now: LossVector | None = None
    usage: Usage = Usage()
    status: TaskStatus | None = None
    stopped_by: str = ""
    error: str = ""
    best_id: str = ""
    said: str = ""
    said_before: int = 0

    def say(self, text: str) -> None:
        """Keep a piece of a model's words."""
        self.said += text
        if len(self.said) > 2 * MOST_WORDS:
            self.said_before += len(self.said) - MOST_WORDS
            self.said = self.said[-MOST_WORDS:]


@dataclass
class Board:
    """One run as its events tell it.

    Attributes:
        spent: What the whole run has consumed.
        ended_at: Monotonic seconds at which it ended or was stopped; None while it goes on.
    """

    run: Run
    lines: dict[str, TaskLine] = field(default_factory=dict)
    spent: Usage = Usage()
    began_at: float = field(default_factory=time.monotonic)
    ended_at: float | None = None

    @classmethod
    def of(cls, run: Run) -> "Board":
        """The board of a run that begins, or that is resumed after some of its tasks have ended."""
        board = cls(run)
        for result in run.results:
            if result.status is not TaskStatus.CANCELLED:
                board._end(result)
                board.spent += result.usage
        return board

    @property
    def total(self) -> int:
        """Number of tasks."""
        return len(self.run.settings.starts)

    @property
    def done(self) -> int:
        """Number of tasks that have ended."""
        return sum(line.status is not None for line in self.lines.values())

    @property
    def plans(self) -> bool:
        """Whether it plans tasks, and starts from no trajectory."""
        return self.run.settings.command in (PLAN, SEARCH, ROUTE)

    @property
    def going(self) -> bool:
        """Whether the run goes on."""
        return self.ended_at is None

    @property
    def seconds(self) -> float:
        """Since it began here, until now or until it ended."""
        return (time.monotonic() if self.ended_at is None else self.ended_at) - self.began_at

    def seconds_left(self) -> float | None:
        """An estimate from the tasks that have ended here; None before the first one has."""
        before = sum(result.status is not TaskStatus.CANCELLED for result in self.run.results)
        done = self.done - before
        return None if done <= 0 or not self.going else self.seconds / done * (self.total - self.done)

    def line(self, start_id: str) -> TaskLine:
        """The line of a task."""
        return self.lines.setdefault(start_id, TaskLine(start_id))

    def take(self, event: RunEvent) -> None:
        """Keep what an event says."""
        match event:
            case TaskBegan():
                line = self.line(event.start_id)
                line.stage = Stage.PLAN if self.plans else None
            case Said():
                self.line(event.start_id).say(event.text)
            case Called():
                self.line(event.start_id).usage = event.spent
                self.spent = event.run_spent
            case Happened():
                self._happened(self.line(event.start_id), event)
            case TaskEnded():
                self._end(event.result)
            case RunEnded():
                self.end(event.run)
            case RunBegan():
                pass

    def end(self, run: Run) -> None:
        """The run ended or was stopped: what is on record counts."""
        self.run, self.ended_at = run, time.monotonic()
        for result in run.results:
            self._end(result)

    def verified(self) -> int:
        """Number of tasks that ended verified."""
        return sum(line.status is TaskStatus.VERIFIED for line in self.lines.values())

    def _happened(self, line: TaskLine, event: Happened) -> None:
        match event.event:
            case Entered(stage=stage, iteration=iteration):
                line.stage, line.iteration = stage, iteration
            case Inspected(inspection=inspection):
                line.before = line.now = inspection.losses
            case Judged() as judged if judged.taken:
                line.now = judged.judgement.inspection.losses
            case _:
                pass

    def _end(self, result: TaskResult) -> None:
        line = self.line(result.start_id)
        line.title = result.task or line.title
        line.before, line.now = result.before or line.before, result.after or line.now
        line.iteration, line.usage = result.iterations, result.usage
        line.status, line.stopped_by, line.error = result.status, result.stopped_by, result.error
        line.best_id = result.best_id


def is_interrupted(run: Run, under_way: str) -> bool:
    """Whether a run can be resumed: it was stopped, or it is on record as running and is not the one under way."""
    return (
        run.settings.command in (REFINE, PLAN, SEARCH, ROUTE)
        and run.status is not RunStatus.ENDED
        and run.id != under_way
    )
