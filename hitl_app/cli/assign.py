"""`hitl-app assign`: who is to look at what."""

import argparse

from hitl_app.cli.command import Command, positive
from hitl_app.cli.output import Output, counted, short
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.workflow.assigning import AssignmentPlan
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["plan", "add", "remove", "list"], help="`plan` shows what `add` would do")
    parser.add_argument("--query", default="", metavar="Q", help="lineages (default: all)")
    parser.add_argument("--to", nargs="+", default=[], metavar="NAME", help="whom to assign to")
    parser.add_argument("--per-item", type=positive, default=1, metavar="N", help="people for each lineage (1)")
    parser.add_argument(
        "--overlap", type=float, default=0.0, metavar="SHARE", help="share of the lineages, 0 to 1, for several people"
    )
    parser.add_argument("--overlap-by", type=positive, default=2, metavar="N", help="people for each of those (2)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another seed gives another plan (0)")
    parser.add_argument("--annotator", default="", metavar="NAME", help="whose assignments to remove or list")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    match args.what:
        case "list":
            for each in await workspace.team.assignments(args.annotator):
                value: JsonObject = {"id": each.root_id, "annotator": each.annotator, "assigned_at": each.assigned_at}
                out.result(value, f"{short(each.root_id)}  {each.annotator}")
        case "remove":
            if not args.annotator:
                raise UserError("say whose assignments to take back: --annotator NAME")
            removed, _ = await workspace.team.unassign(args.query, args.annotator)
            out.result({"removed": removed}, f"{counted(removed, 'assignment')} taken back")
        case _:
            planned = await workspace.team.plan_assignment(
                args.query,
                args.to,
                per_item=args.per_item,
                overlap=args.overlap,
                overlap_by=args.overlap_by,
                seed=args.seed,
            )
            if args.what == "add":
                await workspace.team.assign(planned)
            out.result(_json(planned), _text(planned))
    return True


def _json(planned: AssignmentPlan) -> JsonObject:
    return {
        "lineages": planned.lineages,
        "untouched": planned.untouched,
        "overlapping": planned.overlapping,
        "new": len(planned.pairs),
        "shares": [
            {"annotator": share.annotator, "assigned": share.assigned, "new": share.new, "total": share.total}
            for share in planned.shares
        ],
    }


def _text(planned: AssignmentPlan) -> str:
    width = max(len(share.annotator) for share in planned.shares)
    lines = [f"{s.annotator:<{width}}  {s.new:>5} new  {s.total:>5} in all" for s in planned.shares]
    return "\n".join(
        [
            *lines,
            f"{counted(planned.lineages, 'lineage')}, {planned.untouched} assigned before, "
            f"{planned.overlapping} with several people",
        ]
    )


COMMAND = Command("assign", "plan, add, take back or list who is to look at what", _arguments, _run)
