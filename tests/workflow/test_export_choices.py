"""What is chosen for an export is kept as it was, and the command line that is offered asks for the same."""

import asyncio
import shlex
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from hitl_app.bootstrap import build
from hitl_app.cli.export_options import settings_of
from hitl_app.cli.main import make_parser
from hitl_app.domain.ports import ExportSummary, Record
from hitl_app.domain.training import (
    Cleaning,
    ExportSettings,
    Filters,
    PairKind,
    Resampling,
    Span,
    Splits,
    Weighting,
)
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.exchange.rendering.process import SERVER, TemplateProcess
from hitl_app.exchange.rows import read_rows
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock
from hitl_app.system.program import command_of
from hitl_app.workflow.export_choices import ExportChoices
from hitl_app.workflow.exporting import Exporting
from hitl_app.workflow.samples import Samples
from hitl_app.workflow.threads import Threads

PARSER = make_parser(Path("elsewhere"))
SEEDS = st.integers(0, 2**31)
SHARES = st.sampled_from(
    ((("train", 1.0),), (("train", 0.1), ("test", 0.9)), (("a", 1 / 3), ("b", 1 / 3), ("c", 1 / 3)))
)
FILTERS = st.builds(
    Filters,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.none() | st.floats(0, 1),
    st.sampled_from(("", "env:travel", "-status:pending", '"two words" \'x', "订单")),
)
SETTINGS = st.builds(
    ExportSettings,
    st.frozensets(st.sampled_from(PairKind), min_size=1),
    st.frozensets(st.sampled_from(Span), min_size=1),
    FILTERS,
    st.builds(Splits, SHARES, SEEDS),
    st.sampled_from(Weighting),
    st.none() | st.builds(Resampling, st.floats(0.01, 100), SEEDS),
    st.sampled_from(Cleaning),
)


@examples(max_examples=50)
@given(SETTINGS)
def test_choices_are_the_same_when_they_are_read_again_and_on_the_command_line(settings: ExportSettings) -> None:
    choices = ExportChoices("trl-dpo", settings, "/data/an export", "t.jinja")
    assert ExportChoices.from_json(choices.to_json()) == choices
    program, *arguments = shlex.split(choices.command_line(Path("/the store")))
    args = PARSER.parse_args(arguments)
    assert program == "hitl-app"
    assert (args.data_dir, args.format_name, args.out) == (Path("/the store"), "trl-dpo", Path("/data/an export"))
    assert settings_of(args) == settings


def test_choices_that_cannot_be_read_any_more_are_as_usual(tmp_path: Path) -> None:
    application = build(tmp_path)
    try:
        exporting, library = application.workspace.exporting, application.workspace.library
        assert asyncio.run(exporting.remembered()) == ExportChoices()
        asyncio.run(exporting.remember(ExportChoices("csv", folder="out")))
        assert asyncio.run(exporting.remembered()) == ExportChoices("csv", folder="out")
        asyncio.run(library.set_preference("export", {"format": "csv", "settings": {"pairs": ["of shoes"]}}))
        assert asyncio.run(exporting.remembered()) == ExportChoices()
    finally:
        application.close()


class Endless:
    """An exporter that reads a record for as long as it may."""

    name, description, needs, problem, suffix = "endless", "", "", "", ""
    chooses = pairs = False
    spans = ()

    def __init__(self) -> None:
        self.began = Event()

    def export(self, record: Record, out: Path, settings: ExportSettings) -> ExportSummary:
        self.began.set()
        while True:
            list(record.root_ids())


def test_a_preview_that_nobody_waits_for_any_more_leaves_the_store_to_others(tmp_path: Path) -> None:
    threads, endless = Threads(), Endless()
    store = threads.in_database(open_store, tmp_path / "desk.db", SystemClock())
    renderer = TemplateProcess(tmp_path / "unused.jinja", command_of(SERVER))
    exporting = Exporting(store, [endless], threads, read_rows=read_rows, renderer=renderer, place=tmp_path)

    async def story() -> None:
        await Samples(store, threads, sample_runs).add(1)
        looking = asyncio.create_task(exporting.preview("endless", 1))
        await asyncio.to_thread(endless.began.wait)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        async with asyncio.timeout(10):
            assert await exporting.remembered() == ExportChoices()

    try:
        asyncio.run(story())
    finally:
        threads.close(close_store=store.close)
