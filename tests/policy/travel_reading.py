"""What the scripted policy understands of a request: the trip that is asked for, and what was called and answered.

Everything is read out of the text of the messages, as a model would. Nothing here knows the world behind the tools.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Answer = Mapping[str, Any]  # what a tool answered is whatever JSON it is

_REQUEST = re.compile(
    r"Please plan a trip for (?:(?P<people>\d+) people|one person) from (?P<origin>\S+) to (?P<cities>.+?), "
    r"from (?P<first>\d{4}-\d\d-\d\d) to (?P<last>\d{4}-\d\d-\d\d)\."
)
_HEADINGS = {"We want to:": "goal", "It must:": "hard", "If you can:": "soft"}
_STEP = re.compile(r"^step (\d+) \((action[^)]*)\)$")
_CALL = re.compile(r"^([a-z_]+) (\{.*\})$")
_FLAT = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Wish:
    """A line of the request, such as `Do not fly`."""

    text: str
    strength: str

    def match(self, pattern: str) -> re.Match[str] | None:
        """What a pattern finds in the whole line."""
        return re.fullmatch(pattern, self.text)


@dataclass(frozen=True)
class Leg:
    """A way between two cities on a date."""

    origin: str
    destination: str
    date: str


@dataclass(frozen=True)
class Trip:
    """Who travels where and when, and what they wish for."""

    people: int
    origin: str
    cities: tuple[str, ...]
    dates: tuple[str, ...]
    wishes: tuple[Wish, ...]

    @property
    def nights(self) -> tuple[int, ...]:
        """Nights in each city."""
        found = []
        for city in self.cities:
            match = re.search(
                rf"Spend (\d+) nights? in {re.escape(city)}", "\n".join(wish.text for wish in self.wishes)
            )
            found.append(int(match[1]) if match else len(self.dates) - 1)
        return tuple(found)

    @property
    def legs(self) -> tuple[Leg, ...]:
        """All ways, out, onward and back."""
        stops, day, legs = (self.origin, *self.cities, self.origin), 0, []
        for number in range(len(stops) - 1):
            legs.append(Leg(stops[number], stops[number + 1], self.dates[min(day, len(self.dates) - 1)]))
            day += self.nights[number] if number < len(self.cities) else 0
        return tuple(legs)

    def city_on(self, day: str) -> str:
        """Where a day is spent: the city that is reached on it, on the last day the one that is left."""
        reached = [leg for leg in self.legs[:-1] if leg.date <= day]
        return reached[-1].destination if reached else self.cities[0]


@dataclass(frozen=True)
class Seen:
    """A call and what came of it.

    Attributes:
        index: Number of the step in the prompt; -1 in a conversation.
        locked: It must stay as it is.
    """

    tool: str
    arguments: Answer
    text: str = ""
    index: int = -1
    locked: bool = False
    failed: bool = False

    @property
    def answer(self) -> Answer:
        """The answer as JSON; empty where it was cut or is none."""
        try:
            value = json.loads(self.text)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def records(self) -> Iterator[Answer]:
        """The plain objects in the answer, such as the trains of a search, even where it was cut."""
        for text in _FLAT.findall(self.text):
            try:
                yield json.loads(text)
            except ValueError:
                continue


@dataclass(frozen=True)
class Asked:
    """One request to the policy.

    Attributes:
        opening: The text of the system's and the first user's message: the same in a whole conversation.
        seed: Tells samples of one prompt apart.
        properties: Of the schema that the answer must fit.
        turns: Messages of the assistant so far.
    """

    opening: str
    seed: int
    calls: tuple[Seen, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()
    turns: int = 0

    @property
    def trip(self) -> Trip | None:
        """The trip that is asked for."""
        return read_trip(self.opening)


def read_request(body: Mapping[str, Any]) -> Asked:
    """The body of a chat completion as the policy sees it: messages, tools and the form of the answer."""
    messages = body.get("messages", [])
    first = next((n for n, message in enumerate(messages) if message["role"] in ("assistant", "tool")), len(messages))
    opening = unquoted("\n".join(_text(message) for message in messages[:first]))
    tools = {tool["function"]["name"]: tool["function"] for tool in body.get("tools", ())}
    return Asked(
        opening,
        int(body.get("seed") or 0),
        tuple(_in_text(opening)) + tuple(_in_conversation(messages[first:])),
        _properties(body, tools),
        frozenset(tools),
        sum(message["role"] == "assistant" for message in messages),
    )


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def _properties(body: Mapping[str, Any], tools: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = (body.get("response_format") or {}).get("json_schema", {}).get("schema")
    if schema is None and len(tools) == 1:
        schema = next(iter(tools.values())).get("parameters")
    found: Mapping[str, Any] = (schema or {}).get("properties", {})
    return found


def unquoted(text: str) -> str:
    """Text without the marks of quotation at the beginning of lines."""
    return re.sub(r"(?m)^\| ?", "", text)


def read_trip(text: str) -> Trip | None:
    """The trip out of the first request in a text."""
    match = _REQUEST.search(text)
    if match is None:
        return None
    wishes, strength = [], ""
    for line in text[match.end() :].lstrip("\n").splitlines():
        if line in _HEADINGS:
            strength = _HEADINGS[line]
        elif line.startswith("- ") and strength:
            wishes.append(Wish(line[2:], strength))
        else:
            break
    first, last = date.fromisoformat(match["first"]), date.fromisoformat(match["last"])
    days = tuple(str(first + timedelta(days=day)) for day in range((last - first).days + 1))
    return Trip(
        int(match["people"] or 1), match["origin"], tuple(match["cities"].split(", then ")), days, tuple(wishes)
    )


def _in_conversation(messages: Sequence[Mapping[str, Any]]) -> Iterator[Seen]:
    for number, message in enumerate(messages):
        answers: dict[str, str] = {}
        for later in messages[number + 1 :]:
            if later["role"] != "tool":
                break  # names of calls may come again in the next message
            answers[later["tool_call_id"]] = unquoted(_text(later))
        for call in message.get("tool_calls") or ():
            text = answers.get(call["id"], "")
            arguments = json.loads(call["function"]["arguments"] or "{}")
            yield Seen(call["function"]["name"], arguments, text, failed='"error"' in text)


def _in_text(text: str) -> Iterator[Seen]:
    """Steps as prompts show them: a heading, the call, and the observation."""
    lines = text.splitlines()
    answers: dict[int, str] = {}
    for number, line in enumerate(lines):
        heading = _STEP.match(line)
        if heading is None:
            continue
        index, call, observed = int(heading[1]), None, ""
        for at in range(number + 1, len(lines)):
            if _STEP.match(lines[at]) or lines[at].startswith(("step ", "gradient ")):
                break
            if lines[at] == "call" and at + 1 < len(lines):
                call = _CALL.match(lines[at + 1])
            elif lines[at] == "observation" and at + 1 < len(lines):
                observed = "\n".join(lines[at + 1 : at + 4])
                observed = observed.splitlines()[0] if observed.startswith("{") and _whole(observed) else observed
            elif same := re.match(r"observation: the same as that of step (\d+)", lines[at]):
                observed = answers.get(int(same[1]), "")
        if call is not None:
            answers[index] = observed
            notes = heading[2]
            yield Seen(call[1], json.loads(call[2]), observed, index, "locked" in notes, "failed" in notes)


def _whole(text: str) -> bool:
    return text.splitlines()[0].endswith("}")
