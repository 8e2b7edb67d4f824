"""Measures the cascade's cost against its quality on simulated puzzles, next to both models alone.

`python tests/benchmarks/measure_routing.py [--tasks 500] [--check 10] [--out FOLDER]` lets the real engine work on
puzzles of tests/policy in process, without a server: the simulated models answer from the very texts that would be
sent. All stages of every cascade run, so that any pair of thresholds is replayed from the votes. So many first puzzles
are also routed through the real server, client and store; it fails where a vote or a token differs. Writes `routing.md`
(the tables) and `routing-curve.svg`.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "llm"), str(TESTS / "policy")]

from puzzles import LARGE, SMALL, Puzzle, make_puzzle, say  # noqa: E402 -- found once its folder is on the path
from routing_curve import Curve, Point, draw  # noqa: E402
from scripted_replies import count  # noqa: E402
from serving import serving  # noqa: E402

from hitl_app.bootstrap import build  # noqa: E402
from hitl_app.domain.inspection import Execution, Inspection  # noqa: E402
from hitl_app.domain.model import ModelAnswer, ModelRequest, Price, Usage  # noqa: E402
from hitl_app.domain.ports import OnText  # noqa: E402
from hitl_app.domain.routing import Comparator, Place, Route, RoutedStage, RoutingSettings, what_if  # noqa: E402
from hitl_app.domain.run import Budget  # noqa: E402
from hitl_app.domain.task import Task  # noqa: E402
from hitl_app.domain.trajectory import Trajectory  # noqa: E402
from hitl_app.environments.recorded import RecordedEnvironment  # noqa: E402
from hitl_app.llm.prompts import PromptFiles  # noqa: E402
from hitl_app.refine.baselines import single_pass  # noqa: E402
from hitl_app.refine.bench import Bench, run_method  # noqa: E402
from hitl_app.refine.budget import Account  # noqa: E402
from hitl_app.refine.replay import Replayer  # noqa: E402
from hitl_app.refine.routed import Meter, whole_task  # noqa: E402
from hitl_app.refine.routing import Control, route  # noqa: E402
from hitl_app.refine.statistics import Interval, difference, mean, share  # noqa: E402
from hitl_app.system.paths import resource  # noqa: E402
from hitl_app.workflow.models import Chosen  # noqa: E402
from hitl_app.workflow.running import RunEnded  # noqa: E402
from hitl_app.workflow.workspace import Workspace  # noqa: E402

PRICES = {
    "1 : 50": {SMALL: Price(0.05, 0.20), LARGE: Price(2.50, 10.00)},
    "1 : 10": {SMALL: Price(0.25, 1.00), LARGE: Price(2.50, 10.00)},
}
"""US dollars per million tokens: assumed, no provider's; by the ratio of small to large."""
MAIN = "1 : 50"
THRESHOLDS = [
    (0.5, 0.5),
    (0.625, 0.5),
    (0.75, 0.25),
    (0.75, 0.5),
    (0.75, 0.75),
    (0.875, 0.5),
    (0.875, 0.875),
    (1.0, 1.0),
]
SETTINGS = RoutingSettings(exhaustive=True)


class PuzzleModel:
    """Implements `domain.ports.ModelClient`: a simulated model in this process; counts as the scripted server does."""

    def __init__(self, name: str, account: Account) -> None:
        self._name = name
        self._account = account

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        """What the model says to the text that it would be sent."""
        text = "\n".join(message.text for message in request.messages)
        answer = say(self._name, text, request.sampling.seed or 0)
        assert answer is not None, text
        tokens_in, tokens_out = count(text), count(answer)
        price = PRICES[MAIN][self._name]
        usage = Usage(1, tokens_in, tokens_out, True, price.of(tokens_in, tokens_out))
        self._account.count(usage)
        return ModelAnswer(answer, usage=usage)


@dataclass(frozen=True)
class Measured:
    """One puzzle: all stages of its cascade, and each model alone with its usage and whether it was right."""

    stages: tuple[RoutedStage, ...]
    alone: dict[str, tuple[bool, Usage]]


@dataclass(frozen=True)
class Row:
    """One line of the table: a way to answer all puzzles."""

    name: str
    right: list[bool]
    usd: list[float]
    calls: float
    shares: str = ""

    @property
    def accuracy(self) -> Interval:
        """Share of right answers."""
        return share(sum(self.right), len(self.right))

    @property
    def per_thousand(self) -> Interval:
        """US dollars for a thousand tasks."""
        found = mean(self.usd)
        return Interval(1000 * found.value, 1000 * found.low, 1000 * found.high)


async def measure(puzzle: Puzzle) -> Measured:
    """Run everything on one puzzle, in process."""
    replayer, prompts = Replayer(RecordedEnvironment()), PromptFiles(resource("prompts"), Path("none"))
    task = Task("recorded", str(puzzle.number), puzzle.text, puzzle.text, spec={"expected_answer": puzzle.answer})

    async def inspect(trajectory: Trajectory) -> Inspection:
        return replayer.inspect(task, trajectory)

    async def replay(trajectory: Trajectory) -> Execution:
        return replayer.inspect(task, trajectory).execution

    async def open_(role: str) -> Meter:
        account = Account(Budget(), PRICES[MAIN][role], lambda: 0.0)
        return Meter(PuzzleModel(role, account), account, native_tools=True)

    async def bench(meter: Meter) -> Bench:
        return Bench(replace(task, spec={}), task.id, (), meter.client, prompts, inspect, replay, True, 0)

    alone = {}
    for role in (SMALL, LARGE):
        meter = await open_(role)
        outcome = await run_method(single_pass, await bench(meter))
        alone[role] = outcome.kept.verified, meter.account.spent
    resolved = await route(whole_task(open_, await bench(await open_(SMALL))), Place(task.id), CONTROL)
    return Measured(resolved.stages, alone)


async def _proceed(stage: RoutedStage) -> Route:
    return Route()


async def _kept(stage: RoutedStage) -> None:
    """The stages are in the answer."""


CONTROL = Control(SETTINGS, "", "thresholds", _proceed, _kept)


def cascade_row(found: Sequence[Measured], tau1: float, tau2: float, ratio: str) -> Row:
    """The cascade under a pair of thresholds, replayed from the votes."""
    settings = RoutingSettings(tau1=tau1, tau2=tau2, comparator=Comparator.EXCEEDS)
    ends = [what_if(each.stages, settings) for each in found]
    usd = [sum(_usd(stage, ratio) for stage in each.stages[: end.stage]) for each, end in zip(found, ends, strict=True)]
    calls = sum(end.usage.calls for end in ends if end.usage) / len(ends)
    at = " / ".join(f"{sum(end.stage == stage for end in ends) / len(ends):.0%}" for stage in (1, 2, 3))
    return Row(f"cascade, tau1 {tau1:g}, tau2 {tau2:g}", [end.verified is True for end in ends], usd, calls, at)


def _usd(stage: RoutedStage, ratio: str) -> float:
    """What a stage costs at these prices: who planned and who executed is told by its number."""
    planner = SMALL if stage.stage == 1 else LARGE
    planning = PRICES[ratio][planner].of(stage.planning.tokens_in, stage.planning.tokens_out)
    price = PRICES[ratio][stage.role]
    return planning + sum(price.of(sample.usage.tokens_in, sample.usage.tokens_out) for sample in stage.samples)


def alone_row(found: Sequence[Measured], role: str, ratio: str) -> Row:
    """One model alone, once and greedily."""
    usages = [each.alone[role][1] for each in found]
    usd = [PRICES[ratio][role].of(usage.tokens_in, usage.tokens_out) for usage in usages]
    return Row(f"{role} model alone", [each.alone[role][0] for each in found], usd, 1.0)


def rows_of(found: Sequence[Measured], ratio: str) -> list[Row]:
    """All lines of the table."""
    alone = [alone_row(found, role, ratio) for role in (SMALL, LARGE)]
    return [*alone, *(cascade_row(found, tau1, tau2, ratio) for tau1, tau2 in THRESHOLDS)]


def table(rows: Sequence[Row]) -> str:
    """The lines as a Markdown table."""
    lines = [
        "| | right | points more than large | USD per 1,000 tasks | calls a task | ended at stage 1 / 2 / 3 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    large = rows[1]
    for row in rows:
        right, usd = row.accuracy, row.per_thousand
        quality = f"{right.value:.1%} ({right.low:.1%} to {right.high:.1%})"
        cost = f"{usd.value:.2f} ({usd.low:.2f} to {usd.high:.2f})"
        less = difference(row.right, large.right)
        points = "–" if row is large else f"{100 * less.value:+.1f} ({100 * less.low:+.1f} to {100 * less.high:+.1f})"
        lines.append(f"| {row.name} | {quality} | {points} | {cost} | {row.calls:.1f} | {row.shares or '–'} |")
    return "\n".join(lines)


def wrongly_sure(found: Sequence[Measured]) -> str:
    """How often a consensus above the paper's first threshold is wrong."""
    sure = [each.stages[0] for each in found if each.stages[0].accepted]
    wrong = sum(stage.winner is not None and stage.winner.verified is False for stage in sure)
    return f"Of {len(sure)} puzzles on which more than 75 % of the first votes agree, {wrong} are wrong."


def same_over_the_server(puzzles: Sequence[Puzzle], found: Sequence[Measured]) -> None:
    """Route the same puzzles through server, client and store, and compare every vote and token."""
    with serving("puzzles:models", TESTS / "policy") as served, tempfile.TemporaryDirectory() as folder:
        application = build(Path(folder) / "store")
        try:
            stages = asyncio.run(_over_the_server(application.workspace, served.base_url, puzzles, Path(folder)))
        finally:
            application.close()
    for measured, kept in zip(found, stages, strict=True):
        assert [_votes(stage) for stage in measured.stages] == [_votes(stage) for stage in kept]


def _votes(stage: RoutedStage) -> list[object]:
    counted = [(each.plan, each.answer, each.usage.tokens_in, each.usage.tokens_out) for each in stage.samples]
    return [stage.stage, counted, stage.planning.tokens, stage.accepted, stage.guideline]


async def _over_the_server(
    workspace: Workspace, url: str, puzzles: Sequence[Puzzle], folder: Path
) -> list[list[RoutedStage]]:
    """The stages of each puzzle's cascade, in order."""
    chats = folder / "puzzles.jsonl"
    asked = [{"role": "assistant", "content": "I do not know."}]
    chats.write_text(
        "".join(
            json.dumps(
                {
                    "id": str(puzzle.number),
                    "messages": [{"role": "user", "content": puzzle.text}, *asked],
                    "expected_answer": puzzle.answer,
                }
            )
            + "\n"
            for puzzle in puzzles
        ),
        "utf-8",
    )
    assert [_ async for _ in workspace.library.import_paths([chats])]
    keys = [str(puzzle.number) for puzzle in puzzles]
    events = workspace.routing.route(keys, SETTINGS, small=Chosen(url, SMALL), large=Chosen(url, LARGE))
    run = [event.run async for event in events if isinstance(event, RunEnded)][-1]
    assert not [result.error for result in run.results if result.error], run.results
    stages = await workspace.routing.stages(run.id)
    ids = await workspace.comparing.find(keys)
    return [[stage for stage in stages if stage.task_id == task_id] for task_id in ids]


def main() -> None:
    """Measure, check and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--check", type=int, default=10, help="puzzles that are routed over the real server, too")
    parser.add_argument("--out", type=Path, default=Path("routing"))
    args = parser.parse_args()
    began, puzzles = time.monotonic(), [make_puzzle(number) for number in range(args.tasks)]
    found = asyncio.run(_all(puzzles))
    said = [f"{args.tasks} puzzles, measured in {time.monotonic() - began:.0f} s."]
    if args.check:
        same_over_the_server(puzzles[: args.check], found[: args.check])
        said.append(f"The first {args.check} give the same votes and tokens over the real server, client and store.")
    said.append(wrongly_sure(found))
    for ratio in PRICES:
        said += [
            "",
            f"A token of the small model to one of the large model costs {ratio}.",
            "",
            table(rows_of(found, ratio)),
        ]
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "routing.md").write_text("\n".join([*said, ""]), "utf-8")
    (args.out / "routing-curve.svg").write_text(draw(_curve(found)), "utf-8")
    sys.stdout.write("\n".join([*said, ""]))


async def _all(puzzles: Sequence[Puzzle]) -> list[Measured]:
    return [await measure(puzzle) for puzzle in puzzles]


def _curve(found: Sequence[Measured]) -> Curve:
    rows = rows_of(found, MAIN)
    names = ["small model alone", "large model alone", *(f"{tau1:g}, {tau2:g}" for tau1, tau2 in THRESHOLDS)]
    points = [
        Point(name, row.per_thousand.value, 100 * row.accuracy.value, alone="alone" in name)
        for name, row in zip(names, rows, strict=True)
    ]
    return Curve(
        "Cost against quality of a cascade",
        f"{len(found)} simulated puzzles; the cascade under pairs of thresholds tau1, tau2",
        "US dollars for 1,000 tasks, at assumed prices",
        "right answers",
        tuple(points),
    )


if __name__ == "__main__":
    main()
