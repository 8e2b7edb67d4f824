"""Previews: what an import would add and an export would write, and that looking writes nothing."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from hitl_app.bootstrap import build
from hitl_app.domain.library import ImportSummary
from hitl_app.domain.training import ExportSettings, Filters
from hitl_app.workflow import exporting, previewing
from hitl_app.workflow.exporting import ExportStoppedError
from hitl_app.workflow.workspace import Workspace


@contextmanager
def opened(folder: Path) -> Iterator[Workspace]:
    application = build(folder)
    try:
        yield application.workspace
    finally:
        application.close()


def _chat(number: int) -> str:
    return json.dumps(
        {"messages": [{"role": "user", "content": f"Hello {number}"}, {"role": "assistant", "content": "Hi"}]}
    )


async def _import(workspace: Workspace, file: Path, stop: Event | None = None) -> list[ImportSummary]:
    def progress(_: ImportSummary) -> None:
        if stop is not None:
            stop.set()

    return [summary async for summary, _ in workspace.library.import_paths([file], None, progress, stop)]


def test_a_preview_says_what_the_import_then_does_and_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_text("\n".join([_chat(1), _chat(2), '{"messages": 3}', _chat(1)]) + "\n", encoding="utf-8")

    async def story(workspace: Workspace) -> None:
        preview = await workspace.library.preview([file])
        assert (await workspace.library.queue(limit=1)).total == 0
        assert preview.whole
        assert [len(run.trajectory.steps) for run in preview.glimpses] == [2, 2, 2]
        done = await _import(workspace, file)
        assert list(preview.summaries) == done
        assert (preview.trajectories, preview.duplicates, len(preview.rejected)) == (2, 1, 1)
        again = await workspace.library.preview([file])
        assert (again.trajectories, again.tasks, again.duplicates) == (0, 0, 3)

    with opened(tmp_path / "data") as workspace:
        asyncio.run(story(workspace))


def test_a_large_file_is_only_begun_and_an_import_that_is_stopped_counts_what_it_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "chats.jsonl"
    file.write_text("\n".join(map(_chat, range(1000))) + "\n", encoding="utf-8")
    monkeypatch.setattr("hitl_app.workflow.library.PREVIEWED", 300)

    async def story(workspace: Workspace) -> None:
        preview = await workspace.library.preview([file])
        assert not preview.whole
        assert 300 <= preview.trajectories < 1000
        assert preview.import_seconds is None
        (summary,) = await _import(workspace, file, Event())
        kept = (await workspace.library.queue(limit=1)).total
        assert 0 < kept < 1000
        assert summary.trajectories == kept

    with opened(tmp_path / "data") as workspace:
        asyncio.run(story(workspace))


def test_the_rows_of_a_preview_are_those_that_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(workspace: Workspace) -> None:
        await workspace.samples.add(4)
        preview = await workspace.exporting.preview("atif", 2)
        out = tmp_path / "out"
        assert preview.summary == await workspace.exporting.export("atif", out)
        written = (out / "trajectories.jsonl").read_text(encoding="utf-8").splitlines()
        first = preview.rows["trajectories.jsonl"]
        assert [row.text for row in first] == [line[: exporting.ROW_CHARACTERS] for line in written[:2]]
        assert [row.more for row in first] == [max(0, len(line) - exporting.ROW_CHARACTERS) for line in written[:2]]
        assert preview.whole

        monkeypatch.setattr(exporting, "PREVIEWED", 3)
        begun = await workspace.exporting.preview("atif", 2)
        assert not begun.whole
        assert begun.summary.files == (("trajectories.jsonl", 3),)

        stop = Event()
        stop.set()
        with pytest.raises(ExportStoppedError):
            await workspace.exporting.export("atif", tmp_path / "stopped", stop=stop)
        assert not (tmp_path / "stopped").exists()

    with opened(tmp_path / "data") as workspace:
        asyncio.run(story(workspace))


def test_an_estimate_follows_the_part_that_was_read() -> None:
    half = previewing.ImportPreview(measure=previewing.Measure(2, 100), read_bytes=50, seconds=3.0)
    assert half.import_seconds == pytest.approx(6.0 * previewing.WRITING)


def test_whoever_waits_for_an_export_is_told_how_far_of_how_many_lineages_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "TOLD_EVERY", -1.0)
    told: list[tuple[int, int]] = []

    async def story(workspace: Workspace) -> None:
        await workspace.samples.add(3)
        nothing = ExportSettings(filters=Filters(query="status:approved"))
        for number, (name, settings) in enumerate((("trl-dpo", None), ("atif", None), ("trl-dpo", nothing))):
            out = tmp_path / str(number)
            await workspace.exporting.export(name, out, lambda *far: told.append(far), settings=settings)

    with opened(tmp_path / "data") as workspace:
        asyncio.run(story(workspace))
    assert told == [(0, 3), (1, 3), (2, 3)] * 2
