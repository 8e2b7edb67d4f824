"""No export for training holds what was not known yet, or what quotes the gold answer.

Every step, observation and plan carries a mark that stands nowhere else, and every row is searched for the marks.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from answering import shipped
from decisions import BASE, FIXED, TASK, TOOLS, Decisions, inspected, judged, replaced, trajectory
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.inspection import Finding, FindingKind, Gradient, GradientSource, Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.loss import Component
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Recorded, Source, Step, Trajectory, action, message
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.examples.lineage import Exclusions, Judged, Lineage, lineages
from hitl_app.exchange.exporters import TARGETS, critic
from hitl_app.exchange.exporters.plan_and_act import PAIRS
from hitl_app.exchange.reading import read_path
from hitl_app.refine.grounding import check_grounded, ground
from hitl_app.refine.lessons import PromptLessons

GOLD = "(gold)"
"""What no training data may hold."""

KINDS = st.lists(st.sampled_from(["ask", "say", "act", "act too", "replan"]), max_size=14)


@dataclass(frozen=True)
class Marks:
    """What the marks of a text say that it holds: numbers of steps that were done, of observations, and of plans."""

    done: frozenset[int]
    seen: frozenset[int]
    plans: frozenset[int]

    @classmethod
    def of(cls, text: str) -> "Marks":
        found = (re.findall(rf"\({kind}(\d+)\)", text) for kind in ("did", "saw", "plan"))
        return cls(*(frozenset(map(int, numbers)) for numbers in found))


def marked(step: Step, index: int) -> Step:
    """A step with its mark, and with one of its own in what was observed."""
    if not step.is_action:
        return replace(step, text=f"{step.text} (did{index})")
    seen = step.expected or Recorded("")
    return replace(
        step,
        thought=f"{step.thought} (did{index})",
        arguments={**step.arguments, "mark": f"(did{index})"},
        expected=replace(seen, text=f"{seen.text} (saw{index})"),
    )


def versions(until: Sequence[int], linked: Sequence[int]) -> tuple[tuple[PlanStep, ...], tuple[EarlierPlan, ...]]:
    """A plan that was written anew at some steps: what was carried out by then stays as the plan before had it."""
    plan = [f"(plan0) step {number}" for number in range(5)]
    earlier: list[EarlierPlan] = []
    for version, at in enumerate(until, 1):
        earlier.append(EarlierPlan(at, tuple(map(PlanStep, plan))))
        locked = 1 + max((link for link in linked[:at] if link >= 0), default=-1)
        plan = [*plan[:locked], *(f"(plan{version}) step {number}" for number in range(locked, 5))]
    return tuple(map(PlanStep, plan)), tuple(earlier)


def course(drawn: Sequence[str]) -> Trajectory:
    """A run under a plan that is carried out step by step, and written anew on the way."""
    steps, linked, until = [message("Go", "user")], [-1], list[int]()
    for kind in drawn:
        number = len(steps)
        if kind == "replan":
            until += [number] if until[-1:] != [number] else []
        elif kind == "ask":
            steps.append(message("", "user"))
        elif kind == "say":
            steps.append(message(""))
        else:
            before = steps[-1]
            turn = before.turn if kind == "act too" and before.is_action else number
            carried_out = min(4, max(linked) + number % 2)
            steps.append(action("act", {}, expected=Recorded(""), turn=turn, plan_step=max(0, carried_out)))
        if len(steps) > len(linked):
            link = steps[-1].plan_step
            linked.append(-1 if link is None else link)
    plan, earlier = versions(until, linked)
    return replace(trajectory([marked(step, n) for n, step in enumerate(steps)]), plan=plan, earlier=earlier)


def rows(name: str, lineage: Lineage) -> Iterator[tuple[str, str]]:
    """Inputs and outputs of one of the three sets."""
    table = next(table for table in PAIRS.tables if table.name == name)
    for example in table.examples(lineage, ExportSettings(), Exclusions()):
        row = table.row(example)
        if not isinstance(row, str):
            yield str(row["input"]), str(row["output"])


def approved(of: Trajectory) -> Lineage:
    return next(lineages(Decisions([judged(of, of, unmet=(0, 0))])))


def check_three_sets(of: Trajectory) -> None:
    """No input holds a later action, observation or plan than its moment."""
    lineage = approved(of)
    written = [0, *(each.until for each in of.earlier)]
    for question, _ in rows("planner", lineage):
        known = Marks.of(question)
        asked = next(n for n, step in enumerate(of.steps) if step.role == "user")  # a greeting may stand before
        first = next((n for n, step in enumerate(of.steps) if step.role != "user" and n > asked), len(of.steps))
        assert not known.seen
        assert not known.plans
        assert all(index < first for index in known.done)
    for question, answer in rows("executor", lineage):
        known, moment = Marks.of(question), min(Marks.of(answer).done)
        assert all(index < moment for index in known.done | known.seen)
        assert all(written[version] <= moment for version in known.plans)
    for question, answer in rows("replanner", lineage):
        known, new = Marks.of(question), Marks.of(answer).plans
        moment = written[max(new)] if of.earlier else len(of.steps)
        assert all(index < moment for index in known.done | known.seen)
        assert max(known.plans, default=0) < max(new, default=0) or not of.earlier
        acted = [index for index in known.done if of.steps[index].role == "assistant"]
        assert known.seen <= frozenset(acted), "nothing is seen of what was not done yet"
        assert len(acted) == sum(step.role == "assistant" for step in of.steps[: max(acted, default=-1) + 1])


@settings(max_examples=60)
@given(KINDS)
def test_no_input_of_the_three_sets_holds_what_came_later(drawn: list[str]) -> None:
    check_three_sets(course(drawn))


def test_a_plan_that_was_really_written_anew_makes_the_rows_of_a_replanner() -> None:
    of = course(["act", "replan", "act", "ask", "say", "replan", "act"])
    lineage = approved(of)
    (first, then), (second, last) = rows("replanner", lineage)
    assert Marks.of(first).plans == {0}
    assert Marks.of(then).plans == {1}
    assert Marks.of(first).done == {0, 1}
    assert Marks.of(second).done >= {0, 1, 2, 4}
    assert Marks.of(last).plans == {2}
    executed = [max(Marks.of(question).plans) for question, _ in rows("executor", lineage)]
    assert executed == [0, 1, 1, 2]


@pytest.fixture(scope="module")
def real(recordings: Path) -> list[ImportedRun]:
    """Recorded runs of tau2."""
    found = (item for _, _, items in read_path(recordings / "tau2-bench", None) for item in items)
    return [item for item in found if isinstance(item, ImportedRun)]


def grounded(run: ImportedRun) -> Lineage:
    """A recorded run with a mark in each step, and the plan that was read off its actions afterwards."""
    steps = tuple(marked(step, n) for n, step in enumerate(run.trajectory.steps))
    base = replace(run.trajectory, task_id=TASK.id, steps=steps, plan=())
    replan = ground(run.trajectory, run.task.tools)
    assert not check_grounded(run.task, run.trajectory, replan)
    linked = tuple(replace(step, plan_step=dict(replan.links).get(n)) for n, step in enumerate(steps))
    revised = replace(base, steps=linked, plan=replan.plan, parent_id=base.id, lineage_root=base.id, source=None)
    return next(lineages(Decisions([judged(base, revised)])))


def test_recorded_runs_under_plans_that_were_written_anew_leak_nothing(real: list[ImportedRun]) -> None:
    assert len(real) == 12
    for run in real:
        steps = tuple(marked(step, n) for n, step in enumerate(run.trajectory.steps))
        actions = [n for n in run.trajectory.actions if steps[n].role == "assistant"]
        linked = [min(4, actions.index(n)) if n in actions else -1 for n in range(len(steps))]
        plan, earlier = versions([len(steps) // 3, len(steps) // 2], linked)
        steps = tuple(replace(step, plan_step=None if at < 0 else at) for step, at in zip(steps, linked, strict=True))
        check_three_sets(replace(run.trajectory, task_id=TASK.id, steps=steps, plan=plan, earlier=earlier))


def test_no_row_under_a_grounded_plan_quotes_what_was_observed_later(real: list[ImportedRun]) -> None:
    """Whatever a plan says that looks like a value was said before the moment of its row."""
    value = re.compile(r"[A-Za-z_]*\d[\w-]*|#\w+|\w+@\w+")
    quoted = 0
    for run in real:
        lineage, steps = grounded(run), run.trajectory.steps
        for name in ("planner", "executor"):
            for question, answer in rows(name, lineage):
                plan = answer if name == "planner" else question.partition("# Plan\n")[2].partition("\n# ")[0]
                known = Marks.of(question)
                moment = min(Marks.of(answer).done, default=1 + max(known.done))
                said = " ".join(step.text for step in steps[:moment])
                late = [each for each in value.findall(plan) if each not in said and len(each) > 2]
                assert not late
                assert all(index < moment for index in known.done | known.seen)
                quoted += sum(len(each) > 2 for each in value.findall(plan))
    assert quoted, "some plans do quote what users said"


# -- what quotes the gold answer ---------------------------------------------------------------------------------------


def revealing(of: Trajectory, unmet: int) -> Inspection:
    """An inspection whose evidence quotes the gold answer wherever it can."""
    finding = Finding(
        f"goal:{GOLD}",
        FindingKind.GOAL,
        met=not unmet,
        description=f"It is not {GOLD}.",
        expected=GOLD,
        observed=f"not {GOLD}",
        evidence=f"step 5, {GOLD}",
        steps=(5,),
        reveals_answer=True,
    )
    gradient = Gradient(
        GradientSource.ENVIRONMENT,
        Component.GOAL,
        f"It has to be {GOLD}.",
        step_index=5,
        is_earliest_cause=True,
        constraint_id=f"goal:{GOLD}",
        expected=GOLD,
        observed=f"not {GOLD}",
        evidence=GOLD,
        suggested_edit=f"Make it {GOLD}.",
        reveals_answer=True,
    )
    told = replace(gradient, critique="It fails.", expected="", observed="", evidence="", suggested_edit="")
    open_one = replace(told, constraint_id="", reveals_answer=False)
    found = inspected(of, unmet)
    gradients = (gradient, open_one) if unmet else ()
    return replace(found, findings=(*found.findings, finding), gradients=gradients, earliest_cause=5 if unmet else None)


def record(kinds: Sequence[bool]) -> Decisions:
    """Lineages of which the recording's own benchmark knew the gold answer; each was repaired, or kept."""
    decided: list[Judged] = []
    proposals: list[Proposal] = []
    task = replace(TASK, tools=TOOLS, spec={"gold_actions": [{"name": "book", "arguments": {"id": GOLD}}]})
    for number, repaired in enumerate(kinds):
        source = Source("runs.json", number, f"run {number}", outcome={"expected": GOLD}, extra={"gold": GOLD})
        plan = (PlanStep("Look"), PlanStep("Book"))
        steps = [replace(step, plan_step=min(n // 3, 1)) for n, step in enumerate(BASE.steps)]
        base = replace(BASE, task_id=task.id, steps=tuple(steps), plan=plan, source=source)
        hunk = replaced(base, 5, replace(FIXED.steps[5], plan_step=1))
        bad = revealing(base, 1)
        hunk = replace(hunk, gradient_ids=tuple(each.id for each in bad.gradients), why="it fails")
        proposal = Proposal(base.id, (hunk,), "somebody")
        steps[5] = hunk.after[0]
        candidate = replace(base, steps=tuple(steps), parent_id=base.id, lineage_root=base.id, source=None)
        item = judged(base, candidate, sequence=number + 1, accepted=repaired, proposal=proposal)
        decided.append(
            replace(item, base_inspection=bad, candidate_inspection=revealing(candidate, 0 if repaired else 1))
        )
        proposals.append(proposal)
    return Decisions(decided, [task], proposals)


TRAINING = (*TARGETS, critic.target(PromptLessons(shipped())))


@settings(max_examples=5, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=3))
def test_no_row_of_any_target_quotes_the_gold_answer(kinds: list[bool]) -> None:
    made = 0
    for target in TRAINING:
        for lineage in lineages(record(kinds)):
            for table in target.tables:
                for example in table.examples(lineage, ExportSettings(), Exclusions()):
                    row = table.row(example)
                    text = json.dumps([row, example.provenance.row()])
                    assert GOLD not in text, f"{target.name}, {table.name}: {text}"
                    made += not isinstance(row, str)
    assert made


@pytest.mark.slow
def test_no_file_of_any_target_quotes_the_gold_answer(tmp_path: Path) -> None:
    rows = 0
    for target in TRAINING:
        out = tmp_path / target.name
        summary = DatasetExporter(target).export(record([True, False]), out, ExportSettings())
        rows += sum(count for _, count in summary.files)
        for file in out.iterdir():
            text = file.read_bytes().decode("utf-8", "replace")
            assert GOLD not in text, file
    assert rows
