"""`hitl-app judge` and `rate`: what an annotator says of a trajectory without deciding on it."""

import argparse

from hitl_app.cli.command import Command, add_maker, maker_of, words
from hitl_app.cli.output import Output
from hitl_app.cli.revise import decided_text
from hitl_app.cli.views import entry_json
from hitl_app.workflow.workspace import Workspace


def _judge_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the trajectory")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--step", type=int, metavar="N", help="the step that goes wrong first, counted from 0")
    what.add_argument("--none", action="store_true", help="nothing is wrong")
    parser.add_argument("--proposal", metavar="ID", help="the proposal that is shown afterwards")
    add_maker(parser)


async def _judge(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    decided, _ = await workspace.review.judge(args.id, args.step, await maker_of(args, workspace), args.proposal)
    out.result(entry_json(decided.entry), decided_text(decided))
    return True


def _rate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the trajectory")
    parser.add_argument("item", type=words, metavar="ITEM", help="the item's id in the rubric")
    parser.add_argument("value", type=int, metavar="VALUE", help="0 or 1 for no or yes, else a point of the scale")
    parser.add_argument("--rubric", default="", metavar="VERSION", help="version of the rubric")
    add_maker(parser)


async def _rate(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    decided, _ = await workspace.review.rate(
        args.id, args.item, args.value, args.rubric, await maker_of(args, workspace)
    )
    out.result(entry_json(decided.entry), decided_text(decided))
    return True


JUDGE = Command("judge", "say which step is to blame, before a proposal is shown", _judge_arguments, _judge)
RATE = Command("rate", "answer an item of the rubric", _rate_arguments, _rate)
