"""`hitl-app plan TASK…`: let a model plan a task and carry the plan out, several times, and choose the best."""

import argparse
import time
from collections.abc import AsyncIterator

from hitl_app.cli.command import Command, positive
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import (
    add_concurrency,
    add_model,
    add_roles,
    budget_of,
    chosen_model,
    chosen_roles,
    refuse_roles,
)
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.refine import refined_text
from hitl_app.cli.views import losses_text, run_result_json, verified_text
from hitl_app.domain.codec import losses_to_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.run import Budget, Run, TaskResult, TaskStatus
from hitl_app.workflow.loop_events import Inspected
from hitl_app.workflow.roles import Role
from hitl_app.workflow.rollouts import MAX_STEPS, MODEL, NOBODY
from hitl_app.workflow.running import Happened, RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace

ROLES = (Role.PLANNER, Role.EXECUTOR)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="a task's key, or its id or the first digits of it")
    parser.add_argument("--times", type=positive, default=1, metavar="K", help="candidates a task (default: 1)")
    parser.add_argument("--refine", action="store_true", help="refine the chosen ones that are not verified")
    parser.add_argument(
        "--user", choices=(NOBODY, MODEL), default=NOBODY, help="who speaks for the task's user (default: none)"
    )
    parser.add_argument(
        "--replan", action="store_true", help="write the rest of the plan anew after every action, by what was observed"
    )
    parser.add_argument("--every", type=positive, metavar="N", help="after every N actions only (with --replan)")
    add_acting(parser)
    add_roles(parser, ROLES)
    add_concurrency(parser)


def add_acting(parser: argparse.ArgumentParser) -> None:
    """The options of every command in which a model acts."""
    parser.add_argument(
        "--max-steps", type=positive, default=MAX_STEPS, metavar="N", help=f"at most so many (default: {MAX_STEPS})"
    )
    parser.add_argument("--resume", metavar="RUN", help="go on with a run that was interrupted or cancelled")
    add_model(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    budget = budget_of(args)
    candidates: dict[str, list[Inspected]] = {}

    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, Happened) and isinstance(event.event, Inspected):
            candidates.setdefault(event.start_id, []).append(event.event)
        elif isinstance(event, TaskEnded):
            result, made = event.result, candidates.get(event.result.start_id, [])
            out.result(_json(result, made, run), _text(result, made))

    began = time.monotonic()
    run = await follow(await _events(args, workspace, budget), workspace, out, show)
    open_ids = [result.best_id for result in run.results if result.best_id and result.status is TaskStatus.UNVERIFIED]
    if args.refine and open_ids:
        left = run.settings.budget.left(run.usage, time.monotonic() - began)
        return await _refine(args, workspace, out, open_ids, left) and succeeded(run)
    return succeeded(run)


async def _events(args: argparse.Namespace, workspace: Workspace, budget: Budget) -> AsyncIterator[RunEvent]:
    if bool(args.tasks) == (args.resume is not None):
        raise UserError("say what to plan: tasks, or --resume RUN")
    if args.resume is not None:
        refuse_roles(args, ROLES)
        return workspace.continuing.resume(await resumable(args, workspace), answers=args.answers)
    if args.every is not None and not args.replan:
        raise UserError("--every goes with --replan")
    return workspace.continuing.plan(
        args.tasks,
        times=args.times,
        user=args.user,
        max_steps=args.max_steps,
        budget=budget,
        chosen=chosen_model(args),
        concurrency=args.concurrency,
        answers=args.answers,
        roles=chosen_roles(args, ROLES),
        replan_every=(args.every or 1) if args.replan else 0,
    )


async def _refine(args: argparse.Namespace, workspace: Workspace, out: Output, ids: list[str], budget: Budget) -> bool:
    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, TaskEnded):
            out.result(run_result_json(event.result, run), refined_text(event.result))

    events = workspace.refining.refine(
        ids,
        proposer="model",
        budget=budget,
        chosen=chosen_model(args),
        concurrency=args.concurrency,
        answers=args.answers,
    )
    return succeeded(await follow(events, workspace, out, show))


def _json(result: TaskResult, candidates: list[Inspected], run: Run) -> JsonObject:
    made: list[Json] = [
        {
            "id": each.trajectory.id,
            "number": each.trajectory.source.trial if each.trajectory.source else None,
            "plan": len(each.trajectory.plan),
            "replans": len(each.trajectory.earlier),
            "steps": len(each.trajectory.steps),
            "losses": losses_to_json(each.inspection.losses),
            "verified": each.inspection.verified,
            "ended_by": each.trajectory.source.extra.get("ended_by") if each.trajectory.source else None,
            "chosen": each.trajectory.id == result.best_id,
        }
        for each in candidates
    ]
    return {**run_result_json(result, run), "candidates": made}


def _text(result: TaskResult, candidates: list[Inspected]) -> str:
    lines = [f"{short(result.start_id)}  {one_line(result.task)}", f"  {result_text(result)}"]
    for each in candidates:
        mark = "→" if each.trajectory.id == result.best_id else " "
        verdict = verified_text(each.inspection.verified)
        lines.append(f"  {mark} {short(each.trajectory.id)}  {verdict}  {losses_text(each.inspection.losses)}")
    return "\n".join(lines)


COMMAND = Command("plan", "let a model plan tasks and carry the plans out", _arguments, _run)
