"""The person at the desk as the model: questions wait until they paste an answer, or stop the run."""

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.model import PastedQuestion


@dataclass(frozen=True, eq=False)
class ByHand:
    """A question that waits, and where its answer goes."""

    question: PastedQuestion
    answer: asyncio.Future[str]

    def give(self, text: str) -> None:
        """Use an answer; where the run was stopped meanwhile nobody waits for one."""
        if not self.answer.done():
            self.answer.set_result(text)

    def take_back(self) -> None:
        """Answer nothing: the run that asks is stopped."""
        self.answer.cancel()


class DeskHand(QObject):
    """Implements `domain.ports.Hand`. Lives in Qt's loop.

    Signals:
        wanted: A `ByHand` that waits.
        over: It was answered, or its run was stopped.
    """

    wanted = Signal(object)
    over = Signal()

    async def answer(self, question: PastedQuestion) -> str:
        """What the person pastes."""
        asked = ByHand(question, asyncio.get_running_loop().create_future())
        self.wanted.emit(asked)
        try:
            return await asked.answer
        finally:
            self.over.emit()
