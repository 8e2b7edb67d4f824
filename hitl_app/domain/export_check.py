"""What a check of an export found, and what its trainer would see of it."""

from dataclasses import dataclass

from hitl_app.domain.jsontypes import JsonObject


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        what: What has to hold, in a few words.
        passed: None where it could not be checked here.
        detail: What was found, or why it could not be checked.
    """

    what: str
    passed: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that is trained on as a whole, or not at all."""

    trained: bool
    text: str


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as the trainer hands it to the model.

    Attributes:
        texts: The texts by name, such as `chosen`; the passages of each add up to all of it.
        values: What stands beside them, such as a label.
    """

    texts: tuple[tuple[str, tuple[Passage, ...]], ...]
    values: JsonObject


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file of rows as the trainer's own loading code reads it.

    Attributes:
        loader: What read it, such as `DPOTrainer`.
        written: Rows in the file.
        read: Rows that came out of the loader; None where it failed.
        features: Names of the columns with their types, as the loader has them.
        rows: The first rows.
        warnings: What a person should know, though nothing is lost.
        problem: Why it could not be read; empty where it could.
    """

    file: str
    loader: str
    written: int
    read: int | None = None
    features: tuple[tuple[str, str], ...] = ()
    rows: tuple[SeenRow, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ExportCheck:
    """All that a check found.

    Attributes:
        files: Rows of each file, by table, part and name, as the dataset card lists them.
        versions: Packages that read it, with their versions; empty where no loader was there.
    """

    format: str
    files: tuple[tuple[str, str, str, int], ...]
    checks: tuple[Check, ...]
    seen: tuple[SeenFile, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing failed; what could not be checked does not count."""
        return all(check.passed is not False for check in self.checks)
