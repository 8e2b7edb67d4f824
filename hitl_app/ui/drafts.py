"""Saves unfinished reviews as they are typed."""

import asyncio
from collections.abc import Callable

from hitl_app.ui.state import Draft
from hitl_app.ui.tasks import Tasks
from hitl_app.workflow.review import Review

SAVE_AFTER_SECONDS = 0.25
"""A draft is at most so much older than what was typed."""


class DraftKeeper:
    """Holds the newest draft of each trajectory until it is in the store."""

    def __init__(self, review: Review, annotator: str, tasks: Tasks, saved: Callable[[bool], None]) -> None:
        """Make a keeper of an annotator's drafts.

        `saved` is told whether everything is in the store, whenever that changes.
        """
        self._review = review
        self._annotator = annotator
        self._tasks = tasks
        self._saved = saved
        self._waiting: dict[str, Draft] = {}
        self._scheduled = False

    def keep(self, base_id: str, draft: Draft) -> None:
        """Save a draft soon. Further changes until then are saved with it."""
        self._waiting[base_id] = draft
        self._saved(False)
        if not self._scheduled:
            self._scheduled = True
            self._tasks.start("draft", self._save_soon())

    async def flush(self) -> None:
        """Save now; returns when everything is durable."""
        while self._waiting:
            base_id, draft = next(iter(self._waiting.items()))
            if draft == Draft():
                await self._review.delete_draft(base_id)
            else:
                await self._review.save_draft(base_id, draft.to_json(), self._annotator)
            if self._waiting.get(base_id) is draft:
                del self._waiting[base_id]
                self._saved(not self._waiting)

    async def _save_soon(self) -> None:
        try:
            await asyncio.sleep(SAVE_AFTER_SECONDS)
        finally:
            self._scheduled = False
        await self.flush()
