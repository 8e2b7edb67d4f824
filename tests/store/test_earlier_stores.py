"""Stores written by every earlier version, opened by this one; `earlier/make.py` says where they come from."""

import asyncio
import io
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import check_earlier_stores
from check_earlier_stores import STORE, EarlierStore, Said, lost, lost_rows, read_answer, read_store
from hitl_app.bootstrap import build
from hitl_app.cli.main import make_parser, run_command
from hitl_app.cli.output import Output
from hitl_app.domain.errors import StoreError
from hitl_app.domain.library import Upgrade
from hitl_app.store import files, migrations, open_store
from hitl_app.system.clock import SystemClock
from hitl_app.ui.state import Draft
from hitl_app.workflow.workspace import Workspace

FORMATS = range(1, len(migrations.MIGRATIONS) + 1)
NOW = FORMATS[-1]
NOBODY = 65534
PARSER = make_parser(Path())
MOMENTS = 8
"""At which an upgrade is killed."""


@dataclass
class Desk:
    """An earlier store that this version opened; its commands work on it without opening it again."""

    workspace: Workspace
    folder: Path
    before: Path

    def close(self) -> None:
        """The workspace stays open for the next command."""

    def command(self, *arguments: str) -> str:
        """What a command prints that must succeed."""
        args = PARSER.parse_args([*arguments, "--json"])
        args.data_dir = self.folder
        results, messages = io.StringIO(), io.StringIO()
        assert run_command(args, lambda _: self, Output(True, results, messages)) == 0, messages.getvalue()
        return results.getvalue()

    def different(self, said: Said) -> list[str]:
        """What this version does not say as the earlier one did."""
        out = self.folder / "exported"
        to = () if said.files is None else ("--out", str(out))
        return list(said.differences(read_answer(self.command(*said.arguments, *to), out)))


@pytest.fixture(scope="module", params=FORMATS, ids=lambda number: f"format{number}")
def store(request: pytest.FixtureRequest) -> EarlierStore:
    return read_store(request.param)


@pytest.fixture(scope="module")
def desk(store: EarlierStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    before = folder / "before"
    before.write_bytes(store.content)
    store.put(folder)
    application = build(folder)
    try:
        yield Desk(application.workspace, folder, before)
    finally:
        application.close()


@pytest.fixture
def oldest(tmp_path: Path) -> Path:
    """The file of a store of the first version."""
    return read_store(1).put(tmp_path)


def backups(file: Path) -> list[Path]:
    return sorted(file.parent.glob("*.backup-*"))


def opened(file: Path) -> Upgrade | None:
    """Open a store and close it; what was done to it."""
    store = open_store(file, SystemClock())
    store.close()
    return store.upgrade


def test_nothing_is_lost_and_a_backup_holds_all_as_it_was(store: EarlierStore, desk: Desk) -> None:
    upgrade = desk.workspace.library.upgrade
    assert list(lost_rows(desk.before, desk.folder / STORE)) == []
    if store.format == NOW:
        assert (upgrade, backups(desk.folder / STORE)) == (None, [])
        return
    assert upgrade is not None
    assert (upgrade.before, upgrade.after, [upgrade.backup]) == (store.format, NOW, backups(desk.folder / STORE))
    assert list(lost_rows(desk.before, upgrade.backup)) == []
    with closing(sqlite3.connect(upgrade.backup)) as backup:
        assert backup.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert backup.execute("PRAGMA user_version").fetchall() == [(store.format,)]


def test_this_version_says_what_the_earlier_one_said(store: EarlierStore, desk: Desk) -> None:
    said = {" ".join(each.arguments): desk.different(each) for each in store.said}
    assert {"list", "ledger check", "ledger show", "export --format trl-dpo"} <= said.keys()
    assert {question: found for question, found in said.items() if found} == {}


def test_what_was_executed_comes_out_the_same(store: EarlierStore, desk: Desk) -> None:
    rows = next(said.lines for said in store.said if said.arguments == ("list",))
    judged = next(row for row in rows if row["environment"] == "travel" and row["status"] == "approved")
    (again,) = desk.command("verify", judged["head"]).splitlines()
    assert json.loads(again)["losses"] == judged["losses"]


async def _draft(workspace: Workspace, base_id: str) -> Draft:
    opened = await workspace.library.open(base_id)
    assert opened.draft is not None
    return Draft.from_json(opened.draft)


def test_an_unfinished_review_can_be_gone_on_with(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.before)) as before:
        ((base_id, document),) = before.execute("SELECT base_id, document FROM draft").fetchall()
    draft = asyncio.run(_draft(desk.workspace, base_id))
    assert draft.text.endswith("改")
    assert list(lost(json.loads(document), json.loads(json.dumps(draft.to_json())))) == []


def test_a_store_of_a_later_version_is_refused_and_left_alone(oldest: Path) -> None:
    with closing(sqlite3.connect(oldest)) as later:
        later.execute("PRAGMA journal_mode = DELETE")
        later.execute(f"PRAGMA user_version = {NOW + 1}")
        later.commit()
    before = oldest.read_bytes()
    with pytest.raises(StoreError, match=rf"format {NOW + 1}.*up to {NOW}.*update"):
        opened(oldest)
    assert (oldest.read_bytes(), list(oldest.parent.iterdir())) == (before, [oldest])


@contextmanager
def no_room_for_a_backup(file: Path, _: pytest.MonkeyPatch) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size // 2, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextmanager
def no_room_for_the_upgrade(file: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    def full(path: Path) -> sqlite3.Connection:
        connection = files.connect(path)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 8}")
        return connection

    with patch.context() as within:
        within.setattr(migrations, "connect", full)
        yield


@pytest.mark.parametrize("trouble", [no_room_for_a_backup, no_room_for_the_upgrade])
def test_a_full_disk_leaves_the_store_as_it_was(
    oldest: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[Path, pytest.MonkeyPatch], AbstractContextManager[None]],
) -> None:
    before = oldest.read_bytes()
    with trouble(oldest, monkeypatch), pytest.raises(StoreError, match=r"left as it was.*room for two more copies"):
        opened(oldest)
    assert (oldest.read_bytes(), list(oldest.parent.iterdir())) == (before, [oldest])
    assert opened(oldest) is not None, "with more room it works"


@contextmanager
def somebody() -> Iterator[None]:
    """As a user who may not write everywhere, as the administrator may."""
    if os.geteuid():
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_folder_that_cannot_be_written_leaves_the_store_as_it_was() -> None:
    with TemporaryDirectory() as name:
        file = read_store(1).put(Path(name))
        before = file.read_bytes()
        file.chmod(0o444)
        file.parent.chmod(0o555)
        with somebody(), pytest.raises(StoreError, match="cannot open the store: Permission denied"):
            opened(file)
        file.parent.chmod(0o700)
        assert (file.read_bytes(), list(file.parent.iterdir())) == (before, [file])


def test_programs_that_open_an_earlier_store_at_once_upgrade_it_once(oldest: Path) -> None:
    with ThreadPoolExecutor() as pool:
        upgrades = [done for done in pool.map(opened, [oldest] * 3) if done]
    assert [done.backup for done in upgrades] == backups(oldest)
    assert len(upgrades) == 1


def test_the_newest_backups_of_a_format_are_kept(oldest: Path) -> None:
    old = [files.backup_path(oldest, 1, f"2026-01-0{day}T12:00:00") for day in range(1, 6)]
    other = files.backup_path(oldest, 2, "2026-01-01T12:00:00")
    left = oldest.with_name("desk.backup-v1-20260101T000000.partial")
    for file in (*old, other, left):
        file.touch()
    upgrade = opened(oldest)
    assert upgrade is not None
    assert backups(oldest) == [*old[-2:], upgrade.backup, other]


def test_a_command_says_once_where_the_backup_is(oldest: Path) -> None:
    args = PARSER.parse_args(["ledger", "check"])
    args.data_dir = oldest.parent
    said = []
    for _ in range(2):
        messages = io.StringIO()
        assert run_command(args, build, Output(False, io.StringIO(), messages)) == 0
        said.append(messages.getvalue())
    (backup,) = backups(oldest)
    assert said[0].startswith("hitl-app: an earlier version's store was brought up to date (format 1 to 5)")
    assert (str(backup) in said[0], said[1]) == (True, "")


UPGRADING = """
import sys
from pathlib import Path
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock
print("ready", flush=True)
sys.stdin.readline()
open_store(Path(sys.argv[1]), SystemClock()).close()
print("done", flush=True)
"""


@contextmanager
def upgrading(file: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that has just begun to open a store."""
    command = [sys.executable, "-c", UPGRADING, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.stdin.write("\n")
        child.stdin.flush()
        yield child


@pytest.mark.slow
def test_an_upgrade_that_is_killed_leaves_the_old_store_or_the_new_one(tmp_path: Path) -> None:
    store, before, found = read_store(1), tmp_path / "before", []
    before.write_bytes(store.content)
    with upgrading(put(store, tmp_path / "whole")) as child:
        began = time.monotonic()
        assert child.wait(60) == 0
        longest = time.monotonic() - began
    for moment in range(MOMENTS):
        file = put(store, tmp_path / str(moment))
        with upgrading(file) as child:
            time.sleep(longest * moment / MOMENTS)
            child.kill()
        found.append(whole_format(file))
        assert found[-1] in (store.format, NOW)
        copies = list(file.parent.glob("*.backup-*.db"))
        assert copies or found[-1] == store.format, "there is a backup before there is a new store"
        assert [row for copy in (*copies, file) for row in lost_rows(before, copy)] == []
        assert (opened(file) is None) == (found[-1] == NOW)
        assert list(lost_rows(before, file)) == []
        assert not list(file.parent.glob("*.partial*"))
    assert found[0] == store.format, "it was killed at once"


def put(store: EarlierStore, folder: Path) -> Path:
    folder.mkdir()
    return store.put(folder)


def whole_format(file: Path) -> int:
    """The format of a store, every page of which is as it should be."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (number,) = connection.execute("PRAGMA user_version").fetchone()
        return int(number)


@pytest.mark.slow
def test_the_program_itself_opens_all_earlier_stores() -> None:
    script, program = check_earlier_stores.__file__, Path(sys.executable).with_name("hitl-app")
    done = subprocess.run([sys.executable, script, program], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(FORMATS)
