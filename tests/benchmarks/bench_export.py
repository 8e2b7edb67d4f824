"""Export of 200,000 preference pairs as trl-dpo, against writing the same bytes with orjson alone.

Run as `python tests/benchmarks/bench_export.py [--pairs N] [--store DIR]`; a store that was filled is taken as it is.
Peaks are of the resident memory of a process of its own, for a tenth of the pairs and for all of them.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from pair_store import PAIRS, open_filled

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import Cleaning, ExportSettings
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.exporters import trl_dpo
from hitl_app.workflow.exporting import Limits, StoredRecord

COUNT = 200_000
AT_A_TIME = 2_000
"""Rows that are in memory while they are written again."""


def export(store: Path, out: Path, pairs: int, cleaning: Cleaning) -> JsonObject:
    """Export so many pairs; rows, seconds on the clock and of the processor, megabytes before and at the peak."""
    with closing(open_filled(store, pairs)) as opened:
        record = StoredRecord(opened, Limits(items=-(-pairs // PAIRS)))
        before = _peak()
        begun, busy = time.perf_counter(), time.process_time()
        summary = DatasetExporter(trl_dpo.TARGET).export(record, out, ExportSettings(cleaning=cleaning))
        seconds, cpu = time.perf_counter() - begun, time.process_time() - busy
    rows = sum(count for _, count in summary.files)
    return {"rows": rows, "seconds": seconds, "cpu": cpu, "before": before, "peak": _peak()}


def _peak() -> float:
    """Megabytes of resident memory at the peak; `getrusage` would count that of the process which started this one."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def measured(store: Path, out: Path, pairs: int, cleaning: Cleaning) -> dict[str, float]:
    """`export` in a process of its own."""
    job = [sys.executable, __file__, "--store", str(store), "--out", str(out), "--pairs", str(pairs)]
    done = subprocess.run([*job, "--clean", cleaning], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def bare(folder: Path, again: Path) -> float:
    """Seconds that orjson takes to write the rows of a folder once more; reading them does not count."""
    seconds = 0.0
    for file in sorted(folder.glob("*.jsonl")):
        with file.open("rb") as lines, (again / file.name).open("wb") as out:
            for rows in _parsed(lines):
                begun = time.perf_counter()
                for row in rows:
                    out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
                seconds += time.perf_counter() - begun
    return seconds


def _parsed(lines: Iterator[bytes]) -> Iterator[list[JsonObject]]:
    while rows := [orjson.loads(line) for line in islice(lines, AT_A_TIME)]:
        yield rows


def measure(store: Path, pairs: int) -> None:
    """Print speed and memory."""
    begun = time.perf_counter()
    with closing(open_filled(store, pairs)):
        print(f"store opened or filled in {time.perf_counter() - begun:.0f} s", flush=True)
    for some, cleaning in ((pairs // 10, Cleaning.OFF), (pairs // 10, Cleaning.REPORT), (pairs, Cleaning.REPORT)):
        with TemporaryDirectory(dir=store) as name:
            out, again = Path(name) / "export", Path(name) / "again"
            again.mkdir()
            made = measured(store, out, some, cleaning)
            size = sum(file.stat().st_size for file in out.glob("*.jsonl")) / 1e6
            alone = bare(out, again)
        print(
            f"{made['rows']:.0f} pairs, cleaning {cleaning}: {size:.0f} MB of JSON Lines in {made['seconds']:.1f} s"
            f" ({made['cpu']:.1f} s of the processor), {size / made['seconds']:.1f} MB/s\n"
            f"  orjson alone {alone:.2f} s, {size / alone:.0f} MB/s: ratio {made['seconds'] / alone:.1f}\n"
            f"  memory: {made['before']:.0f} MB before it began, {made['peak']:.0f} MB at the peak",
            flush=True,
        )


def main() -> None:
    """Measure and print; with `--out`, export alone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=COUNT)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--clean", type=Cleaning, default=Cleaning.REPORT)
    args = parser.parse_args()
    if args.out is not None:
        print(json.dumps(export(args.store, args.out, args.pairs, args.clean)))
    elif args.store is not None:
        measure(args.store, args.pairs)
    else:
        with TemporaryDirectory() as name:
            measure(Path(name), args.pairs)


if __name__ == "__main__":
    main()
