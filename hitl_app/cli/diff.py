"""`hitl-app diff ID ID`: what differs between two trajectories, step by step."""

import argparse
from collections.abc import Iterator

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, short
from hitl_app.cli.views import hunk_json, losses_text, verified_text
from hitl_app.domain.codec import losses_to_json
from hitl_app.domain.diff import Aligned, diff_steps
from hitl_app.domain.difference import Difference, RowKind, Version
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Finding
from hitl_app.domain.json_diff import json_changes, path_text
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.side_by_side import Folded, Line, Unit
from hitl_app.domain.step_lines import step_alone
from hitl_app.workflow.workspace import Workspace

_FOLDED = {
    Unit.LINES: "{} equal lines",
    Unit.ITEMS: "{} equal items",
    Unit.KEYS: "{} equal keys",
    Unit.NOT_COMPARED: "{} characters more, not compared",
    Unit.SAME_JSON: "the same JSON, written otherwise",
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="ID1", help="the trajectory to start from, such as a recording")
    parser.add_argument("after", metavar="ID2", help="the trajectory to compare with it, such as a revision")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    sides = [await workspace.library.open(prefix) for prefix in (args.before, args.after)]
    before, after = (Version(opened.trajectory, opened.inspection) for opened in sides)
    difference = (await workspace.differences.between(before, after)).difference
    out.result(_json(difference), "\n".join(_text(difference)))
    return True


def _json(difference: Difference) -> JsonObject:
    before, after = difference.before, difference.after
    hunks = diff_steps(before.trajectory.steps, after.trajectory.steps)
    losses = [None if v.inspection is None else losses_to_json(v.inspection.losses) for v in (before, after)]
    rows = zip(difference.rows, difference.kinds, strict=True)
    return {
        "before": before.trajectory.id,
        "after": after.trajectory.id,
        "losses_before": losses[0],
        "losses_after": losses[1],
        "hunks": [{**hunk_json(number, hunk), "changes": _changes(hunk)} for number, hunk in enumerate(hunks)],
        "answered_otherwise": [[row.old, row.new] for row, kind in rows if kind is RowKind.OBSERVED],
        "findings": [_finding(old, new) for old, new in difference.changed_findings],
    }


def _finding(old: Finding | None, new: Finding | None) -> JsonObject:
    known = [finding.id for finding in (old, new) if finding is not None]
    return {
        "id": known[0],
        "met_before": None if old is None else old.met,
        "met_after": None if new is None else new.met,
    }


def _changes(hunk: Hunk) -> list[JsonObject]:
    """What differs in the arguments, where a call became another call of the same tool."""
    if len(hunk.before) != 1 or len(hunk.after) != 1 or hunk.before[0].tool != hunk.after[0].tool:
        return []
    changes = json_changes(hunk.before[0].arguments, hunk.after[0].arguments)
    return [
        {"path": path_text(each.path), "kind": each.kind, "before": each.before, "after": each.after}
        for each in changes
    ]


def _text(difference: Difference) -> Iterator[str]:
    for name, version in (("before", difference.before), ("after", difference.after)):
        inspection = version.inspection
        judged = f"  {verified_text(inspection.verified)}" if inspection else ""
        losses = losses_text(inspection.losses if inspection else None)
        yield f"{name:<6} {short(version.trajectory.id)}  {losses}{judged}"
    equal = 0
    for number, (row, kind) in enumerate(zip(difference.rows, difference.kinds, strict=True)):
        if kind is RowKind.SAME:
            equal += 1
            continue
        if equal:
            yield f"  ⋯ {equal} equal steps"
            equal = 0
        places = "→".join("–" if index is None else str(index) for index in (row.old, row.new))
        yield f"@ {places} {_words(kind, row.moved)}"
        lines = difference.lines(number)
        if not lines.step:
            yield f"    {_name(difference, row)}"
        for line in lines.step:
            yield from _line(line)
        yield from ["    answer:"] * bool(lines.observation)
        for line in lines.observation:
            yield from _line(line)
    if equal:
        yield f"  ⋯ {equal} equal steps"


def _words(kind: RowKind, moved: int | None) -> str:
    words = {
        RowKind.CHANGED: "changed",
        RowKind.OBSERVED: "only answered otherwise",
        RowKind.ADDED: "added",
        RowKind.REMOVED: "removed",
        RowKind.MOVED_HERE: f"moved here from {moved}",
        RowKind.MOVED_AWAY: f"moved to {moved}",
    }
    return words[kind]


def _name(difference: Difference, row: Aligned) -> str:
    """The step of a row in which nothing of the step itself differs."""
    step = difference.after.step(row.new) or difference.before.step(row.old)
    return step_alone(step)[0].text if step is not None else ""


def _line(line: Line) -> Iterator[str]:
    if line.folded is not None:
        yield f"    ⋯ {_folded(line.folded)}"
    elif line.same and line.left is not None:
        yield f"    {line.left.text}"
    else:
        yield from (f"  {sign} {cell.text}" for sign, cell in (("-", line.left), ("+", line.right)) if cell is not None)


def _folded(folded: Folded) -> str:
    return _FOLDED[folded.unit].format(folded.count)


COMMAND = Command("diff", "what differs between two trajectories", _arguments, _run)
