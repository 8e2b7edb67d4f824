"""Where things are kept: the user's data, installed environments, resources shipped with the product."""

import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_path, user_runtime_path

from hitl_app.domain.errors import StoreError

APP = "hitl-app"


def default_data_dir() -> Path:
    """The user's data folder of the platform."""
    return user_data_path(APP, appauthor=False)


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
        folder = make_private(user_runtime_path(APP, appauthor=False))
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
