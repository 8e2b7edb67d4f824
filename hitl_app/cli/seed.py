"""`hitl-app seed`: put proposals that are bad on purpose among the others. For whoever leads the team."""

import argparse

from hitl_app.cli.command import Command, positive
from hitl_app.cli.output import Output, short
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.team import Seed, SeedKind
from hitl_app.workflow.seeding import Skipped
from hitl_app.workflow.workspace import Workspace

COUNT = 10

_WHY = {
    Skipped.DECIDED: "have a verdict already",
    Skipped.SEEDED: "have a bad proposal already",
    Skipped.NOTHING_TO_REPAIR: "are verified or cannot be judged",
    Skipped.NOT_EXECUTABLE: "cannot be executed here",
    Skipped.NONE_FOUND: "yield no proposal that is bad in this way",
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["add", "list"])
    parser.add_argument("--query", default="", metavar="Q", help="lineages to choose from (default: all)")
    parser.add_argument("--count", type=positive, default=COUNT, metavar="N", help=f"how many ({COUNT})")
    parser.add_argument(
        "--kinds", nargs="+", choices=list(SeedKind), default=list(SeedKind), metavar="KIND", help=", ".join(SeedKind)
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another seed chooses others (0)")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.what == "list":
        for each in await workspace.seeding.seeds():
            out.result(_json(each), _text(each))
        return True
    kinds = [SeedKind(kind) for kind in args.kinds]
    report, _ = await workspace.seeding.add(args.query, args.count, kinds=kinds, seed=args.seed)
    for each in report.seeds:
        out.result(_json(each), _text(each))
    for reason, number in report.skipped.items():
        out.message(f"{number} of the lineages that were looked at {_WHY[reason]}")
    if not report.seeds:
        raise UserError("no lineage that fits the query takes a bad proposal")
    return len(report.seeds) == int(args.count)


def _json(seed: Seed) -> JsonObject:
    return {
        "proposal": seed.proposal_id,
        "id": seed.root_id,
        "kind": seed.kind,
        "bad_hunks": list(seed.bad_hunks),
        "seeded_at": seed.seeded_at,
    }


def _text(seed: Seed) -> str:
    hunks = ", ".join(map(str, seed.bad_hunks))
    return f"{short(seed.root_id)}  {seed.kind:<8}  proposal {short(seed.proposal_id)}, bad hunks {hunks}"


COMMAND = Command("seed", "put proposals that are bad on purpose among the others", _arguments, _run)
