"""What a person at the desk asks a model for, and what it says while it works."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.run import Budget
from hitl_app.ui.state import Activity
from hitl_app.ui.voice import DeskVoice
from hitl_app.ui.workbench import Queue, Workbench
from hitl_app.workflow.loop_events import Judged
from hitl_app.workflow.refining import MODEL
from hitl_app.workflow.rollouts import NOBODY
from hitl_app.workflow.running import Called, Happened, RunBegan, RunEvent, Said, TaskEnded
from hitl_app.workflow.workspace import Workspace


@dataclass(frozen=True)
class Continuation:
    """How a model shall go on.

    Attributes:
        step: Number of first steps that stay.
        times: How often; each is a branch of its own.
        user: Who speaks for the task's user, one of `rollouts.SPEAKERS`.
        tokens: Ceiling of all branches together; None is no ceiling.
        anew: The planner writes anew first what is still to do, and the branches follow that.
    """

    step: int
    times: int = 1
    user: str = NOBODY
    tokens: int | None = None
    anew: bool = False


class ModelBench(Workbench):
    """A workbench with a model beside it.

    Signals:
        model_asked: Name of the model that is at work from now on.
        model_said: A piece of its words.
        model_spent: What it has consumed by now, as `Usage`.
    """

    model_asked = Signal(str)
    model_said = Signal(str)
    model_spent = Signal(object)

    def __init__(self, workspace: Workspace, queue: Queue, annotator: str, parent: QObject | None = None) -> None:
        super().__init__(workspace, queue, annotator, parent)
        self.voice: DeskVoice = DeskVoice(self)

    def propose_with_model(self) -> None:
        """Let the model of the settings propose a repair of the open trajectory."""
        if self._state.opened is not None and not self._tasks.runs(Activity.ASKING):
            self._clear_words()
            self._tasks.start(Activity.ASKING, self._ask_model(self._state.opened.trajectory.id))

    def continue_from(self, wanted: Continuation) -> None:
        """Let the model act on from a step of the open trajectory."""
        if self._state.opened is not None and not self._tasks.runs(Activity.CONTINUING):
            self._clear_words()
            self._tasks.start(Activity.CONTINUING, self._continue(self._state.opened.trajectory.id, wanted))

    async def _continue(self, base_id: str, wanted: Continuation) -> None:
        ended, branches = "", 0
        async for event in self._workspace.continuing.continue_from(
            base_id,
            wanted.step,
            times=wanted.times,
            user=wanted.user,
            human=self.voice,
            budget=Budget(tokens=wanted.tokens),
            anew=wanted.anew,
        ):
            self._tell(event)
            match event:
                case Happened(event=Judged()):
                    branches += 1
                    self._show(replace(self._state, message=self.tr("Branches so far: {0}").format(branches)))
                case TaskEnded(result=result):
                    ended = result.error or result.stopped_by
                case _:
                    pass
        words = self.tr("Branches: {0}, listed under Revisions.").format(branches)
        await self._reload(base_id, words if branches == wanted.times else f"{words} {ended}")
        if not branches:
            self._problem(self.tr("The model did not go on: {0}.").format(ended), model=True)

    def cancel(self) -> None:
        """Stop what runs; a model is stopped in the middle of a word."""
        asked = self._state.asks_model
        super().cancel()
        if asked:
            words = self.tr("Stopped. What the model was asked until then is on record.")
            self._show(replace(self._state, message=words))

    async def _ask_model(self, base_id: str) -> None:
        proposal, _ = await self._workspace.refining.propose(base_id, MODEL, on_event=self._tell)
        if proposal.hunks:
            words = self.tr("The model proposed a repair. Hunks: {0}.").format(len(proposal.hunks))
        else:
            words = self.tr("The model proposed nothing.")
        await self._take_proposal(base_id, proposal, words)

    def _tell(self, event: RunEvent) -> None:
        match event:
            case RunBegan(run=run):
                self.model_asked.emit(run.settings.model)
            case Said(text=text):
                self.model_said.emit(text)
            case Called(run_spent=spent):
                self.model_spent.emit(spent)
            case _:
                pass
