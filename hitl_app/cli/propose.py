"""`hitl-app propose ID`: let a proposer look for something better."""

import argparse

from hitl_app.cli.command import Command, positive
from hitl_app.cli.model_options import add_model, budget_of, chosen_model
from hitl_app.cli.output import Output, short
from hitl_app.cli.routing_options import add_cascade, cascade_of
from hitl_app.cli.views import losses_text, proposal_json
from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.proposal import Proposal
from hitl_app.workflow.refining import PROPOSERS, REPAIR
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the trajectory to improve")
    parser.add_argument(
        "--proposer",
        choices=PROPOSERS,
        default=REPAIR,
        help="who proposes: the offline repairer (default), a model, or a small and a large one in a cascade",
    )
    parser.add_argument("--executions", type=positive, default=200, metavar="N", help="at most so many (default: 200)")
    parser.add_argument("--break-prefix", action="store_true", help="allow edits before the earliest cause")
    add_model(parser)
    add_cascade(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    locked = 0 if args.break_prefix else None
    proposal, _ = await workspace.refining.propose(
        args.id,
        args.proposer,
        chosen=chosen_model(args),
        routed=cascade_of(args),
        locked=locked,
        max_executions=args.executions,
        budget=budget_of(args),
        answers=args.answers,
    )
    out.result(proposal_json(proposal), _text(proposal))
    return True


def _text(proposal: Proposal) -> str:
    cost = proposal.cost
    effort = f"{cost.executions} candidates executed in {cost.seconds:.1f} s, {cost.tokens_in + cost.tokens_out} tokens"
    if not proposal.hunks:
        return f"{proposal.proposer} found nothing better: {effort}"
    lines = [
        f"proposal {short(proposal.id)} by {proposal.proposer}: {effort}",
        f"  after: {losses_text(proposal.losses)}",
    ]
    for number, hunk in enumerate(proposal.hunks):
        lines.append(f"  hunk {number}: {hunk.operator} at step {hunk.start}")
        lines += [f"    - {canonical(step.content)[:200]}" for step in hunk.before]
        lines += [f"    + {canonical(step.content)[:200]}" for step in hunk.after]
    return "\n".join(lines)


COMMAND = Command("propose", "look for a better trajectory", _arguments, _run)
