"""The cascade proposes for real conversations of tau2: equal edits agree, and the gold verdict is no visible check."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.model import ModelAnswer, ModelRequest, Price, Usage
from hitl_app.domain.ports import OnText, ProposalRequest
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.routing import LARGE, SMALL, Confidence, Route, RoutedStage, RoutingSettings
from hitl_app.domain.run import Budget
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.tau2 import provider
from hitl_app.environments.tau2.environment import Tau2Environment
from hitl_app.exchange.importers.tau2 import Tau2Importer
from hitl_app.llm.prompts import PromptFiles
from hitl_app.refine.budget import Account
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.replay import Replayer
from hitl_app.refine.routed import Meter
from hitl_app.refine.routed_agents import RoutingProposer
from hitl_app.refine.routing import Control
from hitl_app.system.paths import resource

PROMPTS = PromptFiles(resource("prompts"), Path("no edited prompts"))


@pytest.fixture(scope="module")
def environment(tau2_home: Path) -> Iterator[Tau2Environment]:
    environment = provider.open(tau2_home)
    yield environment
    environment.close()


class Deleting:
    """Implements `domain.ports.ModelClient`: takes a step out, one sample in three another one."""

    def __init__(self, role: str, account: Account, steps: tuple[int, int]) -> None:
        self._role = role
        self._account = account
        self._steps = steps
        self.asked: list[ModelRequest] = []

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        self.asked.append(request)
        usage = Usage(1, 100, 10, True, 0.0)
        self._account.count(usage)
        if request.schema is None:
            return ModelAnswer(f"what the {self._role} model says {request.sample}", usage=usage)
        step = self._steps[request.sample % 3 == 2]
        edit: JsonObject = {"op": "delete", "step": step, "why": f"because {request.sample}", "answers": []}
        value: JsonObject = {"reasoning": "", "kind": "edits", "edits": [edit], "lookups": []}
        return ModelAnswer(json.dumps(value), value=value, usage=usage)


def failing(recordings: Path, environment: Tau2Environment) -> tuple[ImportedRun, Inspection]:
    """A conversation of the airline that changed what it should not have."""
    (file,) = (recordings / "tau2-bench").glob("*airline*.json")
    replayer = Replayer(environment)
    for item in Tau2Importer().read(file):
        if isinstance(item, ImportedRun):
            found = replayer.inspect(item.task, item.trajectory)
            if found.verified is False and len(item.trajectory.actions) > 2:
                return item, found
    raise AssertionError("every recorded conversation is verified")


def propose(
    environment: Tau2Environment, run: ImportedRun, found: Inspection, settings: RoutingSettings
) -> tuple[Proposal, list[RoutedStage], list[ModelRequest]]:
    base, replayer = run.trajectory, Replayer(environment)
    last, before = base.actions[-1], base.actions[-2]
    stages: list[RoutedStage] = []
    clients: list[Deleting] = []

    async def inspect(trajectory: Trajectory) -> Inspection:
        return for_autonomous(replayer.inspect(run.task, trajectory))

    async def open_(role: str) -> Meter:
        account = Account(Budget(), Price(0, 0), lambda: 0.0)
        clients.append(Deleting(role, account, (last, before)))
        return Meter(clients[-1], account)

    async def decide(stage: RoutedStage) -> Route:
        return Route()

    async def keep(stage: RoutedStage) -> None:
        stages.append(stage)

    request = ProposalRequest(
        replace(run.task, spec={}), base, for_autonomous(found), environment.describe_tools(run.task), 0, inspect
    )
    control = Control(settings, run.task.id, "rules", decide, keep)
    proposal = asyncio.run(RoutingProposer(open_, PROMPTS, control).propose(request))
    return proposal, stages, [asked for client in clients for asked in client.asked]


@pytest.mark.slow
def test_equal_edits_of_a_conversation_agree_whatever_they_are_explained_by(
    environment: Tau2Environment, recordings: Path
) -> None:
    run, found = failing(recordings, environment)
    proposal, (first, second), asked = propose(environment, run, found, RoutingSettings(samples=3))
    assert (first.accepted, second.accepted) == (False, True), "two of three exceed 0.5, not 0.75"
    assert first.consensus == second.consensus == pytest.approx(2 / 3)
    assert (proposal.proposer, proposal.settings["stage"], proposal.cost.calls) == ("cope_routing/1", 2, 10)
    assert [(hunk.start, hunk.end) for hunk in proposal.hunks] == [
        (run.trajectory.actions[-1], run.trajectory.actions[-1] + 1)
    ]
    made = evolve(run.trajectory, proposal.hunks, proposal.proposer)
    assert Replayer(environment).inspect(run.task, made).execution.replayed == len(made.actions)
    sent = "\n".join(message.text for request in asked for message in request.messages)
    hidden = [finding.expected for finding in found.findings if finding.reveals_answer and finding.expected]
    assert hidden
    assert not [text for text in hidden if text in sent], "no model sees what the gold answer is"

    sure = RoutingSettings(samples=1, confidence=Confidence.VISIBLE)
    proposal, stages, asked = propose(environment, run, found, sure)
    assert [stage.consensus for stage in stages] == [0.0, 0.0, None], "what the database should be is no visible check"
    assert [stage.role for stage in stages] == [SMALL, SMALL, LARGE]
    assert proposal.hunks
