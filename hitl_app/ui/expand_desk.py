"""Plan expansion at the desk: new tasks with plans after seeds, the failure classes, and the class of what is open."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.failure_classes import Classification, ClassSource, FailureClass
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.panes.queue import QueuePane
from hitl_app.ui.run_desk import RunDesk
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.expanding import ClassesDialog, ExpandDialog, Expansion
from hitl_app.ui.windows.reason import Question, ReasonDialog
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.workspace import Workspace


class ExpandDesk(QObject):
    """Opens the dialogs and does what they ask for."""

    def __init__(
        self,
        workspace: Workspace,
        session: GatedSession,
        run_desk: RunDesk,
        queue: QueuePane,
        *,
        failed: Failed,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._session = session
        self._run_desk = run_desk
        self._queue = queue
        self._parent = window
        self._tasks = Tasks(failed)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.idle()

    async def close(self) -> None:
        """Finish what is being recorded."""
        await self._tasks.cancel_all(keep=["classify"])

    # -- expansion -------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for seeds, and begin."""
        model = self._queue.model
        selected = self._queue.view.selected
        dialog = ExpandDialog(len(selected), model.query, self._parent)
        dialog.wanted.connect(lambda wanted: self._tasks.start("expand", self._expand(dialog, wanted, selected)))
        dialog.classes_requested.connect(lambda: self.edit_classes(dialog))
        dialog.settings_requested.connect(self._run_desk.settings_requested)
        dialog.finished.connect(lambda: self._tasks.cancel("choices"))  # nobody is there to be told any more
        dialog.rejected.connect(lambda: self._tasks.cancel("expand"))
        self._tasks.start("choices", self._fill(dialog))
        dialog.open()

    async def _fill(self, dialog: ExpandDialog) -> None:
        dialog.show_classes(await self._workspace.classifying.classes())
        model = (await self._run_desk.find_choices()).model
        dialog.show_model("" if model is None else model.model, priced=model is not None and model.price is not None)

    async def _expand(self, dialog: ExpandDialog, wanted: Expansion, selected: Sequence[str]) -> None:
        expanding, runs = self._workspace.expanding, self._run_desk.runs
        try:
            if runs.going:
                raise UserError(self.tr("A run is under way: start this one when it is done."))
            query = self._queue.model.query
            seeds = list(selected) if wanted.selected else await expanding.training_points(query, wanted.failure_class)
            if not seeds:
                raise UserError(self.tr("No good trajectory with a plan was found that could be a seed."))
            await expanding.check(seeds, wanted.failure_class)
        except UserError as error:
            dialog.show_problem(str(error))
            return
        dialog.accept()
        titles = await runs.titles(seeds)
        events = expanding.expand(
            seeds, wanted.count, failure_class=wanted.failure_class, budget=wanted.budget, concurrency=1
        )
        runs.begin(events, titles)
        self._run_desk.show()

    # -- classes ---------------------------------------------------------------------------------------------------

    def edit_classes(self, over: ExpandDialog | None = None) -> None:
        """Let the person edit the list."""
        dialog = ClassesDialog(over or self._parent)
        dialog.save_requested.connect(lambda classes: self._tasks.start("classes", self._save(dialog, classes, over)))
        dialog.reset_requested.connect(lambda: self._tasks.start("classes", self._reset(dialog)))
        dialog.finished.connect(lambda: self._tasks.cancel("list"))
        dialog.rejected.connect(lambda: self._tasks.cancel("classes"))
        self._tasks.start("list", self._show(dialog))
        dialog.open()

    async def _show(self, dialog: ClassesDialog) -> None:
        dialog.show_classes(await self._workspace.classifying.classes())

    async def _reset(self, dialog: ClassesDialog) -> None:
        dialog.show_classes(await self._workspace.classifying.save_classes(None))

    async def _save(self, dialog: ClassesDialog, classes: Sequence[FailureClass], over: ExpandDialog | None) -> None:
        try:
            kept = await self._workspace.classifying.save_classes(classes)
        except UserError as error:
            dialog.show_problem(str(error))
            return
        dialog.accept()
        if over is not None:
            over.show_classes(kept)

    # -- the class of what is open ---------------------------------------------------------------------------------

    def classify(self) -> None:
        """Let the person say in which class the failures of the open lineage belong."""
        if self._session.state.opened is not None:
            self._tasks.start("ask", self._ask_for_class(self._session.state.opened.trajectory.id))

    async def _ask_for_class(self, trajectory_id: str) -> None:
        viewer = self._session.annotator if self._session.state.policy.blind else ""
        classifying = self._workspace.classifying
        found = await classifying.class_of(trajectory_id, viewer)
        names = tuple(each.name for each in await classifying.classes())
        asked = Question(self.tr("Failure class"), self._words(found), names)
        dialog = ReasonDialog(asked, lambda name: self._classify(trajectory_id, name), self._parent)
        dialog.keep.hide()
        dialog.open()

    def _words(self, found: Classification) -> str:
        if not found.name:
            return self.tr("Nothing says yet in which class its failures belong.")
        said = {
            ClassSource.PERSON: self.tr("{0}, as a person said."),
            ClassSource.MODEL: self.tr("{0}, as a model said."),
            ClassSource.EXPANSION: self.tr("{0}: its task was made against such failures."),
        }.get(found.source or ClassSource.WORDS, self.tr("{0}, by the words of its findings."))
        return said.format(found.name)

    def _classify(self, trajectory_id: str, name: str) -> None:
        self._tasks.start("classify", self._record(trajectory_id, name))

    async def _record(self, trajectory_id: str, name: str) -> None:
        maker = Maker(self._session.annotator, blind=self._session.state.policy.blind)
        await self._workspace.classifying.classify(trajectory_id, name, maker)
        opened = self._session.state.opened
        if opened is not None:
            self._session.show_news(opened.row.root_id, self.tr("Saved: {0}").format(name))
