"""Whether two builds are the same, and where they differ: `python packaging/compare.py A B`.

A and B are folders, archives (wheel, zip, sdist, tar) or single files. Ends with 1 where they differ.
"""

import argparse
import hashlib
import io
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

Member = tuple[str, bytes]
"""What a file is besides its contents, such as its mode, and its contents."""


def differences(first: Path, second: Path) -> list[str]:
    """What differs between two builds, one line each; empty where they are the same.

    Args:
        first: A folder or a file.
        second: What should be the same.
    """
    if first.is_file() and first.read_bytes() == second.read_bytes():
        return []
    one, other = dict(_members(first)), dict(_members(second))
    found = [f"only in {first}: {name}" for name in sorted(one.keys() - other.keys())]
    found += [f"only in {second}: {name}" for name in sorted(other.keys() - one.keys())]
    for name in sorted(one.keys() & other.keys()):
        found += [f"{name}: {words}" for words in _between(one[name], other[name])]
    return found or ([] if first.is_dir() else [f"{first.name}: the same members, packed in another way"])


def _between(one: Member, other: Member) -> Iterator[str]:
    if one[0] != other[0]:
        yield f"{one[0]} / {other[0]}"
    if one[1] == other[1]:
        return
    inner, outer = _zipped(one[1]), _zipped(other[1])
    if inner is None or outer is None:
        places = sum(left != right for left, right in zip(one[1], other[1], strict=False))
        yield f"{len(one[1])} / {len(other[1])} bytes, {places} of them differ, {_short(one[1])} / {_short(other[1])}"
        return
    changed = sorted(name for name in inner.keys() | outer.keys() if inner.get(name) != outer.get(name))
    yield f"members differ: {', '.join(changed)}" if changed else "the same members, in another order or way"


def _members(build: Path) -> Iterator[tuple[str, Member]]:
    if build.is_dir():
        for path in build.rglob("*"):
            name = path.relative_to(build).as_posix()
            if path.is_symlink():
                yield name, ("link", str(path.readlink()).encode())
            elif path.is_file():
                yield name, (f"mode {path.stat().st_mode:o}", path.read_bytes())
    elif (members := _zipped(build.read_bytes())) is not None:
        yield from members.items()
    elif tarfile.is_tarfile(build):
        with tarfile.open(build) as archive:
            for entry in archive:
                stream = archive.extractfile(entry)
                about = f"mode {entry.mode:o}, time {entry.mtime}, owner {entry.uname or entry.uid}"
                yield entry.name, (about, stream.read() if stream else entry.linkname.encode())
    else:
        yield build.name, (f"mode {build.stat().st_mode:o}", build.read_bytes())


def _zipped(contents: bytes) -> dict[str, Member] | None:
    """The members of a zip archive; none where it is another kind of file."""
    if not contents.startswith(b"PK\x03\x04"):
        return None
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        return {
            entry.filename: (f"mode {entry.external_attr >> 16:o}, time {entry.date_time}", archive.read(entry))
            for entry in archive.infolist()
        }


def _short(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()[:12]


def main() -> None:
    """Compare what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    arguments = parser.parse_args()
    found = differences(arguments.first, arguments.second)
    print("\n".join(found) if found else "the same")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
