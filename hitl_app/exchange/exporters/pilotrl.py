"""PilotRL (AdaPlan): a row for each turn of an agent that follows a plan, one file for each stage of the training."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hitl_app.domain import grpo
from hitl_app.domain.grpo import Norm
from hitl_app.domain.jsontypes import JsonObject, canonical
from hitl_app.domain.reward_groups import LARGEST
from hitl_app.domain.rewards import Rewards, due_steps, links_of
from hitl_app.domain.score import Reward, Score, ScoreSource
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.card import CardFile
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.conversation import Turn, schemas, to_text, without_ids
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Example, Exclusions, Lineage, Moment, under_plans
from hitl_app.exchange.examples.reward_groups import Place
from hitl_app.exchange.exporters.flat import FLAT, calls
from hitl_app.exchange.exporters.plan_and_act import task_text, told

ABOUT = """\
For PilotRL (arXiv:2508.00344), out of what each lineage stands at where that follows a plan, whatever was decided about
it: a row for each turn of the agent. `prompt` is a text, as the method's own preparation writes it, and holds nothing
of what came later; the plan is the one that was in force then. `chat` is the same text as one message of the user, for
a trainer that takes chats: veRL with `data.prompt_key=chat`. `extra_info` has the parts, and with `tools`, `due` (the
plan step that is due, from 0), `recorded`, `norm` and `stage` what the reward functions need; `agent_action` in it is
what the agent did then, as `Thought:` and `Action:`. `reward_model.ground_truth` is what it said at the end, null where
that is not verified. The files differ in the stage: in `reward_actor` and `extra_info.stage`, `r_total` and the group.

Rewards are those of the turn (`r_format`, `r_adherence`) and of the whole trajectory (the others): a person's before a
judge's before a rule's. One that nobody gave is null, and so is a total with a term that is. `judge` names who gave
them, people as `human`; `human_override` says whether a person did. `r_total` adds the terms of the stage, each
normalised as `norm` says: `max` divides by the greatest value, `range` makes it 0 to 1, `none` leaves it. The plan's
quality counts with its mean. `group_reward` is the total of the trajectory, `advantage` how far it is above the mean of
its `group`, in standard deviations: trajectories for the same task, 16 at most.

`rewards.py` has the rewards as functions for TRL's GRPOTrainer and as `compute_score` for veRL. It needs nothing but
Python, asks no model and executes nothing."""

JUDGED = ("r_format", "r_adherence", "r_e2e", "q_corr", "q_foll", "q_std", "r_total")
"""Rewards: format 0 or 1; adherence and end to end 0, 1 or 2; quality of the plan 1 to 5; their total."""

COLUMNS: Columns = {
    "data_source": "string",
    "reward_actor": "string",
    "prompt": "string",
    "chat": [FLAT],
    "reward_model": {"style": "string", "ground_truth": "string"},
    "extra_info": {
        "example": "string",
        "instruction": "string",
        "observation": "string",
        "global_plans": "string",
        "agent_action": "string",
        "execution_step_index": "int64",
        "conversations": "string",
        "index": "int64",
        "tools": "string",
        "due": "int64",
        "recorded": {grpo.ADHERENCE: "float64", grpo.END_TO_END: "float64", grpo.PLAN_QUALITY: "float64"},
        "norm": "string",
        "stage": "int64",
    },
    **dict.fromkeys(JUDGED, "float64"),
    "norm": "string",
    "judge": "string",
    "human_override": "bool",
    "group": "string",
    "group_reward": "float64",
    "advantage": "float64",
}

_PROMPT = """\
Carry out the task step by step, with the global plan as your guide. Each time you see what came of your last action,
and answer with the next one, in exactly this form: "Thought: your thoughts" on a line of its own where you want to
think first, then "Action: your next action". An action is what you say, or calls of tools as JSON objects with "name"
and "arguments".
"""


@dataclass(frozen=True)
class _Course:
    """The turns of what a lineage stands at, with what makes their rows; shared by the stages.

    Attributes:
        lines: The conversation as the method writes it, a line a message.
        said: For each turn, how many of the lines came before it.
        digests: For each turn, a digest of all turns before it.
        due: For each step of the trajectory, the plan step that is due then.
        excluded: What gave no turn, by reason.
    """

    moments: Sequence[Moment]
    turns: Sequence[Turn]
    lines: Sequence[str]
    said: Sequence[int]
    digests: Sequence[str]
    rewards: Rewards
    due: Sequence[int]
    excluded: Exclusions


@dataclass(frozen=True, kw_only=True)
class RewardedTurn(Example):
    """A turn of an agent under its plan, with its rewards in a stage of the training."""

    moment: Moment
    course: _Course
    stage: int
    norm: Norm
    place: Place | None

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two turns one: the task, what came before, the plan and the answer."""
        of = self.moment
        plan = canonical([[step.step, step.reasoning] for step in of.plan])
        answer = "" if of.answer is None else without_ids([of.answer])
        return (of.task.id, self.course.digests[self.number], plan, answer)

    @property
    def number(self) -> int:
        """Of the turn in the conversation."""
        return len(self.moment.before)

    @property
    def steps(self) -> tuple[int, ...]:
        """Steps of the trajectory that the turn is made of."""
        return self.course.turns[self.number].indexes

    @property
    def conversation(self) -> str:
        """What was said and seen since the task was told."""
        return "\n".join(self.course.lines[: self.course.said[self.number]])

    @property
    def scores(self) -> list[Score]:
        """The rewards that count for the turn or for the whole trajectory."""
        counting = self.course.rewards.counting
        return [score for (_, step), score in counting.items() if step is None or step in self.steps]


def turns(stage: int) -> Callable[[Lineage, ExportSettings, Exclusions], Iterator[RewardedTurn]]:
    """Turns with their rewards in a stage."""

    def of(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[RewardedTurn]:
        course = lineage.once(_course)
        excluded.update(course.excluded)
        for moment in course.moments:
            place = lineage.reward_groups.place(moment.provenance.trajectory, stage, settings.norm)
            yield RewardedTurn(
                provenance=moment.provenance,
                moment=moment,
                course=course,
                stage=stage,
                norm=settings.norm,
                place=place,
            )

    return of


def _course(lineage: Lineage) -> _Course:
    excluded = Exclusions()
    moments = list(under_plans(lineage, ExportSettings(), excluded))
    if not moments:
        return _Course((), (), (), (), (), Rewards({}), (), excluded)
    side = lineage.sides[moments[0].provenance.trajectory]
    lines, said, digests, digest = list[str](), list[int](), list[str](), hashlib.sha256()
    for number, turn in enumerate(side.own_turns):
        said.append(len(lines))
        digests.append(digest.hexdigest())
        digest.update(without_ids(turn.messages).encode("utf-8", "surrogatepass"))
        if number >= moments[0].told:
            lines += map(_line, turn.messages)
    return _Course(
        moments,
        side.own_turns,
        lines,
        said,
        digests,
        lineage.rewards(side.trajectory.id),
        due_steps(side.trajectory, links_of(side.trajectory, lineage.entries, lineage.trajectories)),
        excluded,
    )


def row(turn: RewardedTurn) -> JsonObject | str:
    """A row for one stage."""
    moment = turn.moment
    action = _action(moment.answer) if moment.answer is not None else ""
    return _row(turn, moment, action) if action else "says and does nothing"


def _row(turn: RewardedTurn, moment: Moment, action: str) -> JsonObject:
    of, task = moment.provenance, moment.task
    rewards, terms = turn.course.rewards, turn.course.rewards.of_turn(turn.steps)
    parts: dict[str, str] = {
        "instruction": task_text(moment),
        "observation": told(moment.observed),
        "global_plans": to_text(["\n".join(f"Step {n}: {step.step}" for n, step in enumerate(moment.plan, 1))]),
        "conversations": turn.conversation,
    }
    prompt = _prompt(moment, parts)
    recorded: JsonObject = {term: terms[term] for term in (grpo.ADHERENCE, grpo.END_TO_END, grpo.PLAN_QUALITY)}
    return {
        "data_source": "/".join(filter(None, (task.environment, task.domain))),
        "reward_actor": f"{grpo.ACTOR}{turn.stage}",
        "prompt": prompt,
        "chat": [{"role": "user", "content": prompt}],
        "reward_model": {"style": "rule", "ground_truth": moment.last_words or None if of.verified else None},
        "extra_info": {
            "example": "",
            **parts,
            "agent_action": action,
            "execution_step_index": moment.number,
            "index": _index(of.id),
            "tools": to_text(schemas(moment.tools)),
            "due": turn.course.due[turn.steps[0]],
            "recorded": recorded,
            "norm": turn.norm,
            "stage": turn.stage,
        },
        "r_format": terms[grpo.FORMAT],
        "r_adherence": terms[grpo.ADHERENCE],
        "r_e2e": terms[grpo.END_TO_END],
        "q_corr": _measured(rewards.value(Reward.CORRECTNESS)),
        "q_foll": _measured(rewards.value(Reward.FOLLOWABILITY)),
        "q_std": _measured(rewards.value(Reward.STANDARDISATION)),
        "r_total": grpo.total(turn.stage, terms, turn.norm),
        "norm": turn.norm,
        **_givers(turn.scores),
        "group": turn.place.group if turn.place else None,
        "group_reward": turn.place.reward if turn.place else None,
        "advantage": turn.place.advantage if turn.place else None,
    }


def _measured(value: float | None) -> float | None:
    return None if value is None else float(value)


def _givers(scores: Sequence[Score]) -> JsonObject:
    """Who gave what counts."""
    names = sorted({"human" if score.source is ScoreSource.HUMAN else score.by for score in scores})
    return {"judge": ", ".join(names) or None, "human_override": "human" in names if names else None}


def _prompt(moment: Moment, parts: dict[str, str]) -> str:
    sections = {
        "policy": moment.task.policy,
        "tools": "\n".join(map(to_text, schemas(moment.tools))),
        "instruction": parts["instruction"],
        "global plans": parts["global_plans"],
        "conversation": parts["conversations"],
    }
    told_parts = [f"<{name}>\n{text}\n</{name}>" for name, text in sections.items() if text]
    return "\n".join([_PROMPT, *told_parts])


def _line(item: JsonObject) -> str:
    """A message as the method writes it: the agent is `GPT`, all else `Human`."""
    return f"GPT: {_action(item)}" if item["role"] == "assistant" else f"Human: {told([item])}"


def _action(message: JsonObject) -> str:
    """What the agent said and did: its thought, and its calls or what it said."""
    called, content = "\n".join(calls(message)), str(message["content"])
    if not called:
        return f"Action: {content}" if content else ""
    return f"Thought: {content}\nAction: {called}" if content else f"Action: {called}"


def _index(row_id: str) -> int:
    """A number of the row's own that no other row changes: the first 63 bits of a SHA-256 of its id."""
    return int.from_bytes(hashlib.sha256(row_id.encode()).digest()[:8], "big") >> 1


def describe(files: Sequence[CardFile]) -> Mapping[str, str]:
    """The reward functions: the same module that rewards recorded trajectories here."""
    return {"rewards.py": Path(grpo.__file__).read_text("utf-8")} if files else {}


def _tables() -> tuple[Table, ...]:
    about = "A turn of the agent under its plan; rewards of stage {}."
    return tuple(Table(f"stage{each}", about.format(each), turns(each), COLUMNS, row) for each in grpo.STAGES)


TARGET = Target(
    "pilotrl",
    "PilotRL: reinforcement learning under a global plan",
    ABOUT,
    _tables(),
    {"group": f"trajectories for the same task, {LARGEST} at most"},
    describe,
)
