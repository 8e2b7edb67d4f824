"""EVOLVE with a model: it reads the gradients, may look values up, and answers with edits of the unlocked steps."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hitl_app.domain.inspection import ExecutedStep
from hitl_app.domain.model import AnswerError, ChatMessage, ModelAnswer, ModelRequest, Prompt, Purpose, Sampling, Usage
from hitl_app.domain.ports import ModelClient, Prompts, ProposalRequest
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine import prompting
from hitl_app.refine.edits import EditError
from hitl_app.refine.model_answer import LOOKUPS, SCHEMA, Edits, LookUps, read_answer

NAME = "model/1"

LOOKUP_ROUNDS = 3
"""Times that a model may look values up before it must answer."""

ANEW = 0.7
"""Temperature at which a model is asked again after a refused attempt: at 0 it would answer the same."""


@dataclass(frozen=True)
class LookedUp:
    """What one round of look-ups found: the calls, in front of which step they ran, and what came of them."""

    place: int
    calls: tuple[Step, ...]
    outcomes: tuple[ExecutedStep, ...]


class ModelProposer:
    """Implements `domain.ports.Proposer`. It executes look-ups only: candidates are for the loop."""

    def __init__(self, client: ModelClient, prompts: Prompts, notes: str = "") -> None:
        """Let a model propose; `notes` are what it is to bear in mind."""
        self._client = client
        self._prompts = prompts
        self._notes = notes

    @property
    def name(self) -> str:
        """Name and version."""
        return NAME

    @property
    def deterministic(self) -> bool:
        """Asked again it may answer otherwise."""
        return False

    async def propose(self, request: ProposalRequest) -> Proposal:
        """The model's edits as hunks; none where it says that no edit would help.

        Raises:
            ModelError: The model cannot be asked. AnswerError where its edits cannot be applied to this base, touch
                locked steps or call what the tools do not know, even after it was shown once what is wrong.
        """
        return await _Proposing(self._client, self._prompts.get("evolve"), request, self._notes).run()


@dataclass
class _Proposing:
    """One proposal under way."""

    client: ModelClient
    prompt: Prompt
    request: ProposalRequest
    notes: str = ""
    found: list[LookedUp] = field(default_factory=list)
    actions: int = 0
    usage: Usage = Usage()
    said: list[str] = field(default_factory=list)

    async def run(self) -> Proposal:
        started = time.perf_counter()
        answer = await self._ask()
        while isinstance(answer, LookUps):
            await self._look_up(answer)
            answer = await self._ask()
        usage, sampling = self.usage, self._sampling
        return Proposal(
            self.request.base.id,
            answer.hunks,
            NAME,
            cost=Cost(
                executions=len(self.found),
                actions=self.actions,
                seconds=time.perf_counter() - started,
                calls=usage.calls,
                tokens_in=usage.tokens_in,
                tokens_out=usage.tokens_out,
                usd=usage.usd,
                measured=usage.measured,
            ),
            tried=tuple(self.said),
            settings={
                "prompt": self.prompt.label,
                "temperature": sampling.temperature,
                "max_tokens": sampling.max_tokens,
                "sample": len(self.request.attempts),
                "locked": self.request.locked,
                "lookup_rounds": len(self.found),
            },
        )

    @property
    def _sampling(self) -> Sampling:
        return Sampling(temperature=ANEW if self.request.attempts else 0.0)

    async def _ask(self) -> Edits | LookUps:
        """One answer; one that cannot be used is shown to the model once, with what is wrong."""
        messages = evolve_messages(self.prompt, self.request, self.found, self.notes)
        answer = await self._answer(messages)
        try:
            return self._read(answer)
        except EditError as error:
            wrong = f"That answer cannot be used:\n{prompting.quote(str(error))}\nAnswer again, in full."
        said = ChatMessage("assistant", answer.text or prompting.compact(answer.value))
        answer = await self._answer((*messages, said, ChatMessage("user", wrong)))
        try:
            return self._read(answer)
        except EditError as error:
            raise AnswerError(f"the model's edits cannot be used, even after a correction: {error}") from None

    def _read(self, answer: ModelAnswer) -> Edits | LookUps:
        found, reasoning = read_answer(self.request, answer.value, may_look_up=len(self.found) < LOOKUP_ROUNDS)
        if reasoning:
            self.said.append(" ".join(reasoning.split()))
        return found

    async def _answer(self, messages: tuple[ChatMessage, ...]) -> ModelAnswer:
        request = ModelRequest(
            Purpose.EVOLVE,
            messages,
            prompt=self.prompt.label,
            schema=SCHEMA,
            sampling=self._sampling,
            sample=len(self.request.attempts),
        )
        answer = await self.client.ask(request, self.request.on_text)
        self.usage += answer.usage
        return answer

    async def _look_up(self, asked: LookUps) -> None:
        """Execute calls behind the first steps of the base, on a state that nobody keeps."""
        base = self.request.base
        place = _place(self.request) if asked.place is None else asked.place
        steps = (*base.steps[:place], *asked.calls)
        throwaway = Trajectory(base.task_id, steps, parent_id=base.id, lineage_root=base.root_id, author=NAME)
        inspection = await self.request.inspect(throwaway)
        self.found.append(LookedUp(place, asked.calls, inspection.execution.steps[place:]))
        self.actions += len(throwaway.actions)
        self.said += [f"looked up {prompting.show_call(call.tool, call.arguments)}"[:200] for call in asked.calls]


def evolve_messages(
    prompt: Prompt, request: ProposalRequest, found: Sequence[LookedUp] = (), notes: str = ""
) -> tuple[ChatMessage, ...]:
    """The question to the proposer, with what it looked up already, and notes behind it where there are some."""
    base, inspection, locked = request.base, request.inspection, request.locked
    steps = prompting.show_steps(
        base.steps, inspection.execution.steps, near=_place(request), locked=locked, carried=base.carried_over
    )
    gradients, attempts = prompting.show_gradients(inspection.gradients), prompting.show_attempts(request.attempts)
    rounds = LOOKUP_ROUNDS - len(found)
    places = {
        "task": prompting.show_task(request.task),
        "tools": prompting.show_tools(request.tools),
        "plan": prompting.show_plan(base.plan),
        "steps": steps,
        "locked": f"the first {locked} are locked" if locked else "none is locked",
        "losses": prompting.show_losses(inspection.losses),
        "findings": prompting.show_held(inspection.findings),
        "gradients": gradients,
        "attempts": attempts,
        "lookups": _shown_lookups(found),
        "task_again": prompting.show_task_again(request.task, steps, gradients, attempts),
        "rounds": f"You may look values up {rounds} more times." if rounds else "No look-ups are left.",
        "most_lookups": str(LOOKUPS),
    }
    system, user = prompting.render(prompt, places)
    return system, replace(
        user, text=f"{user.text}\n\nNOTES to bear in mind\n{prompting.quote(notes)}"
    ) if notes else user


def _place(request: ProposalRequest) -> int:
    """Where the edit is most likely: at the earliest cause, else at the end."""
    cause = request.inspection.earliest_cause
    return len(request.base.steps) if cause is None else cause


def _shown_lookups(found: Sequence[LookedUp]) -> str:
    budget = prompting.STEPS // (2 * LOOKUP_ROUNDS)
    shown = [
        f"before step {each.place}\n{prompting.show_steps(each.calls, each.outcomes, budget=budget)}" for each in found
    ]
    return "\n".join(shown) or "there were none"
