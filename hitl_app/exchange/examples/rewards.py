"""Prompts for reinforcement learning, with what a reward function checks an answer by."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.conversation import functions, to_text, without_ids
from hitl_app.exchange.examples.demonstrations import head_decision
from hitl_app.exchange.examples.example import Example, provenance_of
from hitl_app.exchange.examples.lineage import Exclusions, Lineage


@dataclass(frozen=True, kw_only=True)
class RewardPrompt(Example):
    """Where a trajectory went wrong, and the calls that were accepted there.

    Attributes:
        prompt: What the accepted revision and its base share.
        ground_truth: The accepted next calls, each with `name` and `arguments`.
        environment: Name of the environment that can execute an answer.
    """

    prompt: tuple[JsonObject, ...]
    tools: tuple[ToolSpec, ...]
    ground_truth: tuple[JsonObject, ...]
    environment: str

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two prompts one."""
        return without_ids(self.prompt), to_text(self.ground_truth)


def reward_prompts(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[RewardPrompt]:
    """The prompt of a lineage, if it has one: where the revision that it stands at leaves its base."""
    item = head_decision(lineage, excluded)
    if item is None:
        return
    if item.candidate.id == item.base.id:
        excluded["approved as it is: no step was put right"] += 1
        return
    row = lineage.compare(lineage.sides[item.candidate.id], lineage.sides[item.base.id]).at_divergence
    if isinstance(row, str):
        excluded[row] += 1
        return
    calls: list[JsonObject] = [
        {"name": name, "arguments": json.loads(arguments)} for name, arguments in functions(row.chosen[0])
    ]
    if not calls:
        excluded["the accepted answer is words: equality says nothing of them"] += 1
        return
    yield RewardPrompt(
        provenance=provenance_of(lineage, item, "reward"),
        prompt=row.prompt,
        tools=lineage.tools,
        ground_truth=tuple(calls),
        environment=lineage.task.environment,
    )
