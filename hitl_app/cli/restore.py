"""`hitl-app restore ID`: an earlier revision becomes the head of its lineage again."""

import argparse

from hitl_app.cli.command import Command, add_maker, maker_of
from hitl_app.cli.output import Output
from hitl_app.cli.revise import decided_text
from hitl_app.cli.views import decided_json
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the revision, or the recording")
    parser.add_argument("--override", action="store_true", help="although it is worse than the head; needs a reason")
    add_maker(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    decided, _ = await workspace.review.restore(args.id, await maker_of(args, workspace), override=args.override)
    out.result(decided_json(decided), decided_text(decided))
    return True


COMMAND = Command("restore", "make an earlier revision the head again", _arguments, _run)
