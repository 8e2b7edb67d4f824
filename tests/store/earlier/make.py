"""Write the stores of earlier versions that `test_earlier_stores.py` opens: `python make.py VERSION…`.

Each `vN.db.xz` is a store of format N (`PRAGMA user_version`), written by the program as it was at the commit below, by
its own commands; what only its window writes (drafts, where the desk was left) by its own classes. Each `vN.json.xz`
holds what that program then said of the store: its commands with their lines, and the files that it exported.

Needed are the history of the repository, out of which the program of a commit is taken, and an environment with the
present dependencies, which every version so far runs with. A format without a commit is the present one: its store is
written by the program that was committed last. When the next format is on its way, name the last commit of this one in
`COMMITS` and write its store once more. What a migration was before its format was settled does not count: the fourth
was edited on the day on which it was made, and 4 means its last state.
"""

import json
import lzma
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from earlier_desk import HERE, Desk
from earlier_recipes import ASKED, DONE

ROOT = HERE.parents[2]
COMMITS = {
    1: "a1c581396ef15aab1cadcdaa651a8ce301d83843",  # the first whose commands do a whole review
    2: "256dea73733972f605138616deb196fee0e0c98b",  # the last whose own parts fit together
    3: "b5bba9c01d712a8f13705036cc043905552957df",
    4: "1c82181f6ad64cda9f449b3c0fce256ed9ee3140",
}
"""The program of each earlier format; but for the first, the last commit before the next format."""


@contextmanager
def program(commit: str) -> Iterator[Path]:
    """The repository's folder as it was at a commit."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "-C", ROOT, "archive", commit], stdout=subprocess.PIPE, check=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


def make(version: int) -> None:
    """Write the store of a format, and what its program says of it."""
    commit = COMMITS.get(version, "HEAD")
    with program(commit) as source, tempfile.TemporaryDirectory() as folder:
        desk = Desk(version, source, Path(folder))
        for since, part in (*DONE, *ASKED):
            if since <= version:
                part(desk)
        expected = {"format": version, "said": desk.said}
        store = desk.data / "desk.db"
        with closing(sqlite3.connect(store)) as connection:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute("VACUUM")  # for the sake of its size
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # one file holds all
        if found != version:
            raise SystemExit(f"the program wrote format {found}, not {version}")
        pack(HERE / f"v{version}.db.xz", store.read_bytes())
        pack(HERE / f"v{version}.json.xz", json.dumps(expected, ensure_ascii=False, indent=0).encode())


def pack(target: Path, content: bytes) -> None:
    """Write a compressed file."""
    target.write_bytes(lzma.compress(content, preset=lzma.PRESET_EXTREME | 9))
    sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    for number in sys.argv[1:]:
        make(int(number))
