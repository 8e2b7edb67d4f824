"""`hitl-app trust`: how much each annotator relies on what is proposed."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, counted
from hitl_app.cli.tallies import tally_json, tally_text
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.workflow.reliance import ActiveTime, JudgeFirst, Reliance
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    pass


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    for found in await workspace.trust.report():
        out.result(_json(found), _text(found))
    return True


def _json(found: Reliance) -> JsonObject:
    return {
        "annotator": found.annotator,
        "over_trust": tally_json(found.over_trust),
        "kinds": {each.kind.value: tally_json(each.accepted) for each in found.seeded},
        "good_accepted": tally_json(found.good),
        "time_on_seeded": _time_json(found.time_on_seeded),
        "time_on_others": _time_json(found.time_on_others),
        "judge_first": _judged_json(found.judge_first),
        "judge_first_seeded": _judged_json(found.judge_first_seeded),
    }


def _time_json(time: ActiveTime) -> JsonObject:
    return {"seconds": time.seconds, "measured": time.measured, "mean": time.mean}


def _judged_json(judged: JudgeFirst) -> JsonObject:
    return {
        "judged": judged.judged,
        "compared": judged.compared,
        "same": judged.same,
        "moved": judged.moved,
        "kept": judged.kept,
        "undecided": judged.undecided,
        "changed_mind": tally_json(judged.changed_mind),
    }


def _text(found: Reliance) -> str:
    lines = [
        f"{found.annotator}",
        f"  bad proposals accepted  {tally_text(found.over_trust)}",
        *(f"    {each.kind:<9} {tally_text(each.accepted)}" for each in found.seeded if each.accepted.of),
        f"  good proposals accepted  {tally_text(found.good)}",
        f"  active time: {_time_text(found.time_on_seeded)} on bad proposals, "
        f"{_time_text(found.time_on_others)} on others",
    ]
    for name, judged in (("good faith", found.judge_first), ("bad on purpose", found.judge_first_seeded)):
        if judged.judged:
            lines.append(f"  blame first, proposal {name}: {_judged_text(judged)}")
    return "\n".join(lines)


def _time_text(time: ActiveTime) -> str:
    return "not measured" if time.mean is None else f"{time.mean:.1f} s"


def _judged_text(judged: JudgeFirst) -> str:
    return (
        f"{counted(judged.judged, 'time')}, the proposal's step {judged.same} of {judged.compared}; "
        f"changed their mind {tally_text(judged.changed_mind)}"
    )


COMMAND = Command("trust", "how much each annotator relies on what is proposed", _arguments, _run)
