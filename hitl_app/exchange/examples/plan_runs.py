"""Which recordings carry out the same plan for the same task, across all lineages of a record."""

import hashlib
import sqlite3
from types import TracebackType

from hitl_app.domain.coordination import alike
from hitl_app.domain.jsontypes import canonical, content_hash
from hitl_app.domain.ports import Record
from hitl_app.domain.trajectory import Trajectory

_DIGEST = 8
"""Bytes that tell one action from another."""


class PlanRuns:
    """The actions of all recordings with a plan, by plan and task; SQLite keeps them in a temporary file.

    The record is read when the first plan is asked for. Revisions do not count: they are no executions of their own.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> "PlanRuns":
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Forget everything."""
        if self._connection is not None:
            self._connection.close()

    def alike(self, trajectory: Trajectory) -> float | None:
        """Whether its plan is carried out alike each time (`coordination.alike`); None where that was not measured."""
        if not trajectory.plan:
            return None
        if self._connection is None:
            self._connection = self._read()
        found = self._connection.execute("SELECT actions FROM runs WHERE plan = ?", (_plan_of(trajectory),))
        return alike([[run[at : at + _DIGEST] for at in range(0, len(run), _DIGEST)] for (run,) in found])

    def _read(self) -> sqlite3.Connection:
        connection = sqlite3.connect("", isolation_level=None)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("CREATE TABLE runs (plan TEXT, actions BLOB)")
        for root_id in self._record.root_ids():
            recording = self._record.revisions(root_id)[0].trajectory
            if recording.plan:
                connection.execute("INSERT INTO runs VALUES (?, ?)", (_plan_of(recording), _actions_of(recording)))
        connection.execute("CREATE INDEX by_plan ON runs (plan)")
        return connection


def _plan_of(trajectory: Trajectory) -> str:
    return content_hash([trajectory.task_id, [[step.step, step.reasoning] for step in trajectory.plan]])


def _actions_of(trajectory: Trajectory) -> bytes:
    """What the agent did, whatever it said with it and whatever came of it."""
    done = (step for step in trajectory.steps if step.is_action and step.role == "assistant")
    texts = (canonical([step.tool, step.arguments]).encode("utf-8", "surrogatepass") for step in done)
    return b"".join(hashlib.sha256(text).digest()[:_DIGEST] for text in texts)
