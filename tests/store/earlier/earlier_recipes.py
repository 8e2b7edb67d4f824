"""What is done in the stores of `make.py`: everything that a version could do, on a few small trajectories."""

import json
import shutil
from collections.abc import Callable

from earlier_desk import HERE, Desk, Line

ANN, BO, CY = (("--annotator", name) for name in ("ann", "bo", "cy"))
FAULTY = "travel-train-1-7-0003"
"""A sample with one defect, as versions from 2 on name it."""


def because(reason: str) -> tuple[str, str]:
    """The option that says why."""
    return "--reason", reason


def first_review(desk: Desk) -> None:
    """Samples and chats, inspected; proposals taken, refused, taken in part and taken back; edits by hand."""
    desk.call("samples", "--count", "5", "--seed", "7")
    shutil.copy(HERE / "chats.jsonl", desk.data)
    desk.call("import", "chats.jsonl")  # as the store names the file from now on
    desk.run("inspect", "--all")
    good, *failing = (row["head"] for row in desk.call("list", "--query", "env:travel"))
    accepted, rejected, edited, _ = (desk.call("propose", head)[0] for head in failing)
    desk.call("decide", accepted["proposal"], "--accept", *ANN, *because("it keeps the budget"))
    in_part = ("--accept", "--hunks", "0", "--override")
    desk.call("decide", edited["proposal"], *in_part, *ANN, *because("the first change alone, 只要第一处"))
    edits = written(desk, [{"op": "delete", "step": 5}])
    desk.call("revise", head_of(desk, edited), "--edits", edits, "--override", *BO, *because("nobody wants it"))
    judge_findings(desk, good, rejected["base"])
    desk.call("decide", rejected["proposal"], "--reject", *BO, *because("the hotel is too far away"))
    desk.call("decide", rejected["proposal"], "--accept", "--override", *ANN, *because("too quick"))
    desk.call("undo", *ANN)
    first, second = (row["head"] for row in desk.call("list", "--query", "env:recorded"))
    desk.call("mark", "skip", first, *CY)
    desk.call("mark", "flag", second, *ANN, *because("ask somebody who knows the timetable"))
    desk.call("mark", "reject", first, *CY, *because("the task itself is wrong"))
    desk.call("undo", *CY)
    desk.call("verify", head_of(desk, accepted), *BO)


def leave(desk: Desk) -> None:
    """Leave the window amid a review of the last sample."""
    desk.leave(undecided(desk))


def undecided(desk: Desk) -> str:
    """The last sample, which no person decides on."""
    return str(desk.call("list", "--query", "env:travel")[4]["id"])


def judge_findings(desk: Desk, good: str, faulty: str) -> None:
    """Say of gradients what is true of them, and add one."""
    added = ("--step", "3", "--component", "soft_constraints", "--critique", "later would do as well")
    desk.call("gradient", "add", good, *added, *ANN)
    (shown,) = desk.call("show", faulty)
    first, *_, last = (gradient["id"] for gradient in shown["gradients"])
    desk.call("gradient", "confirm", faulty, "--gradient", first, *ANN)
    desk.call("gradient", "dismiss", faulty, "--gradient", last, *BO, *because("it is open then"))
    desk.call("gradient", "blame", faulty, "--gradient", first, "--step", "4", *BO, *because("it begins there"))


def approvals(desk: Desk) -> None:
    """From 2 on: a good recording is approved as it is."""
    desk.call("mark", "approve", desk.call("list", "--query", "env:travel")[0]["head"], *BO, *because("flawless"))


def runs(desk: Desk) -> None:
    """From 3 on: runs of the loop with a repairer and with a model, new plans, branches and a comparison."""
    faulty = undecided(desk)
    desk.run("refine", faulty, "--budget-iterations", "1")
    with desk.model("travel_policy:policy") as model:
        asking = ("--proposer", "model", "--budget-iterations", "1")
        desk.run("refine", faulty, *asking, *model)
        desk.run("plan", FAULTY, "--times", "2", "--max-steps", "2", *model)
        desk.run("continue", faulty, "--from", "7", "--max-steps", "4", *model)
        methods = ("--methods", "single_pass", "--budget-iterations", "1")
        desk.run("compare", "--samples", "1", "--level", "1", *methods, *model)


def team(desk: Desk) -> None:
    """From 4 on: people who work together, and what is decided in bulk."""
    rows = desk.call("list", "--query", "env:travel")
    good, accepted, rejected = (row["id"] for row in rows[:3])
    desk.call("assign", "add", "--query", "env:travel", "--to", "ann", "bo", "--overlap", "0.5")
    desk.call("gold", "add", rejected, "--verdict", "rejected", "--blame", "3", "--note", "no hotel is near", *CY)
    desk.call("gold", "add", good, "--verdict", "kept", *CY)
    desk.call("seed", "add", "--query", "env:travel", "--count", "1")
    desk.call("judge", rejected, "--step", "3", *ANN)
    desk.call("rate", good, "readable", "1", *ANN)
    desk.call("mark", "reject", accepted, *CY, *because("too dear all the same"))
    desk.call("bulk", "skip", "--query", "env:recorded", *BO, *because("another day"))
    desk.call("restore", accepted, "--override", *ANN, *because("the recording was better"))
    desk.call("views", "save", "dear ones", "--query", "env:travel loss.hard_constraints>0", "--order", "worst_first")
    desk.call("policy", "--judge-first")


def methods(desk: Desk) -> None:
    """From 5 on: plan trees, cascades, plans written anew, classes of failures, rewards."""
    pending = desk.call("list", "--query", f"task:{FAULTY}")[0]["head"]
    with desk.model("travel_policy:beginner") as model:
        desk.run("search", FAULTY, "--rollouts", "2", "--plans", "2", "--max-steps", "4", *model)
    with desk.model("travel_policy:policy") as model:
        desk.call("score", "--by", "judge", pending, *model)
        desk.run("replan", pending, "--at", "4", *model)
    with desk.model("travel_routing:models") as model:
        desk.run("route", FAULTY, "--samples", "2", "--max-steps", "2", *model)
    desk.call("score", pending, "--give", "correctness=3", *BO, *because("the order is off"))
    desk.call("classify", pending, "--class", "wrong time or order", *ANN)
    (grounded,) = desk.call("ground", pending)
    desk.call("decide", grounded["proposal"], "--accept", *ANN, *because("that is what it did"))


def look(desk: Desk) -> None:
    """Ask what the version can say of all that."""
    rows = desk.ask("list")
    shown = [shown for row in rows for shown in desk.ask("show", row["head"])]
    for identity in sorted({row["id"] for row in rows} - {each["id"] for each in shown}):
        desk.ask("show", identity)
    desk.ask("ledger", "check")
    desk.ask("ledger", "show")
    desk.export("trl-dpo")


def look_at_runs(desk: Desk) -> None:
    """Ask what the version can say of runs."""
    for run in desk.ask("runs"):
        desk.ask("runs", run["run"])
        desk.ask("runs", run["run"], "--passages")


def look_at_team(desk: Desk) -> None:
    """Ask what the version can say of people."""
    for question in ("assign list", "gold list", "gold report", "seed list", "views list"):
        desk.ask(*question.split())
    for question in ("agreement", "trust", "dashboard", "policy", "settings"):
        desk.ask(question)


def look_at_methods(desk: Desk) -> None:
    """Ask what the version can say of methods."""
    for run in desk.call("runs"):
        if run["settings"]["command"] == "search":
            desk.ask("tree", run["run"])
        if run["settings"]["command"] == "route":
            desk.ask("route", "--stages", run["run"])
    desk.ask("groups")
    for row in desk.call("list", "--query", f"task:{FAULTY}"):
        desk.ask("score", row["head"], "--by", "rule")


def head_of(desk: Desk, proposal: Line) -> str:
    """Where the lineage of a proposal's base stands now."""
    return next(str(row["head"]) for row in desk.call("list") if row["id"] == proposal["base"])


def written(desk: Desk, value: object) -> str:
    """A JSON file beside the store."""
    file = desk.data / "edits.json"
    file.write_text(json.dumps(value), "utf-8")
    return str(file)


Part = Callable[[Desk], None]

DONE: tuple[tuple[int, Part], ...] = (
    (1, first_review),
    (2, approvals),
    (3, runs),
    (4, team),
    (5, methods),
    (1, leave),
)
ASKED: tuple[tuple[int, Part], ...] = ((1, look), (3, look_at_runs), (4, look_at_team), (5, look_at_methods))
"""What is done and asked, each with the format from which on it can be."""
