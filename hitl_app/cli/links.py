"""`hitl-app links ID`: which steps carry out the plan, CoPE's measures of that, and links that a person sets."""

import argparse

from hitl_app.cli.command import Command, add_blind, is_blind, words
from hitl_app.cli.output import Output, one_line
from hitl_app.domain.errors import UserError
from hitl_app.domain.following import AlignedStep
from hitl_app.domain.jsontypes import JsonObject, canonical
from hitl_app.domain.settings import checked_annotator
from hitl_app.domain.trajectory import Trajectory
from hitl_app.workflow.coordination import Coordination
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.workspace import Workspace

CUT = 100
"""Characters of a text that people are shown; JSON has it whole."""

Link = tuple[int, int | None]


def _link(text: str) -> Link:
    step, sign, plan_step = text.partition("=")
    if not (sign and step.isdecimal() and plan_step.isdecimal()):
        raise argparse.ArgumentTypeError(f"expected STEP=PLANSTEP, such as 7=2, not {text!r}")
    return int(step), int(plan_step)


def _unlink(text: str) -> Link:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected the number of a step, not {text!r}")
    return int(text), None


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a trajectory's id or the first digits of it")
    parser.add_argument(
        "--set",
        type=_link,
        action="append",
        default=[],
        dest="links",
        metavar="STEP=PLANSTEP",
        help="the step carries out that step of the plan; may be repeated",
    )
    parser.add_argument(
        "--unset",
        type=_unlink,
        action="append",
        dest="links",
        metavar="STEP",
        help="the step carries out nothing of the plan; may be repeated",
    )
    parser.add_argument("--annotator", type=words, metavar="NAME", help="who sets the links")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why")
    add_blind(parser)


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    annotator = checked_annotator(args.annotator) if args.annotator else ""
    if args.links and not annotator:
        raise UserError("say who sets the links: --annotator NAME")
    blind = bool(annotator) and await is_blind(args, workspace)
    viewer = annotator if blind else ""
    opened = await workspace.library.open(args.id, viewer, annotator)
    for step, plan_step in args.links:
        maker = Maker(annotator, args.reason, blind=blind)
        await workspace.review.link(opened.trajectory.id, step, plan_step, maker)
    found = await workspace.coordination.of(opened.trajectory, viewer)
    out.result({"id": opened.trajectory.id, **_json(found)}, _text(opened.trajectory, found))
    return True


def _json(found: Coordination) -> JsonObject:
    others: list[JsonObject] = [
        {
            "plan": [step.step for step in other.plan],
            "runs": other.runs,
            "c_p": other.alike,
            "weight": found.weight_against(other),
        }
        for other in found.others
    ]
    rows: list[JsonObject] = [
        {"plan_step": row.plan_step, "step": row.step, "sure": row.sure, "source": row.source}
        for row in found.alignment.rows
    ]
    return {**found.to_json(), "alignment": rows, "others": others}


def _text(trajectory: Trajectory, found: Coordination) -> str:
    if not trajectory.plan:
        return "this trajectory has no plan"
    lines = [
        f"plan executed alike (c_p): {_figure(found.alike)}, recordings of this plan: {found.own.runs}",
        f"plan followed (c_tau): {_figure(found.followed)}",
        "both say how plan and actions go together, and nothing about success",
    ]
    for row in found.alignment.rows:
        lines.append(f"plan {row.plan_step}: {_cut(trajectory.plan[row.plan_step].step)}")
        lines.append(f"     {_carried_out(trajectory, row)}")
    return "\n".join(lines)


def _carried_out(trajectory: Trajectory, row: AlignedStep) -> str:
    if row.step is None or row.source is None:
        return "nothing carries it out"
    step = trajectory.steps[row.step]
    done = f"{step.tool}({canonical(step.arguments)})" if step.is_action else f"{step.role}: {step.text}"
    return f"{_figure(row.sure)} {row.source.value}, step {row.step}: {_cut(done)}"


def _figure(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4f}"


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= CUT else line[: CUT - 1] + "…"


COMMAND = Command("links", "which steps carry out the plan, and how far it was followed", _arguments, _run)
