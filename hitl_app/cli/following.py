"""Follows a run on the command line: what it is called, how it ended, and how to go on where it was stopped."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable

from hitl_app.cli.output import Output, short
from hitl_app.cli.views import progress_text, reason_text, usage_text
from hitl_app.domain.errors import UserError
from hitl_app.domain.run import Run, RunStatus, TaskResult, TaskStatus
from hitl_app.workflow.running import RunBegan, RunEnded, RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace


async def resumable(args: argparse.Namespace, workspace: Workspace) -> str:
    """The run that `--resume` names.

    Raises:
        UserError: It is a run of another command, or another model or budget is given, which it would not heed.
    """
    run = await workspace.running.find(args.resume)
    settings, budget = run.settings, run.settings.budget
    if settings.command != args.command:
        raise UserError(f'run {short(run.id)} is a run of "{settings.command}": resume it with that command')
    for option, given, began in (
        ("--base-url", args.base_url, settings.base_url),
        ("--model", args.model, settings.model),
        ("--budget-tokens", args.budget_tokens, budget.tokens),
        ("--budget-usd", args.budget_usd, budget.usd),
        ("--budget-seconds", args.budget_seconds, budget.seconds),
    ):
        if given and given != began:
            raise UserError(f"a run goes on with the model and the budget that it began with: leave out {option}")
    return run.id


async def follow(
    events: AsyncIterator[RunEvent], workspace: Workspace, out: Output, show: Callable[[RunEvent, Run], None]
) -> Run:
    """Show the events of a run until it ends; the answer is the run as it stands in the record then.

    Where the person stops it, the tasks that were under way are shown as cancelled ones.
    """
    run: Run | None = None
    try:
        async for event in events:
            if isinstance(event, RunBegan):
                run = event.run
                settings = run.settings
                out.message(f"run {short(run.id)}: {settings.command}, {settings.model or settings.proposer}")
            if run is not None:
                show(event, run)
            if isinstance(event, RunEnded):
                run = event.run
                out.message(_summary(run))
    except asyncio.CancelledError:
        if run is not None:
            stopped = await workspace.running.find(run.id)
            for result in stopped.results:
                if result.status is TaskStatus.CANCELLED:
                    show(TaskEnded(result), stopped)
            out.message(_summary(stopped))
        raise
    assert run is not None and run.status is RunStatus.ENDED  # noqa: S101, PT018 -- a run ends, or raises
    return run


def succeeded(run: Run) -> bool:
    """No task of it failed."""
    return all(result.status is not TaskStatus.FAILED for result in run.results)


def result_text(result: TaskResult) -> str:
    """How a task ended, in words."""
    why = "" if result.status is TaskStatus.CANCELLED else f": {reason_text(result)}"
    return f"{result.status}{why}, {usage_text(result.usage)}"


def _summary(run: Run) -> str:
    again = "" if run.status is RunStatus.ENDED and succeeded(run) else f"; go on with --resume {short(run.id)}"
    return f"{run.status}: {progress_text(run)}{again}"
