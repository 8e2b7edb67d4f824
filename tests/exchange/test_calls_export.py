"""Calls of models, out of a store as JSON Lines and in again."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from decisions import Decisions
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.errors import UserError
from hitl_app.domain.model import ChatMessage, ModelCall, ToolCall, Usage
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.calls import read_calls
from hitl_app.exchange.exporters import EXPORTERS

RUNS = ("a" * 32, "b" * 32)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, values, max_size=3)
tool_calls = st.builds(ToolCall, texts, objects, texts)
messages = st.builds(
    ChatMessage, st.sampled_from(["system", "user", "assistant", "tool"]), texts, st.tuples() | st.tuples(tool_calls)
)
tokens = st.integers(0, 10**7)
usages = st.builds(Usage, st.just(1), tokens, tokens, st.booleans(), st.none() | st.floats(0, 100))
calls = st.builds(
    ModelCall,
    purpose=texts,
    prompt=texts,
    model=texts,
    messages=st.lists(messages, max_size=3).map(tuple),
    parameters=objects,
    answer=objects,
    usage=usages,
    seconds=st.floats(0, 1000),
    attempts=st.integers(1, 9),
    error=texts,
    endpoint=texts,
    answering=texts,
    started_at=texts,
)


class Asked(Decisions):
    """A record that holds calls, and nothing else."""

    def __init__(self, kept: Sequence[tuple[str, ModelCall]]) -> None:
        super().__init__(())
        self._kept = kept

    def calls(self, run_id: str | None = None) -> Iterator[tuple[str, ModelCall]]:
        return iter(self._kept)


def exported(kept: Sequence[tuple[str, ModelCall]], folder: Path) -> Path:
    """The file that exporting these calls writes."""
    exporter = next(exporter for exporter in EXPORTERS if exporter.name == "calls")
    summary = exporter.export(Asked(kept), folder, ExportSettings())
    assert summary.files == (("calls.jsonl", len(kept)),)
    return folder / "calls.jsonl"


@given(st.lists(st.tuples(st.sampled_from(RUNS), calls), max_size=4))
@settings(max_examples=30, deadline=None)
def test_what_was_exported_is_read_again_as_it_was(kept: list[tuple[str, ModelCall]]) -> None:
    with TemporaryDirectory() as folder:
        file = exported(kept, Path(folder))
        assert list(read_calls(file)) == list(read_calls(file.parent)) == [call for _, call in kept]
        lines = file.read_bytes().split(b"\n")[:-1]
        assert [json.loads(line)["run"] for line in lines] == [run_id for run_id, _ in kept]


def test_the_same_store_gives_the_same_bytes_and_a_manifest_that_names_them(tmp_path: Path) -> None:
    call = ModelCall("evolve", "evolve/1", "m", (ChatMessage("user", "Was nun?"),), {}, {"text": "上"}, Usage(1, 2, 3))
    files = [exported([(RUNS[0], call)] * 3, tmp_path / name) for name in ("one", "two")]
    assert files[0].read_bytes() == files[1].read_bytes()
    manifest = json.loads((files[0].parent / "manifest.json").read_text("utf-8"))
    assert (manifest["format"], manifest["files"][0]["rows"]) == ("calls", 3)


@pytest.mark.parametrize("line", ["[]", "7", "{", "{}", '{"key": 1}', "\udcff"])
def test_a_line_that_is_no_call_is_named(line: str, tmp_path: Path) -> None:
    call = ModelCall("evolve", "evolve/1", "m", (), {}, {}, Usage())
    file = exported([(RUNS[0], call)], tmp_path)
    with file.open("a", encoding="utf-8", errors="surrogateescape") as lines:
        lines.write(line + "\n")
    with pytest.raises(UserError, match=r"calls\.jsonl, line 2: this is no recorded call"):
        list(read_calls(file))


def test_a_call_whose_question_was_altered_is_refused(tmp_path: Path) -> None:
    call = ModelCall("evolve", "evolve/1", "m", (ChatMessage("user", "Who?"),), {}, {}, Usage())
    file = exported([(RUNS[0], call)], tmp_path)
    file.write_text(file.read_text("utf-8").replace("Who?", "How?"), "utf-8")
    with pytest.raises(UserError, match=r"line 1: .*altered"):
        list(read_calls(file))
