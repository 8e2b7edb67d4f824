"""Pictures of windows as small files: few colours, packed without loss."""

from collections import Counter
from pathlib import Path

from PySide6.QtGui import QImage

COARSE = 0xFFF0F0F0
"""Colours that are the same under this mask count as one when the palette is chosen."""

_TIGHTEST = {".png": 0, ".webp": 100}
"""What Qt calls the quality at which a format is packed as far as it goes, without loss."""


VIVID = 0.1
"""How much more a colour counts for each of the 255 levels between its channels: a few red pixels are a warning."""


def few_colours(image: QImage, colours: int) -> QImage:
    """The image in its most frequent and most vivid colours: half of them exact ones, as of areas that are filled."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = Counter(memoryview(plain.constBits()).cast("I"))
    palette = [colour for colour, _ in pixels.most_common(colours // 2)]
    groups: dict[int, Counter[int]] = {}
    for colour in pixels.keys() - palette:
        groups.setdefault(colour & COARSE, Counter())[colour] = pixels[colour]
    largest = sorted(groups, key=lambda coarse: (-groups[coarse].total() * _weight(coarse), coarse))
    palette += [max(groups[coarse], key=lambda each: (pixels[each], each)) for coarse in largest[: colours // 2]]
    return plain.convertToFormat(QImage.Format.Format_Indexed8, palette)


def _weight(colour: int) -> float:
    channels = (colour >> 16 & 255, colour >> 8 & 255, colour & 255)
    return 1 + VIVID * (max(channels) - min(channels))


def save_small(image: QImage, file: Path, colours: int) -> None:
    """Write the image in so many colours, as PNG or WebP.

    Raises:
        OSError: It cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if not few_colours(image, colours).save(str(file), quality=_TIGHTEST[file.suffix]):
        raise OSError(f"the picture cannot be written: {file}")
