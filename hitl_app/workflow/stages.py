"""The stages of the loop for one task of a run: each is executed in the thread where it belongs."""

from dataclasses import replace

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.ports import Attempt, Guidance, ModelClient, Prompts, Proposer, Store
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.critique import ModelCritic
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.judging import ModelJudge, keep_judgement
from hitl_app.refine.loop import Stages
from hitl_app.refine.verify import Verification
from hitl_app.workflow.refinement import Refinement, without_answer
from hitl_app.workflow.running import TaskContext
from hitl_app.workflow.threads import Threads


class TaskStages:
    """Executes and judges with the environment, and asks a model where there is one.

    The model's words stand beside the environment's gradients; it judges only where the environment judges nothing.
    """

    def __init__(
        self,
        store: Store,
        threads: Threads,
        refinement: Refinement,
        *,
        context: TaskContext,
        proposer: Proposer,
        client: ModelClient | None,
        prompts: Prompts,
    ) -> None:
        self._store = store
        self._threads = threads
        self._refinement = refinement
        self._context = context
        self._proposer = proposer
        self._critic = ModelCritic(client, prompts) if client else None
        self._judge = ModelJudge(client, prompts) if client else None

    def stages(self) -> Stages:
        """What the loop runs."""
        return Stages(
            inspect=self._inspect,
            critique=self._critique,
            locked=lambda base, inspection: for_autonomous(inspection).validated,
            propose=self._propose,
            verify=self._verify,
            deterministic=self._proposer.deterministic,
            check=self._context.account.check,
        )

    async def _inspect(self, trajectory: Trajectory) -> Inspection:
        return await self._judged(trajectory, await self._refinement.execute(trajectory))

    async def _judged(self, trajectory: Trajectory, inspection: Inspection) -> Inspection:
        """With a model's judgement where the environment judges nothing."""
        if self._judge is None or inspection.verified is not None:
            return inspection
        task = await self._threads.database(self._store.task, trajectory.task_id)
        return await self._judge.judge(without_answer(task), trajectory, inspection, self._context.say)

    async def _critique(self, base: Trajectory, inspection: Inspection) -> Inspection:
        if self._critic is None:
            return inspection
        task = await self._threads.database(self._store.task, base.task_id)
        tools = await self._threads.database(self._store.tools, task.environment, task.domain)
        critiqued = await self._critic.critique(without_answer(task), base, inspection, self._context.say, tools)
        await self._threads.database(self._store.save_inspection, critiqued)  # for whoever opens the trajectory
        return critiqued

    async def _propose(self, base: Trajectory, guidance: Guidance, attempts: tuple[Attempt, ...]) -> Proposal:
        account = self._context.account
        account.check()
        return await self._refinement.ask(
            self._proposer, base, guidance, attempts, cancelled=account.is_late, on_text=self._context.say
        )

    async def _verify(self, trajectory: Trajectory, inspection: Inspection) -> Verification:
        replay, _ = await self._refinement.verify(trajectory.id)
        fresh = await self._judged(trajectory, keep_judgement(inspection, replay.inspection))
        return replace(replay, verified=fresh.verified, inspection=fresh)
