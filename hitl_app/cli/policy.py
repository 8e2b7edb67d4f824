"""`hitl-app policy`: how everybody reviews in this store."""

import argparse
from dataclasses import replace

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--blind",
        action=argparse.BooleanOptionalAction,
        help="hide names of models and other people's decisions from everybody",
    )
    parser.add_argument(
        "--judge-first",
        action=argparse.BooleanOptionalAction,
        help="have the blame marked before a proposal is shown",
    )


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    policy = await workspace.team.policy()
    given = {name: getattr(args, name) for name in ("blind", "judge_first") if getattr(args, name) is not None}
    if given:
        policy = replace(policy, **given)
        await workspace.team.set_policy(policy)
    lines = [f"blind        {_word(policy.blind)}", f"judge first  {_word(policy.judge_first)}"]
    out.result({"blind": policy.blind, "judge_first": policy.judge_first}, "\n".join(lines))
    return True


def _word(on: bool) -> str:
    return "yes" if on else "no"


COMMAND = Command("policy", "show or change how everybody reviews", _arguments, _run)
