"""`hitl-app import PATH…`: bring recorded runs into the store."""

import argparse
from collections.abc import Container
from dataclasses import asdict
from pathlib import Path

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, counted, one_line
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import ImportSummary
from hitl_app.workflow.previewing import ImportPreview
from hitl_app.workflow.workspace import Workspace

SHOWN = 20
"""Rejected records that are listed one by one for people; JSON has them all."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file, folder or archive")
    parser.add_argument(
        "--format",
        dest="format_name",
        metavar="NAME",
        help="importer, one of `hitl-app formats`; recognised by the content where not given",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be added, and write nothing")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.dry_run:
        return await _preview(args, workspace, out)
    sound, named = True, {str(path) for path in args.paths}
    found = 0
    async for summary, _ in workspace.library.import_paths(args.paths, args.format_name):
        out.result(_json(summary), _text(summary))
        found += summary.trajectories + summary.duplicates
        sound = sound and _is_sound(summary, named)
    if not found:
        out.message("hitl-app: no recorded run was found there")
    return sound and found > 0


async def _preview(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    preview = await workspace.library.preview(args.paths, args.format_name)
    for summary in preview.summaries:
        out.result(_json(summary), _text(summary))
    out.result(_preview_json(preview), _preview_text(preview))
    named = {str(path) for path in args.paths}
    found = preview.trajectories + preview.duplicates > 0
    return found and all(_is_sound(summary, named) for summary in preview.summaries)


def _is_sound(summary: ImportSummary, named: Container[str]) -> bool:
    """A folder of runs also holds licences and notes: they are named, and do not make the import a failure."""
    stray = not summary.format and summary.file not in named
    return stray or not summary.rejected


def _json(summary: ImportSummary) -> JsonObject:
    return {
        "file": summary.file,
        "format": summary.format,
        "tasks": summary.tasks,
        "trajectories": summary.trajectories,
        "duplicates": summary.duplicates,
        **asdict(summary.merged),
        "rejected": [{"where": item.where, "reason": item.reason} for item in summary.rejected],
    }


def _preview_json(preview: ImportPreview) -> JsonObject:
    seconds = preview.import_seconds
    return {
        "dry_run": True,
        "whole": preview.whole,
        "tasks": preview.tasks,
        "trajectories": preview.trajectories,
        "duplicates": preview.duplicates,
        "rejected": len(preview.rejected),
        "left_alone": len(preview.left_alone),
        "files": preview.measure.files,
        "bytes": preview.measure.bytes,
        "seconds": None if seconds is None else round(seconds, 3),
        "first": [
            {
                "title": run.task.title,
                "task": run.task.key,
                "environment": run.task.environment,
                "model": run.trajectory.source.model if run.trajectory.source else "",
                "steps": len(run.trajectory.steps),
                "tools": list(dict.fromkeys(step.tool for step in run.trajectory.steps if step.is_action)),
            }
            for run in preview.glimpses
        ],
    }


def _preview_text(preview: ImportPreview) -> str:
    least = "" if preview.whole else "at least "
    lines = [
        f"an import would add {least}{preview.trajectories} trajectories and "
        f"{least}{preview.tasks} tasks; nothing was written"
    ]
    for run in preview.glimpses:
        lines.append(f"  {one_line(run.task.title)} ({counted(len(run.trajectory.steps), 'step')})")
    return "\n".join(lines)


def _text(summary: ImportSummary) -> str:
    if not summary.format:
        return "\n".join(f"{item.where}: left alone, {item.reason}" for item in summary.rejected)
    lines = [
        f"{summary.file} ({summary.format}): {summary.trajectories} trajectories, "
        f"{summary.tasks} tasks, {summary.duplicates} already there, {len(summary.rejected)} rejected"
    ]
    merged = [f"{count} {name}" for name, count in asdict(summary.merged).items() if count]
    if merged:
        lines.append(f"  with {', '.join(merged)}")
    lines += [f"  rejected {item.where}: {item.reason}" for item in summary.rejected[:SHOWN]]
    if len(summary.rejected) > SHOWN:
        lines.append(f"  and {len(summary.rejected) - SHOWN} more rejected (--json lists them all)")
    return "\n".join(lines)


COMMAND = Command("import", "bring recorded runs into the store", _arguments, _run)
