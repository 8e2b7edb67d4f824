"""The losses follow what is typed: at once where that is cheap, and never behind what was typed since."""

import asyncio
from pathlib import Path
from shutil import copytree

from desk import Desk, play
from PySide6.QtWidgets import QApplication

from hitl_app.domain.trajectory import Trajectory
from hitl_app.ui.state import Draft
from hitl_app.ui.step_text import arguments_from_text, pretty

TYPED = [f"A{number}" for number in range(12)]


def _edit(desk: Desk) -> tuple[str, int]:
    """Open the first action in the editor; the name of its first argument, and its index."""
    assert desk.state.opened is not None
    index = desk.state.opened.trajectory.actions[0]
    desk.session.edit_step(index)
    return next(iter(desk.state.opened.trajectory.steps[index].arguments)), index


def _type(desk: Desk, name: str, value: str) -> None:
    tool, _, arguments = desk.state.draft.text.partition("\n")
    desk.session.edit_text_changed(f"{tool}\n{pretty({**arguments_from_text(arguments), name: value})}")


def _edited(desk: Desk) -> Trajectory:
    assert desk.state.candidate is not None
    return desk.state.candidate.trajectory


def test_only_what_was_typed_last_is_executed(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        name, index = _edit(desk)
        shown: list[object] = []
        desk.session.state_changed.connect(lambda state: shown.append(state.candidate))
        for value in TYPED:
            _type(desk, name, value)
        assert desk.stale()
        await desk.session.idle()
        assert not desk.stale()
        assert _edited(desk).steps[index].arguments[name] == TYPED[-1]
        assert len({id(candidate) for candidate in shown if candidate is not None}) == 1

    play(qapp, tmp_path, story)


def test_an_edit_that_is_given_up_comes_back_as_it_was_typed(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        _edit(desk)
        desk.session.edit_text_changed("half a too")
        desk.session.edit_cancelled()
        assert desk.state.draft == Draft()
        desk.session.undo()
        assert (desk.state.draft.editing, desk.state.draft.text) == (0, "half a too")
        desk.session.edit_cancelled()
        assert desk.state.draft == Draft()
        await desk.session.idle()

    play(qapp, tmp_path, story)


def test_a_crash_loses_no_more_than_the_last_moment_of_typing(qapp: QApplication, tmp_path: Path) -> None:
    """What the files hold at any moment is what a killed process leaves."""
    typed: list[tuple[float, str]] = []
    lost = 0.0

    async def type_on(desk: Desk) -> None:
        nonlocal lost
        await desk.open()
        name, _ = _edit(desk)
        now = asyncio.get_running_loop().time
        for number in range(60):
            _type(desk, name, "A" * number)
            typed.append((now(), desk.state.draft.text))
            await asyncio.sleep(0.01)
        lost = now()
        copytree(tmp_path / "desk", tmp_path / "left")
        await desk.session.idle()

    async def come_back(desk: Desk) -> None:
        await desk.open()
        kept = next(moment for moment, text in typed if text == desk.state.draft.text)
        assert lost - kept < 0.6

    (tmp_path / "desk").mkdir()
    play(qapp, tmp_path / "desk", type_on)
    play(qapp, tmp_path / "left", come_back)
