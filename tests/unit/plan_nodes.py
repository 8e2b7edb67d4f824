"""Plans of a tree, made of their rollouts' rewards."""

from hitl_app.domain.plan_tree import PlanNode, PlanRollout
from hitl_app.domain.trajectory import PlanStep


def node(number: int, parent: int | None, *rewards: float | None) -> PlanNode:
    """A plan that was refined from the first rollout of its parent; a reward below 1 has failed."""
    rollouts = [
        PlanRollout(f"{number}-{place}", reward, failed=reward is not None and reward < 1)
        for place, reward in enumerate(rewards)
    ]
    refined_from = "" if parent is None else f"{parent}-0"
    return PlanNode("task", number, parent, (PlanStep(f"plan {number}"),), tuple(rollouts), refined_from)
