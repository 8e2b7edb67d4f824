"""`hitl-app refine ID…`: the loop over trajectories, with the offline repairer or a model, under one budget."""

import argparse
import asyncio
from collections.abc import AsyncIterator

from hitl_app.cli.command import Command, positive
from hitl_app.cli.model_options import add_model, budget_of, chosen_model
from hitl_app.cli.output import Output, short
from hitl_app.cli.views import losses_text, result_json, usage_text
from hitl_app.domain.errors import UserError
from hitl_app.domain.model import Usage
from hitl_app.domain.run import Run, RunStatus, TaskResult, TaskStatus
from hitl_app.workflow.refining import PROPOSERS, REPAIR
from hitl_app.workflow.running import RunBegan, RunEnded, RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace

BUDGET_ITERATIONS = 3


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="trajectories to refine")
    parser.add_argument(
        "--query", metavar="Q", help="refine the heads of all lineages that fit and that no person has decided on"
    )
    parser.add_argument("--resume", metavar="RUN", help="go on with a run that was interrupted or cancelled")
    parser.add_argument(
        "--proposer", choices=PROPOSERS, default=REPAIR, help="who proposes: the offline repairer (default) or a model"
    )
    parser.add_argument(
        "--budget-iterations",
        type=positive,
        default=BUDGET_ITERATIONS,
        metavar="N",
        help=f"at most so many proposals a task (default: {BUDGET_ITERATIONS})",
    )
    add_model(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    events = await _events(args, workspace)
    run: Run | None = None
    failed = False
    try:
        async for event in events:
            match event:
                case RunBegan(run=begun):
                    run = begun
                    who = begun.settings.model or begun.settings.proposer
                    out.message(f"run {short(begun.id)}: {len(begun.settings.starts)} trajectories, {who}")
                case TaskEnded(result=result):
                    failed = failed or result.status is TaskStatus.FAILED
                    _print(out, result, run)
                case RunEnded(run=ended):
                    out.message(_summary(ended))
                case _:
                    pass
    except asyncio.CancelledError:
        if run is not None:
            await _cancelled(await workspace.running.find(run.id), out)
        raise
    return not failed


async def _events(args: argparse.Namespace, workspace: Workspace) -> AsyncIterator[RunEvent]:
    given = [bool(args.ids), args.query is not None, args.resume is not None]
    if sum(given) != 1:
        raise UserError("say what to refine: ids, or --query Q, or --resume RUN")
    if args.resume is not None:
        return workspace.refining.resume(args.resume, answers=args.answers)
    ids = args.ids
    if args.query is not None:
        ids = await workspace.refining.undecided(await workspace.library.root_ids(args.query))
    if not ids:
        raise UserError("nothing to refine: no lineage fits the query on which no person has decided")
    return workspace.refining.refine(
        ids,
        proposer=args.proposer,
        budget=budget_of(args, iterations=args.budget_iterations),
        chosen=chosen_model(args),
        concurrency=args.concurrency,
        answers=args.answers,
    )


def _print(out: Output, result: TaskResult, run: Run | None) -> None:
    lines = [
        f"{short(result.start_id)}  {result.status:<11}{result.task}",
        f"  {result.stopped_by}" + (f": {result.error}" if result.error and result.error != result.stopped_by else ""),
    ]
    if result.before is not None:
        lines += [f"  before  {losses_text(result.before)}", f"  after   {losses_text(result.after)}"]
    lines.append(f"  {result.iterations} iterations, {result.executions} executions, {usage_text(result.usage)}")
    out.result({**result_json(result), "run": run.id if run else None}, "\n".join(lines))


def _summary(run: Run) -> str:
    verified = sum(result.status is TaskStatus.VERIFIED for result in run.results)
    spent = sum((result.usage for result in run.results), Usage())
    ended = "" if run.status is RunStatus.ENDED else f" ({run.status}; go on with --resume {short(run.id)})"
    return f"{verified} of {len(run.settings.starts)} verified, {usage_text(spent)}{ended}"


async def _cancelled(run: Run, out: Output) -> None:
    """What was under way when the person stopped it."""
    for result in run.results:
        if result.status is TaskStatus.CANCELLED:
            _print(out, result, run)
    out.message(_summary(run))


COMMAND = Command("refine", "repair trajectories with the loop, under a budget", _arguments, _run)
