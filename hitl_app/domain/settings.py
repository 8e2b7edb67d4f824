"""Settings: what people choose for the desk of one store, checked wherever it is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hitl_app.domain.codec import get_int, get_object, get_str
from hitl_app.domain.decision import AUTOMATIC
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.keys import checked
from hitl_app.domain.team import NOBODY

SYSTEM = "system"
LANGUAGES = (SYSTEM, "en", "zh_CN")
THEMES = (SYSTEM, "light", "dark", "high_contrast")
ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200)
LONGEST_NAME = 60
NO_KEY = "none"
"""How it is written that an action has no key."""

_KEY = "key."


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen; the defaults follow the system.

    Attributes:
        annotator: Who decides; empty for the name of the system's user.
        zoom: In percent.
        keys: Keys of actions that are not the shipped ones; an empty one says that an action has none.
    """

    annotator: str = ""
    language: str = SYSTEM
    theme: str = SYSTEM
    zoom: int = 100
    keys: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        """For the store."""
        return {
            "annotator": self.annotator,
            "language": self.language,
            "theme": self.theme,
            "zoom": self.zoom,
            "keys": dict(self.keys),
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "Settings":
        """From the store; what is missing is at its default.

        Raises:
            ValueError: It was written in another form.
        """
        keys = get_object(value, "keys") if "keys" in value else {}
        return cls(
            get_str(value, "annotator", ""),
            get_str(value, "language", SYSTEM),
            get_str(value, "theme", SYSTEM),
            get_int(value, "zoom") if "zoom" in value else 100,
            {action: get_str(keys, action) for action in keys},
        )

    def with_value(self, name: str, value: str) -> "Settings":
        """The same settings with one of them changed, as it is written on a command line.

        Args:
            name: `annotator`, `language`, `theme`, `zoom`, or `key.ACTION`.
            value: In words; for a key `none` takes it away, and an empty text takes back what was chosen.

        Raises:
            UserError: There is no such setting, or it cannot have that value; says which it can have.
        """
        match name:
            case "annotator":
                return replace(self, annotator=checked_annotator(value) if value.strip() else "")
            case "language":
                return replace(self, language=_one_of(name, value, LANGUAGES))
            case "theme":
                return replace(self, theme=_one_of(name, value, THEMES))
            case "zoom":
                return replace(self, zoom=int(_one_of(name, value.removesuffix("%").strip(), tuple(map(str, ZOOMS)))))
        if not name.startswith(_KEY) or not name.removeprefix(_KEY).isidentifier():
            raise UserError(f"there is no setting {name!r}: it is annotator, language, theme, zoom, or key.ACTION")
        return self._with_key(name.removeprefix(_KEY), value.strip())

    def _with_key(self, action: str, value: str) -> "Settings":
        others = {name: key for name, key in self.keys.items() if name != action}
        if not value:
            return replace(self, keys=others)
        key = "" if value.casefold() == NO_KEY else checked(value)
        holder = next((name for name, taken in others.items() if key and taken == key), None)
        if holder is not None:
            raise UserError(f"{key} is the key of {holder}: give that action another key first, or none")
        return replace(self, keys={**others, action: key})


def checked_annotator(name: str) -> str:
    """A name that decisions can carry, without needless spaces.

    Raises:
        UserError: It is empty, too long, holds characters that cannot be seen, or means nobody or the rules.
    """
    name = " ".join(name.split())
    if not name:
        raise UserError("an annotator needs a name")
    if len(name) > LONGEST_NAME:
        raise UserError(f"an annotator's name has at most {LONGEST_NAME} characters, this one has {len(name)}")
    if not name.isprintable():
        raise UserError("an annotator's name has no control characters")
    if name.casefold() in (AUTOMATIC, NOBODY):
        raise UserError(f'"{name}" cannot be an annotator\'s name: it stands for no person')
    return name


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise UserError(f"{name} cannot be {value!r}: it is one of {', '.join(known)}")
    return value
