"""The real clock."""

from datetime import UTC, datetime


class SystemClock:
    """Implements `domain.ports.Clock`."""

    def now(self) -> str:
        """The time as ISO 8601 in UTC with microseconds."""
        return datetime.now(UTC).isoformat(timespec="microseconds")
