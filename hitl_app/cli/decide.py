"""`hitl-app decide PROPOSAL --accept|--reject`: decide on a proposal, wholly or hunk by hunk."""

import argparse

from hitl_app.cli.command import Command, add_maker, add_rule, maker_of
from hitl_app.cli.output import Output
from hitl_app.cli.revise import decided_text
from hitl_app.cli.views import decided_json
from hitl_app.domain.errors import UserError
from hitl_app.workflow.workspace import Workspace


def _numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected numbers joined by commas, such as 0,2, not {text!r}") from None


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("proposal", metavar="PROPOSAL", help="the proposal's id or the first digits of it")
    answer = parser.add_mutually_exclusive_group(required=True)
    answer.add_argument("--accept", action="store_true", help="accept it, if the rule allows it")
    answer.add_argument("--reject", action="store_true", help="reject it")
    parser.add_argument("--hunks", type=_numbers, metavar="N,N", help="accept only these hunks")
    add_maker(parser, reason_required=True)
    add_rule(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.reject and (args.hunks is not None or args.override or args.lateral):
        raise UserError("--hunks, --override and --lateral go with --accept: a proposal is rejected as a whole")
    decided, _ = await workspace.review.decide(
        args.proposal,
        await maker_of(args, workspace),
        accept=args.accept,
        kept=args.hunks,
        override=args.override,
        lateral=args.lateral,
    )
    out.result(decided_json(decided), decided_text(decided))
    return True


COMMAND = Command("decide", "accept or reject a proposal", _arguments, _run)
