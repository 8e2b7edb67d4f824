"""The window of runs: started from the form, followed while they go on, their results in the queue and on record."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from serving import serving
from test_shell_window import play, until

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.model import ModelEndpoint, Price
from hitl_app.domain.run import Arm, Run, RunStatus, TaskStatus
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.run_form import RunForm
from hitl_app.ui.windows.runs import RunWindow
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


async def form_of(window: MainWindow) -> RunForm:
    """The form of a new run, as it comes up by its key."""
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    form = window.run_desk.window.form
    await until(lambda: form.choices.rows > 0)
    return form


async def ended(window: MainWindow, workspace: Workspace) -> Run:
    """The newest run once it has ended and everything of it is shown."""
    await until(lambda: window.run_desk.runs.board is not None and not window.run_desk.runs.going)
    await window.run_desk.runs.idle()
    return (await workspace.running.runs())[0]


def test_the_form_says_how_many_there_are_and_what_is_missing(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.queue.show_query("env:travel", window.queue.order.currentData())
        await window.queue.run_query()
        form = await form_of(window)
        assert (form.choices.rows, form.choices.pending, form.choices.query) == (6, 6, "env:travel")
        assert form.open.isChecked()
        assert not form.model.isEnabled()
        assert form.set_up.isVisible()
        assert not form.ceilings.usd.isEnabled()
        await workspace.models.save(ModelEndpoint("http://localhost:9/v1", "small & cheap", Price(1, 2)))
        window.run_desk.window.shown.emit()
        await until(form.model.isEnabled)
        form.model.click()
        assert "small && cheap" in form.model.text()
        assert form.ceilings.usd.isEnabled()
        form.ceilings.usd.setValue(1.5)
        form.ceilings.tokens.setValue(1000)
        assert (form.budget().usd, form.budget().tokens) == (1.5, 1000)

    play(qapp, tmp_path, story)


def test_an_autonomous_run_over_the_queue_leaves_its_results_in_the_rows(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.queue.show_query("loss.hard_constraints>3", window.queue.order.currentData())
        await window.queue.run_query()
        form = await form_of(window)
        form.pending.click()
        form.iterations.setValue(1)
        form.start.click()
        run = await ended(window, workspace)
        page = window.run_desk.window
        assert page.pages.currentWidget() is page.progress
        assert (run.status, run.settings.arm) == (RunStatus.ENDED, Arm.AUTONOMOUS)
        assert page.progress.rows.rowCount() == len(run.results) == len(run.settings.starts)
        taken = next(result for result in run.results if result.status is TaskStatus.VERIFIED)
        row = await workspace.library.row((await workspace.library.open(taken.start_id)).row.root_id)
        assert (row.head_id, row.status) == (taken.best_id, ReviewStatus.PENDING)
        page.progress.table.selectRow([r.start_id for r in run.results].index(taken.start_id))
        page.progress.open.click()
        await window.session.idle()
        assert window.session.state.opened is not None
        assert window.session.state.opened.trajectory.id == taken.best_id
        window.session.open_revision(taken.start_id)
        await window.session.idle()
        assert window.session.state.opened.trajectory.id == taken.start_id
        assert not window.session.state.draft.hunks  # the run has decided on what it proposed

    play(qapp, tmp_path, story)


def test_two_tasks_at_once_stream_what_the_model_says_and_count_its_tokens(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        with serving("run_scripts:idle", Path(__file__).parent) as server:
            await workspace.models.save(ModelEndpoint(server.base_url, "idle", Price(1, 2)))
            form = await form_of(window)
            await until(form.model.isEnabled)
            form.all.click()
            form.model.click()
            form.iterations.setValue(1)
            form.concurrency.setValue(2)
            form.start.click()
            board_of = window.run_desk.runs
            await until(lambda: board_of.board is not None and any(x.said for x in board_of.board.lines.values()))
            run = await ended(window, workspace)
            progress = window.run_desk.window.progress
            number = next(n for n in range(progress.rows.rowCount()) if (x := progress.rows.line(n)) and x.said)
            progress.table.selectRow(number)
            line = progress.line
            assert line is not None
            assert progress.text.toPlainText() == line.said
            assert run.usage.tokens > 0
            assert f"{run.usage.tokens:,}" in progress.tokens.value.text()
            assert server.counters()["tokens_in"] >= run.usage.tokens_in

    play(qapp, tmp_path, story)


def test_a_stopped_run_says_what_was_kept_and_is_resumed_from_the_record(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        form = await form_of(window)
        form.all.click()
        form.start.click()
        await until(lambda: window.run_desk.runs.board is not None and bool(window.run_desk.runs.board.lines))
        page: RunWindow = window.run_desk.window
        page.progress.stop.click()
        run = await ended(window, workspace)
        assert run.status is RunStatus.CANCELLED
        assert "can be resumed" in page.progress.head.text()
        page.show_page(page.record)
        await until(page.record.resume.isEnabled)
        assert "the rest can be resumed" in page.record.text.toPlainText()
        page.record.resume.click()
        await until(lambda: window.run_desk.runs.under_way == run.id)
        window.run_desk.stop()
        await ended(window, workspace)

    play(qapp, tmp_path, story)
