"""Reads an export with one trainer's code: `python -m trainer_readers READER`, in Python 3.10 or newer.

On standard input comes a request as JSON (`request.Request`), and on standard output goes one line of JSON:
`{"missing": NAME}` where the trainer is not installed, else `{"versions": {...}, "files": [...]}` (`answers.Answer`).
What the trainers print goes to standard error. Nothing connects to the network, and nothing is written outside of a
temporary folder.
"""

import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path

from .request import Request

NEEDS = {
    "trl": ("trl", "transformers", "datasets"),
    "llama_factory": ("llamafactory", "transformers", "datasets"),
    "openrlhf": ("openrlhf", "transformers", "datasets"),
    "axolotl": ("axolotl", "transformers", "datasets"),
    "verl": ("verl", "transformers", "pyarrow"),
    "datasets": ("datasets",),
}
"""What each reader imports, the trainer first."""

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "AXOLOTL_DO_NOT_TRACK": "1",
    "AXOLOTL_IS_PREPROCESS": "1",
    "DO_NOT_TRACK": "1",
    "DISABLE_VERSION_CHECK": "1",  # LLaMA-Factory refuses versions that it runs with
    "TRL_EXPERIMENTAL_SILENCE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",  # for models this small, threads only wait for each other
}


def main() -> None:
    """Read the request, read the export, and answer."""
    name = sys.argv[1]
    asked = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # trainers print what they like
    missing = [package for package in NEEDS[name] if importlib.util.find_spec(package) is None]
    if missing:
        said: object = {"missing": missing[0]}
    else:
        with tempfile.TemporaryDirectory(prefix="hitl-app-") as work:
            os.environ.update(OFFLINE, HF_HOME=f"{work}/hf")
            reader = importlib.import_module(f"trainer_readers.{name}_reader")
            files = reader.read(Request.of(asked, Path(work)))
        versions = {package: importlib.metadata.version(package) for package in NEEDS[name]}
        said = {"versions": versions, "files": files}
    json.dump(said, answer, ensure_ascii=False)
    answer.write("\n")
    answer.flush()


if __name__ == "__main__":
    main()
