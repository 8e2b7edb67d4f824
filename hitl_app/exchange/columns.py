"""Types of columns: said once, for the dataset card and for Parquet.

They are said because a reader that guesses them from the first rows fails where a column is null there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Type: TypeAlias = "str | Sequence[Type] | Mapping[str, Type]"
"""A name that `datasets` and Arrow share (`string`, `bool`, `int64`, `float64`), a list of a type, or named fields."""

Columns: TypeAlias = Mapping[str, Type]
"""Names of a file's columns, in their order, with their types."""

MESSAGE: Type = {
    "role": "string",
    "content": "string",
    "tool_calls": [
        {"id": "string", "type": "string", "function": {"name": "string", "arguments": "string"}},
    ],
    "tool_call_id": "string",
    "name": "string",
}
"""A chat message as `conversation.message` makes it; arguments are JSON text."""

MESSAGES: Type = [MESSAGE]
