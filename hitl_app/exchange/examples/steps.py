"""Step labels: every inspected trajectory of a lineage as the agent's steps, each with its rating.

A step's text is what the agent said or called, behind what it had read since its last step, so that a step is judged
by what stands before it alone. Two trajectories of a lineage share their first steps: what is known best of such a step
is known of both.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hitl_app.domain.task import Task
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Step
from hitl_app.exchange.conversation import to_text
from hitl_app.exchange.examples.example import Example, reveals_answer, undecided, verified
from hitl_app.exchange.examples.labels import BOTH, HUMAN, INSPECT, StepLabel, label_steps
from hitl_app.exchange.examples.lineage import BAD_ON_PURPOSE, Exclusions, Lineage
from hitl_app.exchange.examples.turns import Side

_SOURCES = ("", INSPECT, HUMAN, BOTH)
"""In the order in which one goes before another."""


@dataclass(frozen=True, kw_only=True)
class LabelledTrajectory(Example):
    """A trajectory as the agent's steps.

    Attributes:
        prompt: All that the agent had read before its first step, with a line break at its end.
        texts: Of the agent's steps.
        indexes: Of these steps in the trajectory.
        labels: One a step.
    """

    prompt: str
    texts: tuple[str, ...]
    indexes: tuple[int, ...]
    labels: tuple[StepLabel, ...]

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two labelled trajectories one."""
        return (self.prompt, *self.texts)


@dataclass(frozen=True, kw_only=True)
class LabelledStep(Example):
    """One step of the agent.

    Attributes:
        prefix: Texts of the agent's steps before it.
        index: Of the step in its trajectory.
    """

    prompt: str
    prefix: tuple[str, ...]
    text: str
    index: int
    label: StepLabel

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two steps one: the same words after the same words, however they are rated."""
        return (self.prompt, *self.prefix, self.text)


def labelled_trajectories(
    lineage: Lineage, settings: ExportSettings, excluded: Exclusions
) -> Iterator[LabelledTrajectory]:
    """Every inspected trajectory of a lineage in which something is known of a step."""
    best: dict[str, StepLabel] = {}
    made = list(_made(lineage, excluded))
    for whole in made:
        for place, label in zip(_places(whole), whole.labels, strict=True):
            best[place] = max(best.get(place, label), label, key=_strength)
    for whole in made:
        labels = tuple(best[place] for place in _places(whole))
        if any(label.rating for label in labels):
            human = any(_is_of_a_person(label) for label in labels)
            yield replace(whole, labels=labels, provenance=replace(whole.provenance, human=human))
        else:
            excluded["nothing is known of any of its steps"] += 1


def labelled_steps(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[LabelledStep]:
    """Every step of the agent in these trajectories, those of which nothing is known among them."""
    for whole in labelled_trajectories(lineage, settings, excluded):
        of = whole.provenance
        for number, (text, index, label) in enumerate(zip(whole.texts, whole.indexes, whole.labels, strict=True)):
            yield LabelledStep(
                provenance=replace(of, id=f"{of.id}-{index}", human=_is_of_a_person(label)),
                prompt=whole.prompt,
                prefix=whole.texts[:number],
                text=text,
                index=index,
                label=label,
            )


def _made(lineage: Lineage, excluded: Exclusions) -> Iterator[LabelledTrajectory]:
    on_purpose = _bad_on_purpose(lineage)
    for side in lineage.sides.values():
        of, inspection = side.trajectory, side.inspection
        prompt, texts = _told(lineage.task, side)
        if inspection is None:
            excluded["not inspected"] += 1
        elif of.id in on_purpose:
            excluded[BAD_ON_PURPOSE] += 1
        elif not prompt.strip() or not texts:
            excluded["nothing was asked of the agent, or it did nothing"] += 1
        else:
            labels = label_steps(lineage, of, inspection)
            yield LabelledTrajectory(
                provenance=replace(
                    undecided(lineage, of, "steps"),
                    base=of.parent_id or of.id,
                    verified=verified(inspection),
                    agreement=lineage.agreement,
                    reveals_answer=reveals_answer(inspection),
                    shows_good=False,
                ),
                prompt=prompt,
                texts=tuple(texts.values()),
                indexes=tuple(texts),
                labels=tuple(labels[index] for index in texts),
            )


def _bad_on_purpose(lineage: Lineage) -> frozenset[str]:
    """Candidates that came of nothing but proposals that were bad on purpose."""
    judged = [entry.decision for entry in lineage.entries if entry.decision.candidate_id is not None]
    honest = {decision.candidate_id for decision in judged if "seed" not in decision.detail}
    return frozenset(d.candidate_id for d in judged if d.candidate_id is not None and d.candidate_id not in honest)


def _told(task: Task, side: Side) -> tuple[str, dict[int, str]]:
    """The prompt, and the texts of the agent's steps by index, up to the first message that was only carried over."""
    waiting = [f"System: {task.policy}"] if task.policy else []
    prompt: str | None = None
    texts: dict[int, str] = {}
    for turn in side.own_turns:
        results = [f"<tool_response>\n{result['content']}\n</tool_response>" for result in turn.messages[1:]]
        if turn.role != "assistant":
            waiting.append(f"{turn.role.capitalize()}: {turn.messages[0]['content']}")
            continue
        if prompt is None:
            prompt, waiting = "\n\n".join(waiting) + "\n", []
        for index in turn.indexes:
            texts[index] = "\n".join([*waiting, _own(side.trajectory.steps[index])])
            waiting = []
        waiting = results
    return prompt or "", texts


def _own(step: Step) -> str:
    """What the agent says or calls in a step."""
    if not step.is_action:
        return f"Assistant: {step.text}"
    call = f"<tool_call>\n{to_text({'name': step.tool, 'arguments': step.arguments})}\n</tool_call>"
    return f"Assistant: {step.thought}\n{call}" if step.thought else f"Assistant:\n{call}"


def _places(whole: LabelledTrajectory) -> list[str]:
    """What tells each step apart from others: its words, and all words before it."""
    digest, places = hashlib.sha256(), []
    for part in (whole.prompt, *whole.texts):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
        places.append(digest.hexdigest())
    return places[1:]


def _strength(label: StepLabel) -> tuple[int, int]:
    """Which of two labels for the same step is taken: a person's, then the one that verification gave."""
    return _SOURCES.index(label.source), label.rating


def _is_of_a_person(label: StepLabel) -> bool:
    return label.source in {HUMAN, BOTH}
