"""`hitl-app agreement`: how far people agree who decided independently, and where they do not."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, counted, one_line, short
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.workflow.agreement import Agreement, Coefficient, Undefined
from hitl_app.workflow.team import Dispute
from hitl_app.workflow.workspace import Workspace

_WHY = {
    Undefined.NO_OVERLAP: "undefined: nothing was answered by two people independently",
    Undefined.NO_VARIATION: "undefined: everybody always gave the same answer",
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--query", default="", metavar="Q", help="lineages (default: all)")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    report = await workspace.team.agreement(args.query)
    for question in report.questions:
        out.result(_question_json(question), _question_text(question))
    for dispute in report.disputes:
        out.result(_dispute_json(dispute), _dispute_text(dispute))
    return True


def _question_json(found: Agreement) -> JsonObject:
    return {
        "question": found.question,
        "scale": found.scale,
        "n": found.n,
        "observed": found.observed,
        "alpha": _coefficient_json(found.alpha),
        "pairs": [
            {
                "annotators": [pair.first, pair.second],
                "n": pair.n,
                "equal": pair.equal,
                "kappa": _coefficient_json(pair.kappa),
            }
            for pair in found.pairs
        ],
        "disagreements": [
            {"id": each.root_id, "part": each.part, "answers": dict(each.answers)} for each in found.disagreements
        ],
    }


def _coefficient_json(found: Coefficient) -> JsonObject:
    return {"value": found.value, "low": found.low, "high": found.high, "undefined": found.undefined}


def _question_text(found: Agreement) -> str:
    equal = "" if found.observed is None else f", {found.observed:.0%} of the answers equal"
    lines = [f"{found.question}: {counted(found.n, 'lineage')} answered by several people{equal}"]
    lines.append(f"  Krippendorff's alpha  {_coefficient_text(found.alpha)}")
    lines += [
        f"  {pair.first} and {pair.second}: {pair.equal} of {pair.n} equal, "
        f"Cohen's kappa {_coefficient_text(pair.kappa)}"
        for pair in found.pairs
    ]
    return "\n".join(lines)


def _coefficient_text(found: Coefficient) -> str:
    if found.value is None:
        return _WHY[found.undefined] if found.undefined else ""
    if found.low is None or found.high is None:
        return f"{found.value:.3f}"
    return f"{found.value:.3f}  (95 % interval {found.low:.3f} to {found.high:.3f})"


def _dispute_json(dispute: Dispute) -> JsonObject:
    return {
        "id": dispute.root_id,
        "title": dispute.title,
        "status": dispute.status,
        "verdicts": dict(dispute.verdicts),
    }


def _dispute_text(dispute: Dispute) -> str:
    said = ", ".join(f"{name}: {verdict}" for name, verdict in dispute.verdicts)
    return f"{short(dispute.root_id)}  {dispute.status:<8}  {one_line(dispute.title)}\n{'':14}{said}"


COMMAND = Command("agreement", "how far people agree, and where they do not", _arguments, _run)
