"""Pictures as files: PNG with two pixels for each of the screen's, and SVG whose text stays text."""

from enum import StrEnum
from math import ceil, sqrt

from PySide6.QtCore import QBuffer, QByteArray, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QFont, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from hitl_app.domain.errors import UserError
from hitl_app.ui.pictures.drawing import Drawing, plain
from hitl_app.ui.pictures.picture import Page, Picture
from hitl_app.ui.theme import LIGHT, SPACE_L, Theme

PIXELS = 13
"""Size of the text in a file, whatever the zoom of the window."""

HEADING = 30
"""Height of the title, in pixels."""

SCALE = 2.0
MOST_PIXELS = 60_000_000
"""Of a PNG: a larger picture gets fewer pixels."""

LEAST = QSizeF(640, 60)


class FileKind(StrEnum):
    """A kind of file by its ending."""

    PNG = "png"
    SVG = "svg"


def file_bytes(picture: Picture, kind: FileKind, *, mirrored: bool = False, theme: Theme = LIGHT) -> bytes:
    """A picture as the content of a file. Paints for up to a second: call it off the window's thread.

    Raises:
        UserError: It is too large to be painted.
    """
    return (_svg if kind is FileKind.SVG else _png)(picture, theme, mirrored)


def export_font() -> QFont:
    """The application's font in the size that files have."""
    font = QFont(QApplication.font())
    font.setPixelSize(PIXELS)
    return font


def _png(picture: Picture, theme: Theme, mirrored: bool) -> bytes:
    size = _size(picture)
    scale = min(SCALE, sqrt(MOST_PIXELS / (size.width() * size.height())))
    image = QImage(ceil(size.width() * scale), ceil(size.height() * scale), QImage.Format.Format_RGB32)
    if image.isNull():
        raise UserError(f"a picture of {size.width()} x {size.height()} points is too large to be painted: save an SVG")
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    _paint(painter, picture, theme, size, mirrored)
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _svg(picture: Picture, theme: Theme, mirrored: bool) -> bytes:
    size = _size(picture)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setResolution(96)
    generator.setTitle(plain(picture.title))
    generator.setDescription(plain(picture.description))
    painter = QPainter(generator)
    _paint(painter, picture, theme, size, mirrored)
    painter.end()
    return bytes(buffer.data().data())


def _size(picture: Picture) -> QSize:
    found = picture.size(export_font()).expandedTo(LEAST)
    return QSize(ceil(found.width()) + 2 * SPACE_L, ceil(found.height()) + 2 * SPACE_L + HEADING)


def _paint(painter: QPainter, picture: Picture, theme: Theme, size: QSize, mirrored: bool) -> None:
    whole = QRectF(0, 0, size.width(), size.height())
    font = export_font()
    area = whole.adjusted(SPACE_L, SPACE_L, -SPACE_L, -SPACE_L)
    heading = Drawing(painter, theme, whole, font, mirrored=mirrored)
    heading.background()
    heading.text(QRectF(area.left(), area.top(), area.width(), PIXELS * 1.5), picture.title, bold=True)
    area.setTop(area.top() + HEADING)
    picture.paint(Drawing(painter, theme, area, font, mirrored=mirrored), Page(area, font, mirrored))
