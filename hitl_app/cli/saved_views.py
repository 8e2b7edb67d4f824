"""`hitl-app views`: queries under a name."""

import argparse

from hitl_app.cli.command import Command, words
from hitl_app.cli.output import Output, one_line
from hitl_app.domain.errors import UserError
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.views import SavedView, built_in
from hitl_app.workflow.workspace import Workspace

_NAMES = {"list": 0, "save": 1, "rename": 2, "delete": 1}
"""How many names each action takes."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=list(_NAMES), help="save takes the place of the view of that name")
    parser.add_argument("names", nargs="*", type=words, metavar="NAME", help="rename takes the old and the new one")
    parser.add_argument("--query", metavar="Q", help="what to save, such as 'env:tau2 loss.goal>0'")
    orders = ", ".join(QueueOrder)
    parser.add_argument("--order", choices=list(QueueOrder), default=QueueOrder.IMPORTED, metavar="O", help=orders)
    parser.add_argument("--annotator", default="", metavar="NAME", help='whose "Mine" is listed')


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    names: list[str] = args.names
    if len(names) != _NAMES[args.action]:
        raise UserError(f"{args.action} takes {_NAMES[args.action]} names, not {len(names)}")
    if args.action == "list":
        for view in built_in(args.annotator or "NAME"):
            _show(view, out, fixed=True)
        for view in await workspace.views.saved():
            _show(view, out)
    elif args.action == "save":
        if args.query is None:
            raise UserError("save needs what the view shows: --query, which may be empty for everything")
        await workspace.views.save(SavedView(names[0], args.query, QueueOrder(args.order)))
        out.result({"saved": names[0]}, f"saved: {one_line(names[0])}")
    elif args.action == "rename":
        await workspace.views.rename(names[0], names[1])
        out.result({"renamed": names[0], "to": names[1]}, f"renamed: {one_line(names[1])}")
    else:
        await workspace.views.delete(names[0])
        out.result({"deleted": names[0]}, f"deleted: {one_line(names[0])}")
    return True


def _show(view: SavedView, out: Output, *, fixed: bool = False) -> None:
    order = "" if view.order is QueueOrder.IMPORTED else f"  ({view.order.replace('_', ' ')})"
    out.result(
        {"name": view.name, "query": view.query, "order": view.order, "built_in": fixed},
        f"{one_line(view.name):<24}  {view.query}{order}{'  always there' if fixed else ''}",
    )


COMMAND = Command("views", "list, save, rename and delete queries under a name", _arguments, _run)
