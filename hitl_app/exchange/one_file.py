"""An export's folder as one file: a zip whose bytes depend on nothing but the contents."""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hitl_app.domain.errors import UserError
from hitl_app.exchange.archives import MAX_BYTES
from hitl_app.exchange.folder import MANIFEST, PRODUCT

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every member; a zip knows none before."""

_UNIX, _MODE = 3, 0o644 << 16


@contextmanager
def one_file(out: Path, format_name: str) -> Iterator[Path]:
    """A folder to write an export into, which becomes the file `out` in the end.

    Raises:
        UserError: The file cannot be written, is not an older export of this format, or would be too large to import.
    """
    _check_ours(out, format_name)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".unfinished-", dir=out.parent, ignore_cleanup_errors=True) as work:
            folder, packed = Path(work) / "files", Path(work) / "packed"
            yield folder
            _pack(folder, packed)
            packed.replace(out)
    except OSError as error:
        raise UserError(f"{out}: cannot be written: {error.strerror or error}") from error


def _pack(folder: Path, out: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda file: (file.name != MANIFEST, file.name))
    if sum(file.stat().st_size for file in files) > MAX_BYTES:
        raise UserError(f"this is more than an import unpacks ({MAX_BYTES} bytes): write it to a folder instead")
    with out.open("xb") as packed:
        with zipfile.ZipFile(packed, "w") as archive:
            for file in files:
                _add(archive, file)
        packed.flush()
        os.fsync(packed.fileno())


def _add(archive: zipfile.ZipFile, file: Path) -> None:
    about = zipfile.ZipInfo(file.name, _LONG_AGO)
    about.compress_type, about.create_system, about.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _MODE
    about.file_size = file.stat().st_size  # decides on the form for large files
    with file.open("rb") as source, archive.open(about, "w") as target:
        shutil.copyfileobj(source, target, 2**20)


def _check_ours(out: Path, format_name: str) -> None:
    """An export replaces an older one of its own format, and nothing else."""
    if not out.exists():
        return
    try:
        with zipfile.ZipFile(out) as archive:
            manifest = json.loads(archive.read(MANIFEST))
        ours = manifest["product"]["name"] == PRODUCT and manifest["format"] == format_name
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, zipfile.BadZipFile):
        ours = False
    if not ours:
        raise UserError(f"{out}: is there already, and is not a {format_name}; name another file")
