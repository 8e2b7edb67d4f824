"""`hitl-app list`: the queue."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, short
from hitl_app.cli.views import losses_text, row_json, verified_text
from hitl_app.domain.library import QueueOrder
from hitl_app.workflow.workspace import Workspace

PAGE = 500


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--query", default="", metavar="Q", help="such as 'env:tau2 status:pending loss.goal>0'")
    parser.add_argument("--view", metavar="NAME", help="a saved view, or a built-in one; --query narrows it down")
    parser.add_argument("--annotator", default="", metavar="NAME", help='whose "Mine" is')


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    query, order, offset = args.query, QueueOrder.IMPORTED, 0
    if args.view is not None:
        view = await workspace.views.find(args.view, args.annotator)
        query, order = f"{view.query} {query}".strip(), view.order
    while True:
        page = await workspace.library.queue(query, order, PAGE, offset)
        for row in page.rows:
            place = f"{row.environment} {row.domain}".strip()
            text = f"{short(row.root_id)}  {row.status:<8}  {place:<14}  {row.title}\n{'':14}{losses_text(row.losses)}"
            out.result(row_json(row), f"{text}  {verified_text(row.verified) if row.losses else ''}".rstrip())
        offset += len(page.rows)
        if not page.rows or offset >= page.total:
            return True


COMMAND = Command("list", "list trajectories", _arguments, _run)
