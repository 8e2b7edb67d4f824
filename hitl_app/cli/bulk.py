"""`hitl-app bulk ACTION --query Q`: one decision on all lineages that fit a query."""

import argparse

from hitl_app.cli.command import Command, add_maker, maker_of
from hitl_app.cli.output import Output, counted, one_line, short
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import QueueRow
from hitl_app.workflow.bulk import BulkAction, LeftOut
from hitl_app.workflow.workspace import Workspace

_WHY = {
    LeftOut.ALREADY: "stands there already",
    LeftOut.NOT_INSPECTED: "not inspected",
    LeftOut.NOT_VERIFIED: "not verified",
    LeftOut.DISPUTED: "disputed: settle it on its own",
    LeftOut.SETTLED: "settled by a verdict",
    LeftOut.FLAGGED: "flagged for somebody to look at",
    LeftOut.HELD: "others left it there",
    LeftOut.CHANGED: "decided on since",
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=list(BulkAction), help="approve takes only what is verified as it is")
    parser.add_argument("--query", required=True, metavar="Q", help="which lineages; an empty one takes all")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and record nothing")
    add_maker(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    maker = await maker_of(args, workspace)
    preview = await workspace.bulk.preview(BulkAction(args.action), args.query, maker)
    left_out = list(preview.left_out)
    decided, batch = list(preview.rows), ""
    if args.dry_run:
        for row in decided:
            out.result(_line(row), f"{short(row.root_id)}  {one_line(row.title)}")
    else:
        done, _ = await workspace.bulk.apply(preview, maker)
        left_out += done.left_out
        changed = {row.root_id for row, _ in done.left_out}
        decided, batch = [row for row in decided if row.root_id not in changed], done.batch
    for row, why in left_out:
        out.result({**_line(row), "left_out": why}, f"{short(row.root_id)}  {one_line(row.title)}: {_WHY[why]}")
    would = "would be decided on" if args.dry_run else "decided on"
    out.result(
        {
            "action": args.action,
            "dry_run": args.dry_run,
            "decided": len(decided),
            "left_out": len(left_out),
            "batch": batch or None,
        },
        f"{args.action}: {counted(len(decided), 'lineage')} {would}, {len(left_out)} left out",
    )
    return True


def _line(row: QueueRow) -> JsonObject:
    return {"id": row.root_id, "head": row.head_id, "status": row.status, "left_out": None}


COMMAND = Command("bulk", "decide on many lineages at once; one undo takes all back", _arguments, _run)
