"""The states and looks of the desk that small pictures guard. As a script, it takes those pictures anew."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from desk import prepared_store
from every_window import Scene, disputed, judge_first, with_form, with_guidelines, with_proposal
from on_stage import CHINESE, CONTRAST, DARK, LARGE, LIGHT, SIZE, Look, fonts, perform, settled, staged
from picture_compare import small
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from small_pictures import save_small

REFERENCES = Path(__file__).with_name("snapshots")
COLOURS = 256
ENGLISH: Mapping[str, tuple[Look, Scene]] = {
    "proposal-light": (LIGHT, with_proposal),
    "form-light": (LIGHT, with_form),
    "judge-first-light": (LIGHT, judge_first),
    "dispute-light": (LIGHT, disputed),
    "proposal-dark": (DARK, with_proposal),
    "proposal-contrast": (CONTRAST, with_proposal),
    "proposal-large": (LARGE, with_proposal),
    "guidelines-large": (LARGE, with_guidelines),
}
"""What one window shows, one after the other: those of a look together, as it takes long to change it."""

NAMES = (*ENGLISH, "proposal-chinese", "empty-light")


def take(app: QApplication, folder: Path) -> dict[str, QImage]:
    """The pictures of today, by name.

    Args:
        app: The application, which writes in the fonts of the pictures.
        folder: An empty one, for stores.
    """
    taken: dict[str, QImage] = {}
    full = Path(copytree(prepared_store().name, folder / "full"))

    async def story() -> None:
        async with staged(app, full, CHINESE) as stage:
            taken["proposal-chinese"] = await settled(await with_proposal(stage))
        async with staged(app, folder / "empty") as stage:
            taken["empty-light"] = await settled(stage.window)
        async with staged(app, full) as stage:
            had = LIGHT
            for name, (look, scene) in ENGLISH.items():
                if look is not had:
                    stage.window.look.restore(look.theme, look.zoom)
                    stage.window.resize(*SIZE)
                had = look
                taken[name] = await settled(await scene(stage))
                await stage.clear()

    perform(app, story)
    return taken


def accept() -> None:
    """Make the pictures of today the references."""
    app = QApplication([])
    with TemporaryDirectory() as folder, fonts(app):
        for name, picture in take(app, Path(folder)).items():
            save_small(small(picture), REFERENCES / f"{name}.png", COLOURS)


if __name__ == "__main__":
    accept()
