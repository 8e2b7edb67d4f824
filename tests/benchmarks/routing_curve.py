"""Draws cost against quality as an SVG picture that reads well on a light page and aloud."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from repair_curve import label

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 40, 64, 56
MUTED, GRID, CASCADE, ALONE = "#57606a", "#d8dee4", "#0b62c4", "#9a3412"


@dataclass(frozen=True)
class Point:
    """One way to answer all tasks: its name, US dollars, and percent of right answers; `alone` is a single model."""

    name: str
    usd: float
    percent: float
    alone: bool


@dataclass(frozen=True)
class Curve:
    """What is drawn: points over dollars."""

    title: str
    subtitle: str
    across: str
    up: str
    points: tuple[Point, ...]

    @property
    def described(self) -> str:
        """The points in words."""
        said = "; ".join(f"{point.name}: {point.percent:.1f} % for {point.usd:.2f}" for point in self.points)
        return f"{self.title}. {self.subtitle}. {self.up}, by {self.across}: {said}."


def draw(curve: Curve) -> str:
    """The picture as SVG. The best cascades, than which none is both cheaper and better, are joined by a line."""
    widest = 1.08 * max(point.usd for point in curve.points)
    lowest = 10 * int(min(point.percent for point in curve.points) // 10) - 10

    def x(usd: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * usd / widest

    def y(percent: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (percent - lowest) / (100 - lowest)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title text" font-family="system-ui, sans-serif">',
        f'<title id="title">{escape(curve.title)}</title><desc id="text">{escape(curve.described)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        label(LEFT, 28, curve.title, size=17, weight=600),
        label(LEFT, 48, curve.subtitle, ink=MUTED),
    ]
    for mark in range(lowest, 101, 10):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" stroke="{GRID}"/>')
        parts.append(label(LEFT - 10, y(mark) + 4, f"{mark} %", anchor="end", ink=MUTED))
    for fifth in range(6):
        usd = widest * fifth / 5
        parts.append(label(x(usd), HEIGHT - BOTTOM + 20, f"{usd:.2f}", anchor="middle", ink=MUTED))
    parts.append(label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, curve.across, anchor="middle"))
    best = list(_frontier(curve.points))
    path = " ".join(f"{x(point.usd):.1f},{y(point.percent):.1f}" for point in best)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{CASCADE}" stroke-width="1.5"/>')
    letters, key = iter("abcdefghijklm"), []
    for point in curve.points:
        ink = ALONE if point.alone else CASCADE
        parts.append(f'<circle cx="{x(point.usd):.1f}" cy="{y(point.percent):.1f}" r="4" fill="{ink}"/>')
        name = point.name if point.alone else next(letters)
        parts.append(label(x(point.usd) + 3, y(point.percent) + (-9 if point in best else 18), name, ink=ink))
        key += [] if point.alone else [f"{name}  {point.name}"]
    for row, line in enumerate(key):
        parts.append(label(WIDTH - RIGHT - 110, y(lowest) - 16 * (len(key) - row), line, ink=CASCADE))
    return "\n".join([*parts, "</svg>", ""])


def _frontier(points: tuple[Point, ...]) -> Iterator[Point]:
    best = -1.0
    for point in sorted((point for point in points if not point.alone), key=lambda point: (point.usd, -point.percent)):
        if point.percent > best:
            best = point.percent
            yield point
