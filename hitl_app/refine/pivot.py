"""PIVOT from a task: PLAN makes candidates, the best of them goes through the loop; any stage can be switched off."""

from collections.abc import Callable
from dataclasses import dataclass

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.model import AnswerError, ModelError
from hitl_app.domain.ports import Attempt, Gate, Guidance, ProposalRequest, Proposer
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.run import BudgetExhaustedError, Stage, TaskStatus
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine.ablation import ActingAnew, blindly, without_goals
from hitl_app.refine.bench import VERIFIED, Bench, Outcome, Tried
from hitl_app.refine.critique import ModelCritic
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.loop import Event, Judged, Proposed, Refused, Stages, Stopped, refine
from hitl_app.refine.model_proposer import ModelProposer
from hitl_app.refine.verify import Verification


@dataclass(frozen=True)
class Pivot:
    """The loop with a model from a task on.

    Attributes:
        candidates: That PLAN makes; fewer where one is verified before.
        without: Stages that are switched off.
        tell: Shows the events of the loop.
    """

    candidates: int = 1
    without: frozenset[Stage] = frozenset()
    tell: Callable[[Event], None] = lambda event: None

    async def run(self, bench: Bench) -> Outcome:
        """Plan, and refine until it is verified or the budget is used up."""
        found: list[Tried] = []
        ended, error = "", ""
        try:
            await self._plan(bench, found)
        except BudgetExhaustedError as reason:
            ended = str(reason)
        except AnswerError as problem:
            ended = f"an answer was of no use: {problem}"
        except ModelError as problem:
            ended, error = "an error", str(problem)
        if not found:
            empty = await bench.nothing()
            status = TaskStatus.FAILED if error else TaskStatus.UNVERIFIED
            return Outcome(status, ended, empty, empty, 0, 0, error)
        return await self._refine(bench, found)

    async def _plan(self, bench: Bench, found: list[Tried]) -> None:
        planning = Stage.PLAN not in self.without
        for sample in range(self.candidates if planning else 1):
            tried = await bench.act(sample, planning=planning)
            found.append(tried)
            if tried.exhausted or self._seen(tried.inspection).verified:
                return

    async def _refine(self, bench: Bench, found: list[Tried]) -> Outcome:
        gate = AutomaticGate()
        candidates = [(tried.trajectory, self._seen(tried.inspection)) for tried in found]
        start = found[await gate.choose(bench.task, candidates)]
        tries, proposals = len(found), 0
        async for event in refine(start.trajectory, self._stages(bench, gate, len(found)), gate, bench.more):
            self.tell(event)
            tries += isinstance(event, Judged)
            proposals += isinstance(event, Proposed) or (isinstance(event, Refused) and event.proposal is None)
            if isinstance(event, Stopped):
                return await _outcome(bench, event, start, tries, proposals)
        raise AssertionError("the loop ends with Stopped")

    def _seen(self, inspection: Inspection) -> Inspection:
        return without_goals(inspection) if Stage.VERIFY in self.without else inspection

    def _stages(self, bench: Bench, gate: Gate, samples: int) -> Stages:
        proposer = self._proposer(bench, samples)
        critic = ModelCritic(bench.client, bench.prompts)
        blind = Stage.INSPECT in self.without
        words = not blind and Stage.EVOLVE not in self.without  # nobody reads them without EVOLVE

        async def inspect(trajectory: Trajectory) -> Inspection:
            return self._seen(await bench.inspect(trajectory))

        async def critique(base: Trajectory, inspection: Inspection) -> Inspection:
            if not words:
                return inspection
            return await critic.critique(bench.task, base, inspection, bench.on_text, bench.tools)

        async def propose(base: Trajectory, guidance: Guidance, attempts: tuple[Attempt, ...]) -> Proposal:
            if blind:
                guidance, attempts = blindly(guidance, attempts)

            async def hidden(trajectory: Trajectory) -> Inspection:
                return for_autonomous(await inspect(trajectory))

            return await proposer.propose(
                ProposalRequest(
                    bench.task,
                    base,
                    for_autonomous(guidance.inspection),
                    bench.tools,
                    guidance.locked,
                    hidden,
                    attempts,
                    on_text=bench.on_text,
                )
            )

        async def verify(trajectory: Trajectory, inspection: Inspection) -> Verification:
            found = await inspect(trajectory)
            return Verification(found.verified, found, found.findings == inspection.findings)

        return Stages(
            inspect,
            critique,
            lambda base, inspection: for_autonomous(inspection).validated,
            propose,
            verify,
        )

    def _proposer(self, bench: Bench, samples: int) -> Proposer:
        if Stage.EVOLVE not in self.without:
            return ModelProposer(bench.client, bench.prompts)

        async def act(request: ProposalRequest, sample: int) -> tuple[Step, ...]:
            rollout = await bench.act_by(request.base.plan, sample)
            if rollout.exhausted:
                raise BudgetExhaustedError(rollout.ended_by)
            return rollout.steps

        return ActingAnew(act, samples)


async def _outcome(bench: Bench, end: Stopped, start: Tried, tries: int, proposals: int) -> Outcome:
    """How it ended for the environment, which may know more than the loop did."""
    kept, status, reason = await bench.judged(end.best), end.status, end.stopped_by
    if kept.verified:
        status, reason = TaskStatus.VERIFIED, VERIFIED
    elif status is TaskStatus.VERIFIED:
        status, reason = TaskStatus.UNVERIFIED, "the loop saw nothing wrong, the environment does"
    error = reason if status is TaskStatus.FAILED else ""
    return Outcome(status, reason, start, kept, tries, proposals, error)
