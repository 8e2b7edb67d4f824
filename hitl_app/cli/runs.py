"""`hitl-app runs [RUN]`: the runs on record, and how each task of one ended."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.views import losses_text, result_json, usage_text
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.run import Run, TaskStatus
from hitl_app.domain.run_codec import passage_to_json, settings_to_json, usage_to_json
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_id", nargs="?", metavar="RUN", help="one run: how each of its tasks ended")
    parser.add_argument("--passages", action="store_true", help="the passages through its gates instead")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.run_id is None:
        for run in await workspace.running.runs():
            out.result(_run_json(run), _run_text(run))
        return True
    run = await workspace.running.find(args.run_id)
    if args.passages:
        for passage in await workspace.running.passages(run.id):
            text = f"{passage.gate:<8} {short(passage.trajectory_id)}  {passage.who}  {passage.seconds:.1f} s"
            out.result(passage_to_json(passage), text + ("  changed" if passage.changed else ""))
        return True
    out.heading(_run_text(run))
    for result in run.results:
        text = (
            f"  {short(result.start_id)}  {result.status:<11}{one_line(result.task)}\n    {losses_text(result.after)}"
        )
        out.result({**result_json(result), "run": run.id}, text)
    return True


def _run_json(run: Run) -> JsonObject:
    return {
        "run": run.id,
        "status": run.status,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "tasks": len(run.settings.starts),
        "ended": _ended(run),
        "verified": sum(result.status is TaskStatus.VERIFIED for result in run.results),
        "settings": settings_to_json(run.settings),
        **usage_to_json(run.usage),
    }


def _run_text(run: Run) -> str:
    settings = run.settings
    verified = sum(result.status is TaskStatus.VERIFIED for result in run.results)
    who = settings.model or settings.proposer
    return (
        f"{short(run.id)}  {run.started_at[:16]}  {settings.command} {settings.arm}  {who}  {run.status}: "
        f"{_ended(run)} of {len(settings.starts)} ended, {verified} verified, {usage_text(run.usage)}"
    )


def _ended(run: Run) -> int:
    """Tasks that ended; a comparison has several results for each."""
    return len({result.start_id for result in run.results})


COMMAND = Command("runs", "list runs of the loop, and how their tasks ended", _arguments, _run)
