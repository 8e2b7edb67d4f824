import asyncio
import hashlib
import json
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import TypeAlias

import pytest
from bundle_desk import KINDS, MAKER, Desk, decide, desk, proposal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitl_app.domain.decision import DecisionKind, ReviewStatus, entry_hash
from hitl_app.domain.errors import UserError
from hitl_app.domain.library import ImportedTask, MergeCounts, Rejected
from hitl_app.domain.team import Assignment, GoldItem, Seed, SeedKind
from hitl_app.exchange.bundle_files import FILES
from hitl_app.exchange.importers.bundle import BundleImporter

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Row: TypeAlias = dict[str, Json]

RUNS = 3
ACTIONS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, RUNS - 1), st.integers(1, 3)), max_size=16)
Edit = Callable[[Path], None]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def lines(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text("utf-8").split("\n") if line]


def payload(row: Row) -> Row:
    found = row["payload"]
    assert isinstance(found, dict)
    return found


def write_lines(file: Path, rows: list[Row]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(actions=ACTIONS)
def test_whatever_was_done_in_a_store_is_the_same_in_an_empty_one(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    with desk(folder / "old", RUNS) as old:
        for kind, number, step in actions:
            decide(old, kind, number, step)
        first = old.export(folder / "first")
        before = old.facts()
    with desk(folder / "new") as new:
        summary = new.take_bundle(first)
        assert summary.rejected == ()
        assert new.facts() == before
        assert contents(new.export(folder / "second")) == contents(first)
        again = new.take_bundle(first)
        assert (again.tasks, again.trajectories, again.merged) == (0, 0, MergeCounts())
        assert new.facts() == before


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which run 0 was repaired twice, then by a proposal, run 1 twice and once undone; and its bundle."""
    folder = tmp_path_factory.mktemp("theirs")
    with desk(folder / "theirs", RUNS) as made:
        for step in (1, 2):
            decide(made, "repair", 0, step)
            decide(made, "repair", 1, step)
        decide(made, "undo", 0, 1)
        made.ask(made.store.save_proposal, proposal(made.head(0), 1))
        decide(made, "accept", 0, 1)
        decide(made, "draft", 2, 1)
        decide(made, "judged", 0, 1)
        made.export(folder / "bundle")
    return folder


@pytest.fixture
def bundle(theirs: Path, tmp_path: Path) -> Path:
    """Copies of both, in `tmp_path`."""
    copytree(theirs, tmp_path, dirs_exist_ok=True)
    return tmp_path / "bundle"


def test_a_bundle_may_be_one_file_with_the_same_bytes_every_time(tmp_path: Path) -> None:
    with desk(tmp_path / "old", RUNS) as old:
        decide(old, KINDS[0], 0, 1)
        first, second = old.export(tmp_path / "first.hitl"), old.export(tmp_path / "made" / "second.HITL")
        before = contents(old.export(tmp_path / "folder"))
        assert first.read_bytes() == second.read_bytes()
        old.export(first)  # takes the place of an older one
    with zipfile.ZipFile(first) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == before
    with desk(tmp_path / "new", 0) as new:
        renamed = first.rename(tmp_path / "from a colleague")
        assert new.take_bundle(renamed).trajectories == RUNS
        assert contents(new.export(tmp_path / "again")) == before


@pytest.mark.parametrize("there", [b"my notes", b"PK\5\6" + bytes(18)])
def test_a_bundle_replaces_no_file_that_is_another_thing(tmp_path: Path, there: bytes) -> None:
    out = tmp_path / "notes.hitl"
    out.write_bytes(there)
    with desk(tmp_path / "old", 0) as old, pytest.raises(UserError, match="name another file"):
        old.export(out)
    assert [out.read_bytes(), *tmp_path.glob(".unfinished-*")] == [there]


def test_a_store_among_imports_is_named_as_what_it_is(tmp_path: Path) -> None:
    with desk(tmp_path / "old", RUNS) as old:
        (summary,) = old.take(tmp_path / "old" / "desk.db")
    assert "hitl-app merge" in summary.rejected[0].reason


def test_decisions_of_others_are_appended_to_a_ledger_that_has_its_own(tmp_path: Path, bundle: Path) -> None:
    with desk(tmp_path / "ours", RUNS) as ours:
        decide(ours, "flag", 2, 1)
        own = ours.entries()
        summary = ours.take_bundle(bundle)
        assert (summary.trajectories, summary.duplicates, summary.rejected) == (0, 3, ())
        theirs = lines(bundle / "ledger.jsonl")
        entries = ours.entries()
        assert entries[:1] == own
        assert summary.merged.decisions == len(theirs) == len(entries) - 1
        head = json.loads((bundle / "manifest.json").read_text())["ledger"]["head"]
        for entry, line in zip(entries[1:], theirs, strict=True):
            assert entry.decision.detail["imported"] == {
                "sequence": line["sequence"],
                "hash": line["hash"],
                "head": head,
            }
        (undo,) = (entry for entry in entries if entry.decision.kind is DecisionKind.UNDO)
        (line,) = (line for line in theirs if payload(line)["kind"] == "undo")
        undone = entries[(undo.decision.undoes or 0) - 1].decision.detail["imported"]
        assert isinstance(undone, dict)
        assert undone["sequence"] == payload(line)["undoes"]
        assert ours.is_sound()
        assert [ours.status(number) for number in range(RUNS)] == [
            ReviewStatus.APPROVED,
            ReviewStatus.EDITED,
            ReviewStatus.FLAGGED,
        ]
        assert ours.take_bundle(bundle).merged == MergeCounts()


def test_decisions_that_come_home_again_are_known(tmp_path: Path, bundle: Path) -> None:
    with desk(tmp_path / "ours", RUNS) as ours:
        decide(ours, "flag", 2, 1)
        ours.take_bundle(bundle)
        there = ours.export(tmp_path / "there")
    with desk(tmp_path / "third", 1) as third:
        decide(third, "inspect", 0, 1)
        assert third.take_bundle(there).rejected == ()
        back = third.export(tmp_path / "back")
    with desk(tmp_path / "theirs") as theirs:
        before = theirs.entries()
        summary = theirs.take_bundle(back)
        assert (summary.rejected, summary.merged.decisions) == ((), 1)  # the flag
        assert theirs.entries()[:-1] == before
        assert theirs.is_sound()


def test_a_lineage_that_was_decided_on_differently_is_disputed(tmp_path: Path, bundle: Path) -> None:
    with desk(tmp_path / "ours", RUNS) as ours:
        ours.maker = replace(MAKER, annotator="bob")
        decide(ours, "reject", 1, 1)
        (own,) = ours.entries()
        summary = ours.take_bundle(bundle)
        assert summary.rejected == ()
        assert ours.entries()[0] == own
        assert [ours.status(number) for number in (0, 1)] == [ReviewStatus.APPROVED, ReviewStatus.DISPUTED]
        assert ours.is_sound()
        assert ours.take_bundle(bundle).merged == MergeCounts()


def test_a_bundle_carries_what_was_arranged_around_the_decisions(tmp_path: Path, bundle: Path) -> None:
    with desk(tmp_path / "theirs") as theirs:
        root, revised = theirs.root(0), theirs.root(1)
        bad = proposal(theirs.head(1), 3)
        theirs.ask(theirs.store.assign, [Assignment(root, "bob", "2026-02-01")])
        theirs.ask(theirs.store.set_gold, [GoldItem(root, "repaired", None, "as booked", "ada", "2026-02-01")])
        theirs.ask(theirs.store.save_seed, bad, Seed(bad.id, revised, SeedKind.SMUGGLED, (1,), "2026-02-01"))
        arranged = theirs.export(tmp_path / "arranged")
        before = team(theirs)
    with desk(tmp_path / "new") as new:
        assert new.take_bundle(arranged).rejected == ()
        assert team(new) == before
        assert contents(new.export(tmp_path / "again")) == contents(arranged)
        write_lines(arranged / "seeds.jsonl", [{**lines(arranged / "seeds.jsonl")[0], "proposal_id": "0" * 64}])
        rejected = new.take_bundle(arranged).rejected
        assert next(item.reason for item in rejected) == "its proposal 000000000000 is missing"


def team(desk: Desk) -> list[object]:
    store = desk.store
    return desk.ask(lambda: [*store.assignments(), *store.gold(), *store.seeds()])


def test_what_others_decided_since_the_last_bundle_continues_the_lineage(tmp_path: Path, bundle: Path) -> None:
    with desk(tmp_path / "ours", RUNS) as ours:
        decide(ours, "flag", 2, 1)
        ours.take_bundle(bundle)
        with desk(tmp_path / "theirs") as theirs:
            decide(theirs, "repair", 1, 3)
            later = theirs.export(tmp_path / "later")
            head = theirs.head(1).id
        summary = ours.take_bundle(later)
        assert (summary.rejected, summary.merged.decisions, summary.merged.revisions) == ((), 1, 1)
        assert ours.head(1).id == head
        # Whoever went on alone is not set back by the older bundle.
        assert ours.take_bundle(bundle).merged == MergeCounts()
        assert ours.head(1).id == head
        assert ours.is_sound()


def test_archives_of_a_bundle_are_bundles(tmp_path: Path, bundle: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as zipped:
        for file in bundle.iterdir():
            zipped.write(file, f"inner/{file.name}")
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as tarred:
        for file in bundle.iterdir():
            tarred.add(file, file.name)
    for archive in ("b.zip", "b.tar.gz"):
        with desk(tmp_path / f"new {archive}") as new:
            summary = new.take_bundle(tmp_path / archive)
            assert summary.file.startswith(str(tmp_path / archive))
            assert (summary.format, summary.rejected, summary.trajectories) == ("bundle", (), 3)
            assert contents(new.export(tmp_path / f"again {archive}")) == contents(bundle)


def altered_reason(folder: Path) -> None:
    rows = lines(folder / "ledger.jsonl")
    payload(rows[1])["reason"] = "another"
    write_lines(folder / "ledger.jsonl", rows)


def altered_and_hashed_again(folder: Path) -> None:
    rows = lines(folder / "ledger.jsonl")
    payload(rows[1])["reason"] = "another"
    rows[1]["hash"] = entry_hash(2, payload(rows[1]), str(rows[1]["previous_hash"]))
    write_lines(folder / "ledger.jsonl", rows)


def removed(folder: Path) -> None:
    rows = lines(folder / "ledger.jsonl")
    write_lines(folder / "ledger.jsonl", rows[:1] + rows[2:])


def cut_off(folder: Path) -> None:
    write_lines(folder / "ledger.jsonl", lines(folder / "ledger.jsonl")[:-1])


def garbled(folder: Path) -> None:
    (folder / "ledger.jsonl").write_bytes((folder / "ledger.jsonl").read_bytes().replace(b'{"kind"', b'{"kin', 1))


def lost(folder: Path) -> None:
    (folder / "ledger.jsonl").unlink()


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (altered_reason, "line 2: was altered: its hash is not that of its content"),
        (altered_and_hashed_again, "line 3: does not follow the entry before it"),
        (removed, "line 2: does not follow the entry before it"),
        (cut_off, "ends after entry 5, and the manifest names entry 6"),
        (garbled, "line 1: cannot be read"),
        (lost, "ends after entry 0"),
    ],
)
def test_a_bundle_whose_ledger_is_damaged_is_refused_whole(bundle: Path, damage: Edit, problem: str) -> None:
    damage(bundle)
    (refused,) = BundleImporter().read(bundle)
    assert isinstance(refused, Rejected)
    assert problem in f"{refused.where}: {refused.reason}"
    assert "nothing of this bundle was taken" in refused.reason


def test_a_bundle_of_a_newer_version_is_refused_with_what_to_do_and_an_older_one_is_read(bundle: Path) -> None:
    manifest = bundle / "manifest.json"
    text = manifest.read_text()
    manifest.write_text(text.replace('"version": 3', '"version": 4'))
    (refused,) = BundleImporter().read(bundle)
    assert isinstance(refused, Rejected)
    assert refused.where == str(manifest)
    assert "version 4 of the format, and this program reads up to 3: update it" in refused.reason
    manifest.write_text(text.replace('"version": 3', '"version": 1'))
    assert not any(isinstance(item, Rejected) for item in BundleImporter().read(bundle))


def test_a_file_that_does_not_fit_the_manifest_is_reported(bundle: Path) -> None:
    (bundle / "toolsets.jsonl").unlink()
    inspections = bundle / "inspections.jsonl"
    inspections.write_text(inspections.read_text("utf-8").replace("recorded", "Recorded"), "utf-8")
    missing, altered = (item for item in BundleImporter().read(bundle) if isinstance(item, Rejected))
    assert (missing.where, missing.reason) == (
        str(bundle / "toolsets.jsonl"),
        "is missing, although the manifest lists it",
    )
    assert altered.where == str(inspections)
    assert "does not have the SHA-256 of the manifest" in altered.reason


def test_a_revision_whose_base_is_missing_is_rejected_and_the_rest_kept(tmp_path: Path, bundle: Path) -> None:
    file = bundle / "trajectories.jsonl"
    rows = lines(file)
    base = next(row for row in rows if row["parent_id"] and row["root_id"] == rows_root(rows, 1))
    write_lines(file, [row for row in rows if row is not base])
    with desk(tmp_path / "new") as new:
        rejected = new.take_bundle(bundle).rejected
        reasons = " ".join(f"{item.where}: {item.reason}" for item in rejected)
        assert f"its base {str(base['id'])[:12]} is missing" in reasons
        assert f"ledger.jsonl: line 2: revision {str(base['id'])[:12]} is missing: no decision on lineage" in reasons
        assert len(new.ask(new.store.revisions, new.root(1))) == 1
        assert new.status(1) is ReviewStatus.PENDING
        assert new.status(0) is ReviewStatus.APPROVED
        assert new.is_sound()


@pytest.mark.parametrize(
    ("name", "field", "value", "reason"),
    [
        ("tasks.jsonl", "title", "another", "id: is not that of the content"),
        ("trajectories.jsonl", "carried_over", [99], "carried_over: the trajectory has 5 steps"),
        ("trajectories.jsonl", "root_id", "0" * 64, "its recording 000000000000 is missing"),
        ("inspections.jsonl", "steps", [], "it is not about the 5 steps of its trajectory"),
        ("inspections.jsonl", "earliest_cause", 99, "it is not about the 5 steps of its trajectory"),
        ("inspections.jsonl", "losses", {"goal": {"count": 1, "of": 2**70}}, "losses: a number is too large"),
        ("proposals.jsonl", "proposer", "another", "id: is not that of the content"),
        ("drafts.jsonl", "draft", 3, "draft: expected an object"),
        ("drafts.jsonl", "base_id", "0" * 64, "its trajectory 000000000000 is missing"),
        ("scores.jsonl", "trajectory_id", "0" * 64, "its trajectory 000000000000 is missing"),
        ("scores.jsonl", "step", 99, "step: its trajectory has "),
        ("scores.jsonl", "value", 9, "adherence: expected 0 to 2, found 9"),
        ("trajectories.jsonl", "earlier", [{"until": 99, "plan": []}], "id: is not that of the content"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_with_the_reason(
    bundle: Path, name: str, field: str, value: Json, reason: str
) -> None:
    rows = lines(bundle / name)
    rows[0][field] = value
    write_lines(bundle / name, rows)
    rejected = [item for item in BundleImporter().read(bundle) if isinstance(item, Rejected)]
    assert rejected[0].where == f"{bundle / name}: line 1"
    assert reason in rejected[0].reason


def rows_root(rows: list[dict[str, Json]], number: int) -> Json:
    return [row["id"] for row in rows if row["parent_id"] is None][number]


def test_every_field_of_every_file_is_documented(bundle: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "bundle.md").read_text("utf-8")
    for file in bundle.iterdir():
        assert f"`{file.name}`" in text or file.name == "README.md"
        for row in lines(file) if file.suffix == ".jsonl" else ():
            for name in (*row, *(payload(row) if file.name == "ledger.jsonl" else ())):
                assert f"`{name}`" in text or f'"{name}"' in text, f"{file.name}: {name}"


def sha256(value: Json) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_another_tool_can_write_a_bundle_by_the_documentation_alone(tmp_path: Path) -> None:
    spec: Row = {"goal": "é"}
    hashed_task: Row = {"environment": "recorded", "domain": "", "key": "1", "title": "T", "instruction": "Do it"}
    hashed_task |= {"policy": "", "tools": [["look", "", {}]], "spec": spec, "synthetic": False}
    task: Row = {"id": sha256(hashed_task), "environment": "recorded", "key": "1", "title": "T"}
    task |= {"instruction": "Do it", "tools": [{"name": "look"}], "spec": spec}
    step: Row = {"kind": "action", "tool": "look", "arguments": {"n": 1.0}}
    key = '[["action","assistant","","look",{"n":1.0},""],null,null,null]'
    source: Row = {"file": "mine", "index": 0}
    root = sha256([task["id"], None, ["", None], [], [key]])
    revision = sha256([task["id"], root, None, [], [key, key]])
    shared: Row = {"task_id": task["id"], "root_id": root}
    write_lines(tmp_path / "tasks.jsonl", [task])
    write_lines(
        tmp_path / "trajectories.jsonl",
        [
            {"id": root, **shared, "parent_id": None, "source": source, "steps": [step]},
            {"id": revision, **shared, "parent_id": root, "source": None, "steps": [step, step]},
        ],
    )
    made: Row = {"kind": "edit", "root_id": root, "base_id": root, "annotator": "me", "reason": "", "made_at": "2026"}
    made |= {"status_before": "pending", "status_after": "edited", "head_before": root, "head_after": revision}
    made |= {"candidate_id": revision, "proposal_id": None, "kept_hunks": [], "accepted": True, "rule": "improves"}
    made |= {"override": False, "lateral": False, "undoes": None, "seconds": 5, "detail": {}}
    entry: Row = {"sequence": 1, "previous_hash": "0" * 64, "payload": made}
    write_lines(tmp_path / "ledger.jsonl", [{**entry, "hash": sha256([1, "0" * 64, made])}])
    (tmp_path / "manifest.json").write_text('{"format": "hitl-app bundle", "version": 1}')
    with desk(tmp_path / "new") as new:
        summary = new.take_bundle(tmp_path)
        assert (summary.rejected, summary.trajectories) == ((), 1)
        assert summary.merged == MergeCounts(revisions=1, decisions=1)
        assert new.is_sound()
        assert new.ask(new.store.row, root).head_id == revision


def test_places_of_this_machine_are_not_carried_over(tmp_path: Path, bundle: Path) -> None:
    assert b"/somewhere/else" not in (bundle / "tasks.jsonl").read_bytes()
    with desk(tmp_path / "ours", RUNS) as ours:
        ours.take_bundle(bundle)
        assert {task.place for task in ours.ask(lambda: list(ours.store.tasks()))} == {"/somewhere/else"}


def test_a_bundle_cannot_say_what_is_where_on_this_disk(bundle: Path) -> None:
    write_lines(bundle / "tasks.jsonl", [{**row, "place": "/etc"} for row in lines(bundle / "tasks.jsonl")])
    tasks = [item.task for item in BundleImporter().read(bundle) if isinstance(item, ImportedTask)]
    assert tasks
    assert {task.place for task in tasks} == {""}


def test_a_task_without_a_run_is_carried_over(tmp_path: Path, bundle: Path) -> None:
    rows = lines(bundle / "tasks.jsonl")
    with desk(tmp_path / "old", 1) as old:
        task = old.ask(lambda: list(old.store.tasks()))[0]
        alone = ImportedTask(type(task)("recorded", "alone", "Alone"))
        old.ask(old.store.add_runs, [], [alone.task])
        whole = old.export(tmp_path / "whole")
    assert len(rows) == 2
    with desk(tmp_path / "new") as new:
        assert new.take_bundle(whole).tasks == 2
        assert contents(new.export(tmp_path / "again")) == contents(whole)


def test_an_import_that_was_stopped_goes_on_from_there(tmp_path: Path, bundle: Path) -> None:
    with desk(tmp_path / "new") as new:
        new.take_first(bundle)
        assert new.ask(lambda: len(list(new.store.root_ids()))) == RUNS
        assert (new.entries(), new.is_sound()) == ([], True)
        assert new.take_bundle(bundle).rejected == ()
        assert contents(new.export(tmp_path / "again")) == contents(bundle)


def test_a_draft_does_not_come_back_after_its_review_was_finished(tmp_path: Path, bundle: Path) -> None:
    with desk(tmp_path / "new") as new:
        assert new.take_bundle(bundle).merged.drafts == 1
        base = new.head(2).id
        asyncio.run(new.review.delete_draft(base))
        asyncio.run(new.review.flag(base, MAKER))
        assert new.take_bundle(bundle).merged == MergeCounts()
        assert new.ask(new.store.draft, base) is None


def test_a_damaged_ledger_is_not_exported(tmp_path: Path) -> None:
    with desk(tmp_path / "old", 1) as old:
        decide(old, "flag", 0, 1)
        old.ask(_alter, old)
        with pytest.raises(UserError, match="run `hitl-app ledger check`"):
            old.export(tmp_path / "bundle")
        assert not (tmp_path / "bundle").exists()


def _alter(old: Desk) -> None:
    with old.store._write() as connection:
        connection.exec_driver_sql("DROP TRIGGER decision_no_UPDATE")
        connection.exec_driver_sql("UPDATE decision SET payload = replace(payload, 'enough', 'not')")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from((*FILES, "manifest.json")),
    edits=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 200), st.binary(max_size=4)), min_size=1, max_size=3),
)
def test_damaged_bytes_anywhere_leave_a_whole_store(
    tmp_path_factory: pytest.TempPathFactory, bundle: Path, name: str, edits: list[tuple[float, int, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    for file in bundle.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    data = bytearray((folder / name).read_bytes())
    for share, cut, added in edits:
        place = int(len(data) * share)
        data[place : place + cut] = added
    harmed = bytes(data) != (folder / name).read_bytes()
    (folder / name).write_bytes(bytes(data))
    with desk(tmp_path_factory.mktemp("new")) as new:
        rejected = [item for summary in new.take(folder) for item in summary.rejected]
        assert new.is_sound()
        assert rejected or not harmed or name == "manifest.json"
        assert all(item.where and item.reason for item in rejected)
