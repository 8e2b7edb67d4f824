"""Tasks by what people call them."""

from collections.abc import Iterable, Sequence

from hitl_app.domain.errors import AmbiguousIdError, NotFoundError
from hitl_app.domain.task import Task

SHORTEST = 4
"""Digits of an id that name a task."""


def find_tasks(tasks: Iterable[Task], names: Sequence[str]) -> tuple[str, ...]:
    """Full ids of tasks by their keys, or by their ids or the first digits of them; each once.

    Raises:
        NotFoundError: No task is called so. AmbiguousIdError: several are.
    """
    known = tuple(tasks)
    return tuple(dict.fromkeys(_find(known, name) for name in names))


def _find(tasks: Sequence[Task], name: str) -> str:
    found = [task for task in tasks if task.key == name]
    if not found and len(name) >= SHORTEST:
        found = [task for task in tasks if task.id.startswith(name)]
    if not found:
        raise NotFoundError(f'no task has the key "{name}", or an id that begins so')
    if len(found) > 1:
        ids = ", ".join(f"{task.id[:12]} ({task.environment} {task.domain})" for task in found[:5])
        raise AmbiguousIdError(f'"{name}" fits {len(found)} tasks: take the first digits of an id, {ids}')
    return found[0].id
