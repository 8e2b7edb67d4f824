"""`hitl-app tree [RUN [TASK]]`: the plan trees that searches made, or the plans of one search with their values."""

import argparse
from collections.abc import Iterator

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, counted, one_line, short
from hitl_app.domain.codec import plan_step_to_json
from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.plan_tree import PlanNode, PlanTree
from hitl_app.workflow.searching import GrownTree
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_id", nargs="?", metavar="RUN", help="a search: its plans with Q, N, UCB, c_p and rewards")
    parser.add_argument("task", nargs="?", metavar="TASK", help="of one task only: its key, or the first digits of it")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.run_id is None:
        for grown in await workspace.searching.trees():
            out.result(_tree_json(grown), _tree_line(grown))
        return True
    trees = await workspace.searching.trees_of(args.run_id)
    if args.task is not None:
        (wanted,) = await workspace.comparing.find([args.task])
        trees = [grown for grown in trees if grown.task_id == wanted]
    if not trees:
        raise NotFoundError("there is no plan tree of this run" + (f' for task "{args.task}"' if args.task else ""))
    for grown in trees:
        out.heading(_tree_line(grown))
        for node, depth in _in_order(grown.tree):
            out.result(_node_json(grown, node), _node_text(grown.tree, node, depth))
    return True


def _in_order(tree: PlanTree, number: int = 0, depth: int = 0) -> Iterator[tuple[PlanNode, int]]:
    """Each plan with those below it, and how deep it stands."""
    yield tree.nodes[number], depth
    for child in tree.children(number):
        yield from _in_order(tree, child.number, depth + 1)


def _tree_json(grown: GrownTree) -> JsonObject:
    tree = grown.tree
    return {
        "run": grown.run.id,
        "task": grown.task_id,
        "title": grown.task,
        "started_at": grown.run.started_at,
        "plans": len(tree.nodes),
        "best": None if tree.best is None else tree.best.number,
        "reward": None if tree.best is None else tree.best.reward,
    }


def _tree_line(grown: GrownTree) -> str:
    return f"{short(grown.run.id)}  {one_line(grown.task)}  {counted(len(grown.tree.nodes), 'plan')}"


def _node_json(grown: GrownTree, node: PlanNode) -> JsonObject:
    value = grown.tree.values[node.number]
    return {
        "run": grown.run.id,
        "task": grown.task_id,
        "number": node.number,
        "parent": node.parent,
        "refined_from": node.refined_from or None,
        "proposer": node.proposer,
        "why": node.why,
        "q": value.q,
        "visits": value.visits,
        "ucb": value.ucb,
        "c_p": node.alike,
        "reward": node.reward,
        "best": node is grown.tree.best,
        "rollouts": [
            {"id": each.trajectory_id, "reward": each.reward, "failed": each.failed} for each in node.rollouts
        ],
        "plan": [plan_step_to_json(step) for step in node.plan],
    }


def _node_text(tree: PlanTree, node: PlanNode, depth: int) -> str:
    value, indent = tree.values[node.number], "  " * (depth + 1)
    origin = f" from {short(node.refined_from)}" if node.refined_from else ""
    best = ", the best" if node is tree.best else ""
    measures = f"Q {_figure(value.q)}  N {value.visits}  UCB {_figure(value.ucb)}  c_p {_figure(node.alike)}"
    rewards = " ".join(f"{short(each.trajectory_id)} {_figure(each.reward)}" for each in node.rollouts)
    why = [f"{indent}  {one_line(node.why)}"] if node.why else []
    return "\n".join(
        [
            f"{indent}plan {node.number}{origin}: {counted(len(node.plan), 'step')} by {node.proposer}{best}",
            f"{indent}  {measures}",
            f"{indent}  rewards: {rewards}",
            *why,
        ]
    )


def _figure(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4f}"


COMMAND = Command("tree", "show the plan trees that searches made", _arguments, _run)
"""The command."""
