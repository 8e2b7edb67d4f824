"""The settings of the desk: kept in the store, for everybody who works at it."""

from collections.abc import Callable

from hitl_app.domain.errors import StoreError
from hitl_app.domain.ports import Store
from hitl_app.domain.settings import Settings
from hitl_app.workflow.threads import Threads

KEY = "settings"
"""The preference that keeps them."""

_EARLIER = "desk"
"""Where theme, zoom and language were kept before they had a place of their own."""


class DeskSettings:
    """Use cases around settings."""

    def __init__(self, store: Store, threads: Threads) -> None:
        self._store = store
        self._threads = threads

    async def read(self) -> Settings:
        """What was chosen. Raises StoreError where it was written in another form."""
        return await self._threads.database(self._load)

    async def change(self, change: Callable[[Settings], Settings]) -> Settings:
        """Read, change and keep in one go, so that nothing comes in between. Raises what `change` raises."""

        def work() -> Settings:
            changed = change(self._load())
            self._store.set_preference(KEY, changed.to_json())
            return changed

        return await self._threads.database(work)

    def _load(self) -> Settings:
        kept = self._store.preference(KEY)
        if kept is None:
            earlier = self._store.preference(_EARLIER) or {}
            kept = {name: earlier[name] for name in ("language", "theme", "zoom") if name in earlier}
        try:
            return Settings.from_json(kept)
        except ValueError as error:
            raise StoreError(f"the settings in this store cannot be read: {error}") from error
