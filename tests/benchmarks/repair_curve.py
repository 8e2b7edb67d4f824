"""Draws a curve as an SVG picture that reads well on a light page and aloud."""

import math
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 64, 56
INK, MUTED, GRID, LINE = "#1f2328", "#57606a", "#d8dee4", "#0b62c4"


@dataclass(frozen=True)
class Curve:
    """What is drawn: percentages over budgets, the budgets on a logarithmic scale that begins at zero."""

    title: str
    subtitle: str
    across: str
    up: str
    points: tuple[tuple[int, float], ...]

    @property
    def described(self) -> str:
        """The curve in words."""
        said = "; ".join(f"{percent:.0f} % at {budget}" for budget, percent in self.points)
        return f"{self.title}. {self.subtitle}. {self.up}, by {self.across}: {said}."


def draw(curve: Curve) -> str:
    """The picture as SVG."""
    most = math.log1p(max(budget for budget, _ in curve.points))

    def x(budget: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log1p(budget) / most

    def y(percent: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * percent / 100

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title text" font-family="system-ui, sans-serif">',
        f'<title id="title">{escape(curve.title)}</title><desc id="text">{escape(curve.described)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        label(LEFT, 28, curve.title, size=17, weight=600),
        label(LEFT, 48, curve.subtitle, size=13, ink=MUTED),
    ]
    for mark in range(0, 101, 20):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" stroke="{GRID}"/>')
        parts.append(label(LEFT - 10, y(mark) + 4, f"{mark} %", anchor="end", ink=MUTED))
    for budget, _ in curve.points:
        parts.append(label(x(budget), HEIGHT - BOTTOM + 20, str(budget), anchor="middle", ink=MUTED))
    parts.append(label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, curve.across, anchor="middle"))
    path = " ".join(f"{x(budget):.1f},{y(percent):.1f}" for budget, percent in curve.points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2.5"/>')
    for budget, percent in curve.points:
        parts.append(f'<circle cx="{x(budget):.1f}" cy="{y(percent):.1f}" r="4" fill="{LINE}"/>')
        if percent:
            parts.append(label(x(budget) - 6, y(percent) - 10, f"{percent:.0f} %", anchor="end", weight=600))
    return "\n".join([*parts, "</svg>", ""])


def label(
    x: float, y: float, text: str, *, size: int = 12, weight: int = 400, anchor: str = "start", ink: str = INK
) -> str:
    """A text at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{ink}">{escape(text)}</text>'
    )
