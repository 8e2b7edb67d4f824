"""Compares pictures of windows by what people see in them, not by pixels.

Both are cut into blocks. Of each block counts its mean colour, and its ink: how far its pixels are from that mean.
Another version of the font library moves a few pixels of each letter and leaves both nearly as they were; a pane that
is gone, another theme, or text in the colour of its background does not.
"""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

REFERENCE = QSize(300, 200)
"""The size in which pictures are compared and kept."""

BLOCK = 10
"""Side of a block, in pixels of the reference."""

COLOUR, INK = 12.0, 8.0
"""How far two blocks may be apart, of 255."""

SHARE = 0.02
"""Share of the blocks that may be further apart."""


@dataclass(frozen=True)
class Comparison:
    """What came of it.

    Attributes:
        apart: The blocks that differ, as column and row.
        blocks: How many there are.
    """

    apart: tuple[tuple[int, int], ...]
    blocks: int

    @property
    def alike(self) -> bool:
        """Whether people would see the same."""
        return len(self.apart) <= SHARE * self.blocks


def small(picture: QImage) -> QImage:
    """The picture in the size of references."""
    return picture.scaled(
        REFERENCE, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_RGB32)


def compare(left: QImage, right: QImage) -> Comparison:
    """Compare two pictures that are as small as references."""
    columns, rows = REFERENCE.width() // BLOCK, REFERENCE.height() // BLOCK
    lefts, rights = _blocks(left), _blocks(right)
    apart = tuple(place for place in lefts if _differ(lefts[place], rights[place]))
    return Comparison(apart, columns * rows)


@dataclass(frozen=True)
class _Block:
    mean: tuple[int, ...]
    ink: float


def _differ(left: _Block, right: _Block) -> bool:
    colour = max(abs(a - b) for a, b in zip(left.mean, right.mean, strict=True))
    return colour > COLOUR or abs(left.ink - right.ink) > INK


def _blocks(picture: QImage) -> dict[tuple[int, int], _Block]:
    """The blocks by column and row; Qt averages colours as it scales down."""
    columns, rows = picture.width() // BLOCK, picture.height() // BLOCK
    means = picture.scaled(columns, rows, mode=Qt.TransformationMode.SmoothTransformation)
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    data, line = bytes(grey.constBits()), grey.bytesPerLine()
    blocks: dict[tuple[int, int], _Block] = {}
    for column, row in product(range(columns), range(rows)):
        mean = means.pixelColor(column, row)
        ink = _ink(data, row * BLOCK * line + column * BLOCK, line)
        blocks[column, row] = _Block((mean.red(), mean.green(), mean.blue()), ink)
    return blocks


def _ink(data: bytes, start: int, line: int) -> float:
    """How far the brightness of a block's pixels is from their mean, on the average."""
    pixels = b"".join(data[start + y * line : start + y * line + BLOCK] for y in range(BLOCK))
    mean = sum(pixels) / len(pixels)
    return sum([abs(pixel - mean) for pixel in pixels]) / len(pixels)


def difference(left: QImage, right: QImage, comparison: Comparison) -> QImage:
    """Both pictures side by side, with a frame around what differs."""
    width, height = REFERENCE.width(), REFERENCE.height()
    both = QImage(2 * width, height, QImage.Format.Format_RGB32)
    painter = QPainter(both)
    painter.drawImage(0, 0, left)
    painter.drawImage(width, 0, right)
    painter.setPen(QColor("#ff00ff"))
    for column, row in comparison.apart:
        for offset in (0, width):
            painter.drawRect(offset + column * BLOCK, row * BLOCK, BLOCK - 1, BLOCK - 1)
    painter.end()
    return both


def check(name: str, picture: QImage, references: Path, failures: Path) -> str:
    """Compare a picture with its reference.

    Args:
        name: Of the reference, without its suffix.
        picture: As the window shows it.
        references: Folder of the references.
        failures: Where the picture and the difference are put where they are not alike.

    Returns:
        What is wrong and where to look; empty where nothing is.
    """
    actual, reference = small(picture), QImage(str(references / f"{name}.png"))
    if reference.isNull():
        return f"{name}: has no reference; `make snapshots` makes it"
    found = compare(reference, actual)
    if found.alike:
        return ""
    failures.mkdir(parents=True, exist_ok=True)
    shown, marked = failures / f"{name}.png", failures / f"{name}-difference.png"
    picture.save(str(shown))
    difference(reference, actual, found).save(str(marked))
    return (
        f"{name}: {len(found.apart)} of {found.blocks} blocks look different. See {shown}, and {marked} with the "
        "reference on the left. If it is meant to look so, `make snapshots` accepts it."
    )
