"""Where things are kept: the user's data, installed environments, resources shipped with the product.

Data and settings are in the data folder: the store, which holds the settings, and beside it its backups, prompts,
guidelines and crash reports; environments are in a folder of their own there. Keys are in the system's keyring. What is
elsewhere lasts no longer than a process or a session, or belongs to others:

- the lock and the socket of an open desk, in the session's folder (`runtime_dir`);
- what is unpacked or executed, in folders `hitl-app-…` among the system's temporary files;
- what Qt keeps of file dialogs, for all of its programs, in `QtProject.conf` among the user's configuration (on Windows
  in the registry); a portable program on Linux has it in its own folder;
- what pip keeps of packages that it installed for environments, in its cache.
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_path, user_runtime_path

from hitl_app.domain.errors import StoreError
from hitl_app.system.portable import portable_folder

APP = "hitl-app"
MOST_BYTES = 83
"""Of the path of a session's folder: with the name of a socket, of 24, it must stay below 108."""


def default_data_dir() -> Path:
    """The folder beside a portable program, else the user's data folder of the platform."""
    return portable_folder() or user_data_path(APP, appauthor=False)


def environments_dir(variables: Mapping[str, str] = os.environ) -> Path:
    """Where environments are installed: once per user, whatever the data folder.

    `HITL_APP_ENV_DIR` names another place.
    """
    chosen = variables.get("HITL_APP_ENV_DIR")
    return Path(chosen).expanduser() if chosen else default_data_dir() / "environments"


def resource(name: str) -> Path:
    """A file that is shipped with the product, such as `icons/hitl-app.svg`.

    An installed package has them inside itself, a source tree beside it.
    """
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"
    return (inside if inside.is_dir() else package.parent / "resources") / name


def runtime_dir() -> Path:
    """Folder of what lasts as long as a session: the lock and the socket of an open desk.

    Raises:
        StoreError: It cannot be made, or others can open it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a session without such a folder has one in the temporary folder
        folder = user_runtime_path(APP, appauthor=False)
    if sys.platform != "win32" and len(os.fsencode(folder)) > MOST_BYTES:
        folder = Path(tempfile.gettempdir()) / f"{APP}-{os.getuid()}"
    make_private(folder)
    if sys.platform != "win32":
        about = folder.stat()
        if about.st_uid != os.getuid() or about.st_mode & 0o077:
            raise StoreError(f"{folder} can be opened by others: remove it, or set XDG_RUNTIME_DIR to a private folder")
    return folder


def make_private(folder: Path) -> Path:
    """Create a folder that only its owner can read, where it is not there yet.

    Raises:
        StoreError: It cannot be created, or is no folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be the data folder: {error.strerror}; name another with --data-dir"
        ) from error
    return folder
