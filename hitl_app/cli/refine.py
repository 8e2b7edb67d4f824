"""`hitl-app refine ID…`: the loop over trajectories, with the offline repairer or a model, under one budget."""

import argparse
from collections.abc import AsyncIterator

from hitl_app.cli.command import Command, positive
from hitl_app.cli.following import follow, resumable, succeeded
from hitl_app.cli.model_options import add_concurrency, add_model, budget_of, chosen_model
from hitl_app.cli.output import Output, counted, one_line, short
from hitl_app.cli.routing_options import add_cascade, cascade_of
from hitl_app.cli.views import losses_text, reason_text, run_result_json, usage_text
from hitl_app.domain.errors import UserError
from hitl_app.domain.run import Run, TaskResult
from hitl_app.workflow.refining import PROPOSERS, REPAIR
from hitl_app.workflow.running import RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace

BUDGET_ITERATIONS = 3


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="trajectories to refine")
    parser.add_argument(
        "--query", metavar="Q", help="refine the heads of all lineages that fit and that no person has decided on"
    )
    parser.add_argument("--resume", metavar="RUN", help="go on with a run that was interrupted or cancelled")
    parser.add_argument(
        "--proposer",
        choices=PROPOSERS,
        default=REPAIR,
        help="who proposes: the offline repairer (default), a model, or a small and a large one in a cascade",
    )
    parser.add_argument(
        "--budget-iterations",
        type=positive,
        default=BUDGET_ITERATIONS,
        metavar="N",
        help=f"at most so many proposals a task (default: {BUDGET_ITERATIONS})",
    )
    add_model(parser)
    add_cascade(parser)
    add_concurrency(parser, "tasks that a model works on at a time")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, TaskEnded):
            out.result(run_result_json(event.result, run), refined_text(event.result))

    return succeeded(await follow(await _events(args, workspace), workspace, out, show))


async def _events(args: argparse.Namespace, workspace: Workspace) -> AsyncIterator[RunEvent]:
    given = [bool(args.ids), args.query is not None, args.resume is not None]
    if sum(given) != 1:
        raise UserError("say what to refine: ids, or --query Q, or --resume RUN")
    if args.resume is not None:
        return workspace.refining.resume(await resumable(args, workspace), answers=args.answers)
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
        routed=cascade_of(args),
        concurrency=args.concurrency,
        answers=args.answers,
    )


def refined_text(result: TaskResult) -> str:
    """How the loop ended for one trajectory."""
    effort = f"{counted(result.iterations, 'iteration')}, {counted(result.executions, 'execution')}"
    lines = [f"{short(result.start_id)}  {result.status:<11}{one_line(result.task)}", f"  {reason_text(result)}"]
    if result.before is not None:
        lines += [f"  before  {losses_text(result.before)}", f"  after   {losses_text(result.after)}"]
    return "\n".join([*lines, f"  {effort}, {usage_text(result.usage)}"])


COMMAND = Command("refine", "repair trajectories with the loop, under a budget", _arguments, _run)
