from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from bundle_desk import KINDS, MAKER, Desk, decide, desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_chats import ODD, chat, chats, large, write

from hitl_app.domain.jsontypes import Json
from hitl_app.domain.training import Cleaning, ExportSettings, Resampling, Splits, Weighting
from hitl_app.exchange.exporters import EXPORTERS
from hitl_app.workflow.deciding import Maker

Actions: TypeAlias = list[tuple[str, int, int, Maker]]
Chats: TypeAlias = list[dict[str, Json]]

COUNT = 3
BOB, CYD = replace(MAKER, annotator="bob 二", blind=True), replace(MAKER, annotator="cyd", blind=True)
ACTIONS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, COUNT - 1), st.integers(1, 3), st.sampled_from([MAKER, BOB, CYD])),
    min_size=4,
    max_size=20,
)
CHATS = st.tuples(*(chats(f"task {number}") | st.just(large(f"task {number}")) for number in range(COUNT))).map(list)
ROWS = (".jsonl", ".parquet", ".csv")
CHOSEN = ExportSettings(
    splits=Splits((("train", 0.5), ("test", 0.5)), seed=3),
    weighting=Weighting.MARGIN,
    resampling=Resampling(3.0),
    cleaning=Cleaning.MASK,
)
REVIEW: Actions = [
    ("propose", 0, 1, MAKER),
    ("accept one", 0, 1, MAKER),
    ("repair", 0, 1, MAKER),
    ("worsen", 0, 2, BOB),
    ("restore", 0, 1, CYD),
    ("repair", 1, 2, BOB),
    ("override", 1, 1, CYD),
    ("gradient", 1, 3, CYD),
    ("reject", 2, 1, MAKER),
    ("approve", 2, 1, BOB),
    ("undo", 2, 1, BOB),
    ("blame", 2, 1, MAKER),
    ("score", 0, 2, MAKER),
    ("judged", 0, 1, MAKER),
    ("judged", 1, 2, MAKER),
]


def exports(of: Desk, folder: Path, chosen: ExportSettings) -> dict[str, dict[str, bytes]]:
    """All files of all formats; of training data those that somebody chose."""
    found = {}
    for exporter in EXPORTERS:
        if not exporter.problem:
            out = of.export(folder / exporter.name, exporter.name, chosen if exporter.chooses else None)
            found[exporter.name] = {file.name: file.read_bytes() for file in out.iterdir()}
    return found


def check_round_trip(folder: Path, records: Chats, actions: Actions, chosen: ExportSettings) -> set[str]:
    """Exports of a store must be those of an empty one that took in its bundle; the formats that have rows."""
    with desk(folder / "old") as old:
        (summary,) = old.take(write(folder / "chats.jsonl", records))
        assert (summary.trajectories, summary.rejected) == (COUNT, ())
        for kind, number, step, who in actions:
            old.maker = who
            decide(old, kind, number, step)
        bundle = old.export(folder / "bundle")
        first = exports(old, folder / "first", chosen)
    with desk(folder / "new") as new:
        assert new.take_bundle(bundle).rejected == ()
        assert exports(new, folder / "second", chosen) == first
    return {name for name, files in first.items() if any(file.endswith(ROWS) and data for file, data in files.items())}


def test_a_reviewed_store_and_one_that_took_in_its_bundle_give_the_same_exports_of_every_format(
    tmp_path: Path,
) -> None:
    records = [chat(f"task {number}", *ODD[number:]) for number in range(COUNT)]
    with_rows = check_round_trip(tmp_path, records, REVIEW, ExportSettings())
    without = {exporter.name for exporter in EXPORTERS if not exporter.problem} - with_rows
    assert without == {"calls", "cope_routing"}  # no bundle has them


@pytest.mark.slow
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(records=CHATS, actions=ACTIONS, chosen=st.sampled_from([ExportSettings(), CHOSEN]))
def test_whatever_was_recorded_and_decided_its_bundle_gives_the_same_exports_of_every_format(
    tmp_path_factory: pytest.TempPathFactory, records: Chats, actions: Actions, chosen: ExportSettings
) -> None:
    check_round_trip(tmp_path_factory.mktemp("desks"), records, actions, chosen)
