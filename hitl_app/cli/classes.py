"""`hitl-app classes` and `classify`: the list of failure classes, and in which of them a failure belongs."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from hitl_app.cli.command import Command, add_blind, is_blind, words
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import add_concurrency, add_model, budget_of, chosen_model
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.revise import decided_text
from hitl_app.cli.views import entry_json
from hitl_app.domain.codec import CodecError
from hitl_app.domain.errors import UserError
from hitl_app.domain.failure_classes import Classification, FailureClass
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.run import Run
from hitl_app.domain.settings import checked_annotator
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.running import RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace


def _classes_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--set", type=Path, metavar="FILE", help="keep the list of a file, as --json prints it")
    what.add_argument("--reset", action="store_true", help="go back to the list that is shipped")


async def _classes(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    classifying = workspace.classifying
    if args.reset:
        found = await classifying.save_classes(None)
    elif args.set is not None:
        found = await classifying.save_classes(list(_read(args.set)))
    else:
        found = await classifying.classes()
    for each in found:
        out.result(each.to_json(), f"{each.name}\n  {each.description}\n  words: {', '.join(each.words) or 'none'}")
    return True


def _read(path: Path) -> Iterator[FailureClass]:
    """The classes of a file, one a line. Raises UserError with the line."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise CodecError("expected an object")
            yield FailureClass.from_json(value)
        except ValueError as error:
            raise UserError(f"{path}, line {number}: {error}; nothing was changed") from error


def _classify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="trajectories")
    parser.add_argument("--query", metavar="Q", help="the recordings of all lineages that the query finds")
    parser.add_argument(
        "--class", dest="failure_class", type=words, metavar="NAME", help="put one's own word on record"
    )
    parser.add_argument("--annotator", default="", metavar="NAME", help="who says so, or who looks")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why; with --class")
    add_blind(parser)
    parser.add_argument("--ask", action="store_true", help="let a model say it, and put that on record")
    parser.add_argument("--resume", metavar="RUN", help="go on with a run of --ask")
    add_model(parser)
    add_concurrency(parser, "trajectories at a time")


async def _classify(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.failure_class is not None and (args.ask or args.resume):
        raise UserError("--class is a person's word, and --ask a model's: give one of them")
    if args.resume is not None:
        if args.ids or args.query is not None:
            raise UserError("a run goes on with the trajectories that it began with: leave out ids and --query")
        run_id = await resumable(args, workspace)
        return await _follow(args, workspace, out, run_id)
    if bool(args.ids) == (args.query is not None):
        raise UserError("say what to classify: ids, or --query Q")
    ids = args.ids or await workspace.classifying.recordings(args.query)
    if args.failure_class is not None:
        return await _say(args, workspace, out, ids)
    if args.ask:
        return await _follow(args, workspace, out, "", ids)
    viewer = args.annotator if args.annotator and await is_blind(args, workspace) else ""
    for identity in ids:
        _show(await workspace.classifying.class_of(identity, viewer), out)
    return True


async def _say(args: argparse.Namespace, workspace: Workspace, out: Output, ids: list[str]) -> bool:
    if not args.annotator:
        raise UserError("--class is a person's word: say whose with --annotator NAME")
    maker = Maker(checked_annotator(args.annotator), args.reason, blind=await is_blind(args, workspace))
    for identity in ids:
        decided, _ = await workspace.classifying.classify(identity, args.failure_class, maker)
        out.result(entry_json(decided.entry), decided_text(decided))
    return True


async def _follow(
    args: argparse.Namespace, workspace: Workspace, out: Output, run_id: str, ids: list[str] | None = None
) -> bool:
    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, TaskEnded):
            out.message(f"{short(event.result.start_id)}  {result_text(event.result)}")

    classifying = workspace.classifying
    if run_id:
        events = classifying.resume(run_id, answers=args.answers)
    else:
        events = classifying.ask(
            ids or [],
            budget=budget_of(args),
            chosen=chosen_model(args),
            concurrency=args.concurrency,
            answers=args.answers,
        )
    run = await follow(events, workspace, out, show)
    for identity in run.settings.starts:
        _show(await classifying.class_of(identity), out)
    return succeeded(run)


def _show(found: Classification, out: Output) -> None:
    value: JsonObject = {
        "id": found.root_id,
        "failure_class": found.name or None,
        "source": found.source,
        "evidence": list(found.evidence),
    }
    evidence = "".join(f"\n  {one_line(each)}" for each in found.evidence)
    said = f"{found.name} (by {found.source})" if found.name else "not classified"
    out.result(value, f"{short(found.root_id)}  {said}{evidence}")


CLASSES = Command("classes", "print or change the list of failure classes", _classes_arguments, _classes)
CLASSIFY = Command("classify", "say in which class a failure belongs", _classify_arguments, _classify)
