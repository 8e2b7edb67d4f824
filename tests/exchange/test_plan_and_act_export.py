import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from decisions import TASK, Decisions, judged, trajectory
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import PlanStep, Recorded, Step, Trajectory, action, message
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.examples.lineage import Exclusions, Judged, Lineage, lineages
from hitl_app.exchange.examples.planned import BIT_BY_BIT
from hitl_app.exchange.exporters.plan_and_act import TARGET
from hitl_app.exchange.plans import with_plan

PLAN = (PlanStep("Find the booking", "Its number is not known."), PlanStep("Cancel it", "", "It is gone."))

STEPS = (
    message("Cancel my booking", "user"),
    action("look", {"id": "a"}, thought="Let me see", expected=Recorded("found a"), plan_step=0),
    message("Is it a?"),
    message("Yes", "user"),
    action("cancel", {"id": "a"}, expected=Recorded("cancelled"), plan_step=1),
    message("Done"),
)


def approved(of: Trajectory) -> Judged:
    """A recording that is verified and was approved as it is."""
    return judged(of, of, unmet=(0, 0))


def lineage(of: Trajectory) -> Lineage:
    return next(lineages(Decisions([approved(of)])))


def planned(steps: Sequence[Step] = STEPS, plan: tuple[PlanStep, ...] = PLAN) -> Trajectory:
    return replace(trajectory(steps), plan=plan)


def rows(name: str, of: Trajectory, excluded: Exclusions | None = None) -> Iterator[dict[str, str]]:
    table = next(table for table in TARGET.tables if table.name == name)
    for example in table.examples(lineage(of), ExportSettings(), Exclusions() if excluded is None else excluded):
        row = table.row(example)
        assert not isinstance(row, str)
        yield {key: str(value) for key, value in row.items()}


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"(?:\A|\n\n)# (\w+(?: \w+)?)\n\n", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_a_planner_learns_the_plan_from_the_task() -> None:
    (row,) = rows("planner", planned())
    assert row["output"] == (
        "## Step 1\nReasoning: Its number is not known.\nStep: Find the booking\n\n## Step 2\nStep: Cancel it"
    )
    assert {key: text for key, text in sections(row["instruction"]).items() if key != "Tools"} == {
        "Policy": TASK.policy,
        "Task": "Cancel my booking",
    }


def test_the_plan_that_goes_out_is_read_as_the_same_plan_again() -> None:
    (row,) = rows("planner", planned())
    read, _ = with_plan([message("Hi", "user"), message(row["output"]), action("look", {})])
    assert [(step.step, step.reasoning) for step in read] == [(step.step, step.reasoning) for step in PLAN]


def test_an_executor_learns_each_turn_from_the_plan_what_was_done_and_what_it_saw_last() -> None:
    first, second, third, last = rows("executor", planned())
    assert first["output"] == 'Let me see\n<tool_call>\n{"name": "look", "arguments": {"id": "a"}}\n</tool_call>'
    assert "Observation" not in sections(first["instruction"])
    assert sections(second["instruction"])["Observation"] == "found a"
    told = sections(third["instruction"])
    assert told["Observation"] == "Yes"
    assert told["Previous actions"].splitlines()[0] == "1. Let me see"
    assert told["Previous actions"].endswith("2. Is it a?")
    assert "found a" not in third["instruction"], "of what was seen only the last stands there: the plan is the memory"
    assert last["output"] == "Done"


def test_a_replanner_learns_what_is_left_once_a_step_was_done() -> None:
    (row,) = rows("replanner", planned())
    assert row["output"] == "## Step 1\nStep: Cancel it"
    assert sections(row["instruction"])["Observation"] == "found a"
    assert row["link_confidence"] == "None"


def test_links_that_were_read_out_of_a_text_say_how_sure_they_are() -> None:
    unsure = [replace(step, link_confidence=0.4) if step.plan_step == 0 else step for step in STEPS]
    (row,) = rows("replanner", planned(unsure))
    assert row["link_confidence"] == "0.4"


def test_a_plan_that_the_agent_wrote_on_the_way_is_known_from_then_on() -> None:
    written = "My plan:\n1. **Find the booking**\n2. Cancel   it"
    steps = (STEPS[0], action("hello", {}, expected=Recorded("hi")), message(written), *STEPS[1:])
    (planner,) = rows("planner", planned(steps))
    assert sections(planner["instruction"])["Observation"] == "hi"
    executed = [row["output"] for row in rows("executor", planned(steps))]
    assert executed == [row["output"] for row in rows("executor", planned())]


def test_thoughts_that_became_the_plan_while_it_was_carried_out_are_no_plan_beforehand() -> None:
    steps = (STEPS[0], action("look", {}, thought="Find the booking"), action("cancel", {}, thought="Cancel it"))
    excluded = Exclusions()
    assert not list(rows("executor", planned(steps), excluded))
    assert excluded[BIT_BY_BIT] == 1


def test_what_has_no_plan_or_is_not_verified_makes_no_row(tmp_path: Path) -> None:
    failed = replace(planned(), steps=STEPS[:3])
    record = Decisions([approved(trajectory()), judged(failed, failed, unmet=(1, 1))])
    summary = DatasetExporter(TARGET).export(record, tmp_path, ExportSettings())
    assert not any(count for _, count in summary.files)
    assert dict(summary.excluded) == {"no plan": 1, "not verified": 1}


def test_every_set_is_written_with_where_its_rows_come_from(tmp_path: Path) -> None:
    of = planned()
    DatasetExporter(TARGET).export(Decisions([approved(of)]), tmp_path, ExportSettings())
    for name, count in (("planner", 1), ("executor", 4), ("replanner", 1)):
        found = [json.loads(line) for line in (tmp_path / f"{name}-train.jsonl").read_text("utf-8").splitlines()]
        assert [(row["trajectory"], row["verified"]) for row in found] == [(of.id, True)] * count
        assert len({row["id"] for row in found}) == count


kinds = st.sampled_from(["ask", "say", "act", "act too", "plan"])


def course(drawn: Sequence[str], *, written: bool) -> Trajectory:
    """A run in which each step says, and each observation shows, something that stands nowhere else."""
    steps = [message("[user0]", "user")]
    wrote = not written
    for number, kind in enumerate(drawn, 1):
        before = steps[-1]
        if kind == "ask":
            steps.append(message(f"[user{number}]", "user"))
        elif kind == "plan" and not wrote:
            steps.append(message(f"[agent{number}] [plan0], [plan1]"))
            wrote = True
        elif kind.startswith("act"):
            turn = before.turn if kind == "act too" and before.is_action else number
            seen, arguments = Recorded(f"[seen{number}]"), {"x": f"[agent{number}]"}
            steps.append(action("act", arguments, expected=seen, turn=turn, plan_step=number % 2))
        else:
            steps.append(message(f"[agent{number}]"))
    return planned(steps, (PlanStep("[plan0]"), PlanStep("[plan1]")) if wrote else ())


def marks(kind: str, text: str) -> list[int]:
    return [int(found) for found in re.findall(rf"\[{kind}(\d+)\]", text)]


@given(st.lists(kinds, max_size=12), st.booleans())
def test_no_input_holds_what_the_agent_said_did_or_saw_later(drawn: list[str], written: bool) -> None:
    of = course(drawn, written=written)
    knows = next((n for n, step in enumerate(of.steps) if "[plan0]" in step.text), -1)
    for name in ("planner", "executor", "replanner"):
        for row in rows(name, of):
            done = marks("agent", row["instruction"])
            latest = max(done, default=0)
            answer = min(marks("agent", row["output"]), default=len(of.steps))
            assert latest < answer
            assert all(seen <= latest for seen in marks("seen", row["instruction"]))
            assert all(asked < answer for asked in marks("user", row["instruction"]))
            if name == "planner":
                assert not marks("plan", row["instruction"])
                assert knows < 0 or latest < knows
            else:
                assert answer > knows
