"""`hitl-app ledger check|show`: the append-only record of decisions."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, short
from hitl_app.cli.views import entry_json
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["check", "show"], help="check every hash, or list the entries")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.what == "show":
        for entry in await workspace.review.entries():
            decision = entry.decision
            text = f"{entry.sequence:>5}  {decision.made_at}  {decision.annotator}  {decision.kind}  {decision.rule}"
            out.result(entry_json(entry), f"{text}  {short(decision.root_id)}  {decision.reason}".rstrip())
        return True
    report = await workspace.review.check_ledger()
    lines = [f"{report.entries} entries, head {short(report.head)}: {'sound' if report.sound else 'NOT SOUND'}"]
    lines += [f"  entry {fault.sequence}: {fault.problem}" for fault in report.faults]
    out.result(
        {
            "entries": report.entries,
            "head": report.head,
            "sound": report.sound,
            "faults": [{"sequence": fault.sequence, "problem": fault.problem} for fault in report.faults],
        },
        "\n".join(lines),
    )
    return report.sound


COMMAND = Command("ledger", "check or list the record of decisions", _arguments, _run)
