"""PilotRL's rewards for GRPO trainers (AdaPlan, arXiv 2508.00344): one file that needs nothing but Python.

The functions that end with `_reward` have TRL's form, `compute_score` has veRL's. What they need beside an answer is in
the column `extra_info` of the `pilotrl` export, which writes this file beside its rows as `rewards.py`:

    from rewards import stage1_reward
    GRPOTrainer(model, stage1_reward, train_dataset=data)

No model is asked and nothing is executed. So what only an execution could tell is known of the recorded action alone:
of another one, the end is not measured, and adds nothing to a total. How terms are normalised is not reported by the
method's authors; dividing by the greatest value is our choice, and can be changed (`Norm`).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from math import fsum, sqrt
from typing import NamedTuple


class Norm(StrEnum):
    """How a term of a total is normalised: not at all, by its greatest value, or so that its range is 0 to 1."""

    NONE = "none"
    MAX = "max"
    RANGE = "range"


FORMAT, ADHERENCE, END_TO_END, PLAN_QUALITY = "format", "adherence", "end_to_end", "plan_quality"

RANGES = {FORMAT: (0, 1), ADHERENCE: (0, 2), END_TO_END: (0, 2), PLAN_QUALITY: (1, 5)}
"""The least and the greatest value of each term. The plan's quality is the mean of its three scores."""

STAGES = {
    1: (FORMAT, ADHERENCE, END_TO_END),
    2: (FORMAT, END_TO_END, PLAN_QUALITY),
    3: (FORMAT, END_TO_END),
}
"""The terms of the total of each stage of the training."""

ACTOR = "RewardActorAgentStage"
"""How `reward_actor` begins; the number of the stage follows."""

HALF, QUARTER = 0.5, 0.25
"""Share of words in common from which on an answer carries out a plan step, or carries it out in part; ours."""

Info = Mapping[str, object]
"""What the export knows of a row: its `extra_info`."""

_ANSWER = re.compile(r"\s*(?:Thought:(?P<thought>.*?)\n\s*)?Action:(?P<action>.*)", re.DOTALL)
_PLAN_STEP = re.compile(r"^Step \d+: ", re.MULTILINE)
_WORD = re.compile(r"[a-z0-9]{3,}|[^\x00-\u2fff]")
_SMALL = frozenset(["and", "are", "each", "for", "from", "into", "that", "the", "then", "this", "with", "you", "your"])
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (list, tuple),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "number": (int, float),
}


def normalised(term: str, value: float, norm: str = Norm.MAX) -> float:
    """A term's value as it counts in a total."""
    least, greatest = RANGES[term]
    if norm == Norm.NONE:
        return value
    return value / greatest if norm == Norm.MAX else (value - least) / (greatest - least)


def total(stage: int, values: Mapping[str, float | None], norm: str = Norm.MAX) -> float | None:
    """The total of a stage; None where one of its terms was not measured."""
    found = [_term(term, values, norm) for term in STAGES[stage]]
    known = [value for value in found if value is not None]
    return sum(known) if len(known) == len(found) else None


def advantages(rewards: Sequence[float]) -> list[float]:
    """`(reward - mean) / standard deviation` of the sample, for each reward of a group of two or more.

    All are 0 where the rewards are equal: such a group teaches nothing.
    """
    if max(rewards) == min(rewards):
        return [0.0] * len(rewards)
    mean = fsum(rewards) / len(rewards)
    spread = sqrt(fsum((reward - mean) ** 2 for reward in rewards) / (len(rewards) - 1))
    return [(reward - mean) / spread for reward in rewards]


class Action(NamedTuple):
    """What an answer says or does: words, or calls of tools with their arguments."""

    words: str
    calls: tuple[tuple[str, object], ...]

    @property
    def text(self) -> str:
        """Equal texts, the same action."""
        return json.dumps([list(call) for call in self.calls], sort_keys=True) if self.calls else self.words


def read_action(answer: str) -> Action | None:
    """The action of an answer `Thought: …` (may be left out), `Action: …`; None where it has not this form.

    Calls are JSON objects with a `name` and `arguments`, one after the other; everything else is words.
    """
    found = _ANSWER.fullmatch(answer)
    text = found["action"].strip() if found else ""
    if not text:
        return None
    if not text.startswith("{"):
        return Action(text, ())
    try:
        return Action("", tuple(_calls(text)))
    except (ValueError, RecursionError):
        return None


def is_valid_call(name: str, arguments: object, schemas: Mapping[str, object]) -> bool:
    """Whether a call names a tool that there is, with arguments that fit the JSON Schema of its parameters.

    Known of JSON Schema is the part that descriptions of tools use; an argument that is not described does not fit.
    """
    schema = schemas.get(name)
    if not isinstance(schema, Mapping) or not isinstance(arguments, Mapping):
        return False
    described = schema.get("properties")
    closed = isinstance(described, Mapping) and schema.get("additionalProperties") is None
    return _fits({**schema, "additionalProperties": False} if closed else schema, arguments)


def format_reward(prompts: Sequence[object], completions: Sequence[object], **columns: object) -> list[float | None]:
    """1 for words, or for calls of tools that there are with arguments that fit; 0 for all else."""
    return _each(_format, completions, columns)


def adherence_reward(prompts: Sequence[object], completions: Sequence[object], **columns: object) -> list[float | None]:
    """2 for an action that carries out the plan step that is due or a later one, 1 in part or an earlier one, 0 none.

    The recorded action has its recorded score; any other one is compared with the plan word by word.
    """
    return _each(_adherence, completions, columns)


def end_to_end_reward(
    prompts: Sequence[object], completions: Sequence[object], **columns: object
) -> list[float | None]:
    """What the recorded run came to, 2, 1 or 0, for the recorded action; None for another one."""
    return _each(_end_to_end, completions, columns)


def plan_quality_reward(
    prompts: Sequence[object], completions: Sequence[object], **columns: object
) -> list[float | None]:
    """Mean score of the plan that the answer was given under, 1 to 5; None where nobody judged it.

    It is the same for all answers to a prompt.
    """
    return _each(_plan_quality, completions, columns)


def stage1_reward(prompts: Sequence[object], completions: Sequence[object], **columns: object) -> list[float]:
    """Format, adherence and end to end; a term that was not measured adds nothing."""
    return _totals(1, completions, columns)


def stage2_reward(prompts: Sequence[object], completions: Sequence[object], **columns: object) -> list[float]:
    """Format, end to end and the plan's quality; a term that was not measured adds nothing."""
    return _totals(2, completions, columns)


def stage3_reward(prompts: Sequence[object], completions: Sequence[object], **columns: object) -> list[float]:
    """Format and end to end; a term that was not measured adds nothing."""
    return _totals(3, completions, columns)


def compute_score(
    data_source: str, solution_str: str, ground_truth: object, extra_info: Info | None = None, **more: object
) -> float:
    """The total of the stage that the row is for, for veRL.

    Raises:
        ValueError: There is no `extra_info` that names a stage.
    """
    stage = None if extra_info is None else extra_info.get("stage")
    if extra_info is None or not isinstance(stage, int) or stage not in STAGES:
        raise ValueError("the rewards need the extra_info of the export's rows, with a stage of 1 to 3")
    return _total(stage, solution_str, extra_info)


def _each(
    reward: Callable[[str, Info], float | None], completions: Sequence[object], columns: Mapping[str, object]
) -> list[float | None]:
    return [reward(_text(answer), info) for answer, info in zip(completions, _infos(columns), strict=True)]


def _totals(stage: int, completions: Sequence[object], columns: Mapping[str, object]) -> list[float]:
    return [_total(stage, _text(answer), info) for answer, info in zip(completions, _infos(columns), strict=True)]


def _total(stage: int, answer: str, info: Info) -> float:
    values = {term: _REWARDS[term](answer, info) for term in STAGES[stage]}
    terms = (_term(term, values, str(info.get("norm") or Norm.MAX)) for term in values)
    return sum(value for value in terms if value is not None)


def _term(term: str, values: Mapping[str, float | None], norm: str) -> float | None:
    value = values.get(term)
    return None if value is None else normalised(term, value, norm)


def _format(answer: str, info: Info) -> float:
    action = read_action(answer)
    if action is None:
        return 0.0
    schemas = _schemas(str(info.get("tools") or "[]"))
    return float(all(is_valid_call(name, arguments, schemas) for name, arguments in action.calls))


def _adherence(answer: str, info: Info) -> float | None:
    action = read_action(answer)
    if action is None:
        return 0.0
    known = _recorded(info, ADHERENCE)
    if known is not None and _is_recorded(action, info):
        return known
    due = info.get("due")
    shares = [_share(_words(action.text), _words(step)) for step in _plan(str(info.get("global_plans") or "[]"))]
    if not shares:
        return None
    ahead = max(shares[due if isinstance(due, int) else 0 :], default=0.0)
    if ahead >= HALF:
        return 2.0
    return float(ahead >= QUARTER or max(shares) >= HALF)


def _end_to_end(answer: str, info: Info) -> float | None:
    action = read_action(answer)
    return _recorded(info, END_TO_END) if action is not None and _is_recorded(action, info) else None


def _plan_quality(answer: str, info: Info) -> float | None:
    return _recorded(info, PLAN_QUALITY)


_REWARDS: Mapping[str, Callable[[str, Info], float | None]] = {
    FORMAT: _format,
    ADHERENCE: _adherence,
    END_TO_END: _end_to_end,
    PLAN_QUALITY: _plan_quality,
}


def _is_recorded(action: Action, info: Info) -> bool:
    recorded = read_action(str(info.get("agent_action") or ""))
    return recorded is not None and recorded.text == action.text


def _recorded(info: Info, term: str) -> float | None:
    recorded = info.get("recorded")
    value = recorded.get(term) if isinstance(recorded, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def _infos(columns: Mapping[str, object]) -> Sequence[Info]:
    infos = columns.get("extra_info")
    if not isinstance(infos, Sequence) or not all(isinstance(info, Mapping) for info in infos):
        raise ValueError("the rewards need the column extra_info of the export's rows")
    return infos


def _text(completion: object) -> str:
    """An answer, be it a text or a list of messages."""
    if isinstance(completion, Sequence) and not isinstance(completion, str):
        contents = [item.get("content") for item in completion if isinstance(item, Mapping)]
        return "\n".join(text for text in contents if isinstance(text, str))
    return str(completion)


def _calls(text: str) -> Iterator[tuple[str, object]]:
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            raise ValueError("no call")
        yield value["name"], value.get("arguments")
        at += len(text) - at - len(text[at:].lstrip())


def _schemas(tools: str) -> dict[str, object]:
    functions = [tool["function"] for tool in json.loads(tools)]
    return {function["name"]: function["parameters"] for function in functions}


def _plan(plans: str) -> list[str]:
    return [step for plan in json.loads(plans) for step in _PLAN_STEP.split(plan)[1:]]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower())) - _SMALL


def _share(words: set[str], of: set[str]) -> float:
    """How much of the shorter text is in the other one."""
    return len(words & of) / max(1, min(len(words), len(of)))


def _fits(schema: Mapping[str, object], value: object) -> bool:
    wanted, choices = schema.get("type"), schema.get("enum")
    if not any(_is_a(one, value) for one in (wanted if isinstance(wanted, list | tuple) else [wanted])):
        return False
    if isinstance(choices, list | tuple) and not any(_same(choice, value) for choice in choices):
        return False
    if isinstance(value, Mapping):
        return _fits_object(schema, value)
    items = schema.get("items")
    if isinstance(value, list | tuple) and isinstance(items, Mapping):
        return all(_fits(items, item) for item in value)
    longest = schema.get("maxLength")
    if isinstance(value, str) and isinstance(longest, int):
        return len(value) <= longest
    return not isinstance(value, int | float) or isinstance(value, bool) or _in_range(schema, value)


def _fits_object(schema: Mapping[str, object], value: Mapping[str, object]) -> bool:
    required, properties = schema.get("required"), schema.get("properties")
    known = properties if isinstance(properties, Mapping) else {}
    if isinstance(required, list | tuple) and not all(name in value for name in required):
        return False
    if schema.get("additionalProperties") is False and not all(name in known for name in value):
        return False
    return all(_fits(known[name], item) for name, item in value.items() if isinstance(known.get(name), Mapping))


def _in_range(schema: Mapping[str, object], value: float) -> bool:
    least, most = schema.get("minimum"), schema.get("maximum")
    if isinstance(least, int | float) and value < least:
        return False
    return not (isinstance(most, int | float) and value > most)


def _is_a(wanted: object, value: object) -> bool:
    if wanted == "integer":
        return (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, float) and value.is_integer()
        )
    types = _TYPES.get(wanted) if isinstance(wanted, str) else None
    return types is None or (isinstance(value, types) and (wanted == "boolean" or not isinstance(value, bool)))


def _same(one: object, other: object) -> bool:
    """Whether two values are the same in JSON, where true is not 1."""
    return one is other if isinstance(one, bool) or isinstance(other, bool) else one == other
