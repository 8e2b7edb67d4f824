"""Adds all that another store holds to this one. The other is only read; see `domain.ports.TeamStore.absorb`."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select
from sqlalchemy.exc import DBAPIError

from hitl_app.domain.codec import CodecError
from hitl_app.domain.errors import NotFoundError, StoreError
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.method_codec import score_from_json
from hitl_app.domain.ports import AbsorbSummary
from hitl_app.domain.record_codec import proposal_from_json
from hitl_app.domain.task import Task
from hitl_app.domain.team import Assignment
from hitl_app.domain.trajectory import Trajectory
from hitl_app.store import arrangements, checking, ledger, library, runs_union, scores
from hitl_app.store.opening import open_reader
from hitl_app.store.records import decode_object, inspection_from_text
from hitl_app.store.tables import (
    assignment,
    draft,
    inspection,
    ledger_head,
    proposal,
    score,
    task,
    toolset,
    trajectory,
)
from hitl_app.store.uniting import Union

_PAGE = 100

Progress = Callable[[int, int], None]


@contextmanager
def reading(path: Path, own: Path) -> Iterator[Connection]:
    """Another store as it is now, after its ledger was checked.

    Args:
        path: Its file.
        own: The file of the store that takes it in.

    Raises:
        StoreError: It is missing, no store, this store itself, of another format version, or its ledger is broken.
    """
    if path.exists() and path.samefile(own):
        raise StoreError(f"{path}: this is the store itself. Name the store of somebody else.")
    engine = open_reader(path)
    try:
        with engine.begin() as connection:
            _check_ledger(connection, path)
            yield connection
    except (DBAPIError, CodecError, NotFoundError) as error:
        raise StoreError(f"{path}: cannot be taken in ({error}). Run `hitl-app ledger check` on it.") from error
    finally:
        engine.dispose()


def _check_ledger(connection: Connection, path: Path) -> None:
    """Check the chain alone: what the entries refer to is checked when it is added."""
    report = checking.check_chain(connection)
    if report.faults:
        fault = report.faults[0]
        raise StoreError(
            f"{path}: its ledger is damaged (entry {fault.sequence}: {fault.problem}), so nothing of it was taken. "
            f"Put a backup in its place; backups are beside it, named {path.stem}.backup-*.db."
        )


def absorb(connection: Connection, there: Connection, time: str, progress: Progress | None = None) -> AbsorbSummary:
    """Add what `there` holds and this store does not; see `domain.ports.TeamStore.absorb`."""
    return _Absorbing(connection, there, time).all(progress or (lambda done, total: None))


class _Absorbing:
    """One store that takes in another; a page of rows is in memory at a time."""

    def __init__(self, connection: Connection, there: Connection, time: str) -> None:
        self._here = connection
        self._there = there
        self._time = time
        self._added: Counter[str] = Counter()

    def all(self, progress: Progress) -> AbsorbSummary:
        """Everything, each thing after those that it refers to."""
        self._tasks()
        self._recordings()
        self._revisions()
        self._toolsets()
        self._inspections()
        self._proposals()
        self._scores()
        union = self._entries(progress)
        disputed = union.finish()
        self._drafts(union)
        self._arrangements()
        self._added["runs"] = runs_union.add_runs(self._here, self._there)
        return AbsorbSummary(**self._added, disputed=disputed)

    def _pages(self, query: Select[*tuple[Any, ...]]) -> Iterator[list[Row[*tuple[Any, ...]]]]:  # Any: many types
        """Rows of the other store."""
        yield from map(list, self._there.execute(query).partitions(_PAGE))

    def _tasks(self) -> None:
        last = 0
        while page := library.load_tasks(self._there, last):
            last = max(page)
            known = library.numbers(self._here, task, [each.id for each in page.values()])
            new = [_with_own_place(each) for each in page.values() if each.id not in known]
            self._added["tasks"] += library.add_runs(self._here, (), new, self._time).tasks

    def _recordings(self) -> None:
        for new in self._new_trajectories(trajectory.c.root_number == trajectory.c.number):
            tasks = {task_id: library.load_task(self._there, task_id) for task_id in {each.task_id for each in new}}
            runs = [ImportedRun(replace(tasks[each.task_id], place=""), each) for each in new]
            self._added["trajectories"] += library.add_runs(self._here, runs, (), self._time).trajectories

    def _revisions(self) -> None:
        for new in self._new_trajectories(trajectory.c.root_number != trajectory.c.number):
            for each in new:
                library.add_candidate(self._here, each, self._time)
            self._added["revisions"] += len(new)

    def _new_trajectories(self, condition: ColumnElement[bool]) -> Iterator[list[Trajectory]]:
        for page in self._pages(select(trajectory.c.id).where(condition).order_by(trajectory.c.number)):
            ids = [row.id for row in page]
            known = library.numbers(self._here, trajectory, ids)
            yield [self._trajectory(identity) for identity in ids if identity not in known]

    def _trajectory(self, identity: str) -> Trajectory:
        found = library.read_trajectory(self._there, identity)
        if found.id != identity:
            raise StoreError(f"trajectory {identity[:12]} of the other store was altered: put a backup in its place")
        return found

    def _toolsets(self) -> None:
        for each in library.load_toolsets(self._there):
            keys = {"environment": each.environment, "domain": each.domain}
            if library.load_document(self._here, toolset, **keys) is None:
                text = library.load_document(self._there, toolset, **keys) or "[]"
                library.save_document(self._here, toolset, text, **keys)

    def _inspections(self) -> None:
        """Of two inspections of a trajectory the newer one is kept."""
        query = select(trajectory.c.id, inspection.c.inspected_at, inspection.c.document).join(
            inspection, inspection.c.trajectory_number == trajectory.c.number
        )
        for page in self._pages(query.order_by(trajectory.c.number)):
            ids = [row.id for row in page]
            known = {row.id: row for row in self._here.execute(query.where(trajectory.c.id.in_(ids)))}
            for row in page:
                own = known.get(row.id)
                if own is None or (row.inspected_at, row.document) > (own.inspected_at, own.document):
                    found = inspection_from_text(row.document)
                    library.save_inspection(self._here, found, row.inspected_at)
                    self._added["inspections"] += 1

    def _proposals(self) -> None:
        query = select(proposal.c.id, proposal.c.document, proposal.c.proposed_at).order_by(proposal.c.number)
        for page in self._pages(query):
            known = library.numbers(self._here, proposal, [row.id for row in page])
            for row in page:
                if row.id not in known:
                    found = proposal_from_json(decode_object(row.document))
                    library.save_proposal(self._here, found, row.proposed_at)
                    self._added["proposals"] += 1

    def _scores(self) -> None:
        for page in self._pages(select(score.c.document).order_by(score.c.number)):
            for row in page:
                self._added["scores"] += scores.add(self._here, score_from_json(decode_object(row.document)))

    def _entries(self, progress: Progress) -> Union:
        total, head = self._there.execute(select(ledger_head.c.entries, ledger_head.c.hash)).one()
        union, last = Union(self._here, head), 0
        progress(0, total)
        while page := ledger.load_entries(self._there, last):
            for entry in page:
                self._added["decisions" if union.take(entry) else "known"] += 1
            last = page[-1].sequence
            progress(last, total)
        return union

    def _drafts(self, union: Union) -> None:
        """Drafts of trajectories without one, on which nothing was decided here that was not known there."""
        root = trajectory.alias()
        query = (
            select(draft.c.base_id, draft.c.document, root.c.id.label("root_id"))
            .join(trajectory, trajectory.c.id == draft.c.base_id)
            .join(root, root.c.number == trajectory.c.root_number)
        )
        for page in self._pages(query):
            for row in page:
                free = library.load_document(self._here, draft, base_id=row.base_id) is None
                if free and union.has_all_of(row.root_id):
                    library.save_document(self._here, draft, row.document, base_id=row.base_id)
                    self._added["drafts"] += 1

    def _arrangements(self) -> None:
        assigned = select(assignment, trajectory.c.id).join(trajectory, trajectory.c.number == assignment.c.position)
        for row in self._there.execute(assigned):
            made = Assignment(row.id, row.annotator, row.assigned_at)
            self._added["assignments"] += arrangements.add_assignment(self._here, made)
        for row in self._there.execute(arrangements.GOLD):
            self._added["gold"] += arrangements.add_gold(self._here, arrangements.gold_from_row(row))
        for row in self._there.execute(arrangements.SEEDS):
            self._added["seeds"] += arrangements.add_seed(self._here, arrangements.seed_from_row(row))


def _with_own_place(found: Task) -> Task:
    """The task with the place of its data where that is on this disk."""
    return replace(found, place=found.place if found.place and Path(found.place).exists() else "")
