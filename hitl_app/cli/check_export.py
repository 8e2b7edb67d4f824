"""`hitl-app check-export DIR`: what is in an export, and what its trainer would see of it."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from hitl_app.cli.command import Command, positive
from hitl_app.cli.output import Output, counted, one_line
from hitl_app.domain.export_check import Check, ExportCheck, Passage, SeenFile, SeenRow
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.workflow.workspace import Workspace

MARKS = {True: "ok  ", False: "no  ", None: "?   "}
LONGEST = 2_000
"""Characters of a passage that are printed for people: its beginning and its end."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="what `export` wrote")
    parser.add_argument(
        "--python",
        type=Path,
        metavar="PATH",
        help="the interpreter in which the trainer is installed (default: the one that runs this, if it is one)",
    )
    parser.add_argument(
        "--rows", type=positive, default=1, metavar="N", help="rows of each file to show as the trainer sees them (1)"
    )


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    found = await workspace.checking_exports.check(args.folder, args.python, args.rows)
    out.result(_json(found), "\n".join(_text(found)))
    return found.passed


def _json(found: ExportCheck) -> JsonObject:
    return {
        "format": found.format,
        "passed": found.passed,
        "files": [{"table": t, "part": part, "file": name, "rows": rows} for t, part, name, rows in found.files],
        "checks": [{"what": check.what, "passed": check.passed, "detail": check.detail} for check in found.checks],
        "versions": dict(found.versions),
        "seen": [_file_json(file) for file in found.seen],
    }


def _file_json(file: SeenFile) -> JsonObject:
    return {
        "file": file.file,
        "loader": file.loader,
        "written": file.written,
        "read": file.read,
        "features": dict(file.features),
        "rows": [_row_json(row) for row in file.rows],
        "warnings": file.warnings,
        "problem": file.problem,
    }


def _row_json(row: SeenRow) -> JsonObject:
    texts: dict[str, Json] = {
        name: [{"trained": each.trained, "text": each.text} for each in passages] for name, passages in row.texts
    }
    return {"texts": texts, "values": row.values}


def _text(found: ExportCheck) -> Iterator[str]:
    yield found.format
    for table, part, name, rows in found.files:
        yield f"  {table}  {part}  {name}: {counted(rows, 'row')}"
    yield from map(_check_text, found.checks)
    if found.versions:
        yield "read with " + ", ".join(f"{name} {version}" for name, version in found.versions)
    for file in found.seen:
        yield from _file_text(file)


def _check_text(check: Check) -> str:
    return f"{MARKS[check.passed]} {check.what}" + (f": {one_line(check.detail)}" if check.detail else "")


def _file_text(file: SeenFile) -> Iterator[str]:
    read = "nothing" if file.read is None else f"{file.read:,}"
    yield f"\n{file.file}, {file.loader}: {read} of {counted(file.written, 'row')}"
    yield "  columns: " + ", ".join(name for name, _ in file.features)
    yield from (f"  warning: {one_line(warning)}" for warning in file.warnings)
    for number, row in enumerate(file.rows):
        beside = ", ".join(f"{name} = {one_line(str(value))[:LONGEST]}" for name, value in row.values.items())
        yield f"  row {number}" + (f": {beside}" if beside else "")
        for name, passages in row.texts:
            yield f"    {name}"
            yield from (f"      {_passage_text(passage)}" for passage in passages)


def _passage_text(passage: Passage) -> str:
    """One line that says whether it is trained; the middle of a long one is left out."""
    text = passage.text.replace("\n", "\\n")
    half = LONGEST // 2
    shown = text if len(text) <= LONGEST else f"{text[:half]} … {len(text) - LONGEST:,} more … {text[-half:]}"
    return f"{'trained' if passage.trained else 'masked '} {shown}"


COMMAND = Command("check-export", "say what a trainer would see of an export", _arguments, _run)
"""What the command line has."""
