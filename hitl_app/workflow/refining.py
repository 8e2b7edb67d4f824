"""The loop over recorded trajectories, with any proposer, autonomous or with a person at the gates."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from hitl_app.domain.codec import get_object, gradient_from_json
from hitl_app.domain.decision import AUTOMATIC, Decision, DecisionKind
from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ChangeSet
from hitl_app.domain.model import ModelEndpoint, ModelError
from hitl_app.domain.ports import Gate, ModelClient, Proposer, Store
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.run import Arm, Budget, RunSettings, TaskResult, TaskStatus
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.loop import Inspected, Judged, Proposed, Refused, Stages, Stopped, Verified, refine
from hitl_app.refine.model_proposer import ModelProposer
from hitl_app.refine.repair import Repairer
from hitl_app.refine.routed_agents import COPE_ROUTING, RoutingProposer
from hitl_app.workflow.cascades import Cascades, RoutedBy, chosen_cascading, recorded_cascading
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.refinement import MAX_EXECUTIONS, Candidate, Refinement
from hitl_app.workflow.review import Review
from hitl_app.workflow.running import RunEvent, Running, TaskContext, TaskEnded
from hitl_app.workflow.stages import TaskStages
from hitl_app.workflow.threads import Threads

REPAIR, MODEL = "repair", "model"
OFFLINE: Mapping[str, Callable[[], Proposer]] = {REPAIR: Repairer}
"""Proposers that ask no model, by name."""
PROPOSERS = (*OFFLINE, MODEL, COPE_ROUTING)
"""Names of all proposers."""


@dataclass(frozen=True)
class _Lineage:
    """What the work on one trajectory needs of the store."""

    title: str
    trajectory: Trajectory
    recorded: Inspection


class Refining:
    """Use cases that run the loop."""

    def __init__(
        self,
        store: Store,
        threads: Threads,
        *,
        refinement: Refinement,
        review: Review,
        models: Models,
        running: Running,
    ) -> None:
        self._store = store
        self._threads = threads
        self._refinement = refinement
        self._review = review
        self._models = models
        self._running = running

    async def refine(
        self,
        ids: Sequence[str],
        *,
        proposer: str = REPAIR,
        budget: Budget = Budget(),
        gate: Gate | None = None,
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        routed: RoutedBy = RoutedBy(),  # noqa: B008 -- immutable
        concurrency: int = 4,
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Refine trajectories, several at once, under one budget; yields what happens.

        Args:
            ids: Trajectories by id or its first digits; the loop starts from each as it is.
            proposer: `repair`, `model` or `cope_routing`.
            budget: Hard ceilings.
            gate: A person's gate; None runs autonomously.
            chosen: The model, where it is not the one of the settings.
            routed: The models of `cope_routing`; the small one also criticises, and judges where nothing else does.
            concurrency: Tasks at the same time.
            answers: File of recorded calls to answer from, instead of a server.
        """
        if proposer not in PROPOSERS:
            raise NotFoundError(f'there is no proposer "{proposer}"; there are {", ".join(PROPOSERS)}')
        starts = await self._threads.database(lambda: tuple(dict.fromkeys(map(self._store.resolve, ids))))
        settings = replace(
            await self._asking("refine", starts, proposer, chosen, routed),
            budget=budget,
            arm=Arm.AUTONOMOUS if gate is None else Arm.HUMAN,
            # A search keeps the one environment busy, and executes incrementally; a person is asked one by one.
            concurrency=concurrency if gate is None and proposer not in OFFLINE else 1,
        )
        endpoint = await self._endpoint_of(settings)
        events = self._running.start(settings, self._one, gate or AutomaticGate(), endpoint=endpoint, answers=answers)
        async with aclosing(events):
            async for event in events:
                yield event

    async def resume(
        self, run_id: str, gate: Gate | None = None, *, answers: Path | None = None
    ) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled run; a recorded call is never repeated.

        Raises:
            UserError: It is not a run of `refine`, or it was a person's and no gate is given.
        """
        run = await self._running.find(run_id)
        if run.settings.command != "refine":
            raise UserError(f'run {run.id[:12]} is a run of "{run.settings.command}": resume it with that command')
        if run.settings.arm is Arm.HUMAN and gate is None:
            raise UserError(f"run {run.id[:12]} asks a person at its gates: resume it at the desk")
        events = self._running.start(
            run.settings,
            self._one,
            gate or AutomaticGate(),
            endpoint=await self._endpoint_of(run.settings),
            answers=answers,
            resume=run,
        )
        async with aclosing(events):
            async for event in events:
                yield event

    async def undecided(self, root_ids: Sequence[str]) -> list[str]:
        """Heads of those lineages on which no person has decided."""

        def heads() -> list[str]:
            return [
                self._store.row(root_id).head_id
                for root_id in root_ids
                if all(entry.decision.annotator == AUTOMATIC for entry in self._store.entries(root_id))
            ]

        return await self._threads.database(heads)

    async def _asking(
        self, command: str, starts: tuple[str, ...], proposer: str, chosen: Chosen, routed: RoutedBy
    ) -> RunSettings:
        """What a run is started with, as far as its proposer and its models go."""
        if proposer in OFFLINE:
            return RunSettings(command, starts, proposer=proposer)
        if proposer == COPE_ROUTING:
            cascading = await chosen_cascading(self._models, routed)
            url = cascading.small.base_url
            return RunSettings(command, starts, proposer, cascading.names, url, detail=cascading.to_json())
        endpoint = await self._models.endpoint(chosen)
        return RunSettings(command, starts, proposer, endpoint.model, endpoint.base_url)

    async def _endpoint_of(self, settings: RunSettings) -> ModelEndpoint | None:
        """The model that a run asks for all but routed proposals."""
        if settings.proposer == COPE_ROUTING:
            return (await recorded_cascading(self._models, settings.detail)).small
        return await self._models.endpoint(Chosen(settings.base_url, settings.model)) if settings.model else None

    async def _proposer(self, context: TaskContext, client: ModelClient | None) -> Proposer:
        settings = context.run.settings
        if client is None:
            return OFFLINE[settings.proposer]()
        if settings.proposer != COPE_ROUTING:
            return ModelProposer(client, self._models.prompts)
        cascading = await recorded_cascading(self._models, settings.detail)
        cascades = Cascades(self._store, self._threads, self._models, context=context, cascading=cascading)
        store, start_id = self._store, context.start_id
        task = await self._threads.database(lambda: store.task(store.trajectory(start_id).task_id))
        return RoutingProposer(cascades.open, self._models.prompts, cascades.control(task))

    async def _one(self, context: TaskContext) -> Sequence[TaskResult]:
        """Run the loop over one trajectory, and put on record what its events say."""
        run = context.run
        lineage = await self._lineage(context)
        client = (await context.client())[0] if run.settings.model else None
        stages = self._stages(context, client, await self._proposer(context, client))
        iterations, executions = 0, 0
        last: Verified | None = None
        done = await self._threads.database(self._recorded_by, run.id, lineage.trajectory.root_id)
        async for event in refine(lineage.trajectory, stages, context.gate, run.settings.budget.iterations):
            match event:
                case Inspected() if event.trajectory.id == context.start_id:
                    lineage = replace(lineage, recorded=event.inspection)  # a model may have judged it besides
                case Proposed(proposal=proposal):
                    iterations += 1
                    executions += proposal.cost.executions
                case Refused(proposal=None):
                    iterations += 1
                case Judged(judgement=judgement):
                    if (judgement.base.id, judgement.candidate.id) not in done:
                        await self._record(event, context)
                case Verified():
                    last = event
                    for gradient in event.missed:
                        if (event.trajectory.id, gradient.id) not in done:
                            await self._review.add_gradient(event.trajectory.id, gradient, self._maker(context))
                case Stopped():
                    if last is not None and (last.trajectory.id, DecisionKind.VERIFY) not in done:
                        maker = self._maker(context, event.stopped_by)
                        await self._review.record_verification(last.trajectory.id, last.verification, maker)
                    context.tell(event)
                    return [self._result(context, lineage, event, iterations, executions)]
            context.tell(event)
        raise AssertionError("the loop ends with Stopped")

    def _result(
        self, context: TaskContext, lineage: _Lineage, end: Stopped, iterations: int, executions: int
    ) -> TaskResult:
        return TaskResult(
            context.start_id,
            lineage.title,
            end.status,
            end.stopped_by,
            before=lineage.recorded.losses,
            after=end.inspection.losses,
            best_id=end.best.id,
            iterations=iterations,
            executions=executions,
            error=end.stopped_by if end.status is TaskStatus.FAILED else "",
        )

    async def _lineage(self, context: TaskContext) -> _Lineage:
        inspected, _ = await self._refinement.inspect(context.start_id)
        start = inspected.trajectory
        if context.resumed and context.run.settings.arm is Arm.HUMAN:
            # A person is not asked twice: a resumed run goes on from where their decisions led.
            row = await self._threads.database(self._store.row, start.root_id)
            start = await self._threads.database(self._store.trajectory, row.head_id)
        task = inspected.task
        return _Lineage(f"{task.key} {task.title}", start, inspected.inspection)

    def _recorded_by(self, run_id: str, root_id: str) -> set[tuple[str, str]]:
        """What the run decided before it was interrupted: each base, with what was decided on."""
        return {
            (entry.decision.base_id, _subject(entry.decision))
            for entry in self._store.entries(root_id)
            if entry.decision.detail.get("run") == run_id
        }

    def _maker(self, context: TaskContext, reason: str = "") -> Maker:
        return Maker(context.gate.who, reason, run=context.run.id)

    def _stages(self, context: TaskContext, client: ModelClient | None, proposer: Proposer) -> Stages:
        return TaskStages(
            self._store,
            self._threads,
            self._refinement,
            context=context,
            proposer=proposer,
            client=client,
            prompts=self._models.prompts,
        ).stages()

    async def _record(self, event: Judged, context: TaskContext) -> None:
        """A passage through ACCEPT is a decision: taken, refused by the rule, or rejected by a person."""
        judgement, approval = event.judgement, event.approval
        candidate = Candidate.of(judgement)
        proposal = judgement.proposal
        maker = self._maker(context, approval.reason or judgement.explanation)
        if judgement.accepted and not approval.taken:
            await self._review.reject(judgement.base.id, maker, proposal_id=proposal.id, candidate=candidate)
            return
        kept = [number for number, hunk in enumerate(proposal.hunks) if hunk in judgement.hunks]
        await self._review.settle(candidate, maker, override=approval.override, proposal_id=proposal.id, kept=kept)

    async def propose(
        self,
        prefix: str,
        proposer: str = REPAIR,
        *,
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        routed: RoutedBy = RoutedBy(),  # noqa: B008 -- immutable
        gate: Gate | None = None,
        locked: int | None = None,
        max_executions: int = MAX_EXECUTIONS,
        budget: Budget = Budget(),
        cancelled: Callable[[], bool] = lambda: False,
        on_event: Callable[[RunEvent], None] = lambda event: None,
        answers: Path | None = None,
    ) -> tuple[Proposal, ChangeSet]:
        """One proposal for one trajectory, decided on by nobody yet. It is a run of its own in the record.

        Args:
            prefix: The base.
            proposer: `repair`, `model` or `cope_routing`.
            chosen: The model, where it is not the one of the settings.
            routed: The models of `cope_routing`.
            gate: A person's gate, asked after the stages of a cascade.
            locked: Number of first steps that must stay; None takes the validated prefix.
            max_executions: Ceiling of candidates that a search executes.
            budget: Hard ceilings.
            cancelled: Asked between the candidates of a search.
            on_event: Told what happens, such as a model's words.
            answers: File of recorded calls to answer from, instead of a server.
        """
        if proposer not in PROPOSERS:
            raise NotFoundError(f'there is no proposer "{proposer}"; there are {", ".join(PROPOSERS)}')
        if proposer in OFFLINE:
            return await self._refinement.propose(
                prefix, OFFLINE[proposer](), locked=locked, max_executions=max_executions, cancelled=cancelled
            )
        start = await self._threads.database(self._store.resolve, prefix)
        found: list[tuple[Proposal, ChangeSet]] = []

        async def one(context: TaskContext) -> Sequence[TaskResult]:
            client, _ = await context.client()
            model = await self._proposer(context, client)
            found.append(await self._refinement.propose(start, model, locked=locked, on_text=context.say))
            best = found[0][0]
            status = "a proposal was made" if best.hunks else "the model proposed nothing"
            return [TaskResult(start, "", TaskStatus.UNVERIFIED, status, after=best.losses, iterations=1)]

        settings = replace(await self._asking("propose", (start,), proposer, chosen, routed), budget=budget)
        endpoint, error = await self._endpoint_of(settings), ""
        events = self._running.start(settings, one, gate or AutomaticGate(), endpoint=endpoint, answers=answers)
        async for event in events:
            on_event(event)
            if isinstance(event, TaskEnded):
                error = event.result.error or event.result.stopped_by
        if not found:
            raise ModelError(error)
        return found[0]


def _subject(decision: Decision) -> str:
    """What a decision is about besides its base; a run makes only one on each."""
    if decision.kind is DecisionKind.ADD_GRADIENT:
        return gradient_from_json(get_object(decision.detail, "gradient")).id
    return decision.candidate_id or decision.kind
