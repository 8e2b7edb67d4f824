"""Who speaks for the user of a task: the recorded words while they fit, a model with the user's scenario, a person.

A task without a user has no voice. A person's voice is given by the face.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hitl_app.domain.inspection import Execution
from hitl_app.domain.model import ModelRequest, Purpose, Sampling
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Step
from hitl_app.refine.prompting import quote, render

STOP = "###STOP###"
"""What a model that speaks for a user says when it has nothing more to say."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the user says next.

    Attributes:
        text: Empty where the user says nothing.
        over: Why the conversation is over after these words; empty where it goes on.
    """

    text: str = ""
    over: str = ""


class Voice(Protocol):
    """Speaks for the user of a task."""

    async def reply(self, steps: Sequence[Step], execution: Execution) -> Reply:
        """The user's next words.

        Args:
            steps: Everything that was said and done so far; the agent said something last, or nothing was said yet.
            execution: What came of these steps.
        """
        ...


class RecordedVoice:
    """Says what the recorded user said, while it fits; then hands over to another voice, or ends the conversation.

    The recorded words fit as long as the environment is in the state in which they were said.
    """

    def __init__(self, recorded: Sequence[Step], execution: Execution, otherwise: Voice | None = None) -> None:
        """Speak from a recording.

        Args:
            recorded: The recorded steps.
            execution: What came of them.
            otherwise: Speaks once the recorded words do not fit any more; None ends the conversation there.
        """
        self._recorded = recorded
        self._execution = execution
        self._otherwise = otherwise
        self._turns = [index for index, step in enumerate(recorded) if is_user_message(step)]
        self._fits = True

    async def reply(self, steps: Sequence[Step], execution: Execution) -> Reply:
        """The recorded words of the same turn, where they fit."""
        said = sum(map(is_user_message, steps))
        if self._fits and said >= len(self._turns):
            return Reply(over="the recorded user says no more")
        if self._fits:
            index = self._turns[said]
            here, there = state_before(execution, len(steps)), state_before(self._execution, index)
            if here == there:
                last = index == len(self._recorded) - 1
                return Reply(self._recorded[index].text, "the recorded user ends the conversation" if last else "")
            self._fits = False
        if self._otherwise is None:
            return Reply(over="the recorded user's words do not fit any more: the environment is in another state")
        return await self._otherwise.reply(steps, execution)


class ModelVoice:
    """A model that plays the user from the task's scenario. It reads the conversation, and nothing of what is done."""

    def __init__(
        self, client: ModelClient, prompts: Prompts, task: Task, *, sample: int = 0, on_text: OnText = lambda text: None
    ) -> None:
        self._client = client
        self._prompt = prompts.get("user")
        self._scenario = task.instruction or task.title
        self._sample = sample
        self._on_text = on_text

    async def reply(self, steps: Sequence[Step], execution: Execution) -> Reply:
        """What the model says as the user; the stop word ends the conversation."""
        said = [step for step in steps if not step.is_action and step.role in ("assistant", "user")]
        turns = [f"{'you' if step.role == 'user' else 'the agent'} said\n{quote(step.text)}" for step in said]
        places = {
            "scenario": quote(self._scenario),
            "conversation": "\n".join(turns) or "nothing was said yet: you begin",
            "stop": STOP,
        }
        request = ModelRequest(
            Purpose.USER,
            render(self._prompt, places),
            self._prompt.label,
            sampling=sampling_of(self._sample),
            sample=self._sample,
        )
        answer = await self._client.ask(request, self._on_text)
        text = answer.text.replace(STOP, "").strip()
        if STOP in answer.text or not text:
            return Reply(text, "the user ends the conversation")
        return Reply(text)


def sampling_of(sample: int) -> Sampling:
    """How a sample is drawn: the first is the model's likeliest answer, the others vary."""
    return Sampling() if sample == 0 else Sampling(temperature=0.8, seed=sample)


def is_user_message(step: Step) -> bool:
    """Whether the user says something; a call of a tool by the user is none."""
    return step.role == "user" and not step.is_action


def state_before(execution: Execution, index: int) -> str:
    """Digest of the environment's state before a step; empty while nothing has changed the initial one."""
    state, known = "", ""
    for executed in execution.steps[:index]:
        observation = executed.observation
        if observation is None or not executed.replayed:
            continue
        if observation.changed or (known and observation.state != known):
            state = observation.state
        known = observation.state
    return state
