"""Checking an export: what is in its folder, and what its trainer would see of it."""

from pathlib import Path

from hitl_app.domain.export_check import ExportCheck
from hitl_app.domain.ports import ExportChecker
from hitl_app.workflow.threads import Threads


class CheckingExports:
    """The use case; it needs no store, but whoever exports looks for it here."""

    def __init__(self, checker: ExportChecker, threads: Threads) -> None:
        self._checker = checker
        self._threads = threads

    async def check(self, folder: Path, python: Path | None = None, rows: int = 1) -> ExportCheck:
        """Check an export; see `ExportChecker.check`."""
        return await self._threads.background(self._checker.check, folder, python, rows)
