"""Nothing that is sent to a model holds the gold answer, what a task is judged by, or a recorded verdict."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from answering import Answering, said, shipped

from hitl_app.domain.jsontypes import Json, canonical
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.model import ModelRequest, Purpose
from hitl_app.domain.ports import ModelClient
from hitl_app.domain.task import ToolSpec
from hitl_app.environments.registry import EnvironmentRegistry
from hitl_app.exchange.reading import read_path
from hitl_app.refine.critique import ModelCritic
from hitl_app.refine.model_proposer import ModelProposer
from hitl_app.refine.values import leaves
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.refinement import Inspected, Refinement
from hitl_app.workflow.threads import Threads

CANARY = "a verdict that only the recording knows"


@dataclass(frozen=True)
class Sent:
    """What one recording made its model be told, and what must not be in it."""

    inspected: Inspected
    secrets: list[str]
    text: str


def replies(run: ImportedRun) -> ModelClient:
    """A model that looks up what the run did first, then answers nonsense, then deletes the last step."""
    first = run.trajectory.steps[run.trajectory.actions[0]]
    call: Json = {"name": first.tool, "arguments": first.arguments}
    last: Json = {"op": "delete", "step": len(run.trajectory.steps) - 1}
    answers: list[Json] = [
        {"kind": "lookups", "before": 0, "lookups": [call]},
        {"kind": "edits", "edits": [{"op": "delete", "step": -1}]},
        {"kind": "edits", "edits": [last]},
    ]

    def answer(request: ModelRequest) -> Json:
        return {"notes": []} if request.purpose is Purpose.CRITIQUE else answers.pop(0)

    return Answering(answer)


def secrets_of(inspected: Inspected, tools: tuple[ToolSpec, ...]) -> list[str]:
    """Texts of the gold answer that the run itself, its task and its tools do not say.

    A title is one of them: that of a recorded task may say what the task is meant to show.
    """
    task, trajectory, inspection = inspected.task, inspected.trajectory, inspected.inspection
    hidden = [finding for finding in inspection.findings if finding.reveals_answer]
    gold = [task.spec.get(name) for name in ("gold_actions", "communicate_info", "nl_assertions")]
    secrets = {
        task.title,
        *(line for finding in hidden for line in (finding.expected + "\n" + finding.observed).splitlines()),
        *(finding.id for finding in hidden if ":" in finding.id),
        *(str(value) for _, value in leaves(gold) if isinstance(value, str)),
    }
    told = " ".join(
        [
            *(task.instruction, task.policy, *map(str, tools)),
            *(f"{step.text} {step.tool} {canonical(step.arguments)} {step.thought}" for step in trajectory.steps),
            *(step.observation.text for step in inspection.execution.steps if step.observation),
        ]
    )
    return [CANARY, *(secret for secret in secrets if len(secret) > 2 and secret not in told)]


@pytest.fixture(scope="module")
def sent(recordings: Path, tau2_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Sent]]:
    threads = Threads()
    store = threads.in_database(open_store, tmp_path_factory.mktemp("desk") / "desk.db", SystemClock())
    environments = EnvironmentRegistry(tau2_home)
    refinement = Refinement(store, environments, threads)
    runs = [
        with_canary(item)
        for _, _, items in read_path(recordings / "tau2-bench")
        for item in items
        if isinstance(item, ImportedRun) and item.task.spec.get("gold_actions")
    ]
    threads.in_database(store.add_runs, runs)

    async def all_of_them() -> list[Sent]:
        return [await told(run) for run in runs]

    async def told(run: ImportedRun) -> Sent:
        model = replies(run)
        assert isinstance(model, Answering)
        inspected, _ = await refinement.inspect(run.trajectory.id)
        critic = ModelCritic(model, shipped())
        await critic.critique(inspected.task, inspected.trajectory, inspected.inspection, lambda text: None)
        proposal, _ = await refinement.propose(run.trajectory.id, ModelProposer(model, shipped()), locked=0)
        assert (len(proposal.hunks), proposal.cost.executions) == (1, 1)
        tools = await refinement.tools(inspected.task)
        text = "\n".join(map(said, model.requests))
        return Sent(inspected, secrets_of(inspected, tools), text)

    yield asyncio.run(all_of_them())
    threads.close(environments.close, store.close)


def with_canary(run: ImportedRun) -> ImportedRun:
    assert run.trajectory.source is not None
    source = replace(run.trajectory.source, outcome={"reward": CANARY}, extra={"reward_info": CANARY})
    return replace(run, trajectory=replace(run.trajectory, source=source))


def test_no_gold_evidence_is_in_any_prompt(sent: list[Sent]) -> None:
    assert len(sent) > 5
    assert sum(len(each.secrets) > 2 for each in sent) > 3
    for each in sent:
        assert [secret for secret in each.secrets if secret in each.text] == []


def test_the_prompts_still_say_what_may_be_known(sent: list[Sent]) -> None:
    for each in sent:
        lines = set(each.text.splitlines())
        assert all(f"| {line}".rstrip() in lines for line in each.inspected.task.instruction.splitlines())
        hidden = [finding for finding in each.inspected.inspection.findings if finding.reveals_answer]
        assert not hidden or "requirements are judged that are not shown" in each.text
