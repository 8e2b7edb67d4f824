"""The Debian package, which needs dpkg-dev.

Other packages that it needs are computed by Debian's own tool from what the application's libraries are linked to, so
they are told in the versions of the machine that this runs on: build where the oldest users are.
"""

import gzip
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from linux_files import FILES, copy_application, filled, settle, write_share

ROOT = Path(__file__).resolve().parents[1]
PRE_RELEASE = re.compile(r"\.?(?=(?:a|b|rc|dev)\d)")
LIBRARY = re.compile(r"(?P<name>.+)\.so\.(?P<version>[\d.]+)")
MAINTAINER = ("The hitl-app authors", "hitl-app@hitl-app.invalid")
"""Of a package whose builder says no other with DEBFULLNAME and DEBEMAIL, as for Debian's own tools."""


def make(folder: Path, out: Path, version: str, epoch: int) -> Path:
    """Make the package.

    Args:
        folder: The packaged application.
        out: Folder that receives the package.
        version: Of the application.
        epoch: Time of every file in it, in seconds since 1970.

    Returns:
        The package.
    """
    package = out / f"hitl-app_{version}_amd64.deb"
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        work.chmod(0o755)
        tree = work / "tree"
        copy_application(folder, tree / "usr/lib/hitl-app")
        (tree / "usr/bin").mkdir()
        (tree / "usr/bin/hitl-app").symlink_to("../lib/hitl-app/hitl-app")
        write_share(tree / "usr/share", version, epoch)
        _write_documentation(tree / "usr/share", version, epoch)
        _write_control(work, tree, version, epoch)
        settle(tree, epoch)
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(package)],
            check=True,
            env=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)},
        )
    return package


def _write_documentation(share: Path, version: str, epoch: int) -> None:
    documents = share / "doc/hitl-app"
    documents.mkdir(parents=True)
    (documents / "copyright").write_text(filled("copyright", version, epoch), "utf-8")
    _compress(documents / "changelog", _changelog(version, epoch))
    _compress(documents / "CHANGELOG.md", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    manual = share / "man/man1/hitl-app.1"
    _compress(manual, manual.read_text("utf-8"))
    manual.unlink()
    overrides = share / "lintian/overrides/hitl-app"
    overrides.parent.mkdir(parents=True)
    overrides.write_bytes((FILES / "lintian-overrides").read_bytes())


def _compress(file: Path, text: str) -> None:
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _write_control(work: Path, tree: Path, version: str, epoch: int) -> None:
    """What dpkg reads of a package, made by Debian's tools from a source package's `debian` folder."""
    debian, control = work / "debian", tree / "DEBIAN"
    debian.mkdir()
    control.mkdir()
    described = (FILES / "debian-control").read_text("utf-8").replace("@MAINTAINER@", _maintainer())
    (debian / "control").write_text(described, "utf-8")
    (debian / "changelog").write_text(_changelog(version, epoch), "utf-8")
    binaries = sorted(_binaries(tree))
    # Libraries that come along are of no package, whatever this machine's packages of the same name are.
    own = sorted(
        {match.expand(r"\g<name> \g<version>") for file in binaries if (match := LIBRARY.fullmatch(file.name))}
    )
    (debian / "shlibs.local").write_text("".join(f"{library}\n" for library in own), "utf-8")
    private = f"-l{tree / 'usr/lib/hitl-app/_internal'}"
    _run_in(work, "dpkg-shlibdeps", "--warnings=0", private, *map(str, binaries))
    _run_in(work, "dpkg-gencontrol", "-phitl-app", f"-P{tree}")
    (control / "md5sums").write_text("".join(_sums(tree)), "utf-8")


def _binaries(tree: Path) -> Iterator[Path]:
    for file in tree.rglob("*"):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as stream:
                if stream.read(4) == b"\x7fELF":
                    yield file


def _sums(tree: Path) -> Iterator[str]:
    for file in sorted((tree / "usr").rglob("*")):
        if file.is_file() and not file.is_symlink():
            sum_ = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
            yield f"{sum_}  {file.relative_to(tree)}\n"


def _run_in(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True)


def _debian_version(version: str) -> str:
    """A version as Debian compares it: `0.2.0rc1` is `0.2.0~rc1`, which is before `0.2.0`."""
    return PRE_RELEASE.sub("~", version)


def _changelog(version: str, epoch: int) -> str:
    return (
        f"hitl-app ({_debian_version(version)}) unstable; urgency=medium\n\n"
        "  * New release: CHANGELOG.md.gz beside this file tells what is new.\n\n"
        f" -- {_maintainer()}  {format_datetime(datetime.fromtimestamp(epoch, UTC))}\n"
    )


def _maintainer() -> str:
    name, address = MAINTAINER
    return f"{os.environ.get('DEBFULLNAME', name)} <{os.environ.get('DEBEMAIL', address)}>"
