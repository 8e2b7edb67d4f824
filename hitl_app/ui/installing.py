"""Environments at the desk: what is there, and installing, checking and removing them while the desk goes on."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.errors import UserError
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.pages.environments import EnvironmentsPage
from hitl_app.workflow.refinement import Refinement


class Installing(QObject):
    """Does what the page of environments asks for. One thing at a time.

    Signals:
        statuses_changed: What is there, as a tuple of `EnvironmentStatus`.
    """

    statuses_changed = Signal(object)

    def __init__(self, refinement: Refinement, failed: Failed, parent: QObject) -> None:
        super().__init__(parent)
        self._refinement = refinement
        self._tasks = Tasks(failed)
        self._page: EnvironmentsPage | None = None

    async def close(self) -> None:
        """Stop what runs; nothing half-made is left."""
        await self._tasks.cancel_all()

    @property
    def busy(self) -> bool:
        """Whether something is being installed, checked or removed."""
        return self._tasks.runs("work")

    def load(self) -> None:
        """Find out what is there."""
        self._tasks.start("statuses", self._load())

    async def _load(self) -> None:
        statuses = await self._refinement.environment_statuses()
        self.statuses_changed.emit(statuses)
        if self._page is not None:
            self._page.show_statuses(statuses)

    def serve(self, page: EnvironmentsPage) -> None:
        """Do what a page asks for, and show there what comes of it."""
        self._page = page
        page.install_requested.connect(lambda name: self._begin(page, self._install(page, name)))
        page.reinstall_requested.connect(lambda name: self._begin(page, self._reinstall(page, name)))
        page.remove_requested.connect(lambda name: self._begin(page, self._remove(page, name)))
        page.check_requested.connect(lambda name: self._begin(page, self._check(page, name)))
        page.stop_requested.connect(lambda: self._tasks.cancel("work"))

    def _begin(self, page: EnvironmentsPage, work: Coroutine[Any, Any, str]) -> None:  # sent is asyncio's matter
        if self._tasks.runs("work"):
            work.close()
        else:
            self._tasks.start("work", self._work(page, work))

    async def _work(self, page: EnvironmentsPage, work: Coroutine[Any, Any, str]) -> None:  # sent is asyncio's matter
        try:
            page.show_result(await work, good=True)
        except UserError as error:
            page.show_result(str(error), good=False)
        except asyncio.CancelledError:
            page.show_result(self.tr("Stopped. Nothing half-made is left."), good=False)
            raise
        finally:
            self.load()

    def _reporter(self, page: EnvironmentsPage) -> Callable[[str], None]:
        """Shows a line that comes from another thread."""
        loop = asyncio.get_running_loop()

        def report(line: str) -> None:
            loop.call_soon_threadsafe(page.add_line, line)

        return report

    async def _install(self, page: EnvironmentsPage, name: str) -> str:
        page.show_working(self.tr("Installing {0}. You can work on meanwhile.").format(name))
        await self._refinement.install_environment(name, self._reporter(page))
        return self.tr("{0} is installed.").format(name)

    async def _reinstall(self, page: EnvironmentsPage, name: str) -> str:
        page.show_working(self.tr("Removing {0}…").format(name))
        await self._refinement.remove_environment(name)
        return await self._install(page, name)

    async def _remove(self, page: EnvironmentsPage, name: str) -> str:
        page.show_working(self.tr("Removing {0}…").format(name))
        await self._refinement.remove_environment(name)
        return self.tr("{0} was removed.").format(name)

    async def _check(self, page: EnvironmentsPage, name: str) -> str:
        page.show_working(self.tr("Checking {0}…").format(name))
        for line in await self._refinement.check_environment(name):
            page.add_line(line)
        return self.tr("{0} works.").format(name)
