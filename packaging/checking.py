"""Whether the packaged application works: started as a user's desktop would, without this machine's Python."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

MOST_BYTES = 200_000_000
"""Of the whole folder."""

HERE = Path(__file__).resolve().parent


def check_application(folder: Path) -> None:
    """Run the smoke test and open earlier stores; exits with what is wrong.

    Args:
        folder: The packaged application.
    """
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{folder.name}: {size / 1e6:.1f} MB")
    if size > MOST_BYTES:
        sys.exit(f"{folder} is larger than {MOST_BYTES / 1e6:.0f} MB: what was added to it?")
    program = folder / "hitl-app"
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [program, "--smoke-test"],
            env=_desktop(Path(home)),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        print(done.stdout, end="")
        if done.returncode or done.stderr:
            sys.exit(f"the smoke test ended with {done.returncode}:\n{done.stderr}")
    subprocess.run([sys.executable, str(HERE / "check_earlier_stores.py"), str(program)], check=True)


def _desktop(home: Path) -> dict[str, str]:
    """What a session gives to a program; nothing of a development environment."""
    wanted = (
        "PATH",
        "LANG",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "XDG_RUNTIME_DIR",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
    )
    session = {name: os.environ[name] for name in wanted if name in os.environ} | {"HOME": str(home)}
    if sys.platform.startswith("linux") and not session.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}:
        session["QT_QPA_PLATFORM"] = "offscreen"
    return session
