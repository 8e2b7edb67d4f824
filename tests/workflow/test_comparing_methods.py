"""Methods are compared on the same tasks, model and budget; each learns only what it may know."""

import asyncio
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from serving import serving

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output
from hitl_app.domain.model import ModelCall
from hitl_app.domain.run import Budget, Run, RunStatus, TaskResult
from hitl_app.workflow.comparing import Contender
from hitl_app.workflow.models import Chosen
from hitl_app.workflow.running import Called, RunEnded

POLICY = Path(__file__).parents[1] / "policy"
CEILING = 90_000
NAMES = (
    "pivot",
    "single_pass",
    "self_refine",
    "reflexion",
    "best_of_n",
    "pivot_without_plan",
    "pivot_without_inspect",
    "pivot_without_evolve",
    "pivot_without_verify",
)


@dataclass(frozen=True)
class Compared:
    """One method on a task, with every call that it took."""

    run: Run
    calls: tuple[ModelCall, ...]
    server_tokens: int
    queue: int

    @property
    def results(self) -> tuple[TaskResult, ...]:
        return self.run.results

    def prompts(self, purpose: str) -> list[str]:
        return ["\n".join(m.text for m in call.messages) for call in self.calls if call.purpose == purpose]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Compared]]:
    """Each method in a run of its own, so that its calls are told from those of the others."""
    with serving("travel_policy:beginner", POLICY) as served:
        application = build(tmp_path_factory.mktemp("compared"))
        workspace = application.workspace

        async def work() -> dict[str, Compared]:
            ids = await workspace.comparing.generate(1, 4, 1, "dev")
            await workspace.models.test(await workspace.models.endpoint(Chosen(served.base_url, "scripted")))
            found = {}
            for name in NAMES:
                before = served.counters()
                events = workspace.comparing.compare(
                    ids,
                    [Contender.named(name)],
                    budget=Budget(2, tokens=CEILING),
                    chosen=Chosen(served.base_url, "scripted"),
                )
                ended = [event async for event in events][-1]
                assert isinstance(ended, RunEnded)
                after = served.counters()
                spent = sum(after[side] - before[side] for side in ("tokens_in", "tokens_out"))
                page = await workspace.library.queue("")
                calls = await workspace.running.calls(ended.run.id)
                found[name] = Compared(ended.run, calls, spent, page.total)
            return found

        try:
            yield asyncio.run(work())
        finally:
            application.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_method_keeps_to_its_budget_and_its_tokens_are_those_that_the_server_counted(
    compared: dict[str, Compared], name: str
) -> None:
    found = compared[name]
    assert len(found.results) == 1
    assert not [result.error for result in found.results if result.error]
    assert all(0 < result.usage.tokens <= CEILING for result in found.results)
    assert sum(result.usage.tokens for result in found.results) == found.server_tokens


def test_what_is_compared_does_not_reach_the_queue(compared: dict[str, Compared]) -> None:
    assert {found.queue for found in compared.values()} == {0}


def test_a_single_pass_only_acts(compared: dict[str, Compared]) -> None:
    assert {call.purpose for call in compared["single_pass"].calls} == {"act"}
    assert {result.executions for result in compared["single_pass"].results} == {1}


def test_self_refine_never_sees_a_verdict(compared: dict[str, Compared]) -> None:
    prompts = compared["self_refine"].prompts("feedback")
    assert prompts
    assert not [prompt for prompt in prompts if "NOT met" in prompt or "JUDGEMENT" in prompt or "gradient" in prompt]


def test_reflexion_learns_from_the_verdict_and_carries_its_lessons_on(compared: dict[str, Compared]) -> None:
    assert all("NOT met" in prompt for prompt in compared["reflexion"].prompts("reflect"))
    assert any("Lessons of attempt 0" in prompt for prompt in compared["reflexion"].prompts("act"))


def test_the_best_of_n_keeps_the_least_loss(compared: dict[str, Compared]) -> None:
    for result in compared["best_of_n"].results:
        assert result.before is not None
        assert result.after is not None
        assert result.after.compare(result.before) <= 0


def test_the_loop_plans_and_edits(compared: dict[str, Compared]) -> None:
    assert {"plan", "act", "evolve", "critique"} <= {call.purpose for call in compared["pivot"].calls}


def test_without_plan_there_is_one_rollout_that_follows_no_plan(compared: dict[str, Compared]) -> None:
    found = compared["pivot_without_plan"]
    assert not found.prompts("plan")
    assert all("there is no plan" in prompt for prompt in found.prompts("act"))


def test_without_inspect_the_proposer_learns_only_that_it_is_not_verified(compared: dict[str, Compared]) -> None:
    found = compared["pivot_without_inspect"]
    assert not found.prompts("critique")
    prompts = found.prompts("evolve")
    assert prompts
    for prompt in prompts:
        assert "the trajectory is not verified" in prompt
        assert "NOT met" not in prompt
        assert "locked" not in prompt.split("STEPS, numbered")[1].split("JUDGEMENT")[0].replace("none is locked", "")


def test_without_evolve_nothing_is_edited_but_acted_again(compared: dict[str, Compared]) -> None:
    found = compared["pivot_without_evolve"]
    assert not found.prompts("evolve")
    assert max(result.iterations for result in found.results) > 0


def test_without_verify_the_loop_does_not_know_of_the_goals(compared: dict[str, Compared]) -> None:
    for prompt in compared["pivot_without_verify"].prompts("evolve"):
        assert "goal not measured" in prompt
        assert "goal requirement" not in prompt
    assert all(result.after is not None and result.after.goal is not None for result in compared["pivot"].results)


def test_on_the_command_line_a_line_a_task_and_method_is_followed_by_a_line_a_method(tmp_path: Path) -> None:
    with serving("travel_policy:policy", POLICY) as served:
        arguments = ["--samples", "1", "--level", "1", "--methods", "pivot,single_pass", "--without", "plan"]
        model = ["--base-url", served.base_url, "--model", "scripted", "--budget-tokens", "60000"]
        code, lines, _ = _command(tmp_path, "compare", *arguments, *model)
    assert code == 0
    names = ["pivot", "single_pass", "pivot_without_plan"]
    assert [line["method"] for line in lines[:3]] == names
    assert {line["task"].split()[0] for line in lines[:3]} == {"travel-train-1-7-0000"}
    assert lines[0].keys() >= {"id", "status", "losses_before", "losses_after", "tokens_in", "tokens_out", "usd"}
    assert [line["summary"] for line in lines[3:]] == names
    assert lines[3]["verified"].keys() == {"value", "low", "high"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say what to compare on"),
        (["--samples", "1", "--methods", "magic"], 'no method "magic"; there are pivot'),
        (["--samples", "1", "--methods", "pivot_without_luck"], 'no stage "luck"; there are plan'),
        (["--samples", "1", "--methods", "best_of_n_without_plan"], "best_of_n has no stages"),
        (["no-such-task"], 'no task has the key "no-such-task"'),
        (["--samples", "1"], "cannot be reached"),
        (["--arms"], "no task was run both autonomously and with a person"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_reason(tmp_path: Path, arguments: list[str], message: str) -> None:
    code, _, said = _command(tmp_path, "compare", *arguments, "--base-url", "http://127.0.0.1:9/v1", "--model", "none")
    assert code == 1
    assert message in said


def test_an_interrupted_comparison_goes_on_without_asking_anything_twice(tmp_path: Path) -> None:
    with serving("travel_policy:policy", POLICY) as served:
        application = build(tmp_path)
        comparing = application.workspace.comparing

        async def work() -> Run:
            ids = await comparing.generate(1, 7, 1, "dev")
            chosen, single = Chosen(served.base_url, "scripted"), [Contender.named("single_pass")]
            events = comparing.compare(ids, single, budget=Budget(0, tokens=CEILING), chosen=chosen)
            calls = 0
            async for event in events:
                calls += isinstance(event, Called)
                if calls == 4:
                    break
            await events.aclose()
            (stopped,) = await application.workspace.running.runs()
            assert stopped.status is RunStatus.CANCELLED
            # Where a fifth call was under way, it was cut off, and is on record as well.
            probes = served.counters()["requests"] - len(await application.workspace.running.calls(stopped.id))
            ended = [event async for event in comparing.resume(stopped.id)][-1]
            assert isinstance(ended, RunEnded)
            assert served.counters()["requests"] == probes + len(
                await application.workspace.running.calls(ended.run.id)
            )
            return ended.run

        try:
            run = asyncio.run(work())
        finally:
            application.close()
    (result,) = run.results
    assert (result.method, result.usage.calls) == ("single_pass", 8)


def _command(folder: Path, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    args = parse(["--json", "--data-dir", str(folder), *arguments], folder)
    results, messages = io.StringIO(), io.StringIO()
    code = run_command(args, build, Output(True, results, messages))
    return code, [json.loads(line) for line in results.getvalue().splitlines()], messages.getvalue()
