"""What COPE's cascade routes: whole tasks, an agent's next moves, and proposals. See `refine.routing`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hitl_app.domain.final_answer import comparable, final_answer, given_answer, stated
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Execution, FindingKind, Inspection, StepStatus
from hitl_app.domain.jsontypes import Json, canonical
from hitl_app.domain.model import AnswerError, ModelAnswer, ModelRequest, Purpose, Sampling
from hitl_app.domain.ports import ModelClient, OnText, Prompts, ProposalRequest
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.run import BudgetExhaustedError
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine import prompting
from hitl_app.refine.acting import Actor, Scene
from hitl_app.refine.bench import Bench, Tried
from hitl_app.refine.budget import Account
from hitl_app.refine.chat import Move
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gradients import is_hidden
from hitl_app.refine.model_proposer import ModelProposer
from hitl_app.refine.routing import Executed, Manner, Routed, Written

T = TypeVar("T")

LONGEST_PLAN = 600
"""Characters of a goal or a guideline that are kept: it was asked for in two sentences."""

SHOWN = 300
"""Characters of an answer that people are shown."""


@dataclass(frozen=True)
class Meter:
    """A model for one sample, with what it consumed.

    Attributes:
        native_tools: Its server takes tool calls; None where nobody knows.
        calls: Keys of the calls that it made.
    """

    client: ModelClient
    account: Account
    native_tools: bool | None = None
    calls: list[str] = field(default_factory=list)

    @property
    def keys(self) -> tuple[str, ...]:
        """Its calls, each once: one that was asked again after a lost answer has the same key."""
        return tuple(dict.fromkeys(self.calls))


Open = Callable[[str], Awaitable[Meter]]
"""Opens the model that plays a role."""


class Drawn:
    """Implements `domain.ports.ModelClient`: every answer is drawn at one temperature, as one sample."""

    def __init__(self, client: ModelClient, temperature: float, sample: int) -> None:
        self._client = client
        self._temperature = temperature
        self._sample = sample

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        """The answer; a greedy one has no seed."""
        seed = self._sample if self._temperature > 0 else None
        sampling = replace(request.sampling, temperature=self._temperature, seed=seed)
        return await self._client.ask(replace(request, sampling=sampling, sample=self._sample), on_text)


@dataclass(frozen=True)
class Author:
    """Writes goals and guidelines.

    Attributes:
        work: What they are for, in words of ours.
        steps: What was done so far, as prompts show it.
        problems: What was found wrong with that.
    """

    open: Open
    prompts: Prompts
    work: str
    task: Task
    tools: tuple[ToolSpec, ...]
    steps: str = "there are no steps yet"
    problems: str = "none were looked for"
    on_text: OnText = lambda text: None

    async def write(self, role: str, plan_type: str, temperature: float, sample: int) -> Written:
        """A goal or a guideline of the model that plays a role."""
        meter = await self.open(role)
        prompt, tools = self.prompts.get(plan_type), prompting.show_tools(self.tools)
        places = {
            "work": self.work,
            "task": prompting.show_task(self.task),
            "tools": tools,
            "steps": self.steps,
            "problems": self.problems,
            "task_again": prompting.show_task_again(self.task, tools, self.steps, self.problems),
        }
        request = ModelRequest(
            Purpose.PLAN,
            prompting.render(prompt, places),
            prompt.label,
            sampling=Sampling(temperature, seed=sample if temperature > 0 else None),
            sample=sample,
        )
        answer = await meter.client.ask(request, self.on_text)
        return Written(" ".join(answer.text.split())[:LONGEST_PLAN], meter.account.spent, meter.keys)


def whole_task(open_: Open, bench: Bench) -> Routed[Tried]:
    """A task from its beginning; an answer is the final answer, else what was changed, else what was said last.

    Args:
        open_: Opens the models.
        bench: Its model is not asked.
    """

    async def execute(role: str, manner: Manner) -> Executed[Tried]:
        meter = await open_(role)
        drawn = Drawn(meter.client, manner.temperature, manner.sample)
        tried = await replace(bench, client=drawn, native_tools=meter.native_tools).act(manner.sample, _notes(manner))
        if tried.exhausted:
            raise BudgetExhaustedError("the budget is used up within a stage")
        answer, shown = answer_of(tried.trajectory, tried.inspection.execution)
        found = tried.inspection
        return _executed(meter, tried, answer, shown, passed=passes(found), verified=found.verified)

    author = Author(open_, bench.prompts, "the whole task", bench.task, bench.tools, on_text=bench.on_text)
    return Routed(author.write, execute)


def next_move(open_: Open, prompts: Prompts, scene: Scene) -> Routed[Move]:
    """What an agent does next. Where no user hears them, words end the work: only a final answer in them counts."""
    request = scene.request
    heard = request.voice is not None

    async def execute(role: str, manner: Manner) -> Executed[Move]:
        meter = await open_(role)
        drawn = Drawn(meter.client, manner.temperature, manner.sample)
        notes = "\n".join(filter(None, [request.notes, _notes(manner)]))
        guided = replace(scene, work=replace(scene.work, notes=notes))
        try:
            move = await Actor(drawn, prompts, native_tools=meter.native_tools).move(guided)
        except AnswerError as error:
            return _executed(meter, None, "", f"of no use: {error}")
        return _executed(meter, move, *move_answer(move, heard=heard))

    author = Author(
        open_,
        prompts,
        "the agent's next move",
        replace(request.task, instruction=scene.work.instruction),
        request.tools,
        prompting.show_steps(scene.steps, scene.execution.steps),
        on_text=request.on_text,
    )
    return Routed(author.write, execute)


def proposal(open_: Open, prompts: Prompts, request: ProposalRequest, *, check: bool) -> Routed[Proposal]:
    """Edits of a trajectory; equal edits are equal answers, whatever they are explained by.

    Args:
        open_: Opens the models.
        prompts: Holds the questions.
        request: What is proposed for.
        check: Execute what each sample proposes, to see whether it passes the visible checks.
    """
    base, inspection = request.base, request.inspection

    async def execute(role: str, manner: Manner) -> Executed[Proposal]:
        meter = await open_(role)
        drawn = Drawn(meter.client, manner.temperature, manner.sample)
        try:
            found = await ModelProposer(drawn, prompts, _notes(manner)).propose(request)
        except AnswerError as error:
            return _executed(meter, None, "", f"of no use: {error}")
        found = replace(found, settings={**found.settings, "temperature": manner.temperature, "sample": manner.sample})
        if not found.hunks:
            return _executed(meter, found, "", "nothing is proposed")
        passed = None
        if check:
            passed = passes(await request.inspect(evolve(base, found.hunks, found.proposer)))
        shown = "; ".join(map(prompting.show_hunk, found.hunks))
        return _executed(meter, found, hunks_answer(found.hunks), shown, passed=passed)

    author = Author(
        open_,
        prompts,
        "the edits that mend the recorded run",
        request.task,
        request.tools,
        prompting.show_steps(base.steps, inspection.execution.steps, near=inspection.earliest_cause),
        prompting.show_gradients(inspection.gradients),
        request.on_text,
    )
    return Routed(author.write, execute)


def answer_of(trajectory: Trajectory, execution: Execution) -> tuple[str, str]:
    """What a rollout comes to, in a form in which equal ones are equal texts, and for people.

    The final answer where one is given as such; else the actions that changed the environment, in order; else what the
    agent said last. Both empty where it came to nothing.
    """
    given = given_answer(trajectory)
    if given is not None and given.text.strip():
        return comparable(given.text), given.text
    writes: list[Json] = [
        [step.tool, step.arguments]
        for step, executed in zip(trajectory.steps, execution.steps, strict=False)
        if step.is_action and executed.observation is not None and not executed.observation.failed
        if executed.observation.changed
    ]
    if writes:
        return canonical(writes), f"{len(writes)} changes: {prompting.compact(writes)}"
    said = final_answer(trajectory)
    return (comparable(said.text), said.text) if said is not None else ("", "")


def move_answer(move: Move, *, heard: bool) -> tuple[str, str]:
    """The same of a move."""
    if move.calls:
        calls = [prompting.show_call(call.name, call.arguments) for call in move.calls]
        return canonical([[call.name, call.arguments] for call in move.calls]), "; ".join(calls)
    if not move.text.strip() and not move.done:
        return "", ""
    said = move.text if heard else stated(move.text) or ""
    return canonical(["say", comparable(said)]), said or move.text or "done"


def hunks_answer(hunks: tuple[Hunk, ...]) -> str:
    """The same of edits: where they are and what they put there."""
    return canonical(
        [
            [hunk.start, hunk.end, hunk.to, [[s.role, comparable(s.text), s.tool, s.arguments] for s in hunk.after]]
            for hunk in hunks
        ]
    )


def passes(inspection: Inspection) -> bool | None:
    """Whether a trajectory passes the checks that an agent may see: none fails, and no action does.

    Args:
        inspection: As the environment found it, or without what reveals the answer (`gradients.for_autonomous`).

    Returns:
        None where nothing is judged but what depends on the answer.
    """
    visible = [
        finding
        for finding in inspection.findings
        if finding.kind is not FindingKind.SOFT and not finding.reveals_answer and not is_hidden(finding)
    ]
    if not visible:
        return None
    refused = any(executed.status is StepStatus.FAILED for executed in inspection.execution.steps)
    return not refused and all(finding.met for finding in visible)


def _executed(
    meter: Meter, made: T | None, answer: str, shown: str, *, passed: bool | None = None, verified: bool | None = None
) -> Executed[T]:
    return Executed(made, answer, shown[:SHOWN], meter.account.spent, meter.keys, passed, verified)


def _notes(manner: Manner) -> str:
    """What the executing model is to bear in mind."""
    parts = (("What to achieve", manner.goal), ("How to go about it", manner.guideline))
    return "\n".join(f"{heading}: {text}" for heading, text in parts if text)
