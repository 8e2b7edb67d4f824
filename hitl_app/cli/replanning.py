"""`hitl-app replan ID --at STEP` and `hitl-app ground ID…`: propose a new plan, or the plan of what was done."""

import argparse
from collections.abc import AsyncIterator, Iterable, Iterator

from hitl_app.cli.command import Command
from hitl_app.cli.continue_ import add_speaker, show_branches, step_number
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import add_model, add_roles, budget_of, chosen_roles, refuse_roles
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.plan import ROLES, add_acting
from hitl_app.cli.revise import read_json
from hitl_app.cli.views import proposal_json, run_result_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.grounding import GroundingFault
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.plan_diff import PlanChange, diff_plans
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.replan import Replan, carried_out
from hitl_app.domain.run import Run
from hitl_app.domain.trajectory import Trajectory
from hitl_app.workflow.loop_events import Proposed
from hitl_app.workflow.roles import Role
from hitl_app.workflow.running import Happened, RunEvent, TaskEnded
from hitl_app.workflow.workspace import Workspace

OFFLINE, MODEL = "offline", "model"
BY_HAND = "plan by hand"
"""Who proposes a plan that was in a file."""

PLANNER = (Role.PLANNER,)

LOCKED, SAME, OLD, NEW = "=", " ", "-", "+"
"""Marks of plan steps: carried out, the same, of the old plan alone, of the new one alone."""


def _replan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?", metavar="ID", help="the trajectory")
    parser.add_argument("--at", type=step_number, metavar="STEP", help="number of first steps that stay")
    parser.add_argument(
        "--plan", metavar="FILE", help="JSON list of the plan steps that are still to do; - reads standard input"
    )
    parser.add_argument("--go-on", action="store_true", help="let the executor act on from there under the new plan")
    add_speaker(parser)
    add_acting(parser)
    add_roles(parser, ROLES)


def _ground_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="a trajectory in which the agent did something")
    parser.add_argument(
        "--by", choices=(OFFLINE, MODEL), default=OFFLINE, help="who writes the plan (default: offline)"
    )
    parser.add_argument(
        "--plan", metavar="FILE", help="JSON list of plan steps, each with its `actions`; - reads standard input"
    )
    parser.add_argument("--resume", metavar="RUN", help="go on with a run that was interrupted or cancelled")
    add_model(parser)
    add_roles(parser, PLANNER)


async def _replan(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.resume is not None and args.id is None:
        refuse_roles(args, ROLES)
        events = workspace.planning.resume(await resumable(args, workspace), answers=args.answers)
        return await _follow(events, workspace, out)
    if args.resume is not None or args.id is None or args.at is None:
        raise UserError("say what to plan anew: ID --at STEP, or --resume RUN")
    replan, roles = None, chosen_roles(args, ROLES)
    if args.plan is not None:
        replan = await workspace.planning.left(args.id, args.at, read_json(args.plan, "the plan"))
    if args.go_on:
        return await show_branches(_going_on(args, workspace, replan), workspace, out)
    if replan is not None:
        proposal, _ = await workspace.planning.propose(args.id, replan, BY_HAND)
        return await _show(proposal, workspace, out)
    planner = roles[Role.PLANNER]
    events = workspace.planning.replan(args.id, args.at, budget=budget_of(args), planner=planner, answers=args.answers)
    return await _follow(events, workspace, out)


def _going_on(args: argparse.Namespace, workspace: Workspace, replan: Replan | None) -> AsyncIterator[RunEvent]:
    return workspace.continuing.continue_from(
        args.id,
        args.at,
        user=args.user,
        max_steps=args.max_steps,
        budget=budget_of(args),
        answers=args.answers,
        roles=chosen_roles(args, ROLES),
        replan=replan,
        anew=replan is None,
    )


async def _ground(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if bool(args.ids) == (args.resume is not None):
        raise UserError("say what to write a plan of: trajectories, or --resume RUN")
    if args.resume is not None:
        refuse_roles(args, PLANNER)
        events = workspace.planning.resume(await resumable(args, workspace), answers=args.answers)
        return await _follow(events, workspace, out)
    if args.plan is not None and (args.by == MODEL or len(args.ids) != 1):
        raise UserError("--plan goes with one trajectory, and with nobody else who writes its plan")
    if args.by == MODEL:
        planner = chosen_roles(args, PLANNER)[Role.PLANNER]
        events = workspace.planning.ground(args.ids, budget=budget_of(args), planner=planner, answers=args.answers)
        return await _follow(events, workspace, out)
    if args.plan is not None:
        replan = workspace.planning.cited(read_json(args.plan, "the plan"))
        proposal, _ = await workspace.planning.propose(args.ids[0], replan, BY_HAND)
        return await _show(proposal, workspace, out)
    sound = True
    for each in args.ids:
        proposal, _ = await workspace.planning.propose(each, await workspace.review.grounded(each))
        sound = await _show(proposal, workspace, out) and sound
    return sound


async def _follow(events: AsyncIterator[RunEvent], workspace: Workspace, out: Output) -> bool:
    """Show what a run of the planner proposes; the answer is whether each plan may be accepted."""
    proposals: list[Proposal] = []

    def show(event: RunEvent, run: Run) -> None:
        if isinstance(event, Happened) and isinstance(event.event, Proposed):
            proposals.append(event.event.proposal)
        elif isinstance(event, TaskEnded):
            result = event.result
            out.result(run_result_json(result, run), f"{one_line(result.task)}\n  {result_text(result)}")

    run = await follow(events, workspace, out, show)
    sound = [await _show(proposal, workspace, out) for proposal in proposals]
    return succeeded(run) and all(sound)


async def _show(proposal: Proposal, workspace: Workspace, out: Output) -> bool:
    """Show a proposed plan with what is wrong with it; the answer is whether nothing is."""
    base = (await workspace.library.open(proposal.base_id)).trajectory
    replan, faults = proposal.replan, await workspace.planning.faults(proposal)
    if replan is not None:
        found: JsonObject = {**proposal_json(proposal), "faults": [_fault_json(fault) for fault in faults]}
        lines = [f"proposal {short(proposal.id)} by {proposal.proposer}: {one_line(replan.why)}".rstrip(": ")]
        lines += _brackets(replan) if replan.at == 0 else _changes(base, replan)
        lines += [f"  fault: {one_line(fault.words)}" for fault in faults]
        out.result(found, "\n".join(lines))
    return not faults


def _brackets(replan: Replan) -> Iterator[str]:
    """Each plan step with the actions that it cites."""
    for number, item in enumerate(replan.plan):
        cited = [step for step, plan_step in replan.links if plan_step == number]
        yield f"  {number + 1}. {one_line(item.step)}  [{_ranges(cited)}]"


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers with those that follow one another taken together, as `3-5, 7`."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _changes(base: Trajectory, replan: Replan) -> Iterator[str]:
    """The new plan beside the one that it takes the place of."""
    locked = carried_out(base, replan.at)
    for row in diff_plans(base.plan, replan.plan):
        same = row.change is PlanChange.SAME
        if row.old is not None and not same:
            yield f"  {OLD} {row.old + 1}. {one_line(base.plan[row.old].step)}"
        if row.new is not None:
            mark = NEW if not same else LOCKED if row.new < locked else SAME
            yield f"  {mark} {row.new + 1}. {one_line(replan.plan[row.new].step)}"


def _fault_json(fault: GroundingFault) -> JsonObject:
    return {
        "kind": fault.kind,
        "plan_step": fault.plan_step,
        "step": fault.step,
        "value": fault.value,
        "words": fault.words,
    }


REPLAN = Command("replan", "propose a plan that is written anew from a step on", _replan_arguments, _replan)
GROUND = Command("ground", "propose the plan that a trajectory's actions carry out", _ground_arguments, _ground)
