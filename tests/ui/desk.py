"""A desk over a real store with samples of the embedded world, driven in one event loop with Qt's."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from hitl_app.bootstrap import build
from hitl_app.domain.library import QueueOrder
from hitl_app.ui.garbage import GarbageCollector
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.models.queue import QueueModel
from hitl_app.ui.state import DeskState
from hitl_app.workflow.workspace import Workspace

ANNOTATOR = "ann"


@dataclass
class Desk:
    """What a story works with."""

    workspace: Workspace
    queue: QueueModel
    session: GatedSession
    failures: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def state(self) -> DeskState:
        return self.session.state

    def verified(self) -> bool | None:
        """The verdict on what is open."""
        inspection = self.state.opened.inspection if self.state.opened else None
        return inspection.verified if inspection else None

    def stale(self) -> bool:
        """Whether the candidate is older than the hunks."""
        return self.state.stale

    @property
    def root(self) -> str:
        assert self.state.opened is not None
        return self.state.opened.row.root_id

    async def open(self, number: int = 0) -> None:
        """Open the row of that number and wait for its inspection."""
        root = await self.queue.neighbour("", 0)
        assert root is not None
        if number:
            root = await self.queue.neighbour(root, number)
            assert root is not None
        self.session.open(root)
        await self.session.idle()

    async def open_repairable(self) -> None:
        """Open the sample that has a proposal."""
        root = await self.queue.neighbour("", 0)
        while root is not None:
            if (await self.workspace.library.open(root)).proposals:
                self.session.open(root)
                await self.session.idle()
                assert self.state.draft.hunks
                return
            root = await self.queue.neighbour(root, 1)
        raise AssertionError("no sample has a proposal")


Story = Callable[[Desk], Awaitable[None]]


SAMPLES = 6


@cache
def prepared_store() -> TemporaryDirectory[str]:
    """A folder with samples, one of them with a proposal; made once, deleted at the end of the process."""
    folder = TemporaryDirectory()
    application = build(Path(folder.name))

    async def prepare() -> None:
        await application.workspace.samples.add(SAMPLES)
        for root_id in await application.workspace.library.root_ids():
            proposal, _ = await application.workspace.refining.propose(root_id, max_executions=60)
            if proposal.hunks:
                return
        raise AssertionError("no sample can be repaired")

    asyncio.run(prepare())
    application.close()
    return folder


def play(app: QApplication, folder: Path, story: Story, *, samples: bool = True, env_dir: Path | None = None) -> None:
    """Run a story at a desk; nothing may fail beside it."""
    if samples and not any(folder.iterdir()):
        copytree(prepared_store().name, folder, dirs_exist_ok=True)

    async def run() -> None:
        application = build(folder, env_dir)
        garbage = GarbageCollector()
        try:
            failures: list[Exception] = []
            queue = QueueModel(application.workspace.library, lambda _, error: failures.append(error))
            session = GatedSession(application.workspace, queue, ANNOTATOR)
            desk = Desk(application.workspace, queue, session, failures)
            session.unexpected.connect(lambda _, details: failures.append(AssertionError(details)))
            session.reason_wanted.connect(desk.asked.append)
            await queue.show("", QueueOrder.IMPORTED)
            await story(desk)
            await session.close()
            await queue.close()
            assert not failures
        finally:
            application.close()
            garbage.stop()

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(run())
