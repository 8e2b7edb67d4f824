"""The team's window over real stores: assigning, merging, measuring, and the dispute at the desk."""

import asyncio
from pathlib import Path
from shutil import copytree

import pytest
from desk import prepared_store
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from test_shell_window import play, until

from hitl_app.bootstrap import build
from hitl_app.domain.decision import ReviewStatus
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.team.window import TeamPage, TeamWindow
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def colleague(folder: Path) -> Path:
    """A store in which ben rejected the first two samples."""
    copytree(prepared_store().name, folder)

    async def decide(workspace: Workspace) -> None:
        for root_id in (await workspace.library.root_ids())[:2]:
            await workspace.review.reject(root_id, Maker("ben", "the task cannot be done"))

    application = build(folder)
    asyncio.run(decide(application.workspace))
    application.close()
    return folder


def shown(window: MainWindow) -> TeamWindow:
    found = window.findChild(TeamWindow)
    assert isinstance(found, TeamWindow)
    return found


def test_a_merge_makes_a_dispute_that_a_decision_at_the_desk_settles(qapp: QApplication, tmp_path: Path) -> None:
    other = colleague(tmp_path / "other")
    here = tmp_path / "here"
    here.mkdir()

    async def story(window: MainWindow, workspace: Workspace) -> None:
        first = (await workspace.library.root_ids())[0]
        await workspace.review.approve_as_is(first, Maker("anna", "good enough"), override=True)
        window.actions_by_id["team_merge"].trigger()
        team = shown(window)
        team.merge.path.setText(str(tmp_path / "nothing.db"))
        QTest.keyClick(team.merge.path, Qt.Key.Key_Return)
        await until(lambda: "nothing.db" in team.merge.summary.text() and team.merge.progress.isHidden())
        team.merge.path.setText(str(other))
        QTest.keyClick(team.merge.path, Qt.Key.Key_Return)
        await until(lambda: team.merge.disputed.topLevelItemCount() == 1)
        assert "Added decisions: 2" in team.merge.summary.text()

        window.actions_by_id["team_agreement"].trigger()
        await until(lambda: team.agreement.disputes.topLevelItemCount() == 1)
        item = team.agreement.disputes.topLevelItem(0)
        assert item is not None
        assert item.text(2) == "anna: kept as it is; ben: rejected"
        assert team.agreement.questions.accessibleName() == "Agreement by question"
        QTest.keyClick(team.agreement.disputes, Qt.Key.Key_Return)
        await until(window.dispute.isVisible)
        assert not team.isVisible()
        assert "ben: rejected" in window.dispute.words.text()
        window.session.reject("ben is right")
        await window.session.idle()
        assert (await workspace.library.row(first)).status is ReviewStatus.REJECTED

    play(qapp, here, story)


def test_an_assignment_is_planned_before_it_is_kept(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.team.show(TeamPage.ASSIGN)
        team = shown(window)
        await until(lambda: bool(team.assign.names.text()))
        team.assign.names.setText("anna, ben")
        team.assign.overlap.setValue(50)
        team.assign.ask()
        await until(lambda: team.assign.table.topLevelItemCount() == 2 and team.assign.go.isEnabled())
        assert await workspace.team.assignments() == []
        team.assign.go.click()
        await until(lambda: not team.assign.go.isEnabled() and "New assignments: 0" in team.assign.summary.text())
        assert len(await workspace.team.assignments()) == 9
        team.assign.query.setText("nonsense:x")
        team.assign.ask()
        await until(lambda: "nonsense" in team.assign.summary.text())
        team.assign.names.setText("")
        team.assign.ask()
        assert "Name at least one annotator" in team.assign.summary.text()

    play(qapp, tmp_path, story)


def test_gold_items_are_made_of_what_is_open_and_removed_again(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.team.show(TeamPage.GOLD)
        team = shown(window)
        team.gold.note.setText("obvious")
        team.gold.add.click()
        await until(lambda: team.gold.items.topLevelItemCount() == 1)
        (item,) = await workspace.team.gold()
        assert (item.verdict, item.note, item.set_by) == ("kept", "obvious", "ann")
        team.gold.remove.click()
        await until(lambda: team.gold.items.topLevelItemCount() == 0)
        QTest.keyClick(team, Qt.Key.Key_Escape)
        assert not team.isVisible()

    play(qapp, tmp_path, story)


def test_bad_proposals_are_put_in_with_progress_and_reported(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.team.show(TeamPage.RELIANCE)
        team = shown(window)
        await until(lambda: team.reliance.report.topLevelItemCount() == 1)
        team.reliance.count.setValue(1)
        team.reliance.go.click()
        assert team.reliance.cancel.isVisible()
        await until(lambda: "put in: 1" in team.reliance.result.text())
        assert len(await workspace.seeding.seeds()) == 1
        for box in team.reliance.kinds.values():
            box.setChecked(False)
        assert not team.reliance.go.isEnabled()

    play(qapp, tmp_path, story)
