"""Desks whose stores are merged by the command line, in processes of their own."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from in_process import Line, answer, call

AIRLINE = "toolorchestra_airline_gpt-5_subset.json"


def hitl(*arguments: str | Path) -> Line:
    """The one line of a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "hitl_app", *map(str, arguments), "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: Line = json.loads(done.stdout)
    return found


def listed(desk: Path) -> list[Line]:
    """The queue without the order of import, which is each desk's own."""
    return sorted(call(desk, "list"), key=lambda row: str(row["id"]))


def repair(desk: Path, base: str, who: str) -> None:
    (found,) = call(desk, "propose", base)
    call(desk, "decide", "--accept", found["proposal"], "--annotator", who, "--reason", "as proposed")


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory, recordings: Path) -> tuple[Path, Path, Path]:
    """Ann and Bob on the same samples, and Bob once more on recorded runs."""
    ann, bob, more = (tmp_path_factory.mktemp(name) for name in ("ann", "bob", "more"))
    for desk in (ann, bob):
        call(desk, "samples", "--count", "6")
    call(more, "import", recordings / "tau2-bench" / AIRLINE)
    roots = [row["id"] for row in call(ann, "list")]
    repair(ann, roots[1], "ann")
    call(ann, "mark", "reject", roots[2], "--annotator", "ann", "--reason", "no trip at all")
    call(ann, "mark", "flag", roots[3], "--annotator", "ann")
    call(bob, "mark", "reject", roots[1], "--annotator", "bob", "--reason", "beyond repair")
    call(bob, "mark", "reject", roots[2], "--annotator", "bob", "--reason", "no trip")
    call(bob, "mark", "skip", roots[4], "--annotator", "bob")
    call(bob, "undo", "--annotator", "bob")
    call(more, "bulk", "reject", "--query", "", "--annotator", "bob", "--reason", "all of them")
    return ann, bob, more


@pytest.mark.slow
def test_two_desks_merged_either_way_hold_the_same(desks: tuple[Path, Path, Path], tmp_path: Path) -> None:
    ann, bob, more = (copytree(desk, tmp_path / name) for desk, name in zip(desks, ("a", "b", "c"), strict=True))
    roots = [row["id"] for row in call(ann, "list")]
    untouched = (bob / "desk.db").read_bytes()
    added = hitl("merge", ann, bob)
    assert (added["decisions"], added["trajectories"], added["disputed"]) == (4, 0, [roots[1]])
    assert (bob / "desk.db").read_bytes() == untouched
    assert hitl("merge", bob / "desk.db", ann)["known"] == 4
    for desk in (ann, bob):
        call(desk, "merge", desk, more)
    assert listed(ann) == listed(bob)
    assert {row["id"]: row["status"] for row in listed(ann)}[roots[1]] == "disputed"
    for desk in (ann, bob):
        (report,) = call(desk, "ledger", "check")
        assert report["sound"]
        assert len(list(desk.glob("desk.backup-*.db"))) in (1, 2)  # two merges of one second share their copy
    (again,) = call(ann, "merge", ann, bob)
    assert sum(count for name, count in again.items() if name not in ("known", "disputed")) == 0


@pytest.mark.slow
def test_what_is_settled_at_one_desk_is_settled_at_the_other(desks: tuple[Path, Path, Path], tmp_path: Path) -> None:
    ann, bob = (copytree(desk, tmp_path / desk.name) for desk in desks[:2])
    (root,) = call(ann, "merge", ann, bob)[0]["disputed"]
    call(ann, "mark", "reject", root, "--annotator", "cyd", "--reason", "Bob is right")
    assert call(bob, "merge", bob, ann)[0]["disputed"] == []
    assert listed(ann) == listed(bob)
    assert {row["id"]: row["status"] for row in listed(bob)}[root] == "rejected"


def test_a_row_of_training_data_has_the_same_id_at_both_desks(desks: tuple[Path, Path, Path], tmp_path: Path) -> None:
    ann, bob = (copytree(desk, tmp_path / desk.name) for desk in desks[:2])
    repair(ann, call(ann, "list")[5]["id"], "ann")
    call(bob, "merge", bob, ann)
    ids = []
    for desk in (ann, bob):
        call(desk, "export", "--format", "trl-dpo", "--out", desk / "pairs")
        rows = (desk / "pairs" / "pairs-whole-train.jsonl").read_text(encoding="utf-8").splitlines()
        ids.append({json.loads(row)["id"] for row in rows if json.loads(row)["pair"] == "accepted_base"})
    assert ids[0] & ids[1]


def test_a_merge_says_what_is_missing(
    desks: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SystemExit):
        answer(tmp_path, "merge", tmp_path / "empty", desks[0])
    assert "there is no store at" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        answer(tmp_path, "merge", desks[1], desks[0])
    assert "leave out --data-dir" in capsys.readouterr().err
    code, _, message = answer(desks[0], "merge", desks[0], desks[0])
    assert (code, "the store itself" in message) == (1, True)
