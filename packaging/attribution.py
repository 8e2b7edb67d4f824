"""Under which licence each part of the packaged application is, and what else is compiled into it.

What parts do not say of themselves is in `licences/parts.toml`.
"""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath

from license_expression import AND, OR, LicenseExpression, get_spdx_licensing

from contents import Origin, Part, installed_distribution, normalized

HERE = Path(__file__).resolve().parent / "licences"
KNOWN = tomllib.loads((HERE / "parts.toml").read_text("utf-8"))
SPDX = get_spdx_licensing()


@dataclass(frozen=True, order=True)
class Inner:
    """Something of others that is compiled into a part.

    Attributes:
        name: As its maker calls it.
        version: Empty where nothing tells it.
        licence: An SPDX expression.
        copyright: Whose it is, where the part has no file that says so.
        purl: Where it is known under which registry's name.
    """

    name: str
    version: str
    licence: str
    copyright: str = ""
    purl: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()


def licence_of(origin: Origin) -> str:
    """The SPDX expression of a part's licence; empty where nothing tells it."""
    name = normalized(origin.name)
    known: str = KNOWN["licences"].get(origin.kind, KNOWN["licences"]["other"]).get(name, "")
    if known or origin.kind not in {"python-package", "application"}:
        return known
    said = installed_distribution(origin.name).metadata
    return next((said[field] for field in ("License-Expression", "License") if field in said), "")


def taken(expression: str) -> tuple[str, ...]:
    """The licences that a part is used under: of alternatives the first that may be in; none where it may not be in."""
    return _taken(SPDX.parse(expression)) if expression else ()


def _taken(node: LicenseExpression) -> tuple[str, ...]:
    if isinstance(node, OR):
        return next(filter(None, map(_taken, node.args)), ())
    if isinstance(node, AND):
        sides = [_taken(side) for side in node.args]
        return tuple(sorted({key for side in sides for key in side})) if all(sides) else ()
    return (node.render(),) if node.render() in KNOWN["allowed"] else ()


def licence_files(origin: Origin) -> list[Path]:
    """The texts that a part brings itself."""
    if origin.kind == "debian":
        return [Path("/usr/share/doc", origin.name, "copyright")]
    if origin.kind == "python":
        texts = (Path(sys.base_prefix, "LICENSE.txt"), Path(json.__file__).parents[1] / "LICENSE.txt")
        return [text for text in texts if text.is_file()]
    if origin.kind in {"python-package", "bootloader"}:
        return _described(installed_distribution(origin.name), _is_licence)
    return []


def inside(part: Part, folder: Path) -> tuple[Inner, ...]:
    """What is compiled into a part, sorted.

    Args:
        part: Of the packaged application.
        folder: The packaged application.
    """
    found = {*_from_table(part, folder)}
    if part.origin.kind == "python-package":
        found |= {*_from_wheel(installed_distribution(part.origin.name))}
    return tuple(sorted(found))


def _from_table(part: Part, folder: Path) -> Iterator[Inner]:
    for entry in KNOWN["within"].get(normalized(part.origin.name), ()):
        for file in part.files:
            if fnmatch(file, entry["file"]):
                pattern = entry.get("version")
                version = re.search(pattern.encode(), (folder / file).read_bytes()) if pattern else None
                yield Inner(
                    entry["name"], version[1].decode() if version else "", entry["licence"], entry.get("copyright", "")
                )


def _from_wheel(package: Distribution) -> Iterator[Inner]:
    """What a wheel tells of itself: it may have bills of materials of its own (PEP 770)."""
    for file in _described(package, lambda place: place.parent.name == "sboms"):
        for entry in json.loads(file.read_text("utf-8")).get("components", ()):
            said = [item.get("expression") or item["license"].get("id", "") for item in entry.get("licenses", ())]
            licence = " AND ".join(f"({one})" for one in said) or KNOWN["licences"]["within"].get(entry["name"], "")
            # A place on the machine that made the wheel says nothing here.
            purl = entry.get("purl", "").split("?")[0]
            yield Inner(entry["name"], entry.get("version", ""), licence, purl=purl)


def _described(package: Distribution, wanted: Callable[[PurePosixPath], bool]) -> list[Path]:
    """Files beside a package's metadata."""
    return sorted(
        Path(str(file.locate()))
        for file in package.files or ()
        if file.parts[0].endswith(".dist-info") and wanted(file)
    )


def _is_licence(place: PurePosixPath) -> bool:
    return "licenses" in place.parts or place.name.upper().startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS"))
