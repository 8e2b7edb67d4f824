"""Guidelines beside the work: read, copied to be edited, and reasons added."""

from collections.abc import Iterable

from hitl_app.domain.errors import UserError
from hitl_app.domain.guidelines import GuidelineFile, GuidelineKind, Guidelines, Occasion
from hitl_app.domain.ports import GuidelineFiles
from hitl_app.workflow.threads import Threads

ENGLISH = "en"


class ReviewGuidelines:
    """Use cases around the guidelines. `language` is a locale's name, such as `zh_CN`."""

    def __init__(self, files: GuidelineFiles, threads: Threads) -> None:
        self._files = files
        self._threads = threads

    async def read(self, language: str = ENGLISH) -> Guidelines:
        """What the files say now."""
        return await self._threads.background(self._files.read, language)

    async def make_own(
        self, language: str = ENGLISH, kinds: Iterable[GuidelineKind] = tuple(GuidelineKind)
    ) -> tuple[GuidelineFile, ...]:
        """Make copies for the user to edit, where there are none yet. Raises UserError."""
        return await self._threads.background(self._files.make_own, kinds, language)

    async def add_reason(self, occasion: Occasion, reason: str, language: str = ENGLISH) -> None:
        """Keep a reason in the list. Raises UserError where it is empty or cannot be kept."""
        words = " ".join(reason.split())
        if not words:
            raise UserError("an empty reason cannot be kept: give a few words")
        await self._threads.background(self._files.add_reason, occasion, words, language)
