"""What was chosen for an export: kept for the next one, and written as a command line."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hitl_app.domain.codec import get_object, get_str
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import ExportSettings


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """An export as somebody wants it.

    Attributes:
        folder: Where it is written; empty where that was not chosen yet.
        template: File of the chat template that rows are shown through; empty for the one that is built in.
    """

    format_name: str = ""
    settings: ExportSettings = field(default_factory=ExportSettings)
    folder: str = ""
    template: str = ""

    def to_json(self) -> JsonObject:
        """For the store."""
        return {
            "format": self.format_name,
            "settings": self.settings.to_json(),
            "folder": self.folder,
            "template": self.template,
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "ExportChoices":
        """From the store.

        Raises:
            ValueError: It was written in another form.
        """
        settings = ExportSettings.from_json(get_object(value, "settings"))
        return cls(get_str(value, "format"), settings, get_str(value, "folder"), get_str(value, "template"))

    def command_line(self, place: Path) -> str:
        """What does the same in a shell, with the store at a place; the folder as it stands there."""
        out = str(Path(self.folder).expanduser().absolute())
        words = ["hitl-app", "export", "--data-dir", str(place.absolute()), "--format", self.format_name, "--out", out]
        return shlex.join([*words, *options_of(self.settings)])


def options_of(settings: ExportSettings) -> Iterator[str]:
    """The options of `hitl-app export` that ask for settings; none for the usual ones."""
    usual, filters = ExportSettings(), settings.filters
    if settings.pairs != usual.pairs:
        yield from ("--pairs", ",".join(sorted(settings.pairs)))
    if settings.spans != usual.spans:
        yield from ("--spans", ",".join(sorted(settings.spans)))
    flags = {
        "--verified": filters.verified,
        "--human": filters.human,
        "--no-override": filters.no_override,
        "--no-answer": filters.no_answer,
    }
    yield from (flag for flag, chosen in flags.items() if chosen)
    if filters.agreement is not None:
        yield from ("--agreement", repr(filters.agreement))
    if filters.query:
        yield f"--query={filters.query}"
    if settings.splits != usual.splits:
        yield from ("--split", settings.splits.text, "--split-seed", str(settings.splits.seed))
    if settings.weighting != usual.weighting:
        yield from ("--weight", settings.weighting)
    if settings.resampling is not None:
        drawn = settings.resampling
        yield from ("--resample", repr(drawn.rate), "--resample-seed", str(drawn.seed))
    if settings.cleaning != usual.cleaning:
        yield from ("--clean", settings.cleaning)
    if settings.norm != usual.norm:
        yield from ("--norm", settings.norm)
