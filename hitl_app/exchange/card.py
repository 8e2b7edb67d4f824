"""The dataset card: what the rows are, how they came about, and where `datasets` finds them.

The card's header says which types the columns have: a reader that guesses them from the first rows fails where a
column is null there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import hitl_app
from hitl_app.exchange.columns import Columns, Type

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


def write_card(
    *,
    title: str,
    about: str,
    tables: Sequence[CardTable],
    files: Sequence[CardFile],
    excluded: Mapping[str, int],
    found: Mapping[str, int],
    notes: Sequence[str],
) -> str:
    """The card as Markdown with a YAML header.

    Args:
        title: What was exported.
        about: What the data are.
        tables: The tables with their columns; those without a file are left out.
        files: The files of rows.
        excluded: What was left out, by reason.
        found: Secrets and personal data that were found, by kind.
        notes: What else a reader must know.
    """
    written = [table for table in tables if any(file.table == table.name for file in files)]
    lines = [*_header(title, written, files), f"# Export `{title}`", "", about, ""]
    for table in written:
        lines += [f"## `{table.name}`", "", table.about, "", "| file | part | rows |", "|---|---|---|"]
        lines += [f"| `{each.file}` | {each.part} | {each.rows:,} |" for each in files if each.table == table.name]
        lines += [""]
    if excluded:
        lines += ["## Left out", "", "| reason | count |", "|---|---|"]
        lines += [f"| {reason} | {count:,} |" for reason, count in excluded.items()] + [""]
    if found:
        lines += ["## Found in the texts", "", "| kind | count |", "|---|---|"]
        lines += [f"| {kind} | {count:,} |" for kind, count in sorted(found.items())] + [""]
    if notes:
        lines += ["## Notes", "", *(f"- {note}" for note in notes), ""]
    made = f"Made by hitl-app {hitl_app.__version__}; `manifest.json` has the settings and a SHA-256 of each file."
    return "\n".join([*lines, made, ""])


def _header(title: str, tables: Sequence[CardTable], files: Sequence[CardFile]) -> Iterator[str]:
    rows = sum(file.rows for file in files)
    size = next((name for limit, name in SIZES if rows < limit), "n>1M")
    yield from ("---", f"pretty_name: hitl-app {title}", "tags:", "- agents", "- human-feedback")
    yield from ("size_categories:", f"- {size}", "configs:")
    for number, table in enumerate(tables):
        yield f"- config_name: {table.name}"
        if number == 0:
            yield "  default: true"
        yield "  data_files:"
        for file in files:
            if file.table == table.name:
                yield from (f"  - split: {file.part}", f"    path: {file.file}")
    described = [table for table in tables if table.columns]
    if described:
        yield "dataset_info:"
    for table in described:
        yield from (f"- config_name: {table.name}", "  features:")
        for name, of in table.columns.items():
            yield from _feature(name, of, "  ")
    yield "---"


def _feature(name: str, of: Type, indent: str) -> Iterator[str]:
    """A feature as `datasets` writes it: a type, a list of one, or named fields."""
    yield f"{indent}- name: {name}"
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
