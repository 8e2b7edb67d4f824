"""Grounded plans by a model: it is shown what was done, and writes the plan that this carries out (Plan-and-Act)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain.grounding import GroundingFault
from hitl_app.domain.inspection import Execution
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.model import AnswerError, ModelRequest, Purpose
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.replan import Replan, ReplanError, check_replan
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.grounding import check_grounded
from hitl_app.refine.leaks import is_agents
from hitl_app.refine.planning import read_steps, steps_schema
from hitl_app.refine.prompting import quote, render, show_steps, show_task, show_tools

_CITED: JsonObject = {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 0}}
GROUNDED: JsonObject = {
    "type": "object",
    "properties": {"grounded": steps_schema(actions=_CITED)},
    "required": ["grounded"],
    "additionalProperties": False,
}
"""Schema of a plan whose steps cite actions."""

TRIES = 2
"""Answers that are asked for: the second one with what is wrong with the first."""


@dataclass(frozen=True)
class Done:
    """What a plan is written for.

    Attributes:
        task: Without what it is judged by.
        trajectory: With at least one action of the agent.
        execution: What was observed, where that is not as recorded.
    """

    task: Task
    tools: Sequence[ToolSpec]
    trajectory: Trajectory
    execution: Execution | None = None


@dataclass(frozen=True)
class Grounded:
    """A plan with what is wrong with it; with faults it cannot be accepted."""

    replan: Replan
    faults: tuple[GroundingFault, ...]


class Grounder:
    """Lets a model write grounded plans."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompt = prompts.get("ground")

    async def ground(self, done: Done, on_text: OnText = lambda text: None) -> Grounded:
        """The plan of what was done; of two answers the one with fewer faults, the second of equals.

        Raises:
            ModelError: The model cannot be asked, or neither answer is a plan.
        """
        best: Grounded | None = None
        wrong = ""
        for _ in range(TRIES):
            try:
                found = await self._ask(done, wrong, on_text)
            except AnswerError as error:
                wrong = str(error)
                continue
            if best is None or len(found.faults) <= len(best.faults):
                best = found
            if not found.faults:
                break
            wrong = "\n".join(fault.words for fault in found.faults)
        if best is None:
            raise AnswerError(wrong)
        return best

    async def _ask(self, done: Done, wrong: str, on_text: OnText) -> Grounded:
        steps = done.trajectory.steps
        places = {
            "task": show_task(done.task),
            "tools": show_tools(done.tools),
            "steps": show_steps(steps, done.execution.steps if done.execution is not None else ()),
            "actions": ", ".join(str(index) for index in done.trajectory.actions if is_agents(steps[index])),
            "faults": quote(wrong) if wrong else "there are none",
        }
        asked = ModelRequest(Purpose.GROUND, render(self._prompt, places), self._prompt.label, schema=GROUNDED)
        value = (await self._client.ask(asked, on_text)).value
        replan = read_grounded(value.get("grounded") if isinstance(value, Mapping) else None)
        try:
            check_replan(done.trajectory, replan)
        except ReplanError as error:
            raise AnswerError(str(error)) from error
        faults = check_grounded(done.task, done.trajectory, replan, tools=done.tools, execution=done.execution)
        return Grounded(replan, faults)


def read_grounded(items: Json) -> Replan:
    """The plan in a list of steps that cite `actions`. Raises AnswerError where a step says or cites nothing."""
    plan = read_steps(items)
    links: list[tuple[int, int]] = []
    for number, item in enumerate(items if isinstance(items, Sequence) else ()):
        cited = item.get("actions") if isinstance(item, Mapping) else None
        if not isinstance(cited, Sequence) or isinstance(cited, str):
            raise AnswerError(f"plan step {number + 1} cites no actions")
        links += [(index, number) for index in cited if isinstance(index, int) and not isinstance(index, bool)]
    return Replan(0, plan, tuple(links), "written for what was done")
