"""Which action carries out which step of a plan: links that people set, links on record, and words, without a model.

CoPE takes how well a plan step and an action go together from "semantic/action matching" (we know it at second hand).
The matching here is ours: it compares words, and is no more than a start that people correct.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from hitl_app.domain.alignment import common
from hitl_app.domain.annotations import Annotations
from hitl_app.domain.coordination import best_alignment
from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.trajectory import PlanStep, Step, Trajectory

LEAST_SIMILAR = 0.25
"""Likeness of words below which they are taken to be shared by chance."""

_VALUE_LENGTH = 80
"""Characters of an argument's value above which it is content, such as the text of a mail, and names nothing."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_ENDING = re.compile(r"(?<=\w{3})(?:ings?|ed|es|s|e)$")
_SMALL = (
    "a all an and any are as at be by can do each every first for from has have if in into is it its make need next of"
    " on or our out sure that the their then there they this to until up use using was what when which will with you"
    " your"
)
_STOP = frozenset(_SMALL.split())
_ALIKE = (
    "find search look get query list check read view fetch show lookup retrieve see inspect browse",
    "cancel delete remove drop",
    "book reserve reservation booking",
    "update change modify edit set adjust",
    "buy purchase order pay checkout",
    "send mail email message write",
    "finish submit end complete answer done hand",
)


class LinkSource(StrEnum):
    """Who says that a step carries out a plan step: a person, the recording, or words that both have."""

    HUMAN = "human"
    RECORDED = "recorded"
    MATCHED = "matched"


@dataclass(frozen=True, slots=True)
class AlignedStep:
    """A step of the plan in the best alignment.

    Attributes:
        plan_step: Its index.
        step: Index of the step that carries it out; None where none does.
        sure: How surely, 0 to 1; 0 where none does.
        source: Who says so; None where none does.
    """

    plan_step: int
    step: int | None = None
    sure: float = 0.0
    source: LinkSource | None = None


@dataclass(frozen=True)
class PlanAlignment:
    """The best alignment of a trajectory's final plan with its steps.

    Attributes:
        rows: One for each step of the plan, in order.
        links: For each step that a person or the recording links to the plan, by index, the plan step and how surely.
            Several may carry out the same one; the alignment counts one of them.
        unlinked: Steps of which a person says that they carry out nothing.
    """

    rows: tuple[AlignedStep, ...]
    links: Mapping[int, AlignedStep]
    unlinked: frozenset[int] = frozenset()

    @classmethod
    def of(cls, trajectory: Trajectory, by_people: Mapping[int, int | None] | None = None) -> "PlanAlignment":
        """Align a trajectory.

        A step that is linked carries out that plan step alone: surely where a person says so, and where the recording
        does without a confidence, as in plans that were made here; else with the confidence of a link that was read
        out of a text. Any other action of the agent is compared by its words.

        Args:
            trajectory: The trajectory.
            by_people: For steps, by index, the plan step that people say they carry out; None where they say that a
                step carries out nothing.
        """
        plan, said = trajectory.plan, by_people or {}
        links = {
            index: link
            for index, step in enumerate(trajectory.steps)
            if (link := _link(index, step, said, len(plan))) is not None
        }
        intentions = [_words(item.step) for item in plan]
        sure: list[Mapping[int, float]] = []
        for index, step in enumerate(trajectory.steps):
            if index in links:
                sure.append({links[index].plan_step: links[index].sure})
            elif index in said or not step.is_action or step.role != "assistant":
                sure.append({})
            else:
                sure.append(_matches(intentions, step))
        best = best_alignment(sure, len(plan))
        rows = tuple(_row(number, best.get(number), sure, links) for number in range(len(plan)))
        return cls(rows, links, frozenset(index for index, place in said.items() if place is None))

    @property
    def c_tau(self) -> float | None:
        """How far the plan was followed (`coordination.followed`), 0 to 1.

        None without a plan, and where nobody said anything about links and no word is shared: that another language is
        spoken says nothing about what was done.
        """
        known = self.links or self.unlinked or any(row.step is not None for row in self.rows)
        if not self.rows or not known:
            return None
        return sum(row.sure for row in self.rows) / len(self.rows)


def links_left(
    trajectory: Trajectory, known: Mapping[str, Trajectory], entries: Iterable[LedgerEntry]
) -> dict[int, int | None]:
    """What people say that the steps of a trajectory carry out: of it, or of a revision before it.

    A link goes on to a revision with its step, where that and its plan step are as they were.

    Args:
        trajectory: The trajectory.
        known: Trajectories of its lineage, by id; what was said of others is not looked for.
        entries: Of the lineage, in order.
    """
    listed = list(entries)
    if not any(entry.decision.kind is DecisionKind.LINK for entry in listed):
        return {}
    chain = [trajectory]
    while (above := known.get(chain[-1].parent_id or "")) is not None:
        chain.append(above)
    links: dict[int, int | None] = {}
    for before, here in zip([None, *chain[:0:-1]], chain[::-1], strict=True):
        links = _inherited(before, here, links) if before is not None else {}
        links.update(Annotations.of(here.id, listed).links)
    return links


def similarity(plan_step: PlanStep, action: Step) -> float:
    """How much of a plan step's words an action has, and of its tool's name the plan step, 0 to 1; 0 where by chance.

    The mean of two shares: of the words in the tool's name, those that the plan step says; and of the words of the plan
    step, those that the action says in its tool's name and in names and short values of its arguments. Endings and
    small words do not count, and a few verbs are taken to mean the same (`search` and `find`). The measure is ours.
    """
    return _similarity(_words(plan_step.step), *_named_and_said(action))


def _inherited(before: Trajectory, here: Trajectory, links: Mapping[int, int | None]) -> dict[int, int | None]:
    if not links:
        return {}
    places = dict(common([step.key for step in before.steps], [step.key for step in here.steps]))
    return {
        places[index]: place
        for index, place in links.items()
        if index in places and (place is None or before.plan[place : place + 1] == here.plan[place : place + 1])
    }


def _link(index: int, step: Step, by_people: Mapping[int, int | None], plan_steps: int) -> AlignedStep | None:
    if index in by_people:
        place, sure, source = by_people[index], 1.0, LinkSource.HUMAN
    else:
        place, source = step.plan_step, LinkSource.RECORDED
        sure = 1.0 if step.link_confidence is None else min(1.0, max(0.0, step.link_confidence))
    if place is None or not 0 <= place < plan_steps:
        return None
    return AlignedStep(place, index, sure, source)


def _row(
    number: int, step: int | None, sure: Sequence[Mapping[int, float]], links: Mapping[int, AlignedStep]
) -> AlignedStep:
    if step is None:
        return AlignedStep(number)
    return links[step] if step in links else AlignedStep(number, step, sure[step][number], LinkSource.MATCHED)


def _matches(intentions: Sequence[frozenset[str]], action: Step) -> dict[int, float]:
    named, said = _named_and_said(action)
    found = {number: _similarity(words, named, said) for number, words in enumerate(intentions)}
    return {number: sure for number, sure in found.items() if sure}


def _named_and_said(action: Step) -> tuple[frozenset[str], frozenset[str]]:
    named = _words(action.tool)
    return named, named.union(*map(_words, _texts(action.arguments)))


def _similarity(intention: frozenset[str], named: frozenset[str], said: frozenset[str]) -> float:
    if not intention or not named:
        return 0.0
    share = (len(named & intention) / len(named) + len(said & intention) / len(intention)) / 2
    return share if share >= LEAST_SIMILAR else 0.0


def _texts(value: Json) -> Iterator[str]:
    """Names and short values."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield name
            yield from _texts(item)
    elif isinstance(value, str):
        if len(value) <= _VALUE_LENGTH:
            yield value
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


@cache
def _same() -> Mapping[str, str]:
    """Stems of verbs that mean the same, each with the first of them."""
    return {_stem(word): group.split()[0] for group in _ALIKE for word in group.split()}


@lru_cache(4096)
def _words(text: str) -> frozenset[str]:
    found = (word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", text)))
    stems = (_stem(word) for word in found if word not in _STOP)
    return frozenset(_same().get(stem, stem) for stem in stems)


def _stem(word: str) -> str:
    return _ENDING.sub("", word)
