"""Cascades over tasks with a small and a large model behind a real server: cost, resuming, people, comparing."""

from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from puzzle_desk import GOLD, POLICY, PRICES, at_desk, ended, write_chats
from serving import Served, serving

from hitl_app.domain.errors import UserError
from hitl_app.domain.model import ModelCall, Usage
from hitl_app.domain.routing import (
    Comparator,
    Confidence,
    EscalatedBy,
    Route,
    RouteAction,
    RoutedStage,
    RoutingError,
    RoutingSettings,
    outcome,
)
from hitl_app.domain.run import Arm, Budget, GateName, RunStatus, TaskStatus
from hitl_app.domain.task import Task
from hitl_app.refine.gates import AutomaticGate
from hitl_app.workflow.cascades import RoutedBy
from hitl_app.workflow.comparing import Contender
from hitl_app.workflow.running import Routed, RunBegan
from hitl_app.workflow.workspace import Workspace

EASY, HARD = 0.1, 0.9
EACH_STAGE = (EASY, 0.5, 0.6)
"""Of three puzzles, with three samples, one ends at each stage."""
THREE = RoutingSettings(samples=3)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("puzzles:models", POLICY) as served:
        yield served


async def puzzles(workspace: Workspace, folder: Path, *difficulties: float) -> list[str]:
    keys = write_chats(folder / "puzzles.jsonl", list(difficulties))
    assert [_ async for _ in workspace.library.import_paths([folder / "puzzles.jsonl"])]
    return keys


def price_of(call: ModelCall) -> float:
    return PRICES[call.model].of(call.usage.tokens_in, call.usage.tokens_out)


def test_every_call_is_counted_once_at_its_own_models_price(served: Served, tmp_path: Path) -> None:
    async def work(workspace: Workspace) -> None:
        keys = await puzzles(workspace, tmp_path, *EACH_STAGE)
        before = served.counters()["by_model"]
        run = ended([event async for event in workspace.routing.route(keys, THREE)])
        after = served.counters()["by_model"]
        stages, calls = await workspace.routing.stages(run.id), await workspace.running.calls(run.id)
        spent = sum((stage.usage for stage in stages), Usage())
        assert (spent.calls, spent.tokens, spent.measured) == (len(calls), run.usage.tokens, True)
        assert spent.usd == pytest.approx(sum(map(price_of, calls))) == pytest.approx(run.usage.usd)
        for result in run.results:
            mine = [stage for stage in stages if stage.start_id == result.start_id]
            assert sum((stage.usage for stage in mine), Usage()).tokens == result.usage.tokens
            assert f"stage {outcome(mine).stage}" in result.stopped_by
            assert (result.status is TaskStatus.VERIFIED) == (outcome(mine).verified is True)
        for model in PRICES:
            counted = after[model]["tokens_in"] - before[model]["tokens_in"]
            assert counted == sum(call.usage.tokens_in for call in calls if call.model == model)
        keyed = Counter(call.key for call in calls)
        assert keyed == Counter(
            key for stage in stages for key in (*stage.planning_calls, *(k for s in stage.samples for k in s.calls))
        ), "every call belongs to one sample or plan"
        replayed = await workspace.routing.what_if(run.id, THREE.tau1, THREE.tau2)
        assert all(each.was == each.would for each in replayed.cascades)
        assert replayed.usage.usd == pytest.approx(run.usage.usd), "the run's own thresholds give what it cost"
        assert {stage.stage for stage in stages} == {1, 2, 3}
        rows = (await workspace.library.queue("")).rows
        assert sum(row.model == "small + large" for row in rows) == 3, "the winners are recordings"

    at_desk(tmp_path / "store", served.base_url, work)


def test_a_run_that_was_cut_off_goes_on_without_asking_or_keeping_anything_twice(
    served: Served, tmp_path: Path
) -> None:
    async def work(workspace: Workspace) -> None:
        keys = await puzzles(workspace, tmp_path, 0.6, 0.5)
        run_id = ""
        async with aclosing(workspace.routing.route(keys, THREE)) as events:
            async for event in events:
                if isinstance(event, RunBegan):
                    run_id = event.run.id
                if isinstance(event, Routed):
                    break
        assert (await workspace.running.find(run_id)).status is RunStatus.CANCELLED
        kept = await workspace.routing.stages(run_id)
        assert kept
        run = ended([event async for event in workspace.routing.resume(run_id)])
        stages, calls = await workspace.routing.stages(run_id), await workspace.running.calls(run_id)
        assert stages[: len(kept)] == kept
        assert max(Counter((stage.place, stage.stage) for stage in stages).values()) == 1
        answered = Counter(call.key for call in calls if not call.error)
        assert max(answered.values()) == 1, "no answered call is repeated"
        assert [result.status is TaskStatus.FAILED for result in run.results] == [False, False]
        whole = ended([event async for event in workspace.routing.route(keys, THREE)])
        assert _votes(await workspace.routing.stages(whole.id)) == _votes(stages)

    at_desk(tmp_path / "store", served.base_url, work)


def _votes(stages: tuple[RoutedStage, ...]) -> set[tuple[object, ...]]:
    return {(stage.place, stage.stage, tuple(each.answer for each in stage.samples)) for stage in stages}


class Person(AutomaticGate):
    """A person who sends the first stage on with a guideline, and accepts the second."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    @property
    def who(self) -> str:
        return "ann"

    async def route(self, task: Task, stage: RoutedStage) -> Route:
        self.asked.append(stage.stage)
        if stage.stage == 1:
            return Route(RouteAction.ESCALATE, "From left to right, then check", "too easy to be true")
        return Route(RouteAction.ACCEPT)


def test_what_a_person_decides_is_on_record_and_they_are_not_asked_again(served: Served, tmp_path: Path) -> None:
    async def work(workspace: Workspace) -> None:
        keys = await puzzles(workspace, tmp_path, EASY)
        person, run_id = Person(), ""
        async with aclosing(workspace.routing.route(keys, THREE, gate=person)) as events:
            async for event in events:
                if isinstance(event, RunBegan):
                    run_id = event.run.id
                if isinstance(event, Routed):
                    break
        assert person.asked == [1]
        with pytest.raises(UserError, match="asks a person"):
            [event async for event in workspace.routing.resume(run_id)]
        again = Person()
        run = ended([event async for event in workspace.routing.resume(run_id, again)])
        assert (run.settings.arm, again.asked) == (Arm.HUMAN, [2])
        first, second = await workspace.routing.stages(run_id)
        assert (first.decided_by, first.escalated_by) == ("ann", EscalatedBy.HUMAN)
        assert (second.decided_by, second.accepted, second.guideline) == ("ann", True, "From left to right, then check")
        assert not second.planning_calls, "the large model was not asked"
        assert {call.model for call in await workspace.running.calls(run_id)} == {"small"}
        passages = [each for each in await workspace.running.passages(run_id) if each.gate is GateName.ROUTE]
        assert [(each.who, each.changed["stage"], each.changed["action"]) for each in passages] == [
            ("ann", 1, "escalate"),
            ("ann", 2, "accept"),
        ]
        assert passages[0].changed["guideline"] == "From left to right, then check"

    at_desk(tmp_path / "store", served.base_url, work)


def test_thresholds_and_money_are_ceilings_that_say_so(served: Served, tmp_path: Path) -> None:
    async def work(workspace: Workspace) -> None:
        keys = await puzzles(workspace, tmp_path, HARD)
        strict = RoutingSettings(samples=2, tau1=1, tau2=1)
        run = ended([event async for event in workspace.routing.route(keys, strict, budget=Budget(usd=0.002))])
        (result,) = run.results
        assert (result.status, "USD are spent" in result.stopped_by) == (TaskStatus.UNVERIFIED, True)
        assert run.usage.usd is not None
        assert run.usage.usd <= 0.002, "the large model's calls are reserved at its own price"
        sure = RoutingSettings(samples=2, confidence=Confidence.VISIBLE)
        run = ended([event async for event in workspace.routing.route(keys, sure)])
        stages = await workspace.routing.stages(run.id)
        assert [stage.consensus for stage in stages] == [0.0, 0.0, None], "the gold answer is no visible check"
        assert {sample.passes for stage in stages for sample in stage.samples} == {None}
        with pytest.raises(RoutingError, match="whole trajectories"):
            [event async for event in workspace.routing.route(keys, sure, step_by_step=True)]

    at_desk(tmp_path / "store", served.base_url, work)


def test_step_by_step_each_move_is_voted_on(served: Served, tmp_path: Path) -> None:
    async def work(workspace: Workspace) -> None:
        keys = await puzzles(workspace, tmp_path, EASY)
        run = ended([event async for event in workspace.routing.route(keys, THREE, step_by_step=True)])
        (stage,) = await workspace.routing.stages(run.id)
        assert (stage.step, stage.stage, stage.consensus) == (1, 1, 1.0), "the step of the recording"
        (result,) = run.results
        opened, _ = await workspace.refinement.inspect(result.best_id)
        assert stage.winner is not None
        assert (opened.trajectory.steps[1].text[-3:], stage.winner.shown) == ("600", "600")

    at_desk(tmp_path / "store", served.base_url, work)


def test_the_cascade_is_compared_with_both_models_alone(served: Served, tmp_path: Path) -> None:
    async def work(workspace: Workspace) -> None:
        keys = await puzzles(workspace, tmp_path, EASY, HARD)
        contenders = [Contender.named(name) for name in ("small_only", "large_only", "cope_routing")]
        events = workspace.comparing.compare(
            await workspace.comparing.find(keys), contenders, budget=Budget(), routed=RoutedBy(settings=THREE)
        )
        run = ended([event async for event in events])
        assert not [result.error for result in run.results if result.error]
        stages, calls = await workspace.routing.stages(run.id), await workspace.running.calls(run.id)
        small, large, cascade = (
            [result for result in run.results if result.method == contender.name] for contender in contenders
        )
        assert {result.usage.calls for result in (*small, *large)} == {1}
        assert sum(result.usage.calls for result in cascade) == sum(stage.usage.calls for stage in stages)
        assert sum(result.usage.usd or 0 for result in run.results) == pytest.approx(sum(map(price_of, calls)))
        assert small[0].usage.usd != large[0].usage.usd
        named = {summary.method: summary for summary in await workspace.comparing.report(run)}
        assert named.keys() == {"small_only", "large_only", "cope_routing"}
        assert named["cope_routing"].figures["usd"].value > named["small_only"].figures["usd"].value

    at_desk(tmp_path / "store", served.base_url, work)


def test_three_of_four_is_the_comparators_matter(served: Served, tmp_path: Path) -> None:
    """The same votes, counted under both comparators: from the record, without any call."""

    async def work(workspace: Workspace) -> None:
        keys = await puzzles(workspace, tmp_path, 0.6, 0.4, 0.5)
        whole = RoutingSettings(samples=4, exhaustive=True)
        run = ended([event async for event in workspace.routing.route(keys, whole, concurrency=3)])
        shares = [stage.consensus for stage in await workspace.routing.stages(run.id) if stage.stage == 1]
        assert sorted(share for share in shares if share is not None) == [0.5, 0.75, 0.75]
        more = await workspace.routing.what_if(run.id, 0.75, 0.5, Comparator.AT_LEAST)
        less = await workspace.routing.what_if(run.id, 0.75, 0.5)
        assert (more.resolved(1), less.resolved(1)) == (2, 0)
        assert not more.unknown
        assert not less.unknown
        curve = await workspace.routing.sweep(run.id, thresholds=(0.0, 1.0))
        assert [each.resolved(3) for each in curve][-1] == 3, "nothing exceeds 1"
        assert curve[0].usage.usd is not None
        assert curve[-1].usage.usd is not None
        assert curve[0].usage.usd < curve[-1].usage.usd

    at_desk(tmp_path / "store", served.base_url, work)


def test_nothing_of_the_gold_answer_is_asked_or_exported_and_a_run_is_replayed_without_a_server(
    served: Served, tmp_path: Path
) -> None:
    keys = write_chats(tmp_path / "gold.jsonl", list(EACH_STAGE), gold=True)

    async def route(workspace: Workspace, answers: Path | None = None) -> tuple[tuple[RoutedStage, ...], int]:
        assert [_ async for _ in workspace.library.import_paths([tmp_path / "gold.jsonl"])]
        before = served.counters()["requests"]
        run = ended([event async for event in workspace.routing.route(keys, THREE, answers=answers)])
        asked = served.counters()["requests"] - before
        assert {result.status for result in run.results} == {TaskStatus.UNVERIFIED}
        calls = await workspace.running.calls(run.id)
        assert GOLD not in "".join(message.text for call in calls for message in call.messages)
        if answers is None:
            for name in ("cope_routing", "calls"):
                await workspace.exporting.export(name, tmp_path / name)
        return await workspace.routing.stages(run.id), asked

    stages, asked = at_desk(tmp_path / "store", served.base_url, route)
    assert {stage.stage for stage in stages} == {1, 2, 3}
    assert asked == sum(stage.usage.calls for stage in stages)
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "cope_routing").iterdir())
    assert '"stage":3' in written
    assert GOLD not in written
    again, asked = at_desk(tmp_path / "other", served.base_url, lambda workspace: route(workspace, tmp_path / "calls"))
    assert (_votes(again), asked) == (_votes(stages), 0)
    paid, replayed = (sum((each.usage for each in kept), Usage()) for kept in (stages, again))
    assert (replayed.calls, replayed.tokens) == (paid.calls, paid.tokens)
    assert replayed.usd == pytest.approx(paid.usd)
