"""Where annotators left each lineage, and where it stands for all: kept beside it, always what its entries make."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from hitl_app.domain.decision import MOVING, Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.errors import NotFoundError, StoreError, UserError
from hitl_app.domain.standing import Origin, Stand, Standing, consensus, own_stand, standings
from hitl_app.store import ledger, library, tables
from hitl_app.store.tables import decision, lineage, standing, trajectory

DECIDING = MOVING | {DecisionKind.UNDO}
"""Kinds of decision after which a lineage may stand elsewhere."""

_DECIDES = decision.c.kind.in_(DECIDING)

_root, _head = trajectory.alias("root"), trajectory.alias("head")

_LINEAGE = (
    select(lineage.c.position, lineage.c.status, _head.c.id.label("head"))
    .join_from(lineage, _root, _root.c.number == lineage.c.position)
    .join(_head, _head.c.number == lineage.c.head_number)
    .where(_root.c.id == bindparam("root_id"))
)

STANDINGS = (
    select(standing, _head.c.id.label("head"))
    .join(_head, _head.c.number == standing.c.head_number)
    .order_by(standing.c.position, standing.c.annotator)
)
"""All standings, for `standing_from_row`."""

_OF_LINEAGE = STANDINGS.where(standing.c.position == bindparam("at"))
_FORGET = delete(standing).where(standing.c.position == bindparam("at"))
_MOVE = update(lineage).where(lineage.c.position == bindparam("at"))


class Place(NamedTuple):
    """A lineage in the tables, and where it stands for everybody."""

    position: int
    stand: Stand


def find(connection: Connection, root_id: str) -> Place:
    """The lineage of a recording. Raises NotFoundError where it is unknown, or a revision."""
    row = connection.execute(_LINEAGE, {"root_id": root_id}).first()
    if row is None:
        library.number_of(connection, trajectory, root_id)
        raise NotFoundError(f"{root_id[:12]} is a revision: decisions name the recording that it descends from")
    return Place(row.position, Stand(ReviewStatus(row.status), row.head))


def load(connection: Connection, position: int) -> dict[str, Standing]:
    """The standings of one lineage by annotator, in the order of their names."""
    return {row.annotator: standing_from_row(row) for row in connection.execute(_OF_LINEAGE, {"at": position})}


def standing_from_row(row: Row[*tuple[Any, ...]]) -> Standing:  # Any: the columns are of several types
    """A standing from a row of `STANDINGS`."""
    return Standing(
        row.annotator,
        ReviewStatus(row.status),
        row.head,
        Origin(row.made_at, row.sequence, row.hash),
        bool(row.informed),
        row.loss,
    )


def record(connection: Connection, made: Decision) -> LedgerEntry:
    """Append a decision, and let its lineage stand where it puts it.

    Raises:
        NotFoundError: The decision names a trajectory, a proposal or an entry that the store does not have.
        StoreError: The lineage moved since its maker looked at it, or what it undoes is undone already.
    """
    place = find(connection, made.root_id)
    entry = append(connection, made)
    _check_unmoved(connection, place, made)
    if made.kind in DECIDING:
        _refresh(connection, made.root_id, place.position)
    return entry


def append(connection: Connection, made: Decision) -> LedgerEntry:
    """Append a decision that was made elsewhere. Who appends the last one of a lineage calls `refresh`.

    Raises:
        NotFoundError: The decision names a trajectory, a proposal or an entry that the store does not have.
        StoreError: What it undoes is undone already.
    """
    for trajectory_id in (made.base_id, made.candidate_id, made.head_after):
        if trajectory_id:
            library.number_of(connection, trajectory, trajectory_id)
    if made.proposal_id is not None:
        library.number_of(connection, tables.proposal, made.proposal_id)
    return ledger.append(connection, made)


def _check_unmoved(connection: Connection, place: Place, made: Decision) -> None:
    """Refuse a decision on a lineage that somebody, or another process, decided on since it was looked at."""
    if not made.head_before:
        return
    stand = place.stand
    if made.detail.get("blind"):
        stand = own_stand(made.root_id, made.annotator, load(connection, place.position))
    if stand != Stand(made.status_before, made.head_before):
        raise StoreError("this trajectory was decided on elsewhere since: look at it again, then decide")


def refresh(connection: Connection, root_id: str) -> None:
    """Let a lineage stand where its entries put it. Raises NotFoundError."""
    _refresh(connection, root_id, find(connection, root_id).position)


def _refresh(connection: Connection, root_id: str, position: int) -> None:
    found = made_by(ledger.load_lineage(connection, root_id, _DECIDES))
    stand = consensus(root_id, found)
    heads = library.numbers(connection, trajectory, {stand.head, *(each.head for each in found.values())})
    connection.execute(_FORGET, {"at": position})
    if found:
        connection.execute(insert(standing), [_values(position, heads, each) for each in found.values()])
    connection.execute(_MOVE, {"at": position, "status": stand.status.value, "head_number": heads[stand.head]})
    library.refresh_rank(connection, heads[stand.head])


def made_by(entries: Iterable[LedgerEntry]) -> dict[str, Standing]:
    """The standings that a lineage's entries make, in the order of the annotators' names."""
    return dict(sorted(standings(entries).items()))


def _values(position: int, heads: Mapping[str, int], each: Standing) -> dict[str, object]:
    return {
        "position": position,
        "annotator": each.annotator,
        "status": each.status.value,
        "head_number": heads[each.head],
        "made_at": each.origin.made_at,
        "sequence": each.origin.sequence,
        "hash": each.origin.hash,
        "informed": each.informed,
        "loss": each.loss,
    }


def are_missing(connection: Connection) -> bool:
    """Whether the store is of a format that kept no standings, and has decisions that make some."""
    if connection.scalar(select(standing.c.position).limit(1)) is not None:
        return False
    return connection.scalar(select(decision.c.sequence).where(decision.c.kind.in_(MOVING)).limit(1)) is not None


def rebuild(connection: Connection) -> None:
    """Make the standings of all lineages from the ledger."""
    for root_id in connection.scalars(select(decision.c.root_id).distinct()).all():
        # What a damaged ledger says of a lineage is for its check to report: the store must open for that.
        with suppress(UserError):
            refresh(connection, str(root_id))
