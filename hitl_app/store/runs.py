"""Runs in the tables: what they were started with, every call, every passage, and how each task ended."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, delete, func, insert, select, update

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.method_codec import node_from_json, node_to_json, stage_from_json, stage_to_json
from hitl_app.domain.model import ModelCall, Usage
from hitl_app.domain.plan_tree import PlanNode
from hitl_app.domain.routing import RoutedStage
from hitl_app.domain.run import Passage, Run, RunStatus, TaskResult
from hitl_app.domain.run_codec import (
    call_from_json,
    call_to_json,
    passage_from_json,
    passage_to_json,
    result_from_json,
    result_to_json,
    settings_from_json,
    settings_to_json,
)
from hitl_app.store import library
from hitl_app.store.database import Database
from hitl_app.store.records import decode_object, encode
from hitl_app.store.tables import gate_passage, model_call, plan_node, routed_stage, run, run_result

T = TypeVar("T")

_Row = Row[*tuple[Any, ...]]  # Any: columns of several types
_Query = Select[*tuple[Any, ...]]

_PAGE = 100
"""Documents read at a time: a call holds all of the messages that were sent."""


class RunRecord(Database):
    """The part of the store that holds runs (`domain.ports.RunStore`)."""

    def add_run(self, started: Run) -> None:
        """Keep a run that starts."""
        with self._write() as connection:
            connection.execute(
                insert(run).values(
                    id=started.id,
                    settings=encode(settings_to_json(started.settings)),
                    status=started.status,
                    started_at=started.started_at,
                    ended_at=started.ended_at,
                )
            )

    def end_run(self, run_id: str, status: RunStatus, ended_at: str) -> None:
        """Say how a run ended; `running` again where it is resumed. Raises NotFoundError."""
        with self._write() as connection:
            number = library.number_of(connection, run, run_id)
            connection.execute(update(run).where(run.c.number == number).values(status=status, ended_at=ended_at))

    def run(self, prefix: str) -> Run:
        """A run by its id or the first digits of it (at least 4), with its results and usage.

        Raises:
            NotFoundError: There is none. AmbiguousIdError: there are several.
        """
        with self._read() as connection:
            number = library.number_of(connection, run, library.resolve(connection, run, prefix))
            return _load_runs(connection, number)[0]

    def runs(self) -> tuple[Run, ...]:
        """All runs with their results and usage, newest first."""
        with self._read() as connection:
            return _load_runs(connection)

    def save_results(self, run_id: str, results: Sequence[TaskResult]) -> None:
        """Keep how a task ended, all methods at once, in the place of what was kept of the same start before."""
        starts = {result.start_id for result in results}
        with self._write() as connection:
            number = library.number_of(connection, run, run_id)
            connection.execute(
                delete(run_result).where(run_result.c.run_number == number, run_result.c.start_id.in_(starts))
            )
            for result in results:
                document = encode(result_to_json(result))
                connection.execute(
                    insert(run_result).values(
                        run_number=number, start_id=result.start_id, method=result.method, document=document
                    )
                )

    def save_call(self, run_id: str, call: ModelCall) -> None:
        """Keep a call. Never altered afterwards."""
        self._append(model_call, run_id, call_to_json(call))

    def find_call(self, run_id: str, key: str) -> ModelCall | None:
        """The first successful call of a run with that key."""
        with self._read() as connection:
            number = library.number_of(connection, run, run_id)
            same = (model_call.c.run_number == number, model_call.c.key == key, model_call.c.error == "")
            found = connection.scalar(select(model_call.c.document).where(*same).order_by(model_call.c.number).limit(1))
        return None if found is None else call_from_json(decode_object(found))

    def calls(self, run_id: str | None = None) -> Iterator[tuple[str, ModelCall]]:
        """Calls of a run, or of all, in the order in which they were kept, each with its run's id; streamed."""
        return self._documents(model_call, run_id, call_from_json)

    def save_passage(self, run_id: str, passage: Passage) -> None:
        """Keep a passage through a gate. Never altered afterwards."""
        self._append(gate_passage, run_id, passage_to_json(passage))

    def passages(self, run_id: str | None = None) -> Iterator[tuple[str, Passage]]:
        """Passages of a run, or of all, in order, each with its run's id; streamed."""
        return self._documents(gate_passage, run_id, passage_from_json)

    def save_node(self, run_id: str, node: PlanNode) -> None:
        """Keep a plan of a tree. Never altered afterwards."""
        self._append(plan_node, run_id, node_to_json(node))

    def nodes(self, run_id: str | None = None) -> Iterator[tuple[str, PlanNode]]:
        """Plans of the trees of a run, or of all, in order, each with its run's id; streamed."""
        return self._documents(plan_node, run_id, node_from_json)

    def save_stage(self, run_id: str, stage: RoutedStage) -> None:
        """Keep a stage of a cascade. Never altered afterwards."""
        self._append(routed_stage, run_id, stage_to_json(stage))

    def stages(self, run_id: str | None = None) -> Iterator[tuple[str, RoutedStage]]:
        """Stages of the cascades of a run, or of all, in order, each with its run's id; streamed."""
        return self._documents(routed_stage, run_id, stage_from_json)

    def _append(self, table: Table, run_id: str, document: JsonObject) -> None:
        with self._write() as connection:
            number = library.number_of(connection, run, run_id)
            connection.execute(insert(table).values(run_number=number, document=encode(document)))

    def _documents(
        self, table: Table, run_id: str | None, decode: Callable[[JsonObject], T]
    ) -> Iterator[tuple[str, T]]:
        """Page by page, so that nothing stays open between two documents and the caller may write meanwhile."""
        query = select(table.c.number, run.c.id, table.c.document).join(run, run.c.number == table.c.run_number)
        if run_id is not None:
            query = query.where(run.c.id == run_id)
        last = 0
        while True:
            with self._read() as connection:
                page = connection.execute(
                    query.where(table.c.number > last).order_by(table.c.number).limit(_PAGE)
                ).all()
            if not page:
                return
            for number, identity, document in page:
                yield identity, decode(decode_object(document))
                last = number


def _load_runs(connection: Connection, number: int | None = None) -> tuple[Run, ...]:
    """All runs, or one, newest first."""

    def rows(query: _Query, of: ColumnElement[int]) -> list[_Row]:
        return list(connection.execute(query if number is None else query.where(of == number)))

    results = defaultdict[int, list[TaskResult]](list)
    found = select(run_result.c.run_number, run_result.c.document).order_by(run_result.c.number)
    for row in rows(found, run_result.c.run_number):
        results[row.run_number].append(result_from_json(decode_object(row.document)))
    usages = {row.run_number: _usage(row) for row in rows(_SPENT, model_call.c.run_number)}
    return tuple(
        Run(
            row.id,
            settings_from_json(decode_object(row.settings)),
            RunStatus(row.status),
            row.started_at,
            row.ended_at,
            tuple(results[row.number]),
            usages.get(row.number, Usage()),
        )
        for row in rows(select(run).order_by(run.c.number.desc()), run.c.number)
    )


_SPENT = select(
    model_call.c.run_number,
    func.sum(model_call.c.calls).label("calls"),
    func.sum(model_call.c.tokens_in).label("tokens_in"),
    func.sum(model_call.c.tokens_out).label("tokens_out"),
    func.min(model_call.c.measured).label("measured"),
    func.sum(model_call.c.usd).label("usd"),
    (func.count(model_call.c.usd) == func.count()).label("priced"),
).group_by(model_call.c.run_number)
"""What each run consumed. Failed calls count as well: they were paid for."""


def _usage(row: _Row) -> Usage:
    return Usage(row.calls, row.tokens_in, row.tokens_out, bool(row.measured), row.usd if row.priced else None)
