"""What is arranged around decisions, in the tables: assignments, gold items, seeds; and how two desks' are united."""

import json
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or

from hitl_app.domain.jsontypes import Json, canonical
from hitl_app.domain.team import Assignment, GoldItem, Seed, SeedKind
from hitl_app.store import library, tables
from hitl_app.store.tables import assignment, gold, proposal, seed, trajectory

_root = trajectory.alias("root")

_Row = Row[*tuple[Any, ...]]  # Any: columns of several types

GOLD = select(gold, _root.c.id).join(_root, _root.c.number == gold.c.position).order_by(gold.c.position)
"""All gold items, for `gold_from_row`."""

SEEDS = (
    select(seed, _root.c.id, proposal.c.id.label("proposal_id"))
    .join(_root, _root.c.number == seed.c.position)
    .join(proposal, proposal.c.number == seed.c.proposal_number)
    .order_by(seed.c.seeded_at, seed.c.proposal_number)
)
"""All seeds, oldest first, for `seed_from_row`."""


def gold_from_row(row: _Row) -> GoldItem:
    """A gold item from a row of `GOLD`."""
    return GoldItem(row.id, row.verdict, row.blame, row.note, row.set_by, row.set_at)


def seed_from_row(row: _Row) -> Seed:
    """What is bad in a proposal, from a row of `SEEDS`."""
    return Seed(row.proposal_id, row.id, SeedKind(row.kind), tuple(json.loads(row.bad_hunks)), row.seeded_at)


def add_assignment(connection: Connection, made: Assignment) -> bool:
    """Keep an assignment; of two, the earlier one. Whether it is new."""
    position = library.number_of(connection, tables.trajectory, made.root_id)
    where = (assignment.c.position == position, assignment.c.annotator == made.annotator)
    known: str | None = connection.scalar(select(assignment.c.assigned_at).where(*where))
    if known is None or made.assigned_at < known:
        values = {"position": position, "annotator": made.annotator, "assigned_at": made.assigned_at}
        statement = insert_or(assignment).values(values)
        connection.execute(statement.on_conflict_do_update(index_elements=["position", "annotator"], set_=values))
    return known is None


def add_gold(connection: Connection, item: GoldItem) -> bool:
    """Keep a gold item; of two for one lineage, the one that was set last. Whether there was none."""
    position = library.number_of(connection, tables.trajectory, item.root_id)
    values: dict[str, Json] = {
        "position": position,
        "verdict": item.verdict,
        "blame": item.blame,
        "note": item.note,
        "set_by": item.set_by,
        "set_at": item.set_at,
    }
    known = connection.execute(select(gold).where(gold.c.position == position)).mappings().first()
    if known is None or (item.set_at, canonical(values)) > (known["set_at"], canonical(dict(known))):
        statement = insert_or(gold).values(values)
        connection.execute(statement.on_conflict_do_update(index_elements=["position"], set_=values))
    return known is None


def add_seed(connection: Connection, made: Seed) -> bool:
    """Keep what is bad in a proposal that is in the store. Whether it is new."""
    number = library.number_of(connection, tables.proposal, made.proposal_id)
    if connection.scalar(select(seed.c.proposal_number).where(seed.c.proposal_number == number)) is not None:
        return False
    connection.execute(
        insert(seed).values(
            proposal_number=number,
            position=library.number_of(connection, tables.trajectory, made.root_id),
            kind=made.kind.value,
            bad_hunks=canonical(made.bad_hunks),
            seeded_at=made.seeded_at,
        )
    )
    return True
