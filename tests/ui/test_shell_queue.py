"""The queue: pages, order, what comes next, and queries that cannot be understood."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import ROW
from desk import Desk, play
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_shell_window import until

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueOrder, QueueRow
from hitl_app.ui.models import queue as queue_model
from hitl_app.ui.models.queue import ROW_ROLE
from hitl_app.ui.panes.queue import QueuePane
from hitl_app.ui.panes.queue_text import describe_row, meta_line, status_glyph

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def _rows(desk: Desk) -> list[QueueRow]:
    found = [desk.queue.index(number).data(ROW_ROLE) for number in range(desk.queue.rowCount())]
    return [row for row in found if isinstance(row, QueueRow)]


async def _all_loaded(desk: Desk) -> list[str]:
    """Ids of all rows, after everything at both ends was loaded."""
    while desk.queue.can_fetch_before or desk.queue.canFetchMore(QModelIndex()):
        desk.queue.fetch_before()
        desk.queue.fetchMore(QModelIndex())
        await desk.queue.idle()
    return [row.root_id for row in _rows(desk)]


def test_pages_follow_each_other_at_both_ends_without_gaps_or_repetition(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_model, "PAGE", 2)

    async def story(desk: Desk) -> None:
        everything = await desk.workspace.library.root_ids()
        assert desk.queue.rowCount() == 2
        assert desk.queue.number_of(everything[-2]) is None
        assert await desk.queue.locate(everything[-2])
        assert desk.queue.rowCount() == 2
        assert await desk.queue.neighbour(everything[-2], -2) == everything[-4]
        assert await desk.queue.neighbour(everything[-2], 1) == everything[-1]
        assert await _all_loaded(desk) == everything

    play(qapp, tmp_path, story)


def test_a_page_is_complete_although_rows_before_it_were_decided_meanwhile(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_model, "PAGE", 2)

    async def story(desk: Desk) -> None:
        everything = await desk.workspace.library.root_ids()
        await desk.queue.show("status:pending", QueueOrder.IMPORTED)
        await desk.open()
        desk.session.skip()
        await desk.session.idle()
        assert not await desk.queue.locate("not there")
        assert await _all_loaded(desk) == everything
        assert _rows(desk)[0].status is ReviewStatus.SKIPPED

    play(qapp, tmp_path, story)


def test_what_comes_next_is_undecided_and_comes_round_again(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        first, second, third, *_ = [row.root_id for row in _rows(desk)]
        last = _rows(desk)[-1].root_id
        await desk.open(1)
        desk.session.skip()
        await desk.session.idle()
        assert desk.root == third
        assert await desk.queue.next_pending(first) == third
        assert await desk.queue.next_pending(last) == first
        assert second != third

    play(qapp, tmp_path, story)


def test_a_query_that_cannot_be_understood_is_explained_and_the_rows_stay(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    async def story(desk: Desk) -> None:
        pane = QueuePane(desk.queue, lambda _, error: desk.failures.append(error))
        qtbot.addWidget(pane)
        rows = desk.queue.rowCount()
        pane.show_query("colour:red", QueueOrder.IMPORTED)
        await pane.run_query()
        assert desk.queue.rowCount() == rows
        assert 'no field is called "colour"' in pane.problem
        pane.show_query("status:approved", QueueOrder.IMPORTED)
        await pane.run_query()
        assert not pane.problem
        assert desk.queue.rowCount() == 0
        await pane.close_tasks()

    play(qapp, tmp_path, story)


def test_no_row_is_selected_where_that_on_the_desk_does_not_fit_the_query(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    async def story(desk: Desk) -> None:
        pane = QueuePane(desk.queue, lambda name, error: pytest.fail(f"{name}: {error}"))
        qtbot.addWidget(pane)
        first = _rows(desk)[0].root_id
        pane.show_open(first)
        assert pane.view.selected == (first,)
        QTest.keyClicks(pane.view, _rows(desk)[1].title[:3])
        assert pane.view.selected == (first,), "letters are keys of actions, whether or not they can be used now"
        pane.show_open("undone, and not in this query")
        await until(lambda: not pane.view.selected)
        await pane.close_tasks()

    play(qapp, tmp_path, story)


def test_worst_first_puts_the_largest_loss_on_top(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        for row in _rows(desk):
            await desk.workspace.refinement.inspect(row.root_id)
        await desk.queue.show("", QueueOrder.WORST_FIRST)
        ranks = [row.losses.rank for row in _rows(desk) if row.losses]
        assert ranks == sorted(ranks, reverse=True)

    play(qapp, tmp_path, story)


def test_runs_of_one_task_are_told_apart_by_model_file_or_trial() -> None:
    run = replace(ROW, model="", file="runs/en_id_13_overbudget.json")
    assert meta_line(run).startswith("tau2 airline · en_id_13_overbudget · ")
    assert "· runs #3 ·" in meta_line(replace(run, file="C:\\logs\\runs.jsonl", index=2))
    long = meta_line(replace(run, file="G2_answer__127_ChatGPT_DFS_woFilter_w2.json", index=1))
    assert "· G2_answer__…Filter_w2 #2 ·" in long
    again = replace(ROW, file="runs.json", trial=3)
    assert "· trial 3 · gpt-5 ·" in meta_line(again)
    assert describe_row(again).endswith(", runs")


def test_what_nothing_judges_has_a_sign_of_its_own() -> None:
    signs = {verdict: status_glyph(replace(ROW, verified=verdict)) for verdict in (True, False, None)}
    assert signs == {True: "◆", False: "●", None: "?"}
