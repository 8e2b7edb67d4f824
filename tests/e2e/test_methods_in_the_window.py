"""Each of the four methods from runs of a model to training data, with a person's word in the real window between."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # rows of JSON are read here as a script would read them

import pytest
from in_process import Line, call
from screen import Desk, desk_on, virtual_screen
from serving import serving
from shift import quiet, turn_to

pytestmark = pytest.mark.slow

POLICY = Path(__file__).resolve().parents[1] / "policy"
TASK = "travel-train-1-7-0000"
RIGHT, WRONG = 1, 2
"""Rows of the queue: what the large model did is verified, what the small one did is not, and has a proposal."""

OWN_STEP = "Ask what the trains cost before anything is booked"


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with virtual_screen() as name:
        yield name


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store in which a large and a small model have each planned a trip and carried it out."""
    store = tmp_path_factory.mktemp("runs") / "store"
    with serving("travel_routing:models", POLICY) as served:
        call(store, "samples", "--count", "1", "--seed", "7")
        for role in ("large", "small"):
            asked = ("--base-url", served.base_url, "--model", role)
            call(store, "model", "set", "--role", role, *asked, "--price-in", "0.05", "--price-out", "0.2")
            call(store, "plan", TASK, "--times", "1", *asked)
        call(store, "inspect", "--all")
        call(store, "propose", call(store, "list")[WRONG]["id"])
        yield store


@pytest.fixture
def store(runs: Path, tmp_path: Path) -> Path:
    """A copy of that store for one person."""
    return Path(shutil.copytree(runs, tmp_path / "desk"))


def go_to(desk: Desk, store: Path, row: int) -> Line:
    """Go down the queue to a row, and say what it holds."""
    rows = call(store, "list")
    for number, each in enumerate(rows[: row + 1]):
        if number:
            desk.keys("j")
        desk.wait(f"row {number}", lambda state, root=each["id"]: quiet(state) and state["root"] == root)  # type: ignore[misc]  # a default binds it
    return rows[row]


def go_to_step(desk: Desk, step: int) -> None:
    """Go up or down the steps to one."""
    while (at := desk.state["selected_step"]) != step:
        desk.keys("Down" if at is None or at < step else "Up")
        desk.wait("another step", lambda state, at=at: state["selected_step"] != at)  # type: ignore[misc]  # as above


def exported(store: Path, name: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each file of an export that passes its check."""
    call(store, "export", "--format", name, "--out", folder)
    (checked,) = call(store, "check-export", folder)
    assert checked["passed"] is True
    files = sorted(folder.glob("*.jsonl"))
    return {file.stem: [json.loads(line) for line in file.read_text("utf-8").splitlines()] for file in files}


def test_cope_weighs_an_answer_by_how_far_a_person_sees_the_plan_followed(
    display: str, store: Path, tmp_path: Path
) -> None:
    with desk_on(display, store) as desk:
        run = go_to(desk, store, WRONG)
        (before,) = call(store, "links", run["id"])
        likely = next(each for each in before["alignment"] if each["source"] == "matched")
        turn_to(desk, "Steps")
        go_to_step(desk, likely["step"])
        desk.keys("t")
        desk.wait("the steps of the plan", lambda state: state["dialog"] is not None)
        desk.keys(str(likely["plan_step"] + 1))
        desk.wait("the link", lambda state: quiet(state) and "carries out plan step" in state["message"])
        (linked,) = call(store, "links", run["id"])
        assert linked["c_tau"] > before["c_tau"]
        desk.wait("the badge", lambda state: state["followed"] == f"plan followed: {linked['c_tau']:.2f}")
        desk.keys("ctrl+Return")
        desk.wait("the approval", lambda state: quiet(state) and "Saved" in state["message"])
        assert desk.quit() == ""
    approval = call(store, "ledger", "show")[-1]
    assert approval["detail"]["cope_coordination"]["executor_weight"] == linked["c_tau"]
    files = exported(store, "halos", tmp_path / "out")
    assert [row["weight"] for row in files["pairs-divergence-train"]] == [linked["c_tau"]]
    assert {row["weight"] for row in files["judgements-divergence-train"]} == {linked["c_tau"]}


def test_pilotrl_trains_on_the_reward_that_a_person_types(display: str, store: Path, tmp_path: Path) -> None:
    with desk_on(display, store) as desk:
        run = go_to(desk, store, RIGHT)
        desk.keys("ctrl+shift+s")
        desk.wait("the rewards", lambda state: "Type a number" in state["words"])
        desk.keys("0")
        desk.wait("the reward on record", lambda _: bool(call(store, "ledger", "show")))
        desk.keys("Escape")
        desk.wait("the desk", quiet)
        assert desk.quit() == ""
    (given,) = call(store, "ledger", "show")
    assert (given["kind"], given["annotator"], given["detail"]["reward"]) == ("score", "ann", "end_to_end")
    rows = exported(store, "pilotrl", tmp_path / "out")["stage3-train"]
    found = {(row["trajectory"], row["r_e2e"], row["human_override"]) for row in rows}
    assert (run["id"], 0, True) in found, "by rule it would be 1: all is well, and more was looked up than is needed"
    assert not [each for each in found if each[2] and each[0] != run["id"]]


def test_plan_and_act_trains_the_planner_on_the_step_that_a_person_writes(
    display: str, store: Path, tmp_path: Path
) -> None:
    with desk_on(display, store) as desk:
        run = go_to(desk, store, RIGHT)
        desk.keys("ctrl+shift+p")
        desk.wait("the plans", lambda state: state["focus"] == "Plans over time")
        desk.keys("alt+g")
        desk.wait("the grounded plan", lambda state: state["focus"] == "Plan" and "Save" in state["words"])
        desk.keys("F2")
        desk.wait("the cell", lambda state: state["typing"])
        desk.keys("ctrl+a")
        desk.type(OWN_STEP)
        desk.keys("ctrl+Return")
        revised = desk.wait("the revision", lambda state: state["trajectory"] != run["id"])
        desk.keys("Escape")
        desk.wait("the desk", quiet)
        assert desk.quit() == ""
    (row,) = exported(store, "plan-and-act", tmp_path / "out")["planner-train"]
    assert f"Step: {OWN_STEP}" in row["output"]
    assert (row["trajectory"], row["base"]) == (revised["trajectory"], run["id"])
    assert (row["decision"], row["human"], row["verified"]) == ("edit", True, True)


def test_cope_routing_tells_who_accepted_early(display: str, store: Path, tmp_path: Path) -> None:
    with desk_on(display, store) as desk:
        desk.wait("the desk", quiet)
        desk.keys("ctrl+shift+c")
        desk.wait("the cascades", lambda state: state["window"].startswith("Cascades"))
        desk.keys("ctrl+4")
        desk.wait("the form", lambda state: "Start" in state["words"].split("\n"))
        desk.keys("alt+m", "alt+s")
        asked = desk.wait("the gate", lambda state: state["window"] == "Accept or escalate?")
        assert "6 of 8 agree (0.75)" in asked["words"]
        assert "the threshold would escalate" in asked["words"]
        desk.keys("a")
        desk.wait("the end", lambda state: not state["run"] and state["activity"] == "idle")
        assert desk.quit() == ""
    (passage,) = call(store, "runs", call(store, "runs")[0]["run"], "--passages")
    assert (passage["gate"], passage["who"], passage["changed"]["action"]) == ("route", "ann", "accept")
    files = exported(store, "cope_routing", tmp_path / "out")
    (stage,) = files["stages"]
    assert (stage["stage"], stage["consensus"], stage["threshold"], stage["accepted"]) == (1, 0.75, 0.75, True)
    assert (stage["decided_by"], stage["escalated_by"]) == ("ann", None)
    assert sum(row["usd"] for row in files["calls"]) == pytest.approx(stage["usd"])
    assert {row["model"] for row in files["calls"]} == {"small"}
