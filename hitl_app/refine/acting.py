"""Acting: a model works on a task step by step in the environment, from its beginning or from any step of a run."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from hitl_app.domain.inspection import ExecutedStep, Execution
from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.model import AnswerError, ModelRequest, NotOnRecordError, Purpose
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.replan import carried_out
from hitl_app.domain.run import BudgetExhaustedError
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Recorded, Step, Trajectory, action, message
from hitl_app.refine.chat import JsonForm, Move, NativeForm, Work
from hitl_app.refine.voices import Voice, is_user_message, sampling_of

MAX_STEPS = 100
"""New steps of one rollout, where nothing else is said."""

REPEATS = 3
"""The same call that fails for the third time ends a rollout."""

Execute = Callable[[tuple[Step, ...]], Awaitable[Execution]]
"""Replays steps from the initial state; only what is new runs."""


@dataclass(frozen=True)
class ActRequest:
    """What a model acts on.

    Attributes:
        task: Without what it is judged by.
        prefix: Steps that stand already; the model goes on after them.
        voice: Speaks for the user; None where nobody does.
        max_steps: Ceiling of new steps.
        sample: Number among rollouts that are equal otherwise.
        notes: Feedback, reflections and such that the model is to bear in mind.
        on_text: Receives the model's words as they come.
        replanning: Writes the rest of the plan anew as the work goes on; None leaves the plan as it is.
    """

    task: Task
    tools: tuple[ToolSpec, ...]
    execute: Execute
    prefix: tuple[Step, ...] = ()
    plan: tuple[PlanStep, ...] = ()
    voice: Voice | None = None
    max_steps: int = MAX_STEPS
    sample: int = 0
    notes: str = ""
    on_text: OnText = lambda text: None
    replanning: "Replanning | None" = None

    @property
    def work(self) -> Work:
        """What of it the model reads."""
        told = _is_told(self)
        served = not told and (self.voice is not None or any(map(is_user_message, self.prefix)))
        return Work(self.task, self.tools, self.plan, self.notes, served, told)


@dataclass(frozen=True)
class Rollout:
    """What a model did.

    Attributes:
        steps: The new ones, behind the prefix; each action expects what was observed.
        execution: Of the prefix and the new steps.
        ended_by: Why it ended, in words.
        exhausted: The budget ended it.
        plan: As it stands at the end.
        earlier: What it was before, where it was written anew; `until` counts the steps of the prefix, too.
    """

    steps: tuple[Step, ...]
    execution: Execution
    ended_by: str
    exhausted: bool = False
    plan: tuple[PlanStep, ...] = ()
    earlier: tuple[EarlierPlan, ...] = ()


@dataclass(frozen=True)
class Scene:
    """Where an acting model stands.

    Attributes:
        work: What it works on.
        steps: Everything that was said and done so far.
        execution: What came of these steps.
    """

    request: ActRequest
    work: Work
    steps: tuple[Step, ...]
    execution: Execution


@dataclass(frozen=True)
class Left:
    """What is still to do by a plan that is written anew.

    Attributes:
        done: Number of first steps of the old plan that are carried out.
        steps: The steps to do.
        why: What changed and why, for people.
    """

    done: int
    steps: tuple[PlanStep, ...]
    why: str = ""

    def after(self, plan: tuple[PlanStep, ...]) -> tuple[PlanStep, ...]:
        """The whole new plan: what was carried out, as it was, and what is left."""
        return (*plan[: self.done], *self.steps)


class Replanning(Protocol):
    """Writes the rest of a plan anew after so many actions (`every`)."""

    every: int

    async def left(self, scene: Scene, locked: int) -> Left:
        """What is still to do; raises like a `Mover`.

        Args:
            scene: Where the work stands; its plan is the one that is written anew.
            locked: Number of first plan steps that are carried out, at least: `Left.done` is never less.
        """
        ...


Mover = Callable[[Scene], Awaitable[Move]]
"""Says what is done next. Raises AnswerError where nothing sensible is said: that ends the rollout."""


class Actor:
    """Lets a model act."""

    def __init__(self, client: ModelClient, prompts: Prompts, *, native_tools: bool | None = None) -> None:
        """Let a model act.

        Args:
            client: The model.
            prompts: Holds `act` and `act_json`.
            native_tools: The server takes tool calls. None where nobody knows: then it is taken to, unless the record
                that is replayed shows otherwise.
        """
        self._client = client
        self._prompts = prompts
        self._native = native_tools

    async def act(self, request: ActRequest) -> Rollout:
        """Act until the work is over or may not go on. What was done until then is kept, also by an exhausted budget.

        Raises:
            ModelUnavailableError: The model cannot be asked.
            EnvironmentUnavailableError: The environment cannot execute the task.
        """
        return await act(request, self.move)

    async def move(self, scene: Scene) -> Move:
        """The model's next move.

        Raises:
            ModelError: The model cannot be asked. AnswerError where its answer is no move.
        """
        if self._native is None:
            try:
                return await self._ask(scene, NativeForm())
            except NotOnRecordError:
                return await self._ask(scene, JsonForm())
        return await self._ask(scene, NativeForm() if self._native else JsonForm())

    async def _ask(self, scene: Scene, form: NativeForm | JsonForm) -> Move:
        request, prompt = scene.request, self._prompts.get(form.prompt)
        asked = ModelRequest(
            Purpose.ACT,
            tuple(form.messages(prompt, scene.work, scene.steps, scene.execution)),
            prompt.label,
            form.tools(scene.work),
            form.schema,
            sampling_of(request.sample),
            request.sample,
        )
        return form.read(await self._client.ask(asked, request.on_text))


async def act(request: ActRequest, mover: Mover) -> Rollout:
    """Act as a mover says, until the work is over or may not go on; see `Actor.act`."""
    return await _Acting(request, mover).run()


class _Acting:
    """One rollout under way."""

    _execution: Execution

    def __init__(self, request: ActRequest, mover: Mover) -> None:
        self._request = request
        self._mover = mover
        self._steps = request.prefix
        self._failed: Counter[str] = Counter()
        self._plan_step: int | None = None
        self._work = request.work
        self._earlier: tuple[EarlierPlan, ...] = ()
        self._locked = self._done_since = 0

    async def run(self) -> Rollout:
        request, exhausted = self._request, False
        self._execution = await request.execute(self._steps)
        try:
            ended_by = await self._until_over()
        except BudgetExhaustedError as reason:
            ended_by, exhausted = str(reason), True
        except AnswerError as error:
            ended_by = f"the model's answer could not be used: {error}"
        execution = await request.execute(self._steps)
        made = self._steps[len(request.prefix) :]
        return Rollout(made, execution, ended_by, exhausted, self._work.plan, self._earlier)

    async def _until_over(self) -> str:
        request = self._request
        over = await self._listen() if request.voice is not None and self._user_is_next() else ""
        while not over:
            room = request.max_steps - (len(self._steps) - len(request.prefix))
            if room <= 0:
                return f"the ceiling of {request.max_steps} steps was reached"
            await self._replan()
            over = await self._do(await self._mover(self._scene), room)
        return over

    def _user_is_next(self) -> bool:
        """The agent spoke last, or nobody did."""
        return not self._steps or (not self._steps[-1].is_action and self._steps[-1].role == "assistant")

    @property
    def _scene(self) -> Scene:
        return Scene(self._request, self._work, self._steps, self._execution)

    async def _replan(self) -> None:
        """Have the rest of the plan written anew where it is time to; what was carried out stays as it is."""
        replanning, plan = self._request.replanning, self._work.plan
        if replanning is None or self._done_since < replanning.every:
            return
        self._done_since, at = 0, len(self._steps)
        self._locked = max(self._locked, carried_out(Trajectory(self._request.task.id, self._steps, plan), at))
        left = await replanning.left(self._scene, self._locked)
        self._locked = max(self._locked, left.done)
        anew = replace(left, done=self._locked).after(plan)
        if anew != plan:
            self._earlier = (*self._earlier, EarlierPlan(at, plan))
            self._work = replace(self._work, plan=anew)

    async def _do(self, move: Move, room: int) -> str:
        """Carry out a move; the answer says why the work is over, or nothing."""
        if move.plan_step is not None:
            known = 0 <= move.plan_step < len(self._work.plan)
            self._plan_step = move.plan_step if known else None
        if move.calls:
            return await self._call(move, room) or ("the model says that it is done" if move.done else "")
        if not move.text.strip():
            return (
                "the model says that it is done" if move.done else "the model neither called a tool nor said anything"
            )
        await self._add([message(move.text, plan_step=self._plan_step)])
        if move.done:
            return "the model says that it is done"
        if self._request.voice is None:
            return "the model answered"
        return await self._listen() if room > 1 else ""

    async def _call(self, move: Move, room: int) -> str:
        turn = 1 + max((step.turn for step in self._steps if step.turn is not None), default=-1)
        calls = [
            action(
                call.name,
                call.arguments,
                thought=move.text if number == 0 else "",
                turn=turn,
                plan_step=self._plan_step,
            )
            for number, call in enumerate(move.calls[:room])
        ]
        before = self._steps
        executed = await self._add(calls)
        self._done_since += len(calls)
        names = {tool.name for tool in self._request.tools}
        for step, outcome in zip(calls, executed, strict=True):
            observation = outcome.observation
            if not outcome.replayed and observation is not None and step.tool in names:
                self._steps = before  # nothing was observed that anybody could go on from
                return f"nothing can be executed here: {observation.error}"
            if observation is not None and observation.failed:
                call = canonical([step.tool, step.arguments])
                self._failed[call] += 1
                if self._failed[call] == REPEATS:
                    return f"the same call of {step.tool} failed {REPEATS} times"
        return ""

    async def _add(self, steps: Sequence[Step]) -> Sequence[ExecutedStep]:
        """Execute more steps; from then on each expects what was observed."""
        self._execution = await self._request.execute((*self._steps, *steps))
        executed = self._execution.steps[len(self._steps) :]
        observed = [replace(step, expected=expected_of(outcome)) for step, outcome in zip(steps, executed, strict=True)]
        self._steps = (*self._steps, *observed)
        return executed

    async def _listen(self) -> str:
        """Let the user speak; the answer says why the conversation is over, or nothing."""
        voice = self._request.voice
        if voice is None:
            return "nobody speaks for the user"
        reply = await voice.reply(self._steps, self._execution)
        if reply.text:
            await self._add([message(reply.text, role="user")])
        return reply.over


def _is_told(request: ActRequest) -> bool:
    """The prefix begins with the task's instruction, as recordings of tasks without a talking user do."""
    first = request.prefix[0] if request.prefix else None
    return first is not None and is_user_message(first) and first.text.strip() == request.task.instruction.strip()


def expected_of(outcome: ExecutedStep) -> Recorded | None:
    """What was observed, where the environment itself did not fail."""
    observation = outcome.observation
    if observation is None or (outcome.replayed and observation.error):
        return None
    return Recorded(observation.text or observation.error, observation.failed)
