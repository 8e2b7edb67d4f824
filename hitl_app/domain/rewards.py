"""PilotRL's rewards of recorded trajectories: what rules give without a model, and what counts of all that was given.

The method names the rewards and their ranges; the rules are ours. A reward that no rule can know is left out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain import grpo
from hitl_app.domain.codec import CodecError, get_int, get_optional_int, get_str
from hitl_app.domain.decision import Decision, DecisionKind, LedgerEntry
from hitl_app.domain.following import PlanAlignment, links_left, similarity
from hitl_app.domain.grpo import Norm
from hitl_app.domain.inspection import Inspection, StepStatus
from hitl_app.domain.jsontypes import JsonObject, canonical
from hitl_app.domain.score import Reward, Score, ScoreSource, effective
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.trajectory import Step, Trajectory

RULES = "rules/1"
"""Who gives what rules give; the number changes with the rules."""

QUALITY = (Reward.CORRECTNESS, Reward.FOLLOWABILITY, Reward.STANDARDISATION)
"""The three scores of a plan."""

Link = tuple[int, bool]
"""The plan step that a step carries out, and whether that is certain: recorded, or said by a person."""


def by_rule(
    trajectory: Trajectory, tools: Sequence[ToolSpec], inspection: Inspection | None, links: Mapping[int, Link]
) -> tuple[Score, ...]:
    """What rules give a trajectory.

    Args:
        trajectory: The trajectory.
        tools: What the agent could call; empty where nobody described it, and then no call's format is known.
        inspection: What was found about its execution.
        links: For steps, by index, what they carry out of the plan.
    """
    return (
        *_formats(trajectory, tools),
        *_adherences(trajectory, links),
        *_end_to_end(trajectory, inspection, links),
    )


def given(
    trajectory: Trajectory,
    tools: Sequence[ToolSpec],
    inspection: Inspection | None,
    judged: Iterable[Score],
    entries: Iterable[LedgerEntry],
    *,
    known: Mapping[str, Trajectory],
) -> tuple[Score, ...]:
    """Everything that a trajectory was given, by rules, judges and people.

    Args:
        trajectory: The trajectory.
        tools: What the agent could call.
        inspection: What was found about its execution.
        judged: What judges gave it.
        entries: Of its lineage.
        known: Trajectories of its lineage, by id: what people linked before it was revised goes on to it.
    """
    listed = list(entries)
    rules = by_rule(trajectory, tools, inspection, links_of(trajectory, listed, known))
    return (*rules, *judged, *by_people(listed, trajectory.id))


def by_people(entries: Iterable[LedgerEntry], trajectory_id: str) -> tuple[Score, ...]:
    """What people gave a trajectory by the entries of its lineage, oldest first, without what they took back."""
    listed = list(entries)
    undone = {entry.decision.undoes for entry in listed}
    standing = (
        entry.decision
        for entry in listed
        if entry.decision.kind is DecisionKind.SCORE
        and entry.decision.base_id == trajectory_id
        and entry.sequence not in undone
    )
    return tuple(score for decision in standing if (score := _by_person(decision)) is not None)


def score_detail(reward: Reward, value: int, step: int | None) -> JsonObject:
    """What a decision holds that gives a reward."""
    return {"reward": reward, "value": value, "step": step}


def _by_person(decision: Decision) -> Score | None:
    """The score that a decision gives; None where its detail is not of the form that this program writes."""
    detail = decision.detail
    try:
        return Score(
            decision.base_id,
            Reward(get_str(detail, "reward")),
            get_int(detail, "value"),
            ScoreSource.HUMAN,
            decision.annotator,
            get_optional_int(detail, "step"),
            decision.reason,
            decision.made_at,
        )
    except (CodecError, ValueError):
        return None


def links_of(
    trajectory: Trajectory, entries: Iterable[LedgerEntry] = (), known: Mapping[str, Trajectory] | None = None
) -> dict[int, Link]:
    """What each step carries out of the plan, as far as people say, the recording does, or words are shared.

    Args:
        trajectory: The trajectory.
        entries: Of its lineage.
        known: Trajectories of its lineage, by id; see `following.links_left`.
    """
    said = links_left(trajectory, known or {}, entries)
    aligned = PlanAlignment.of(trajectory, said).links
    links = {index: (link.plan_step, link.sure == 1) for index, link in aligned.items()}
    for index, step in _own(trajectory):
        if step.is_action and index not in links and index not in said:
            alike = [similarity(item, step) for item in trajectory.plan_at(index)]
            if any(alike):
                links[index] = alike.index(max(alike)), False
    return links


@dataclass(frozen=True)
class Rewards:
    """What counts of the rewards of one trajectory, whoever gave them."""

    counting: Mapping[tuple[Reward, int | None], Score]

    @classmethod
    def of(cls, scores: Iterable[Score]) -> "Rewards":
        """Out of everything that was given."""
        return cls(effective(scores))

    def value(self, reward: Reward, step: int | None = None) -> int | None:
        """A reward of the whole trajectory or of a step; None where it was not measured."""
        found = self.counting.get((reward, step))
        return None if found is None else found.value

    def of_turn(self, steps: Collection[int]) -> dict[str, float | None]:
        """The terms of the totals for one turn of the agent: of several calls at once, the worst one counts."""
        return {
            grpo.FORMAT: min(self._of_steps(Reward.FORMAT, steps), default=None),
            grpo.ADHERENCE: min(self._of_steps(Reward.ADHERENCE, steps), default=None),
            **self._whole,
        }

    @property
    def terms(self) -> dict[str, float | None]:
        """The terms of the totals for the trajectory: rewards of steps count with their mean."""
        return {
            grpo.FORMAT: _mean(self._of_steps(Reward.FORMAT)),
            grpo.ADHERENCE: _mean(self._of_steps(Reward.ADHERENCE)),
            **self._whole,
        }

    def total(self, stage: int, norm: Norm = Norm.MAX) -> float | None:
        """The trajectory's total in a stage of the training; None where one of its terms was not measured."""
        return grpo.total(stage, self.terms, norm)

    @property
    def _whole(self) -> dict[str, float | None]:
        quality = [value for each in QUALITY if (value := self.value(each)) is not None]
        return {
            grpo.END_TO_END: self.value(Reward.END_TO_END),
            grpo.PLAN_QUALITY: _mean(quality) if len(quality) == len(QUALITY) else None,
        }

    def _of_steps(self, reward: Reward, steps: Collection[int] | None = None) -> list[int]:
        return [
            score.value
            for (of, step), score in self.counting.items()
            if of is reward and step is not None and (steps is None or step in steps)
        ]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _formats(trajectory: Trajectory, tools: Sequence[ToolSpec]) -> Iterator[Score]:
    """1 for a message that says something, and for a call of a tool that there is with arguments that fit; else 0."""
    schemas = {tool.name: tool.parameters for tool in tools}
    for index, step in _own(trajectory):
        if not step.is_action:
            said = bool(step.text.strip())
            yield _given(trajectory, Reward.FORMAT, int(said), "" if said else "it says nothing", index)
        elif schemas:
            fits = grpo.is_valid_call(step.tool, step.arguments, schemas)
            wrong = "the arguments do not fit" if step.tool in schemas else "there is no such tool"
            yield _given(trajectory, Reward.FORMAT, int(fits), "" if fits else wrong, index)


def _adherences(trajectory: Trajectory, links: Mapping[int, Link]) -> Iterator[Score]:
    """For each action, and for messages that are linked, how far it carries out what is due by then.

    2 where a certain link leads to the plan step that was carried out last, or to a later one; 1 where it leads back,
    or is not certain; 0 without a link.
    """
    due = due_steps(trajectory, links)
    for index, step in _own(trajectory):
        if not trajectory.plan or not (step.is_action or index in links):
            continue
        value, reason = 0, "it carries out no step of the plan"
        if index in links:
            plan_step, certain = links[index]
            value, reason = 2, f"plan step {plan_step + 1}"
            if not certain:
                value, reason = 1, f"it resembles plan step {plan_step + 1}"
            elif plan_step < due[index]:
                value, reason = 1, f"plan step {plan_step + 1}, after plan step {due[index] + 1} was begun"
        yield _given(trajectory, Reward.ADHERENCE, value, reason, index)


def _end_to_end(trajectory: Trajectory, inspection: Inspection | None, links: Mapping[int, Link]) -> Iterator[Score]:
    """0 where it was not verified, 1 where it was and something in it was redundant, else 2; nothing where unknown."""
    if inspection is None or inspection.verified is None:
        return
    if not inspection.verified:
        yield _given(trajectory, Reward.END_TO_END, 0, "it is not verified")
        return
    found = redundant(trajectory, inspection, links)
    if found is None:
        yield _given(trajectory, Reward.END_TO_END, 2, "it is verified, and nothing in it is redundant")
    else:
        step, why = found
        yield _given(trajectory, Reward.END_TO_END, 1, f"it is verified, but step {step} {why}")


def due_steps(trajectory: Trajectory, links: Mapping[int, Link]) -> list[int]:
    """For each step the plan step that is due then: the last one that a certain link before it leads to, else 0."""
    found, due = list[int](), 0
    for index in range(len(trajectory.steps)):
        found.append(due)
        plan_step, certain = links.get(index, (0, False))
        due = max(due, plan_step) if certain else due
    return found


def redundant(trajectory: Trajectory, inspection: Inspection, links: Mapping[int, Link]) -> tuple[int, str] | None:
    """The first action of the agent that could have been left out, and why; None where there is none.

    It failed; or it repeats an earlier call and came to the same answer; or it changed nothing, no later call depends
    on it (`Inspection.dependencies`), the agent did not speak before something was changed, and no certain link says
    that the plan asks for it.
    """
    needed = {each.on for each in inspection.dependencies} | {index for index, (_, certain) in links.items() if certain}
    seen: set[tuple[str, str]] = set()
    for index, step in _own(trajectory):
        executed = inspection.execution.steps[index]
        observation = executed.observation
        if not step.is_action or observation is None:
            continue
        call = canonical([step.tool, step.arguments]), observation.text
        if executed.status is StepStatus.FAILED or observation.failed:
            return index, "failed"
        if call in seen:
            return index, "repeats an earlier call"
        if (
            executed.replayed
            and not observation.changed
            and index not in needed
            and not _told(trajectory, inspection, index)
        ):
            return index, "looked up what nothing later uses"
        seen.add(call)
    return None


def _told(trajectory: Trajectory, inspection: Inspection, index: int) -> bool:
    """Whether the agent spoke before it changed anything, so that it may have told what it saw."""
    for later in range(index + 1, len(trajectory.steps)):
        step, observation = trajectory.steps[later], inspection.execution.steps[later].observation
        if step.role == "assistant" and not step.is_action:
            return True
        if observation is not None and observation.changed:
            return False
    return False


def _own(trajectory: Trajectory) -> Iterator[tuple[int, Step]]:
    return ((index, step) for index, step in enumerate(trajectory.steps) if step.role == "assistant")


def _given(trajectory: Trajectory, reward: Reward, value: int, reason: str, step: int | None = None) -> Score:
    return Score(trajectory.id, reward, value, ScoreSource.RULE, RULES, step, reason)
