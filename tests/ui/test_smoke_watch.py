"""During the smoke test every warning counts, and nothing is waited for without end."""

import asyncio
import logging
import warnings

import pytest

from hitl_app.ui import smoke_watch
from hitl_app.ui.smoke_watch import SmokeError, watched


def test_warnings_of_python_and_of_qt_and_logged_errors_are_complaints() -> None:
    logging.captureWarnings(True)  # as a library does
    with watched() as watch:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        logging.getLogger("qt").warning("QPainter: not active")
        logging.getLogger("hitl_app.ui").error("%s failed", "opening")
        logging.getLogger("hitl_app.ui").info("all is well")
    logging.captureWarnings(False)
    first, *others = watch.complaints
    assert "DeprecationWarning: old" in first
    assert others == ["warning of qt: QPainter: not active", "error of hitl_app.ui: opening failed"]


def test_what_a_platform_cannot_do_is_no_complaint() -> None:
    with watched() as watch:
        logging.getLogger("qt").warning("This plugin does not support propagateSizeHints()")
        watch.raise_complaints("after that")
    assert not watch.complaints


def test_a_complaint_ends_the_waiting() -> None:
    with watched() as watch:
        logging.getLogger("qt").warning("no such font")
        with pytest.raises(SmokeError, match="before a window came"):
            asyncio.run(watch.until("a window", lambda: None))


def test_what_was_waited_for_in_vain_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke_watch, "LIMIT_SECONDS", 0.0)
    with watched() as watch, pytest.raises(SmokeError, match="in vain for a window"):
        asyncio.run(watch.until("a window", lambda: None))
