"""Adds another store's runs to this one, with how their tasks ended and all that was kept of them."""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection, Table, insert, select, update

from hitl_app.store import library
from hitl_app.store.tables import gate_passage, model_call, plan_node, routed_stage, run, run_result

_PAGE = 100

_COLUMNS = ("id", "settings", "status", "started_at", "ended_at")


def add_runs(here: Connection, there: Connection) -> int:
    """Add what `there` holds of runs and `here` does not; the answer is how many runs are new.

    A run that is in both went on at one of the two desks: what is missing of it is added.
    """
    new = 0
    for row in there.execute(select(run).order_by(run.c.number)).all():
        known = here.execute(select(run).where(run.c.id == row.id)).first()
        if known is None:
            here.execute(insert(run).values({name: getattr(row, name) for name in _COLUMNS}))
            number = library.number_of(here, run, row.id)
            new += 1
        else:
            number = known.number
            if row.ended_at > known.ended_at:
                later = {"status": row.status, "ended_at": row.ended_at}
                here.execute(update(run).where(run.c.number == number).values(later))
        _add_results(here, there, number, row.number)
        for table in (model_call, gate_passage, plan_node, routed_stage):
            _add_documents(here, there, table, number, row.number)
    return new


def _add_results(here: Connection, there: Connection, number: int, number_there: int) -> None:
    columns = (run_result.c.start_id, run_result.c.method, run_result.c.document)
    known = here.execute(select(*columns[:2]).where(run_result.c.run_number == number)).all()
    ended = set(map(tuple, known))
    query = select(*columns).where(run_result.c.run_number == number_there).order_by(run_result.c.number)
    for start_id, method, document in there.execute(query).all():
        if (start_id, method) not in ended:
            values = {"run_number": number, "start_id": start_id, "method": method, "document": document}
            here.execute(insert(run_result).values(values))


def _add_documents(here: Connection, there: Connection, table: Table, number: int, number_there: int) -> None:
    known = {_digest(document) for document in _documents(here, table, number)}
    for document in _documents(there, table, number_there):
        if _digest(document) not in known:
            here.execute(insert(table).values(run_number=number, document=document))


def _documents(connection: Connection, table: Table, number: int) -> Iterator[str]:
    """Page by page: a call holds all of the messages that were sent."""
    query = select(table.c.document).where(table.c.run_number == number).order_by(table.c.number)
    for page in connection.execute(query).partitions(_PAGE):
        for row in page:
            yield row.document


def _digest(document: str) -> bytes:
    return sha256(document.encode()).digest()
