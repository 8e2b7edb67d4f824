"""What makes a program one of a Linux desktop's own: menu entry, kind of file, icons, metadata, manual page."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = HERE / "linux"
ICONS = HERE.parent / "build" / "icons"
IDENTIFIER = "io.github.hitl_app.HitlApp"
"""By which desktops know the application; it stays the same in all versions."""

PLACES = {
    f"{IDENTIFIER}.desktop": f"applications/{IDENTIFIER}.desktop",
    f"{IDENTIFIER}.mime.xml": f"mime/packages/{IDENTIFIER}.xml",
    f"{IDENTIFIER}.metainfo.xml": f"metainfo/{IDENTIFIER}.metainfo.xml",
    "hitl-app.1": "man/man1/hitl-app.1",
}
"""Our files, and where they go in a `share` folder."""


def write_share(share: Path, version: str, epoch: int) -> None:
    """Put all of it into a `share` folder, such as `/usr/share`.

    Args:
        share: The folder; it is made where it is not there.
        version: Of the application.
        epoch: When that was, in seconds since 1970.
    """
    if not ICONS.is_dir():
        raise FileNotFoundError(f"{ICONS} is not there: make the icons first, with `python packaging/icons.py`")
    shutil.copytree(ICONS / "hicolor", share / "icons" / "hicolor")
    for name, place in PLACES.items():
        file = share / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(filled(name, version, epoch), "utf-8")


def filled(name: str, version: str, epoch: int) -> str:
    """One of our files, with the version and its date."""
    date = datetime.fromtimestamp(epoch, UTC).date()
    values = {"@VERSION@": version, "@DATE@": date.isoformat(), "@YEAR@": str(date.year)}
    text = (FILES / name).read_text("utf-8")
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def copy_application(folder: Path, place: Path) -> None:
    """Copy the packaged application; of its files, only the program itself can be started."""
    shutil.copytree(folder, place, symlinks=True)
    for path in place.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    (place / "hitl-app").chmod(0o755)


def settle(tree: Path, epoch: int) -> None:
    """Give everything in a tree one time, so that the same content makes the same package."""
    for path in (tree, *tree.rglob("*")):
        os.utime(path, (epoch, epoch), follow_symlinks=False)
