"""`hitl-app expand SEED…`: let a model write new tasks with plans after seeds, into the review queue."""

import argparse
from collections.abc import AsyncIterator

from hitl_app.cli.command import Command, positive
from hitl_app.cli.export_options import add_split, splits_of
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import add_concurrency, add_model, budget_of, chosen_model
from hitl_app.cli.output import Output, counted, one_line, short
from hitl_app.cli.views import usage_text
from hitl_app.domain.codec import plan_step_to_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.expansion import seeds_of
from hitl_app.domain.failure_classes import made_for
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.run import Run
from hitl_app.workflow.new_pairs import Made
from hitl_app.workflow.running import RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("seeds", nargs="*", metavar="SEED", help="trajectories with a plan, verified or approved")
    parser.add_argument("--query", metavar="Q", help="all that can be seeds among what the query finds")
    parser.add_argument("--count", type=positive, metavar="N", help="new pairs (default: 10; with --class one a seed)")
    parser.add_argument(
        "--class", dest="failure_class", default="", metavar="NAME", help="augment for this class of failures"
    )
    parser.add_argument("--resume", metavar="RUN", help="go on with a run that was interrupted or cancelled")
    add_split(parser)
    add_model(parser)
    add_concurrency(parser, "questions at a time")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, TaskEnded):
            out.message(f"{short(event.result.start_id)}  {result_text(event.result)}")

    run = await follow(await _events(args, workspace), workspace, out, show)
    made = await workspace.expanding.made(run.id)
    for each in made:
        out.result(_json(each), _text(each))
    summary, text = _summary(run, len(made))
    out.result(summary, text)
    return succeeded(run)


async def _events(args: argparse.Namespace, workspace: Workspace) -> AsyncIterator[RunEvent]:
    given = [bool(args.seeds), args.query is not None, args.resume is not None]
    if sum(given) != 1:
        raise UserError("say what to expand: seeds, or --query Q, or --resume RUN")
    if args.resume is not None:
        return workspace.expanding.resume(await resumable(args, workspace), answers=args.answers)
    seeds = args.seeds
    if args.query is not None:
        seeds = await workspace.expanding.training_points(args.query, args.failure_class)
        if not seeds:
            raise UserError("nothing to expand: no trajectory that the query finds can be a seed")
    return workspace.expanding.expand(
        seeds,
        args.count,
        failure_class=args.failure_class,
        splits=splits_of(args),
        budget=budget_of(args),
        chosen=chosen_model(args),
        concurrency=args.concurrency,
        answers=args.answers,
    )


def _json(made: Made) -> JsonObject:
    source = made.trajectory.source
    return {
        "id": made.trajectory.id,
        "task": made.task.key,
        "instruction": made.task.instruction,
        "environment": made.task.environment,
        "domain": made.task.domain,
        "plan": [plan_step_to_json(step) for step in made.trajectory.plan],
        "seeds": list(seeds_of(made.trajectory)),
        "failure_class": made_for(made.trajectory) or None,
        "run": None if source is None else source.extra.get("run"),
    }


def _text(made: Made) -> str:
    steps = (f"  {number}. {one_line(step.step)}" for number, step in enumerate(made.trajectory.plan, 1))
    return "\n".join([f"{short(made.trajectory.id)}  {one_line(made.task.title)}", *steps])


def _summary(run: Run, made: int) -> tuple[JsonObject, str]:
    usage, written = run.usage, sum(result.iterations for result in run.results)
    value: JsonObject = {
        "run": run.id,
        "made": made,
        "duplicates": written - made,
        "calls": usage.calls,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "tokens": "measured" if usage.measured else "estimated",
        "usd": usage.usd,
    }
    pairs = f"{counted(made, 'pair')} to review, {counted(written - made, 'duplicate')} dropped"
    return value, f"{pairs}, {usage_text(usage)}"


COMMAND = Command("expand", "let a model write new tasks with plans after seeds, for review", _arguments, _run)
