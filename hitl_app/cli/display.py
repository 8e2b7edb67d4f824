"""Whether a window can be opened."""

import os
import platform


def display_problem() -> str:
    """Why no window can be opened here; empty where one can."""
    if platform.system() != "Linux" or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return "no display: neither DISPLAY nor WAYLAND_DISPLAY is set"
