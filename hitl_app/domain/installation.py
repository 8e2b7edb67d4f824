"""The program as it is installed: how it was built, and where it keeps what it keeps."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class BuildKind(StrEnum):
    """What was started."""

    SOURCE = "source"
    PACKAGE = "package"
    APPLICATION = "packaged application"


@dataclass(frozen=True, slots=True)
class BuildDetails:
    """Which program this is, for whoever mends it.

    Attributes:
        commit: Of the source that it was built from; empty where nobody wrote it down.
        date: Of that commit, as ISO 8601; empty as well.
        python, sqlite: Versions of what it runs on.
        licences: Folder of the licences of everything inside; None where it does not come along.
    """

    version: str
    kind: BuildKind
    commit: str = ""
    date: str = ""
    python: str = ""
    sqlite: str = ""
    licences: Path | None = None

    @property
    def name(self) -> str:
        """Version, kind and source on one line."""
        commit = f"commit {self.commit[:12]}" if self.commit else ""
        return f"hitl-app {self.version} ({', '.join(filter(None, (self.kind, commit, self.date)))})"

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything, a line each."""
        return (self.name, f"Python {self.python}", f"SQLite {self.sqlite}")


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is kept.

    Attributes:
        data: Folder of the store, prompts, guidelines and crash reports.
        environments: Folder of installed environments.
        portable: Both are kept beside the program unless another place was named.
    """

    data: Path
    environments: Path
    portable: bool

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, a line each."""
        kept = "everything is kept beside the program (portable)" if self.portable else "not portable"
        return (f"data in {self.data}", f"environments in {self.environments}", kept)
