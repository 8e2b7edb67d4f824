"""The search of CoPE for better plans, and the plan trees that it made."""

from collections.abc import Sequence
from dataclasses import dataclass

from hitl_app.domain.codec import get_str
from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.plan_tree import PlanNode, PlanTree
from hitl_app.domain.ports import Store
from hitl_app.domain.run import Run
from hitl_app.workflow.threads import Threads

COMMAND = "search"


@dataclass(frozen=True)
class GrownTree:
    """A plan tree on record.

    Attributes:
        run: The search that it belongs to.
        task: Key and title of its task, for people.
    """

    run: Run
    task_id: str
    task: str
    tree: PlanTree


class Searching:
    """Use cases of the plan tree search."""

    def __init__(self, store: Store, threads: Threads) -> None:
        self._store = store
        self._threads = threads

    async def trees(self) -> list[GrownTree]:
        """All plan trees on record: those of the newest search first, of one search in the order of its tasks."""
        return await self._threads.database(self._trees)

    async def tree(self, run_id: str, task_id: str) -> PlanTree:
        """The plan tree of a search for a task, with the plans that a person had it refined to.

        Args:
            run_id: The search, by the first digits of its id.
            task_id: Full id of the task.

        Raises:
            NotFoundError: There is no such tree.
        """
        return PlanTree(await self._threads.database(self._nodes, run_id, task_id))

    def _trees(self) -> list[GrownTree]:
        nodes: dict[tuple[str, str], list[PlanNode]] = {}
        for run_id, node in self._store.nodes():
            nodes.setdefault((run_id, node.task_id), []).append(node)
        return [
            GrownTree(run, task_id, self._title(task_id), PlanTree(nodes[run.id, task_id]))
            for run in self._store.runs()
            for task_id in run.settings.starts
            if (run.id, task_id) in nodes
        ]

    def _title(self, task_id: str) -> str:
        task = self._store.task(task_id)
        return f"{task.key} {task.title}"

    def _nodes(self, run_id: str, task_id: str) -> Sequence[PlanNode]:
        run = self._tree_run(run_id)
        nodes = [node for _, node in self._store.nodes(run.id) if node.task_id == task_id]
        if not nodes:
            raise NotFoundError(f"run {run.id[:12]} made no plan tree for task {task_id[:12]}")
        return nodes

    def _tree_run(self, run_id: str) -> Run:
        """The search whose trees a run works on: its own, or those that a person had it refine."""
        run = self._store.run(run_id)
        search = get_str(run.settings.detail, "search", "")
        return self._store.run(search) if search else run
