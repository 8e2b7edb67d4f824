"""Failure classes beside the work: the list that people edit, and in which class each lineage belongs."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

from hitl_app.domain.codec import CodecError
from hitl_app.domain.decision import DecisionKind
from hitl_app.domain.errors import StoreError, UserError
from hitl_app.domain.failure_classes import (
    FAILURE_CLASS,
    SHIPPED,
    Classification,
    ClassSource,
    FailureClass,
    checked,
    classes_from_json,
    find_class,
    made_for,
    said_in,
    signals,
    told_by_words,
)
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import ChangeSet
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.query import parse_query
from hitl_app.domain.run import Budget, RunSettings, TaskResult, TaskStatus
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.classifying import Classifier
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.gradients import for_autonomous
from hitl_app.workflow.blind import visible_to
from hitl_app.workflow.deciding import Deciding, Maker
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.review import NOTED, Decided
from hitl_app.workflow.running import RunEvent, Running, TaskContext
from hitl_app.workflow.threads import Threads

KEY = "failure_classes"
"""The preference that keeps the list."""

CLASSIFY = "classify"
"""The command of the runs in which a model classifies."""


class Classifying:
    """Use cases around failure classes."""

    def __init__(
        self,
        store: Store,
        threads: Threads,
        clock: Clock,
        *,
        refinement: Refinement,
        models: Models,
        running: Running,
    ) -> None:
        self._store = store
        self._threads = threads
        self._deciding = Deciding(store, clock)
        self._refinement = refinement
        self._models = models
        self._running = running

    async def classes(self) -> tuple[FailureClass, ...]:
        """The list, as somebody edited it or as it is shipped. Raises StoreError where it cannot be read."""
        return await self._threads.database(self._load)

    async def save_classes(self, classes: Sequence[FailureClass] | None) -> tuple[FailureClass, ...]:
        """Keep another list for everybody who works at this store; None goes back to the shipped one.

        What was classified under a name that is no more stays on record under that name.

        Raises:
            UserError: The list cannot be used; says why, and nothing was changed.
        """
        kept = SHIPPED if classes is None else checked(classes)
        value: JsonObject = {} if classes is None else {"classes": [each.to_json() for each in kept]}
        await self._threads.database(self._store.set_preference, KEY, value)
        return kept

    async def class_of(self, prefix: str, viewer: str = "") -> Classification:
        """In which class a lineage belongs: a person's word, else a model's, else what it was made for, else by words.

        By words it is told from the inspection of the recording, which says what went wrong at first; where nothing
        did, from that of the head.

        Args:
            prefix: Any trajectory of the lineage, by its id or the first digits of it.
            viewer: A blind annotator, to whom what others said is hidden.
        """
        return await self._threads.database(self._class_of, prefix, viewer)

    async def classify(self, prefix: str, name: str, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Put a person's word on record: the lineage belongs in that class.

        Raises:
            UserError: There is no class of that name.
        """
        known = find_class(await self.classes(), name)
        entry = await self._threads.database(
            self._deciding.mark, prefix, maker, DecisionKind.CLASSIFY, None, {FAILURE_CLASS: known.name}
        )
        return Decided(entry), NOTED

    async def ask(
        self,
        ids: Sequence[str],
        *,
        budget: Budget = Budget(),
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        concurrency: int = 4,
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Let a model say in which class the failures of trajectories belong; what it says goes on record.

        One in which nothing was found wrong is not asked about. A person's word goes before a model's.

        Args:
            ids: Trajectories by id or its first digits; recordings, as a rule.
            budget: Hard ceilings.
            chosen: The model, where it is not the one of the settings.
            concurrency: Trajectories at the same time.
            answers: File of recorded calls to answer from, instead of a server.
        """
        endpoint = await self._models.endpoint(chosen)
        starts = await self._threads.database(lambda: tuple(dict.fromkeys(map(self._store.resolve, ids))))
        settings = RunSettings(
            CLASSIFY,
            starts,
            model=endpoint.model,
            base_url=endpoint.base_url,
            budget=budget,
            concurrency=concurrency,
            detail={"classes": [each.to_json() for each in await self.classes()]},
        )
        events = self._running.start(settings, self._one, AutomaticGate(), endpoint=endpoint, answers=answers)
        async with aclosing(events):
            async for event in events:
                yield event

    async def resume(self, run_id: str, *, answers: Path | None = None) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled run; a recorded call is never repeated.

        Raises:
            UserError: It is a run of another command.
        """
        run = await self._running.find(run_id)
        settings = run.settings
        if settings.command != CLASSIFY:
            raise UserError(f'run {run.id[:12]} is a run of "{settings.command}": resume it with that command')
        endpoint = await self._models.endpoint(Chosen(settings.base_url, settings.model))
        events = self._running.start(
            settings, self._one, AutomaticGate(), endpoint=endpoint, answers=answers, resume=run
        )
        async with aclosing(events):
            async for event in events:
                yield event

    async def recordings(self, query: str = "") -> list[str]:
        """Ids of the recordings of all lineages that a query finds."""
        return await self._threads.database(lambda: list(self._store.root_ids(parse_query(query))))

    async def _one(self, context: TaskContext) -> Sequence[TaskResult]:
        run = context.run
        task, trajectory, inspection = await self._threads.database(self._known, context.start_id)
        if inspection is None:
            inspection = (await self._refinement.inspect(trajectory.id))[0].inspection
        title = f"{task.key} {task.title}"
        if not signals(trajectory, inspection):
            return [TaskResult(trajectory.id, title, TaskStatus.UNVERIFIED, "nothing was found wrong in it")]
        client, _ = await context.client()
        classifier = Classifier(client, self._models.prompts)
        classes = classes_from_json(run.settings.detail)
        found = await classifier.classify(task, trajectory, for_autonomous(inspection), classes, context.say)
        if found is None:
            return [TaskResult(trajectory.id, title, TaskStatus.UNVERIFIED, "none of the classes fits", iterations=1)]
        maker = Maker(context.gate.who, found.reason, run=run.id)
        detail: JsonObject = {FAILURE_CLASS: found.name, "model": run.settings.model}
        await self._threads.record(self._record, trajectory, maker, detail)
        return [TaskResult(trajectory.id, title, TaskStatus.UNVERIFIED, found.name, iterations=1)]

    def _record(self, trajectory: Trajectory, maker: Maker, detail: JsonObject) -> None:
        """Put a model's word on record, once a run."""
        entries = self._store.entries(trajectory.root_id)
        mine = (e.decision for e in entries if e.decision.kind is DecisionKind.CLASSIFY)
        if not any(decision.detail.get("run") == maker.run for decision in mine):
            self._deciding.mark(trajectory.id, maker, DecisionKind.CLASSIFY, None, detail)

    def _load(self) -> tuple[FailureClass, ...]:
        kept = self._store.preference(KEY)
        if not kept:
            return SHIPPED
        try:
            return classes_from_json(kept)
        except CodecError as error:
            raise StoreError(f"the failure classes of this store cannot be read: {error}") from error

    def _known(self, trajectory_id: str) -> tuple[Task, Trajectory, Inspection | None]:
        trajectory = self._store.trajectory(trajectory_id)
        return self._store.task(trajectory.task_id), trajectory, self._store.inspection(trajectory_id)

    def _class_of(self, prefix: str, viewer: str) -> Classification:
        root_id = self._store.trajectory(self._store.resolve(prefix)).root_id
        said = said_in(visible_to(viewer, self._store.entries(root_id)))
        if said is not None:
            return Classification(root_id, *said)
        recording = self._store.trajectory(root_id)
        if wanted := made_for(recording):
            return Classification(root_id, wanted, ClassSource.EXPANSION)
        for trajectory_id in dict.fromkeys((root_id, self._store.row(root_id, viewer).head_id)):
            inspection = self._store.inspection(trajectory_id)
            if inspection is not None:
                trajectory = self._store.trajectory(trajectory_id)
                name, evidence = told_by_words(self._load(), signals(trajectory, inspection))
                if name:
                    return Classification(root_id, name, ClassSource.WORDS, evidence)
        return Classification(root_id)
