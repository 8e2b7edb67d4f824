"""Brings up one window after the other and looks for what is wrong with each."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from shutil import copytree

from barriers import SMALL
from desk import prepared_store
from every_window import Scene, Stage
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop
from test_shell_window import until

from hitl_app.bootstrap import build
from hitl_app.ui.garbage import GarbageCollector
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.position import DeskPosition

Check = Callable[[QWidget], Iterable[str]]

REST, LOOKS = 0.05, 12
"""Seconds between two looks at a window, and how often it is looked at: what was made just now finds its place."""


def prepared(folder: Path) -> Path:
    """A folder with a store of samples, one of them with a proposal."""
    return Path(copytree(prepared_store().name, folder, dirs_exist_ok=True))


async def _lasting(window: QWidget, checks: Iterable[Check]) -> list[str]:
    """The faults that are still there once everything has found its place."""
    found: list[str] = []
    for _ in range(LOOKS):
        await asyncio.sleep(0)
        found = [fault for check in checks for fault in check(window)]
        if not found:
            break
        await asyncio.sleep(REST)
    return found


def walk(
    app: QApplication, folder: Path, scenes: Mapping[str, Scene], checks: Iterable[Check], *, zoom: int = 100
) -> str:
    """Look at windows of the size of a small screen at most.

    Args:
        app: The application.
        folder: Of the store.
        scenes: How to bring each window up.
        checks: What to look for.
        zoom: In percent.

    Returns:
        One line for each fault, with the windows that have it.
    """
    faults: dict[str, list[str]] = {}

    async def run() -> None:
        application = build(folder)
        window = MainWindow(app, application.workspace, "ann", DeskPosition())
        window.look.restore("light", zoom)
        garbage = GarbageCollector()
        try:
            window.resize(*SMALL)
            await window.start(samples=False)
            stage = Stage(window, application.workspace)
            for name, scene in scenes.items():
                shown = await scene(stage)
                shown.resize(min(shown.width(), SMALL[0]), min(shown.height(), SMALL[1]))
                shown.activateWindow()
                await until(shown.isActiveWindow)
                for fault in await _lasting(shown, checks):
                    faults.setdefault(fault, []).append(name)
                await stage.clear()
        finally:
            window.look.restore("light", 100)
            await window.shut_down()
            window.close()
            window.deleteLater()
            garbage.stop()
            application.close()

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(run())
    return "\n".join(f"{', '.join(where)}: {fault}" for fault, where in faults.items())
