"""What is arranged around the decisions of several people: standings, assignments, gold items, bad proposals."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Executable, Row, Select, bindparam, delete, select, tuple_, union
from sqlalchemy.dialects.sqlite import insert as insert_or

from hitl_app.domain.decision import AUTOMATIC
from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.ports import Clock
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.standing import Standing
from hitl_app.domain.team import Assignment, GoldItem, Seed
from hitl_app.store import arrangements, library, standings
from hitl_app.store.database import Database
from hitl_app.store.tables import assignment, decision, gold, lineage, proposal, standing, trajectory

_PAGE = 500

_root = trajectory.alias("root")

_Row = Row[*tuple[Any, ...]]  # Any: columns of several types
_Rows = Select[*tuple[Any, ...]]

_ASSIGNMENTS = (
    select(assignment, _root.c.id)
    .join(_root, _root.c.number == assignment.c.position)
    .order_by(assignment.c.position, assignment.c.annotator)
    .limit(_PAGE)
)
_UNASSIGN = delete(assignment).where(
    assignment.c.position == bindparam("at"), assignment.c.annotator == bindparam("name")
)
_REMOVE_GOLD = delete(gold).where(gold.c.position == bindparam("at"))


class TeamRecord(Database):
    """The part of the store that several people share (`domain.ports.TeamStore`)."""

    _clock: Clock

    def standings(self, root_id: str) -> Mapping[str, Standing]:
        """Where each annotator left a lineage, by name. Raises NotFoundError."""
        with self._read() as connection:
            return standings.load(connection, standings.find(connection, root_id).position)

    def all_standings(self) -> Iterator[tuple[str, Mapping[str, Standing]]]:
        """Lineages on which anybody decided, each with its standings, in the order of import, streamed."""
        rows = self._pages(_standings_after)
        for root_id, group in groupby(rows, lambda row: str(row.root_id)):
            yield root_id, {row.annotator: standings.standing_from_row(row) for row in group}

    def annotators(self) -> tuple[str, ...]:
        """Everybody who decided or was assigned anything, sorted."""
        named = union(select(decision.c.annotator), select(assignment.c.annotator))
        with self._read() as connection:
            return tuple(sorted({str(name) for name in connection.scalars(named)} - {AUTOMATIC}))

    def assign(self, assignments: Sequence[Assignment]) -> int:
        """Keep assignments in one transaction; the answer is how many are new. Raises NotFoundError."""
        with self._write() as connection:
            positions = _positions(connection, (made.root_id for made in assignments))
            rows = [
                {"position": positions[made.root_id], "annotator": made.annotator, "assigned_at": made.assigned_at}
                for made in assignments
            ]
            return _change(connection, insert_or(assignment).on_conflict_do_nothing(), rows)

    def unassign(self, root_ids: Sequence[str], annotator: str) -> int:
        """Take assignments back; the answer is how many there were. Raises NotFoundError."""
        with self._write() as connection:
            rows = [{"at": position, "name": annotator} for position in _positions(connection, root_ids).values()]
            return _change(connection, _UNASSIGN, rows)

    def assignments(self, annotator: str = "") -> Iterator[Assignment]:
        """Assignments of one person or of all, in the order of import, streamed."""
        of_one = _ASSIGNMENTS.where(assignment.c.annotator == annotator) if annotator else _ASSIGNMENTS
        place = tuple_(assignment.c.position, assignment.c.annotator)
        rows = self._pages(lambda row: of_one if row is None else of_one.where(place > (row.position, row.annotator)))
        return (Assignment(row.id, row.annotator, row.assigned_at) for row in rows)

    def set_gold(self, items: Sequence[GoldItem]) -> None:
        """Keep gold items, in the place of what was kept for the same lineages. Raises NotFoundError."""
        with self._write() as connection:
            positions = _positions(connection, (item.root_id for item in items))
            rows = [
                {
                    "position": positions[item.root_id],
                    "verdict": item.verdict,
                    "blame": item.blame,
                    "note": item.note,
                    "set_by": item.set_by,
                    "set_at": item.set_at,
                }
                for item in items
            ]
            _change(connection, insert_or(gold).prefix_with("OR REPLACE"), rows)

    def remove_gold(self, root_ids: Sequence[str]) -> int:
        """Forget gold items; the answer is how many there were. Raises NotFoundError."""
        with self._write() as connection:
            rows = [{"at": position} for position in _positions(connection, root_ids).values()]
            return _change(connection, _REMOVE_GOLD, rows)

    def gold(self) -> tuple[GoldItem, ...]:
        """All gold items, in the order of import."""
        with self._read() as connection:
            return tuple(map(arrangements.gold_from_row, connection.execute(arrangements.GOLD)))

    def save_seed(self, proposal: Proposal, seed: Seed) -> None:
        """Keep a proposal that is bad on purpose, with what is bad in it, in one transaction. Raises NotFoundError."""
        with self._write() as connection:
            library.save_proposal(connection, proposal, self._clock.now())
            arrangements.add_seed(connection, seed)

    def seed(self, proposal_id: str) -> Seed | None:
        """What is bad in a proposal; None where it was made in good faith."""
        with self._read() as connection:
            row = connection.execute(arrangements.SEEDS.where(proposal.c.id == proposal_id)).first()
        return None if row is None else arrangements.seed_from_row(row)

    def seeds(self) -> tuple[Seed, ...]:
        """All seeds, oldest first."""
        with self._read() as connection:
            return tuple(map(arrangements.seed_from_row, connection.execute(arrangements.SEEDS)))

    def _pages(self, after: Callable[[_Row | None], _Rows]) -> Iterator[_Row]:
        """Page by page, so that nothing stays open between two rows and the caller may write meanwhile."""
        last = None
        while True:
            with self._read() as connection:
                page = connection.execute(after(last)).all()
            if not page:
                return
            yield from page
            last = page[-1]


def _standings_after(last: _Row | None) -> _Rows:
    """Those of the next lineages: of each all, so that none is cut at the end of a page."""
    decided = select(standing.c.position).distinct().order_by(standing.c.position).limit(_PAGE)
    if last is not None:
        decided = decided.where(standing.c.position > last.position)
    root_id = _root.c.id.label("root_id")
    of_lineages = standings.STANDINGS.where(standing.c.position.in_(decided.subquery().select()))
    return of_lineages.add_columns(root_id).join(_root, _root.c.number == standing.c.position)


def _positions(connection: Connection, root_ids: Iterable[str]) -> dict[str, int]:
    """Where lineages are, by their recordings. Raises NotFoundError."""
    wanted, found = list(dict.fromkeys(root_ids)), dict[str, int]()
    for start in range(0, len(wanted), _PAGE):
        part = _root.c.id.in_(wanted[start : start + _PAGE])
        query = select(_root.c.id, lineage.c.position).join(lineage, lineage.c.position == _root.c.number).where(part)
        found.update((root_id, position) for root_id, position in connection.execute(query))
    unknown = next((root_id for root_id in wanted if root_id not in found), None)
    if unknown is not None:
        raise NotFoundError(f"there is no recording {unknown[:12]} in the store")
    return found


def _change(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, object]]) -> int:
    """Execute a statement for each of the values; how many rows it changed."""
    if not rows:
        return 0
    return connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount
