"""The offline repairer and the loop, on real tasks of the embedded world."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from hitl_app.domain.hunk import Hunk, Operator, apply_hunks
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.model import AnswerError
from hitl_app.domain.ports import Approval, Attempt, Gate, Guidance, Judgement, ProposalRequest
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.run import BudgetExhaustedError, TaskStatus
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.inspect import inspect
from hitl_app.refine.loop import Event, Judged, Refused, Stages, Stopped, refine
from hitl_app.refine.repair import Repairer
from hitl_app.refine.verify import Verification, verify

CEILING = 40


@pytest.fixture(scope="module")
def environment() -> TravelEnvironment:
    return TravelEnvironment()


@pytest.fixture(scope="module")
def failing(environment: TravelEnvironment) -> list[tuple[ImportedRun, Inspection]]:
    inspected = [(run, inspect(environment, run.task, run.trajectory)) for run in sample_runs(8, 3)]
    return [(run, inspection) for run, inspection in inspected if not inspection.verified]


def request(
    environment: TravelEnvironment, run: ImportedRun, inspection: Inspection, locked: int = 0
) -> ProposalRequest:
    async def inspected(trajectory: Trajectory) -> Inspection:
        return inspect(environment, run.task, trajectory)

    return ProposalRequest(
        task=run.task,
        base=run.trajectory,
        inspection=inspection,
        tools=environment.describe_tools(run.task),
        locked=locked,
        inspect=inspected,
        max_executions=CEILING,
    )


def propose(asked: ProposalRequest) -> Proposal:
    return asyncio.run(Repairer().propose(asked))


def applied(base: Trajectory, proposal: Proposal) -> Trajectory:
    return replace(base, steps=apply_hunks(base.steps, proposal.hunks).steps, parent_id=base.id)


def test_what_it_proposes_is_better_when_executed_again(
    environment: TravelEnvironment, failing: list[tuple[ImportedRun, Inspection]]
) -> None:
    improved = 0
    for run, inspection in failing:
        proposal = propose(request(environment, run, inspection))
        assert proposal.cost.executions == len(proposal.tried) <= CEILING
        if proposal.hunks:
            again = inspect(environment, run.task, applied(run.trajectory, proposal))
            assert again.losses == proposal.losses
            assert again.losses.compare(inspection.losses) < 0
            improved += 1
    assert improved >= len(failing) // 2


def test_the_same_base_gets_the_same_proposal(
    environment: TravelEnvironment, failing: list[tuple[ImportedRun, Inspection]]
) -> None:
    run, inspection = failing[0]
    first, second = (propose(request(environment, run, inspection)) for _ in range(2))
    assert (first.id, first.tried) == (second.id, second.tried)


def test_locked_steps_stay_as_they_are(
    environment: TravelEnvironment, failing: list[tuple[ImportedRun, Inspection]]
) -> None:
    for run, inspection in failing[:3]:
        locked = inspection.earliest_cause or 0
        proposal = propose(request(environment, run, inspection, locked))
        kept = applied(run.trajectory, proposal).steps[:locked]
        assert [step.key for step in kept] == [step.key for step in run.trajectory.steps[:locked]]


def test_a_cancelled_search_answers_at_once_with_what_it_has(
    environment: TravelEnvironment, failing: list[tuple[ImportedRun, Inspection]]
) -> None:
    run, inspection = failing[0]
    proposal = propose(replace(request(environment, run, inspection), cancelled=lambda: True))
    assert (proposal.hunks, proposal.cost.executions) == ((), 0)


class RefusingGate(AutomaticGate):
    """A person who says no."""

    async def approve(self, judgement: Judgement) -> Approval:
        return Approval(taken=False, reason="no")


Propose = Callable[[Trajectory], Awaitable[Proposal]]


def run_loop(
    environment: TravelEnvironment,
    run: ImportedRun,
    gate: Gate,
    iterations: int,
    *,
    by_model: Propose | None = None,
    check: Callable[[], None] = lambda: None,
) -> list[Event]:
    async def inspected(trajectory: Trajectory) -> Inspection:
        return inspect(environment, run.task, trajectory)

    async def critique(base: Trajectory, inspection: Inspection) -> Inspection:
        return inspection

    async def proposed(base: Trajectory, guidance: Guidance, attempts: tuple[Attempt, ...]) -> Proposal:
        if by_model is not None:
            return await by_model(base)
        here = ImportedRun(run.task, base)
        return await Repairer().propose(request(environment, here, guidance.inspection, guidance.locked))

    async def verified(trajectory: Trajectory, inspection: Inspection) -> Verification:
        return verify(environment, run.task, trajectory, inspection)

    async def collect() -> list[Event]:
        stages = Stages(
            inspected,
            critique,
            lambda _, inspection: inspection.earliest_cause or 0,
            proposed,
            verified,
            deterministic=by_model is None,
            check=check,
        )
        return [event async for event in refine(run.trajectory, stages, gate, iterations)]

    return asyncio.run(collect())


def test_the_loss_never_rises_along_the_loop(
    environment: TravelEnvironment, failing: list[tuple[ImportedRun, Inspection]]
) -> None:
    outcomes = set()
    for run, _ in failing:
        events = run_loop(environment, run, AutomaticGate(), 2)
        for event in events:
            if isinstance(event, Judged) and event.taken:
                assert event.judgement.inspection.losses.compare(event.judgement.before.losses) < 0
        end = events[-1]
        assert isinstance(end, Stopped)
        final = inspect(environment, run.task, end.best)
        assert (end.status is TaskStatus.VERIFIED) == (final.verified is True)
        outcomes.add(end.status)
    assert TaskStatus.VERIFIED in outcomes


def test_what_the_gate_refuses_is_not_taken(
    environment: TravelEnvironment, failing: list[tuple[ImportedRun, Inspection]]
) -> None:
    run, _ = failing[0]
    end = run_loop(environment, run, RefusingGate(), 2)[-1]
    assert isinstance(end, Stopped)
    assert (end.status, end.best.id) == (TaskStatus.UNVERIFIED, run.trajectory.id)


def test_without_iterations_the_loop_says_unverified(
    environment: TravelEnvironment, failing: list[tuple[ImportedRun, Inspection]]
) -> None:
    run, _ = failing[0]
    end = run_loop(environment, run, AutomaticGate(), 0)[-1]
    assert isinstance(end, Stopped)
    assert (end.status, end.stopped_by) == (TaskStatus.UNVERIFIED, "the iterations were used up")


def test_a_search_that_the_time_cut_short_says_so_instead_of_that_there_is_nothing_better(
    environment: TravelEnvironment, failing: list[tuple[ImportedRun, Inspection]]
) -> None:
    def late() -> None:
        raise BudgetExhaustedError("the time budget of 1 s is used up")

    end = run_loop(environment, failing[0][0], RefusingGate(), 2, check=late)[-1]
    assert isinstance(end, Stopped)
    assert (end.status, end.stopped_by) == (TaskStatus.UNVERIFIED, "the time budget of 1 s is used up")


async def nothing(base: Trajectory) -> Proposal:
    return Proposal(base.id, (), "model/1")


async def nonsense(base: Trajectory) -> Proposal:
    raise AnswerError("no JSON")


async def the_same_again(base: Trajectory) -> Proposal:
    return Proposal(base.id, (Hunk(Operator.DELETE, 1, 2, (base.steps[1],), ()),), "model/1")


class RejectingGate(AutomaticGate):
    """A person who rejects every hunk."""

    async def review(self, base: Trajectory, inspection: Inspection, proposal: Proposal) -> tuple[Hunk, ...]:
        return ()


@pytest.mark.parametrize(
    ("answer", "gate", "ended"),
    [
        (nothing, AutomaticGate(), (3, "unverified", "nothing new was proposed 3 times in a row")),
        (nonsense, AutomaticGate(), (3, "failed", "3 answers in a row were of no use: no JSON")),
        (the_same_again, AutomaticGate(), (4, "unverified", "nothing new was proposed 3 times in a row")),
        (the_same_again, RejectingGate(), (6, "unverified", "the iterations were used up")),
    ],
)
def test_the_loop_ends_where_asking_again_promises_nothing(
    environment: TravelEnvironment,
    failing: list[tuple[ImportedRun, Inspection]],
    answer: Propose,
    gate: Gate,
    ended: tuple[int, str, str],
) -> None:
    events = run_loop(environment, failing[0][0], gate, 6, by_model=answer)
    end = events[-1]
    assert isinstance(end, Stopped)
    asked = sum(isinstance(event, Refused | Judged) for event in events)
    assert (asked, end.status, end.stopped_by) == ended
