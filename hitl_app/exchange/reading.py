"""Files, folders and archives to records: finds the importer by content, whatever the file is called."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hitl_app.domain.errors import UserError
from hitl_app.domain.library import ImportedRecord, ImportedRun, ImportedTask, Rejected
from hitl_app.domain.ports import Importer, ImportItem
from hitl_app.domain.store_file import HEADER_BYTES, is_store
from hitl_app.exchange.archives import is_archive, unpack
from hitl_app.exchange.importers.discovery import ImporterError, known_importers

FileItems = tuple[str, str, Iterable[ImportItem]]
"""A file as people know it, the importer's name (empty where none fits), and the records."""


_STORE = "is a store of its own: open it with `hitl-app open`, or add what it holds with `hitl-app merge`"


def read_path(path: Path, format_name: str | None = None) -> Iterator[FileItems]:
    """Read a file, a folder (recursively, in the order of names) or an archive.

    The records of one file must be read before the next file is asked for.

    Raises:
        UserError: There is no such path, or no such format.
    """
    importers = _chosen(format_name)
    if not path.exists():
        raise UserError(f"{path}: there is no such file or folder")
    if not path.is_file() and not path.is_dir():
        raise UserError(f"{path}: is neither a file nor a folder")
    return _read(path, importers, trusted=format_name is not None)


def _chosen(format_name: str | None) -> tuple[Importer, ...]:
    known = known_importers()
    chosen = tuple(importer for importer in known.importers if format_name in (None, importer.name))
    if not chosen:
        broken = next((each for each in known.formats if each.name == format_name), None)
        names = ", ".join(importer.name for importer in known.importers)
        raise UserError(broken.complaint if broken else f'no format is called "{format_name}"; there are {names}')
    return chosen


def _read(path: Path, importers: tuple[Importer, ...], *, trusted: bool, archives: bool = True) -> Iterator[FileItems]:
    for item in _items(path, importers):
        try:
            importer, complaints = _importer_of(item, importers)
            if importer is None and item.is_file() and is_archive(item):
                if archives:
                    yield from _read_archive(item, importers, trusted=trusted)
                else:
                    yield str(item), "", [Rejected(str(item), "an archive inside an archive is not opened")]
                continue
        except OSError as error:
            yield str(item), "", [Rejected(str(item), f"cannot be read: {error.strerror or error}")]
            continue
        if importer is None and trusted:
            importer = importers[0]
        if importer is None and item.is_dir():
            yield str(item), "", [Rejected(str(item), "the folder cannot be read")]
        elif importer is None:
            reasons = (
                [_STORE] if _is_store(item) else ["not recognised by its content as any known format", *complaints]
            )
            yield str(item), "", [Rejected(str(item), "; ".join(reasons))]
        else:
            yield str(item), importer.name, _guarded(importer, item)


def _importer_of(path: Path, importers: Iterable[Importer]) -> tuple[Importer | None, list[str]]:
    """The first importer that recognises the path, else what is wrong with those that might have."""
    complaints = [each.complaint for each in known_importers().formats if each.problem]
    for importer in importers:
        try:
            if importer.recognises(path):
                return importer, []
        except ImporterError as error:
            complaints.append(str(error))
    return None, complaints


def _is_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_store(file.read(HEADER_BYTES))
    except OSError:
        return False


def _guarded(importer: Importer, path: Path) -> Iterator[ImportItem]:
    try:
        yield from importer.read(path)
    except OSError as error:
        yield Rejected(str(path), f"cannot be read: {error.strerror or error}")


def _items(path: Path, importers: tuple[Importer, ...]) -> Iterator[Path]:
    """The file itself; of a folder all files, except that one which is a recording, or cannot be read, is one item."""
    try:
        inside = path.is_dir() and not _importer_of(path, importers)[0]
        entries = sorted(os.scandir(path), key=lambda entry: entry.name) if inside else None
    except OSError:
        entries = None
    if entries is None:
        yield path
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _items(Path(entry.path), importers)
        elif entry.is_file():
            yield Path(entry.path)


def _read_archive(archive: Path, importers: tuple[Importer, ...], *, trusted: bool) -> Iterator[FileItems]:
    with TemporaryDirectory(prefix="hitl-app-") as folder:
        rejected: list[ImportItem] = list(unpack(archive, Path(folder)))
        if rejected:
            yield str(archive), "", rejected
        for file, name, items in _read(Path(folder), importers, trusted=trusted, archives=False):
            kept = _with_lasting_data(items, folder, archive)
            yield _renamed(file, folder, archive), name, _relabelled(kept, folder, archive)


def _with_lasting_data(items: Iterable[ImportItem], folder: str, archive: Path) -> Iterator[ImportItem]:
    """Leave out tasks whose data lie in the temporary folder: nothing could execute them once it is gone."""
    refused = False
    for item in items:
        if not isinstance(item, ImportedRun | ImportedTask) or not _is_below(item.task.place, folder):
            yield item
        elif not refused:
            refused = True
            reason = "its tasks need their data on this disk: unpack it, and import the folder where it is to stay"
            yield Rejected(str(archive), reason)


def _is_below(place: str, folder: str) -> bool:
    return bool(place) and Path(place).is_relative_to(Path(folder).resolve())


def _relabelled(items: Iterable[ImportItem], folder: str, archive: Path) -> Iterator[ImportItem]:
    """Name the archive and the member instead of the temporary file."""
    for item in items:
        if isinstance(item, Rejected):
            yield replace(item, where=_renamed(item.where, folder, archive))
        elif isinstance(item, ImportedRun) and item.trajectory.source is not None:
            source = replace(item.trajectory.source, file=_renamed(item.trajectory.source.file, folder, archive))
            yield ImportedRun(item.task, replace(item.trajectory, source=source))
        elif isinstance(item, ImportedRecord):
            yield replace(item, where=_renamed(item.where, folder, archive))
        else:
            yield item


def _renamed(text: str, folder: str, archive: Path) -> str:
    if text == folder:
        return str(archive)
    return text.replace(f"{folder}{os.sep}", f"{archive}!", 1) if text.startswith(folder) else text
