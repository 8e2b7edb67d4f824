"""Tasks, trajectories, inspections and proposals in the tables."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, text
from sqlalchemy.dialects.sqlite import insert as insert_or

from hitl_app.domain.codec import gradient_to_json, task_from_json
from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import AmbiguousIdError, NotFoundError, StoreError
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun, Toolset
from hitl_app.domain.ports import ImportCounts
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.record_codec import proposal_from_json, proposal_to_json
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.store import tables
from hitl_app.store.records import (
    STEP_COLUMNS,
    decode_object,
    earlier_from_text,
    encode,
    inspection_from_text,
    inspection_to_text,
    plan_from_text,
    source_from_text,
    step_from_row,
    step_values,
    task_values,
    tools_from_text,
    trajectory_values,
)

_T = TypeVar("_T")

_IDS_PER_QUERY = 500
"""SQLite binds 32,766 values at most; a few hundred are as quick as more."""

_TASKS_PER_PAGE = 50

_MIN_PREFIX = 4

_INSERT_STEP = f"INSERT INTO step ({', '.join(STEP_COLUMNS)}) VALUES ({', '.join('?' * len(STEP_COLUMNS))})"  # noqa: S608  # names of our own columns

_NUMBERED = (tables.task, tables.trajectory, tables.proposal, tables.run)

# Built once: building a statement takes longer than running it.
_NUMBER = {table.name: select(table.c.number).where(table.c.id == bindparam("id")) for table in _NUMBERED}
_NUMBERS = {
    table.name: select(table.c.id, table.c.number).where(table.c.id.in_(bindparam("ids", expanding=True)))
    for table in _NUMBERED
}

_REFRESH_RANK = text(
    """UPDATE lineage SET (rank_unmet, rank_feasibility, rank_soft_constraints, rank_discrepancy) = (
        SELECT coalesce(hard_constraints, 0) + coalesce(goal, 0), coalesce(feasibility, 0),
               coalesce(soft_constraints, 0), coalesce(discrepancy, 0)
        FROM inspection WHERE trajectory_number = head_number
        AND coalesce(hard_constraints, goal, feasibility, soft_constraints, discrepancy) IS NOT NULL
    ) WHERE head_number = :head_number"""
)
"""`LossVector.rank` of a head into its lineage, where the order "worst first" has its index."""


def in_parts(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Values in lists that are short enough for one statement."""
    rest = iter(values)
    while part := list(islice(rest, _IDS_PER_QUERY)):
        yield part


def numbers(connection: Connection, table: Table, ids: Iterable[str]) -> dict[str, int]:
    """Row numbers of those ids that the table has."""
    found = dict[str, int]()
    for part in in_parts(ids):
        rows = connection.execute(_NUMBERS[table.name], {"ids": part})
        found.update((identity, number) for identity, number in rows)
    return found


def has(connection: Connection, table: Table, identity: str) -> bool:
    """Whether the table has that id."""
    return connection.scalar(_NUMBER[table.name], {"id": identity}) is not None


def number_of(connection: Connection, table: Table, identity: str) -> int:
    """The row number of one id.

    Raises:
        NotFoundError: The table does not have it.
    """
    number: int | None = connection.scalar(_NUMBER[table.name], {"id": identity})
    if number is None:
        raise NotFoundError(f"there is no {table.name} {identity[:12]} in the store")
    return number


def resolve(connection: Connection, table: Table, prefix: str) -> str:
    """The full id that begins with `prefix`.

    Raises:
        NotFoundError: None does, or the prefix is too short. AmbiguousIdError: Several do.
    """
    prefix = prefix.strip().lower()
    if len(prefix) < _MIN_PREFIX:
        raise NotFoundError(f'"{prefix}" is too short for the id of a {table.name}: give {_MIN_PREFIX} digits or more')
    beyond = prefix + "g"  # sorts after every hexadecimal digit
    query = select(table.c.id).where(table.c.id >= prefix, table.c.id < beyond).order_by(table.c.id).limit(3)
    found = [str(identity) for identity in connection.scalars(query)]
    if not found:
        raise NotFoundError(f'no {table.name} has an id that begins with "{prefix}"')
    if len(found) > 1:
        raise AmbiguousIdError(
            f'several ids begin with "{prefix}" ({", ".join(i[:16] for i in found)}): give more digits'
        )
    return found[0]


def _next_number(connection: Connection, table: Table) -> int:
    last: int | None = connection.scalar(select(func.max(table.c.number)))
    return (last or 0) + 1


def add_runs(connection: Connection, runs: Sequence[ImportedRun], tasks: Sequence[Task], time: str) -> ImportCounts:
    """Add recordings with their tasks, and tasks without one; a recording that is already there is a duplicate."""
    for run in runs:
        _check_run(run)
    everything = {task.id: task for task in (*tasks, *(run.task for run in runs))}
    task_numbers, new_tasks = _add_tasks(connection, everything)
    _keep_places(connection, {task_numbers[identity]: task.place for identity, task in everything.items()})
    trajectories = {run.trajectory.id: run.trajectory for run in runs}
    known = numbers(connection, tables.trajectory, trajectories)
    new = [trajectory for identity, trajectory in trajectories.items() if identity not in known]
    first = _next_number(connection, tables.trajectory)
    rows = [
        trajectory_values(number, trajectory, task_numbers[trajectory.task_id], number, time)
        for number, trajectory in enumerate(new, first)
    ]
    if rows:
        connection.execute(insert(tables.trajectory), rows)
        _add_steps(connection, first, new)
        positions = range(first, first + len(new))
        connection.execute(
            insert(tables.lineage),
            [{"position": n, "head_number": n, "status": ReviewStatus.PENDING.value} for n in positions],
        )
    return ImportCounts(new_tasks, len(new), len(runs) - len(new))


def _check_run(run: ImportedRun) -> None:
    if run.trajectory.task_id != run.task.id:
        raise StoreError(f"trajectory {run.trajectory.id[:12]} was recorded for another task than {run.task.key}")
    if run.trajectory.lineage_root is not None:
        raise StoreError(f"trajectory {run.trajectory.id[:12]} is a revision: only recordings can be imported")


def _add_tasks(connection: Connection, tasks: dict[str, Task]) -> tuple[dict[str, int], int]:
    """Add tasks that are new; the numbers of all, and how many were new."""
    found = numbers(connection, tables.task, tasks)
    new = {
        identity: number
        for number, identity in enumerate(
            (identity for identity in tasks if identity not in found), _next_number(connection, tables.task)
        )
    }
    if new:
        connection.execute(insert(tables.task), [task_values(n, tasks[identity]) for identity, n in new.items()])
    return found | new, len(new)


def _keep_places(connection: Connection, places: dict[int, str]) -> None:
    rows = [{"task_number": number, "path": place} for number, place in places.items() if place]
    if rows:
        statement = insert_or(tables.place)
        newer = {"path": statement.excluded.path}
        connection.execute(statement.on_conflict_do_update(index_elements=["task_number"], set_=newer), rows)


def _add_steps(connection: Connection, first: int, trajectories: Sequence[Trajectory]) -> None:
    rows = [
        values
        for number, trajectory in enumerate(trajectories, first)
        for values in step_values(number, trajectory.steps)
    ]
    if rows:
        connection.exec_driver_sql(_INSERT_STEP, rows)  # half of an import's rows are made here: tuples are quickest


def add_candidate(connection: Connection, candidate: Trajectory, time: str) -> None:
    """Add a revision of a lineage that is in the store; nothing happens if it is already there."""
    if has(connection, tables.trajectory, candidate.id):
        return
    number = _next_number(connection, tables.trajectory)
    values = trajectory_values(
        number,
        candidate,
        number_of(connection, tables.task, candidate.task_id),
        number_of(connection, tables.trajectory, candidate.root_id),
        time,
    )
    connection.execute(insert(tables.trajectory), values)
    _add_steps(connection, number, [candidate])


def load_task(connection: Connection, task_id: str) -> Task:
    """A task. Raises NotFoundError."""
    number = number_of(connection, tables.task, task_id)
    query = select(tables.task.c.document, tables.place.c.path).join(tables.place, isouter=True)
    document, place = connection.execute(query.where(tables.task.c.number == number)).one()
    return _task(document, place)


def load_tasks(connection: Connection, after: int) -> dict[int, Task]:
    """The next page of tasks by their numbers, in order."""
    query = select(tables.task.c.number, tables.task.c.document, tables.place.c.path).join(tables.place, isouter=True)
    page = query.where(tables.task.c.number > after).order_by(tables.task.c.number).limit(_TASKS_PER_PAGE)
    return {number: _task(document, place) for number, document, place in connection.execute(page)}


def _task(document: str, place: str | None) -> Task:
    return replace(task_from_json(decode_object(document)), place=place or "")


_ROOT = tables.trajectory.alias("root")

_TRAJECTORY = (
    select(
        tables.trajectory,
        tables.task.c.id.label("task_id"),
        _ROOT.c.id.label("root_id"),
    )
    .join(tables.task, tables.task.c.number == tables.trajectory.c.task_number)
    .join(_ROOT, _ROOT.c.number == tables.trajectory.c.root_number)
    .where(tables.trajectory.c.id == bindparam("id"))
)

_STEPS = (
    select(*(tables.step.c[name] for name in STEP_COLUMNS))
    .where(tables.step.c.trajectory_number == bindparam("number"))
    .order_by(tables.step.c.step_index)
)


def load_trajectory(connection: Connection, trajectory_id: str) -> Trajectory:
    """A trajectory with its steps, which are taken to be those that its id stands for. Raises NotFoundError."""
    return read_trajectory(connection, trajectory_id).known_as(trajectory_id)


_PLANNED = (
    select(tables.trajectory.c.id)
    .join(tables.task, tables.task.c.number == tables.trajectory.c.task_number)
    .where(
        tables.task.c.id == bindparam("task_id"),
        tables.trajectory.c.root_number == tables.trajectory.c.number,
        tables.trajectory.c.plan != "[]",
        tables.trajectory.c.step_count > 0,
    )
    .order_by(tables.trajectory.c.number)
)


def load_planned(connection: Connection, task_id: str) -> tuple[Trajectory, ...]:
    """The recordings for a task that carry out a plan, in the order of import."""
    found = connection.scalars(_PLANNED, {"task_id": task_id}).all()
    return tuple(load_trajectory(connection, identity) for identity in found)


def read_trajectory(connection: Connection, trajectory_id: str) -> Trajectory:
    """What the rows of a trajectory hold: whether its id is that of its content is for the caller to see."""
    row = connection.execute(_TRAJECTORY, {"id": trajectory_id}).first()
    if row is None:
        raise NotFoundError(f"there is no trajectory {trajectory_id[:12]} in the store")
    steps = connection.execute(_STEPS, {"number": row.number})
    return Trajectory(
        row.task_id,
        tuple(step_from_row(step) for step in steps),
        plan=plan_from_text(row.plan),
        parent_id=row.parent_id,
        lineage_root=None if row.root_number == row.number else row.root_id,
        source=source_from_text(row.source),
        carried_over=frozenset(json.loads(row.carried_over)),
        earlier=earlier_from_text(row.earlier),
        author=row.author,
    )


def save_inspection(connection: Connection, inspection: Inspection, time: str) -> None:
    """Keep the newest inspection of a trajectory, for queries as columns and rows, for reading as a document.

    Raises:
        NotFoundError: The store does not have the trajectory.
    """
    number = number_of(connection, tables.trajectory, inspection.trajectory_id)
    values: dict[str, object] = {
        "trajectory_number": number,
        "verified": inspection.verified,
        "gradient_count": len(inspection.gradients),
        "document": inspection_to_text(inspection),
        "inspected_at": time,
    }
    for component, count in inspection.losses.items():
        loss, total = tables.LOSS_COLUMNS[component]
        values[loss.name], values[total.name] = (None, None) if count is None else (count.count, count.of)
    connection.execute(
        insert_or(tables.inspection)
        .values(values)
        .on_conflict_do_update(index_elements=[tables.inspection.c.trajectory_number], set_=values)
    )
    connection.execute(delete(tables.gradient).where(tables.gradient.c.trajectory_number == number))
    if inspection.gradients:
        connection.execute(insert(tables.gradient), _gradient_values(number, inspection))
    refresh_rank(connection, number)


def _gradient_values(number: int, inspection: Inspection) -> list[dict[str, object]]:
    names = ("critique", "expected", "observed", "suggested_edit", "constraint_id")
    documents = [gradient_to_json(gradient) for gradient in inspection.gradients]
    return [{"trajectory_number": number} | {name: document[name] for name in names} for document in documents]


_INSPECTION = (
    select(tables.inspection.c.document)
    .join(tables.trajectory, tables.trajectory.c.number == tables.inspection.c.trajectory_number)
    .where(tables.trajectory.c.id == bindparam("id"))
)


def load_inspection(connection: Connection, trajectory_id: str) -> Inspection | None:
    """The newest inspection of a trajectory, or None."""
    document: str | None = connection.scalar(_INSPECTION, {"id": trajectory_id})
    return None if document is None else inspection_from_text(document)


def refresh_rank(connection: Connection, *head_numbers: int) -> None:
    """Sort the lineages of heads by the losses that these have now."""
    connection.execute(_REFRESH_RANK, [{"head_number": number} for number in head_numbers])


def save_proposal(connection: Connection, proposal: Proposal, time: str) -> None:
    """Keep a proposal; one that is already there stays as it is. Raises NotFoundError where its base is unknown."""
    connection.execute(
        insert_or(tables.proposal)
        .values(
            id=proposal.id,
            base_number=number_of(connection, tables.trajectory, proposal.base_id),
            document=encode(proposal_to_json(proposal)),
            proposed_at=time,
        )
        .on_conflict_do_nothing(index_elements=[tables.proposal.c.id])
    )


def load_proposal(connection: Connection, proposal_id: str) -> Proposal:
    """A proposal. Raises NotFoundError."""
    number = number_of(connection, tables.proposal, proposal_id)
    query = select(tables.proposal.c.document).where(tables.proposal.c.number == number)
    return proposal_from_json(decode_object(connection.execute(query).scalar_one()))


_PROPOSALS = (
    select(tables.proposal.c.document)
    .join(tables.trajectory, tables.trajectory.c.number == tables.proposal.c.base_number)
    .where(tables.trajectory.c.id == bindparam("base_id"))
    .order_by(tables.proposal.c.number.desc())
)


def load_proposals(connection: Connection, base_id: str) -> tuple[Proposal, ...]:
    """Proposals for a base, newest first."""
    documents = connection.scalars(_PROPOSALS, {"base_id": base_id})
    return tuple(proposal_from_json(decode_object(document)) for document in documents)


def load_document(connection: Connection, table: Table, **keys: str) -> str | None:
    """The document of a table that is read by its whole key, or None."""
    query = select(table.c.document).where(*(table.c[name] == value for name, value in keys.items()))
    document: str | None = connection.scalar(query)
    return document


def load_toolsets(connection: Connection) -> list[Toolset]:
    """All tools that are kept of environments, ordered by environment and domain."""
    table = tables.toolset
    query = select(table.c.environment, table.c.domain, table.c.document).order_by(table.c.environment, table.c.domain)
    return [
        Toolset(environment, domain, tools_from_text(text)) for environment, domain, text in connection.execute(query)
    ]


def save_document(connection: Connection, table: Table, document: str, **keys: str) -> None:
    """Put a document under its key, in place of the one that is there."""
    connection.execute(
        insert_or(table)
        .values(**keys, document=document)
        .on_conflict_do_update(index_elements=list(keys), set_={"document": document})
    )
