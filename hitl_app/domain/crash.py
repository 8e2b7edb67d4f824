"""What is known of an end that nobody wanted."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CrashReport:
    """One of them.

    Attributes:
        name: Of its file, by which it is dismissed.
        at: When, ISO 8601 in UTC.
        details: Version, platform and trace, for whoever mends it; empty where the desk was killed from outside.
    """

    name: str
    at: str
    details: str

    @property
    def text(self) -> str:
        """All of it, as a file to attach."""
        return f"{self.at}\n{self.details}\n"


class CrashReports(Protocol):
    """Keeps what is known of crashes until a person has seen it."""

    @property
    def place(self) -> str:
        """The folder of the reports, for people."""
        ...

    def watch(self) -> None:
        """From now on a crash of this process leaves a trace."""
        ...

    def end(self) -> None:
        """This process ends as it should."""
        ...

    def keep(self, details: str) -> None:
        """Keep an unexpected error that this process goes on after."""
        ...

    def unseen(self) -> tuple[CrashReport, ...]:
        """What earlier processes left, newest first."""
        ...

    def dismiss(self, report: CrashReport) -> None:
        """A person has seen it: it stays in the folder, and is not shown again."""
        ...
