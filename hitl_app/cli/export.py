"""`hitl-app export --format NAME --out DIR`: training data out of the record, or all of it as a bundle."""

import argparse
from pathlib import Path

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", dest="format_name", required=True, metavar="NAME", help="trl-sft, trl-dpo, atif, calls or bundle"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to write; created where missing")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    summary = await workspace.exporting.export(args.format_name, args.out)
    lines = [f"{args.out / name}: {rows} rows" for name, rows in summary.files]
    lines += [f"left out {count}: {reason}" for reason, count in summary.excluded]
    out.result(
        {
            "format": summary.format,
            "out": str(args.out),
            "files": [{"file": name, "rows": rows} for name, rows in summary.files],
            "excluded": [{"reason": reason, "count": count} for reason, count in summary.excluded],
            "notes": summary.notes,
        },
        "\n".join([*lines, *summary.notes]),
    )
    return True


COMMAND = Command("export", "write training data, or the whole record", _arguments, _run)
