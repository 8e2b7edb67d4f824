"""A model as judge of PilotRL's rewards, and which plans pass what it says.

The names and ranges of the answer about a plan, and when a plan passes, are the method's; the prompts are ours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from hitl_app.domain.inspection import ExecutedStep
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.model import AnswerError, ModelRequest, Purpose
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.score import RANGES, Reward
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine import prompting

BY_JUDGE = (Reward.ADHERENCE, Reward.END_TO_END, Reward.CORRECTNESS)
"""What can be asked for: adherence of all steps, the end, and the plan's three scores at once."""

_REASON = 300
_PLAN_SCORES = {
    Reward.CORRECTNESS: "correctness",
    Reward.FOLLOWABILITY: "followability",
    Reward.STANDARDISATION: "standardization",
}


@dataclass(frozen=True)
class Opinion:
    """What the judge gives; `step` is None where it is about the whole trajectory or its plan."""

    reward: Reward
    value: int
    reason: str
    step: int | None = None


@dataclass(frozen=True)
class Opinions:
    """What the judge gives in one answer, with the label of the prompt that asked for it."""

    prompt: str
    given: tuple[Opinion, ...]


@dataclass(frozen=True)
class PlanScores:
    """The three scores of a plan, 1 to 5 each."""

    correctness: float
    followability: float
    standardisation: float


def passes(scores: PlanScores, *, reference: bool) -> bool:
    """Whether a plan is good enough to learn from.

    Args:
        scores: Of the plan.
        reference: The judge was shown a trajectory that is known to be right. Then the mean must be 4.5 at least, the
            correctness 4 at least, and the others 5; without one all must be 5.
    """
    others = scores.followability == scores.standardisation == 5
    if not reference:
        return others and scores.correctness == 5
    mean = fmean((scores.correctness, scores.followability, scores.standardisation))
    return others and mean >= 4.5 and scores.correctness >= 4


def task_passes(candidates: Sequence[PlanScores], *, reference: bool) -> bool:
    """Whether half of a task's plans pass, and one at least."""
    passing = sum(passes(scores, reference=reference) for scores in candidates)
    return passing >= max(1, len(candidates) / 2)


class RewardJudge:
    """Asks a model for rewards; each method asks once, and raises ModelError where that is of no use."""

    def __init__(self, client: ModelClient, prompts: Prompts, on_text: OnText = lambda text: None) -> None:
        self._client = client
        self._prompts = prompts
        self._on_text = on_text

    async def adherence(self, task: Task, trajectory: Trajectory, executed: Sequence[ExecutedStep]) -> Opinions:
        """How far each action of the agent carries out the plan that was in force."""
        judged = [index for index in trajectory.actions if trajectory.steps[index].role == "assistant"]
        steps = _steps(trajectory, executed)
        places = {
            "task": prompting.show_task(task),
            "plan": _show_plans(trajectory),
            "steps": steps,
            "task_again": prompting.show_task_again(task, steps),
            "judged": ", ".join(map(str, judged)),
        }
        prompt, value = await self._ask("judge_adherence", places, _list_schema())
        return Opinions(prompt, tuple(_adherences(value, judged)))

    async def end_to_end(self, task: Task, trajectory: Trajectory, executed: Sequence[ExecutedStep]) -> Opinions:
        """Whether the run fulfilled its task, and whether it did so without superfluous steps."""
        steps = _steps(trajectory, executed)
        places = {
            "task": prompting.show_task(task),
            "steps": steps,
            "task_again": prompting.show_task_again(task, steps),
        }
        prompt, value = await self._ask(
            "judge_end_to_end", places, _schema({"reason": _TEXT, "score": _scale(Reward.END_TO_END)})
        )
        found = _opinion(Reward.END_TO_END, value, "score", "reason")
        return Opinions(prompt, (found,))

    async def plan_quality(
        self, task: Task, tools: Sequence[ToolSpec], trajectory: Trajectory, reference: Trajectory | None = None
    ) -> Opinions:
        """The three scores of the plan as it stands at the end.

        Args:
            task: What the plan is for.
            tools: What the agent could call.
            trajectory: Has the plan.
            reference: A trajectory for the same task that is known to be right.
        """
        shown = "there is none" if reference is None else prompting.show_steps(reference.steps)
        places = {
            "task": prompting.show_task(task),
            "tools": prompting.show_tools(tools),
            "plan": prompting.show_plan(trajectory.plan),
            "reference": shown,
            "task_again": prompting.show_task_again(task, shown),
        }
        fields: dict[str, JsonObject] = {}
        for reward, name in _PLAN_SCORES.items():
            fields |= {f"{name}_reason": _TEXT, f"{name}_score": _scale(reward)}
        prompt, value = await self._ask("judge_plan", places, _schema(fields))
        given = (_opinion(of, value, f"{name}_score", f"{name}_reason") for of, name in _PLAN_SCORES.items())
        return Opinions(prompt, tuple(given))

    async def _ask(self, name: str, places: Mapping[str, str], schema: JsonObject) -> tuple[str, Json]:
        prompt = self._prompts.get(name)
        messages = prompting.render(prompt, places)
        request = ModelRequest(Purpose.JUDGE, messages, prompt=prompt.label, schema=schema)
        return prompt.label, (await self._client.ask(request, self._on_text)).value


_TEXT: JsonObject = {"type": "string"}


def _schema(fields: Mapping[str, JsonObject]) -> JsonObject:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _scale(reward: Reward) -> JsonObject:
    least, greatest = RANGES[reward]
    return {"type": "integer", "enum": list(range(least, greatest + 1))}


def _list_schema() -> JsonObject:
    step = _schema({"step": {"type": "integer"}, "reason": _TEXT, "score": _scale(Reward.ADHERENCE)})
    return _schema({"steps": {"type": "array", "items": step}})


def _steps(trajectory: Trajectory, executed: Sequence[ExecutedStep]) -> str:
    return prompting.show_steps(trajectory.steps, executed, carried=trajectory.carried_over)


def _show_plans(trajectory: Trajectory) -> str:
    if not trajectory.earlier:
        return prompting.show_plan(trajectory.plan)
    lines, since = list[str](), 0
    for earlier in trajectory.earlier:
        lines.append(f"in force for steps {since} to {earlier.until - 1}\n{prompting.show_plan(earlier.plan)}")
        since = earlier.until
    return "\n".join([*lines, f"in force from step {since} on\n{prompting.show_plan(trajectory.plan)}"])


def _adherences(value: Json, judged: Sequence[int]) -> Iterator[Opinion]:
    """One opinion for each step that was to be judged and is; of several the first."""
    listed = value.get("steps") if isinstance(value, Mapping) else None
    left = set(judged)
    for item in listed if isinstance(listed, Sequence) and not isinstance(listed, str) else ():
        step = item.get("step") if isinstance(item, Mapping) else None
        if isinstance(step, int) and step in left:
            left.remove(step)
            yield _opinion(Reward.ADHERENCE, item, "score", "reason", step)
    if len(left) == len(judged):
        raise AnswerError("the model judged none of the steps")


def _opinion(reward: Reward, value: Json, score: str, reason: str, step: int | None = None) -> Opinion:
    fields = value if isinstance(value, Mapping) else {}
    given, why = fields.get(score), fields.get(reason)
    least, greatest = RANGES[reward]
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= greatest:
        raise AnswerError(f"{score}: expected a whole number from {least} to {greatest}, found {given!r}")
    words = why.strip()[:_REASON].encode("utf-8", "replace").decode() if isinstance(why, str) else ""
    return Opinion(reward, given, words, step)
