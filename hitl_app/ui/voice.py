"""The person at the desk as the voice of a task's user, while a model acts on it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.inspection import Execution
from hitl_app.domain.trajectory import Step
from hitl_app.workflow.voices import Reply

ENDED = "the person who speaks for the user ended the conversation"
"""The reason on record."""


@dataclass(frozen=True, eq=False)
class Turn:
    """The user's turn: what was said and done so far, and where the next words go."""

    steps: tuple[Step, ...]
    answer: asyncio.Future[Reply]

    def say(self, text: str) -> None:
        """Say something as the user."""
        self._give(Reply(text))

    def end(self) -> None:
        """The user has nothing more to say."""
        self._give(Reply(over=ENDED))

    def _give(self, reply: Reply) -> None:
        if not self.answer.done():  # it is, where the run was stopped meanwhile
            self.answer.set_result(reply)


class DeskVoice(QObject):
    """Asks the person, and waits. Lives in Qt's loop.

    Signals:
        wanted: A `Turn`: words are wanted.
        over: The turn is over: it was answered, or the run was stopped.
    """

    wanted = Signal(object)
    over = Signal()

    async def reply(self, steps: Sequence[Step], execution: Execution) -> Reply:
        """The user's next words (`Voice`)."""
        turn = Turn(tuple(steps), asyncio.get_running_loop().create_future())
        self.wanted.emit(turn)
        try:
            return await turn.answer
        finally:
            self.over.emit()
