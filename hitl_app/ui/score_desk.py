"""Rewards at the desk: their window, a person's own values, and a model that judges."""

import asyncio
from contextlib import aclosing

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.query import FieldTerm, format_query
from hitl_app.domain.score import Reward
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.panes.score_table import lines_of
from hitl_app.ui.state import DeskState
from hitl_app.ui.step_text import one_line, preview
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.scores import ScoresWindow
from hitl_app.ui.words import usage_words
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.running import Called, TaskEnded
from hitl_app.workflow.workspace import Workspace

JUDGING = "judging"


class ScoreDesk(QObject):
    """Opens the window of rewards and keeps it on what is on the desk."""

    def __init__(self, workspace: Workspace, session: GatedSession, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._session = session
        self._failed = failed
        self._tasks, self._giving = Tasks(self._fail), Tasks(self._fail)
        self._shown: Opened | None = None
        self._given = 0
        self._names: dict[tuple[str, str], str] = {}
        self.window: ScoresWindow | None = None
        session.state_changed.connect(self._follow)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._giving.idle()
        await self._tasks.idle()

    async def close(self) -> None:
        """Close the window; what a person gave is recorded, and what a judge was asked stays on record."""
        if self.window is not None:
            self.window.close()
        await self._tasks.cancel_all()
        await self._giving.idle()

    def show(self) -> None:
        """Show the rewards of what is on the desk."""
        if self._session.state.opened is None:
            return
        if self.window is None:
            self.window = self._make()
        self._shown = None
        self.window.show()
        self._follow(self._session.state)
        self.window.activateWindow()
        self.window.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self) -> ScoresWindow:
        window = ScoresWindow()
        window.given.connect(self._give)
        window.step_picked.connect(self._session.select_step)
        window.trajectory_picked.connect(self._session.open_revision)
        window.choice_changed.connect(lambda: self._tasks.start("group", self._show_group(window)))
        window.judge_requested.connect(self._ask_judge)
        window.stop_requested.connect(lambda: self._tasks.cancel(JUDGING))
        return window

    def _follow(self, state: DeskState) -> None:
        opened = state.opened
        if self.window is None or not self.window.isVisible() or opened is None or opened is self._shown:
            return
        moved = self._shown is None or self._shown.trajectory.id != opened.trajectory.id
        self._shown = opened
        if moved:
            self._tasks.cancel(JUDGING)
            self.window.show_problem("")
        self._tasks.start("card", self._show_card(self.window))

    @property
    def _viewer(self) -> str:
        return self._session.annotator if self._session.state.policy.blind else ""

    async def _show_card(self, window: ScoresWindow) -> None:
        opened = self._shown
        if opened is None:
            return
        card = await self._workspace.scoring.card(opened.trajectory.id, self._viewer)
        steps = opened.trajectory.steps
        actions = ((index, one_line(preview(steps[index]), 80)) for index in opened.trajectory.actions)
        lines = lines_of(actions, has_plan=bool(opened.trajectory.plan))
        window.show_scores(opened.task.title, lines, card.scores, self._session.annotator)
        await self._show_group(window)

    async def _show_group(self, window: ScoresWindow) -> None:
        """The group of the open trajectory's task; the trajectory stands in it where it is a head."""
        opened = self._shown
        if opened is None:
            return
        query = format_query([FieldTerm("task", (opened.task.title or opened.task.key,))])
        groups = await self._workspace.scoring.groups(
            query, stage=window.chosen_stage, norm=window.chosen_norm, viewer=self._viewer
        )
        here = opened.row.head_id
        mine = [each for each in groups if each.task_id == opened.task.id]
        group = next((g for g in mine if here in {m.trajectory_id for m in g.members} | set(g.not_measured)), None)
        names: dict[str, str] = {}
        for member in (*(each.trajectory_id for each in group.members), *group.not_measured) if group else ():
            known = member, self._viewer
            if known not in self._names:  # of a recording, which is never altered
                self._names[known] = await self._name(member)
            names[member] = self._names[known]
        window.show_group(group, names, here)

    async def _name(self, trajectory_id: str) -> str:
        found = await self._workspace.library.open(trajectory_id, self._viewer)
        source = found.revisions[0].trajectory.source if found.revisions else None
        words = [trajectory_id[:8]]
        if source is not None and source.model:
            words.append(source.model)
        if source is not None and source.trial is not None:
            words.append(self.tr("trial {0}").format(source.trial))
        return one_line(" · ".join(words), 120)

    # -- giving ----------------------------------------------------------------------------------------------------

    def _give(self, reward: Reward, value: int, step: int | None) -> None:
        if self._shown is not None:
            self._given += 1  # each by itself: none takes the place of another that is still being recorded
            record = self._record(self._shown.trajectory.id, reward, value, step)
            self._giving.start(f"give {self._given}", record)

    async def _record(self, trajectory_id: str, reward: Reward, value: int, step: int | None) -> None:
        maker = Maker(self._session.annotator, blind=self._session.state.policy.blind)
        await self._workspace.scoring.give(trajectory_id, reward, value, maker, step)
        if self.window is not None and self._shown is not None and self._shown.trajectory.id == trajectory_id:
            self.window.show_problem("")
            self._tasks.start("card", self._show_card(self.window))

    # -- the judge -------------------------------------------------------------------------------------------------

    def _ask_judge(self) -> None:
        if self.window is not None and self._shown is not None and not self._tasks.runs(JUDGING):
            self._tasks.start(JUDGING, self._judge(self.window, self._shown.trajectory.id))

    async def _judge(self, window: ScoresWindow, trajectory_id: str) -> None:
        window.show_problem("")
        window.show_busy(self.tr("◌ The judge is at work."))
        try:
            async with aclosing(self._workspace.scoring.judge([trajectory_id])) as events:
                async for event in events:
                    if isinstance(event, Called):
                        spent = usage_words(event.run_spent)
                        window.show_busy(self.tr("◌ The judge is at work: {0}").format(spent))
                    elif isinstance(event, TaskEnded) and event.result.error:
                        window.show_problem(event.result.error)
        except UserError as error:
            window.show_problem(str(error))
        except asyncio.CancelledError:
            window.show_problem(self.tr("The judge was stopped; what it gave until then stays."))
            raise
        finally:
            window.show_busy("")
        await self._show_card(window)

    def _fail(self, name: str, error: Exception) -> None:
        """What a person can mend is said in the window."""
        if isinstance(error, UserError) and self.window is not None and self.window.isVisible():
            self.window.show_problem(str(error))
        else:
            self._failed(name, error)
