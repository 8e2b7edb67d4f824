"""Compares the loop with the baselines and with itself without each stage, on travel tasks with the scripted policy.

`python tests/benchmarks/measure_methods.py [--tasks 100] [--level 1] [--out FOLDER]` starts the scripted server with
the policy of tests/policy in a process of its own, lets every method work on the same tasks under the same ceiling of
tokens, makes sure that no accepted candidate has a greater loss than what it replaced, and writes `comparison.md` (two
tables) and `comparison.csv` (a line a task and method).
"""

import argparse
import asyncio
import csv
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "llm"), str(TESTS / "policy")]

from serving import serving  # noqa: E402 -- found once its folder is on the path

from hitl_app.bootstrap import build  # noqa: E402
from hitl_app.domain.loss import Component, LossVector  # noqa: E402
from hitl_app.domain.run import OF_ONE_MODEL, Budget, Method, Stage, TaskResult  # noqa: E402
from hitl_app.refine.comparison import MethodSummary, summarise  # noqa: E402
from hitl_app.refine.loop import Inspected, Judged  # noqa: E402
from hitl_app.refine.statistics import Interval  # noqa: E402
from hitl_app.workflow.comparing import Contender  # noqa: E402
from hitl_app.workflow.models import Chosen  # noqa: E402
from hitl_app.workflow.running import Happened, TaskEnded  # noqa: E402
from hitl_app.workflow.workspace import Workspace  # noqa: E402

METHODS = tuple(Contender(method) for method in OF_ONE_MODEL)
ABLATIONS = tuple(Contender(Method.PIVOT, frozenset({stage})) for stage in Stage)
SPLIT = "test"


class Chains:
    """Follows the losses along accepted candidates; raises where one rises."""

    def __init__(self) -> None:
        self._at: dict[str, LossVector] = {}
        self.accepted = 0

    def follow(self, event: Happened) -> None:
        """One event of the loop."""
        if isinstance(event.event, Inspected):
            self._at[event.start_id] = event.event.inspection.losses
        elif isinstance(event.event, Judged) and event.event.taken:
            after = event.event.judgement.inspection.losses
            before = self._at[event.start_id]
            assert after.compare(before) < 0, f"{event.start_id}: {before} was replaced by {after}"
            self._at[event.start_id] = after
            self.accepted += 1


async def measure(workspace: Workspace, url: str, args: argparse.Namespace) -> tuple[list[TaskResult], int]:
    """All results, and how many candidates were accepted."""
    ids = await workspace.comparing.generate(args.tasks, args.seed, args.level, SPLIT)
    results, chains = [], Chains()
    events = workspace.comparing.compare(
        ids,
        METHODS if args.baselines else METHODS + ABLATIONS,
        budget=Budget(args.iterations, tokens=args.tokens),
        times=args.times,
        chosen=Chosen(url, "scripted"),
    )
    async for event in events:
        if isinstance(event, Happened):
            chains.follow(event)
        elif isinstance(event, TaskEnded):
            results.append(event.result)
    return results, chains.accepted


def quality(summaries: Sequence[MethodSummary]) -> str:
    """Verified tasks and mean losses, with 95 % confidence, as a Markdown table."""
    losses = [component.value for component in Component]
    rows = []
    for summary in summaries:
        less = summary.differences.get("verified")
        cells = [_percent(summary.figures["verified"]), "" if less is None else _points(less)]
        rows.append([summary.method, *cells, *(_number(summary, name, 2) for name in losses)])
    heads = ["method", "verified", "points less than the loop", *(name.replace("_", " ") for name in losses)]
    return _markdown(heads, rows)


def cost(summaries: Sequence[MethodSummary]) -> str:
    """Tokens and calls a task, with 95 % confidence, as a Markdown table."""
    names = {"tokens_in": 0, "tokens_out": 0, "tokens": 0, "calls": 1}
    rows = []
    for summary in summaries:
        less = summary.differences.get("tokens")
        more = "" if less is None else f"{less.value:+.0f} ({less.low:+.0f} to {less.high:+.0f}){_star(less)}"
        figures = [_number(summary, name, digits) for name, digits in names.items()]
        rows.append([summary.method, *figures, more, str(summary.failed)])
    return _markdown(["method", *(name.replace("_", " ") for name in names), "tokens against the loop", "failed"], rows)


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([row[0].replace("_", " "), *row[1:]] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(share: Interval) -> str:
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"


def _points(less: Interval) -> str:
    return f"{100 * less.value:+.0f} ({100 * less.low:+.0f} to {100 * less.high:+.0f}){_star(less)}"


def _star(less: Interval) -> str:
    return " *" if less.excludes_zero else ""


def _number(summary: MethodSummary, name: str, digits: int) -> str:
    found = summary.figures.get(name)
    return "–" if found is None else f"{found.value:.{digits}f} ({found.low:.{digits}f} to {found.high:.{digits}f})"


def write_rows(results: Sequence[TaskResult], path: Path) -> None:
    """A line a task and method."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        losses = [component.value for component in Component]
        rows.writerow(["task", "method", "status", *losses, "tokens_in", "tokens_out", "calls", "tries"])
        for result in sorted(results, key=lambda found: (found.task, found.method)):
            after = result.after
            counts = [None if after is None or (c := after[name]) is None else c.count for name in Component]
            usage = result.usage
            rows.writerow(
                [
                    result.task.split()[0],
                    result.method,
                    result.status,
                    *counts,
                    usage.tokens_in,
                    usage.tokens_out,
                    usage.calls,
                    result.executions,
                ]
            )


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--level", type=int, default=2)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--tokens", type=int, default=100_000, help="ceiling for each task and method")
    parser.add_argument("--iterations", type=int, default=8, help="how often a method may go on after its first try")
    parser.add_argument("--times", type=int, default=2, help="candidates that the loop makes in PLAN")
    parser.add_argument(
        "--policy", default="policy", help="of tests/policy/travel_policy.py: policy, poor_editor, or steady"
    )
    parser.add_argument("--baselines", action="store_true", help="leave the loop without a stage out")
    parser.add_argument("--out", type=Path, default=Path("build"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with serving(f"travel_policy:{args.policy}", TESTS / "policy") as served, tempfile.TemporaryDirectory() as folder:
        application = build(Path(folder))
        try:
            results, accepted = asyncio.run(measure(application.workspace, served.base_url, args))
        finally:
            application.close()
        counted = served.counters()["by_outcome"].get("answered", {}).get("requests", 0)
    summaries = summarise(results, Method.PIVOT)
    text = f"{quality(summaries)}\n\n{cost(summaries)}"
    (args.out / "comparison.md").write_text(text + "\n", encoding="utf-8")
    write_rows(results, args.out / "comparison.csv")
    print(text)
    print(f"\n{args.tasks} tasks of level {args.level}, seed {args.seed}, split {SPLIT}; {args.tokens} tokens each")
    print(f"{accepted} candidates were accepted, and the loss fell with each")
    print(f"{counted} requests, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
