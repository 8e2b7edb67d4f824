"""Whether the Debian package works where there is nothing: `python packaging/check_deb.py PACKAGE [SCREENSHOT]`.

It is installed into a clean Debian without Python, with its declared dependencies only. There a person without rights
starts the desk, opens a bundle, and closes it; then the package is removed, and only the person's work stays.

Needs root, mmdebstrap, Xvfb, openbox, xdotool and ImageMagick.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from clean_root import SUITE, base_archive, unpack

HERE = Path(__file__).resolve().parent
BASE = HERE.parent / "build" / f"{SUITE}-base.tar"
TOOLS = ("mmdebstrap", "unshare", "Xvfb", "openbox", "xdotool", "import")

sys.path.insert(0, str(HERE.parent / "tests" / "e2e"))
from screen import virtual_screen  # noqa: E402


def check(package: Path, screenshot: Path) -> None:
    """Run the check; exits with what is wrong.

    Args:
        package: The Debian package.
        screenshot: Receives a picture of the desk.
    """
    if os.geteuid() != 0:
        sys.exit("The check makes a system of its own in a folder, for which it needs root.")
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        sys.exit(f"The check needs {', '.join(missing)}.")
    # What is mounted is so only for the inner process, and what runs there ends with it: nothing can be left behind.
    apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
    with tempfile.TemporaryDirectory(prefix="hitl-app-root-") as folder, virtual_screen() as display:
        Path(folder).chmod(0o755)
        unpack(base_archive(BASE), Path(folder))
        inner = (sys.executable, str(HERE / "deb_in_root.py"), folder, display, str(package), str(screenshot))
        if code := subprocess.run([*apart, *inner], check=False).returncode:
            sys.exit(code)


def main() -> None:
    """Check the package that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("screenshot", type=Path, nargs="?", default=HERE.parent / "build" / "clean-root.png")
    arguments = parser.parse_args()
    check(arguments.package.resolve(), arguments.screenshot.resolve())


if __name__ == "__main__":
    main()
