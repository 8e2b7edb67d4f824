"""What goes wrong between us and a server, in words for people. Never holds a key."""

import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


class FaultError(Exception):
    """One attempt failed.

    Attributes:
        retry: Whether the same request may succeed later.
        consumed: Whether the attempt may have cost tokens.
        refused: The server does not want the request as it is: another manner of asking may help.
        after: Seconds that the server asks to wait.
        unknown: The server does not know the model, or the page.
        advice: What to do about it.
    """

    def __init__(
        self,
        text: str,
        *,
        retry: bool = False,
        consumed: bool = False,
        refused: bool = False,
        after: float | None = None,
        unknown: bool = False,
        advice: str = "look at the server's log",
    ) -> None:
        super().__init__(text)
        self.retry = retry
        self.consumed = consumed
        self.refused = refused
        self.after = after
        self.unknown = unknown
        self.advice = advice


def from_status(status: int, reason: str, code: str, headers: Mapping[str, str], *, refused: bool) -> FaultError:
    """The fault that an HTTP status means.

    Args:
        status: From 400 on.
        reason: The server's own words.
        code: The server's code of the error.
        headers: For `Retry-After`.
        refused: The reason speaks of a feature that was asked for.
    """
    said = f"{status}: {reason}" if reason else str(status)
    if code == "insufficient_quota":
        return FaultError(f"has no credit left for this key ({said})", advice="fill up the account, or use another key")
    if status in (401, 403):
        advice = "set HITL_APP_API_KEY, or enter the key in the model settings"
        return FaultError(f"refuses the key ({said})", advice=advice)
    if status == 404:
        advice = "check the base URL and the name of the model"
        return FaultError(f"does not know the model or the page ({said})", refused=refused, unknown=True, advice=advice)
    if status in (408, 409, 425, 429):
        advice = "wait a while, or allow fewer calls at the same time"
        return FaultError(f"is too busy ({said})", retry=True, after=retry_after(headers), advice=advice)
    if status >= 500:
        after = retry_after(headers)
        return FaultError(f"has a problem ({said})", retry=status != 501, refused=refused, after=after)
    return FaultError(
        f"refuses the request ({said})", refused=status in (400, 422), advice="change what the server names"
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait from `retry-after-ms`, or from `Retry-After` as seconds or as a date; None where it says none."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        said = headers.get(name)
        if said is None:
            continue
        try:
            seconds = float(said) * unit
        except ValueError:
            seconds = _until(said)
        if math.isfinite(seconds):
            return max(0.0, seconds)
    return None


def _until(date: str) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - time.time()
    except ValueError:
        return math.nan
