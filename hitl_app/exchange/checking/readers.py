"""The near end of the trainers' own loading code: which reader a format has, and how it is asked."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from hitl_app.domain.errors import UserError
from hitl_app.domain.export_check import Check, Passage, SeenFile, SeenRow
from hitl_app.exchange.checking.contents import DataFile, Manifest

OUTSIDE = Path(__file__).with_name("outside")
PACKAGE = "trainer_readers"
LAST_WORDS = 600
"""Characters of its standard error that are told of a reader that died."""

TRL = "trl"
ANY = "datasets"
"""Reads whatever has a dataset card, as far as columns and types go."""

READERS: Mapping[str, str] = {
    "trl-sft": TRL,
    "trl-dpo": TRL,
    "trl-kto": TRL,
    "trl-reward": TRL,
    "trl-grpo": TRL,
    "critic": TRL,
    "plan-and-act-messages": TRL,
    "openrlhf": "openrlhf",
    "llama-factory": "llama_factory",
    "plan-and-act": "llama_factory",
    "axolotl": "axolotl",
    "verl": "verl",
}
"""Formats whose trainer's own code is asked, with the module in `outside` that asks it."""

READ = "the loader takes every row"
WHOLE = "nothing said or called is lost on the way to the model"

Answer: TypeAlias = Mapping[str, Any]  # Any: JSON of a reader; a wrong shape is told as such


@dataclass(frozen=True, slots=True)
class Reading:
    """What a trainer's loading code made of an export."""

    checks: tuple[Check, ...]
    files: tuple[SeenFile, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()


def read_back(folder: Path, manifest: Manifest, data: Sequence[DataFile], python: Path | None, rows: int) -> Reading:
    """Read an export with its trainer's own code, in this interpreter where there is one.

    Raises:
        UserError: The interpreter cannot be started.
    """
    if python is None:
        return Reading((Check(READ, None, "name an interpreter with the trainer with --python"),))
    name = READERS.get(manifest.format, ANY)
    files = [{"table": file.table, "part": file.part, "name": file.name} for file in data]
    asked = {"format": manifest.format, "folder": str(folder.resolve()), "rows": rows, "files": files}
    answer = _ask(name, python, json.dumps(asked))
    if isinstance(answer, str):
        return Reading((Check(READ, False, answer),))
    if "missing" in answer:
        why = f"{answer['missing']} is not installed in {python}; name another one with --python"
        return Reading((Check(READ, None, why),))
    try:
        seen = tuple(_seen(file, manifest) for file in answer["files"])
        lost = [f"{file['file']}: {text}" for file in answer["files"] for text in file["lost"]]
        versions = tuple((str(name), str(version)) for name, version in answer["versions"].items())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Reading((Check(READ, False, f"its answer makes no sense: {error!r}"),))
    return Reading(tuple(_checks(seen, lost)), seen, versions)


def _ask(name: str, python: Path, asked: str) -> Answer | str:
    """The reader's answer, or how it died."""
    command = [str(python.absolute()), "-m", PACKAGE, name]
    variables = {**os.environ, "PYTHONPATH": str(OUTSIDE), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        # It imports from where it is started, too: that folder has to be empty.
        with tempfile.TemporaryDirectory(prefix="hitl-app-") as folder:
            done = subprocess.run(
                command,
                cwd=folder,
                env=variables,
                input=asked,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
    except OSError as error:
        raise UserError(f"{python}: cannot be started ({error.strerror}); name a Python interpreter") from error
    if done.returncode != 0:
        return f"{python} ended with code {done.returncode}: {done.stderr[-LAST_WORDS:].strip()}"
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        return f"{python}: its answer is no JSON: {error}"
    return answer if isinstance(answer, dict) else f"{python}: its answer is no JSON object"


def _seen(said: Answer, manifest: Manifest) -> SeenFile:
    return SeenFile(
        file=str(said["file"]),
        loader=str(said["loader"]),
        written=manifest.rows(said["file"]),
        read=said.get("read"),
        features=tuple((str(name), str(of)) for name, of in said.get("features", {}).items()),
        rows=tuple(map(_row, said.get("rows", ()))),
        warnings=tuple(map(str, said["warnings"])),
        problem=str(said.get("problem", "")),
    )


def _row(said: Answer) -> SeenRow:
    texts = ((str(name), tuple(map(_passage, runs))) for name, runs in said["texts"].items())
    return SeenRow(tuple(texts), dict(said["values"]))


def _passage(said: Sequence[Any]) -> Passage:  # Any: as above
    trained, text = said
    return Passage(bool(trained), str(text))


def _checks(seen: Sequence[SeenFile], lost: Sequence[str]) -> Iterator[Check]:
    wrong = [f"{file.file}: {file.problem}" for file in seen if file.problem]
    wrong += [
        f"{file.file}: {file.loader} takes {file.read} of {file.written} rows"
        for file in seen
        if not file.problem and file.read != file.written
    ]
    yield Check(READ, not wrong, "; ".join(wrong) or f"{sum(file.read or 0 for file in seen):,} rows")
    shown = sum(len(file.rows) for file in seen)
    if any(row.texts for file in seen for row in file.rows):
        yield Check(WHOLE, not lost, "; ".join(lost) or f"{shown} rows looked at")
    elif not wrong:
        yield Check(WHOLE, None, "only `load_dataset` read it: this format has no trainer whose code could be asked")
