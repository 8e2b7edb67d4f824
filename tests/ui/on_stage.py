"""The desk on a stage of a fixed size, in one of the looks that people choose: the same on every machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from every_window import Stage
from languages import speaking
from PySide6.QtGui import QFont, QFontDatabase, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from hitl_app.bootstrap import build
from hitl_app.domain.settings import Settings
from hitl_app.ui.garbage import GarbageCollector
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.position import DeskPosition
from hitl_app.ui.theme import LIGHT as LIGHT_THEME
from hitl_app.ui.theme import apply_theme

FONTS = ("DejaVu Sans", "Noto Sans CJK SC")
MONO = "DejaVu Sans Mono"
POINTS = 9
TOOK = 0.03
"""Seconds that each execution is said to have taken."""

HINTING = QFont.HintingPreference.PreferDefaultHinting
SIZE = (1200, 800)
SETTLING = 50
"""Pictures that are taken at most until two are the same."""

ANNOTATOR = "ann"


@dataclass(frozen=True)
class Look:
    """How the desk looks: one column of the gallery."""

    name: str
    words: str
    theme: str = "light"
    zoom: int = 100
    language: str = "en"


LIGHT = Look("light", "Light")
DARK = Look("dark", "Dark", theme="dark")
CONTRAST = Look("contrast", "High contrast", theme="high_contrast")
LARGE = Look("large", "200 %", zoom=200)
CHINESE = Look("chinese", "Chinese", language="zh_CN")
LOOKS = (LIGHT, DARK, CONTRAST, LARGE, CHINESE)


class SteadyClock:
    """Time that goes on by a minute whenever it is asked for."""

    def __init__(self) -> None:
        self._now = datetime(2026, 5, 11, 9, tzinfo=UTC)

    def now(self) -> str:
        """The time as ISO 8601 in UTC with microseconds."""
        self._now += timedelta(minutes=1)
        return self._now.isoformat(timespec="microseconds")


def missing_fonts() -> list[str]:
    """The fonts of the pictures that are not installed here."""
    return [name for name in (*FONTS, MONO) if not QFontDatabase.hasFamily(name)]


@contextmanager
def fonts(app: QApplication, hinting: QFont.HintingPreference = HINTING) -> Iterator[None]:
    """Write with the fonts of the pictures, and let no cursor blink."""
    before, flash = app.font(), app.cursorFlashTime()
    mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    font = QFont(list(FONTS))
    font.setPointSizeF(POINTS)
    font.setHintingPreference(hinting)
    app.setFont(font)
    app.setCursorFlashTime(0)
    QFont.insertSubstitution(mono, MONO)
    try:
        yield
    finally:
        QFont.removeSubstitutions(mono)
        app.setCursorFlashTime(flash)
        app.setFont(before)
        apply_theme(app, LIGHT_THEME)


@contextmanager
def same_times() -> Iterator[None]:
    """Let every execution have taken as long, whatever the machine."""
    with ExitStack() as stack:
        for module in ("inspect", "replay"):
            stack.enter_context(patch(f"hitl_app.refine.{module}.stopwatch", lambda: lambda: TOOK))
        yield


@asynccontextmanager
async def staged(
    app: QApplication, folder: Path, look: Look = LIGHT, size: tuple[int, int] = SIZE
) -> AsyncIterator[Stage]:
    """The desk over the store in a folder; closed when the block is left."""
    font, garbage = app.font(), GarbageCollector()
    application = build(folder, folder / "environments", SteadyClock())
    try:
        with speaking(app, look.language), same_times():
            settings = Settings(theme=look.theme, zoom=look.zoom, language=look.language)
            window = MainWindow(app, application.workspace, ANNOTATOR, DeskPosition(), settings)
            try:
                window.resize(*size)
                running = asyncio.all_tasks()
                await window.start(samples=False)
                while started := asyncio.all_tasks() - running:
                    await asyncio.wait(started)
                yield Stage(window, application.workspace)
            finally:
                await window.shut_down()
                window.close()
                window.deleteLater()
    finally:
        app.setFont(font)  # not while there is a window, which would take its time to follow
        application.close()
        garbage.stop()


def perform(app: QApplication, story: Callable[[], Awaitable[None]]) -> None:
    """Run a story in one event loop with Qt's."""

    async def run() -> None:
        await story()

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(run())


async def settled(window: QWidget) -> QImage:
    """The picture of a window, once two in a row are the same."""
    before = QImage()
    for _ in range(SETTLING):
        await asyncio.sleep(0.02)
        now = picture(window)
        if now == before:
            break
        before = now
    return before


def picture(window: QWidget) -> QImage:
    """What a window shows now."""
    shown: QPixmap = window.grab()
    return shown.toImage().convertToFormat(QImage.Format.Format_RGB32)
