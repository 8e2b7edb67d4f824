"""Trajectories that follow a plan, one turn of the agent at a time: what it knew until then, and what it did."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from hitl_app.domain.decision import AUTOMATIC, ReviewStatus
from hitl_app.domain.jsontypes import Json, JsonObject, canonical
from hitl_app.domain.replan import carried_out
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import PlanStep, Trajectory
from hitl_app.exchange.conversation import Turn, flatten, message, without_ids
from hitl_app.exchange.examples.demonstrations import demonstrated, head_decision
from hitl_app.exchange.examples.example import Example, Provenance, provenance_of, undecided, verified
from hitl_app.exchange.examples.lineage import DISPUTED, Exclusions, Judged, Lineage
from hitl_app.exchange.examples.turns import Side, opening

NO_PLAN = "no plan"
BIT_BY_BIT = "the plan was written bit by bit, while it was carried out"
CARRIED_OVER = "the plan belongs to another course of events"
PLAN_ALONE = "nothing carries out the plan"
NOT_LINKED = "no action is linked to a step of the plan"

_SPACE = re.compile(r"\s+|\*\*")


@dataclass(frozen=True, kw_only=True)
class Moment(Example):
    """A moment of a trajectory that follows a plan.

    Attributes:
        told: How many turns the agent was told the task with, before it did anything.
        before: All turns until then, and nothing of what came later.
        plan: The plan as it was then; empty where there was none yet.
        left: What was still to do then.
        answer: What the agent said or did then; None where a plan is what it has to write.
        number: How many turns of its own the agent had before.
        link_confidence: The least confidence of a link of an action to the plan; None where all are certain.
        last_words: What the agent says at the end of the trajectory; empty where it says nothing.
        failure_class: See `Lineage.failure_class`; None where there is none.
        seeds: Ids of the trajectories that it was made after by an expansion.
    """

    task: Task
    tools: tuple[ToolSpec, ...]
    told: int
    before: tuple[Turn, ...]
    plan: tuple[PlanStep, ...]
    left: tuple[PlanStep, ...]
    answer: JsonObject | None
    number: int
    link_confidence: float | None
    last_words: str
    failure_class: str | None = None
    seeds: tuple[str, ...] = ()

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two moments one."""
        answer = "" if self.answer is None else without_ids([self.answer])
        plans = canonical([[[step.step, step.reasoning] for step in plan] for plan in (self.plan, self.left)])
        return (self.task.id, without_ids(flatten(self.before)), plans, answer)

    @property
    def instruction(self) -> list[JsonObject]:
        """What the agent was told, before it did anything."""
        return flatten(self.before[: self.told])

    @property
    def since(self) -> list[JsonObject]:
        """What was said, done and seen since then."""
        return flatten(self.before[self.told :])

    @property
    def done(self) -> list[JsonObject]:
        """What the agent said and did since then, without what it saw."""
        return [turn.messages[0] for turn in self.before[self.told :] if turn.role == "assistant"]

    @property
    def observed(self) -> list[JsonObject]:
        """What the agent saw since it said or did something last."""
        since = self.before[self.told :]
        last = max((number for number, turn in enumerate(since) if turn.role == "assistant"), default=-1)
        results = since[last].messages[1:] if last >= 0 else ()
        return [*results, *flatten(since[last + 1 :])]


@dataclass(frozen=True)
class _Course:
    """A trajectory with a plan, as turns.

    Attributes:
        made: How many turns there were when its first plan was made.
        first: Number of the turn from which on the agent knew it.
    """

    lineage: Lineage
    trajectory: Trajectory
    turns: Sequence[Turn]
    made: int
    first: int
    provenance: Provenance

    @cached_property
    def told(self) -> int:
        """Number of turns in which the agent was told the task."""
        return opening(self.turns)

    @property
    def executing(self) -> Iterator[int]:
        """Numbers of the agent's turns in which it knew the plan."""
        numbers = range(self.first, len(self.turns))
        return (number for number in numbers if self.turns[number].role == "assistant")

    @cached_property
    def steps_ahead(self) -> Sequence[int | None]:
        """For each turn the first step of the plan that a later turn carries out; None where none does."""
        ahead: list[int | None] = []
        first: int | None = None
        for turn in reversed(self.turns):
            ahead.append(first)
            linked = [self.trajectory.steps[index].plan_step for index in turn.indexes]
            first = min([step for step in (first, *linked) if step is not None], default=None)
        return ahead[::-1]

    def at(
        self, kind: str, end: int, left: tuple[PlanStep, ...], plan: tuple[PlanStep, ...], answer: JsonObject | None
    ) -> Moment:
        """The moment before a turn."""
        before = tuple(self.turns[:end])
        number = sum(turn.role == "assistant" for turn in before[self.told :])
        unsure = [step.link_confidence for step in self.trajectory.steps if step.link_confidence is not None]
        last = self.turns[-1].messages[-1] if self.turns else message("system", "")
        return Moment(
            provenance=replace(self.provenance, id=f"{self.provenance.id}-{kind}-{number}"),
            task=self.lineage.task,
            tools=self.lineage.tools,
            told=self.told,
            before=before,
            plan=plan,
            left=left,
            answer=answer,
            number=number,
            link_confidence=min(unsure, default=None),
            last_words=str(last["content"]) if last["role"] == "assistant" else "",
            failure_class=self.lineage.failure_class or None,
            seeds=self.lineage.seeds,
        )


def planning(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[Moment]:
    """For a planner: what the agent knew when the plan of a demonstration was made."""
    for course in _demonstrated(lineage, excluded):
        yield course.at("plan", course.made, course.trajectory.plan_at(0), (), None)


def executing(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[Moment]:
    """For an executor: each turn of a demonstration, under its plan."""
    for course in _demonstrated(lineage, excluded):
        yield from _turns(course)


def replanning(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[Moment]:
    """For a replanner: what was still to do each time that a demonstration's plan was written anew.

    Where it never was, what is left of its plan each time that a step of it was done, as its links tell.
    """
    for course in _demonstrated(lineage, excluded):
        if course.trajectory.plan_alone:
            excluded[PLAN_ALONE] += 1
        elif course.trajectory.earlier:
            yield from _written_anew(course, excluded)
        else:
            yield from _left_over(course, excluded)


def under_plans(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[Moment]:
    """Each turn of what a lineage stands at, under its plan, whatever was decided about it."""
    stand = lineage.stand
    if stand.status is ReviewStatus.DISPUTED:
        excluded[DISPUTED] += 1
        return
    head = lineage.revisions[stand.head]
    judged = next((item for item in lineage.usable(Exclusions()) if item.candidate.id == stand.head), None)
    known = undecided(lineage, head.trajectory, "head") if judged is None else provenance_of(lineage, judged, "head")
    known = replace(known, verified=verified(head.inspection))
    for course in _with_plan(lineage, lineage.sides[stand.head], known, excluded):
        yield from _turns(course)


def _written_anew(course: _Course, excluded: Exclusions) -> Iterator[Moment]:
    of = course.trajectory
    for earlier in of.earlier:
        if any(index < earlier.until for index in of.carried_over):
            excluded[CARRIED_OVER] += 1
            continue
        end = next((n for n, turn in enumerate(course.turns) if turn.indexes[-1] >= earlier.until), len(course.turns))
        left = of.plan_at(earlier.until)[carried_out(of, earlier.until) :]
        yield course.at(f"replan-{earlier.until}", end, left, earlier.plan, None)


def _left_over(course: _Course, excluded: Exclusions) -> Iterator[Moment]:
    plan, done = course.trajectory.plan, 0
    if all(course.trajectory.steps[index].plan_step is None for turn in course.turns for index in turn.indexes):
        excluded[NOT_LINKED] += 1
    for number in course.executing:
        ahead = course.steps_ahead[number]
        if ahead is not None and ahead > done:
            yield course.at("replan", number + 1, plan[ahead:], plan[done:], None)
            done = ahead


def _turns(course: _Course) -> Iterator[Moment]:
    for number in course.executing:
        turn = course.turns[number]
        plan = course.trajectory.plan_at(turn.indexes[0])
        yield course.at("turn", number, plan, plan, turn.messages[0])


def approved_plan(lineage: Lineage) -> Judged | None:
    """The decision of a person that approved the plan alone at which a lineage stands; None where there is none."""
    if not lineage.entries or not lineage.revisions[lineage.stand.head].trajectory.plan_alone:
        return None
    found = head_decision(lineage, Exclusions())
    approved = found is not None and found.entry.decision.annotator != AUTOMATIC
    return found if approved else None


def _demonstrated(lineage: Lineage, excluded: Exclusions) -> Iterator[_Course]:
    item = approved_plan(lineage) or demonstrated(lineage, excluded)
    if item is not None:
        known = provenance_of(lineage, item, "planned")
        yield from _with_plan(lineage, lineage.sides[item.candidate.id], known, excluded)


def _with_plan(lineage: Lineage, side: Side, known: Provenance, excluded: Exclusions) -> Iterator[_Course]:
    """A trajectory as turns, where it has a plan that was there before it was carried out."""
    made = _made(lineage, side)
    if isinstance(made, str):
        excluded[made] += 1
    elif side.own_turns or side.trajectory.plan_alone:
        yield _Course(lineage, side.trajectory, side.own_turns, *made, known)


def _made(lineage: Lineage, side: Side) -> tuple[int, int] | str:
    """How many turns there were when the first plan was made, and from which on it was known; or why nobody can say.

    A plan that was read out of the run is known from the turn on in which it was written. One that is nowhere in it was
    given to the agent. One that the recording does not have was written for it later: it may say what was said before
    the agent's first action, and nothing that came after.
    """
    trajectory, turns = side.trajectory, side.own_turns
    told = opening(turns)
    if not trajectory.plan:
        return NO_PLAN
    if trajectory.plan_at(0) != lineage.revisions[lineage.root_id].trajectory.plan_at(0):
        acts = max(told, next((number for number, turn in enumerate(turns) if _acts(trajectory, turn)), len(turns)))
        return acts, acts
    written = set() if trajectory.earlier else set(_written(trajectory))
    at = next((number for number, turn in enumerate(turns) if written.intersection(turn.indexes)), None)
    if len(written) > 1:
        return BIT_BY_BIT
    if at is None:
        return CARRIED_OVER if written else (told, told)
    return at, max(told, at + 1)


def _acts(trajectory: Trajectory, turn: Turn) -> bool:
    return turn.role == "assistant" and any(trajectory.steps[index].is_action for index in turn.indexes)


def _written(trajectory: Trajectory) -> Sequence[int]:
    """For each step of the plan, the first step in which the agent wrote it; empty where it did not write them all.

    A plan that was read out of the run is known from then on. One that is nowhere in it was given to the agent.
    """
    wanted = [_plain(step.step.removesuffix("…")) for step in trajectory.plan]
    found: dict[int, int] = {}
    for index, step in enumerate(trajectory.steps):
        if step.role != "assistant" or len(found) == len(wanted):
            continue
        said = _plain("\n".join(_texts([step.text, step.thought, step.arguments])))
        for number, text in enumerate(wanted):
            if number not in found and text in said:
                found[number] = index
    return list(found.values()) if len(found) == len(wanted) else []


def _plain(text: str) -> str:
    """A text without the marks and spaces that are lost when a plan is read out of it."""
    return _SPACE.sub(" ", text).strip()


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)
