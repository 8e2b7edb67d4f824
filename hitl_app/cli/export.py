"""`hitl-app export --format NAME --out DIR`: training data out of the record, or all of it as a bundle."""

import argparse
import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from threading import Event

from hitl_app.cli.command import Command, positive
from hitl_app.cli.export_options import add_settings, settings_of
from hitl_app.cli.output import Output
from hitl_app.domain.chat import RenderedChat
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import ExportSummary
from hitl_app.workflow.exporting import ExportFormat, ExportPreview, Row
from hitl_app.workflow.workspace import Workspace

BUILTIN = "chatml"
"""What `--template` names for the template that is built in."""

OPEN, CLOSE = "⟦", "⟧"
"""Stand around what is trained on."""

TOLD_EVERY = 2.0
"""Seconds between two messages on how far an export is; a shorter one says nothing."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=["formats"], help="list the formats, instead of an export")
    parser.add_argument("--format", dest="format_name", metavar="NAME", help="one of `hitl-app export formats`")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--out", type=Path, metavar="DIR", help="folder to write; a bundle is one file if it ends in .hitl"
    )
    where.add_argument(
        "--preview", type=positive, metavar="N", help="show the first N rows of each file, and write nothing"
    )
    parser.add_argument(
        "--template",
        metavar="FILE",
        help="with --preview, show rows as a trainer sees them, through the chat template in FILE"
        f" (tokenizer_config.json or chat_template.jinja), or {BUILTIN} for one like it that is built in",
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
        shown = await _shown(preview, args.template, workspace)
        out.result(_preview_json(preview, shown), _preview_text(preview, shown))
        return True
    if args.template is not None:
        raise UserError("--template shows rows before they are written: give --preview N with it")
    if args.out is None:
        raise UserError("name the folder to write with --out DIR, or look first with --preview N")
    stop = Event()
    try:
        told = _Told(out).tell
        summary = await workspace.exporting.export(args.format_name, args.out, told, stop, settings)
    except asyncio.CancelledError:
        stop.set()
        raise
    out.result(
        {**_json(summary), "out": str(args.out)}, _text(summary, f"{args.out}{'/' if args.out.is_dir() else '!'}")
    )
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """A row of a preview; `chats` where it was to be shown as a trainer sees it."""

    file: str
    row: Row
    chats: tuple[RenderedChat, ...] | None = None


async def _shown(preview: ExportPreview, template: str | None, workspace: Workspace) -> list[_Shown]:
    rows = [_Shown(name, row) for name, found in preview.rows.items() for row in found]
    if template is None:
        return rows
    file = None if template == BUILTIN else Path(template)
    rendered = await workspace.exporting.render([each.row for each in rows], file)
    return [replace(each, chats=chats) for each, chats in zip(rows, rendered, strict=True)]


def _preview_json(preview: ExportPreview, shown: Sequence[_Shown]) -> JsonObject:
    return {
        **_json(preview.summary),
        "preview": True,
        "whole": preview.whole,
        "first": [_shown_json(each) for each in shown],
    }


def _shown_json(shown: _Shown) -> JsonObject:
    row: JsonObject = {"file": shown.file, "text": shown.row.text, "more": shown.row.more}
    return row if shown.chats is None else {**row, "chats": [chat.to_json() for chat in shown.chats]}


def _preview_text(preview: ExportPreview, shown: Sequence[_Shown]) -> str:
    lines = [_text(preview.summary, least="" if preview.whole else "at least ")]
    for name, rows in groupby(shown, key=lambda each: each.file):
        lines.append(f"{name} begins with:")
        lines += [line for each in rows for line in _shown_text(each)]
    return "\n".join(lines)


def _shown_text(shown: _Shown) -> Iterator[str]:
    """A row, or its chats with what is trained on between brackets."""
    row = shown.row
    if not shown.chats:
        yield row.text + (f"… and {row.more} characters more" if row.more else "")
    for chat in shown.chats or ():
        yield f"{chat.name or 'row'}, as the trainer sees it; {OPEN}trained on{CLOSE}:"
        yield from (f"note: {doubt}" for doubt in chat.doubts)
        if chat.problem:
            yield f"cannot be shown: {chat.problem}"
        yield "".join(f"{OPEN}{piece.text}{CLOSE}" if piece.trained else piece.text for piece in chat.pieces)


COMMAND = Command("export", "write training data, or the whole record", _arguments, _run)
