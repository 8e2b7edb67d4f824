"""All checks of an export; see `ExportChecker`."""

import sys
from pathlib import Path

from hitl_app.domain.export_check import Check, ExportCheck
from hitl_app.exchange.checking.contents import DataFile, read_card, read_manifest
from hitl_app.exchange.checking.files import CARD_FITS, check_card, check_files
from hitl_app.exchange.checking.readers import READ, Reading, read_back
from hitl_app.exchange.checking.rows import check_rows


class FolderChecker:
    """Checks folders that this product's exporters wrote."""

    def __init__(self, python: Path | None = Path(sys.executable)) -> None:
        """Make a checker.

        Args:
            python: The interpreter that reads an export where none is named; None where there is none.
        """
        self._python = python

    def check(self, folder: Path, python: Path | None, rows: int) -> ExportCheck:
        """Check an export; see `ExportChecker`."""
        manifest = read_manifest(folder)
        checks = list(check_files(folder, manifest))
        data: tuple[DataFile, ...] | None = None
        try:
            data = read_card(folder)
        except ValueError as error:
            checks.append(Check(CARD_FITS, False, str(error)))
        checks += [check_card(manifest, data)] if data is not None else []
        data = data or ()
        checks += check_rows(folder, manifest, data)
        sound = all(check.passed is not False for check in checks)
        python = python or self._python
        reading = read_back(folder, manifest, data, python, rows) if data and sound else _unread(sound=sound)
        return ExportCheck(
            format=manifest.format,
            files=tuple((file.table, file.part, file.name, manifest.rows(file.name)) for file in data),
            checks=(*checks, *reading.checks),
            seen=reading.files,
            versions=reading.versions,
        )


def _unread(*, sound: bool) -> Reading:
    why = "the dataset card names no files for a trainer" if sound else "the folder is damaged: see above"
    return Reading((Check(READ, None, why),))
