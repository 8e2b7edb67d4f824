"""`hitl-app groups`: groups of trajectories for GRPO, with rewards and advantages."""

import argparse

from hitl_app.cli.command import Command, positive
from hitl_app.cli.output import Output, short
from hitl_app.cli.score import add_norm
from hitl_app.domain.grpo import STAGES
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.reward_groups import Group
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--query", default="", metavar="Q", help="only lineages that fit (default: all)")
    parser.add_argument(
        "--stage", type=positive, choices=tuple(STAGES), default=1, metavar="N", help="of the training (default: 1)"
    )
    parser.add_argument("--same-plan", action="store_true", help="compare only what follows the same plan")
    add_norm(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    found = await workspace.scoring.groups(args.query, stage=args.stage, norm=args.norm, same_plan=args.same_plan)
    for group in found:
        out.result(_json(group, args), _text(group))
    return True


def _json(group: Group, args: argparse.Namespace) -> JsonObject:
    return {
        "group": group.id,
        "task": group.task_id,
        "stage": args.stage,
        "norm": args.norm,
        "mean": group.mean,
        "std": group.std,
        "members": [
            {"id": each.trajectory_id, "reward": each.reward, "advantage": each.advantage} for each in group.members
        ],
        "not_measured": list(group.not_measured),
        "warning": group.warning or None,
    }


def _text(group: Group) -> str:
    figures = "" if group.std is None else f"  mean {group.mean:.3f}, standard deviation {group.std:.3f}"
    lines = [f"{group.id}  task {short(group.task_id)}{figures}"]
    for each in group.members:
        advantage = "" if each.advantage is None else f"  advantage {each.advantage:+.3f}"
        lines.append(f"  {short(each.trajectory_id)}  reward {each.reward:.3f}{advantage}")
    lines += [f"  {short(identity)}  not measured" for identity in group.not_measured]
    return "\n".join([*lines, f"  ! {group.warning}"] if group.warning else lines)


COMMAND = Command("groups", "groups of trajectories for GRPO, with advantages", _arguments, _run)
"""The command."""
