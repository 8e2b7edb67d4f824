"""`hitl-app continue ID --from STEP`: let a model act on from a step; what it does are sibling branches."""

import argparse
from collections.abc import AsyncIterator

from hitl_app.cli.command import Command, positive
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import budget_of, chosen_model
from hitl_app.cli.output import Output, counted, one_line, short
from hitl_app.cli.plan import add_acting
from hitl_app.cli.views import losses_text, run_result_json, verified_text
from hitl_app.domain.codec import losses_to_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.run import Run
from hitl_app.workflow.loop_events import Judged
from hitl_app.workflow.rollouts import MODEL, NOBODY, RECORDED
from hitl_app.workflow.running import Happened, RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace

USERS = (RECORDED, f"{RECORDED}+{MODEL}", MODEL, NOBODY)


def step_number(text: str) -> int:
    """How many first steps stay; also the number of the first one that is taken anew."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected the number of a step, from 0, not {text!r}")
    return int(text)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?", metavar="ID", help="the trajectory to continue")
    parser.add_argument(
        "--from",
        dest="step",
        type=step_number,
        metavar="STEP",
        help="the first step that the model takes anew",
    )
    parser.add_argument("--times", type=positive, default=1, metavar="K", help="branches (default: 1)")
    add_speaker(parser)
    add_acting(parser)


def add_speaker(parser: argparse.ArgumentParser) -> None:
    """Add who speaks for the task's user."""
    parser.add_argument(
        "--user",
        choices=USERS,
        default=RECORDED,
        help="who speaks for the task's user: the recorded words while they fit (default), then a model; "
        "a model with the user's scenario; nobody",
    )


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    return await show_branches(await _events(args, workspace), workspace, out)


async def show_branches(events: AsyncIterator[RunEvent], workspace: Workspace, out: Output) -> bool:
    """Show what a continuation does, a line a branch; the answer is whether it succeeded."""

    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, Happened) and isinstance(event.event, Judged):
            out.result({**_json(event.event), "run": run.id}, _text(event.event))
        elif isinstance(event, TaskEnded):
            result = event.result
            text = f"{one_line(result.task)}\n  {result_text(result)}"
            text += f"\n  best {short(result.best_id)}" if result.best_id else ""
            out.result(run_result_json(result, run), text)

    return succeeded(await follow(events, workspace, out, show))


async def _events(args: argparse.Namespace, workspace: Workspace) -> AsyncIterator[RunEvent]:
    if args.resume is not None and args.id is None:
        return workspace.continuing.resume(await resumable(args, workspace), answers=args.answers)
    if args.resume is not None or args.id is None or args.step is None:
        raise UserError("say what to continue: ID --from STEP, or --resume RUN")
    return workspace.continuing.continue_from(
        args.id,
        args.step,
        times=args.times,
        user=args.user,
        max_steps=args.max_steps,
        budget=budget_of(args),
        chosen=chosen_model(args),
        answers=args.answers,
    )


def _json(branch: Judged) -> JsonObject:
    judgement = branch.judgement
    proposal, inspection = judgement.proposal, judgement.inspection
    settings, cost = proposal.settings, proposal.cost
    return {
        "branch": settings.get("sample"),
        "id": judgement.candidate.id,
        "parent": judgement.base.id,
        "proposal": proposal.id,
        "from": settings.get("step"),
        "steps": len(proposal.hunks[0].after),
        "ended_by": settings.get("ended_by"),
        "losses_before": losses_to_json(judgement.before.losses),
        "losses_after": losses_to_json(inspection.losses),
        "verified": inspection.verified,
        "accepted": branch.taken,
        "rule": judgement.rule,
        "explanation": judgement.explanation,
        "calls": cost.calls,
        "tokens_in": cost.tokens_in,
        "tokens_out": cost.tokens_out,
        "usd": cost.usd,
    }


def _text(branch: Judged) -> str:
    judgement = branch.judgement
    settings = judgement.proposal.settings
    answer = "accepted" if branch.taken else "not accepted"
    steps = counted(len(judgement.hunks[0].after), "step")
    return "\n".join(
        [
            f"branch {settings.get('sample')}: {steps} from {settings.get('step')} on, "
            f"{one_line(str(settings.get('ended_by')))}",
            f"  {answer} ({judgement.rule}: {judgement.explanation})",
            f"  revision {short(judgement.candidate.id)} of {short(judgement.base.id)}, "
            f"proposal {short(judgement.proposal.id)}",
            f"  before: {losses_text(judgement.before.losses)}",
            f"  after:  {losses_text(judgement.inspection.losses)}  {verified_text(judgement.inspection.verified)}",
        ]
    )


COMMAND = Command("continue", "let a model act on from a step of a trajectory", _arguments, _run)
