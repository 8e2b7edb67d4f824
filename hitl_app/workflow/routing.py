"""COPE: tasks that a small and a large model share in a cascade, and what other thresholds would have come to."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from hitl_app.domain.codec import get_bool, get_int, get_object
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.method_codec import routing_from_json
from hitl_app.domain.model import AnswerError
from hitl_app.domain.ports import Gate, Store
from hitl_app.domain.routing import (
    SMALL,
    Comparator,
    Confidence,
    Place,
    RoutedStage,
    RoutingError,
    RoutingSettings,
)
from hitl_app.domain.routing_replay import GRID, Replay, replay, sweep
from hitl_app.domain.run import Arm, Budget, Run, RunSettings, TaskResult, TaskStatus
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Source, Step, Trajectory, message
from hitl_app.refine.acting import MAX_STEPS
from hitl_app.refine.bench import Bench
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.routed import whole_task
from hitl_app.refine.routed_agents import COPE_ROUTING, RoutedActor, stage_line
from hitl_app.refine.routing import route
from hitl_app.refine.voices import is_user_message
from hitl_app.workflow.benches import bench_of
from hitl_app.workflow.cascades import Cascades, Cascading, RoutedBy, chosen_cascading, recorded_cascading
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.running import RunEvent, Running, TaskContext
from hitl_app.workflow.task_names import find_tasks
from hitl_app.workflow.threads import Threads

__all__ = ["COMMAND", "Routing", "stage_line"]

COMMAND = "route"


class Routing:
    """Use cases of the cascade."""

    def __init__(
        self, store: Store, threads: Threads, *, refinement: Refinement, models: Models, running: Running
    ) -> None:
        self._store = store
        self._threads = threads
        self._refinement = refinement
        self._models = models
        self._running = running

    async def route(
        self,
        tasks: Sequence[str],
        settings: RoutingSettings = RoutingSettings(),  # noqa: B008 -- immutable
        *,
        small: Chosen = Chosen(),  # noqa: B008 -- immutable
        large: Chosen = Chosen(),  # noqa: B008 -- immutable
        step_by_step: bool = False,
        max_steps: int = MAX_STEPS,
        budget: Budget = Budget(),
        gate: Gate | None = None,
        answers: Path | None = None,
        concurrency: int = 4,
    ) -> AsyncGenerator[RunEvent, None]:
        """Let the cascade work on tasks; yields what happens: `running.Routed` for each stage, a result for each task.

        What the winner did becomes a recording; of the others their answers, plans and costs are kept with the stages.

        Args:
            tasks: By key, or by id or the first digits of it.
            settings: Samples, thresholds, temperatures.
            small: The small model.
            large: The large one.
            step_by_step: A cascade for each next move of the agent, instead of one for the whole task.
            max_steps: Ceiling of a rollout's steps.
            budget: Hard ceilings.
            gate: A person's gate, asked after each of the first two stages; None leaves it to the thresholds.
            answers: File of recorded calls to answer from, instead of a server.
            concurrency: Tasks at the same time; the samples of a stage run at the same time anyway.

        Raises:
            RoutingError: A single move is to be judged by visible checks, which judge whole trajectories.
        """
        if step_by_step and settings.confidence is Confidence.VISIBLE:
            raise RoutingError("checks judge whole trajectories: step by step the cascade needs the majority")
        cascading = await chosen_cascading(self._models, RoutedBy(small, large, settings))
        run = RunSettings(
            COMMAND,
            await self._threads.database(lambda: find_tasks(self._store.tasks(), tasks)),
            proposer=COPE_ROUTING,
            model=cascading.names,
            base_url=cascading.small.base_url,
            budget=budget,
            arm=Arm.AUTONOMOUS if gate is None else Arm.HUMAN,
            samples=settings.samples,
            concurrency=1 if gate is not None or cascading.by_hand else concurrency,
            detail={**cascading.to_json(), "step_by_step": step_by_step, "max_steps": max_steps},
        )
        async with aclosing(self._start(run, cascading, gate=gate, answers=answers)) as events:
            async for event in events:
                yield event

    async def resume(
        self, run_id: str, gate: Gate | None = None, *, answers: Path | None = None
    ) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled run: no call is repeated, nobody is asked twice.

        Raises:
            UserError: It is a run of another command, or it was a person's and no gate is given.
        """
        run = await self._routed(run_id)
        if run.settings.arm is Arm.HUMAN and gate is None:
            raise UserError(f"run {run.id[:12]} asks a person at its gates: resume it at the desk")
        cascading = await recorded_cascading(self._models, run.settings.detail)
        async with aclosing(self._start(run.settings, cascading, gate=gate, answers=answers, resume=run)) as events:
            async for event in events:
                yield event

    async def stages(self, run_id: str) -> tuple[RoutedStage, ...]:
        """The stages of a run's cascades, in the order in which they ended; of any run that has some."""
        run = await self._running.find(run_id)
        return await self._threads.database(lambda: tuple(stage for _, stage in self._store.stages(run.id)))

    async def what_if(self, run_id: str, tau1: float, tau2: float, comparator: Comparator | None = None) -> Replay:
        """What a run would have come to under other thresholds: from its votes, without asking any model.

        Args:
            run_id: By the first digits of its id.
            tau1: Threshold of stage 1.
            tau2: Threshold of stage 2.
            comparator: None keeps the run's own.

        Raises:
            UserError: It is a run of another command.
        """
        run = await self._routed(run_id)
        settings = RoutingSettings(tau1=tau1, tau2=tau2, comparator=comparator or _comparator(run))
        return replay(await self.stages(run.id), settings)

    async def replayed(self, stages: Sequence[RoutedStage], settings: RoutingSettings) -> Replay:
        """The same for stages that were read before, such as while a slider moves."""
        return await self._threads.background(replay, stages, settings)

    async def sweep(
        self, run_id: str, comparator: Comparator | None = None, thresholds: Sequence[float] = GRID
    ) -> tuple[Replay, ...]:
        """The same under all pairs of thresholds: cost against quality."""
        run = await self._routed(run_id)
        stages = await self.stages(run.id)
        return await self._threads.background(lambda: tuple(sweep(stages, comparator or _comparator(run), thresholds)))

    async def _routed(self, run_id: str) -> Run:
        run = await self._running.find(run_id)
        if run.settings.command != COMMAND:
            raise UserError(f'run {run.id[:12]} is a run of "{run.settings.command}", not of "{COMMAND}"')
        return run

    async def _start(
        self,
        settings: RunSettings,
        cascading: Cascading,
        *,
        gate: Gate | None,
        answers: Path | None,
        resume: Run | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        async def work(context: TaskContext) -> Sequence[TaskResult]:
            cascades = Cascades(self._store, self._threads, self._models, context=context, cascading=cascading)
            return [await self._one(context, cascades)]

        if answers is None:
            await self._models.ready(cascading.large)
        events = self._running.start(
            settings,
            work,
            gate or AutomaticGate(),
            endpoint=cascading.small,
            answers=answers,
            resume=resume,
        )
        async with aclosing(events):
            async for event in events:
                yield event

    async def _one(self, context: TaskContext, cascades: Cascades) -> TaskResult:
        task = await self._threads.database(self._store.task, context.start_id)
        meter = await cascades.open(SMALL)
        bench = await bench_of(
            self._refinement,
            task,
            meter.client,
            self._models.prompts,
            native_tools=meter.native_tools,
            on_text=context.say,
            max_steps=get_int(context.run.settings.detail, "max_steps"),
        )
        if get_bool(context.run.settings.detail, "step_by_step"):
            return await self._step_by_step(context, cascades, task, bench)
        resolved = await route(whole_task(cascades.open, bench), Place(task.id), cascades.control(task))
        if resolved.made is None:
            raise AnswerError("neither model came to anything")
        stage = resolved.stage
        made = _recording(context.run, task, resolved.made.trajectory, stage=stage.stage, model=stage.role)
        inspection = await self._keep(task, made)
        result = _result(task, inspection, stage_line(stage))
        executed = sum(len(each.samples) for each in resolved.stages)
        return replace(result, iterations=len(resolved.stages), executions=executed)

    async def _step_by_step(self, context: TaskContext, cascades: Cascades, task: Task, bench: Bench) -> TaskResult:
        actor = RoutedActor(cascades.open, bench.prompts, cascades.control(task), task.id)
        # The steps of the cascades are then those of the recording, which begins with what was asked.
        rollout = await actor.act(replace(bench.request(), prefix=_asked(task)))
        if not rollout.steps:
            raise AnswerError(f"neither model came to anything: {rollout.ended_by}")
        made = _recording(context.run, task, Trajectory(task.id, rollout.steps), ended_by=rollout.ended_by)
        inspection = await self._keep(task, made)
        return replace(_result(task, inspection, rollout.ended_by), iterations=len(rollout.steps), executions=1)

    async def _keep(self, task: Task, trajectory: Trajectory) -> Inspection:
        """Keep a rollout as a recording, with what a replay from the initial state finds of it."""
        await self._threads.record(self._store.add_runs, [ImportedRun(task, trajectory)])
        inspected, _ = await self._refinement.inspect(trajectory.id)
        return inspected.inspection


def _recording(run: Run, task: Task, made: Trajectory, **extra: str | int) -> Trajectory:
    """What the cascade came to as a recording; it begins with what was asked."""
    steps = made.steps if any(map(is_user_message, made.steps)) else (*_asked(task), *made.steps)
    source = Source(
        file=f"cascade for {task.key}",
        index=0,
        record_id=f"{COPE_ROUTING} by {run.settings.model}",
        format=COMMAND,
        model=run.settings.model,
        extra={"run": run.id, **extra},
    )
    return Trajectory(task.id, steps, made.plan, source=source)


def _asked(task: Task) -> tuple[Step, ...]:
    return (message(task.instruction, role="user"),) if task.instruction else ()


def _result(task: Task, inspection: Inspection, stopped_by: str) -> TaskResult:
    return TaskResult(
        task.id,
        f"{task.key} {task.title}",
        TaskStatus.VERIFIED if inspection.verified else TaskStatus.UNVERIFIED,
        stopped_by,
        after=inspection.losses,
        best_id=inspection.trajectory_id,
    )


def _comparator(run: Run) -> Comparator:
    return routing_from_json(get_object(run.settings.detail, "routing")).comparator
