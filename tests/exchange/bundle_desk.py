"""A store with the real use cases around it, small runs to review, and reviews to make of them."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from hitl_app.domain.decision import DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import Gradient, GradientSource
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.library import ImportedRun, ImportSummary
from hitl_app.domain.loss import Component
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.rewards import QUALITY, score_detail
from hitl_app.domain.score import Reward, Score, ScoreSource
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import PlanStep, Recorded, Source, Trajectory, action, message
from hitl_app.environments.registry import EnvironmentRegistry
from hitl_app.exchange.exporters import EXPORTERS
from hitl_app.exchange.reading import read_path
from hitl_app.exchange.rendering.process import SERVER, TemplateProcess
from hitl_app.exchange.rows import read_rows
from hitl_app.store import SqliteStore, open_store
from hitl_app.system.clock import SystemClock
from hitl_app.system.paths import resource
from hitl_app.system.program import command_of
from hitl_app.workflow.deciding import Deciding, Maker
from hitl_app.workflow.exporting import Exporting
from hitl_app.workflow.library import Library
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.review import Review
from hitl_app.workflow.threads import Threads

P = ParamSpec("P")
T = TypeVar("T")
MAKER = Maker("ada", "it is 好 enough", 1.5)

_SCHEMA: dict[str, Json] = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


def run(number: int) -> ImportedRun:
    """A run with three calls that do not fit their tool, so that every repair of one is an improvement."""
    task = Task(
        "recorded",
        f"task-{number % 2}",
        f"Cancel booking {number % 2}",
        tools=(ToolSpec("look", "Looks", _SCHEMA),),
        spec={"z": 10**30, "a": [0.1, 1e-7, -0.0, True, None]},
        place="/somewhere/else",
    )
    source = Source("a.json", number, f"run-{number}", "test", "m", number, {"reward": 1}, {"b": 1, "a": {"c": [2.5]}})
    calls = [
        action("look", {"number": n, "date": "上"}, thought="hm", expected=Recorded("no", failed=n == 1), turn=n)
        for n in range(3)
    ]
    linked = [replace(call, plan_step=0, link_confidence=0.25) for call in calls]
    steps = (message("hi", "user"), *linked, message("done\n\0"))
    return ImportedRun(task, Trajectory(task.id, steps, (PlanStep("look", "why", "found"),), source=source))


class Desk:
    """One store with its use cases; calls wait until the work is done."""

    def __init__(self, folder: Path) -> None:
        self.maker = MAKER
        self.threads = Threads()
        self.store: SqliteStore = self.threads.in_database(open_store, folder / "desk.db", SystemClock())
        environments = EnvironmentRegistry(folder)
        self.refinement = Refinement(self.store, environments, self.threads)
        self.review = Review(self.store, self.refinement, self.threads, SystemClock())
        self._library = Library(self.store, self.threads, read_path, lambda: ())
        templates = TemplateProcess(resource("templates/chatml.jinja"), command_of(SERVER))
        self._exporting = Exporting(
            self.store, EXPORTERS, self.threads, read_rows=read_rows, renderer=templates, place=folder
        )
        self.close: Callable[[], None] = lambda: self.threads.close(environments.close, self.store.close)

    def ask(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the store in its own thread."""
        return self.threads.in_database(function, *args, **kwargs)

    def export(self, out: Path, name: str = "bundle", settings: ExportSettings | None = None) -> Path:
        asyncio.run(self._exporting.export(name, out, settings=settings))
        return out

    def take(self, path: Path) -> list[ImportSummary]:
        """Import a path."""

        async def summaries() -> list[ImportSummary]:
            return [summary async for summary, _ in self._library.import_paths([path])]

        return asyncio.run(summaries())

    def take_bundle(self, path: Path) -> ImportSummary:
        (summary,) = self.take(path)
        return summary

    def take_first(self, path: Path) -> None:
        """Import a path and stop after the first transaction."""

        async def begin() -> None:
            def stop(_: ImportSummary) -> None:
                raise asyncio.CancelledError

            async for _ in self._library.import_paths([path], progress=stop):
                pass

        with suppress(asyncio.CancelledError):
            asyncio.run(begin())

    def root(self, number: int) -> str:
        return self.ask(lambda: list(self.store.root_ids())[number])

    def head(self, number: int) -> Trajectory:
        root = self.root(number)
        return self.ask(lambda: self.store.trajectory(self.store.row(root).head_id))

    def status(self, number: int) -> ReviewStatus:
        return self.ask(self.store.row, self.root(number)).status

    def entries(self) -> list[LedgerEntry]:
        return self.ask(lambda: list(self.store.entries()))

    def is_sound(self) -> bool:
        return self.ask(self.store.check_ledger).sound

    def facts(self) -> dict[str, object]:
        """All that a bundle should restore, as the store answers it, without positions and times."""

        def read() -> dict[str, object]:
            roots = list(self.store.root_ids())
            revisions = {root: self.store.revisions(root) for root in roots}
            everything = [revision.trajectory.id for root in roots for revision in revisions[root]]
            return {
                "rows": [replace(self.store.row(root), position=0) for root in roots],
                "tasks": list(self.store.tasks()),
                "revisions": revisions,
                "proposals": {identity: self.store.proposals(identity) for identity in everything},
                "drafts": {identity: self.store.draft(identity) for identity in everything},
                "scores": {identity: self.store.scores(identity) for identity in everything},
                "tools": list(self.store.toolsets()),
                "ledger": list(self.store.entries()),
                "sound": self.store.check_ledger(),
            }

        return self.ask(read)


@contextmanager
def desk(folder: Path, runs: int = 0) -> Iterator[Desk]:
    """A desk in a folder, with so many runs."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Desk(folder)
    try:
        made.ask(made.store.add_runs, [run(number) for number in range(runs)])
        yield made
    finally:
        made.close()


def proposal(base: Trajectory, number: int) -> Proposal:
    """A proposal to leave out the first call, and to say something else."""
    said = message(f"told {number}")
    hunks = (
        Hunk(Operator.DELETE, 1, 2, (base.steps[1],), ()),
        Hunk(Operator.REPLACE, len(base.steps) - 1, len(base.steps), (base.steps[-1],), (said,)),
    )
    return Proposal(base.id, hunks, "test/1", Cost(1, 2, 0.5, usd=0.1), tried=("this",), settings={"n": number})


def judged(of: Trajectory, number: int) -> list[Score]:
    """What a judge gives a step of a trajectory, and its plan."""
    given: list[tuple[Reward, int, int | None]] = [
        (Reward.ADHERENCE, number % 3, number),
        *((reward, 1 + number % 5, None) for reward in QUALITY),
    ]
    return [
        Score(of.id, reward, value, ScoreSource.JUDGE, "judge/1 模型", step, f"because {number}", f"2026-0{number}")
        for reward, value, step in given
    ]


KINDS = (
    *("repair", "worsen", "override", "propose", "accept", "accept one", "reject proposal", "reject", "undo"),
    *("approve", "skip", "flag", "blame", "gradient", "dismiss", "confirm", "verify", "inspect", "draft", "restore"),
    *("score", "judged"),
)


def decide(desk: Desk, kind: str, number: int, step: int) -> None:
    """Do one thing to a run, if it can be done."""
    try:
        if kind == "score":
            detail = score_detail(Reward.FORMAT, step % 2, step)
            deciding = Deciding(desk.store, SystemClock())
            desk.ask(deciding.mark, desk.head(number).id, desk.maker, DecisionKind.SCORE, None, detail)
        elif kind == "judged":
            desk.ask(desk.store.save_scores, judged(desk.head(number), step))
        else:
            asyncio.run(_decide(desk, kind, number, step))
    except UserError:
        return


async def _decide(desk: Desk, kind: str, number: int, step: int) -> None:
    review, head = desk.review, desk.head(number)
    gradient = Gradient(GradientSource.HUMAN, Component.GOAL, f"wrong {step}", step_index=step)
    fixed: Json = [{"op": "delete", "step": step}]
    broken: Json = [{"op": "insert", "before": step, "action": {"name": "look", "arguments": {"n": 2**70}}}]
    proposals: Sequence[Proposal] = desk.ask(desk.store.proposals, head.id)
    if kind in ("repair", "worsen", "override"):
        edits = fixed if kind == "repair" else broken
        await review.revise(head.id, edits, desk.maker, override=kind == "override")
    elif kind == "propose":
        if len(head.steps) > 2:  # else its two hunks would change the same step
            desk.ask(desk.store.save_proposal, proposal(head, step))
    elif kind in ("accept", "accept one", "reject proposal"):
        if proposals:
            kept = [0] if kind == "accept one" else None
            await review.decide(proposals[0].id, desk.maker, accept=kind != "reject proposal", kept=kept)
    elif kind == "restore":
        revisions = desk.ask(desk.store.revisions, head.root_id)
        await review.restore(revisions[step % len(revisions)].trajectory.id, desk.maker, override=True)
    elif kind == "undo":
        await review.undo(desk.maker.annotator)
    elif kind == "verify":
        await review.verify(head.id, desk.maker)
    elif kind == "inspect":
        await desk.refinement.inspect(head.id)
    elif kind == "draft":
        await review.save_draft(head.id, {"hunks": [{"step": step}], "text": "half a th"})
    else:
        await {
            "reject": lambda: review.reject(head.id, desk.maker),
            "approve": lambda: review.approve_as_is(head.id, desk.maker, override=True),
            "skip": lambda: review.skip(head.id, desk.maker),
            "flag": lambda: review.flag(head.id, desk.maker),
            "blame": lambda: review.move_blame(head.id, step, desk.maker),
            "gradient": lambda: review.add_gradient(head.id, gradient, desk.maker),
            "dismiss": lambda: review.dismiss_gradient(head.id, gradient.id, desk.maker),
            "confirm": lambda: review.confirm_blame(head.id, gradient.id, desk.maker),
        }[kind]()
