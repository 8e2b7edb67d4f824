"""`hitl-app demo`: the whole flow on sample tasks, without a window."""

import argparse

from hitl_app.cli.command import Command, positive
from hitl_app.cli.output import Output, short
from hitl_app.domain.codec import losses_to_json
from hitl_app.domain.loss import LossVector
from hitl_app.domain.run import TaskStatus
from hitl_app.workflow.running import TaskEnded
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=positive, default=12, metavar="N", help="sample trajectories (default: 12)")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    out.message(f"Sample workspace: {args.data_dir}")
    out.message("Trajectories are synthetic; the repairer is offline: no model, no network.")
    await workspace.samples.add(args.count)
    roots = (await workspace.library.root_ids("env:travel"))[: args.count]
    out.heading(f"{'trajectory':<14}{'':12}{'hard':>6}{'goal':>6}{'feas':>6}{'soft':>6}{'disc':>6}   tried")
    verified = 0
    starts = await workspace.refining.undecided(roots)
    async for event in workspace.refining.refine(starts, concurrency=1):
        if not isinstance(event, TaskEnded):
            continue
        result = event.result
        verified += result.status is TaskStatus.VERIFIED
        out.result(
            {
                "id": result.start_id,
                "task": result.task,
                "status": result.status,
                "stopped_by": result.stopped_by,
                "losses_before": None if result.before is None else losses_to_json(result.before),
                "losses_after": None if result.after is None else losses_to_json(result.after),
                "executions": result.executions,
            },
            f"{short(result.start_id):<14}{'before':<12}{_counts(result.before)}\n"
            f"{'':14}{result.status:<12}{_counts(result.after)}{result.executions:>8}",
        )
    for known in workspace.exporting.described():
        place = args.data_dir / "exports" / known.name
        if known.problem:
            out.message(f"Not exported: {known.problem}")
            continue
        summary = await workspace.exporting.export(known.name, place)
        out.message(f"Exported {sum(rows for _, rows in summary.files)} rows to {place}")
    report = await workspace.review.check_ledger()
    out.message(f"{verified} of {len(roots)} verified. Ledger: {report.entries} entries, sound: {report.sound}.")
    return report.sound


def _counts(losses: LossVector | None) -> str:
    if losses is None:
        return ""
    return "".join(f"{'–' if count is None else count.count:>6}" for _, count in losses.items())


COMMAND = Command("demo", "the whole flow on sample tasks, without a window", _arguments, _run)
