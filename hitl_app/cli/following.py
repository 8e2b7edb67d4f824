"""Follows a run on the command line: what it is called, what it cost, and how to go on where it was stopped."""

import asyncio
from collections.abc import AsyncIterator, Callable

from hitl_app.cli.output import Output, short
from hitl_app.cli.views import usage_text
from hitl_app.domain.model import Usage
from hitl_app.domain.run import Run, RunStatus, TaskResult, TaskStatus
from hitl_app.workflow.running import RunBegan, RunEnded, RunEvent
from hitl_app.workflow.workspace import Workspace


async def follow(
    events: AsyncIterator[RunEvent], workspace: Workspace, out: Output, show: Callable[[RunEvent, Run], None]
) -> Run:
    """Show the events of a run until it ends; the answer is the run as it stands in the record then.

    Where the person stops it, the run's name is said, so that it can be resumed.
    """
    run: Run | None = None
    try:
        async for event in events:
            if isinstance(event, RunBegan):
                run = event.run
                out.message(f"run {short(run.id)}: {run.settings.command}, {run.settings.model}")
            if run is not None:
                show(event, run)
            if isinstance(event, RunEnded):
                run = event.run
                out.message(usage_text(spent(run)))
    except asyncio.CancelledError:
        if run is not None:
            stopped = await workspace.running.find(run.id)
            out.message(f"{stopped.status}, {usage_text(spent(stopped))}; go on with --resume {short(run.id)}")
        raise
    assert run is not None and run.status is RunStatus.ENDED  # noqa: S101, PT018 -- a run ends, or raises
    return run


def spent(run: Run) -> Usage:
    """What the tasks of a run consumed."""
    return sum((result.usage for result in run.results), Usage())


def result_text(result: TaskResult) -> str:
    """How a task ended, in words."""
    reason = result.stopped_by
    if result.status is TaskStatus.FAILED and result.error and result.error != reason:
        reason = f"{reason}: {result.error}"
    return f"{result.status}: {reason}, {usage_text(result.usage)}"
