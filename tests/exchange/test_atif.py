import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from decisions import STEPS, TASK, inspected, judged, replaced, revise
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hitl_app.domain.jsontypes import Json
from hitl_app.domain.library import ImportedRun, Rejected
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import PlanStep, Recorded, Source, Step, Trajectory, action, message
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.exchange.exporters.atif import FILE, AtifExporter
from hitl_app.exchange.importers.atif import AtifImporter
from hitl_app.exchange.reading import read_path
from hitl_app.store import SqliteStore, open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.exporting import StoredRecord

Document = dict[str, Any]  # Any: raw JSON of a format, taken apart by the tests


def read_all(path: Path) -> tuple[list[ImportedRun], list[Rejected]]:
    items = [item for _, _, items in read_path(path) for item in items]
    return [i for i in items if isinstance(i, ImportedRun)], [i for i in items if isinstance(i, Rejected)]


def document(*steps: Document, **more: Json) -> Document:
    numbered = [{"step_id": number, **step} for number, step in enumerate(steps, start=1)]
    agent = {"name": "tester", "version": "1"}
    return {"schema_version": "ATIF-v1.8", "session_id": "s", "agent": agent, "steps": numbered, **more}


def user(text: str = "Find it") -> Document:
    return {"source": "user", "message": text}


def calls(*names: str, results: Json = None, **more: Json) -> Document:
    made = [{"tool_call_id": f"c{n}", "function_name": name, "arguments": {"n": n}} for n, name in enumerate(names)]
    step: Document = {"source": "agent", "message": "Let me see", "tool_calls": made, **more}
    return step if results is None else {**step, "observation": {"results": results}}


def imported(tmp_path: Path, *documents: Json) -> tuple[list[ImportedRun], list[Rejected]]:
    file = tmp_path / "runs.jsonl"
    file.write_text("".join(json.dumps(item) + "\n" for item in documents))
    return read_all(file)


def steps_of(tmp_path: Path, *steps: Document) -> tuple[Step, ...]:
    (run,), rejected = imported(tmp_path, document(*steps))
    assert rejected == []
    return run.trajectory.steps


def source_of(run: ImportedRun) -> Source:
    assert run.trajectory.source is not None
    return run.trajectory.source


def extra_of(run: ImportedRun) -> Document:
    extra: Document = json.loads(json.dumps(source_of(run).extra))
    return extra


@pytest.fixture
def recorded(recordings: Path) -> Path:
    return recordings / "atif"


@pytest.fixture
def schema(recorded: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads((recorded / "atif_v1.8.schema.json").read_text()))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_store(tmp_path / "store.sqlite", SystemClock())
    yield opened
    opened.close()


def exported(store: SqliteStore, out: Path) -> list[Document]:
    AtifExporter().export(StoredRecord(store), out, ExportSettings())
    return [json.loads(line) for line in (out / FILE).read_bytes().splitlines()]


@pytest.mark.parametrize(
    ("file", "runs", "steps", "actions"),
    [
        ("harbor_openhands.json", 1, 5, 2),
        ("harbor_terminus2_continuation.json", 1, 8, 0),
        ("harbor_terminus2_continuation_cont1.json", 1, 12, 0),
        ("multi_tool_trajectory.json", 1, 7, 4),
        ("simple_trajectory.json", 1, 3, 1),
        ("v17_embedded_subagents.json", 2, 7, 1),
    ],
)
def test_recordings_of_several_versions_are_read_whole(
    recorded: Path, file: str, runs: int, steps: int, actions: int
) -> None:
    found, rejected = read_all(recorded / file)
    assert rejected == []
    assert len(found) == runs
    assert sum(len(run.trajectory.steps) for run in found) == steps
    assert sum(len(run.trajectory.actions) for run in found) == actions


def test_calls_of_one_step_share_a_turn_and_have_the_results_that_name_them(recorded: Path) -> None:
    (run,), _ = read_all(recorded / "multi_tool_trajectory.json")
    first, second, third = run.trajectory.steps[1:4]
    assert [step.tool for step in (first, second, third)] == ["financial_search", "financial_search", "news_search"]
    assert first.turn == second.turn == third.turn == 2
    assert first.thought.startswith("I'll pull the financial data")
    assert second.thought == ""
    assert [step.expected is not None and step.expected.text[:9] for step in (first, second, third)] == [
        "Apple Inc",
        "Microsoft",
        "1. 'Apple",
    ]


def test_what_has_no_place_in_a_step_is_kept_by_its_number(recorded: Path) -> None:
    (run,), _ = read_all(recorded / "multi_tool_trajectory.json")
    raw = json.loads((recorded / "multi_tool_trajectory.json").read_text())
    kept = extra_of(run)["steps"]
    for step in raw["steps"]:
        for name in ("metrics", "reasoning_content", "timestamp", "model_name", "extra"):
            assert kept[str(step["step_id"])].get(name) == step.get(name)
    assert source_of(run).model == "gpt-4-turbo"
    assert source_of(run).outcome["final_metrics"] == raw["final_metrics"]


def test_a_sub_agent_is_a_run_of_its_own_that_names_its_parent(recorded: Path) -> None:
    parent, child = read_all(recorded / "v17_embedded_subagents.json")[0]
    assert (source_of(parent).record_id, source_of(child).record_id) == ("parent-doc", "parent-doc/child-doc")
    assert extra_of(child)["parent_record_id"] == "parent-doc"
    refs = extra_of(parent)["steps"]["2"]["results"]["0"]["subagent_trajectory_ref"]
    assert [ref["trajectory_id"] for ref in refs] == ["child-doc"]


def test_a_continued_trajectory_names_the_file_that_it_goes_on_in(recorded: Path) -> None:
    (run,), _ = read_all(recorded / "harbor_terminus2_continuation.json")
    assert extra_of(run)["continued_trajectory_ref"] == "trajectory.cont-1.json"
    assert run.task.title == 'Create a file called hello.txt with "Hello, world!" as the content.'
    (further,), _ = read_all(recorded / "harbor_terminus2_continuation_cont1.json")
    assert further.task.id == run.task.id
    assert extra_of(further)["steps"]["1"]["is_copied_context"] is True


@pytest.mark.parametrize("minor", range(9))
def test_all_versions_from_1_0_on_are_read(tmp_path: Path, minor: int) -> None:
    (run,), rejected = imported(tmp_path, document(user(), calls("look"), schema_version=f"ATIF-v1.{minor}"))
    assert rejected == []
    assert [step.tool for step in run.trajectory.steps] == ["", "look"]


def test_a_leading_system_step_is_the_policy_and_a_later_one_a_message(tmp_path: Path) -> None:
    system = {"source": "system", "message": "Be careful"}
    (run,), _ = imported(tmp_path, document(system, user(), system))
    assert run.task.policy == "Be careful"
    assert [step.role for step in run.trajectory.steps] == ["user", "system"]


def test_a_result_that_names_no_call_belongs_to_the_last_call_without_one(tmp_path: Path) -> None:
    results: Json = [{"source_call_id": "c1", "content": "second"}, {"content": "first"}, {"content": "more"}]
    first, second = steps_of(tmp_path, user(), calls("look", "find", results=results))[1:]
    assert first.expected == Recorded("first")
    assert second.expected == Recorded("second\nmore")


def test_what_was_observed_without_a_call_is_a_message_that_the_agent_read(tmp_path: Path) -> None:
    typed = {"source": "agent", "message": "ls", "observation": {"results": [{"content": "a.txt"}, {}]}}
    steps = steps_of(tmp_path, user(), typed)
    assert [(step.role, step.text) for step in steps[1:]] == [("assistant", "ls"), ("user", "a.txt")]


def test_reasoning_is_the_thought_of_an_action_that_came_without_words(tmp_path: Path) -> None:
    steps = steps_of(tmp_path, user(), calls("look", message="", reasoning_content="It may be there"))
    assert steps[1].thought == "It may be there"


def test_an_image_leaves_a_placeholder_and_is_kept(tmp_path: Path) -> None:
    parts: Json = [
        {"type": "text", "text": "See:"},
        {"type": "image", "source": {"media_type": "image/png", "path": "a.png"}},
    ]
    results: Json = [{"source_call_id": "c0", "content": parts}]
    (run,), _ = imported(tmp_path, document({"source": "user", "message": parts}, calls("look", results=results)))
    said, done = run.trajectory.steps
    assert said.text == "See:\n[image]"
    assert done.expected == Recorded("See:\n[image]")
    kept = extra_of(run)["steps"]
    assert kept["1"]["message"] == parts
    assert kept["2"]["results"]["0"]["content"] == parts


@pytest.mark.parametrize(
    ("bad", "where", "reason"),
    [
        (document(user(), {"source": "robot", "message": "x"}), "steps[1].source", "is not one of agent, user, system"),
        (document(user(), calls("a", tool_calls=[{"function_name": "a"}])), "tool_calls[0].arguments", "an object"),
        (document(user(), calls("a", tool_calls=[{"arguments": {}}])), "tool_calls[0].function_name", "expected text"),
        (document(user(), agent="me"), "agent", "expected an object"),
        (document(user(), steps={}), "steps", "expected a list"),
        (document({"source": "system", "message": "only"}), "steps", "nothing beyond the system's message"),
        (document(user(), schema_version="ATIF-v2.0"), "schema_version", "ATIF-v2.0 is not one of"),
        (document(user(), calls("a", results=[{"content": 7}])), "observation.results[0].content", "expected text"),
        (document(user(), notes=float("nan")), "notes", "is not a JSON number"),
    ],
)
def test_a_bad_document_names_its_field_and_the_others_are_kept(
    tmp_path: Path, bad: Document, where: str, reason: str
) -> None:
    good = document(user(), calls("look"))
    runs, (rejected,) = imported(tmp_path, good, bad, {**good, "session_id": "t"})
    assert [source_of(run).record_id for run in runs] == ["s", "t"]
    assert rejected.where.startswith(f"{tmp_path / 'runs.jsonl'}: line 2: ")
    assert rejected.where.endswith(where)
    assert reason in rejected.reason


def test_a_bad_sub_agent_leaves_its_parent_and_its_siblings(tmp_path: Path) -> None:
    children: Json = [document(user(), trajectory_id="a"), {"steps": 7}, document(user(), trajectory_id="b")]
    runs, (rejected,) = imported(tmp_path, document(user(), subagent_trajectories=children))
    assert [source_of(run).record_id for run in runs] == ["s", "s/a", "s/b"]
    assert "subagent_trajectories[1]: steps" in rejected.where


def test_importing_twice_adds_nothing(recorded: Path, store: SqliteStore) -> None:
    runs, _ = read_all(recorded)
    assert store.add_runs(runs).trajectories == 7
    again = store.add_runs(read_all(recorded)[0])
    assert (again.trajectories, again.duplicates) == (0, 7)


def test_exported_recordings_and_samples_fit_the_schema_and_come_back_step_by_step(
    recorded: Path, schema: Draft202012Validator, store: SqliteStore, tmp_path: Path
) -> None:
    runs = [*read_all(recorded)[0], *sample_runs(4, 7), *read_all(recorded.parent / "tau-bench")[0]]
    store.add_runs(runs)
    for written in exported(store, tmp_path / "out"):
        assert list(schema.iter_errors(written)) == []
    back, rejected = read_all(tmp_path / "out" / FILE)
    assert rejected == []
    assert [run.trajectory.steps for run in back] == [run.trajectory.steps for run in runs]
    assert [run.trajectory.plan for run in back] == [run.trajectory.plan for run in runs]
    for ours, theirs in zip(runs, back, strict=True):
        assert (ours.task.key, ours.task.title) == (theirs.task.key, theirs.task.title)
        assert (ours.task.policy, ours.task.instruction) == (theirs.task.policy, theirs.task.instruction)


def test_a_revision_is_written_with_its_executed_observations_losses_and_decisions(
    recorded: Path, schema: Draft202012Validator, store: SqliteStore, tmp_path: Path
) -> None:
    base = Trajectory(TASK.id, STEPS, plan=(PlanStep("Find it"),), source=Source("runs.json", 0, "7-0"))
    better = revise(base, replaced(base, 5, action("book", {"id": "a"}, plan_step=0)))
    store.add_runs([ImportedRun(TASK, base)])
    store.save_inspection(inspected(base, 1))
    decided = judged(base, better)
    store.record(decided.entry.decision, better, inspected(better, 0))
    (written,) = exported(store, tmp_path / "out")
    assert list(schema.iter_errors(written)) == []
    assert written["trajectory_id"] == better.id
    assert written["session_id"] == base.id
    booked = written["steps"][5]
    assert booked["tool_calls"][0]["arguments"] == {"id": "a"}
    assert booked["observation"]["results"][0]["content"] == "executed"
    ours = written["extra"]["hitl_app"]
    assert ours["losses"]["goal"] == {"count": 0, "of": 3}
    assert (ours["verified"], ours["revision"], ours["status"]) == (True, 1, "edited")
    assert [entry["payload"]["reason"] for entry in ours["decisions"]] == ["because"]
    assert ours["carried_over"] == [6]
    assert "file" not in ours["source"]
    (back,), _ = read_all(tmp_path / "out" / FILE)
    assert back.trajectory.plan == better.plan
    assert [step.content for step in back.trajectory.steps] == [step.content for step in better.steps]
    assert back.trajectory.steps[5].plan_step == 0


def test_the_same_store_gives_the_same_bytes(recorded: Path, store: SqliteStore, tmp_path: Path) -> None:
    store.add_runs(read_all(recorded)[0])
    for out in ("first", "second"):
        exported(store, tmp_path / out)
    for name in (FILE, "manifest.json", "README.md"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SEEN = st.none() | st.builds(Recorded, TEXT, st.booleans())
LINK = st.none() | st.integers(0, 3)
STEP = st.one_of(
    st.builds(message, TEXT, st.sampled_from(["user", "assistant", "system"]), LINK),
    st.builds(
        action,
        st.sampled_from(["look", "book"]),
        st.dictionaries(TEXT, TEXT | st.integers(-9, 9), max_size=2),
        thought=TEXT,
        expected=SEEN,
        turn=LINK,
        plan_step=LINK,
    ),
    st.builds(lambda seen: replace(action("call", {}, expected=seen), role="user"), SEEN),
)


@settings(max_examples=15, deadline=None)
@given(runs=st.lists(st.lists(STEP, min_size=1, max_size=6), min_size=1, max_size=12))
def test_any_trajectory_comes_back_from_its_document(
    tmp_path_factory: pytest.TempPathFactory, runs: list[list[Step]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    store = open_store(folder / "store.sqlite", SystemClock())
    made = [Trajectory(TASK.id, tuple(steps), source=Source("a", n, str(n))) for n, steps in enumerate(runs)]
    store.add_runs([ImportedRun(TASK, trajectory) for trajectory in made])
    exported(store, folder / "out")
    store.close()
    back = [run.trajectory for run in AtifImporter().read(folder / "out" / FILE) if isinstance(run, ImportedRun)]
    assert [[step.key for step in run.steps] for run in back] == [
        [answered(step) for step in run.steps] for run in made
    ]


def answered(step: Step) -> str:
    """What comes back of a step: a call that nobody answered has an empty observation."""
    return (step if step.expected or not step.is_action else replace(step, expected=Recorded(""))).key


DAMAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["agent", "user", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["steps", "agent", "message", "tool_calls", "source", "observation", "results", "extra"])
            | st.sampled_from(["hitl_app", "plan", "action", "arguments", "content", "subagent_trajectories", "turn"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(value=st.dictionaries(st.sampled_from(["steps", "agent", "extra", "subagent_trajectories"]), DAMAGE))
def test_nothing_in_a_document_stops_the_import(tmp_path_factory: pytest.TempPathFactory, value: Document) -> None:
    file = tmp_path_factory.mktemp("damage") / "a.json"
    file.write_text(json.dumps({"schema_version": "ATIF-v1.8", **value}))
    for item in AtifImporter().read(file):
        assert isinstance(item, ImportedRun | Rejected)
        assert not isinstance(item, ImportedRun) or item.trajectory.id
