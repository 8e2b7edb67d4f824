"""Questions whose answers a person pastes: asked where the face lives, one after the other."""

import asyncio

from hitl_app.domain.model import ModelUnavailableError, PastedQuestion
from hitl_app.domain.ports import Hand


class FaceHand:
    """Implements `domain.ports.Hand` with the hand of whatever face there is, in that face's event loop."""

    def __init__(self) -> None:
        self._hand: Hand | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._line = asyncio.Lock()

    def lend(self, hand: Hand) -> None:
        """From now on this hand is asked, in the event loop that runs here."""
        self._hand, self._loop = hand, asyncio.get_running_loop()

    async def answer(self, question: PastedQuestion) -> str:
        """What the person pastes; a question waits until those before it are answered.

        A question that the person takes back is cancelled, and with it the run that asked.
        """
        if self._hand is None or self._loop is None:
            raise ModelUnavailableError("the answers are to be pasted, and nobody is there who could do it")
        async with self._line:
            asked = asyncio.run_coroutine_threadsafe(_ask(self._hand, question), self._loop)
            return await asyncio.wrap_future(asked)


async def _ask(hand: Hand, question: PastedQuestion) -> str:
    return await hand.answer(question)
