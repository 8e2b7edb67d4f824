"""Full-text search: any part of any text, in any script, ASCII letters in either case.

The trigram index narrows the search down; the rows that it finds are then compared with the whole term, so that the
answer does not depend on the index. Terms of fewer than three characters, and trajectories that are not indexed yet,
are compared directly. User text is always a bound value, and quoted where it becomes part of an FTS expression.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, column, insert, or_, select, table, update

from hitl_app.store import tables
from hitl_app.store.tables import gradient, step, task, trajectory

_TRIGRAM = 3
_TRIGRAMS_PER_QUERY = 32
"""More narrow the search no further, and FTS5 limits the size of an expression."""

_trajectory_text = table("trajectory_text", column("rowid"), column("words"), column("trajectory_text"))
_gradient_text = table("gradient_text", column("rowid"), column("gradient_text"))

Condition = ColumnElement[bool]


def contains(value: str, *columns: ColumnElement[Any]) -> Condition:  # Any: columns are untyped when found by name
    """Whether any of the columns contains the value."""
    return or_(*(item.contains(value, autoescape=True) for item in columns))


def _trigram_query(value: str) -> str | None:
    """An FTS5 expression that fits whatever contains the value; None where the value is too short for one."""
    value = _plain(value)
    trigrams = dict.fromkeys(value[start : start + _TRIGRAM] for start in range(len(value) - _TRIGRAM + 1))
    quoted = ('"' + trigram.replace('"', '""') + '"' for trigram in list(trigrams)[:_TRIGRAMS_PER_QUERY])
    return " ".join(quoted) or None


def _plain(value: str) -> str:
    return value.replace("\0", " ")  # the tokenizer takes NUL for the end of the text


def trajectories_with(value: str) -> Condition:
    """Whether a row of `trajectory` has the value in its steps or in its task."""
    found = or_(
        trajectory.c.task_number.in_(select(task.c.number).where(contains(value, task.c.title, task.c.instruction))),
        select(step.c.step_index)
        .where(
            step.c.trajectory_number == trajectory.c.number,
            contains(value, step.c.text, step.c.tool, step.c.arguments, step.c.thought, step.c.observation),
        )
        .exists(),
    )
    query = _trigram_query(value)
    if query is None:
        return found
    matching = select(_trajectory_text.c.rowid).where(_trajectory_text.c.trajectory_text.op("MATCH")(query))
    indexed_to = select(tables.text_index.c.indexed_to).scalar_subquery()
    return or_(trajectory.c.number.in_(matching), trajectory.c.number > indexed_to) & found


def gradients_with(value: str) -> Condition:
    """Whether a row of `gradient` has the value in its words."""
    columns = gradient.c
    found = contains(
        value, columns.critique, columns.expected, columns.observed, columns.suggested_edit, columns.constraint_id
    )
    query = _trigram_query(value)
    if query is None:
        return found
    matching = select(_gradient_text.c.rowid).where(_gradient_text.c.gradient_text.op("MATCH")(query))
    return columns.number.in_(matching) & found


def index_text(connection: Connection, limit: int) -> int:
    """Put up to `limit` more trajectories into the full-text index; the answer is how many it took."""
    indexed_to = connection.execute(select(tables.text_index.c.indexed_to)).scalar_one()
    waiting = connection.execute(
        select(trajectory.c.number, task.c.title, task.c.instruction)
        .join(task, task.c.number == trajectory.c.task_number)
        .where(trajectory.c.number > indexed_to)
        .order_by(trajectory.c.number)
        .limit(limit)
    ).all()
    if not waiting:
        return 0
    last = waiting[-1].number
    steps = _words_of_steps(connection, indexed_to, last)
    rows = [
        {"rowid": number, "words": _plain("\n".join((title, instruction, *steps.get(number, ()))))}
        for number, title, instruction in waiting
    ]
    connection.execute(insert(_trajectory_text), rows)
    connection.execute(update(tables.text_index).values(indexed_to=last))
    return len(waiting)


def _words_of_steps(connection: Connection, after: int, last: int) -> dict[int, Sequence[str]]:
    columns = (step.c.text, step.c.tool, step.c.arguments, step.c.thought, step.c.observation)
    rows = connection.execute(
        select(step.c.trajectory_number, *columns)
        .where(step.c.trajectory_number > after, step.c.trajectory_number <= last)
        .order_by(step.c.trajectory_number)
    )
    return {
        number: [words for row in group for words in row[1:] if words]
        for number, group in groupby(rows, lambda r: r[0])
    }
