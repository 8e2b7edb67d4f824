"""Where annotators left each lineage, and where it stands for all: kept beside it, always what its entries make."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Table, bindparam, delete, func, insert, select, update

from hitl_app.domain.decision import MOVING, Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.errors import NotFoundError, StoreError, UserError
from hitl_app.domain.standing import Origin, Stand, Standing, consensus, own_stand, standings
from hitl_app.store import ledger, library, tables
from hitl_app.store.tables import decision, lineage, standing, trajectory

DECIDING = MOVING | {DecisionKind.UNDO}
"""Kinds of decision after which a lineage may stand elsewhere."""

_DECIDES = decision.c.kind.in_(DECIDING)

_root, _head = trajectory.alias("root"), trajectory.alias("head")

_LINEAGES = (
    select(_root.c.id, lineage.c.position, lineage.c.status, _head.c.id.label("head"))
    .join_from(lineage, _root, _root.c.number == lineage.c.position)
    .join(_head, _head.c.number == lineage.c.head_number)
    .where(_root.c.id.in_(bindparam("root_ids", expanding=True)))
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
    return find_all(connection, [root_id])[root_id]


def find_all(connection: Connection, root_ids: Iterable[str]) -> dict[str, Place]:
    """The lineages of recordings. Raises NotFoundError where one is unknown, or a revision."""
    wanted = list(root_ids)
    found: dict[str, Place] = {}
    for part in library.in_parts(wanted):
        for row in connection.execute(_LINEAGES, {"root_ids": part}):
            found[row.id] = Place(row.position, Stand(ReviewStatus(row.status), row.head))
    for root_id in wanted:
        if root_id not in found:
            library.number_of(connection, trajectory, root_id)
            raise NotFoundError(f"{root_id[:12]} is a revision: decisions name the recording that it descends from")
    return found


def load(connection: Connection, position: int) -> dict[str, Standing]:
    """The standings of one lineage by annotator, in the order of their names."""
    return {row.annotator: standing_from_row(row) for row in connection.execute(_OF_LINEAGE, {"at": position})}


def load_between(connection: Connection, first: int, last: int) -> dict[int, dict[str, Standing]]:
    """As `load`, of all lineages from one position to another; one without standings is left out."""
    found: dict[int, dict[str, Standing]] = {}
    for row in connection.execute(STANDINGS.where(standing.c.position.between(first, last))):
        found.setdefault(row.position, {})[row.annotator] = standing_from_row(row)
    return found


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


def record(connection: Connection, decisions: Sequence[Decision]) -> tuple[LedgerEntry, ...]:
    """Append decisions on different lineages, and let each lineage stand where its decision puts it.

    None is dated before those that it was made after, also where the clock was put back since: the newest counts.

    Raises:
        NotFoundError: One names a trajectory, a proposal or an entry that the store does not have.
        StoreError: A lineage moved since its maker looked at it, or what is undone is undone already.
        ValueError: Two are on one lineage.
    """
    places = find_all(connection, (made.root_id for made in decisions))
    if len(places) < len(decisions):
        raise ValueError("decisions that are recorded at once are on different lineages")
    entries = append(connection, *_dated(connection, places, decisions))
    for made in decisions:
        _check_unmoved(connection, places[made.root_id], made)
    moved = {made.root_id: places[made.root_id].position for made in decisions if made.kind in DECIDING}
    _refresh(connection, moved)
    return entries


def _dated(connection: Connection, places: Mapping[str, Place], decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions, each later than those by which its lineage stands."""
    newest: dict[int, str] = {}
    for part in library.in_parts([places[made.root_id].position for made in decisions if made.kind in MOVING]):
        dates = select(standing.c.position, func.max(standing.c.made_at)).where(standing.c.position.in_(part))
        newest.update(connection.execute(dates.group_by(standing.c.position)).all())
    return [_later(made, newest.get(places[made.root_id].position, "")) for made in decisions]


def _later(made: Decision, than: str) -> Decision:
    if made.made_at < than:
        with suppress(ValueError, OverflowError):  # another ledger may hold what is no time
            moment = datetime.fromisoformat(than) + timedelta(microseconds=1)
            return replace(made, made_at=moment.isoformat(timespec="microseconds"))
    return made


def append(connection: Connection, *decisions: Decision) -> tuple[LedgerEntry, ...]:
    """Append decisions that were made elsewhere. Who appends the last one of a lineage calls `refresh`.

    Raises:
        NotFoundError: One names a trajectory, a proposal or an entry that the store does not have.
        StoreError: What it undoes is undone already.
    """
    trajectories = {i for made in decisions for i in (made.base_id, made.candidate_id, made.head_after) if i}
    _check_known(connection, trajectory, trajectories)
    _check_known(connection, tables.proposal, {made.proposal_id for made in decisions if made.proposal_id is not None})
    return ledger.append(connection, *decisions)


def _check_known(connection: Connection, table: Table, ids: set[str]) -> None:
    for missing in ids - library.numbers(connection, table, ids).keys():
        library.number_of(connection, table, missing)


def _check_unmoved(connection: Connection, place: Place, made: Decision) -> None:
    """Refuse a decision on a lineage that somebody, or another process, decided on since it was looked at."""
    if not made.head_before:
        return
    stand = place.stand
    if made.detail.get("blind"):
        stand = own_stand(made.root_id, made.annotator, load(connection, place.position))
    if stand != Stand(made.status_before, made.head_before):
        raise StoreError("this trajectory was decided on elsewhere since: look at it again, then decide")


def refresh(connection: Connection, *root_ids: str) -> None:
    """Let lineages stand where their entries put them. Raises NotFoundError."""
    _refresh(connection, {root_id: place.position for root_id, place in find_all(connection, root_ids).items()})


def _refresh(connection: Connection, positions: Mapping[str, int]) -> None:
    for part in library.in_parts(positions):
        entries = ledger.load_lineages(connection, part, _DECIDES)
        found = {root_id: made_by(entries.get(root_id, ())) for root_id in part}
        stands = {root_id: consensus(root_id, found[root_id]) for root_id in part}
        left = {each.head for of_lineage in found.values() for each in of_lineage.values()}
        heads = library.numbers(connection, trajectory, left | {stand.head for stand in stands.values()})
        connection.execute(_FORGET, [{"at": positions[root_id]} for root_id in part])
        rows = [_values(positions[root_id], heads, each) for root_id in part for each in found[root_id].values()]
        if rows:
            connection.execute(insert(standing), rows)
        moves = [(positions[root_id], stand.status.value, heads[stand.head]) for root_id, stand in stands.items()]
        connection.execute(_MOVE, [{"at": at, "status": status, "head_number": head} for at, status, head in moves])
        library.refresh_rank(connection, *(head for _, _, head in moves))


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
    for part in library.in_parts(connection.scalars(select(decision.c.root_id).distinct()).all()):
        try:
            refresh(connection, *part)
        except UserError:
            _rebuild_readable(connection, part)


def _rebuild_readable(connection: Connection, root_ids: Iterable[str]) -> None:
    for root_id in root_ids:
        # What a damaged ledger says of a lineage is for its check to report: the store must open for that.
        with suppress(UserError):
            refresh(connection, root_id)
