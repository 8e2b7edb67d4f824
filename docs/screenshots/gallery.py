"""The gallery: every window and state of the desk in every look, made in one process without a display."""

import json
import os
import re
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import copytree, rmtree

from every_window import BESIDE, DESK, Scene, Stage
from filled_store import PLACE, RECORDINGS, STORE, make_recordings, make_store
from more_scenes import LATER, LEFT_OUT, MORE, tidy
from on_stage import LOOKS, Look, fonts, perform, settled, staged
from PySide6.QtWidgets import QApplication, QWidget
from small_pictures import save_small

_KNOWN = {name: scene for name, scene in {**DESK, **MORE, **BESIDE}.items() if name not in LEFT_OUT | LATER.keys()}
SCENES: Mapping[str, Scene] = {**_KNOWN, **LATER}
EMPTY = "the desk without a trajectory"
SCREEN = {"name": "gallery", "x": 0, "y": 0, "width": 1600, "height": 1000, "logicalDpi": 96, "dpr": 1}
SIZE = (1080, 720)
"""Width and height of the desk, which other windows do not exceed; more only where the content needs it."""

SIZE_ENLARGED = (1440, 960)
"""The same where everything is written large, as who needs that has a large screen or a large window."""

COLOURS = 24


def file_of(scene: str, look: Look) -> str:
    """The name of a picture's file."""
    return f"{re.sub('[^a-z0-9]+', '-', scene.lower()).strip('-')}-{look.name}.webp"


def size_in(look: Look) -> tuple[int, int]:
    """Width and height of the desk in a look."""
    return SIZE if look.zoom == 100 else SIZE_ENLARGED


class Gallery:
    """Takes the pictures, and remembers what could not be brought up."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self.missing: list[str] = []

    async def take(self, store: Path, look: Look, scenes: Mapping[str, Scene]) -> None:
        """The pictures of one look; what is in the store is changed."""
        async with staged(self._app, store, look, size_in(look)) as stage:
            for name, scene in scenes.items():
                try:
                    await self._take_one(stage, name, scene, look)
                except Exception:
                    self.missing.append(f"{name}, {look.name}:\n{traceback.format_exc()}")
                await stage.clear()
                await tidy(stage)

    async def _take_one(self, stage: Stage, name: str, scene: Scene, look: Look) -> None:
        shown = await scene(stage)
        if shown is not stage.window:
            width, height = size_in(look)
            shown.resize(min(shown.width(), width), min(shown.height(), height))
        save_small(await settled(shown), self._folder / file_of(name, look), COLOURS)


async def the_desk(stage: Stage) -> QWidget:
    """The desk as it starts."""
    return stage.window


def application() -> QApplication:
    """An application without a display, on a screen that is large enough."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump({"screens": [SCREEN]}, file)
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file.name}"
    app = QApplication([])
    Path(file.name).unlink()
    return app


def page(folder: Path) -> str:
    """The gallery as Markdown: a table of all pictures by state and look."""
    rows = [
        "# Gallery",
        "",
        "Every window and state of the desk in every look, made by `make screenshots`. A picture opens in full size.",
        "",
        "| | " + " | ".join(look.words for look in LOOKS) + " |",
        "|---" * (len(LOOKS) + 1) + "|",
    ]
    for name in (EMPTY, *SCENES):
        cells = []
        for look in LOOKS:
            file = file_of(name, look)
            found = (folder / file).exists()
            shown = f'[<img src="images/gallery/{file}" width="180" alt="{name}, {look.words}">](images/gallery/{file})'
            cells.append(shown if found else "–")
        rows.append(f"| {name[0].upper()}{name[1:]} | " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


def make(folder: Path, markdown: Path, looks: Sequence[Look] = LOOKS) -> list[str]:
    """Take all pictures anew and write the page that shows them.

    Returns:
        What could not be brought up, with the reason; everything else is there.
    """
    for old in folder.glob("*.webp"):
        old.unlink()
    app = application()
    gallery = Gallery(app, folder)
    rmtree(PLACE, ignore_errors=True)
    try:
        with fonts(app):
            perform(app, lambda: _take_all(gallery, looks))
    finally:
        rmtree(PLACE, ignore_errors=True)
    markdown.write_text(page(folder), encoding="utf-8")
    return gallery.missing


async def _take_all(gallery: Gallery, looks: Sequence[Look]) -> None:
    prepared = PLACE / "prepared"
    await make_store(prepared)
    await make_recordings(RECORDINGS)
    for look in looks:
        copytree(prepared, STORE)
        await gallery.take(STORE, look, SCENES)
        rmtree(STORE)
        await gallery.take(STORE, look, {EMPTY: the_desk})
        rmtree(STORE)
