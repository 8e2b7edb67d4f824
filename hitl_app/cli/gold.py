"""`hitl-app gold`: lineages on which the right decision is known, and who comes to it."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output, counted, one_line, short
from hitl_app.cli.tallies import tally_json, tally_text
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.settings import checked_annotator
from hitl_app.domain.team import GoldItem
from hitl_app.workflow.gold import VERDICT_WORDS, GoldScore
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["add", "settled", "remove", "list", "report"])
    parser.add_argument("id", nargs="?", metavar="ID", help="the trajectory to add")
    parser.add_argument("--verdict", choices=VERDICT_WORDS, help="the right one")
    parser.add_argument("--blame", type=int, metavar="N", help="the step of the recording that goes wrong first")
    parser.add_argument("--query", metavar="Q", help="settled lineages to add, or lineages to remove")
    parser.add_argument("--note", default="", metavar="TEXT", help="why, for whoever reads the report")
    parser.add_argument("--annotator", default="", metavar="NAME", help="who says so")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    team = workspace.team
    match args.what:
        case "list":
            for item in await team.gold():
                out.result(_item_json(item), _item_text(item))
        case "report":
            for score in await team.gold_report():
                out.result(_score_json(score), _score_text(score))
        case "remove":
            removed, _ = await team.remove_gold(_query_of(args))
            out.result({"removed": removed}, f"{counted(removed, 'gold item')} removed")
        case "settled":
            items, _ = await team.gold_from_consensus(_query_of(args), _name_of(args), args.note)
            for item in items:
                out.result(_item_json(item), _item_text(item))
        case _:
            if args.id is None or args.verdict is None:
                raise UserError("say which trajectory, and what is right: ID --verdict kept|repaired|rejected")
            item, _ = await team.add_gold(args.id, args.verdict, _name_of(args), blame=args.blame, note=args.note)
            out.result(_item_json(item), _item_text(item))
    return True


def _query_of(args: argparse.Namespace) -> str:
    if args.query is None:
        raise UserError("say which lineages: --query Q; an empty one means all")
    return str(args.query)


def _name_of(args: argparse.Namespace) -> str:
    if not args.annotator.strip():
        raise UserError("say who knows what is right: --annotator NAME")
    return checked_annotator(args.annotator)


def _item_json(item: GoldItem) -> JsonObject:
    return {
        "id": item.root_id,
        "verdict": item.verdict,
        "blame": item.blame,
        "note": item.note,
        "set_by": item.set_by,
        "set_at": item.set_at,
    }


def _item_text(item: GoldItem) -> str:
    blame = "" if item.blame is None else f"  step {item.blame}"
    return f"{short(item.root_id)}  {item.verdict:<8}{blame}  {one_line(item.note)}".rstrip()


def _score_json(score: GoldScore) -> JsonObject:
    return {
        "annotator": score.annotator,
        "verdicts": tally_json(score.verdicts),
        "blames": tally_json(score.blames),
        "wrong": [
            {"id": miss.root_id, "question": miss.question, "said": miss.said, "right": miss.right}
            for miss in score.misses
        ],
    }


def _score_text(score: GoldScore) -> str:
    lines = [f"{score.annotator}: verdicts right {tally_text(score.verdicts)}"]
    if score.blames.of:
        lines.append(f"  blames right {tally_text(score.blames)}")
    lines += [
        f"  {short(miss.root_id)}  {miss.question}: said {miss.said}, right is {miss.right}" for miss in score.misses
    ]
    return "\n".join(lines)


COMMAND = Command("gold", "known right decisions, and how often each annotator comes to them", _arguments, _run)
