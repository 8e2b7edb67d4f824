"""What a picture is: a value that paints itself anywhere, and says the same in words and as a table."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF

from hitl_app.ui.pictures.drawing import Drawing
from hitl_app.ui.theme import SMALL


@dataclass(frozen=True, slots=True)
class Table:
    """The values of a picture as texts; each row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def tab_separated(self) -> str:
        """For the clipboard; what would break a row is a space."""
        return "\n".join("\t".join(" ".join(text.split()) for text in row) for row in (self.header, *self.rows))


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in a picture that can be pointed at.

    Attributes:
        place: Where it is, as painted.
        words: What it says.
        row: Marks with the same number are beside each other; those of the next number are below.
        key: What it stands for, such as the id of a trajectory; empty where nothing follows from choosing it.
    """

    place: QRectF
    words: str
    row: int = 0
    key: str = ""


class Way(Enum):
    """Where an arrow leads, for whoever reads in either direction."""

    BACK = auto()
    FORTH = auto()
    UP = auto()
    DOWN = auto()


@dataclass(frozen=True)
class Page:
    """Where a picture is painted: an area, a font by its size in pixels, and whether one reads from right to left."""

    area: QRectF
    font: QFont
    mirrored: bool = False

    @property
    def metrics(self) -> QFontMetricsF:
        """Of the font."""
        return QFontMetricsF(self.font)

    def place(self, area: QRectF) -> QRectF:
        """Where an area lies, that is given as if one read from left to right."""
        if not self.mirrored:
            return area
        return QRectF(self.area.left() + self.area.right() - area.right(), area.top(), area.width(), area.height())

    def point(self, at: QPointF) -> QPointF:
        """Likewise of a point."""
        return QPointF(self.area.left() + self.area.right() - at.x(), at.y()) if self.mirrored else at


class Picture(ABC):
    """An immutable value. Nothing in it depends on a widget, so it can be painted in any thread.

    Subclasses give all places as if one read from left to right; `Drawing` and `Page.place` turn them round.
    """

    @property
    @abstractmethod
    def title(self) -> str:
        """A few words."""

    @property
    @abstractmethod
    def about(self) -> str:
        """What it shows, and how to read it, in one paragraph."""

    @property
    @abstractmethod
    def description(self) -> str:
        """The same with what there is to see, for whoever cannot."""

    @property
    @abstractmethod
    def table(self) -> Table:
        """All its values."""

    @abstractmethod
    def size(self, font: QFont) -> QSizeF:
        """The size in which everything can be read."""

    @abstractmethod
    def paint(self, drawing: Drawing, page: Page) -> None:
        """Paint it. Smaller than its size it leaves out what does not fit, never what it is about."""

    @abstractmethod
    def marks(self, page: Page) -> Sequence[Mark]:
        """What can be pointed at, from the start to the end of each row."""

    def neighbour(self, mark: int, way: Way) -> int | None:
        """Number of the mark that an arrow leads to from another; None leaves that to where the marks are."""
        return None


def in_pixels(font: QFont, factor: float = SMALL) -> QFont:
    """A font by its size in pixels, which is the same on every device."""
    made = QFont(font)
    made.setPixelSize(max(1, round(QFontInfo(font).pixelSize() * factor)))
    return made
