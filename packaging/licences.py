"""The licences of everything in the packaged application, and whether all of it may be in.

Run with the Python of the environment that it was packaged in: `python packaging/licences.py FOLDER OUT`.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from string import Template

from attribution import HERE, Inner, inside, licence_files, licence_of, taken
from contents import Part, parts_of

INDEX = "THIRD-PARTY.txt"
TEXTS = HERE / "texts"
COMMON = Path("/usr/share/common-licenses")

HEAD = """What is in hitl-app beside its own code
======================================

Each part with its licence (an SPDX expression), where its text is, and where the part is in the application's folder.
Libraries with the name and version of a Debian package were taken from it; Debian's archive has their sources.
"""


@dataclass(frozen=True)
class Licensed:
    """A part with what its licence says.

    Attributes:
        part: Of the packaged application.
        licence: An SPDX expression.
        texts: Files of the licences' folder.
        inner: What is compiled into it, each with its texts.
    """

    part: Part
    licence: str
    texts: tuple[str, ...]
    inner: tuple[tuple[Inner, tuple[str, ...]], ...]


def collect(folder: Path, out: Path) -> Path:
    """Bring the licences of all parts together.

    Args:
        folder: The packaged application.
        out: Folder for the texts, made anew.

    Returns:
        The list of all parts with their licences.

    Raises:
        SystemExit: A part has no licence that may be in, or its text is missing.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    collector = _Collector(out)
    licensed = [collector.licensed(part, folder) for part in parts_of(folder) if part.origin.kind != "application"]
    if collector.wrong:
        sys.exit("licences: " + "\n  ".join(["not everything may be shipped as it is", *sorted(collector.wrong)]))
    _write_notice(licensed, out)
    index = out / INDEX
    index.write_text("\n".join([HEAD, *(_entry(one) for one in licensed)]), "utf-8", newline="\n")
    return index


class _Collector:
    """Copies texts, each once, and remembers what is wrong."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.wrong: set[str] = set()

    def licensed(self, part: Part, folder: Path) -> Licensed:
        licence = licence_of(part.origin)
        keys = self._keys(str(part.origin), licence)
        texts = tuple(self._own(part)) or self._standard(keys)
        inner = tuple((one, self._standard(self._keys(str(one), one.licence))) for one in inside(part, folder))
        return Licensed(part, licence, texts, inner)

    def _keys(self, name: str, licence: str) -> tuple[str, ...]:
        keys = taken(licence)
        if not keys:
            self.wrong.add(
                f"{name}: {f'{licence} is no licence' if licence else 'its licence is unknown, not one'} that may be in"
            )
        return keys

    def _own(self, part: Part) -> Iterable[str]:
        for file in licence_files(part.origin):
            place = PurePosixPath(part.origin.name, file.name)
            _copy(file, self.out / place)
            yield place.as_posix()
            if part.origin.kind == "debian":
                self._copy_common(file.read_text("utf-8", errors="replace"))

    def _copy_common(self, text: str) -> None:
        """The licences that a Debian package's text refers to."""
        for name in set(re.findall(rf"{COMMON}/([A-Za-z]+(?:-[\d.]*\d)?)", text)):
            _copy(COMMON / name, self.out / "common-licenses" / name)

    def _standard(self, keys: Iterable[str]) -> tuple[str, ...]:
        names = sorted(
            {f"{key}.txt" for one in keys for key in one.split(" WITH ") if not key.startswith("LicenseRef-")}
        )
        for name in names:
            if (TEXTS / name).is_file():
                _copy(TEXTS / name, self.out / TEXTS.name / name)
            else:
                self.wrong.add(f"the text {TEXTS.name}/{name} is missing")
        return tuple(f"{TEXTS.name}/{name}" for name in names)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def _entry(one: Licensed) -> str:
    lines = [str(one.part.origin), f"    Licence: {one.licence}", f"    Text: {', '.join(one.texts)}"]
    lines += [f"    In: {place}" for place in _places(one.part)]
    for inner, texts in one.inner:
        lines.append(f"    Compiled in: {inner}, {inner.licence} ({', '.join(texts) or 'no text asked for'})")
        if inner.copyright:
            lines.append(f"        Copyright (c) {inner.copyright}")
    return "\n".join(lines) + "\n"


def _places(part: Part) -> list[str]:
    """The files of a part; of many, their folders."""
    places = list(part.files)
    if len(places) > 4:
        places = sorted({f"{PurePosixPath(file).parent}/" for file in places})
    return places + ([f"the executable, {part.modules} modules"] if part.modules else [])


def _write_notice(licensed: Iterable[Licensed], out: Path) -> None:
    versions = {one.part.origin.name: one.part.origin.version for one in licensed}
    if qt := versions.get("Qt"):
        within = "_internal/PySide6" if sys.platform == "win32" else "_internal/PySide6/Qt/lib"
        words = {
            "qt": qt,
            "minor": ".".join(qt.split(".")[:2]),
            "pyside": versions["pyside6-essentials"],
            "libraries": within,
            "plugins": "_internal/PySide6/plugins" if sys.platform == "win32" else "_internal/PySide6/Qt/plugins",
        }
        notice = Template((HERE / "notice-qt.txt").read_text("utf-8")).substitute(words)
        (out / "Qt-and-PySide6.txt").write_text(notice, "utf-8", newline="\n")


def main() -> None:
    """Collect what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the packaged application")
    parser.add_argument("out", type=Path, help="folder for the texts, made anew")
    arguments = parser.parse_args()
    print(collect(arguments.folder, arguments.out))


if __name__ == "__main__":
    main()
