"""Where data are kept, what a start is about, and what is known of the build."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hitl_app.cli.start import read_start, settle_files
from hitl_app.domain.errors import StoreError, UserError
from hitl_app.domain.installation import BuildKind
from hitl_app.domain.store_file import STORE
from hitl_app.store import open_store
from hitl_app.system.build import details_in
from hitl_app.system.clock import SystemClock
from hitl_app.system.paths import default_data_dir, environments_dir, runtime_dir
from hitl_app.system.portable import FOLDER, folder_beside, make_portable


@pytest.mark.parametrize(
    ("executable", "variables", "beside"),
    [
        ("/opt/hitl-app/hitl-app", {}, "/opt/hitl-app"),
        ("/mnt/x/usr/hitl-app", {"APPIMAGE": "/stick/hitl.AppImage", "APPDIR": "/mnt/x"}, "/stick"),
        ("/opt/hitl-app/hitl-app", {"APPIMAGE": "/stick/terminal.AppImage", "APPDIR": "/mnt/x"}, "/opt/hitl-app"),
        ("/stick/HITL desk.app/Contents/MacOS/hitl-app", {}, "/stick"),
    ],
)
def test_a_portable_program_keeps_everything_beside_what_people_carry(
    executable: str, variables: dict[str, str], beside: str
) -> None:
    assert folder_beside(Path(executable), variables) == Path(beside) / FOLDER


def test_once_it_is_portable_every_start_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="--data-dir"):
        make_portable()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "hitl-app"))
    assert tmp_path not in default_data_dir().parents
    make_portable()
    assert default_data_dir() == tmp_path / FOLDER
    assert environments_dir({}) == tmp_path / FOLDER / "environments"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "full" / "hitl-app"))
    (tmp_path / "full").write_text("a file where a folder would have to be")
    with pytest.raises(UserError, match="cannot be written"):
        make_portable()


def test_others_cannot_come_between_a_start_and_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as session:
        monkeypatch.setenv("XDG_RUNTIME_DIR", session)
        folder = runtime_dir()
        assert folder.parent == Path(session)
        folder.chmod(0o755)
        with pytest.raises(StoreError, match="others"):
            runtime_dir()


def test_a_session_whose_folder_has_a_long_name_has_room_for_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = tmp_path / ("long" * 20)
    session.mkdir(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(session))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = runtime_dir()
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o077 == 0


def test_what_a_build_says_of_itself_is_known(tmp_path: Path) -> None:
    assert details_in(tmp_path, BuildKind.SOURCE).name.endswith("(source)")
    (tmp_path / "build.json").write_text(json.dumps({"commit": "0123456789abcdef", "date": "2026-01-31"}))
    (tmp_path / "licences").mkdir()
    known = details_in(tmp_path, BuildKind.APPLICATION)
    assert known.name.endswith("(packaged application, commit 0123456789ab, 2026-01-31)")
    assert known.licences == tmp_path / "licences"
    (tmp_path / "build.json").write_text("{")
    assert details_in(tmp_path, BuildKind.PACKAGE).commit == ""


def test_a_store_that_is_opened_is_the_desks_own_and_other_files_are_imported(tmp_path: Path) -> None:
    stores = [tmp_path / STORE, tmp_path / "colleague.backup"]
    for store in stores:
        open_store(store, SystemClock()).close()
    runs = tmp_path / "runs.json"
    runs.write_text("[]")
    args = read_start(["open", str(runs), str(stores[1])], tmp_path)
    assert args is not None
    settle_files(args)
    assert (args.data_dir, args.files, args.default_place) == (stores[1], [runs], False)
    for wrong, said in (([*stores], "one desk shows one store"), ([runs, tmp_path / "gone"], "gone: there is no such")):
        args = read_start(["open", *map(str, wrong)], tmp_path)
        assert args is not None
        with pytest.raises(UserError, match=said):
            settle_files(args)


def test_only_a_start_of_the_desk_is_read_without_the_commands(tmp_path: Path) -> None:
    for other in (["list"], ["--help"], ["open", "--help"], ["--no-such-option"], ["--portable", "--data-dir", "x"]):
        assert read_start(other, tmp_path) is None
    for start in ([], ["open"], ["--annotator", "bo", "open", "a"], ["open", "--annotator", "bo", "a"]):
        assert read_start(start, tmp_path) is not None


def test_a_start_that_hands_its_files_over_loads_little() -> None:
    code = (
        "import sys, hitl_app.__main__, hitl_app.ui.single_instance; "
        "large = {'asyncio', 'sqlmodel', 'PySide6.QtWidgets', 'hitl_app.domain.ports', 'hitl_app.workflow.workspace'};"
        "sys.exit(', '.join(large & set(sys.modules)) or None)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
