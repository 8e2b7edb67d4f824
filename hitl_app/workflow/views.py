"""Saved views of the queue: kept in the store, so that everybody who works on it has them."""

from collections.abc import Callable
from difflib import get_close_matches

from hitl_app.domain.codec import get_objects, get_str
from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.ports import Store
from hitl_app.domain.query import parse_query
from hitl_app.domain.views import LONGEST_NAME, SavedView, built_in
from hitl_app.workflow.threads import Threads

KEY = "views"
"""The preference that keeps them."""

Saved = tuple[SavedView, ...]


class Views:
    """Use cases around saved views. Names are told apart without regard to case."""

    def __init__(self, store: Store, threads: Threads) -> None:
        self._store = store
        self._threads = threads

    async def saved(self) -> Saved:
        """The views that people saved, by name."""
        return await self._threads.database(self._load)

    async def find(self, name: str, annotator: str) -> SavedView:
        """A view by its name, of the built-in ones or the saved.

        Raises:
            NotFoundError: There is none; says which are. UserError: it needs the annotator's name.
        """
        known = (*built_in(annotator), *await self.saved())
        found = next((view for view in known if _same(view.name, name)), None)
        if found is None:
            raise _unknown(name, known)
        if not annotator and found in built_in("") and found not in built_in("anybody"):
            raise UserError(f'"{found.name}" is different for everybody: name the annotator')
        return found

    async def save(self, view: SavedView) -> Saved:
        """Keep a view, in the place of one of the same name; the answer is all that are saved.

        Raises:
            QueryError: Its query cannot be understood. UserError: the name is empty, too long, or a built-in view's.
        """
        parse_query(view.query)
        view = SavedView(_checked(view.name), view.query.strip(), view.order)
        return await self._change(lambda saved: (*_without(saved, view.name), view))

    async def rename(self, old: str, new: str) -> Saved:
        """Give a saved view another name; the answer is all that are saved.

        Raises:
            NotFoundError: There is none. UserError: the new name cannot be used, or is another view's.
        """
        new = _checked(new)

        def renamed(saved: Saved) -> Saved:
            view = _of(saved, old)
            others = _without(saved, old)
            if any(_same(other.name, new) for other in others):
                raise UserError(f'there is another view called "{new}": choose another name, or delete that one')
            return (*others, SavedView(new, view.query, view.order))

        return await self._change(renamed)

    async def delete(self, name: str) -> Saved:
        """Forget a saved view; the answer is all that are left. Raises NotFoundError."""
        return await self._change(lambda saved: _without(saved, _of(saved, name).name))

    async def _change(self, change: Callable[[Saved], Saved]) -> Saved:
        """Read, change and write in one go in the database's lane, so that nothing comes in between."""

        def work() -> Saved:
            kept = tuple(sorted(change(self._load()), key=lambda view: view.name.casefold()))
            shown = [{"name": view.name, "query": view.query, "order": view.order} for view in kept]
            self._store.set_preference(KEY, {"views": shown})
            return kept

        return await self._threads.database(work)

    def _load(self) -> Saved:
        kept = self._store.preference(KEY)
        if kept is None:
            return ()
        return tuple(
            SavedView(get_str(item, "name"), get_str(item, "query"), QueueOrder(get_str(item, "order")))
            for item in get_objects(kept, "views")
        )


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise UserError("a view needs a name")
    if len(name) > LONGEST_NAME:
        raise UserError(f"a view's name has at most {LONGEST_NAME} characters")
    if any(_same(view.name, name) for view in built_in("")):
        raise UserError(f'"{name}" is always there: choose another name')
    return name


def _of(saved: Saved, name: str) -> SavedView:
    found = next((view for view in saved if _same(view.name, name)), None)
    if found is None:
        if any(_same(view.name, name) for view in built_in("")):
            raise UserError(f'"{name}" is always there: it cannot be renamed or deleted')
        raise _unknown(name, saved)
    return found


def _without(saved: Saved, name: str) -> Saved:
    return tuple(view for view in saved if not _same(view.name, name))


def _unknown(name: str, known: Saved) -> NotFoundError:
    names = [view.name for view in known]
    near = get_close_matches(name, names, 1)
    guess = f' (did you mean "{near[0]}"?)' if near else ""
    there = f"there are {', '.join(names)}" if names else "none is saved"
    return NotFoundError(f'no view is called "{name}"{guess}; {there}')
