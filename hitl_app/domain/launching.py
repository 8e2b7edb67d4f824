"""How a desktop, its menu or its file manager, starts a program."""

from collections.abc import Mapping

TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
"""Variables in which a desktop lets a program that it starts come to the front (XDG, Startup Notification)."""


def is_started_by_a_desktop(variables: Mapping[str, str]) -> bool:
    """Whether a desktop started this program: it shows nobody what a program prints."""
    return any(variables.get(name) for name in TOKENS)
