"""The dashboard's window: empty, filled, filtered, blind, stopped, and refused."""

from collections.abc import Awaitable, Callable

import pytest
from desk import ANNOTATOR, Desk, play
from PySide6.QtWidgets import QApplication, QWidget

from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.dashboard_desk import DashboardDesk
from hitl_app.ui.picture_desk import PictureDesk
from hitl_app.ui.windows.dashboard import DashboardWindow
from hitl_app.workflow.deciding import Maker

Story = Callable[[Desk, DashboardDesk, DashboardWindow], Awaitable[None]]


@pytest.fixture
def tell(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Story], None]:
    """Runs a story with the window open."""

    def run(story: Story) -> None:
        async def whole(desk: Desk) -> None:
            def failed(_: str, error: Exception) -> None:
                desk.failures.append(error)

            parent = QWidget()
            pictures = PictureDesk(desk.workspace, desk.session, failed, parent)
            dashboard = DashboardDesk(desk.workspace, desk.session, pictures, failed, parent)
            dashboard.show()
            await dashboard.idle()
            assert dashboard.window is not None
            await story(desk, dashboard, dashboard.window)
            await dashboard.close()
            dashboard.window.deleteLater()

        play(qapp, tmp_path_factory.mktemp("desk"), whole)

    return run


async def decide(desk: Desk) -> None:
    roots = await desk.workspace.library.root_ids()
    await desk.workspace.review.reject(roots[0], Maker(ANNOTATOR, "wrong step", seconds=12.0, idle_seconds=1.0))
    await desk.workspace.review.reject(roots[1], Maker("bo", "a reason of bo", seconds=20.0))


def shown(window: DashboardWindow) -> str:
    sections = (window.progress, window.decisions, window.time, window.people)
    panels = [panel for section in sections for panel in section.panels if not panel.isHidden()]
    return "\n".join(panel.view.accessibleDescription() for panel in panels)


def test_figures_are_shown_once_something_was_decided_and_follow_the_filter(tell: Callable[[Story], None]) -> None:
    async def story(desk: Desk, dashboard: DashboardDesk, window: DashboardWindow) -> None:
        assert "Nothing was decided here yet" in window.decisions.words.text()
        await decide(desk)
        window.ask()
        await dashboard.idle()
        assert "wrong step: 1; a reason of bo: 1" in shown(window)
        assert "median 16.0 s" in shown(window)
        assert window.decisions.words.isHidden()
        assert window.note.text() == "Lineages: 6, of those settled: 2. Decisions: 2."
        window.annotator.setCurrentIndex(window.annotator.findData("bo"))
        window.ask()
        await dashboard.idle()
        assert "median 20.0 s" in shown(window)
        assert "wrong step" not in shown(window)
        window.query.setText("status:nonsense")
        window.ask()
        await dashboard.idle()
        assert window.note.property("tone") == "danger"
        assert window.bar.isHidden()
        assert window.refresh.isEnabled()

    tell(story)


def test_a_blind_annotator_is_offered_nobody_else(tell: Callable[[Story], None]) -> None:
    async def story(desk: Desk, dashboard: DashboardDesk, window: DashboardWindow) -> None:
        await decide(desk)
        desk.session.set_policy(ReviewPolicy(blind=True))
        await desk.session.idle()
        window.ask()
        await dashboard.idle()
        assert [window.annotator.itemData(n) for n in range(window.annotator.count())] == ["", ANNOTATOR]
        assert "bo" not in shown(window).split()
        assert "a reason of bo" not in shown(window)

    tell(story)


def test_counting_can_be_stopped_and_begun_again(tell: Callable[[Story], None]) -> None:
    async def story(desk: Desk, dashboard: DashboardDesk, window: DashboardWindow) -> None:
        await decide(desk)
        window.ask()
        assert not window.cancel.isHidden()
        window.cancel.click()
        await dashboard.idle()
        assert window.note.text() == "Stopped. Refresh counts again."
        assert window.cancel.isHidden()
        window.refresh.click()
        await dashboard.idle()
        assert "Decisions: 2." in window.note.text()

    tell(story)
