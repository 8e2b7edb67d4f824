"""`hitl-app export` as an engineer scripts it: what goes out is what was asked for."""

import json
from pathlib import Path

import pytest
from in_process import Line, answer, call

from hitl_app.cli.main import parse


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the offline repairer worked on two samples for a while."""
    folder = tmp_path_factory.mktemp("desk")
    call(folder, "samples", "--count", "2")
    call(folder, "refine", "--query", "env:travel", "--budget-iterations", "1")
    return folder


def manifest(folder: Path) -> Line:
    found: Line = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


def test_every_option_reaches_the_data_and_their_manifest(desk: Path, tmp_path: Path) -> None:
    chosen = ["--pairs", "base_rejected,accepted_base", "--spans", "divergence", "--verified", "--no-override"]
    written = ["--split", "train=0.5,test=0.5", "--split-seed", "7", "--weight", "margin", "--clean", "mask"]
    drawn = ["--resample", "4", "--resample-seed", "2", "--query", "env:travel"]
    options = [*chosen, *written, *drawn]
    (made,) = call(desk, "export", "--format", "trl-dpo", "--out", tmp_path / "pairs", *options)
    assert manifest(tmp_path / "pairs")["settings"] == {
        "prompt": "explicit",
        "pairs": ["accepted_base", "base_rejected"],
        "spans": ["divergence"],
        "filters": {
            "verified": True,
            "human": False,
            "no_override": True,
            "no_answer": False,
            "agreement": None,
            "query": "env:travel",
        },
        "splits": {"shares": {"train": 0.5, "test": 0.5}, "seed": 7},
        "weighting": "margin",
        "resampling": {"rate": 4.0, "seed": 2},
        "cleaning": "mask",
        "norm": "max",
    }
    assert {each["file"] for each in made["files"]} <= {"pairs-divergence-train.jsonl", "pairs-divergence-test.jsonl"}
    assert sum(each["rows"] for each in made["files"]) > 1
    assert {each["kind"]: each["count"] for each in made["found"]} == manifest(tmp_path / "pairs")["found"]
    (none,) = call(desk, "export", "--format", "trl-dpo", "--out", tmp_path / "none", "--human")
    assert none["files"] == []
    assert {each["reason"].rpartition(": ")[2] for each in none["excluded"]} >= {"no person decided"}


def test_a_preview_of_the_same_options_says_the_same_and_writes_nothing(desk: Path, tmp_path: Path) -> None:
    options = ["--format", "trl-dpo", "--spans", "whole", "--split", "a=0.5,b=0.5"]
    (seen,) = call(desk, "export", "--preview", "1", *options)
    (made,) = call(desk, "export", "--out", tmp_path / "pairs", *options)
    assert (seen["files"], seen["excluded"]) == (made["files"], made["excluded"])
    for first in seen["first"]:
        row = (tmp_path / "pairs" / first["file"]).read_text("utf-8").split("\n")[0]
        assert first["text"] == row[: len(first["text"])]
        assert len(row) == len(first["text"]) + first["more"]


def test_rows_are_shown_as_a_trainer_sees_them(desk: Path, tmp_path: Path) -> None:
    options = ["--format", "trl-dpo", "--spans", "divergence"]
    (seen,) = call(desk, "export", "--preview", "1", "--template", "chatml", *options)
    (first,) = seen["first"]
    assert [chat["name"] for chat in first["chats"]] == ["chosen", "rejected"]
    for chat in first["chats"]:
        assert (chat["problem"], chat["doubts"]) == ("", [])
        (answer,) = (piece["text"] for piece in chat["pieces"] if piece["trained"])
        assert answer.endswith("<|im_end|>\n")
    template = tmp_path / "tokenizer_config.json"
    template.write_text(json.dumps({"chat_template": "{% for m in messages %}{{ m.content }}{% endfor %}"}))
    (seen,) = call(desk, "export", "--preview", "1", "--template", template, *options)
    assert "calls_dropped" in seen["first"][0]["chats"][0]["doubts"]


def test_the_formats_are_listed_with_what_they_need(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {line["name"]: line for line in call(desk, "export", "formats")}
    assert {"trl-dpo", "verl", "bundle"} <= listed.keys()
    assert all(line["description"] for line in listed.values())
    assert (listed["trl-dpo"]["settings"], listed["bundle"]["settings"]) == (True, False)
    assert (listed["verl"]["needs"], listed["verl"]["problem"]) == ("parquet", "")
    monkeypatch.setattr("hitl_app.exchange.dataset.can_write_parquet", lambda: False)
    listed = {line["name"]: line for line in call(desk, "export", "formats")}
    assert listed["trl-dpo"]["problem"] == ""
    assert "pip install 'hitl-app[parquet]'" in listed["verl"]["problem"]
    code, lines, messages = answer(desk, "export", "--format", "verl", "--preview", "1")
    assert (code, lines) == (1, [])
    assert "pip install 'hitl-app[parquet]'" in messages


def test_rows_that_are_parquet_alone_are_shown_as_json(desk: Path) -> None:
    (seen,) = call(desk, "export", "--format", "verl", "--preview", "1")
    rows = [first for first in seen["first"] if first["file"].endswith(".parquet")]
    assert rows
    assert all(first["more"] or isinstance(json.loads(first["text"]), dict) for first in rows)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--pairs", "accepted"], "accepted_base, base_rejected, accepted_rejected, edited_proposal"),
        (["--spans", "all"], "whole, divergence, hunk"),
        (["--agreement", "nan"], "a share from 0 to 1"),
        (["--split", "train=0.9"], "such as train=0.9,test=0.1"),
        (["--split", "train"], "such as train=0.9,test=0.1"),
        (["--weight", "loss"], "uniform, margin, agreement"),
        (["--resample", "0"], "above 0 and at most 100"),
        (["--clean", "yes"], "off, report, mask"),
        (["--out", "here", "--preview", "1"], "not allowed with"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_with_what_would(
    options: list[str], complaint: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit):
        parse(["export", "--format", "trl-dpo", *options], tmp_path)
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ([], "name a format with --format: trl-sft, trl-dpo"),
        (["--format", "trl-dpo"], "--out DIR, or look first with --preview N"),
        (["--format", "trl-dpo", "--preview", "1", "--split-seed", "1"], "--split-seed draws the parts of --split"),
        (["--format", "trl-dpo", "--preview", "1", "--resample-seed", "1"], "draws the rows of --resample"),
        (["--format", "atif", "--preview", "1", "--human"], "atif always holds everything"),
        (["--format", "trl-dpo", "--preview", "1", "--query", "colour:red"], 'no field is called "colour"'),
        (["formats", "--preview", "1"], "leave out what is for an export"),
    ],
)
def test_what_cannot_be_exported_ends_with_a_message(desk: Path, options: list[str], complaint: str) -> None:
    code, lines, messages = answer(desk, "export", *options)
    assert (code, lines) == (1, [])
    assert complaint in messages
