"""Check sums of what is released, for `sha256sum -c SHA256SUMS`: `python packaging/sums.py [FOLDER]`."""

import argparse
import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def write(folder: Path) -> Path:
    """Write the check sums of all files that lie in a folder, sorted by name.

    Args:
        folder: Where the released files are; folders in it are no releases.

    Returns:
        The file with the sums.
    """
    released = sorted(file for file in folder.iterdir() if file.is_file() and file.name != NAME)
    sums = folder / NAME
    sums.write_text("".join(f"{_digest(file)}  {file.name}\n" for file in released), "utf-8", newline="\n")
    return sums


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def main() -> None:
    """Write the sums of the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("dist"), help="where the released files are")
    print(write(parser.parse_args().folder))


if __name__ == "__main__":
    main()
