"""What the packages for Linux are made of, with a stand-in for the packaged application."""

import gzip
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

import appimage
import deb
import linux_files
import tarball

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
VERSION = "0.2.0rc1"
EPOCH = 1_700_000_000
IDENTIFIER = "io.github.hitl_app.HitlApp"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages for Linux are made on Linux")


def _needs(*tools: str) -> pytest.MarkDecorator:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} not installed")


@pytest.fixture(autouse=True)
def _icons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "icons/hicolor/256x256/apps/hitl-app.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    monkeypatch.setattr(linux_files, "ICONS", tmp_path / "icons")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "hitl-app"
    (folder / "_internal").mkdir(parents=True)
    shutil.copy("/bin/true", folder / "hitl-app")
    (folder / "_internal/words.txt").write_text("words", "utf-8")
    return folder


def _made(make: Callable[[Path, Path, str, int], Path], folder: Path, out: Path) -> Path:
    out.mkdir()
    return make(folder, out, VERSION, EPOCH)


@_needs("dpkg-deb", "dpkg-shlibdeps")
def test_the_debian_package_names_what_it_needs_and_is_made_the_same_again(folder: Path, tmp_path: Path) -> None:
    package = _made(deb.make, folder, tmp_path / "out")
    assert package.read_bytes() == _made(deb.make, folder, tmp_path / "again").read_bytes()

    fields = ("Version", "Depends", "Recommends")
    told = subprocess.run(["dpkg-deb", "-f", package, *fields], capture_output=True, text=True, check=True).stdout
    assert "Version: 0.2.0~rc1\n" in told
    assert "Depends: libc6 (>= " in told
    assert "python3" not in told.split("Recommends:")[0]

    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "-x", package, root], check=True)
    assert (root / "usr/bin/hitl-app").readlink() == Path("../lib/hitl-app/hitl-app")
    assert os.access(root / "usr/bin/hitl-app", os.X_OK)
    assert not os.access(root / "usr/lib/hitl-app/_internal/words.txt", os.X_OK)
    assert VERSION.encode() in gzip.decompress((root / "usr/share/man/man1/hitl-app.1.gz").read_bytes())
    assert "Copyright: 2023 " in (root / "usr/share/doc/hitl-app/copyright").read_text("utf-8")


@_needs("tar", "xz")
def test_the_archive_puts_itself_into_the_menu_and_out_again(folder: Path, tmp_path: Path) -> None:
    archive = _made(tarball.make, folder, tmp_path / "out")
    assert archive.read_bytes() == _made(tarball.make, folder, tmp_path / "again").read_bytes()

    place, share = tmp_path / "my programs", tmp_path / "share"
    with tarfile.open(archive) as packed:
        assert {(entry.uid, entry.gid, entry.mtime) for entry in packed} == {(0, 0, EPOCH)}
        packed.extractall(place, filter="data")
    program = place / f"hitl-app-{VERSION}"
    (share / "hitl-app").mkdir(parents=True)
    install = [program / "install-menu-entry.sh"]
    session = os.environ | {"XDG_DATA_HOME": str(share)}

    subprocess.run(install, check=True, env=session, capture_output=True)
    entry = (share / f"applications/{IDENTIFIER}.desktop").read_text("utf-8")
    assert f'\nExec="{program}/hitl-app" open %F\n' in entry
    assert f"\nTryExec={program}/hitl-app\n" in entry
    assert (share / "icons/hicolor/256x256/apps/hitl-app.png").read_bytes() == b"a picture"

    subprocess.run([*install, "--remove"], check=True, env=session, capture_output=True)
    assert [path.name for path in share.rglob("*hitl*")] == ["hitl-app"]  # the person's work


@_needs("mksquashfs", "unsquashfs")
def test_an_appimage_is_a_runtime_and_the_application(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "runtime"
    runtime.write_bytes(b"\x7fELF\x02\x01\x01\x00AI\x02" + bytes(100))
    monkeypatch.setenv("HITL_APP_APPIMAGE_RUNTIME", str(runtime))
    image = _made(appimage.make, folder, tmp_path / "out")
    assert image.read_bytes() == _made(appimage.make, folder, tmp_path / "again").read_bytes()
    assert image.read_bytes().startswith(runtime.read_bytes())

    root = tmp_path / "root"
    where = ("-offset", str(runtime.stat().st_size), "-dest", str(root), str(image))
    subprocess.run(["unsquashfs", "-quiet", "-no-progress", *where], check=True)
    subprocess.run([root / "AppRun"], check=True)
    assert (root / ".DirIcon").read_bytes() == b"a picture"
    assert "Exec=hitl-app open %F" in (root / f"{IDENTIFIER}.desktop").read_text("utf-8")


def test_an_appimage_without_a_runtime_says_where_to_name_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HITL_APP_APPIMAGE_RUNTIME", raising=False)
    with pytest.raises(SystemExit, match="HITL_APP_APPIMAGE_RUNTIME"):
        _made(appimage.make, folder, tmp_path / "out")


@_needs("desktop-file-validate")
def test_the_menu_entry_is_well_formed() -> None:
    subprocess.run(["desktop-file-validate", PACKAGING / "linux" / f"{IDENTIFIER}.desktop"], check=True)
