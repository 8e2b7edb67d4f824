"""What pictures of a lineage need that takes time, and their files."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hitl_app.domain.errors import UserError
from hitl_app.domain.heat import HeatStrip, heat_strip
from hitl_app.domain.ports import Revision
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.threads import Threads


class Pictures:
    """Use cases beside the face's own thread."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def heat(self, opened: Opened) -> HeatStrip:
        """Where each revision is blamed, of what the desk shows of a lineage."""
        return await self._threads.background(heat_strip, shown_revisions(opened))

    async def write(self, path: Path, make: Callable[[], bytes]) -> None:
        """Make the content of a file, and write it whole or not at all.

        Args:
            path: Of the file; what stood there is replaced.
            make: Gives the content; called off the caller's thread.

        Raises:
            UserError: It cannot be made or written; says why. What stood there before is still there.
        """
        await self._threads.background(_write, path, make)


def shown_revisions(opened: Opened) -> tuple[Revision, ...]:
    """The revisions, with what people said of the one that is open."""
    inspection = opened.inspection
    if inspection is not None:
        inspection = replace(inspection, gradients=opened.gradients, earliest_cause=opened.earliest_cause)
    here = opened.trajectory.id
    return tuple(replace(r, inspection=inspection) if r.trajectory.id == here else r for r in opened.revisions)


def _write(path: Path, make: Callable[[], bytes]) -> None:
    content = make()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):  # where its folder is missing, or may not be written, there is none
            unfinished.unlink(missing_ok=True)
        why = error.strerror or str(error)
        raise UserError(f"{path} could not be written ({why}): choose another place, or make room there") from error
