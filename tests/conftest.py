"""Fixtures shared by all rooms."""

import os
import signal
from pathlib import Path

import platformdirs
import pytest

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.domain.ports import EnvironmentProvider
from hitl_app.environments.agentdojo import provider as agentdojo
from hitl_app.environments.bfcl import provider as bfcl
from hitl_app.environments.tau2 import provider as tau2

# Widgets are tested without a display; the end-to-end tests start a real one of their own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test reads or writes the keyring of the person who runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
# A shell lets what it starts in the background ignore interrupts, and the processes that tests start inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Folder of real recordings, kept beside the project's folder and not part of it."""
    if not RECORDINGS.is_dir():
        pytest.skip(f"no recordings: {RECORDINGS.name} is not beside the project's folder")
    return RECORDINGS


def installed(provider: EnvironmentProvider) -> Path:
    """Folder in which this environment is installed: the user's own, so that it is installed once a machine."""
    default = platformdirs.user_data_path("hitl-app") / "environments"
    home = Path(os.environ.get("HITL_APP_ENV_DIR") or default)
    if not provider.status(home).installed:
        lines: list[str] = []
        try:
            provider.install(home, lines.append)
        except EnvironmentUnavailableError as error:
            if any("connection broken" in line for line in lines):
                pytest.skip(f"{provider.name} cannot be installed, the package index cannot be reached: {error}")
            raise
    return home


@pytest.fixture(scope="session")
def tau2_home() -> Path:
    """Folder of installed environments in which tau2 works."""
    return installed(tau2)


@pytest.fixture(scope="session")
def bfcl_home() -> Path:
    """Folder of installed environments in which bfcl works."""
    return installed(bfcl)


@pytest.fixture(scope="session")
def agentdojo_home() -> Path:
    """Folder of installed environments in which agentdojo works."""
    return installed(agentdojo)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A window without a display tells nobody its smallest size, and Qt says so at every window."""
    for item in items:
        if "ui" in item.path.parts:
            item.add_marker(
                pytest.mark.qt_log_ignore("plugin does not support (propagateSizeHints|raise|grabbing the keyboard)")
            )
