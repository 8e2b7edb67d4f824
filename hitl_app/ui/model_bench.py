"""What a person at the desk asks a model for, and what it says while it works."""

from dataclasses import replace

from PySide6.QtCore import Signal

from hitl_app.ui.state import Activity
from hitl_app.ui.workbench import Workbench
from hitl_app.workflow.refining import MODEL
from hitl_app.workflow.running import Called, RunBegan, RunEvent, Said


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

    def propose_with_model(self) -> None:
        """Let the model of the settings propose a repair of the open trajectory."""
        if self._state.opened is not None and not self._tasks.runs(Activity.ASKING):
            self._clear_words()
            self._tasks.start(Activity.ASKING, self._ask_model(self._state.opened.trajectory.id))

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
