"""The dataset card: what the rows are, where `datasets` finds them, and which types they have.

The types are said because a reader that guesses them from the first rows fails where a column is null there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import hitl_app

MESSAGES = "messages"
"""Type of a column that holds chat messages; other columns have types of `datasets`, such as `string`."""

Columns = Mapping[str, str]
"""Names of a file's columns, in their order, with their types."""

_MESSAGE_FIELDS = """\
    list:
    - name: role
      dtype: string
    - name: content
      dtype: string
    - name: tool_calls
      list:
      - name: id
        dtype: string
      - name: type
        dtype: string
      - name: function
        struct:
        - name: name
          dtype: string
        - name: arguments
          dtype: string
    - name: tool_call_id
      dtype: string
    - name: name
      dtype: string"""


@dataclass(frozen=True)
class Table:
    """One file of rows, under the name by which `datasets` loads it."""

    config: str
    file: str
    columns: Columns


def write_card(
    *,
    title: str,
    about: str,
    tables: Sequence[Table],
    rows: Mapping[str, int],
    excluded: Mapping[str, int],
    notes: Sequence[str],
) -> str:
    """The card as Markdown with a YAML header.

    Args:
        title: What was exported.
        about: What the rows are.
        tables: The files.
        rows: Number of rows by file.
        excluded: What was left out, by reason.
        notes: What else a reader must know.
    """
    lines = ["---", f"pretty_name: hitl-app {title}", "tags:", "- agents", "- human-feedback", "configs:"]
    for table in tables:
        lines += [f"- config_name: {table.config}", f"  data_files: {table.file}"]
    lines.append("dataset_info:")
    for table in tables:
        lines += [f"- config_name: {table.config}", "  features:"]
        for name, dtype in table.columns.items():
            lines += [f"  - name: {name}", _MESSAGE_FIELDS if dtype == MESSAGES else f"    dtype: {dtype}"]
    lines += [
        "---",
        f"# Export `{title}`",
        "",
        about,
        "",
        "| file | `load_dataset(FOLDER, …)` | rows |",
        "|---|---|---|",
    ]
    lines += [f"| `{table.file}` | `{table.config}` | {rows[table.file]} |" for table in tables]
    if excluded:
        lines += ["", "## Left out", "", "| reason | count |", "|---|---|"]
        lines += [f"| {reason} | {count} |" for reason, count in excluded.items()]
    if notes:
        lines += ["", "## Notes", "", *(f"- {note}" for note in notes)]
    made = f"Made by hitl-app {hitl_app.__version__}; `manifest.json` has the settings and a SHA-256 of each file."
    return "\n".join([*lines, "", made, ""])
