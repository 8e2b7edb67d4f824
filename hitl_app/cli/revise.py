"""`hitl-app revise ID --edits FILE`: edit by hand, execute, accept or refuse."""

import argparse
import json
import sys
from pathlib import Path

from hitl_app.cli.command import Command, add_maker, add_rule, maker_of
from hitl_app.cli.output import Output, short
from hitl_app.cli.views import decided_json, losses_text, verified_text
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, canonical
from hitl_app.workflow.review import Decided
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the trajectory to revise")
    parser.add_argument("--edits", required=True, metavar="FILE", help="JSON list of edits; - reads standard input")
    add_maker(parser, reason_required=True)
    add_rule(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    edits = read_json(args.edits, "the edits")
    maker = await maker_of(args, workspace)
    decided, _ = await workspace.review.revise(args.id, edits, maker, override=args.override, lateral=args.lateral)
    out.result(decided_json(decided), decided_text(decided))
    return True


def read_json(name: str, what: str) -> Json:
    """The JSON in a file, or on standard input where the name is `-`."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        value: Json = json.loads(text)
        canonical(value)  # NaN, infinity and 1e400 are not JSON, whatever Python reads
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {what}: {error}") from None
    except ValueError as error:
        raise UserError(f"{name} is not JSON: {error}") from None
    except RecursionError:
        raise UserError(f"{name} is nested too deeply") from None
    return value


def decided_text(decided: Decided) -> str:
    """A decision on record, for people."""
    entry, candidate = decided.entry, decided.candidate
    answer = {True: "accepted", False: "not accepted", None: str(entry.decision.kind)}[entry.decision.accepted]
    if entry.decision.override:
        answer += " by override, against the rule"
    if candidate is None:
        return f"decision {entry.sequence}: {answer}"
    head = entry.decision.head_after
    stays = entry.decision.accepted and head != candidate.trajectory.id
    return "\n".join(
        [
            f"decision {entry.sequence}: {answer} ({entry.decision.rule}: {candidate.acceptance.explanation})",
            f"  revision {short(candidate.trajectory.id)} of {short(candidate.base.id)}",
            f"  before: {losses_text(candidate.before.losses)}",
            f"  after:  {losses_text(candidate.inspection.losses)}  {verified_text(candidate.inspection.verified)}",
            *([f"  {short(head)} is better, and stays the lineage's head"] if stays else []),
        ]
    )


COMMAND = Command("revise", "edit a trajectory by hand and have it judged", _arguments, _run)
