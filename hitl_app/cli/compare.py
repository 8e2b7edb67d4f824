"""`hitl-app compare TASK…`: the loop, the loop without a stage, and the baselines, on the same tasks and budget."""

import argparse
from collections.abc import AsyncIterator, Mapping, Sequence

from hitl_app.cli.command import Command, positive
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import add_concurrency, add_model, budget_of, chosen_model
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.routing_options import add_cascade, cascade_of
from hitl_app.cli.views import losses_text, result_json, run_result_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import Component
from hitl_app.domain.run import OF_ONE_MODEL, Method, Run, Stage
from hitl_app.workflow.comparing import Contender, Interval, MethodSummary, Pair, Side, reference
from hitl_app.workflow.running import RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace

ITERATIONS = 5
SPLIT = "train"

_FORMATS = {"verified": "{:.0%}", "tokens": "{:,.0f}", "calls": "{:.1f}", "usd": "{:.4f}"}
"""How figures are shown; losses with two places."""
_COLUMNS = ("verified", *(component.value for component in Component), "tokens", "calls", "usd")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="a task's key, or its id or the first digits of it")
    parser.add_argument("--query", metavar="Q", help="the tasks of all lineages that fit")
    parser.add_argument("--samples", type=positive, metavar="N", help="so many synthetic tasks of the travel world")
    parser.add_argument("--level", type=positive, metavar="L", help="of the synthetic tasks (default: 1 to 3 in turn)")
    parser.add_argument("--seed", type=int, default=7, metavar="S", help="of the synthetic tasks (default: 7)")
    parser.add_argument("--split", default=SPLIT, help=f"of the synthetic tasks (default: {SPLIT})")
    parser.add_argument("--resume", metavar="RUN", help="go on with a comparison that was interrupted or cancelled")
    parser.add_argument(
        "--arms", action="store_true", help="from the record: tasks run autonomously and with a person, side by side"
    )
    parser.add_argument(
        "--methods",
        default=",".join(OF_ONE_MODEL),
        metavar="M,…",
        help=f"of {', '.join(Method)}, and pivot_without_STAGE (default: those of one model, with all stages)",
    )
    parser.add_argument(
        "--without",
        nargs="+",
        choices=tuple(map(str, Stage)),
        default=(),
        metavar="STAGE",
        help=f"also the loop without each of these stages, of {', '.join(Stage)}",
    )
    parser.add_argument("--times", type=positive, default=1, metavar="K", help="candidates of the loop in PLAN")
    parser.add_argument(
        "--budget-iterations",
        type=positive,
        default=ITERATIONS,
        metavar="N",
        help=f"how often a method may go on after its first try (default: {ITERATIONS})",
    )
    add_model(parser, "the budget: tokens and money of each task and method, wall time of the whole run")
    add_cascade(parser, "--votes")
    add_concurrency(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    given = [bool(args.tasks), args.query is not None, args.samples is not None, args.resume is not None, args.arms]
    if sum(given) != 1:
        raise UserError("say what to compare on: tasks, or --query Q, or --samples N, or --resume RUN, or --arms")
    if args.arms:
        return await _arms(workspace, out)

    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, TaskEnded):
            result = event.result
            lines = [f"{short(result.start_id)}  {result.method:<12} {one_line(result.task)}"]
            lines += [f"  {result_text(result)}", f"  {losses_text(result.after)}"]
            out.result(run_result_json(result, run), "\n".join(lines))

    run = await follow(await _events(args, workspace), workspace, out, show)
    summaries = await workspace.comparing.report(run)
    _print(out, summaries, reference(run))
    return succeeded(run)


async def _events(args: argparse.Namespace, workspace: Workspace) -> AsyncIterator[RunEvent]:
    comparing = workspace.comparing
    if args.resume is not None:
        return comparing.resume(await resumable(args, workspace), answers=args.answers)
    names = [name.strip() for name in args.methods.split(",") if name.strip()]
    names += [f"{Method.PIVOT}_without_{stage}" for stage in args.without]
    contenders = list(dict.fromkeys(map(Contender.named, names)))
    if not contenders:
        raise UserError(f"--methods: name at least one of {', '.join(Method)}")
    task_ids = await _tasks(args, workspace)
    if not task_ids:
        raise UserError("nothing to compare on: no lineage fits the query")
    return comparing.compare(
        task_ids,
        contenders,
        budget=budget_of(args, iterations=args.budget_iterations),
        times=args.times,
        chosen=chosen_model(args),
        routed=cascade_of(args),
        concurrency=args.concurrency,
        answers=args.answers,
    )


async def _tasks(args: argparse.Namespace, workspace: Workspace) -> Sequence[str]:
    if args.samples is not None:
        return await workspace.comparing.generate(args.samples, args.seed, args.level, args.split)
    if args.query is not None:
        return await workspace.comparing.tasks_of(await workspace.library.root_ids(args.query))
    return await workspace.comparing.find(args.tasks)


async def _arms(workspace: Workspace, out: Output) -> bool:
    pairs, summaries = await workspace.comparing.arms()
    if not pairs:
        raise UserError("no task was run both autonomously and with a person under the same settings")
    for pair in pairs:
        out.result(_pair_json(pair), _pair_text(pair))
    _print(out, summaries, "autonomous")
    return True


def _pair_json(pair: Pair) -> JsonObject:
    sides = {"autonomous": pair.autonomous, "human": pair.human}
    return {"id": pair.start_id, "task": pair.task, **{name: _side_json(side) for name, side in sides.items()}}


def _side_json(side: Side) -> JsonObject:
    return {
        **result_json(side.result),
        "run": side.run_id,
        "seconds_at_gates": round(side.seconds_at_gates, 3),
        "passages": side.passages,
        "changed": side.changed,
    }


def _pair_text(pair: Pair) -> str:
    lines = [f"{short(pair.start_id)}  {one_line(pair.task)}"]
    for name, side in (("autonomous", pair.autonomous), ("human", pair.human)):
        lines.append(f"  {name:<11}{result_text(side.result)}")
        lines.append(f"    {losses_text(side.result.before)} → {losses_text(side.result.after)}")
        decided = f"{side.passages} passages through gates, {side.changed} changed something"
        lines.append(f"    {decided}, {side.seconds_at_gates:.1f} s")
    return "\n".join(lines)


def _print(out: Output, summaries: Sequence[MethodSummary], reference: str) -> None:
    """A line of JSON a method; for people a table with the means, and what differs from the reference."""
    widths = [max(14, *(len(summary.method) for summary in summaries)), *(max(10, len(name)) for name in _COLUMNS)]
    out.heading("  ".join(text.ljust(width) for text, width in zip(("method", *_COLUMNS), widths, strict=True)))
    for summary in summaries:
        cells = [summary.method, *(_cell(summary, name, reference) for name in _COLUMNS)]
        text = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        out.result(_summary_json(summary, reference), text)
    if any(summary.differences for summary in summaries):
        out.heading(f"means a task; * differs from {reference} with 95 % confidence (paired bootstrap over tasks)")
    else:
        out.heading("means a task")


def _cell(summary: MethodSummary, name: str, reference: str) -> str:
    found = summary.figures.get(name)
    if found is None:
        return "–"
    text = _FORMATS.get(name, "{:.2f}").format(found.value)
    less = summary.differences.get(name)
    return text + (" *" if less is not None and less.excludes_zero else "")


def _summary_json(summary: MethodSummary, reference: str) -> JsonObject:
    return {
        "summary": summary.method,
        "tasks": summary.tasks,
        "failed": summary.failed,
        **dict.fromkeys(_COLUMNS),  # what is not known or not measured is null
        **_intervals(summary.figures),
        "reference": reference,
        "differences": _intervals(summary.differences),
    }


def _intervals(found: Mapping[str, Interval]) -> JsonObject:
    return {name: {"value": each.value, "low": each.low, "high": each.high} for name, each in found.items()}


COMMAND = Command("compare", "compare the loop with baselines, and with itself without a stage", _arguments, _run)
"""The command."""
