"""Makes a store with the work of the four other methods and exports it for them: `make_method_exports.py FOLDER`.

The work is done as people and runs do it, through the product's own use cases. Where a model is asked, the scripted
policy answers, behind a server on the loopback: CoPE searches, so that tasks have two plans with several executions
each; people link steps and give rewards; plans are written anew, from a step on and for what was done already;
Plan-and-Act's new pairs are approved, some for a class of failures; COPE's cascades run on some tasks.
"""

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
POLICY = HERE.parent / "policy"
sys.path.append(str(HERE.parent / "llm"))

from make_exports import CHATS, TRIPS, chat, command, edits  # noqa: E402 -- found once its folder is on the path
from serving import Served, serving  # noqa: E402

from hitl_app.bootstrap import build  # noqa: E402
from hitl_app.domain.replan import Replan, carried_out  # noqa: E402
from hitl_app.domain.score import Reward  # noqa: E402
from hitl_app.domain.trajectory import Trajectory  # noqa: E402
from hitl_app.workflow.deciding import Maker  # noqa: E402
from hitl_app.workflow.workspace import Workspace  # noqa: E402

FORMATS = ("halos", "pilotrl", "plan-and-act", "plan-and-act-input-output", "plan-and-act-messages", "cope_routing")
RESAMPLED = "halos-resampled"
RATE = 4
"""A row of weight w is written `RATE * w` times."""

PERSON = ("--annotator", "tester")
VERIFIED_TRIPS = "env:travel format:synthetic verified:yes"
MAKER = Maker("tester", "the rest of the plan was vague")
REWARDS = (
    {Reward.CORRECTNESS: 5, Reward.FOLLOWABILITY: 4, Reward.STANDARDISATION: 5, Reward.END_TO_END: 1},
    {Reward.CORRECTNESS: 3, Reward.FOLLOWABILITY: 4, Reward.STANDARDISATION: 4, Reward.END_TO_END: 0},
)
"""What a person gives the first two executions for a task."""


def at(served: Served, model: str = "scripted") -> tuple[str, ...]:
    return "--base-url", served.base_url, "--model", model


def searched(store: Path) -> None:
    """Two plans of each task, carried out twice each; a person links and rewards some of that."""
    tasks = [line["task"] for line in command(store, "list", "--query", "env:travel")]
    with serving("travel_policy:beginner", POLICY) as served:
        for task in tasks:
            command(store, "search", task, "--rollouts", "2", "--plans", "2", *at(served))
    for task in tasks:
        made = [line["head"] for line in command(store, "list", "--query", f"task:{task} format:plan")]
        linked(store, made[0])
        for identity, rewards in zip(made, REWARDS, strict=False):
            for reward, value in rewards.items():
                command(store, "score", identity, "--give", f"{reward}={value}", *PERSON)


def followed_less(store: Path, identity: str) -> None:
    """A person says that nothing carries out the first step of a repaired trip's plan."""
    (shown,) = command(store, "show", identity)
    unset = [str(number) for number, step in enumerate(shown["steps"]) if step["plan_step"] == 0]
    command(store, "links", identity, *(word for step in unset for word in ("--unset", step)), *PERSON)


def linked(store: Path, identity: str) -> None:
    """The first action carries out the first step of the plan, and the last action the last one: that adheres."""
    (shown,) = command(store, "show", identity)
    acts = [number for number, step in enumerate(shown["steps"]) if step["kind"] == "action"]
    ends = f"{acts[0]}=0", f"{acts[-1]}={len(shown['plan']) - 1}"
    command(store, "links", identity, "--set", ends[0], "--set", ends[1], *PERSON)
    command(store, "score", identity, "--give", "adherence=2", "--step", str(acts[0]), *PERSON)


def repaired(store: Path) -> None:
    """Trips are repaired by the loop, and chats put right by hand."""
    command(store, "refine", "--query", "env:travel format:synthetic")
    chats, change = store / "chats.jsonl", store / "edits.json"
    chats.write_text("".join(json.dumps(chat(number)) + "\n" for number in range(CHATS)), encoding="utf-8")
    command(store, "import", chats)
    for number, line in enumerate(command(store, "list", "--query", "env:recorded")):
        change.write_text(json.dumps(edits(number)), encoding="utf-8")
        command(store, "revise", line["id"], "--edits", change, "--reason", "the amount was wrong", *PERSON)


def heads(store: Path, query: str) -> list[str]:
    return [line["head"] for line in command(store, "list", "--query", query)]


def later(base: Trajectory) -> Replan:
    """The plan with clearer words for all that was not carried out by the middle of a trajectory."""
    step = len(base.steps) // 2
    locked = carried_out(base, step)
    rest = [replace(each, step=f"{each.step}, and see what it costs") for each in base.plan[locked:]]
    links = ((number, of.plan_step) for number, of in enumerate(base.steps[step:], step))
    return Replan(step, (*base.plan[:locked], *rest), tuple((n, of) for n, of in links if of is not None), "clearer")


async def planned_anew(workspace: Workspace, trips: list[str], chats: list[str]) -> None:
    """Write plans anew in the middle of trips, and for chats the plan that their actions carry out."""
    for trip in trips:
        base = (await workspace.library.open(trip)).trajectory
        await workspace.review.replan(trip, later(base), MAKER)
    for each in chats:
        await workspace.review.replan(each, await workspace.review.grounded(each), MAKER)


def expanded(store: Path) -> None:
    """New pairs after seeds, of which all but one are approved; some for a class of failures."""
    seeds = heads(store, VERIFIED_TRIPS)
    command(store, "classify", seeds[0], "--class", "budget", *PERSON)
    with serving("travel_expanding:policy", POLICY) as served:
        pairs = command(store, "expand", *seeds, "--count", "8", *at(served))[:-1]
        pairs += command(store, "expand", seeds[0], "--class", "budget", *at(served))[:-1]
    for pair in pairs[1:]:
        command(store, "mark", "approve", pair["id"], *PERSON)
    command(store, "mark", "reject", pairs[0]["id"], "--reason", "nobody would ask so", *PERSON)


def routed(store: Path) -> None:
    """Two cascades, one of which goes on to the last stage whatever the votes are."""
    first, second = (line["task"] for line in command(store, "list", "--query", "env:travel format:synthetic")[:2])
    with serving("travel_routing:models", POLICY) as served:
        url = served.base_url
        models = ("--small-url", url, "--small-model", "small", "--large-url", url, "--large-model", "large")
        command(store, "route", first, "--samples", "3", *models)
        command(store, "route", second, "--samples", "3", "--tau1", "1", "--tau2", "1", *models)


def make_store(folder: Path) -> Path:
    """A store with the work of all methods."""
    store = folder / "method-store"
    command(store, "samples", "--count", str(TRIPS))
    searched(store)
    repaired(store)
    trips, chats = heads(store, VERIFIED_TRIPS), heads(store, "env:recorded")
    followed_less(store, trips[-1])
    application = build(store)
    try:
        asyncio.run(planned_anew(application.workspace, trips[::2], chats[::2]))
    finally:
        application.close()
    expanded(store)
    routed(store)
    return store


def main() -> None:
    folder = Path(sys.argv[1])
    store, out = make_store(folder), folder / "methods"
    for name in FORMATS:
        command(store, "export", "--format", name, "--out", out / name)
    command(store, "export", "--format", "halos", "--out", out / RESAMPLED, "--resample", str(RATE))


if __name__ == "__main__":
    main()
