"""Icons for all platforms, from drawings: a theme's PNG files for Linux, `.ico` for Windows, `.icns` for macOS.

Run with the Python of the clean environment, which has Qt and Pillow: `python packaging/icons.py [FOLDER]`.
"""

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
DRAWINGS = {
    "hitl-app": (HERE.parent / "resources" / "icons" / "hitl-app.svg", "apps/hitl-app"),
    "hitl-app-bundle": (HERE / "icons" / "hitl-app-bundle.svg", "mimetypes/application-vnd.hitl-app.bundle+zip"),
}
"""The application and a bundle: their drawings, and what they are called in an icon theme of Linux."""

THEME_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
MACOS_SIZES = (16, 32, 64, 128, 256, 512, 1024)
SMALL = 24
"""Up to this size another drawing is used, whose lines lie on pixels."""


def make(folder: Path) -> Path:
    """Write all icons.

    Args:
        folder: Receives `NAME.ico` and `NAME.icns` of each drawing, and the theme `hicolor`.

    Returns:
        The folder.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication([])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, (drawing, place) in DRAWINGS.items():
        pictures = {size: _picture(name, drawing, size) for size in {*THEME_SIZES, *WINDOWS_SIZES, *MACOS_SIZES}}
        _write_theme(folder / "hicolor", place, drawing, pictures)
        _write_container(folder / f"{name}.ico", [pictures[size] for size in WINDOWS_SIZES])
        _write_container(folder / f"{name}.icns", [pictures[size] for size in MACOS_SIZES])
    application.shutdown()
    return folder


def _picture(name: str, drawing: Path, size: int) -> Image.Image:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(HERE / "icons" / f"{name}-small.svg" if size <= SMALL else drawing)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6's stubs want bytes here, and it wants text
    return Image.open(io.BytesIO(buffer.data().data()))


def _write_theme(theme: Path, place: str, drawing: Path, pictures: dict[int, Image.Image]) -> None:
    for size in THEME_SIZES:
        file = theme / f"{size}x{size}" / f"{place}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        pictures[size].save(file, optimize=True)
    scalable = theme / "scalable" / f"{place}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(drawing, scalable)


def _write_container(file: Path, pictures: list[Image.Image]) -> None:
    """One file with all sizes; Pillow scales what is not given, and takes the last picture as the largest."""
    pictures[-1].save(file, sizes=[picture.size for picture in pictures], append_images=pictures[:-1])


if __name__ == "__main__":
    print(make(Path(sys.argv[1]) if sys.argv[1:] else HERE.parent / "build" / "icons"))
