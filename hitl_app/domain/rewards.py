"""PilotRL's rewards of recorded trajectories: what rules give without a model, and what counts of all that was given.

The method names the rewards and their ranges; the rules are ours. A reward that no rule can know is left out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain import grpo
from hitl_app.domain.codec import CodecError, get_int, get_optional_int, get_str
from hitl_app.domain.decision import Decision, DecisionKind, LedgerEntry
from hitl_app.domain.grpo import Norm
from hitl_app.domain.inspection import DependencyKind, Inspection, StepStatus
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
        *_end_to_end(trajectory, inspection),
    )


def by_people(entries: Iterable[LedgerEntry], trajectory_id: str, viewer: str = "") -> tuple[Score, ...]:
    """What people gave a trajectory, oldest first; what they took back does not count.

    Args:
        entries: Of the trajectory's lineage.
        trajectory_id: The trajectory.
        viewer: A blind annotator, who sees their own alone; empty sees everybody's.
    """
    listed = list(entries)
    undone = {entry.decision.undoes for entry in listed}
    given = (
        entry.decision
        for entry in listed
        if entry.decision.kind is DecisionKind.SCORE
        and entry.decision.base_id == trajectory_id
        and entry.sequence not in undone
        and viewer in ("", entry.decision.annotator)
    )
    return tuple(score for decision in given if (score := _by_person(decision)) is not None)


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


def own_links(trajectory: Trajectory) -> dict[int, Link]:
    """The links that a trajectory itself has."""
    return {
        index: (step.plan_step, step.link_confidence is None)
        for index, step in enumerate(trajectory.steps)
        if step.plan_step is not None
    }


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
    due = 0
    for index, step in _own(trajectory):
        link = links.get(index)
        if not trajectory.plan or (link is None and not step.is_action):
            continue
        if link is None:
            yield _given(trajectory, Reward.ADHERENCE, 0, "it carries out no step of the plan", index)
            continue
        plan_step, certain = link
        words = f"plan step {plan_step}"
        if not certain:
            yield _given(trajectory, Reward.ADHERENCE, 1, f"it resembles {words}", index)
        elif plan_step < due:
            yield _given(trajectory, Reward.ADHERENCE, 1, f"{words}, after plan step {due} was begun", index)
        else:
            yield _given(trajectory, Reward.ADHERENCE, 2, words, index)
            due = plan_step


def _end_to_end(trajectory: Trajectory, inspection: Inspection | None) -> Iterator[Score]:
    """0 where it was not verified, 1 where it was and something in it was redundant, else 2; nothing where unknown."""
    if inspection is None or inspection.verified is None:
        return
    if not inspection.verified:
        yield _given(trajectory, Reward.END_TO_END, 0, "it is not verified")
        return
    found = redundant(trajectory, inspection)
    if found is None:
        yield _given(trajectory, Reward.END_TO_END, 2, "it is verified, and nothing in it is redundant")
    else:
        step, why = found
        yield _given(trajectory, Reward.END_TO_END, 1, f"it is verified, but step {step} {why}")


def redundant(trajectory: Trajectory, inspection: Inspection) -> tuple[int, str] | None:
    """The first action of the agent that could have been left out, and why; None where there is none.

    It failed; or it repeats an earlier call and came to the same answer; or it changed nothing, was not the last thing
    before the agent spoke, and no later call takes a value out of its answer.
    """
    used = {each.on for each in inspection.dependencies if each.kind is DependencyKind.VALUE}
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
        if executed.replayed and not observation.changed and index not in used and not _told(trajectory, index):
            return index, "looked up what nothing later uses"
        seen.add(call)
    return None


def _told(trajectory: Trajectory, index: int) -> bool:
    """Whether the agent spoke before it acted again, so that it may have told what it saw."""
    later = (step for step in trajectory.steps[index + 1 :] if step.role == "assistant")
    following = next(later, None)
    return following is not None and not following.is_action


def _own(trajectory: Trajectory) -> Iterator[tuple[int, Step]]:
    return ((index, step) for index, step in enumerate(trajectory.steps) if step.role == "assistant")


def _given(trajectory: Trajectory, reward: Reward, value: int, reason: str, step: int | None = None) -> Score:
    return Score(trajectory.id, reward, value, ScoreSource.RULE, RULES, step, reason)
