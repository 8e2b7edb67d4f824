"""`hitl-app route TASK…`: let a small and a large model take turns, and replay the votes under other thresholds."""

import argparse
from collections.abc import AsyncIterator, Sequence

from hitl_app.cli.command import Command
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import add_concurrency, budget_of
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.plan import add_acting
from hitl_app.cli.routing_options import add_cascade, cascade_of, refuse_cascade
from hitl_app.cli.views import losses_text, run_result_json, usage_text
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.routing import STAGES, Comparator, Resolution, RoutedStage
from hitl_app.domain.routing_replay import Replay, Replayed
from hitl_app.domain.run import Run
from hitl_app.domain.run_codec import usage_to_json
from hitl_app.workflow.routing import stage_line
from hitl_app.workflow.running import Routed, RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="a task's key, or its id or the first digits of it")
    parser.add_argument("--step-by-step", action="store_true", help="a cascade for each next move of the agent")
    parser.add_argument(
        "--exhaustive",
        action="store_true",
        help="run all stages of every cascade, so that any threshold can be replayed",
    )
    replayed = parser.add_argument_group("replay the votes of a run; asks no model")
    replayed.add_argument("--what-if", metavar="RUN", help="what it would have come to under --tau1 and --tau2")
    replayed.add_argument("--sweep", action="store_true", help="the same under many pairs of thresholds")
    replayed.add_argument("--stages", metavar="RUN", help="the stages of a run instead")
    add_cascade(parser)
    add_acting(parser)
    add_concurrency(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    given = [bool(args.tasks), args.resume is not None, args.what_if is not None, args.stages is not None]
    if sum(given) != 1:
        raise UserError("say what to route: tasks, or --resume RUN, or --what-if RUN, or --stages RUN")
    if args.stages is not None:
        for stage in await workspace.routing.stages(args.stages):
            out.result(stage_json(stage), _stage_text(stage))
        return True
    if args.what_if is not None:
        return await _what_if(args, workspace, out)

    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, Routed):
            out.result({**stage_json(event.stage), "run": run.id}, _stage_text(event.stage))
        elif isinstance(event, TaskEnded):
            result = event.result
            lines = [f"{short(result.start_id)}  {one_line(result.task)}", f"  {result_text(result)}"]
            lines += [f"  best {short(result.best_id)}  {losses_text(result.after)}"] if result.best_id else []
            out.result(run_result_json(result, run), "\n".join(lines))

    return succeeded(await follow(await _events(args, workspace), workspace, out, show))


async def _events(args: argparse.Namespace, workspace: Workspace) -> AsyncIterator[RunEvent]:
    if args.resume is not None:
        refuse_cascade(args)
        return workspace.routing.resume(await resumable(args, workspace), answers=args.answers)
    by = cascade_of(args, exhaustive=args.exhaustive)
    return workspace.routing.route(
        args.tasks,
        by.settings,
        small=by.small,
        large=by.large,
        step_by_step=args.step_by_step,
        max_steps=args.max_steps,
        budget=budget_of(args),
        answers=args.answers,
        concurrency=args.concurrency,
    )


async def _what_if(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    comparator = None if args.comparator is None else Comparator(args.comparator)
    if args.sweep:
        _curve(out, await workspace.routing.sweep(args.what_if, comparator))
        return True
    if args.tau1 is None or args.tau2 is None:
        raise UserError("say under which thresholds: --tau1 X and --tau2 Y, or --sweep")
    found = await workspace.routing.what_if(args.what_if, args.tau1, args.tau2, comparator)
    for each in found.cascades:
        out.result(_replayed_json(each), _replayed_text(each))
    _curve(out, [found])
    return True


def stage_json(stage: RoutedStage) -> JsonObject:
    """A stage, without its samples' words."""
    return {
        "id": stage.start_id,
        "step": stage.step,
        "stage": stage.stage,
        "role": stage.role,
        "plan_type": stage.plan_type,
        "confidence": stage.confidence,
        "consensus": stage.consensus,
        "threshold": stage.threshold,
        "comparator": stage.comparator,
        "accepted": stage.accepted,
        "escalated_by": stage.escalated_by,
        "decided_by": stage.decided_by or None,
        "guideline": stage.guideline or None,
        "samples": [
            {
                "plan": sample.plan,
                "answer": sample.answer or None,
                "shown": sample.shown,
                "passes": sample.passes,
                "verified": sample.verified,
            }
            for sample in stage.samples
        ],
        **_usage_json(stage),
    }


def _usage_json(stage: RoutedStage) -> JsonObject:
    usage = stage.usage
    return {
        "calls": usage.calls,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "tokens": "measured" if usage.measured else "estimated",
        "usd": usage.usd,
    }


def _stage_text(stage: RoutedStage) -> str:
    step = "" if stage.step is None else f"  step {stage.step}"
    return f"{short(stage.start_id)}{step}  {one_line(stage_line(stage))}; {usage_text(stage.usage)}"


def _replayed_json(each: Replayed) -> JsonObject:
    return {
        "id": each.place.start_id,
        "step": each.place.step,
        "was": _resolution_json(each.was),
        "would": _resolution_json(each.would),
    }


def _resolution_json(found: Resolution) -> Json:
    """Null where it is not known."""
    if found.stage is None or found.usage is None:
        return None
    usage = found.usage
    return {
        "stage": found.stage,
        "answer": found.answer or None,
        "verified": found.verified,
        "calls": usage.calls,
        "tokens": usage.tokens,
        "usd": usage.usd,
    }


def _replayed_text(each: Replayed) -> str:
    step = "" if each.place.step is None else f"  step {each.place.step}"
    same = "" if each.was.answer == each.would.answer else ", another answer"
    would = f"stage {each.would.stage}{same}" if each.known else "unknown"
    was = "not known" if each.was.stage is None else f"stage {each.was.stage}"
    return f"{short(each.place.start_id)}{step}  was {was}, would be {would}"


def _curve(out: Output, found: Sequence[Replay]) -> None:
    out.heading("tau1   tau2   stage 1  stage 2  stage 3  unknown  verified  cost of the known")
    for each in found:
        verified, judged = each.verified
        counts = "  ".join(f"{each.resolved(stage):>7}" for stage in STAGES)
        quality = f"{verified}/{judged}" if judged else "not measured"
        out.result(
            {
                "tau1": each.tau1,
                "tau2": each.tau2,
                "comparator": each.comparator,
                "cascades": len(each.cascades),
                "resolved": {str(stage): each.resolved(stage) for stage in STAGES},
                "unknown": each.unknown,
                "verified": verified if judged else None,
                "judged": judged,
                **usage_to_json(each.usage),
            },
            f"{each.tau1:<5g}  {each.tau2:<5g}  {counts}  {each.unknown:>7}  {quality:<8}  {usage_text(each.usage)}",
        )
    if any(each.unknown for each in found):
        out.heading("unknown: a stage would run of which there are no samples; with --exhaustive a run has all")


COMMAND = Command("route", "let a small and a large model take turns in a cascade", _arguments, _run)
