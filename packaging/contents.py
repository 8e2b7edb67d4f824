"""What the packaged application is made of, and where each of its files came from.

Runs in the environment that it was packaged in. Every file is found again at the place that it was taken from, and
compared with what is there: what is told of a part is true of the files that are shipped.
"""

import hashlib
import platform
import re
import subprocess
import sys
import sysconfig
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath
from typing import Literal

from PyInstaller.archive.readers import PKG_ITEM_PYSOURCE, CArchiveReader
from PyInstaller.loader.pyimod01_archive import PYZ_ITEM_NSPKG

APPLICATION = "hitl-app"
LOCK = Path(__file__).resolve().parent / "lock.txt"
SITE = Path(sysconfig.get_path("purelib"))
QT = "PySide6/Qt/"

Kind = Literal["application", "python-package", "python", "bootloader", "qt", "icu", "debian"]


@dataclass(frozen=True, order=True)
class Origin:
    """Who made a file.

    Attributes:
        kind: What it is a part of.
        name: As its maker calls it.
        version: Of the copy that is shipped.
    """

    kind: Kind
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Part:
    """One component of the packaged application.

    Attributes:
        origin: Who made it.
        files: Its files, as places in the application's folder.
        modules: How many of its Python modules are in the executable.
    """

    origin: Origin
    files: tuple[str, ...]
    modules: int


def parts_of(folder: Path) -> tuple[Part, ...]:
    """All parts of a packaged application, sorted.

    Args:
        folder: What PyInstaller made in the running environment.

    Raises:
        SystemExit: A file or a module belongs to nothing known, or is not what it was taken from.
    """
    installed = _Installed()
    files: defaultdict[Origin, list[str]] = defaultdict(list)
    unknown: list[str] = []
    places = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
    )
    sources = {place: [found] for place in places if (found := installed.source(place))}
    sources |= _debian_files([place for place in places if place not in sources])
    for place in places:
        same = [
            origin for origin, source in sources.get(place, ()) if source is None or _is_same(folder / place, source)
        ]
        if same:
            files[same[0]].append(place)
        else:
            unknown.append(place)
    executable = folder / (f"{APPLICATION}.exe" if sys.platform == "win32" else APPLICATION)
    modules: defaultdict[Origin, int] = defaultdict(int)
    for module in _modules(executable):
        if owner := installed.origin_of_module(module):
            modules[owner] += 1
        else:
            unknown.append(f"module {module}")
    if unknown:
        sys.exit(f"{folder} has files that are no known part of it:\n  " + "\n  ".join(unknown))
    return tuple(
        Part(origin, tuple(files.get(origin, ())), modules.get(origin, 0)) for origin in sorted({*files, *modules})
    )


def installed_distribution(name: str) -> Distribution:
    """An installed Python package, by its name in whatever spelling."""
    return next(found for found in distributions() if normalized(found.name) == normalized(name))


class _Installed:
    """Which Python package of the running environment a file or a module is from.

    Packages that are there to build alone are none: what comes from them was taken for one that the application needs.
    """

    def __init__(self) -> None:
        locked = set(re.findall(r"^([\w.-]+)==", LOCK.read_text("utf-8"), re.MULTILINE))
        self._packages: dict[str, Origin] = {}
        for found in distributions():
            origin = Origin("python-package", normalized(found.name), found.version)
            if origin.name in locked:
                self._packages |= dict.fromkeys((file.as_posix() for file in found.files or ()), origin)
        self._application = Origin("application", APPLICATION, installed_distribution(APPLICATION).version)
        self._python = Origin("python", "CPython", platform.python_version())
        self._bootloader = Origin("bootloader", "PyInstaller", installed_distribution("pyinstaller").version)

    def source(self, place: str) -> tuple[Origin, Path | None] | None:
        """Who made a file of the application's folder, and what it is a copy of; a file made here is a copy of none."""
        inside = place.removeprefix("_internal/")
        if inside == place or inside.startswith(("hitl_app/", f"hitl_app-{self._application.version}.dist-info/")):
            return self._application, None
        if inside == "base_library.zip":
            return self._python, None
        if found := self._packages.get(inside):
            return _within(found, inside), SITE / inside
        source = _in_python(PurePosixPath(inside).name)
        return (self._python, source) if source else None

    def origin_of_module(self, module: str) -> Origin | None:
        """Who made a module."""
        top = module.split(".", maxsplit=1)[0]
        path = module.replace(".", "/")
        if top in {"hitl_app", "start"}:
            return self._application
        if found := self._packages.get(f"{path}.py") or self._packages.get(f"{path}/__init__.py"):
            return found
        if top.startswith(("pyimod", "pyiboot", "pyi_rth", "_pyi_rth")):
            return self._bootloader
        return self._python if top in sys.stdlib_module_names or top.startswith("_sysconfigdata") else None


def _within(package: Origin, place: str) -> Origin:
    """What the wheel of PySide6 carries besides its own: Qt, and the ICU that Qt was built with."""
    if not place.startswith(QT):
        return package
    if icu := re.fullmatch(r"libicu\w+\.so\.([\d.]+)", PurePosixPath(place).name):
        return Origin("icu", "ICU", icu[1])
    return Origin("qt", "Qt", package.version)


def _in_python(name: str) -> Path | None:
    """A file of the Python that the environment was made with."""
    base = Path(sys.base_prefix)
    library = Path(sysconfig.get_path("stdlib"))
    folders = (library / "lib-dynload", base / "lib", base / "DLLs", base)
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _modules(executable: Path) -> list[str]:
    """The names of all Python modules in the executable."""
    archive = CArchiveReader(str(executable))
    scripts = [name for name, entry in archive.toc.items() if entry[-1] == PKG_ITEM_PYSOURCE]
    frozen = archive.open_embedded_archive("PYZ.pyz").toc
    return scripts + [name for name, (kind, *_) in frozen.items() if kind != PYZ_ITEM_NSPKG]


def _debian_files(places: list[str]) -> dict[str, list[tuple[Origin, Path | None]]]:
    """Which files of installed Debian packages have the same names."""
    if not places or not sys.platform.startswith("linux"):
        return {}
    names = sorted({PurePosixPath(place).name for place in places})
    triplet = str(sysconfig.get_config_var("MULTIARCH"))
    libraries = [
        f"{root}/{middle}{name}" for root in ("/lib", "/usr/lib") for middle in (f"{triplet}/", "") for name in names
    ]
    # Its status tells of names that no package has; those are told of with what else is unknown.
    found = subprocess.run(["dpkg", "--search", *libraries], capture_output=True, text=True, check=False)
    owners: defaultdict[str, list[tuple[str, Path]]] = defaultdict(list)
    for line in found.stdout.splitlines():
        package, _, path = line.partition(": ")
        owners[PurePosixPath(path).name].append((package, Path(path)))
    packages = sorted({package for group in owners.values() for package, _ in group})
    versions = _debian_versions(packages)
    return {
        place: [
            (Origin("debian", package.split(":")[0], versions[package]), path)
            for package, path in owners[PurePosixPath(place).name]
        ]
        for place in places
    }


def _debian_versions(packages: list[str]) -> dict[str, str]:
    if not packages:
        return {}
    shown = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${binary:Package} ${Version}\n", *packages],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split(" ", maxsplit=1) for line in shown.stdout.splitlines())


def _is_same(file: Path, source: Path) -> bool:
    """Whether a file is a copy of another, maybe one without the symbols for debuggers."""
    if not source.is_file():
        return False
    if digest(file) == digest(source):
        return True
    if not sys.platform.startswith("linux"):
        # On macOS every library is changed, for its new place, and signed.
        return sys.platform == "darwin"
    with tempfile.TemporaryDirectory() as scratch:
        stripped = Path(scratch, "stripped")
        done = subprocess.run(["strip", "-o", str(stripped), str(source)], capture_output=True, check=False)
        return done.returncode == 0 and digest(file) == digest(stripped)


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def normalized(name: str) -> str:
    """A name in the one spelling that compares."""
    return re.sub(r"[-_.]+", "-", name).lower()
