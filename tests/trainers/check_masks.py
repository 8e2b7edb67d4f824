"""Compares what a trainer trains on with what was meant: `check_masks.py EXPORT PYTHON`.

Runs in the product's environment, and asks `hitl-app check-export` what the trainer in the other one sees. Every row of
every file is compared, text by text.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet
from expected_masks import EXPECTED, Row, Runs, Texts

ALL = "1000000"


def rows_of(file: Path) -> list[Row]:
    if file.suffix == ".parquet":
        return list(pyarrow.parquet.read_table(file).to_pylist())
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def seen_of(row: Row) -> Texts:
    return {name: [(run["trained"], run["text"]) for run in runs] for name, runs in row["texts"].items()}


def same(name: str, seen: Runs, meant: Runs) -> bool:
    """Whether they are equal; LLaMA-Factory's own words at the beginning, for system and tools, may be there."""
    if name in ("llama-factory", "plan-and-act") and seen and meant and not meant[0][0]:
        return seen[1:] == meant[1:] and not seen[0][0] and seen[0][1].endswith(meant[0][1])
    return seen == meant


def difference(seen: Runs, meant: Runs) -> str:
    for (is_trained, text), (ought, wanted) in zip(seen, meant, strict=False):
        if (is_trained, text) != (ought, wanted):
            return f"trained {is_trained} {text[-300:]!r}, but meant {ought} {wanted[-300:]!r}"
    return f"{len(seen)} passages, but meant {len(meant)}"


def check_file(name: str, rows: list[Row], seen: list[Row]) -> Iterator[str]:
    """What differs; nothing where all is as meant."""
    if len(rows) != len(seen):
        yield f"{len(seen)} of {len(rows)} rows"
    for number, (row, shown) in enumerate(zip(rows, seen, strict=False)):
        texts = seen_of(shown)
        for side, meant in EXPECTED[name](name, row).items():
            if not same(name, texts[side], meant):
                yield f"row {number}, {side}: {difference(texts[side], meant)}"


def counted(rows: list[Row], seen: list[Row]) -> str:
    """How much was compared, and how much of it has calls."""
    found: Counter[str] = Counter()
    for shown in seen:
        for runs in seen_of(shown).values():
            for is_trained, text in runs:
                found["trained" if is_trained else "masked"] += 1
                found["calls"] += is_trained and text.count("<tool_call>\n")
    said = f"{found['trained']} trained and {found['masked']} masked passages"
    return f"{len(rows)} rows, {said}, {found['calls']} calls in what is trained"


def main() -> int:
    export, python = Path(sys.argv[1]), sys.argv[2]
    asked = ["check-export", str(export), "--python", python, "--rows", ALL, "--json"]
    command = [sys.executable, "-m", "hitl_app", *asked, "--data-dir", str(export.parent / "none")]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if not done.stdout:
        return 1
    found = json.loads(done.stdout)
    bad = [f"{check['what']}: {check['detail']}" for check in found["checks"] if check["passed"] is not True]
    for file in found["seen"]:
        rows = rows_of(export / file["file"])
        wrong = list(check_file(found["format"], rows, file["rows"]))
        bad += [f"{file['file']}: {each}" for each in wrong]
        sys.stdout.write(f"  {file['file']}, {file['loader']}: {counted(rows, file['rows'])}\n")
    sys.stdout.writelines(f"  WRONG {each[:2000]}\n" for each in bad)
    return 1 if bad or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
