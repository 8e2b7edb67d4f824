"""`hitl-app dashboard`: how far the work is, how it is decided, and what that did to the losses."""

import argparse
from collections.abc import Iterator
from datetime import date

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, counted, one_line
from hitl_app.cli.tallies import tally_text
from hitl_app.workflow.dashboard import DashboardReport, report_json
from hitl_app.workflow.figures import Times
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--query", default="", metavar="Q", help="lineages (default: all)")
    parser.add_argument("--annotator", default="", metavar="NAME", help="whose decisions count (default: everybody's)")
    parser.add_argument("--since", type=_day, metavar="DATE", help="from this day on, in UTC, such as 2026-01-31")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a day such as 2026-01-31, not {text!r}") from error


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    report = await workspace.dashboard.report(args.query, args.since, args.annotator)
    out.result(report_json(report), "\n".join(_lines(report)))
    return True


def _lines(report: DashboardReport) -> Iterator[str]:
    figures = report.figures
    yield f"{report.settled} of {counted(report.total, 'lineage')} settled, {counted(figures.decisions, 'decision')}"
    for status, number in report.statuses.items():
        if number:
            yield f"  {status:<10} {number}"
    rates = figures.rates
    yield f"accepted            {tally_text(rates.accepted)}"
    yield f"proposals accepted  {tally_text(rates.proposals)}"
    yield f"against the rule    {tally_text(rates.override)}"
    yield f"undone              {tally_text(rates.undone)}"
    yield f"active time         {_times_text(figures.active)}"
    yield f"idle time           {_times_text(figures.idle)}"
    for change in figures.losses:
        name = change.component.replace("_", " ")
        means = "not measured" if change.before is None else f"{change.before:.2f} → {change.after:.2f}"
        yield f"  {name:<18} {means}  (n {change.n}, not measured on both sides {change.left_out})"
    for reason in figures.reasons:
        yield f"  rejected {counted(reason.count, 'time')}: {one_line(reason.text) or 'other reasons'}"
    for each in figures.annotators:
        assigned = f", {each.assigned_done} of {each.assigned} assigned settled" if each.assigned else ""
        yield f"{one_line(each.name)}: {counted(each.decisions, 'decision')}, {each.settled} settled{assigned}"


def _times_text(times: Times) -> str:
    quartiles = times.quartiles
    if quartiles is None:
        return "not measured"
    first, median, third = quartiles
    return f"median {median:.1f} s, quartiles {first:.1f} and {third:.1f} s  (n {times.n})"


COMMAND = Command("dashboard", "how far the work is, how it is decided, and what came of it", _arguments, _run)
