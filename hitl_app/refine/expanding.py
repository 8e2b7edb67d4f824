"""Plan expansion: a model writes new tasks with plans after the pattern of seeds, in their world, with their tools."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.failure_classes import FailureClass
from hitl_app.domain.jsontypes import Json, JsonObject, content_hash
from hitl_app.domain.model import AnswerError, ModelRequest, Purpose
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep
from hitl_app.refine.planning import PLAN, read_plan
from hitl_app.refine.prompting import quote, render, show_plan, show_tools
from hitl_app.refine.voices import sampling_of

SEEDS = 5
"""Seeds that are shown in one question (Plan-and-Act, arXiv:2503.09572)."""

PAIRS = 10
"""Pairs that are asked for in one question (ibid.)."""

MAX_TOKENS = 8192
"""Ceiling of an answer: ten plans are long."""

LONGEST_TASK = 20_000
"""Characters of a task; a longer one is no request."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Pair:
    """A task in words, with a plan for it."""

    task: str
    plan: tuple[PlanStep, ...]

    @property
    def key(self) -> str:
        """What makes two pairs one: task and steps of the plan, whatever their case and spaces."""
        return content_hash([_plain(self.task), [_plain(step.step) for step in self.plan]])


@dataclass(frozen=True)
class Expansion:
    """What one question brought: pairs that can be used, and how many could not."""

    pairs: tuple[Pair, ...]
    unusable: int


class Expander:
    """Lets a model write pairs."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompts = prompts

    async def expand(
        self,
        seeds: Sequence[Pair],
        world: Task,
        tools: Sequence[ToolSpec],
        count: int,
        *,
        failure: FailureClass | None = None,
        sample: int = 0,
        on_text: OnText = lambda text: None,
    ) -> Expansion:
        """New pairs after the pattern of seeds.

        Args:
            seeds: At most `SEEDS` are of use to a model.
            world: A task of the same world, for its policy; nothing else of it is shown.
            tools: What plans may build on.
            count: How many pairs to ask for; what comes beyond is left out.
            failure: The class of failures that they are to give practice against.
            sample: Number among questions that are equal otherwise.
            on_text: Receives the model's words as they come.

        Raises:
            ModelError: The model cannot be asked, or no pair of its answer can be used.
        """
        prompt = self._prompts.get("expand" if failure is None else "augment")
        places = {
            "policy": quote(world.policy) if world.policy else "there is none",
            "tools": show_tools(tools),
            "seeds": "\n".join(_show(number, seed) for number, seed in enumerate(seeds, 1)),
            "count": str(count),
        }
        if failure is not None:
            places["failure"] = quote(f"{failure.name}: {failure.description}")
        request = ModelRequest(
            Purpose.EXPAND,
            render(prompt, places),
            prompt.label,
            schema=_schema(count),
            sampling=replace(sampling_of(sample), max_tokens=MAX_TOKENS),
            sample=sample,
        )
        return _read((await self._client.ask(request, on_text)).value, count)


def _schema(count: int) -> JsonObject:
    plan = PLAN["properties"]
    assert isinstance(plan, Mapping)  # noqa: S101 -- it is written so
    pair: JsonObject = {
        "type": "object",
        "properties": {"task": {"type": "string"}, **plan},
        "required": ["task", "plan"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"pairs": {"type": "array", "minItems": 1, "maxItems": count, "items": pair}},
        "required": ["pairs"],
        "additionalProperties": False,
    }


def _show(number: int, seed: Pair) -> str:
    return f"seed {number}\ntask\n{quote(seed.task, LONGEST_TASK)}\n{show_plan(seed.plan)}"


def _read(value: Json, count: int) -> Expansion:
    items = value.get("pairs") if isinstance(value, Mapping) else None
    listed = list(items)[:count] if isinstance(items, Sequence) and not isinstance(items, str) else []
    pairs = [pair for pair in map(_pair, listed) if pair is not None]
    if not pairs:
        raise AnswerError("the answer holds no task with a plan")
    return Expansion(tuple(pairs), len(listed) - len(pairs))


def _pair(item: Json) -> Pair | None:
    """A pair of an answer; None where it has no task, or no plan."""
    task = item.get("task") if isinstance(item, Mapping) else None
    if not isinstance(task, str) or not task.strip() or len(task) > LONGEST_TASK:
        return None
    try:
        return Pair(task.strip(), read_plan(item))
    except AnswerError:
        return None


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip().casefold()
