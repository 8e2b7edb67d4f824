"""`hitl-app views`: queries under a name."""

import argparse

from hitl_app.cli.command import Command, words
from hitl_app.cli.output import Output, one_line
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.views import SavedView, built_in
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = actions.add_parser("list", help="list all views")
    shown.add_argument("--annotator", default="", metavar="NAME", help='whose "Mine" is')
    save = actions.add_parser("save", help="keep a query under a name, in the place of one of that name")
    save.add_argument("name", type=words)
    save.add_argument("--query", required=True, metavar="Q", help="such as 'env:tau2 status:pending loss.goal>0'")
    orders = ", ".join(QueueOrder)
    save.add_argument("--order", choices=list(QueueOrder), default=QueueOrder.IMPORTED, metavar="O", help=orders)
    rename = actions.add_parser("rename", help="give a saved view another name")
    rename.add_argument("name", type=words)
    rename.add_argument("new_name", type=words)
    delete = actions.add_parser("delete", help="forget a saved view")
    delete.add_argument("name", type=words)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.action == "list":
        for view in built_in(args.annotator or "NAME"):
            _show(view, out, fixed=True)
        for view in await workspace.views.saved():
            _show(view, out)
    elif args.action == "save":
        await workspace.views.save(SavedView(args.name, args.query, QueueOrder(args.order)))
        out.result({"saved": args.name}, f"saved: {one_line(args.name)}")
    elif args.action == "rename":
        await workspace.views.rename(args.name, args.new_name)
        out.result({"renamed": args.name, "to": args.new_name}, f"renamed: {one_line(args.new_name)}")
    else:
        await workspace.views.delete(args.name)
        out.result({"deleted": args.name}, f"deleted: {one_line(args.name)}")
    return True


def _show(view: SavedView, out: Output, *, fixed: bool = False) -> None:
    order = "" if view.order is QueueOrder.IMPORTED else f"  ({view.order.replace('_', ' ')})"
    out.result(
        {"name": view.name, "query": view.query, "order": view.order, "built_in": fixed},
        f"{one_line(view.name):<24}  {view.query}{order}{'  always there' if fixed else ''}",
    )


COMMAND = Command("views", "list, save, rename and delete queries under a name", _arguments, _run)
