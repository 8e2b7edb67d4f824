"""`hitl-app score TRAJECTORY…`: rewards by rule, by a model as judge and by people, side by side; or give one."""

import argparse
from collections.abc import AsyncIterator

from hitl_app.cli.command import Command, add_blind, is_blind, words
from hitl_app.cli.following import follow, result_text, resumable, succeeded
from hitl_app.cli.model_options import add_concurrency, add_model, budget_of, chosen_model
from hitl_app.cli.output import Output, one_line, short
from hitl_app.cli.views import entry_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.grpo import STAGES, Norm
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.method_codec import score_to_json
from hitl_app.domain.score import Reward, Score, ScoreSource
from hitl_app.domain.settings import checked_annotator
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.running import RunEvent, TaskEnded
from hitl_app.workflow.scoring import ScoreCard
from hitl_app.workflow.workspace import Workspace

_BY = (ScoreSource.RULE, ScoreSource.JUDGE)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="TRAJECTORY", help="by its id or the first digits of it")
    parser.add_argument("--query", metavar="Q", help="the recordings of all lineages that fit")
    parser.add_argument(
        "--by", choices=tuple(map(str, _BY)), help="rule: what rules give, alone; judge: ask a model first"
    )
    parser.add_argument("--reference", default="", metavar="ID", help="shown to the judge of plans as a right run")
    add_norm(parser)
    own = parser.add_argument_group("a person's own score")
    own.add_argument("--give", type=_given, metavar="REWARD=VALUE", help=f"a reward of {', '.join(Reward)}")
    own.add_argument("--step", type=int, metavar="N", help="the step that it is about, counted from 0")
    own.add_argument("--annotator", type=words, metavar="NAME", help="who gives it")
    own.add_argument("--reason", default="", metavar="TEXT", help="why")
    add_blind(parser)
    add_model(parser)
    add_concurrency(parser, "trajectories at a time")
    parser.add_argument("--resume", metavar="RUN", help="go on with a run of the judge that was interrupted")


def add_norm(parser: argparse.ArgumentParser) -> None:
    """The option that says how the terms of a total are normalised."""
    parser.add_argument(
        "--norm",
        type=Norm,
        choices=tuple(Norm),
        default=Norm.MAX,
        metavar="HOW",
        help=f"how the terms of totals are normalised: {', '.join(Norm)} (default: {Norm.MAX})",
    )


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.give is not None:
        return await _give(args, workspace, out)
    if args.step is not None:
        raise UserError("--step says what --give is about: give both")
    if args.by == ScoreSource.JUDGE or args.resume is not None:
        run = await follow(await _judged(args, workspace), workspace, out, lambda event, run: _tell(out, event))
        ids, done = [result.start_id for result in run.results], succeeded(run)
    else:
        ids, done = await _ids(args, workspace), True
    viewer = args.annotator if args.annotator and await is_blind(args, workspace) else ""
    for identity in ids:
        card = await workspace.scoring.card(identity, viewer)
        if args.by == ScoreSource.RULE:
            rules = tuple(score for score in card.scores if score.source is ScoreSource.RULE)
            card = ScoreCard(card.trajectory, rules)
        out.result(_json(card, args.norm), _text(card, args.norm))
    return done


async def _give(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if len(args.ids) != 1 or args.annotator is None:
        raise UserError("a score is given to one trajectory, by somebody: score TRAJECTORY --give R=V --annotator NAME")
    reward, value = args.give
    maker = Maker(checked_annotator(args.annotator), args.reason, blind=await is_blind(args, workspace))
    entry, _ = await workspace.scoring.give(args.ids[0], reward, value, maker, args.step)
    out.result(entry_json(entry), f"decision {entry.sequence}: {reward} {value} by {maker.annotator}")
    return True


async def _ids(args: argparse.Namespace, workspace: Workspace) -> list[str]:
    if bool(args.ids) == (args.query is not None):
        raise UserError("say what to score: trajectories, or --query Q")
    return args.ids or await workspace.library.root_ids(args.query)


async def _judged(args: argparse.Namespace, workspace: Workspace) -> AsyncIterator[RunEvent]:
    if args.resume is not None:
        return workspace.scoring.resume(await resumable(args, workspace), answers=args.answers)
    return workspace.scoring.judge(
        await _ids(args, workspace),
        reference=args.reference,
        budget=budget_of(args),
        chosen=chosen_model(args),
        concurrency=args.concurrency,
        answers=args.answers,
    )


def _tell(out: Output, event: RunEvent) -> None:
    if isinstance(event, TaskEnded) and event.result.error:
        out.message(f"{short(event.result.start_id)}  {result_text(event.result)}")


def _json(card: ScoreCard, norm: Norm) -> JsonObject:
    counting = card.rewards.counting
    scores: list[Json] = [
        {**score_to_json(score), "counts": counting[score.reward, score.step] == score} for score in _sorted(card)
    ]
    return {
        "id": card.trajectory.id,
        "scores": scores,
        "norm": norm,
        "totals": {str(stage): card.rewards.total(stage, norm) for stage in STAGES},
        "plan_passes": card.plan_passes,
    }


def _text(card: ScoreCard, norm: Norm) -> str:
    lines = [short(card.trajectory.id)]
    counting = card.rewards.counting
    for score in _sorted(card):
        where = "" if score.step is None else f" of step {score.step}"
        mark = "→" if counting[score.reward, score.step] == score else " "
        who = f"{score.source} ({one_line(score.by)})"
        lines.append(f"  {mark} {score.reward}{where}: {score.value}  {who}  {one_line(score.reason)}")
    totals = ((stage, card.rewards.total(stage, norm)) for stage in STAGES)
    lines += [f"  stage {stage}: {'not measured' if total is None else f'{total:.3f}'}" for stage, total in totals]
    return "\n".join(lines)


def _sorted(card: ScoreCard) -> list[Score]:
    """By what they are about; of one thing the rules' first."""
    rewards, sources = list(Reward), list(ScoreSource)
    return sorted(
        card.scores,
        key=lambda score: (
            -1 if score.step is None else score.step,
            rewards.index(score.reward),
            sources.index(score.source),
            score.made_at,
        ),
    )


def _given(text: str) -> tuple[Reward, int]:
    name, _, value = text.partition("=")
    try:
        return Reward(name), int(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected a reward with a whole number, such as adherence=2: {error}"
        ) from error


COMMAND = Command("score", "rewards of trajectories by rule, by a judge and by people", _arguments, _run)
"""The command."""
