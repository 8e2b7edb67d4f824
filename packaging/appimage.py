"""The AppImage: the whole application as one file that can be started.

That is a runtime, which mounts what follows it, and an image of the application made by squashfs-tools. The runtime
(`runtime-x86_64`, from the releases of AppImage's type2-runtime) is not made here: HITL_APP_APPIMAGE_RUNTIME
names the file.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from linux_files import IDENTIFIER, copy_application, settle, write_share

RUNTIME = "HITL_APP_APPIMAGE_RUNTIME"
MAGIC = (8, b"AI\x02")
"""Where a runtime says that it is one, and in which words."""


def make(folder: Path, out: Path, version: str, epoch: int) -> Path:
    """Make the AppImage.

    Args:
        folder: The packaged application.
        out: Folder that receives the AppImage.
        version: Of the application.
        epoch: Time of every file in it, in seconds since 1970.

    Returns:
        The AppImage.
    """
    runtime = _runtime()
    appimage = out / f"hitl-app-{version}-x86_64.AppImage"
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_application(work / "AppDir", folder, version, epoch)
        image = write_image(work / "AppDir", work / "image", epoch)
        appimage.write_bytes(runtime + image.read_bytes())
    appimage.chmod(0o755)
    return appimage


def write_application(root: Path, folder: Path, version: str, epoch: int) -> None:
    """Lay out the application as an AppImage wants it: its start, menu entry and icon at the top."""
    copy_application(folder, root / "usr/lib/hitl-app")
    write_share(root / "usr/share", version, epoch)
    (root / "AppRun").symlink_to("usr/lib/hitl-app/hitl-app")
    (root / f"{IDENTIFIER}.desktop").symlink_to(f"usr/share/applications/{IDENTIFIER}.desktop")
    (root / "hitl-app.png").symlink_to("usr/share/icons/hicolor/256x256/apps/hitl-app.png")
    (root / ".DirIcon").symlink_to("hitl-app.png")
    settle(root, epoch)


def write_image(root: Path, image: Path, epoch: int) -> Path:
    """Make a file system in a file; the same content makes the same file."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(epoch)}
    settings = ("-quiet", "-no-progress", "-noappend", "-all-root", "-comp", "zstd", "-b", "1M")
    subprocess.run(["mksquashfs", str(root), str(image), *settings], check=True, env=environment)
    return image


def _runtime() -> bytes:
    file = os.environ.get(RUNTIME)
    if not file:
        sys.exit(
            f"An AppImage begins with a runtime: name the file with {RUNTIME} (the releases of type2-runtime have it)."
        )
    runtime = Path(file).read_bytes()
    start, words = MAGIC
    if not (runtime.startswith(b"\x7fELF") and runtime.startswith(words, start)):
        sys.exit(f"{file} is no runtime of an AppImage of type 2.")
    return runtime
