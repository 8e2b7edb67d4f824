"""Where guidelines, rubric and reasons come from."""

from collections.abc import Iterable
from typing import Protocol

from hitl_app.domain.guidelines import GuidelineFile, GuidelineKind, Guidelines, Occasion


class GuidelineFiles(Protocol):
    """The files that are shipped, or the user's own ones. `language` is a locale's name, such as `zh_CN`."""

    def read(self, language: str) -> Guidelines:
        """The user's own files where there are any that can be used, else the shipped ones."""
        ...

    def make_own(self, kinds: Iterable[GuidelineKind], language: str) -> tuple[GuidelineFile, ...]:
        """Copy what is shipped to where the user's own files are, where there is none yet; returns what is in use.

        Raises:
            UserError: A file cannot be written.
        """
        ...

    def add_reason(self, occasion: Occasion, reason: str, language: str) -> None:
        """Add a reason to the user's own list; one that stands there already is not added again.

        Raises:
            UserError: The list cannot be read or written. Nothing was changed.
        """
        ...
