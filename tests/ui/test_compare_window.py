"""Two trajectories side by side: what is shown, the keys, a thousand steps, and which revisions are offered."""

from dataclasses import replace
from time import perf_counter

import pytest
from builders import BASE, BOOKING, CAUSE, PLAN, STEPS, TASK, TRANSFER, inspection_of, long_run, revisions
from builders import desk as a_desk
from desk import Desk, play
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from hitl_app.domain.difference import Difference, RowKind, Version
from hitl_app.domain.trajectory import Trajectory, message
from hitl_app.ui.panes.history import HistoryPane
from hitl_app.ui.windows.compare import Choice, CompareWindow
from hitl_app.workflow.differences import Compared

REVISED = (
    *STEPS[:2],
    message("I can help with that. What is your user id, and which booking is it?", plan_step=0),
    STEPS[3],
    STEPS[6],
    *STEPS[4:6],
    *STEPS[7:CAUSE],
    replace(BOOKING, arguments={**BOOKING.arguments, "total_baggages": 2}),
    TRANSFER,
    *STEPS[CAUSE + 1 :],
)
AFTER = Trajectory(TASK.id, REVISED, PLAN, BASE.id, BASE.id)


def compared(before: Version, after: Version) -> Compared:
    difference = Difference.between(before, after)
    rows = [number for number, kind in enumerate(difference.kinds) if kind != "same"]
    return Compared(difference, {row: difference.lines(row) for row in rows})


def shown(window: CompareWindow) -> str:
    model = window.view.lines
    return "\n".join(str(model.data(model.index(row, 0))) for row in range(model.rowCount()))


@pytest.fixture
def window(qtbot: QtBot) -> CompareWindow:
    choices = [
        Choice("0: recorded", Version(BASE, inspection_of(BASE, 2))),
        Choice("1: accepted", Version(AFTER, inspection_of(AFTER, 0))),
    ]
    made = CompareWindow("A change", choices, 0, 1)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.compare_requested.connect(lambda before, after: made.show_compared(compared(before, after)))
    made.lines_requested.connect(lambda d, row, whole: made.show_lines(d, row, d.lines(row, whole=whole)))
    qtbot.addWidget(made)
    made.show()
    made.start()
    return made


def test_steps_losses_and_findings_are_side_by_side(window: CompareWindow) -> None:
    text = shown(window)
    assert "- 6→– [↷ moved to 4] get_user_details" in text
    assert "+ –→4 [↷ moved here from 6] get_user_details" in text
    assert "-   total_baggages=0\n+   total_baggages=2" in text
    assert "⋯ " not in text.split("get_user_details")[0].split("changed")[0]
    assert window.summary.text() == "changed: 2 · added: 1 · moved: 1 · equal: 9"
    assert window.findings.text().startswith("✓ now met: ")
    assert "goal: 2 of 2 → 0 of 2, better" in [row.accessibleName() for row in window.losses.values()]


def test_keys_walk_from_difference_to_difference(window: CompareWindow) -> None:
    view = window.view
    assert window.place.text() == "Difference 1 of 5"
    seen = [view.row]
    for _ in range(4):
        QTest.keyClick(view, Qt.Key.Key_N)
        seen.append(view.row)
    assert seen == view.lines.differences
    QTest.keyClick(view, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_P)
    assert view.row == seen[2]


def test_return_folds_a_step_out_and_in(window: CompareWindow) -> None:
    view = window.view
    before = view.lines.rowCount()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.lines.rowCount() < before
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.lines.rowCount() == before
    view.setCurrentIndex(view.lines.index(view.lines.place_of(5), 0))
    assert view.lines.line(view.currentIndex()).same
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert '"reservation_id": "XEWRD9"' in shown(window)


def test_what_is_selected_is_copied_as_plain_text(window: CompareWindow) -> None:
    QTest.keyClick(window.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "- 2→2 [✎ changed] agent:\n+ 2→2 [✎ changed] agent:"


def test_another_choice_is_compared_and_sides_can_be_swapped(window: CompareWindow) -> None:
    QTest.mouseClick(window.swap, Qt.MouseButton.LeftButton)
    assert "-   total_baggages=2\n+   total_baggages=0" in shown(window)
    window.after.setCurrentIndex(window.before.currentIndex())
    assert window.summary.text() == "equal: 13"
    assert window.place.text() == "Differences: 0"


def test_a_thousand_steps_are_shown_without_a_stall(window: CompareWindow) -> None:
    base = long_run(1000, 2000).trajectory
    steps = tuple(
        replace(step, arguments={**step.arguments, "origin": "LAX"}) if n % 3 == 0 else step
        for n, step in enumerate(base.steps)
    )
    difference = Difference.between(Version(base), Version(replace(base, steps=steps)))
    assert difference.kinds.count(RowKind.CHANGED) == 334
    few = {row: difference.lines(row) for row in range(0, 90, 3)}
    start = perf_counter()
    window.show_compared(Compared(difference, few))
    QApplication.processEvents()
    assert perf_counter() - start < 0.5  # a tenth of it where nothing else runs
    assert window.place.text() == "Difference 1 of 334"
    assert window.view.lines.rowCount() > 1000


def test_the_menu_of_a_revision_compares_it_and_restores_it(qtbot: QtBot) -> None:
    pane = HistoryPane()
    qtbot.addWidget(pane)
    state = a_desk()
    assert state.opened is not None
    pane.render_state(replace(state, opened=replace(state.opened, revisions=revisions())))
    other = revisions()[2].trajectory.id
    menu = pane.menu_for(other)
    assert isinstance(menu, QMenu)
    for number, signal in ((1, pane.compare_requested), (2, pane.restore_requested)):
        with qtbot.waitSignal(signal) as asked:
            menu.actions()[number].trigger()
        assert asked.args == [other]
    head = pane.menu_for(state.opened.row.head_id)
    assert not head.actions()[2].isEnabled()


def test_the_recording_becomes_the_head_again_for_a_reason(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        root = desk.root
        desk.session.approve_all()
        await desk.session.idle()
        row = await desk.workspace.library.row(root)
        assert row.head_id != root
        desk.session.open_revision(row.head_id)
        await desk.session.idle()
        session = desk.session
        assert desk.state.opened is not None
        recording = desk.state.opened.revisions[0]
        assert session.is_worse(recording)
        session.restore(recording.trajectory.id, "the repair missed the point")
        await session.idle()
        assert desk.state.message == "Saved: restored"
        assert (await desk.workspace.library.row(root)).head_id == root
        entry = (await desk.workspace.review.entries(root))[-1]
        assert (entry.decision.kind, entry.decision.reason) == ("restore", "the repair missed the point")

    play(qapp, tmp_path_factory.mktemp("desk"), story)
