"""The portable program: everything that it keeps is in a folder beside it, on a stick for instance.

Once that folder is there, every start uses it. Keys of models are never in it: they stay in the keyring of the machine.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hitl_app.domain.errors import UserError
from hitl_app.system.program import is_frozen

FOLDER = "hitl-app-data"


def portable_folder() -> Path | None:
    """The folder beside the program, where there is one."""
    folder = folder_beside(Path(sys.executable), os.environ) if is_frozen() else None
    return folder if folder is not None and folder.is_dir() else None


def make_portable() -> None:
    """Keep everything beside the program, from now on.

    Raises:
        UserError: This is no packaged application, or nothing can be written beside it.
    """
    if not is_frozen():
        raise UserError(
            "--portable keeps everything beside the packaged application, and this is none: "
            "name a folder with --data-dir"
        )
    folder = folder_beside(Path(sys.executable), os.environ)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UserError(
            f"{folder}: cannot be written ({error.strerror or error}), so the program cannot be portable there; "
            "put it into a folder of your own, or start it without --portable"
        ) from error


def folder_beside(executable: Path, variables: Mapping[str, str]) -> Path:
    """The folder that belongs to a packaged application.

    Args:
        executable: What runs.
        variables: Of the environment: an AppImage runs in a place of its own, and names its file there.
    """
    executable = executable.resolve()
    image, mounted = variables.get("APPIMAGE"), variables.get("APPDIR")
    if image and mounted and executable.is_relative_to(Path(mounted).resolve()):  # else those are of another program
        return Path(image).parent / FOLDER
    if executable.parts[-3:-1] == ("Contents", "MacOS"):
        return executable.parents[3] / FOLDER
    return executable.parent / FOLDER
