"""The dataset card: what the rows are, how they came about, and where `datasets` finds them.

The card's header says which types the columns have: a reader that guesses them from the first rows fails where a
column is null there. What stands in the data, such as the name of a model, is data here too: it is quoted
wherever it is told, so that it makes neither a cell nor a heading.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import hitl_app
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.columns import Columns, Type
from hitl_app.exchange.origins import Origins

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True)
class CardTable:
    """Files of rows of one kind, under the name by which `datasets` loads them; no columns where readers find them."""

    name: str
    about: str
    columns: Columns


@dataclass(frozen=True)
class CardFile:
    """A file of rows: its table, its part of the data, its name, and how many rows it has."""

    table: str
    part: str
    file: str
    rows: int


LONGEST = 120
"""Characters of a name out of the data that are told."""

LABELS = """\
People looked at recorded trajectories with hitl-app, changed them or judged proposals of others; each revision was
executed in the task's environment and compared with what it was made from. A label is such a decision, of a person or,
where the column `human` is false, of the rule that the revision must not be worse. `reason` holds what its maker said;
decisions that were taken back, disputed or settled otherwise are left out. Rows without a decision say what the
environment found."""

LIMITS = (
    "What counts as good is what the environment checks, and what people decided: both can be wrong.",
    "A value that was not measured is null, never a guess.",
    "Observations of messages that were carried over after an edit answer words of another course of events.",
    "Personal data and secrets are looked for by patterns: names, postal addresses, dates of birth, bare digits and"
    " keys of kinds that the patterns do not know are not found.",
    "`injection` is true where a text speaks to the agent from outside, as far as that is known or its words show it;"
    " such a text stands in the row as it was.",
    "No licence is given here. Whoever publishes the data chooses one that those of the sources, and the terms of the"
    " models, allow.",
)


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a card tells.

    Attributes:
        title: What was exported.
        about: What the data are; Markdown.
        tables: The tables with their columns; those without a file are left out.
        files: The files of rows.
        settings: How the rows were made.
        origins: Where the rows come from.
        excluded: What was left out, by reason.
        found: Secrets and personal data that were found, by kind.
        notes: What else a reader must know.
    """

    title: str
    about: str
    tables: Sequence[CardTable]
    files: Sequence[CardFile]
    settings: JsonObject
    origins: Origins
    excluded: Mapping[str, int]
    found: Mapping[str, int]
    notes: Sequence[str]


def write_card(card: Card) -> str:
    """The card as Markdown with a YAML header."""
    written = [table for table in card.tables if any(file.table == table.name for file in card.files)]
    parts = [*_header(card.title, written, card.files), f"# Export `{card.title}`", "", card.about, ""]
    for table in written:
        rows = [(f"`{each.file}`", each.part, each.rows) for each in card.files if each.table == table.name]
        parts += [f"## `{table.name}`", "", table.about, "", *_listing(("file", "part", "rows"), rows)]
    parts += ["## Where the rows come from", "", *_listing(_SOURCE, _sources(card.origins))]
    parts += ["## How the labels came about", "", LABELS, "", *_listing(("what is known", "rows"), card.origins.told())]
    parts += _section(
        "Left out", _listing(("reason", "examples"), [(_plain(name), n) for name, n in card.excluded.items()])
    )
    parts += _section("Found in the texts", _listing(("kind", "times"), sorted(card.found.items())))
    parts += _section("Notes", [*(f"- {_plain(note)}" for note in card.notes), ""] if card.notes else [])
    parts += _section("Known limits", [*(f"- {limit}" for limit in LIMITS), ""])
    settings = json.dumps(card.settings, ensure_ascii=False, indent=2, sort_keys=True)
    parts += _section("Settings", ["```json", settings, "```", ""])
    made = f"Made by hitl-app {hitl_app.__version__}; `manifest.json` has the same, and a SHA-256 of each file."
    return "\n".join([*parts, made, ""])


_SOURCE = ("environment", "domain", "format of the recording", "model", "licence of the benchmark", "rows")


def _sources(origins: Origins) -> Iterator[tuple[str | int, ...]]:
    for each, rows in sorted(origins.sources.items()):
        yield *map(quoted, each), each.licence, rows


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "", *lines] if lines else []


def _listing(heads: Sequence[str], rows: Iterable[Sequence[str | int]]) -> list[str]:
    """A table whose last column is a count; nothing where it would have no rows."""
    lines = [" | ".join(["", *(f"{each:,}" if isinstance(each, int) else each for each in row), ""]) for row in rows]
    head = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return [*head, *(line.strip() for line in lines), ""] if lines else []


def quoted(text: str) -> str:
    """A name out of the data as Markdown that shows it, and nothing but it."""
    name = _plain(text.replace("`", "'"))
    return f"`{name}`" if name else "-"


def _plain(text: str) -> str:
    """A text in one line that ends no cell."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    short = line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
    return short.replace("|", "\\|")


def _header(title: str, tables: Sequence[CardTable], files: Sequence[CardFile]) -> Iterator[str]:
    rows = sum(file.rows for file in files)
    size = next((name for limit, name in SIZES if rows < limit), "n>1M")
    yield from ("---", f"pretty_name: {_scalar(f'hitl-app {title}')}", "tags:", "- agents", "- human-feedback")
    yield from ("size_categories:", f"- {size}", *(["configs:"] if tables else []))
    for number, table in enumerate(tables):
        yield f"- config_name: {_scalar(table.name)}"
        if number == 0:
            yield "  default: true"
        yield "  data_files:"
        for file in files:
            if file.table == table.name:
                yield from (f"  - split: {_scalar(file.part)}", f"    path: {_scalar(file.file)}")
    described = [table for table in tables if table.columns]
    if described:
        yield "dataset_info:"
    for table in described:
        yield from (f"- config_name: {_scalar(table.name)}", "  features:")
        for name, of in table.columns.items():
            yield from _feature(name, of, "  ")
    yield "---"


def _scalar(text: str) -> str:
    """A text of YAML: `no` and `1` would be none without quotes."""
    return json.dumps(text, ensure_ascii=False)


def _feature(name: str, of: Type, indent: str) -> Iterator[str]:
    """A feature as `datasets` writes it: a type, a list of one, or named fields."""
    yield f"{indent}- name: {_scalar(name)}"
    yield from _kind(of, f"{indent}  ")


def _kind(of: Type, indent: str) -> Iterator[str]:
    if isinstance(of, str):
        yield f"{indent}dtype: {of}"
    elif isinstance(of, Mapping):
        yield f"{indent}struct:"
        for name, inner in of.items():
            yield from _feature(name, inner, indent)
    else:
        (inner,) = of
        if isinstance(inner, str):
            yield f"{indent}list: {inner}"
        elif isinstance(inner, Mapping):
            yield f"{indent}list:"
            for name, each in inner.items():
                yield from _feature(name, each, indent)
        else:
            yield f"{indent}list:"
            yield from _kind(inner, f"{indent}  ")
