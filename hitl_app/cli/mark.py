"""`hitl-app mark`, `undo` and `gradient`: the small decisions of a review."""

import argparse

from hitl_app.cli.command import Command, add_blind, add_maker, is_blind, maker_of
from hitl_app.cli.output import Output
from hitl_app.cli.revise import decided_text
from hitl_app.cli.views import entry_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import Gradient, GradientSource
from hitl_app.domain.loss import Component
from hitl_app.workflow.workspace import Workspace


def _mark_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["approve", "skip", "flag", "reject"])
    parser.add_argument("id", metavar="ID", help="the trajectory")
    parser.add_argument("--override", action="store_true", help="approve although it is not verified; needs a reason")
    add_maker(parser)


async def _mark(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    review, maker = workspace.review, await maker_of(args, workspace)
    opened = await workspace.library.open(args.id)
    identity = opened.trajectory.id
    match args.what:
        case "approve":
            decided, _ = await review.approve_as_is(identity, maker, override=args.override)
        case "skip":
            decided, _ = await review.skip(identity, maker)
        case "flag":
            decided, _ = await review.flag(identity, maker)
        case _:
            decided, _ = await review.reject(identity, maker)
    out.result(entry_json(decided.entry), decided_text(decided))
    return True


def _undo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--annotator", required=True, metavar="NAME", help="whose newest decision to take back")
    add_blind(parser)


async def _undo(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    undone, _ = await workspace.review.undo(args.annotator, blind=await is_blind(args, workspace))
    newest = undone.newest
    text = f"decision {newest.sequence} ({newest.decision.kind}) is undone"
    if len(undone.undos) > 1:
        text = f"{len(undone.undos)} decisions of {newest.decision.made_at} ({newest.decision.kind}) are undone"
    if undone.kept:
        text += f"; {len(undone.kept)} stand, because somebody decided on them again since"
    out.result(
        {**entry_json(undone.undos[-1]), "undone": len(undone.undos), "kept": len(undone.kept)},
        text,
    )
    return True


def _gradient_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["confirm", "dismiss", "blame", "add"])
    parser.add_argument("id", metavar="ID", help="the trajectory")
    parser.add_argument("--gradient", metavar="ID", help="the gradient to confirm or dismiss")
    parser.add_argument("--step", type=int, metavar="N", help="the step to blame, or that the new gradient is about")
    parser.add_argument("--component", choices=list(Component), default=Component.GOAL, help="loss that it is about")
    parser.add_argument("--critique", default="", metavar="TEXT", help="what is wrong")
    parser.add_argument("--suggest", default="", metavar="TEXT", help="what would help")
    add_maker(parser)


async def _gradient(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    review, maker = workspace.review, await maker_of(args, workspace)
    opened = await workspace.library.open(args.id)
    trajectory = opened.trajectory
    if args.step is not None and not 0 <= args.step < len(trajectory.steps):
        raise UserError(f"there is no step {args.step}: the trajectory has steps 0 to {len(trajectory.steps) - 1}")
    if args.what in ("confirm", "dismiss"):
        if args.gradient not in {gradient.id for gradient in opened.gradients}:
            raise UserError(f"the trajectory has no gradient {args.gradient}: `hitl-app show` lists them")
        act = review.confirm_blame if args.what == "confirm" else review.dismiss_gradient
        decided, _ = await act(trajectory.id, args.gradient, maker)
    elif args.what == "blame":
        if args.step is None:
            raise UserError("say which step to blame: --step N")
        decided, _ = await review.move_blame(trajectory.id, args.step, maker)
    else:
        if not args.critique.strip():
            raise UserError("say what is wrong: --critique TEXT")
        gradient = Gradient(
            GradientSource.HUMAN,
            Component(args.component),
            args.critique,
            step_index=args.step,
            suggested_edit=args.suggest,
        )
        decided, _ = await review.add_gradient(trajectory.id, gradient, maker)
    out.result(entry_json(decided.entry), decided_text(decided))
    return True


MARK = Command("mark", "approve, skip, flag or reject a trajectory as it is", _mark_arguments, _mark)
UNDO = Command("undo", "take back one's newest decision", _undo_arguments, _undo)
GRADIENT = Command("gradient", "confirm, dismiss or add a gradient, or move the blame", _gradient_arguments, _gradient)
