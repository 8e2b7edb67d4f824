"""`hitl-app search TASK…`: search for better plans, each refined from a failed execution of the one above it."""

import argparse
from collections.abc import AsyncIterator

from hitl_app.cli.command import Command, positive
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import add_concurrency, budget_of, chosen_model
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.plan import add_acting
from hitl_app.cli.views import losses_text, run_result_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.run import Run
from hitl_app.workflow.rollouts import MODEL as MODEL_SPEAKS
from hitl_app.workflow.rollouts import NOBODY
from hitl_app.workflow.running import RunEvent, TaskEnded
from hitl_app.workflow.searching import MAX_CHILDREN, MAX_PLANS, MODEL, REPAIR, ROLLOUTS
from hitl_app.workflow.workspace import Workspace


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected the number of a plan, not {text!r}")
    return int(text)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="a task's key, or its id or the first digits of it")
    parser.add_argument(
        "--rollouts", type=positive, default=ROLLOUTS, metavar="K", help=f"executions a plan (default: {ROLLOUTS})"
    )
    parser.add_argument(
        "--plans", type=positive, default=MAX_PLANS, metavar="N", help=f"plans a task at most (default: {MAX_PLANS})"
    )
    parser.add_argument(
        "--children",
        type=positive,
        default=MAX_CHILDREN,
        metavar="N",
        help=f"plans that are refined from one at most (default: {MAX_CHILDREN})",
    )
    parser.add_argument(
        "--offline", action="store_true", help="without a model: from recordings, by repairing failed ones"
    )
    parser.add_argument(
        "--user",
        choices=(NOBODY, MODEL_SPEAKS),
        default=NOBODY,
        help="who speaks for the task's user (default: none)",
    )
    add_acting(parser)
    add_concurrency(parser)
    picked = parser.add_argument_group("one plan more in a tree that there is")
    picked.add_argument("--from", dest="from_run", metavar="RUN", help="the search whose tree it is")
    picked.add_argument("--plan", type=_number, metavar="N", help="number of the plan to refine")
    picked.add_argument("--refine", metavar="TRAJECTORY", help="the failed rollout of it to refine from")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, TaskEnded):
            result = event.result
            lines = [
                f"{short(result.start_id)}  {one_line(result.task)}",
                f"  {result_text(result)}",
                f"  plans {result.iterations}, rollouts {result.executions}, best {short(result.best_id) or 'none'}",
                f"  {losses_text(result.after)}",
            ]
            out.result(run_result_json(result, run), "\n".join(lines))

    run = await follow(await _events(args, workspace), workspace, out, show)
    out.message(f"the plans: hitl-app tree {short(run.id)}")
    return succeeded(run)


async def _events(args: argparse.Namespace, workspace: Workspace) -> AsyncIterator[RunEvent]:
    searching = workspace.searching
    picked = (args.from_run, args.plan, args.refine)
    if sum((bool(args.tasks), args.resume is not None, args.from_run is not None)) != 1:
        raise UserError(
            "say what to search: tasks, or --resume RUN, or --from RUN --plan N --refine TRAJECTORY for one plan more"
        )
    if any(each is not None for each in picked) and None in picked:
        raise UserError("one plan more in a tree: --from RUN --plan N --refine TRAJECTORY, all three")
    if args.resume is not None:
        return searching.resume(await resumable(args, workspace), answers=args.answers)
    chosen, budget = chosen_model(args), budget_of(args)
    if args.from_run is not None:
        return searching.refine_from(
            args.from_run, args.plan, args.refine, budget=budget, chosen=chosen, answers=args.answers
        )
    return searching.search(
        args.tasks,
        rollouts=args.rollouts,
        max_plans=args.plans,
        max_children=args.children,
        planner=REPAIR if args.offline else MODEL,
        user=args.user,
        max_steps=args.max_steps,
        budget=budget,
        chosen=chosen,
        concurrency=args.concurrency,
        answers=args.answers,
    )


COMMAND = Command("search", "search for better plans of tasks: a tree of plans, each carried out", _arguments, _run)
"""The command."""
