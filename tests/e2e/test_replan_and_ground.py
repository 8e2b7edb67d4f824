"""`replan`, `ground`, `plan --replan` and models of roles: with the scripted policy over the loopback, and offline."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest
from in_process import Line, answer, call, printed
from serving import Served, serving

from hitl_app.bootstrap import build
from hitl_app.workflow.models import Chosen
from hitl_app.workflow.running import Called, RunBegan

POLICY = Path(__file__).parents[1] / "policy"
TASK = "travel-train-1-7-0000"
MAKER = ("--annotator", "ann", "--reason", "as I want it")


def at(served: Served, *more: str) -> Sequence[str]:
    return ["--base-url", served.base_url, "--model", "scripted", *more]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("travel_policy:steady", POLICY) as served:
        yield served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    call(folder, "samples", "--count", "1", "--seed", "7")
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "desk"))


def sample(desk: Path) -> str:
    return str(call(desk, "list")[0]["head"])


def written(folder: Path, value: object) -> str:
    file = folder / "plan.json"
    file.write_text(json.dumps(value), "utf-8")
    return str(file)


def grounded(desk: Path) -> str:
    """The sample under a plan that was read off its actions."""
    (proposed,) = call(desk, "ground", sample(desk))
    (decided,) = call(desk, "decide", proposed["proposal"], "--accept", *MAKER)
    assert (decided["accepted"], decided["rule"], decided["status"]) == (True, "plan_only", "approved")
    return str(decided["id"])


def test_the_plan_of_what_was_done_is_proposed_and_accepted(desk: Path, tmp_path: Path) -> None:
    base = sample(desk)
    (proposed,) = call(desk, "ground", base)
    assert (proposed["hunks"], proposed["faults"], proposed["replan"]["at"]) == ([], [], 0)
    actions = [n for n, step in enumerate(call(desk, "show", base)[0]["steps"]) if step["kind"] == "action"]
    assert [link["step"] for link in proposed["replan"]["links"]] == actions
    revision = grounded(desk)
    (shown,) = call(desk, "show", revision)
    assert [item["step"] for item in shown["plan"]] == [item["step"] for item in proposed["replan"]["plan"]]
    assert shown["steps"][actions[-1]]["plan_step"] == len(shown["plan"]) - 1
    assert shown["earlier_plans"] == []

    call(desk, "export", "--format", "bundle", "--out", str(tmp_path / "bundle"))
    other = tmp_path / "other"
    call(other, "import", str(tmp_path / "bundle"))
    assert call(other, "show", revision)[0]["plan"] == shown["plan"]
    assert proposed["proposal"] in call(other, "show", base)[0]["proposals"]
    assert call(other, "ledger", "check")[0]["sound"] is True


def test_a_plan_with_faults_can_be_rejected_and_never_accepted(desk: Path, tmp_path: Path) -> None:
    base = sample(desk)
    plan = [{"step": "Click on 19:00", "actions": [2, 1]}, {"step": "Book", "actions": [2]}]
    code, (proposed,), _ = answer(desk, "ground", base, "--plan", written(tmp_path, plan))
    kinds = {fault["kind"] for fault in proposed["faults"]}
    assert (code, kinds) == (1, {"gap", "overlap", "leak", "interface"})
    for more in ((), ("--override",)):
        code, lines, messages = answer(desk, "decide", proposed["proposal"], "--accept", *more, *MAKER)
        assert (code, lines) == (1, [])
        assert 'plan step 1 says "19:00"' in messages
    (decided,) = call(desk, "decide", proposed["proposal"], "--reject", *MAKER)
    assert (decided["accepted"], decided["status"]) == (False, "rejected")
    assert sample(desk) == base


def test_a_person_plans_anew_from_a_step_on(desk: Path, tmp_path: Path) -> None:
    base = grounded(desk)
    file = written(tmp_path, [{"step": "Hand in what there is"}])
    (proposed,) = call(desk, "replan", base, "--at", "9", "--plan", file)
    before = call(desk, "show", base)[0]
    locked = 1 + max(step["plan_step"] for step in before["steps"][:9] if step["plan_step"] is not None)
    assert proposed["replan"]["plan"][:locked] == before["plan"][:locked]
    assert [item["step"] for item in proposed["replan"]["plan"][locked:]] == ["Hand in what there is"]
    (decided,) = call(desk, "decide", proposed["proposal"], "--accept", *MAKER)
    (shown,) = call(desk, "show", decided["id"])
    assert shown["earlier_plans"] == [{"until": 9, "plan": before["plan"]}]
    assert [step["arguments"] for step in shown["steps"]] == [step["arguments"] for step in before["steps"]]
    code, _, messages = answer(desk, "replan", decided["id"], "--at", "4", "--plan", file)
    assert (code, "written anew at step 9 already" in messages) == (1, True)
    call(desk, "undo", "--annotator", "ann")
    assert call(desk, "list")[0]["head"] == base


def test_the_page_shows_the_plan_that_is_read_off_a_sample(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "plan-and-act.md").read_text("utf-8")
    commands, shown = re.findall(r"```(?:sh|text)\n(.*?)```", page.split("## Grounded plans")[1], re.DOTALL)[:2]
    assert [printed(tmp_path, command) for command in commands.splitlines()][-1] == shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["replan"], "say what to plan anew"),
        (["replan", "BASE", "--at", "99", "--plan", "FILE"], "there is no step 99"),
        (["replan", "BASE", "--at", "3", "--plan", "nothing.json"], "cannot read the plan"),
        (["ground"], "say what to write a plan of"),
        (["ground", "BASE", "--plan", "FILE"], "cites no actions"),
        (["ground", "BASE", "--by", "model", "--plan", "FILE"], "--plan goes with"),
        (["plan", TASK, "--every", "2"], "--every goes with --replan"),
    ],
)
def test_what_cannot_be_done_is_said(desk: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    known = {"BASE": sample(desk), "FILE": written(tmp_path, [{"step": "Go home"}])}
    code, lines, messages = answer(desk, *(known.get(each, each) for each in arguments))
    assert (code, lines) == (1, [])
    assert words in messages


def test_a_model_is_told_once_what_is_wrong_with_its_plan(desk: Path, served: Served, tmp_path: Path) -> None:
    result, proposed = call(desk, "ground", sample(desk), "--by", "model", *at(served))
    assert (result["calls"], proposed["faults"], proposed["hunks"]) == (2, [], [])
    assert proposed["proposer"] == "ground/1 scripted"
    (decided,) = call(desk, "decide", proposed["proposal"], "--accept", *MAKER)
    assert decided["rule"] == "plan_only"
    answers = [json.dumps(each["answer"]) for each in calls(desk, tmp_path)]
    assert ["such as" in text for text in answers] == [True, False], "both answers are on record"


def calls(desk: Path, folder: Path) -> list[Line]:
    """All calls of models on a desk."""
    call(desk, "export", "--format", "calls", "--out", str(folder / "calls"))
    return [json.loads(line) for line in (folder / "calls" / "calls.jsonl").read_text("utf-8").splitlines()]


def test_planner_and_executor_are_models_of_their_own_with_prices_of_their_own(
    desk: Path, served: Served, tmp_path: Path
) -> None:
    call(desk, "model", "set", *at(served, "--price-in", "1", "--price-out", "1"))
    call(desk, "model", "set", "--role", "planner", "--model", "big", "--price-in", "10", "--price-out", "10")
    (shown,) = call(desk, "model", "show")
    assert (shown["model"], shown["roles"]["planner"]["model"]) == ("scripted", "big")
    (result,) = call(desk, "plan", TASK, "--replan")
    (candidate,) = result["candidates"]
    found = calls(desk, tmp_path)
    assert {(each["purpose"], each["model"]) for each in found} == {
        ("plan", "big"),
        ("replan", "big"),
        ("act", "scripted"),
    }
    paid = {name: sum(each["usage"]["usd"] for each in found if each["model"] == name) for name in ("big", "scripted")}
    tokens = sum(each["usage"]["tokens_in"] + each["usage"]["tokens_out"] for each in found if each["model"] == "big")
    assert paid["big"] == pytest.approx(10 * tokens / 1e6)
    assert result["usd"] == pytest.approx(paid["big"] + paid["scripted"])
    (made,) = call(desk, "show", candidate["id"])
    plans = [each["plan"] for each in made["earlier_plans"]] + [made["plan"]]
    assert candidate["replans"] == len(plans) - 1 > 0
    assert "known by now" in plans[1][1]["step"]
    assert plans[1][0] == plans[0][0]
    assert made["steps"][0]["name"] == "user"
    assert all(each["until"] > 1 for each in made["earlier_plans"]), "the request comes before what was done"
    other = tmp_path / "other"
    call(other, "samples", "--count", "1", "--seed", "7")
    roles = ("--planner-model", "big", "--answers", str(tmp_path / "calls"))
    (replayed,) = call(other, "plan", TASK, "--replan", *at(served, *roles))
    assert replayed["candidates"][0]["id"] == candidate["id"]


def test_a_planner_plans_anew_and_the_executor_goes_on_under_its_plan(desk: Path, served: Served) -> None:
    base = grounded(desk)
    result, proposed = call(desk, "replan", base, "--at", "3", *at(served))
    assert (result["calls"], result["stopped_by"]) == (1, "a plan is proposed")
    before = call(desk, "show", base)[0]
    assert proposed["replan"]["plan"][0] == before["plan"][0], "the searches were done"
    assert "known by now" in proposed["replan"]["plan"][1]["step"]
    branch, ended = call(desk, "replan", base, "--at", "3", "--go-on", *at(served))
    assert (branch["from"], branch["parent"], ended["iterations"]) == (3, base, 1)
    (shown,) = call(desk, "show", branch["id"])
    assert shown["plan"] == proposed["replan"]["plan"]
    assert shown["earlier_plans"] == [{"until": 3, "plan": before["plan"]}]
    (decided,) = call(desk, "decide", branch["proposal"], "--accept", "--override", *MAKER)
    assert decided["id"] == branch["id"]
    assert call(desk, "replan", "--resume", result["run"]) == [], "nothing is left to do"


def test_an_interrupted_run_goes_on_without_asking_again(desk: Path, served: Served, tmp_path: Path) -> None:
    base = sample(desk)
    application = build(desk)

    async def interrupted() -> str:
        run_id = ""
        events = application.workspace.planning.ground([base], planner=Chosen(served.base_url, "scripted"))
        async with aclosing(events):
            async for event in events:
                run_id = event.run.id if isinstance(event, RunBegan) else run_id
                if isinstance(event, Called):
                    return run_id
        return run_id

    run_id = asyncio.run(interrupted())
    application.close()
    result, proposed = call(desk, "ground", "--resume", run_id)
    assert (result["stopped_by"], proposed["faults"]) == ("a plan is proposed", [])
    keys = [each["key"] for each in calls(desk, tmp_path) if not each["error"]]
    assert len(set(keys)) == len(keys) == 2
