"""The portable archive for Linux: unpack it, and start it."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from linux_files import FILES, copy_application, filled, write_share


def make(folder: Path, out: Path, version: str, epoch: int) -> Path:
    """Make the archive.

    Args:
        folder: The packaged application.
        out: Folder that receives the archive.
        version: Of the application.
        epoch: Time of every file in it, in seconds since 1970.

    Returns:
        The archive.
    """
    archive = out / f"hitl-app-{version}-linux-x86_64.tar.xz"
    with tempfile.TemporaryDirectory() as work:
        root = Path(work) / f"hitl-app-{version}"
        copy_application(folder, root)
        write_share(root / "share", version, epoch)
        (root / "README.txt").write_text(filled("README.txt", version, epoch), "utf-8")
        shutil.copy(FILES / "install-menu-entry.sh", root)
        settled = ("--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{epoch}", "--format=gnu")
        # Two threads whatever the machine has: with another number than one, the archive is the same.
        command = ["tar", *settled, "--use-compress-program=xz -T2", "-cf", str(archive), "-C", work, root.name]
        subprocess.run(command, check=True)
    return archive
