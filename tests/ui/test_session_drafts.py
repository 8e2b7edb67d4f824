"""What is typed is never lost, and the candidate follows it."""

from pathlib import Path

from desk import Desk, play
from PySide6.QtWidgets import QApplication

from hitl_app.ui.panes.proposal import ProposalPane
from hitl_app.ui.state import Draft, HunkVerdict
from hitl_app.ui.step_text import text_of_step


def _first_action(desk: Desk) -> int:
    assert desk.state.opened is not None
    return desk.state.opened.trajectory.actions[0]


def test_an_edit_is_executed_as_soon_as_it_is_valid(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        desk.session.edit_step(_first_action(desk))
        assert desk.state.draft.editing == 0
        assert not desk.stale(), "opening the editor changes nothing"
        desk.session.edit_text_changed("no_such_tool\n{")
        await desk.session.idle()
        assert not desk.stale(), "half a call is not executed"
        desk.session.edit_text_changed("no_such_tool\n{}")
        assert desk.stale()
        await desk.session.idle()
        assert desk.state.candidate is not None
        assert desk.state.candidate.trajectory.steps[_first_action(desk)].tool == "no_such_tool"
        assert not desk.stale()

    play(qapp, tmp_path, story)


def test_text_typed_back_to_what_was_there_is_no_change(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        desk.session.edit_step(_first_action(desk))
        text = desk.state.draft.text
        desk.session.edit_text_changed("no_such_tool\n{}")
        desk.session.edit_text_changed(text)
        desk.session.edit_finished()
        await desk.session.idle()
        assert desk.state.draft == Draft()
        assert desk.state.candidate is None
        assert not desk.stale()

    play(qapp, tmp_path, story)


def test_an_edit_that_is_cancelled_leaves_the_hunk_as_it_was(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        before = desk.state.draft
        number = next(n for n, w in enumerate(before.hunks) if len(w.hunk.after) == 1)
        desk.session.edit_hunk(number)
        desk.session.edit_text_changed(f"{desk.state.draft.text} ")
        desk.session.edit_text_changed("no_such_tool\n{}")
        assert desk.state.draft.hunks[number].verdict is HunkVerdict.EDITED
        desk.session.edit_cancelled()
        await desk.session.idle()
        assert desk.state.draft == before

    play(qapp, tmp_path, story)


def test_text_that_is_no_step_keeps_the_editor_open(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        desk.session.edit_step(_first_action(desk))
        desk.session.edit_text_changed("tool\n{nonsense")
        desk.session.edit_finished()
        assert desk.state.draft.editing == 0
        assert "JSON" in desk.state.problem

    play(qapp, tmp_path, story)


def test_a_draft_survives_a_restart_also_while_its_text_is_not_valid(qapp: QApplication, tmp_path: Path) -> None:
    seen: list[tuple[str, Draft]] = []

    async def type_something(desk: Desk) -> None:
        await desk.open()
        desk.session.delete_step(0)
        desk.session.edit_step(_first_action(desk))
        desk.session.edit_text_changed("half a too")
        seen.append((desk.root, desk.state.draft))

    async def come_back(desk: Desk) -> None:
        await desk.open()
        assert (desk.root, desk.state.draft) == seen[0]
        assert desk.state.draft.text == "half a too"

    play(qapp, tmp_path, type_something)
    play(qapp, tmp_path, come_back)


def test_a_draft_is_saved_while_one_is_still_typing(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        assert desk.state.opened is not None
        desk.session.edit_step(_first_action(desk))
        desk.session.edit_text_changed("half")
        await desk.session.idle()
        kept = (await desk.workspace.library.open(desk.state.opened.trajectory.id)).draft
        assert kept is not None
        assert Draft.from_json(kept).text == "half"

    play(qapp, tmp_path, story)


def test_a_draft_waits_while_another_trajectory_is_looked_at(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        first = desk.root
        desk.session.delete_step(0)
        draft = desk.state.draft
        desk.session.next()
        await desk.session.idle()
        assert desk.root != first
        assert desk.state.draft != draft
        desk.session.previous()
        await desk.session.idle()
        assert desk.root == first
        assert desk.state.draft == draft

    play(qapp, tmp_path, story)


def test_a_step_that_a_hunk_already_changes_is_edited_in_that_hunk(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        step = _first_action(desk)
        assert desk.state.opened is not None
        desk.session.delete_step(step)
        desk.session.edit_step(step)
        assert len(desk.state.draft.hunks) == 1
        assert desk.state.draft.text == text_of_step(desk.state.opened.trajectory.steps[step])

    play(qapp, tmp_path, story)


def test_a_step_moves_up_and_down_and_back(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        assert desk.state.opened is not None
        last = len(desk.state.opened.trajectory.steps) - 1
        desk.session.move_step_by(last, -1)
        await desk.session.idle()
        assert desk.state.candidate is not None
        assert desk.state.candidate.trajectory.steps[last - 1] == desk.state.opened.trajectory.steps[last]
        desk.session.move_step_by(last, 1)
        await desk.session.idle()
        assert desk.state.draft == Draft()
        assert desk.state.candidate is None

    play(qapp, tmp_path, story)


def test_a_search_that_is_stopped_keeps_what_it_found(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        desk.session.propose()
        desk.session.cancel()
        await desk.session.idle()
        assert desk.state.opened is not None
        assert desk.state.opened.inspection is not None

    play(qapp, tmp_path, story)


def test_hasty_browsing_ends_at_the_last_one_asked_for(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        second = await desk.queue.neighbour(desk.root, 1)
        fourth = await desk.queue.neighbour(desk.root, 3)
        assert second is not None
        assert fourth is not None
        desk.session.open(second)
        desk.session.open(fourth)
        await desk.session.idle()
        assert desk.root == fourth

    play(qapp, tmp_path, story)


def test_one_step_after_the_other_is_another_text_each(qapp: QApplication, tmp_path: Path) -> None:
    """States that follow each other closely are rendered once: the number tells what the hunk's does not."""

    async def story(desk: Desk) -> None:
        await desk.open()
        assert desk.state.opened is not None
        first, second = desk.state.opened.trajectory.actions[:2]
        pane = ProposalPane()
        desk.session.edit_step(first)
        pane.render_state(desk.state)
        desk.session.edit_step(second)
        pane.render_state(desk.state)
        assert desk.state.draft.editing == 0
        assert pane.editor.text() == text_of_step(desk.state.opened.trajectory.steps[second])
        await desk.session.idle()

    play(qapp, tmp_path, story)
