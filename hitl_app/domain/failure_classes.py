"""Failure classes: the sorts of failure that people tell apart, and what a lineage's failure is told by."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hitl_app.domain.codec import CodecError, get_objects, get_str, get_strings
from hitl_app.domain.decision import AUTOMATIC, DecisionKind, LedgerEntry
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import Inspection, StepStatus
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.replan import carried_out
from hitl_app.domain.trajectory import Trajectory

FAILURE_CLASS = "failure_class"
"""Field of a decision's detail, and of a synthetic recording's source, that names the class."""

LONGEST_NAME = 60
"""Characters of a class's name: it is shown in lists, and typed."""

_SPACE = re.compile(r"[\s_:/-]+")


@dataclass(frozen=True, slots=True)
class FailureClass:
    """A sort of failure.

    Attributes:
        description: What fails in it, in a sentence: shown to people, and to a model that classifies or augments.
        words: Words and phrases that tell it without a model; see `told_by_words`.
    """

    name: str
    description: str
    words: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """As a list of classes is kept and printed."""
        return {"name": self.name, "description": self.description, "words": list(self.words)}

    @classmethod
    def from_json(cls, value: JsonObject) -> "FailureClass":
        """What `to_json` gave, or a person wrote. Raises CodecError."""
        unknown = sorted(value.keys() - {"name", "description", "words"})
        if unknown:
            raise CodecError(f"{unknown[0]} is not known: a class has name, description and words")
        tidy = (" ".join(word.split()) for word in get_strings(value, "words"))
        return cls(
            " ".join(get_str(value, "name").split()),
            " ".join(get_str(value, "description").split()),
            tuple(dict.fromkeys(word for word in tidy if word)),
        )


SHIPPED: tuple[FailureClass, ...] = (
    FailureClass(
        "unseen information",
        "It builds on something that no look-up had shown, or that does not exist.",
        ("look up has shown", "not found", "does not exist", "unknown", "no such"),
    ),
    FailureClass(
        "user not told",
        "The user is not told, or not rightly told, what they have to know.",
        ("communicate", "tells the user", "say what it costs"),
    ),
    FailureClass(
        "budget",
        "It spends more than is allowed, or not the cheapest that would do.",
        ("budget", "cost", "costs", "price", "cheapest", "credits"),
    ),
    FailureClass(
        "missing step",
        "Something that had to be done is not done at all.",
        ("is missing", "not inspected", "nothing goes", "no lunch", "no dinner", "not back", "way leads"),
    ),
    FailureClass(
        "wrong time or order",
        "The right things are done at the wrong time, or one before the other.",
        (
            "begins before",
            "one thing at a time",
            "only while they are open",
            "enough time",
            "minutes",
            "earlier",
            "later",
        ),
    ),
    FailureClass(
        "wrong argument",
        "The right call is made with a wrong value.",
        ("changed it wrongly", "invalid", "argument", "seat", "seats", "bed", "beds", "rooms", "sold out"),
    ),
    FailureClass(
        "infeasible action",
        "A call is made that the environment refuses or cannot carry out.",
        ("failed step",),
    ),
    FailureClass(
        "stopped early",
        "It stops before the plan is carried out.",
        ("plan not carried out",),
    ),
    FailureClass(
        "constraint broken",
        "A rule that always holds, or a wish of the user's, is not heeded.",
        ("hard",),
    ),
    FailureClass(
        "goal missed",
        "What was asked for is not reached, and nothing more is known of why.",
        ("goal",),
    ),
)
"""The list until somebody edits it: what is told more exactly stands first."""


class ClassSource(StrEnum):
    """Who says in which class a lineage belongs; the first of them that says something counts."""

    PERSON = "person"
    MODEL = "model"
    EXPANSION = "expansion"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Classification:
    """In which class a lineage belongs.

    Attributes:
        root_id: The lineage.
        name: Of the class; empty where nobody and nothing says.
        source: Who says; None where nobody does.
        evidence: What it was told by, where it was told by words.
    """

    root_id: str
    name: str = ""
    source: ClassSource | None = None
    evidence: tuple[str, ...] = ()


def checked(classes: Sequence[FailureClass]) -> tuple[FailureClass, ...]:
    """The list as it can be kept.

    Raises:
        UserError: It is empty, a class has no name or no description, or two have one name; says which.
    """
    if not classes:
        raise UserError("a list of failure classes needs at least one: nothing was changed")
    for number, each in enumerate(classes, 1):
        if not each.name or not each.description:
            raise UserError(f"failure class {number} needs a name and a description: nothing was changed")
        if len(each.name) > LONGEST_NAME:
            raise UserError(f"failure class {number} has a name of more than {LONGEST_NAME} characters: shorten it")
    names = Counter(each.name.casefold() for each in classes)
    twice = next((each.name for each in classes if names[each.name.casefold()] > 1), None)
    if twice is not None:
        raise UserError(f'there are two failure classes "{twice}": nothing was changed')
    return tuple(classes)


def find_class(classes: Iterable[FailureClass], name: str) -> FailureClass:
    """The class of that name, whatever its case. Raises UserError."""
    known = tuple(classes)
    found = next((each for each in known if each.name.casefold() == name.strip().casefold()), None)
    if found is None:
        listed = ", ".join(each.name for each in known)
        raise UserError(f'there is no failure class "{name}"; there are {listed}')
    return found


def signals(trajectory: Trajectory, inspection: Inspection) -> tuple[str, ...]:
    """What an inspection found wrong, a line each, without anything that reveals the gold answer.

    An unmet finding is its kind, its id and its description; a failed call `failed step`, its tool and the answer.
    """
    return tuple(_signals(trajectory, inspection))


def _signals(trajectory: Trajectory, inspection: Inspection) -> Iterator[str]:
    for finding in inspection.unmet:
        name = finding.id.partition(":")[0] if finding.reveals_answer else finding.id
        yield f"{finding.kind} {name}: {finding.description}"
    for step, executed in zip(trajectory.steps, inspection.execution.steps, strict=True):
        if step.is_action and executed.status is StepStatus.FAILED:
            observed = executed.observation
            yield f"failed step {step.tool}: {(observed.text or observed.error)[:300] if observed else ''}"
    done = carried_out(trajectory, len(trajectory.steps))
    if 0 < done < len(trajectory.plan):
        yield f"plan not carried out: steps {done + 1} to {len(trajectory.plan)}"


def told_by_words(classes: Sequence[FailureClass], found: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The class that most signals belong to, with these; an empty name where none belongs to any.

    A signal belongs to the first class of the list that has a word in it: a whole word or phrase, whatever its case,
    with `_`, `-` and `:` read as spaces. Where two classes have as many signals, the earlier in the list is meant.
    """
    patterns = [(each.name, [_pattern(word) for word in each.words]) for each in classes]
    told: dict[str, list[str]] = {each.name: [] for each in classes}
    for signal in found:
        plain = _plain(signal)
        name = next((name for name, words in patterns if any(word.search(plain) for word in words)), None)
        if name is not None:
            told[name].append(signal)
    best = max(told, key=lambda name: len(told[name]), default="")
    return (best, tuple(told[best])) if best and told[best] else ("", ())


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).casefold()


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(_plain(word).strip())}(?!\w)")


def said_in(entries: Iterable[LedgerEntry]) -> tuple[str, ClassSource] | None:
    """The class that the ledger of a lineage says: the newest word of a person, else of a model; None without any."""
    listed = list(entries)
    undone = {entry.decision.undoes for entry in listed}
    said: dict[ClassSource, str] = {}
    for entry in listed:
        decision = entry.decision
        if decision.kind is DecisionKind.CLASSIFY and entry.sequence not in undone:
            source = ClassSource.MODEL if decision.annotator == AUTOMATIC else ClassSource.PERSON
            said[source] = get_str(decision.detail, FAILURE_CLASS)
    return next(((said[each], each) for each in ClassSource if each in said), None)


def made_for(trajectory: Trajectory) -> str:
    """The class that a recording was made for by an expansion; empty where it was not."""
    source = trajectory.source
    if source is None or not source.synthetic:
        return ""
    name = source.extra.get(FAILURE_CLASS)
    return name if isinstance(name, str) else ""


def classes_from_json(value: JsonObject) -> tuple[FailureClass, ...]:
    """A list as a store keeps it. Raises CodecError."""
    return tuple(map(FailureClass.from_json, get_objects(value, "classes")))
