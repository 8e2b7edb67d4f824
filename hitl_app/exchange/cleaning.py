"""Secrets, personal data and injected instructions in what goes out: found, told, and masked where that is asked for.

The text stays data: nothing in it is followed, and nothing is dropped because of it.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.training import Cleaning
from hitl_app.exchange.injections import holds_one, reads_like_one, words
from hitl_app.exchange.sensitive import Finding, find, mask

KEPT_AS_THEY_ARE = frozenset(
    {"id", "role", "from", "type", "name", "tool_call_id"}
    | {"task", "lineage", "trajectory", "base", "decision", "model", "source", "pair", "data_source"}
)
"""Fields that name something and hold nobody's words: a mark in them would part what belongs together."""

OF_THE_AGENT = frozenset({"system", "assistant", "gpt", "function_call"})
"""Who speaks in a message whose instructions do not come from outside."""

_SHORTEST = 6
"""Characters that a finding has at least."""


HELD, EACH = 8_000_000, 200
"""Characters of texts that are kept in memory with what was found in them, and what each text counts beside its own."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a text; `clean` is empty where the text goes out as it is."""

    clean: str
    kinds: tuple[str, ...]
    injection: bool


_NOTHING = Looked("", (), injection=False)


class Recent:
    """What was found in the texts that were looked at last, up to `HELD` characters of texts."""

    def __init__(self) -> None:
        self._looked: OrderedDict[str, Looked] = OrderedDict()
        self._held = 0

    def get(self, text: str) -> Looked | None:
        """What was found in a text; None where that is not known any more."""
        looked = self._looked.get(text)
        if looked is not None:
            self._looked.move_to_end(text)
        return looked

    def put(self, text: str, looked: Looked) -> None:
        """Remember what was found in a text that is not here."""
        self._looked[text] = looked
        self._held += len(text) + EACH
        while self._held > HELD:
            oldest, _ = self._looked.popitem(last=False)
            self._held -= len(oldest) + EACH


class Cleaner:
    """Looks through rows. A text that stands in many of them, such as a policy, is looked through once.

    Attributes:
        found: How often each kind was found, such as `EMAIL`.
    """

    def __init__(self, cleaning: Cleaning) -> None:
        self._cleaning = cleaning
        self._recent = Recent()
        self.found: Counter[str] = Counter()

    def clean(self, row: JsonObject, injected: Sequence[str] = ()) -> tuple[JsonObject, bool]:
        """The row as it goes out, and whether some text in it reads like an instruction to the agent from outside.

        Args:
            row: Strings at any depth are looked through, those of `KEPT_AS_THEY_ARE` excepted. Numbers are no text.
            injected: What the task's environment is known to have injected; where it says so, it is believed alone.
        """
        known = frozenset(filter(None, map(words, injected)))
        flags: list[bool] = []
        cleaned = {name: self._value(name, each, flags, known) for name, each in row.items()}
        return cleaned, any(flags)

    def _value(self, name: str, value: Json, flags: list[bool] | None, known: frozenset[str]) -> Json:
        """A value as it goes out; `flags` collects what is injected, and is None in the agent's own words."""
        if value is None:  # most of what a message has, and quicker to see than what the others are
            return None
        if isinstance(value, str):
            return value if name in KEPT_AS_THEY_ARE or len(value) < _SHORTEST else self._text(value, flags, known)
        if isinstance(value, Mapping):
            speaker = value.get("role", value.get("from"))
            inner = None if speaker in OF_THE_AGENT else flags
            return {key: self._value(key, each, inner, known) for key, each in value.items()}
        if isinstance(value, Sequence):
            return [self._value("", each, flags, known) for each in value]
        return value

    def _text(self, text: str, flags: list[bool] | None, known: frozenset[str]) -> str:
        looked = self._recent.get(text)
        if looked is None:
            looked = self._look(text)
            self._recent.put(text, looked)
        if flags is not None:
            flags.append(holds_one(text, known) if known else looked.injection)
        self.found.update(looked.kinds)
        return looked.clean or text

    def _look(self, text: str) -> Looked:
        found: Sequence[Finding] = () if self._cleaning is Cleaning.OFF else find(text)
        injection = reads_like_one(text)
        if not found:
            return replace(_NOTHING, injection=injection)
        clean = mask(text, found) if self._cleaning is Cleaning.MASK else ""
        return Looked(clean, tuple(each.kind for each in found), injection)
