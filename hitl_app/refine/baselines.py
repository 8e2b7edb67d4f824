"""The methods that the loop is compared with, each as its paper describes it, on the same bench.

Single pass acts once. Best-of-n acts n times and keeps the least loss. Self-Refine (Madaan et al. 2023,
arXiv 2303.17651) criticises its own work without the environment's findings and acts again with that feedback; it never
sees the verdict and hands in its last try. Reflexion (Shinn et al. 2023, arXiv 2303.11366) is told the verdict with its
findings after each try, puts the lesson into words, and retries from the start with all lessons so far; since it knows
the verdicts it hands in the least loss.
"""

from collections.abc import AsyncIterator, Mapping, Sequence

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.model import ModelRequest, Purpose
from hitl_app.refine import prompting
from hitl_app.refine.bench import Bench, Tried
from hitl_app.refine.gradients import for_autonomous

_TEXTS: JsonObject = {"type": "array", "items": {"type": "string"}}
FEEDBACK: JsonObject = {
    "type": "object",
    "properties": {"problems": _TEXTS, "satisfied": {"type": "boolean"}},
    "required": ["problems", "satisfied"],
}
LESSONS: JsonObject = {"type": "object", "properties": {"lessons": _TEXTS}, "required": ["lessons"]}


async def single_pass(bench: Bench) -> AsyncIterator[Tried]:
    """Act once."""
    yield await bench.act()


async def best_of_n(bench: Bench) -> AsyncIterator[Tried]:
    """Act again and again, without learning anything, until a try is verified."""
    for sample in range(bench.more + 1):
        tried = await bench.act(sample)
        yield tried
        if tried.verified:
            return


async def self_refine(bench: Bench) -> AsyncIterator[Tried]:
    """Act, criticise the work, act again with the feedback, until the model is satisfied with it."""
    notes: list[str] = []
    for left in range(bench.more, -1, -1):
        tried = await bench.act(notes="\n".join(notes))
        yield tried
        if not left:
            return
        problems = await _feedback(bench, tried)
        if not problems:
            return
        notes.append(_note(f"Feedback on attempt {len(notes)}", problems))


async def reflexion(bench: Bench) -> AsyncIterator[Tried]:
    """Act, put into words what the verdict teaches, act again from the start, until a try is verified."""
    notes: list[str] = []
    for left in range(bench.more, -1, -1):
        tried = await bench.act(notes="\n".join(notes))
        yield tried
        if tried.verified or not left:
            return
        notes.append(_note(f"Lessons of attempt {len(notes)}, which failed", await _lessons(bench, tried)))


async def _feedback(bench: Bench, tried: Tried) -> list[str]:
    """What the model finds wrong with its work; nothing where it is satisfied."""
    value = await _ask(bench, tried, Purpose.FEEDBACK, FEEDBACK, {})
    satisfied = isinstance(value, Mapping) and value.get("satisfied") is True
    return [] if satisfied else _texts(value, "problems")


async def _lessons(bench: Bench, tried: Tried) -> list[str]:
    visible = for_autonomous(tried.inspection)
    places = {
        "losses": prompting.show_losses(visible.losses),
        "findings": prompting.show_findings(visible.unmet),
    }
    return _texts(await _ask(bench, tried, Purpose.REFLECT, LESSONS, places), "lessons")


async def _ask(bench: Bench, tried: Tried, purpose: Purpose, schema: JsonObject, places: Mapping[str, str]) -> Json:
    prompt = bench.prompts.get(purpose)
    steps = prompting.show_steps(tried.trajectory.steps, tried.inspection.execution.steps)
    shown = {
        "task": prompting.show_task(bench.task),
        "steps": steps,
        "task_again": prompting.show_task_again(bench.task, steps, *places.values()),
        **places,
    }
    request = ModelRequest(purpose, prompting.render(prompt, shown), prompt.label, schema=schema)
    return (await bench.client.ask(request, bench.on_text)).value


def _texts(value: Json, name: str) -> list[str]:
    found = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return [text.strip() for text in found if isinstance(text, str) and text.strip()]


def _note(heading: str, texts: Sequence[str]) -> str:
    return "\n".join([f"{heading}:", *(f"- {text}" for text in texts)])
