"""`hitl-app merge A B`: add to a store all that a colleague's store holds."""

import argparse
from dataclasses import asdict
from pathlib import Path

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, short
from hitl_app.domain.ports import AbsorbSummary
from hitl_app.workflow.merging import store_file
from hitl_app.workflow.workspace import Workspace

SHOWN = 20
"""Disputed lineages that are listed one by one for people; JSON has them all."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("into", type=_existing, metavar="A", help="data folder or store file that is added to")
    parser.add_argument("other", type=_existing, metavar="B", help="data folder or store file that is only read")


def _existing(text: str) -> Path:
    place = Path(text)
    if not store_file(place).is_file():
        raise argparse.ArgumentTypeError(f"there is no store at {place}: name its file, or its data folder")
    return place


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    summary, _ = await workspace.merging.merge(args.other)
    lines = [_counts(summary)]
    if summary.disputed:
        count = len(summary.disputed)
        lines.append(f"People disagree on {count} of them now; settle each by deciding on it again, not blind:")
    for root_id in summary.disputed[:SHOWN]:
        row = await workspace.library.row(root_id)
        lines.append(f"  {short(root_id)}  {row.title}")
    if len(summary.disputed) > SHOWN:
        lines.append(f"  and {len(summary.disputed) - SHOWN} more (hitl-app list --query status:disputed)")
    out.result({**asdict(summary), "disputed": list(summary.disputed)}, "\n".join(lines))
    return True


def _counts(summary: AbsorbSummary) -> str:
    counts = {name: count for name, count in asdict(summary).items() if name not in ("known", "disputed")}
    added = [f"{count} {name}" for name, count in counts.items() if count]
    known = f"{summary.known} decisions were here already"
    return f"added {', '.join(added)}; {known}" if added else f"nothing is new; {known}"


COMMAND = Command("merge", "add all that a colleague's store holds to a store", _arguments, _run)
