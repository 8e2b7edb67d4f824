"""The dashboard at the desk: asks for the figures, and shows what they say."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.panes.query_words import explain
from hitl_app.ui.picture_desk import PictureDesk
from hitl_app.ui.pictures.dashboard_charts import (
    agreement_charts,
    decision_charts,
    progress_charts,
    time_charts,
    trust_charts,
)
from hitl_app.ui.pictures.picture import Picture
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.translating import translate
from hitl_app.ui.windows.dashboard import DashboardWindow, Section
from hitl_app.workflow.dashboard import DashboardReport, report_csv, report_json
from hitl_app.workflow.workspace import Workspace


class DashboardDesk(QObject):
    """Owns the window of the dashboard."""

    def __init__(
        self, workspace: Workspace, session: GatedSession, pictures: PictureDesk, failed: Failed, window: QWidget
    ) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._session = session
        self._pictures = pictures
        self._tasks = Tasks(failed)
        self._report: DashboardReport | None = None
        self._names: set[str] = set()
        self.window: DashboardWindow | None = None

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.idle()

    async def close(self) -> None:
        """Close the window and stop counting."""
        if self.window is not None:
            self.window.close()
        await self._tasks.cancel_all()

    def show(self) -> None:
        """Show the window, with figures of now."""
        if self.window is None:
            self.window = self._make()
        self.window.show()
        self.window.activateWindow()
        self.window.ask()

    def _make(self) -> DashboardWindow:
        window = DashboardWindow()
        window.refresh_requested.connect(self._ask)
        window.cancel_requested.connect(self._stop)
        window.figures_requested.connect(self._save_figures)
        window.save_requested.connect(
            lambda picture, kind, of_window: self._pictures.save(window, picture, kind, of_window, window.show_note)
        )
        return window

    @property
    def _viewer(self) -> str:
        return self._session.annotator if self._session.state.policy.blind else ""

    # -- counting --------------------------------------------------------------------------------------------------

    def _ask(self, query: str, since: str, annotator: str) -> None:
        if self.window is not None:
            self.window.show_counting(True)
            self._tasks.start("figures", self._count(self.window, query, since, annotator))

    def _stop(self) -> None:
        if self.window is not None:
            self._tasks.cancel("figures")
            self.window.show_counting(False)
            self.window.show_note(self.tr("Stopped. Refresh counts again."))

    async def _count(self, window: DashboardWindow, query: str, since: str, annotator: str) -> None:
        try:
            await self._show(window, query, since, annotator)
        except UserError as error:
            self._say_problem(window, explain(error))
        except Exception as error:
            self._say_problem(window, self.tr("The figures could not be counted: {0}").format(error))
            raise
        else:
            window.show_counting(False)

    @staticmethod
    def _say_problem(window: DashboardWindow, words: str) -> None:
        window.show_counting(False)
        window.show_note(words, problem=True)

    async def _show(self, window: DashboardWindow, query: str, since: str, annotator: str) -> None:
        viewer, first_day = self._viewer, date.fromisoformat(since) if since else None
        report = await self._workspace.dashboard.report(
            query, first_day, annotator, viewer=viewer, progress=lambda read: window.show_counting(True, read)
        )
        self._report = report
        self._names |= {each.name for each in report.figures.annotators}
        window.show_annotators((viewer,) if viewer else sorted(self._names), annotator)
        window.can_save(figures=True)
        if not report.total:
            window.show_empty(
                translate("Dashboard", "There is no trajectory here yet: import runs, or widen the query.")
            )
        elif not report.figures.decisions:
            window.show_empty(
                translate("Dashboard", "Nothing was decided here yet: what you decide is counted from now on.")
            )
            await _fill(window, window.progress, progress_charts(report)[:1])
        else:
            await _fill(window, window.progress, progress_charts(report))
            await _fill(window, window.decisions, decision_charts(report))
            await _fill(window, window.time, time_charts(report))
            await self._show_people(window, report)
        words = translate("Dashboard", "Lineages: {0}, of those settled: {1}. Decisions: {2}.")
        window.show_note(words.format(report.total, report.settled, report.figures.decisions))

    async def _show_people(self, window: DashboardWindow, report: DashboardReport) -> None:
        """What other reports say is shown beside; it is measured on the whole team, whatever is chosen here."""
        agreement = await self._workspace.team.agreement(report.query)
        trust = await self._workspace.trust.report()
        if report.blind or report.annotator:
            wanted = report.annotator or self._viewer
            trust = tuple(each for each in trust if each.annotator == wanted)
        await _fill(window, window.people, (*agreement_charts(agreement.questions), *trust_charts(trust)))

    # -- files -----------------------------------------------------------------------------------------------------

    def _save_figures(self, kind: str) -> None:
        window, report = self.window, self._report
        if window is None or report is None:
            return

        def make() -> bytes:
            text = (
                report_csv(report) if kind == "csv" else json.dumps(report_json(report), ensure_ascii=False, indent=2)
            )
            return text.encode("utf-8", "backslashreplace")

        self._pictures.save_file(window, window.windowTitle(), kind, make, window.show_note)


async def _fill(window: DashboardWindow, section: Section, pictures: Sequence[Picture]) -> None:
    for number, picture in enumerate(pictures):
        window.show_picture(section, number, picture)
        await asyncio.sleep(0)  # the window answers between two of them
    section.end_at(len(pictures))
