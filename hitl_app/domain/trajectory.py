"""Trajectories: a plan and the steps that carry it out. Immutable; identified by their content."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from hitl_app.domain.jsontypes import Json, JsonObject, canonical, list_hash


class StepKind(StrEnum):
    """A step either says something or calls a tool."""

    MESSAGE = "message"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One intention of the plan, carried out by the steps that link to it."""

    step: str
    reasoning: str = ""
    expected_outcome: str = ""


@dataclass(frozen=True, slots=True)
class EarlierPlan:
    """A plan that was in force until it was written anew: for the steps before step `until`."""

    until: int
    plan: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The observation that a recording holds for an action, or that a plan expected."""

    text: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trajectory.

    Attributes:
        kind: `message` or `action`.
        role: Who acts or speaks: `assistant`, `user` or `system`.
        text: The message; empty for an action.
        tool: Name of the tool that an action calls; empty for a message.
        arguments: The tool's arguments.
        thought: Words of the agent that came with the action.
        expected: The observation that was recorded or expected; None where nothing is known.
        turn: Actions with the same number were calls in one assistant message; None stands alone.
        plan_step: Index of the plan step that this step carries out.
        link_confidence: How sure that link is, 0 to 1, where it was read out of a text; None where it is certain. Not
            part of what the step is.
    """

    kind: StepKind
    role: str = "assistant"
    text: str = ""
    tool: str = ""
    arguments: JsonObject = field(default_factory=dict)
    thought: str = ""
    expected: Recorded | None = None
    turn: int | None = None
    plan_step: int | None = None
    link_confidence: float | None = field(default=None, compare=False)

    @property
    def is_action(self) -> bool:
        """Whether the step calls a tool."""
        return self.kind is StepKind.ACTION

    @property
    def content(self) -> Json:
        """What the step does, without what was observed or which turn it came in."""
        return [self.kind, self.role, self.text, self.tool, self.arguments, self.thought]

    @property
    def key(self) -> str:
        """Canonical text of the whole step: equal keys, equal steps (Python's `==` takes 1 for true)."""
        expected: Json = None if self.expected is None else [self.expected.text, self.expected.failed]
        return canonical([self.content, expected, self.turn, self.plan_step])


def message(text: str, role: str = "assistant", plan_step: int | None = None) -> Step:
    """A step that says something."""
    return Step(StepKind.MESSAGE, role=role, text=text, plan_step=plan_step)


def action(
    tool: str,
    arguments: JsonObject,
    *,
    thought: str = "",
    expected: Recorded | None = None,
    turn: int | None = None,
    plan_step: int | None = None,
) -> Step:
    """A step that calls a tool."""
    return Step(
        StepKind.ACTION,
        tool=tool,
        arguments=arguments,
        thought=thought,
        expected=expected,
        turn=turn,
        plan_step=plan_step,
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where a recorded trajectory came from.

    Attributes:
        file: Path as given to the import.
        index: Position of the run in its file, from 0.
        record_id: The run's own id in its file; empty where it has none.
        format: Name of the importer.
        model: Model that produced the run, as recorded.
        trial: Number of the repeated trial.
        outcome: What the run's own benchmark recorded of it, kept beside ours; see `domain.outcome` for the names that
            are compared with our findings.
        extra: Fields of the record that the importer does not know.
        synthetic: The run was produced by this product and not by a model.
    """

    file: str
    index: int
    record_id: str = ""
    format: str = ""
    model: str = ""
    trial: int | None = None
    outcome: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    synthetic: bool = False


@dataclass(frozen=True)
class Trajectory:
    """A plan and its steps for one task. A revision names its parent and the root of its lineage.

    Attributes:
        carried_over: Indexes of messages that stand after an edit and could not be executed again.
        author: Who made it: empty for a recording, else an annotator's or a proposer's name.
        plan: The plan as it stands at the end. What was carried out under an earlier one stands in it unchanged, at the
            same place.
        earlier: Plans that it was before, oldest first; each `until` is greater than the one before.
    """

    task_id: str
    steps: tuple[Step, ...]
    plan: tuple[PlanStep, ...] = ()
    parent_id: str | None = None
    lineage_root: str | None = None
    source: Source | None = None
    carried_over: frozenset[int] = frozenset()
    author: str = ""
    earlier: tuple[EarlierPlan, ...] = ()

    @cached_property
    def id(self) -> str:
        """Content hash over task, parent, plans, steps and the run's own identity.

        The file's name is left out, so that the same run under another name is the same trajectory.
        """
        run: Json = None if self.source is None else [self.source.record_id, self.source.trial]
        head: list[Json] = [self.task_id, self.parent_id, run, _plan_json(self.plan)]
        if self.earlier:  # those without keep the id that they had before there were earlier plans
            head.append([[each.until, _plan_json(each.plan)] for each in self.earlier])
        return list_hash(head, (step.key for step in self.steps))

    def known_as(self, identity: str) -> "Trajectory":
        """This trajectory, with the id that it is known to have: to hash a long one again takes half a second."""
        vars(self)["id"] = identity  # where `cached_property` keeps it
        return self

    def plan_at(self, step: int) -> tuple[PlanStep, ...]:
        """The plan that was in force when a step was done."""
        return next((each.plan for each in self.earlier if step < each.until), self.plan)

    @property
    def plan_alone(self) -> bool:
        """Whether it is a plan that nothing carries out: there is nothing to verify in it, only to read."""
        return bool(self.plan) and not self.steps

    @property
    def root_id(self) -> str:
        """Id of the recording that this trajectory descends from; its own where it is one."""
        return self.lineage_root or self.id

    @property
    def actions(self) -> tuple[int, ...]:
        """Indexes of the steps that call a tool."""
        return tuple(index for index, step in enumerate(self.steps) if step.is_action)


def _plan_json(plan: tuple[PlanStep, ...]) -> Json:
    return [[item.step, item.reasoning, item.expected_outcome] for item in plan]
