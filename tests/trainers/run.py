"""`make test-trainers`: trainers' own code reads and learns from exports, on the CPU, and offline once it is installed.

Each trainer lives in an environment of its own under `TRAINERS_VENVS` (default: beside the product's), which the first
run builds: TRL with torch, about 1.4 GB, and the others thinly on top of it, about 430 MB together. Where the package
index cannot be reached, a trainer is left out, and the end says what was not shown. HALOs is in no package index:
`HALOS_CHECKOUT` names the folder of a checkout whose loader is to be asked.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path

from hitl_app.exchange.checking.outside.trainer_readers.__main__ import OFFLINE

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PLACE = Path(os.environ.get("TRAINERS_VENVS", Path(sys.prefix) / "trainers"))

BASE = "trl"
FORMATS = {
    BASE: ("trl-sft", "trl-dpo", "trl-kto", "trl-reward", "trl-grpo", "critic"),
    "llamafactory": ("llama-factory",),
    "openrlhf": ("openrlhf",),
    "axolotl": ("axolotl",),
    "verl": ("verl",),
}
"""What each trainer reads. TRL comes first: the others stand on its environment."""

METHODS = {BASE: ("plan-and-act-messages",), "llamafactory": ("plan-and-act",)}
"""What it reads of the exports for the other methods."""

HALOS = os.environ.get("HALOS_CHECKOUT", "")

OFFLINE_PIP = re.compile(r"connection broken|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|name resolution")


class NotInstalledError(Exception):
    """A trainer could not be installed.

    Attributes:
        unreachable: Because the package index could not be reached.
    """

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.unreachable = OFFLINE_PIP.search(said) is not None


def python_of(name: str) -> Path:
    return PLACE / name / "bin" / "python"


def install(name: str) -> None:
    """Build a trainer's environment where it is not there as it is required.

    Raises:
        NotInstalledError: It could not be.
    """
    needs = HERE / f"requirements-{name}.txt"
    home, ready = PLACE / name, PLACE / name / "ready"
    if ready.is_file() and ready.read_text(encoding="utf-8") == needs.read_text(encoding="utf-8"):
        return
    tell(f"{name}: installing into {home}")
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=name == BASE)
    if name == BASE:
        torch = next(line for line in needs.read_text(encoding="utf-8").splitlines() if line.startswith("torch=="))
        pip("install", torch)  # by itself: where a build for the CPU is at hand, the others then bring no CUDA
        pip("install", "-r", str(needs))
    else:
        (packages,) = (PLACE / BASE).glob("lib/python*/site-packages")
        (own,) = home.glob("lib/python*/site-packages")
        (own / "base.pth").write_text(f"{packages}\n", encoding="utf-8")
        pip("--python", str(python_of(name)), "install", "--no-deps", "-r", str(needs))
    shutil.copyfile(needs, ready)


def pip(*arguments: str) -> None:
    command = [str(python_of(BASE)), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise NotInstalledError(done.stderr[-2000:])


def run(python: Path, script: str, *arguments: str | Path) -> bool:
    """Run a script of this folder; what it says goes to standard output, and what trainers say nowhere."""
    variables = {**os.environ, **OFFLINE, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    command = [str(python), str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, env=variables, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.stderr.write(done.stderr[-4000:])
    return done.returncode == 0


def check(name: str, work: Path) -> Iterator[str]:
    """What of a trainer's formats failed."""
    exports, methods = work / "exports", work / "methods"
    for folder in (*(exports / each for each in FORMATS[name]), *(methods / each for each in METHODS.get(name, ()))):
        tell(f"{folder.name}, as {name} reads it")
        if not run(Path(sys.executable), "check_masks.py", folder, python_of(name)):
            yield f"{folder.name}: what is trained is not what was meant"
    if name == BASE:
        tell("a tiny model, as TRL trains it")
        if not run(python_of(name), "check_learning.py", exports):
            yield "TRL: the model did not learn"
        if not run(python_of(name), "check_methods.py", methods):
            yield "TRL: the exports of the methods do not add up, or the model did not learn from them"
        tell(f"halos, as {HALOS or 'its rules are known'}")
        for each in ("halos", "halos-resampled"):
            if not run(python_of(name), "check_halos.py", methods / each, *filter(None, [HALOS])):
                yield f"{each}: HALOs would not read it as it was meant"
    if name == "verl":
        tell("pilotrl, as verl reads and rewards it")
        if not run(python_of(name), "check_pilotrl.py", methods / "pilotrl"):
            yield "pilotrl: veRL does not load it, or comes to other rewards"


def make_all(work: Path) -> bool:
    """Make the stores with decisions and their exports, where they are not there."""
    if (work / "methods").is_dir():
        return True
    tell("making stores with decisions, and their exports")
    return all(run(Path(sys.executable), script, work) for script in ("make_exports.py", "make_method_exports.py"))


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    failed, left_out, shown = list[str](), list[str](), 0
    with tempfile.TemporaryDirectory(prefix="hitl-app-trainers-") as folder:
        work = Path(folder)
        for name in FORMATS:
            try:
                install(BASE)
                install(name)
            except NotInstalledError as error:
                tell(f"{name}: cannot be installed: {error}")
                if error.unreachable:
                    left_out.append(f"{name}: the package index could not be reached")
                else:
                    failed.append(f"{name}: not installed")
                continue
            if not make_all(work):
                return 1
            failed += check(name, work)
            shown += 1
    if not HALOS:
        left_out.append("HALOs' own loader: it is in no package index, and HALOS_CHECKOUT names no checkout")
    for line in failed:
        tell(f"FAILED {line}")
    for line in left_out:
        tell(f"NOT SHOWN {line}")
    tell(f"{shown} of {len(FORMATS)} trainers were asked, {len(failed)} failures")
    return 0 if shown and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
