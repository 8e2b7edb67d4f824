"""Every window can be used without seeing it, without a mouse, at any zoom and in every language."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from shutil import copytree

import pytest
from barriers import SMALL, focus_faults, key_faults, without_name
from desk import prepared_store
from every_window import BESIDE, DESK, Scene, Stage
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop
from test_shell_window import until

from hitl_app.bootstrap import build
from hitl_app.ui.garbage import GarbageCollector
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.position import DeskPosition

Check = Callable[[QWidget], Iterable[str]]


def walk(
    app: QApplication, folder: Path, scenes: Mapping[str, Scene], checks: Iterable[Check], *, zoom: int = 100
) -> list[str]:
    """Bring up windows one after the other; returns what is wrong with each."""
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
                await asyncio.sleep(0.01)  # what was made just now finds its place
                for fault in (fault for check in checks for fault in check(shown)):
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
    return [f"{', '.join(where)}: {fault}" for fault, where in faults.items()]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return Path(copytree(prepared_store().name, tmp_path, dirs_exist_ok=True))


SCENES = {"desk": DESK, "beside": BESIDE}


@pytest.mark.parametrize("scenes", SCENES.values(), ids=SCENES)
def test_every_window_has_names_an_order_of_focus_and_keys_that_do_not_clash(
    qapp: QApplication, store: Path, scenes: Mapping[str, Scene]
) -> None:
    faults = walk(qapp, store, scenes, (without_name, focus_faults, key_faults))
    assert not faults, "\n".join(faults)
