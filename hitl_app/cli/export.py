"""`hitl-app export --format NAME --out DIR`: training data out of the record, or all of it as a bundle."""

import argparse
from pathlib import Path

from hitl_app.cli.command import Command, positive
from hitl_app.cli.output import Output
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import ExportSummary
from hitl_app.workflow.exporting import ExportPreview
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", dest="format_name", required=True, metavar="NAME", help="trl-sft, trl-dpo, atif, calls or bundle"
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="DIR", help="folder to write; created where missing")
    where.add_argument(
        "--preview", type=positive, metavar="N", help="show the first N rows of each file, and write nothing"
    )


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.preview is not None:
        preview = await workspace.exporting.preview(args.format_name, args.preview)
        out.result(_preview_json(preview), _preview_text(preview))
        return True
    summary = await workspace.exporting.export(args.format_name, args.out)
    out.result({**_json(summary), "out": str(args.out)}, _text(summary, f"{args.out}/"))
    return True


def _json(summary: ExportSummary) -> JsonObject:
    return {
        "format": summary.format,
        "files": [{"file": name, "rows": rows} for name, rows in summary.files],
        "excluded": [{"reason": reason, "count": count} for reason, count in summary.excluded],
        "notes": summary.notes,
    }


def _text(summary: ExportSummary, place: str = "", least: str = "") -> str:
    lines = [f"{place}{name}: {least}{rows} rows" for name, rows in summary.files]
    lines += [f"left out {least}{count}: {reason}" for reason, count in summary.excluded]
    return "\n".join([*lines, *summary.notes])


def _preview_json(preview: ExportPreview) -> JsonObject:
    return {
        **_json(preview.summary),
        "preview": True,
        "whole": preview.whole,
        "first": [
            {"file": name, "text": row.text, "more": row.more} for name, rows in preview.rows.items() for row in rows
        ],
    }


def _preview_text(preview: ExportPreview) -> str:
    lines = [_text(preview.summary, least="" if preview.whole else "at least ")]
    for name, rows in preview.rows.items():
        lines.append(f"{name} begins with:")
        lines += [row.text + (f"… and {row.more} characters more" if row.more else "") for row in rows]
    return "\n".join(lines)


COMMAND = Command("export", "write training data, or the whole record", _arguments, _run)
