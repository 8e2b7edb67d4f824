"""The dashboard's figures: what is counted, what is left out, what a blind annotator may see, and the files."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from itertools import count as numbers
from pathlib import Path

import pytest

from hitl_app.bootstrap import Application, build
from hitl_app.domain.decision import DecisionKind, ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.loss import Component
from hitl_app.workflow.dashboard import DashboardReport, report_csv, report_json
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.figures import Fact, Figures, Reason, Times, count
from hitl_app.workflow.tally import Tally

_sequence = numbers(1)
ACCEPT, REJECT, EDIT, UNDO, SKIP = (
    DecisionKind.ACCEPT,
    DecisionKind.REJECT,
    DecisionKind.EDIT,
    DecisionKind.UNDO,
    DecisionKind.SKIP,
)


def fact(kind: DecisionKind, root_id: str = "r1", annotator: str = "ann", **more: object) -> Fact:
    values: dict[str, object] = {"day": "2026-01-31", "hour": 9, "settles": kind in (ACCEPT, REJECT, EDIT)} | more
    return Fact(next(_sequence), kind, root_id, annotator, **values)  # type: ignore[arg-type]  # fields by name


def figures(*facts: Fact, viewer: str = "") -> Figures:
    return count(facts, {"bo": frozenset({"r1", "r2"})}, viewer)


def test_rates_carry_their_counts_and_leave_out_what_was_undone_or_bad_on_purpose() -> None:
    taken_back = fact(ACCEPT, accepted=True, on_proposal=True)
    found = figures(
        taken_back,
        fact(UNDO, undoes=taken_back.sequence, settles=False),
        fact(ACCEPT, accepted=True, on_proposal=True, override=True),
        fact(EDIT, "r2", accepted=False),
        fact(REJECT, "r3", accepted=False, on_proposal=True),
        fact(ACCEPT, "r4", accepted=True, on_proposal=True, tested=True, settles=False),
    )
    rates = found.rates
    assert (rates.accepted, rates.proposals, rates.override) == (Tally(1, 3), Tally(1, 2), Tally(1, 1))
    assert rates.undone == Tally(1, 5)
    assert found.decisions == 6


def test_losses_are_compared_only_where_they_were_measured_on_both_sides() -> None:
    def lost(goal: int, soft: int | None) -> tuple[int | None, ...]:
        return (None, goal, None, soft, None)

    found = figures(
        fact(ACCEPT, accepted=True, before=lost(3, 2), after=lost(1, None)),
        fact(ACCEPT, "r2", accepted=True, before=lost(2, 1), after=lost(0, 0)),
    )
    by_component = {change.component: change for change in found.losses}
    goal, soft = by_component[Component.GOAL], by_component[Component.SOFT_CONSTRAINTS]
    assert (goal.n, goal.before, goal.after, goal.left_out) == (2, 2.5, 0.5, 0)
    assert (soft.n, soft.before, soft.after, soft.left_out) == (1, 1.0, 0.0, 1)
    assert (by_component[Component.HARD_CONSTRAINTS].n, by_component[Component.HARD_CONSTRAINTS].before) == (0, None)


def test_days_hours_times_and_people() -> None:
    found = figures(
        fact(SKIP, seconds=10.0, idle=1.0),
        fact(ACCEPT, day="2026-02-01", hour=23, seconds=30.0),
        fact(REJECT, "r2", "bo", day="2026-02-01", reason="wrong step", seconds=20.0),
    )
    assert [(day.day, day.settled) for day in found.days] == [("2026-01-31", 0), ("2026-02-01", 2)]
    assert found.hours[23] == {ACCEPT: 1}
    assert (found.active.quartiles, found.idle.quartiles) == ((15.0, 20.0, 25.0), (1.0, 1.0, 1.0))
    assert Times(()).quartiles is None
    people = [(each.name, each.settled, each.assigned_done, each.assigned) for each in found.annotators]
    assert people == [("ann", 1, 0, 0), ("bo", 1, 1, 2)]


def test_a_blind_annotator_sees_their_own_figures_and_totals_but_no_words_or_names_of_others() -> None:
    facts = (fact(REJECT, reason="my own"), fact(REJECT, "r2", "bo", reason="a secret of bo"))
    found = figures(*facts, viewer="ann")
    assert [each.name for each in found.annotators] == ["ann"]
    assert found.reasons == (Reason("my own", 1), Reason("", 1))
    assert found.rates.accepted == Tally(0, 2)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    application = build(tmp_path_factory.mktemp("figures"))
    workspace = application.workspace

    async def work() -> None:
        await workspace.samples.add(4)
        roots = await workspace.library.root_ids()
        for root_id in roots[:3]:
            await workspace.refinement.inspect(root_id)
        await workspace.review.reject(roots[0], Maker("bo", "=1+1", seconds=12.0, idle_seconds=3.0))
        await workspace.review.reject(roots[1], Maker("ann", "wrong step", seconds=8.0))
        await workspace.review.undo("ann")

    asyncio.run(work())
    yield application
    application.close()


def report(
    desk: Application, query: str = "", since: date | None = None, who: str = "", see: str = ""
) -> DashboardReport:
    return asyncio.run(desk.workspace.dashboard.report(query, since, who, viewer=see))


def test_the_report_of_a_store_counts_what_is_in_its_ledger(desk: Application) -> None:
    found = report(desk)
    assert (found.total, found.settled, found.figures.decisions) == (4, 1, 3)
    assert found.statuses[ReviewStatus.REJECTED] == 1
    assert found.figures.rates.undone == Tally(1, 2)
    assert found.figures.active.seconds == (12.0,)
    assert report(desk, who="ann").figures.reasons == ()
    assert report(desk, "status:pending").figures.decisions == 2
    assert report(desk, since=date(2999, 1, 1)).figures.decisions == 0


def test_a_blind_annotator_cannot_ask_for_the_figures_of_somebody_else(desk: Application) -> None:
    with pytest.raises(UserError, match="hidden as long as you review blind"):
        report(desk, who="bo", see="ann")
    assert [each.name for each in report(desk, see="ann").figures.annotators] == ["ann"]


def test_the_files_hold_the_same_figures_and_no_formula(desk: Application) -> None:
    found = report(desk)
    values = json.loads(json.dumps(report_json(found)))
    assert values["rates"]["undone"]["count"] == 1
    assert values["active_seconds"]["median"] == 12.0
    rows = dict(csv.reader(io.StringIO(report_csv(found))))
    assert rows["rates.undone.count"] == "1"
    assert rows["reasons.0.reason"] == "'=1+1"


def test_a_file_that_cannot_be_written_leaves_what_stood_there(desk: Application, tmp_path: Path) -> None:
    target = tmp_path / "loss.png"
    asyncio.run(desk.workspace.pictures.write(target, lambda: b"first"))

    def broken() -> bytes:
        raise UserError("too large")

    with pytest.raises(UserError, match="too large"):
        asyncio.run(desk.workspace.pictures.write(target, broken))
    with pytest.raises(UserError, match="could not be written"):
        asyncio.run(desk.workspace.pictures.write(tmp_path / "nowhere" / "loss.png", lambda: b"second"))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("loss.png", b"first")]
