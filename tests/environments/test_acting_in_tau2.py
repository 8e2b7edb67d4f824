"""A model acts in tau2 with the recorded user: real conversations of an airline and a shop."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hitl_app.domain.inspection import Execution
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.model import ModelAnswer, ModelRequest, ToolCall
from hitl_app.domain.ports import OnText
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.environments.tau2 import provider
from hitl_app.environments.tau2.environment import Tau2Environment
from hitl_app.exchange.importers.tau2 import Tau2Importer
from hitl_app.llm.prompts import PromptFiles
from hitl_app.refine.acting import Actor, ActRequest, Rollout
from hitl_app.refine.replay import Replayer
from hitl_app.refine.voices import RecordedVoice
from hitl_app.system.paths import resource

PROMPTS = PromptFiles(resource("prompts"), Path("no edited prompts"))
FIRST_WORDS = 2
"""Steps that every recorded conversation begins with: the agent's greeting and the user's request."""


class Repeating:
    """Implements `domain.ports.ModelClient`: does what the recorded agent did, without the calls to leave out."""

    def __init__(self, steps: Sequence[Step], *left_out: str) -> None:
        self._turns = list(_turns([step for step in steps if step.role == "assistant" and step.tool not in left_out]))
        self.requests: list[ModelRequest] = []

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        self.requests.append(request)
        turn = self._turns.pop(0)
        if not turn[0].is_action:
            return ModelAnswer(turn[0].text)
        calls = tuple(ToolCall(step.tool, step.arguments) for step in turn)
        return ModelAnswer("\n".join(step.thought for step in turn if step.thought), calls)


def _turns(steps: Sequence[Step]) -> Iterator[list[Step]]:
    turn: list[Step] = []
    for step in steps:
        if turn and (step.turn is None or step.turn != turn[0].turn):
            yield turn
            turn = []
        turn.append(step)
    if turn:
        yield turn


@pytest.fixture(scope="module")
def environment(tau2_home: Path) -> Iterator[Tau2Environment]:
    environment = provider.open(tau2_home)
    yield environment
    environment.close()


def runs(recordings: Path, domain: str) -> list[ImportedRun]:
    (file,) = (recordings / "tau2-bench").glob(f"*{domain}*.json")
    return [item for item in Tau2Importer().read(file) if isinstance(item, ImportedRun)]


def act(environment: Tau2Environment, run: ImportedRun, client: Repeating) -> Rollout:
    task, steps, replayer = run.task, run.trajectory.steps, Replayer(environment)

    async def execute(made: tuple[Step, ...]) -> Execution:
        return replayer.execute(task, Trajectory(task.id, made))

    async def go() -> Rollout:
        request = ActRequest(
            replace(task, spec={}),
            task.tools or environment.describe_tools(task),
            execute,
            prefix=steps[:FIRST_WORDS],
            voice=RecordedVoice(steps, await execute(steps)),
        )
        return await Actor(client, PROMPTS, native_tools=True).act(request)

    return asyncio.run(go())


@pytest.mark.parametrize("domain", ["airline", "retail"])
def test_the_recorded_user_accompanies_an_agent_that_does_what_was_recorded(
    environment: Tau2Environment, recordings: Path, domain: str
) -> None:
    for run in runs(recordings, domain)[:3]:
        steps = run.trajectory.steps
        client = Repeating(steps[FIRST_WORDS:])
        rollout = act(environment, run, client)
        made = (*steps[:FIRST_WORDS], *rollout.steps)
        assert [step.content for step in made] == [step.content for step in steps], run.trajectory.source
        shown = "\n".join(message.text for request in client.requests for message in request.messages)
        assert "Reason for the call" not in shown, "the scenario is the user's own"
        assert f"| {run.task.title}" not in shown, "a title may say what the task is meant to show"


def test_the_recorded_user_falls_silent_once_the_agent_did_not_do_what_they_answer_to(
    environment: Tau2Environment, recordings: Path
) -> None:
    silenced = 0
    for run in runs(recordings, "airline")[3:]:
        steps, execution = run.trajectory.steps, Replayer(environment).execute(run.task, run.trajectory)
        writes = [i for i in run.trajectory.actions if (seen := execution.steps[i].observation) and seen.changed]
        later = [i for i, step in enumerate(steps) if step.role == "user" and writes and i > writes[-1]]
        if later:
            rollout = act(environment, run, Repeating(steps[FIRST_WORDS:], *{steps[i].tool for i in writes}))
            assert "do not fit any more" in rollout.ended_by
            silenced += 1
    assert silenced
