"""`hitl-app runs [RUN]`: the runs on record, and how each task of one ended."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.following import result_text
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.views import ended_count, losses_text, progress_text, run_result_json, verified_count
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject, canonical
from hitl_app.domain.run import Passage, Run, TaskResult
from hitl_app.domain.run_codec import passage_to_json, settings_to_json, usage_to_json
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_id", nargs="?", metavar="RUN", help="one run: how each of its tasks ended")
    parser.add_argument("--passages", action="store_true", help="the passages through its gates instead")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.run_id is None:
        if args.passages:
            raise UserError("say of which run: runs RUN --passages")
        for run in await workspace.running.runs():
            out.result(_run_json(run), _run_text(run))
        return True
    run = await workspace.running.find(args.run_id)
    if args.passages:
        for passage in await workspace.running.passages(run.id):
            out.result(passage_to_json(passage), _passage_text(passage))
        return True
    out.heading(_run_text(run))
    for result in run.results:
        out.result(run_result_json(result, run), _result_text(result, run))
    return True


def _run_json(run: Run) -> JsonObject:
    return {
        "run": run.id,
        "status": run.status,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "tasks": len(run.settings.starts),
        "ended": ended_count(run),
        "verified": verified_count(run),
        "settings": settings_to_json(run.settings),
        **usage_to_json(run.usage),
    }


def _run_text(run: Run) -> str:
    settings = run.settings
    who = settings.model or settings.proposer
    what = f"{settings.command} {settings.arm}  {who}"
    return f"{short(run.id)}  {run.started_at[:16]}  {what}  {run.status}: {progress_text(run)}"


def _result_text(result: TaskResult, run: Run) -> str:
    method = f"{result.method}  " if run.settings.command == "compare" and result.method else ""
    return "\n".join(
        [
            f"  {short(result.start_id)}  {method}{one_line(result.task)}",
            f"    {result_text(result)}",
            f"    {losses_text(result.after)}",
        ]
    )


def _passage_text(passage: Passage) -> str:
    changed = f"  {canonical(passage.changed)}" if passage.changed else ""
    return f"{passage.gate:<8} {short(passage.trajectory_id)}  {passage.who}  {passage.seconds:.1f} s{changed}"


COMMAND = Command("runs", "list runs of the loop, and how their tasks ended", _arguments, _run)
