"""`hitl-app export --format NAME --out DIR`: training data out of the record, or all of it as a bundle."""

import argparse
import asyncio
import time
from pathlib import Path
from threading import Event

from hitl_app.cli.command import Command, positive
from hitl_app.cli.export_options import add_settings, settings_of
from hitl_app.cli.output import Output
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import ExportSummary
from hitl_app.workflow.exporting import ExportFormat, ExportPreview
from hitl_app.workflow.workspace import Workspace

TOLD_EVERY = 2.0
"""Seconds between two messages on how far an export is; a shorter one says nothing."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=["formats"], help="list the formats, instead of an export")
    parser.add_argument("--format", dest="format_name", metavar="NAME", help="one of `hitl-app export formats`")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--out", type=Path, metavar="DIR", help="folder to write; created where missing")
    where.add_argument(
        "--preview", type=positive, metavar="N", help="show the first N rows of each file, and write nothing"
    )
    add_settings(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.what is not None:
        if args.format_name or args.out or args.preview:
            raise UserError("`hitl-app export formats` lists the formats: leave out what is for an export")
        for known in workspace.exporting.described():
            out.result(_format_json(known), _format_text(known))
        return True
    if args.format_name is None:
        raise UserError(f"name a format with --format: {', '.join(workspace.exporting.formats)}")
    settings = settings_of(args)
    if args.preview is not None:
        preview = await workspace.exporting.preview(args.format_name, args.preview, settings)
        out.result(_preview_json(preview), _preview_text(preview))
        return True
    if args.out is None:
        raise UserError("name the folder to write with --out DIR, or look first with --preview N")
    stop = Event()
    try:
        told = _Told(out).tell
        summary = await workspace.exporting.export(args.format_name, args.out, told, stop, settings)
    except asyncio.CancelledError:
        stop.set()
        raise
    out.result({**_json(summary), "out": str(args.out)}, _text(summary, f"{args.out}/"))
    return True


class _Told:
    """Says from time to time how far a long export is."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._at = time.monotonic()

    def tell(self, read: int, total: int) -> None:
        now = time.monotonic()
        if now - self._at >= TOLD_EVERY:
            self._at = now
            of = f" of {total:,} ({100 * read // total} %)" if total else ""
            self._out.message(f"read {read:,}{of}")


def _format_json(known: ExportFormat) -> JsonObject:
    return {
        "name": known.name,
        "description": known.description,
        "settings": known.chooses,
        "needs": known.needs,
        "problem": known.problem,
    }


def _format_text(known: ExportFormat) -> str:
    says = [] if known.chooses else ["always holds everything"]
    if known.needs:
        says.append(known.problem or f"needs the extra {known.needs}, which is installed")
    return f"{known.name:<16} {known.description}" + (f" ({'; '.join(says)})" if says else "")


def _json(summary: ExportSummary) -> JsonObject:
    return {
        "format": summary.format,
        "files": [{"file": name, "rows": rows} for name, rows in summary.files],
        "excluded": [{"reason": reason, "count": count} for reason, count in summary.excluded],
        "found": [{"kind": kind, "count": count} for kind, count in summary.found],
        "notes": summary.notes,
    }


def _text(summary: ExportSummary, place: str = "", least: str = "") -> str:
    lines = [f"{place}{name}: {least}{rows} rows" for name, rows in summary.files]
    lines += [f"left out {least}{count}: {reason}" for reason, count in summary.excluded]
    lines += [f"found {least}{count}: {kind}" for kind, count in summary.found]
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
