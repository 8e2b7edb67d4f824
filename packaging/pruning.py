"""Which of the files that PyInstaller finds stay in the packaged application. Used by the spec files."""

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import PurePath

from PyInstaller.depend.bindepend import get_imports

Entry = tuple[str, str, str]
"""Place in the folder, file on this machine, kind: as PyInstaller keeps them."""

PLUGINS = (
    "platforms/*qxcb*",
    "platforms/*qwayland*",
    "platforms/*qoffscreen*",  # the smoke test of a machine without a display
    "platforms/*qwindows*",
    "platforms/*qcocoa*",
    "styles/*",
    "iconengines/*qsvgicon*",
    "imageformats/*qsvg*",
    "imageformats/*qico*",
    "imageformats/*qicns*",
    "platforminputcontexts/*",
    "platformthemes/*qxdgdesktopportal*",
    "wayland-decoration-client/*",
    "wayland-graphics-integration-client/*qt-plugin-wayland-egl*",
    "wayland-shell-integration/*xdg-shell*",
    "wayland-shell-integration/*qt-shell*",
    "xcbglintegrations/*",
)
"""Qt's plugins that the desk needs; the GTK theme alone would bring thirty libraries of its own."""

TRANSLATIONS = ("qtbase_zh_CN.qm",)
"""Of Qt's own words: the languages of the desk."""

OF_THE_SYSTEM = (
    "libX11.so*", "libxcb.so*", "libXau.so*", "libXdmcp.so*", "libXext.so*", "libXrender.so*",
    "libEGL.so*", "libGL.so*", "libGLX.so*", "libOpenGL.so*", "libGLdispatch.so*", "libdrm.so*",
    "libfontconfig.so*", "libfreetype.so*", "libexpat.so*", "libpng16.so*", "libbrotli*.so*",
    "libglib-2.0.so*", "libgthread-2.0.so*", "libgobject-2.0.so*", "libgio-2.0.so*", "libgmodule-2.0.so*",
    "libpcre2-8.so*", "libdbus-1.so*", "libsystemd.so*", "libcap.so*", "libgcrypt.so*", "libgpg-error.so*",
    "libstdc++.so*", "libgcc_s.so*", "libz.so*", "libselinux.so*", "libmount.so*", "libblkid.so*",
    "libbsd.so*", "libmd.so*",
)  # fmt: skip
"""Libraries of a machine's graphics, fonts and sessions: an own copy breaks where what loads it is newer."""


def pruned(binaries: Iterable[Entry], datas: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """What stays: not unused plugins of Qt, libraries of the system, what nothing else needs then, and words of Qt."""
    libraries = _needed([entry for entry in binaries if _is_wanted(entry[0])])
    places = {PurePath(place) for place, _, _ in libraries}
    data = [entry for entry in datas if not _is_foreign(entry[0]) and not _is_of_installation(entry[0])]
    return libraries, [entry for entry in data if entry[2] != "SYMLINK" or _target(entry) in places]


def _needed(binaries: list[Entry]) -> list[Entry]:
    by_name = {PurePath(entry[0]).name: entry for entry in binaries}
    needed: set[str] = set()
    frontier = [entry for entry in binaries if not _is_library(entry[0])]
    while frontier:
        names = {PurePath(name).name for _, file, _ in frontier for name, _ in get_imports(file)}
        frontier = [by_name[name] for name in names - needed if name in by_name]
        needed |= names
    return [entry for entry in binaries if not _is_library(entry[0]) or PurePath(entry[0]).name in needed]


def _target(link: Entry) -> PurePath:
    return PurePath(link[0]).parent / link[1]


def _is_foreign(place: str) -> bool:
    """Whether these are words of Qt in a language that the desk does not speak."""
    path = PurePath(place)
    return "PySide6" in path.parts and "translations" in path.parts and path.name not in TRANSLATIONS


def _is_of_installation(place: str) -> bool:
    """Whether this tells how a package was installed: it names places of the machine, and differs between builds."""
    path = PurePath(place)
    return path.parent.suffix == ".dist-info" and path.name in {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


def _is_wanted(place: str) -> bool:
    path = PurePath(place)
    if "PySide6" in path.parts and "plugins" in path.parts:
        return any(fnmatch(f"{path.parent.name}/{path.name}", pattern) for pattern in PLUGINS)
    return not any(fnmatch(path.name, pattern) for pattern in OF_THE_SYSTEM)


def _is_library(place: str) -> bool:
    """Whether this is there only for others to link to; not plugins and extension modules, nor Python's own library."""
    path = PurePath(place)
    return ".so." in path.name and "plugins" not in path.parts and not path.name.startswith("libpython")
