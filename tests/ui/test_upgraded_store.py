"""The window over a store that the first version wrote."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from check_earlier_stores import read_store
from hitl_app.bootstrap import build
from hitl_app.ui.garbage import GarbageCollector
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.parts import ElidedLabel
from hitl_app.ui.position import DeskPosition


def test_the_window_opens_where_it_was_left_and_says_where_the_backup_is(qapp: QApplication, tmp_path: Path) -> None:
    store = read_store(1)
    (rows,) = (said.lines for said in store.said if said.arguments == ("list",))
    with closing(sqlite3.connect(store.put(tmp_path))) as before:
        ((left,),) = before.execute("SELECT base_id FROM draft").fetchall()

    async def story() -> None:
        application, garbage = build(tmp_path), GarbageCollector()
        position = await DeskPosition.kept(application.workspace.library)
        window = MainWindow(qapp, application.workspace, "ann", position)
        try:
            await window.start(samples=False)
            await window.session.idle()
            state = window.session.state
            assert state.opened is not None
            assert state.opened.trajectory.id == left
            assert state.draft.text.endswith("改")
            travel = [row for row in rows if row["environment"] == "travel"]
            assert window.queue.view.model().rowCount() == len(travel), "what the query that was left finds"
            upgrade = application.workspace.library.upgrade
            assert upgrade is not None
            assert any(str(upgrade.backup) in note.whole_text for note in window.status.findChildren(ElidedLabel))
        finally:
            await window.shut_down()
            window.close()
            window.deleteLater()
            garbage.stop()
            application.close()

    with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
        runner.run(story())
