"""Values that the fields of a query have in the store, for completion: counted from indexes alone."""

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath

from sqlalchemy import Connection, func, select

from hitl_app.domain.query import CHOICES, Field
from hitl_app.domain.team import NOBODY
from hitl_app.store.filtering import recorded
from hitl_app.store.tables import assignment, standing, task
from hitl_app.store.viewing import Value, root

_COLUMNS: Mapping[Field, Value] = {
    "env": task.c.environment,
    "domain": task.c.domain,
    "model": root.c.model,
    "format": recorded("format"),
    "file": recorded("file"),
    "assigned": assignment.c.annotator,
    "by": standing.c.annotator,
}


def load_values(connection: Connection, field: Field, prefix: str, limit: int) -> tuple[str, ...]:
    """Values of a field that begin with a text, in either case; see `domain.ports.Store.values`."""
    values = CHOICES.get(field) or _most_frequent_first(connection, field)
    return tuple(value for value in values if value.lower().startswith(prefix.lower()))[:limit]


def _most_frequent_first(connection: Connection, field: Field) -> list[str]:
    if field not in _COLUMNS:
        return []
    value = _COLUMNS[field]
    counts: Counter[str] = Counter()
    for found, count in connection.execute(select(value, func.count()).where(value > "").group_by(value)):
        counts[PurePath(found).name if field == "file" else found] += count
    values = sorted(counts, key=lambda found: (-counts[found], found))
    return [*values, NOBODY] if field in {"assigned", "by"} else values
