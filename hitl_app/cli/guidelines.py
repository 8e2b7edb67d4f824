"""`hitl-app guidelines`: what reviewers agree on, and copies of it to edit."""

import argparse
from collections.abc import Mapping

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output
from hitl_app.domain.guidelines import GuidelineFile, Guidelines, ItemKind, Occasion, RubricItem
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.workflow.guidelines import ENGLISH
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--edit-copy", action="store_true", help="make copies to edit where there are none yet")
    parser.add_argument("--language", default=ENGLISH, metavar="NAME", help="such as zh_CN (default: en)")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.edit_copy:
        for file in await workspace.guidelines.make_own(args.language):
            out.result(_file_json(file), str(file.path))
        return True
    found = await workspace.guidelines.read(args.language)
    for problem in found.problems:
        out.message(problem)
    out.result(_json(found), _text(found))
    return not found.problems


def _json(found: Guidelines) -> JsonObject:
    return {
        "guidelines": found.markdown,
        "rubric": {"version": found.rubric.version, "items": [_item_json(item) for item in found.rubric.items]},
        "reasons": {str(occasion): list(reasons) for occasion, reasons in found.reasons.items()},
        "files": [_file_json(file) for file in found.files.values()],
        "problems": list(found.problems),
    }


def _item_json(item: RubricItem) -> JsonObject:
    value: JsonObject = {"id": item.id, "question": item.question, "kind": item.kind, "help": item.help}
    return value if item.kind is ItemKind.YES_NO else {**value, "low": item.low, "high": item.high}


def _file_json(file: GuidelineFile) -> JsonObject:
    return {"path": str(file.path), "own": file.own}


def _text(found: Guidelines) -> str:
    rubric = [f"{number}  {item.question}{_scale(item)}" for number, item in enumerate(found.rubric.items, 1)]
    parts = [
        found.markdown.rstrip(),
        "",
        f"Rubric, version {found.rubric.version}",
        *rubric,
        "",
        *_reasons_text(found.reasons),
        *(str(file.path) for file in found.files.values()),
    ]
    return "\n".join(parts)


def _scale(item: RubricItem) -> str:
    return f" ({item.low} to {item.high})" if item.kind is ItemKind.SCALE else ""


def _reasons_text(reasons: Mapping[Occasion, tuple[str, ...]]) -> list[str]:
    lines: list[str] = []
    for occasion, listed in reasons.items():
        lines += [f"Reasons: {occasion}", *(f"{number}  {reason}" for number, reason in enumerate(listed, 1)), ""]
    return lines


COMMAND = Command("guidelines", "print guidelines, rubric and reasons, or make copies to edit", _arguments, _run)
