"""`hitl-app verify ID`: a fresh full replay against the task's original constraints."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.views import losses_text, verified_text
from hitl_app.domain.codec import finding_to_json, losses_to_json
from hitl_app.domain.settings import checked_annotator
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the trajectory to verify")
    parser.add_argument("--annotator", default="command line", metavar="NAME", help="who asks")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    verification, entry, _ = await workspace.review.verify(args.id, Maker(checked_annotator(args.annotator)))
    inspection = verification.inspection
    lines = [
        f"{short(inspection.trajectory_id)}  {verified_text(verification.verified)}  {losses_text(inspection.losses)}",
        *(f"  {'✓' if f.met else '✗'} {f.kind} {one_line(f'{f.id}: {f.description}')}" for f in inspection.findings),
    ]
    out.result(
        {
            "id": inspection.trajectory_id,
            "verified": verification.verified,
            "repeatable": verification.repeatable,
            "losses": losses_to_json(inspection.losses),
            "findings": [finding_to_json(finding) for finding in inspection.findings],
            "replayed": inspection.execution.replayed,
            "decision": entry.sequence,
        },
        "\n".join(lines),
    )
    return True


COMMAND = Command("verify", "replay a trajectory wholly and judge it again", _arguments, _run)
