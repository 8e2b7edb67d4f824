"""Stepwise supervision: `prompt`, `completions` and `labels`, one row a trajectory."""

from itertools import takewhile

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import LabelledTrajectory, labelled_trajectories

ABOUT = """\
Trajectories as the agent's steps, each called right (`true`) or wrong (`false`): by INSPECT, or by a person above it
(`sources`: `inspect`, `human` or `both`). `completions` are plain texts: what the agent read since its last step, then
what it said or called. A row ends before the first step of which nothing is known. Labels are of single steps: after a
wrong one others may be right."""

COLUMNS: Columns = {"prompt": "string", "completions": ["string"], "labels": ["bool"], "sources": ["string"]}


def row(example: LabelledTrajectory) -> JsonObject | str:
    """A trajectory up to its first step of which nothing is known."""
    known = list(takewhile(lambda label: label.rating, example.labels))
    if not known:
        return "nothing is known of its first step"
    return {
        "prompt": example.prompt,
        "completions": list(example.texts[: len(known)]),
        "labels": [label.rating > 0 for label in known],
        "sources": [label.source for label in known],
    }


TARGET = Target(
    "trl-stepwise",
    "Axolotl stepwise_supervised, TRL stepwise",
    ABOUT,
    (Table("steps", ABOUT, labelled_trajectories, COLUMNS, row),),
    {"unknown steps": "a row ends before the first one"},
)
