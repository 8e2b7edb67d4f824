"""Adds what was arranged at another desk around the decisions: assignments, gold items, seeds."""

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or

from hitl_app.domain.jsontypes import Json, canonical
from hitl_app.domain.team import Assignment, GoldItem, Seed
from hitl_app.store import library, tables
from hitl_app.store.tables import assignment, gold, seed


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
