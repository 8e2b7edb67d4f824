"""States of the desk that are worth a picture, besides those that the tests walk through."""

from collections.abc import Mapping

from every_window import Scene, Stage, run_page
from filled_store import RECORDINGS
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget, QWidget
from test_shell_window import until

from hitl_app.ui.runs import Wanted
from hitl_app.ui.windows.settings import Page


async def completion(stage: Stage) -> QWidget:
    """A query half typed, with what may follow."""
    await stage.open(await stage.proposal())
    stage.window.actions_by_id["find"].trigger()
    QTest.keyClicks(stage.window.queue.query, "status:")
    return stage.window


async def unfolded(stage: Stage) -> QWidget:
    """A step with what it builds on, what uses it, its arguments and its observation."""
    await stage.open(await stage.proposal())
    step = stage.opened.trajectory.actions[0]
    await stage.do(lambda: stage.window.session.select_step(step))
    if stage.window.plan.detail.isHidden():
        stage.window.actions_by_id["fold_step"].trigger()
    await until(lambda: bool(stage.window.plan.detail.text.toPlainText()))
    return stage.window


async def approved(stage: Stage) -> QWidget:
    """A lineage with a repaired revision."""
    for root_id in reversed(await stage.workspace.library.root_ids()):
        if (await stage.workspace.library.row(root_id)).revisions > 1:
            return await stage.open(root_id)
    raise LookupError("nothing was repaired in this store")


async def nothing_fits(stage: Stage) -> QWidget:
    """A query that nothing fits."""
    queue = stage.window.queue
    queue.show_query("status:skipped", queue.order.currentData())
    await queue.run_query()
    await stage.window.session.idle()
    return stage.window


def settings(page: Page) -> Scene:
    """A page of the settings."""

    async def scene(stage: Stage) -> QWidget:
        return await stage.bring_up(lambda: stage.window.settings.show(page))

    return scene


async def picture(stage: Stage, number: int) -> QWidget:
    """One of the pictures of a lineage that was repaired."""
    await approved(stage)
    return turned(await stage.bring_up(stage.window.pictures.show), number)


async def figures(stage: Stage, number: int) -> QWidget:
    """One of the pages of the dashboard."""
    window = await stage.act("dashboard")
    await stage.window.dashboard.idle()
    return turned(window, number)


def turned(window: QWidget, number: int) -> QWidget:
    """The window with that page in front."""
    pages = window.findChild(QTabWidget)
    if pages is None:
        raise LookupError(f"{window.windowTitle()} has no pages")
    pages.setCurrentIndex(number)
    return window


async def previewed(stage: Stage) -> QWidget:
    """What an import would add."""
    return await stage.bring_up(lambda: stage.window.files.preview_paths([RECORDINGS]))


async def imported(stage: Stage) -> QWidget:
    """What an import added."""
    return await stage.bring_up(lambda: stage.window.files.import_paths([RECORDINGS]))


async def refined(stage: Stage) -> QWidget:
    """A run of the offline repairer over three trajectories, at its end."""
    runs, pending = stage.window.run_desk.runs, await stage.workspace.library.root_ids("status:pending verified:no")
    await stage.do(lambda: runs.start(Wanted(pending[-3:])))
    await runs.idle()
    return await run_page(stage, 1)


MORE: Mapping[str, Scene] = {
    "the desk with a step folded out": unfolded,
    "the desk with a query half typed": completion,
    "the desk with a repaired revision": approved,
    "the desk with a query that nothing fits": nothing_fits,
    **{f"settings: {page.name.lower()}": settings(page) for page in Page},
    "picture: loss": lambda stage: picture(stage, 0),
    "picture: blame by step": lambda stage: picture(stage, 1),
    "picture: plan and actions": lambda stage: picture(stage, 2),
    "dashboard: progress": lambda stage: figures(stage, 0),
    "dashboard: decisions and losses": lambda stage: figures(stage, 1),
    "dashboard: time": lambda stage: figures(stage, 2),
    "dashboard: agreement and trust": lambda stage: figures(stage, 3),
}
"""Beside those that the tests have."""

LATER: Mapping[str, Scene] = {
    "import preview": previewed,
    "import": imported,
    "progress of a run": refined,
    "earlier runs": lambda stage: run_page(stage, 2),
}
"""In the place of those that the tests have, with more in them; they change the store, and come last."""

LEFT_OUT = frozenset({"the desk without guidelines", "pictures", "dashboard"})
"""Those of the tests that would look as others do."""


async def tidy(stage: Stage) -> None:
    """Take back what a scene leaves behind on the desk."""
    window = stage.window
    window.session.release()
    if window.tour.at is not None:
        window.tour.leave()
    if not window.plan.detail.isHidden():
        window.actions_by_id["fold_step"].trigger()
    if not window.review_desk.guidelines.isHidden():
        window.actions_by_id["guidelines"].trigger()
    window.queue.query.close_offers()
    if window.queue.query.text():
        window.queue.show_query("", window.queue.order.currentData())
        await window.queue.run_query()
    await window.session.idle()
