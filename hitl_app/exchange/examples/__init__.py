"""Training examples out of a record, whatever format they are written in: one module a kind, one lineage at a time."""

from hitl_app.exchange.examples.demonstrations import Demonstration, demonstrations
from hitl_app.exchange.examples.example import Example, Provenance
from hitl_app.exchange.examples.judgements import UnpairedJudgement, judgements
from hitl_app.exchange.examples.lineage import Exclusions, Lineage, lineages
from hitl_app.exchange.examples.pairs import PreferencePair, pairs
from hitl_app.exchange.examples.plan_pairs import PlanPair, plan_pairs
from hitl_app.exchange.examples.planned import Moment, executing, planning, replanning, under_plans
from hitl_app.exchange.examples.rewards import RewardPrompt, reward_prompts
from hitl_app.exchange.examples.steps import LabelledStep, LabelledTrajectory, labelled_steps, labelled_trajectories

__all__ = [
    "Demonstration",
    "Example",
    "Exclusions",
    "LabelledStep",
    "LabelledTrajectory",
    "Lineage",
    "Moment",
    "PlanPair",
    "PreferencePair",
    "Provenance",
    "RewardPrompt",
    "UnpairedJudgement",
    "demonstrations",
    "executing",
    "judgements",
    "labelled_steps",
    "labelled_trajectories",
    "lineages",
    "pairs",
    "plan_pairs",
    "planning",
    "replanning",
    "reward_prompts",
    "under_plans",
]
