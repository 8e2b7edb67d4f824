"""What an acting model reads and writes: the work so far as a chat, and its answer as the next move.

There are two forms. With native tool calls the chat holds calls and their results as servers know them. A server that
takes no tools gets the same as text, and answers with a JSON object.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hitl_app.domain.inspection import Execution
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.model import AnswerError, ChatMessage, ModelAnswer, Prompt, ToolCall
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Step
from hitl_app.refine.prompting import compact, quote, render, show_plan, show_task, show_tools

OBSERVATION = 20_000
"""Characters of one observation that an acting model reads."""

SERVE = "Serve the user who speaks in the conversation that follows, as far as the policy allows."
"""The instruction of an agent whose task's own instruction is what the user was told."""

GO_ON = "Go on."
"""Asks a model that spoke last for more."""

MOVE: JsonObject = {
    "type": "object",
    "properties": {
        "thought": {"type": "string"},
        "plan_step": {"type": ["integer", "null"]},
        "action": {
            "type": ["object", "null"],
            "properties": {"name": {"type": "string"}, "arguments": {"type": "object"}},
            "required": ["name", "arguments"],
            "additionalProperties": False,
        },
        "message": {"type": ["string", "null"]},
        "done": {"type": "boolean"},
    },
    "required": ["thought", "plan_step", "action", "message", "done"],
    "additionalProperties": False,
}
"""Schema of a move where the server takes no tools."""

_PLAN_STEP = re.compile(r"\[plan step (\d{1,3})\]", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """What an acting model works on.

    Attributes:
        plan: Empty where there is none.
        notes: Feedback on earlier attempts and such; empty where there is none.
        served: A user speaks, so that the task's instruction is not the agent's to read.
        told: The first step only says the task's instruction, which the prompt says already.
    """

    task: Task
    tools: tuple[ToolSpec, ...]
    plan: tuple[PlanStep, ...]
    notes: str
    served: bool
    told: bool = False

    def visible(self, steps: Sequence[Step]) -> Iterator[tuple[int, Step]]:
        """The steps that the agent reads, with their indexes; a tool that the user calls is never seen by the agent."""
        for index, step in enumerate(steps):
            if not (self.told and index == 0) and not (step.is_action and step.role == "user"):
                yield index, step

    @property
    def instruction(self) -> str:
        """What the agent is told. The instruction of a user who speaks is not the agent's to read."""
        return SERVE if self.served else self.task.instruction

    def places(self) -> dict[str, str]:
        """What fills the prompt's places."""
        return {
            "task": show_task(replace(self.task, instruction=self.instruction)),
            "tools": show_tools(self.tools),
            "plan": show_plan(self.plan),
            "notes": quote(self.notes) if self.notes else "there are none",
        }


@dataclass(frozen=True)
class Move:
    """What the model does next.

    Attributes:
        text: A message where nothing is called, else the thought that goes with the calls.
        done: It says that there is nothing more to do.
    """

    text: str
    calls: tuple[ToolCall, ...] = ()
    plan_step: int | None = None
    done: bool = False


class NativeForm:
    """Tool calls as servers know them."""

    prompt = "act"
    schema: JsonObject | None = None

    def tools(self, work: Work) -> tuple[ToolSpec, ...]:
        """The tools go with the request."""
        return work.tools

    def messages(self, prompt: Prompt, work: Work, steps: Sequence[Step], seen: Execution) -> list[ChatMessage]:
        """The prompt, and everything that was said and done since."""
        chat = list(render(prompt, work.places()))
        for _, group in groupby(work.visible(steps), key=_turn):
            members = list(group)
            if not members[0][1].is_action:
                _say(chat, _role(members[0][1]), members[0][1].text)
                continue
            calls = tuple(ToolCall(step.tool, step.arguments, f"call_{index}") for index, step in members)
            thought = "\n".join(step.thought for _, step in members if step.thought)
            chat.append(ChatMessage("assistant", sendable(thought), calls))
            for index, step in members:
                chat.append(ChatMessage("tool", cut(_observed(index, step, seen)), call_id=f"call_{index}"))
        return _awaiting_an_answer(chat)

    def read(self, answer: ModelAnswer) -> Move:
        """The move that the answer makes."""
        found = _PLAN_STEP.findall(answer.text)
        return Move(answer.text, answer.calls, int(found[-1]) if found else None)


class JsonForm:
    """Calls and results as text; the answer is a JSON object."""

    prompt = "act_json"
    schema: JsonObject | None = MOVE

    def tools(self, work: Work) -> tuple[ToolSpec, ...]:
        """The tools are described in the prompt."""
        return ()

    def messages(self, prompt: Prompt, work: Work, steps: Sequence[Step], seen: Execution) -> list[ChatMessage]:
        """The prompt, and everything that was said and done since; speakers take turns."""
        chat = list(render(prompt, work.places()))
        for index, step in work.visible(steps):
            for role, text in self._texts(index, step, seen):
                _say(chat, role, text)
        return _awaiting_an_answer(chat)

    def read(self, answer: ModelAnswer) -> Move:
        """The move that the answer makes.

        Raises:
            AnswerError: It does not have the form of a move.
        """
        value = answer.value
        if not isinstance(value, Mapping):
            raise AnswerError("the answer is no JSON object")
        done, plan_step = value.get("done") is True, value.get("plan_step")
        number = plan_step if isinstance(plan_step, int) and not isinstance(plan_step, bool) else None
        action = value.get("action")
        if isinstance(action, Mapping):
            name, arguments = action.get("name"), action.get("arguments")
            if not isinstance(name, str) or not isinstance(arguments, Mapping):
                raise AnswerError("the answer's action has no name with arguments")
            return Move(_text(value.get("thought")), (ToolCall(name, arguments),), number, done)
        return Move(_text(value.get("message")), (), number, done)

    def _texts(self, index: int, step: Step, seen: Execution) -> Iterator[tuple[str, str]]:
        move: dict[str, Json] = {"thought": step.thought, "plan_step": step.plan_step, "action": None, "message": None}
        if step.is_action:
            move["action"] = {"name": step.tool, "arguments": step.arguments}
            yield "assistant", compact({**move, "done": False})
            yield "user", f"observation\n{quote(_observed(index, step, seen), OBSERVATION)}"
        elif _role(step) == "assistant":
            yield "assistant", compact({**move, "message": step.text, "done": False})
        else:
            yield "user", f"the user says\n{quote(step.text)}"


def sendable(text: str) -> str:
    """Text without halves of characters (lone surrogates), which cannot be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def cut(text: str, limit: int = OBSERVATION) -> str:
    """Text without its middle where it is too long, which is then said."""
    text = sendable(text)
    if len(text) <= limit:
        return text
    tail = limit // 4
    return f"{text[: limit - tail]}\n({len(text) - limit} of {len(text)} characters are left out here)\n{text[-tail:]}"


def _say(chat: list[ChatMessage], role: str, text: str) -> None:
    """Add to what the same speaker has just said, or take turns: some servers insist on that."""
    text = sendable(text)
    if chat[-1].role == role and not chat[-1].calls:
        chat[-1] = replace(chat[-1], text=f"{chat[-1].text}\n\n{text}")
    else:
        chat.append(ChatMessage(role, text))


def _awaiting_an_answer(chat: list[ChatMessage]) -> list[ChatMessage]:
    """A model answers somebody else's words, not its own."""
    if chat[-1].role == "assistant":
        chat.append(ChatMessage("user", GO_ON))
    return chat


def _turn(item: tuple[int, Step]) -> tuple[int, int]:
    """Calls of one assistant message share a key; every other step has one of its own."""
    index, step = item
    return (0, step.turn) if step.is_action and step.turn is not None else (1, index)


def _role(step: Step) -> str:
    """Whoever is not the agent speaks as the user: many servers take a system's message at the beginning only."""
    return "assistant" if step.role == "assistant" else "user"


def _observed(index: int, step: Step, seen: Execution) -> str:
    observation = seen.steps[index].observation if index < len(seen.steps) else None
    if observation is not None:
        return observation.text or observation.error
    return step.expected.text if step.expected is not None else ""


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
