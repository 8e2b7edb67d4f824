"""A model as the judge of tasks whose environment judges neither goals nor hard constraints.

The requirements are read out of the task once, so that the losses of all its trajectories have one total. Each
trajectory is judged against them; where all seem met, a second opinion is asked for with another prompt that restates
the task and looks for proof of the contrary. A requirement on which the two disagree is unmet. What is judged so says
so in its evidence: it is no verdict of an environment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.inspection import Execution, Finding, FindingKind, Inspection
from hitl_app.domain.jsontypes import Json, JsonObject, content_hash
from hitl_app.domain.loss import Count
from hitl_app.domain.model import AnswerError, ModelRequest, Prompt, Purpose
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine import prompting
from hitl_app.refine.blame import earliest_cause
from hitl_app.refine.gradients import derive_gradients

MOST = 12
"""Requirements of one task."""

JUDGED = "judged:"
"""How the id of a finding begins that a model judged."""

_VERDICT: JsonObject = {
    "type": "object",
    "properties": {
        "requirement": {"type": "integer"},
        "evidence": {"type": "string"},
        "steps": {"type": "array", "items": {"type": "integer"}},
        "met": {"type": "boolean"},
    },
    "required": ["requirement", "evidence", "steps", "met"],
    "additionalProperties": False,
}


def _list_of(name: str, items: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "properties": {name: {"type": "array", "items": items}},
        "required": [name],
        "additionalProperties": False,
    }


_REQUIREMENTS = _list_of("requirements", {"type": "string"})
VERDICTS = _list_of("verdicts", _VERDICT)
"""The form of an opinion."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    met: bool
    evidence: str
    steps: tuple[int, ...]


class ModelJudge:
    """Judges what no environment judges. Knows the requirements of the tasks that it has seen."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompts = prompts
        self._requirements: dict[str, tuple[str, ...]] = {}

    async def judge(
        self,
        task: Task,
        trajectory: Trajectory,
        inspection: Inspection,
        on_text: OnText = lambda text: None,
    ) -> Inspection:
        """The inspection with a goal finding for each requirement; as it is where its environment judged anything.

        Raises:
            ModelError: The model cannot be asked, or its answer cannot be used.
        """
        if inspection.verified is not None:
            return inspection
        judged = await self._opinion(Purpose.JUDGE, task, trajectory, inspection, on_text)
        return await self.verify(task, trajectory, inspection, on_text) if judged.verified else judged

    async def verify(
        self,
        task: Task,
        trajectory: Trajectory,
        inspection: Inspection,
        on_text: OnText = lambda text: None,
    ) -> Inspection:
        """The second opinion, on a trajectory that the first one found nothing wrong with.

        Raises:
            ModelError: The model cannot be asked, or its answer cannot be used.
        """
        return await self._opinion(Purpose.VERIFY, task, trajectory, inspection, on_text)

    async def _read(self, task: Task, on_text: OnText) -> tuple[str, ...]:
        """The requirements of a task, read out of it once."""
        if task.id not in self._requirements:
            places = {"task": prompting.show_task(task), "most": str(MOST)}
            prompt = self._prompts.get("requirements")
            messages = prompting.render(prompt, places)
            request = ModelRequest(Purpose.JUDGE, messages, prompt=prompt.label, schema=_REQUIREMENTS)
            value = (await self._client.ask(request, on_text)).value
            texts = [text for text in _list(value, "requirements") if isinstance(text, str)]
            found = dict.fromkeys(filter(None, (" ".join(_clean(text).split()) for text in texts)))
            if not found:
                raise AnswerError("the model found no requirement in the task: nothing can be judged")
            self._requirements[task.id] = tuple(found)[:MOST]
        return self._requirements[task.id]

    async def _opinion(
        self, purpose: Purpose, task: Task, trajectory: Trajectory, inspection: Inspection, on_text: OnText
    ) -> Inspection:
        requirements = await self._read(task, on_text)
        prompt = self._prompts.get(purpose.value)
        request = opinion_request(prompt, task, trajectory, inspection.execution, requirements)
        value = (await self._client.ask(request, on_text)).value
        return judged_by(purpose, trajectory, inspection, requirements, value)


def opinion_request(
    prompt: Prompt, task: Task, trajectory: Trajectory, execution: Execution, requirements: Sequence[str]
) -> ModelRequest:
    """The question whether a trajectory meets requirements; the prompt `judge` or `verify` says whose it is."""
    steps = prompting.show_steps(trajectory.steps, execution.steps, carried=trajectory.carried_over)
    listed = [f"requirement {number}\n{prompting.quote(text)}" for number, text in enumerate(requirements)]
    places = {
        "task": prompting.show_task(task),
        "steps": steps,
        "task_again": prompting.show_task_again(task, steps),
        "requirements": "\n".join(listed),
    }
    return ModelRequest(Purpose(prompt.name), prompting.render(prompt, places), prompt=prompt.label, schema=VERDICTS)


def judged_by(
    opinion: Purpose, trajectory: Trajectory, inspection: Inspection, requirements: Sequence[str], answer: Json
) -> Inspection:
    """The inspection with a goal finding for each requirement, as an answer judges them.

    Raises:
        AnswerError: It judges none of them.
    """
    verdicts = _verdicts(answer, len(requirements), len(trajectory.steps))
    return _judged(trajectory, inspection, dict(zip(requirements, verdicts, strict=True)), opinion)


def keep_judgement(judged: Inspection, replayed: Inspection) -> Inspection:
    """A replay with what a model judged before, where it came to the same execution; else the replay as it is."""
    if without_judgement(judged.findings) == judged.findings or replayed.execution != judged.execution:
        return replayed
    return replace(
        replayed,
        findings=judged.findings,
        losses=replace(replayed.losses, goal=judged.losses.goal),
        gradients=judged.gradients,
        earliest_cause=judged.earliest_cause,
    )


def without_judgement(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What the environment itself found."""
    return tuple(finding for finding in findings if not finding.id.startswith(JUDGED))


def _judged(
    trajectory: Trajectory, inspection: Inspection, verdicts: Mapping[str, _Verdict], opinion: Purpose
) -> Inspection:
    judged = tuple(
        Finding(
            f"{JUDGED}{content_hash(requirement)[:12]}",
            FindingKind.GOAL,
            verdict.met,
            description=requirement,
            evidence=f"judged by a model ({opinion}): {verdict.evidence}",
            steps=() if verdict.met else verdict.steps,
        )
        for requirement, verdict in verdicts.items()
    )
    findings = (*inspection.findings, *judged)
    cause = earliest_cause(inspection.execution, findings, inspection.dependencies)
    return replace(
        inspection,
        findings=findings,
        losses=replace(inspection.losses, goal=Count(sum(not finding.met for finding in judged), len(judged))),
        gradients=derive_gradients(trajectory, inspection.execution, findings, cause),
        earliest_cause=cause,
    )


def _verdicts(value: Json, count: int, steps: int) -> list[_Verdict]:
    """One verdict for each requirement. One that is missing or given twice with different answers is unmet."""
    found: dict[int, _Verdict] = {}
    for item in _list(value, "verdicts"):
        if not isinstance(item, Mapping):
            continue
        number, met, evidence = item.get("requirement"), item.get("met"), item.get("evidence")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < count:
            continue
        named = {s for s in _list(item, "steps") if isinstance(s, int) and not isinstance(s, bool) and 0 <= s < steps}
        verdict = _Verdict(met is True, _clean(evidence) if isinstance(evidence, str) else "", tuple(sorted(named)))
        if number not in found or not verdict.met:
            found[number] = verdict
    if not found:
        raise AnswerError("the model judged none of the requirements")
    silent = _Verdict(False, "the model said nothing of it", ())
    return [found.get(number, silent) for number in range(count)]


def _list(value: Json, name: str) -> Sequence[Json]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _clean(text: str) -> str:
    """A model's text as it is kept: short, without half characters."""
    return text.strip()[:500].encode("utf-8", "replace").decode()
