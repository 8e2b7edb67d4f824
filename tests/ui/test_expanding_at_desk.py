"""New tasks after seeds, and failure classes, at the desk."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QTableWidgetItem
from test_shell_window import play, until

from hitl_app.domain.decision import DecisionKind
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.model import ModelEndpoint
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.windows.expanding import ClassesDialog, ExpandDialog
from hitl_app.ui.windows.reason import ReasonDialog
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_an_expansion_says_why_it_cannot_begin(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.queue.show_query("status:flagged", QueueOrder.IMPORTED)
        await window.queue.run_query()
        window.actions_by_id["expand"].trigger()
        (dialog,) = window.findChildren(ExpandDialog)
        await until(lambda: dialog.failure_class.count() > 1)
        assert not dialog.go.isEnabled()  # no model is set up
        await workspace.models.save(ModelEndpoint("http://127.0.0.1:9/v1", "nobody"))
        dialog.show_model("nobody", priced=False)
        dialog.all.click()
        dialog.go.click()
        await until(lambda: "could be a seed" in dialog.problem.text())
        assert dialog.isVisible()
        assert await workspace.running.runs() == ()
        dialog.go.click()
        dialog.reject()
        await window.methods.expanding.idle()
        assert await workspace.running.runs() == ()
        assert not window.findChildren(QMessageBox), "nobody is told of a dialog that is gone"

    play(qapp, tmp_path, story)


def test_failure_classes_are_edited_and_a_lineage_is_put_in_one(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.methods.expanding.edit_classes()
        (dialog,) = window.findChildren(ClassesDialog)
        await until(lambda: dialog.table.rowCount() > 3)
        first = dialog.classes[0]
        dialog.add.click()
        dialog._save()
        assert dialog.classes[0] == first  # a blank row is none
        await until(lambda: not window.findChildren(ClassesDialog))
        window.methods.expanding.edit_classes()
        dialog = window.findChildren(ClassesDialog)[-1]
        await until(lambda: dialog.table.rowCount() > 3)
        dialog.table.setItem(0, 0, QTableWidgetItem(dialog.classes[1].name))
        dialog._save()
        await until(lambda: bool(dialog.problem.text()))  # two have one name
        dialog.reject()

        window.actions_by_id["classify"].trigger()
        await until(lambda: bool(window.findChildren(ReasonDialog)))
        QTest.keyClick(window.findChildren(ReasonDialog)[0].reasons, Qt.Key.Key_2)
        names = [each.name for each in await workspace.classifying.classes()]
        await until(lambda: names[1] in window.session.state.message)
        (entry,) = await workspace.review.entries()
        assert entry.decision.kind is DecisionKind.CLASSIFY
        assert entry.decision.detail["failure_class"] == names[1]

    play(qapp, tmp_path, story)
