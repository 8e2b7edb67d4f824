"""A Debian of its own in a folder, with nothing of this machine: neither its Python nor its environment."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SUITE = "bookworm"
PERSON = "ann"
PERSON_ID = 1000
PATIENCE = 300.0
"""Seconds that a command of the person may take."""

PATH = "/usr/local/bin:/usr/bin:/bin"
OF_APT = {"PATH": f"/usr/local/sbin:/usr/sbin:/sbin:{PATH}", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
PROXIES = ("http_proxy", "https_proxy", "no_proxy")


def base_archive(archive: Path) -> Path:
    """The smallest Debian that can install packages, made with mmdebstrap where it is not there yet.

    Args:
        archive: Where it is kept from one time to the next.

    Returns:
        The archive.
    """
    if not archive.is_file():
        archive.parent.mkdir(parents=True, exist_ok=True)
        unfinished = archive.with_name(f"unfinished-{archive.name}")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", SUITE, str(unfinished), *_sources()]
        subprocess.run(command, check=True)
        unfinished.replace(archive)
    return archive


def _sources() -> list[str]:
    """Where this machine has the suite from; nothing, for mmdebstrap's own choice, where it has it not."""
    fields = "$(ORIGIN)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)"
    command = ["apt-get", "indextargets", "--format", fields, "Created-By: Packages"]
    known = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    lines = [line.removeprefix("Debian|") for line in known if line.startswith("Debian|")]
    return [line for line in lines if line.split()[2].split("-")[0] == SUITE]


def unpack(archive: Path, folder: Path) -> None:
    """Make a root of it, with a person who has a home."""
    subprocess.run(["tar", "-xpf", str(archive), "--numeric-owner", "-C", str(folder)], check=True)
    (folder / "etc/resolv.conf").write_bytes(Path("/etc/resolv.conf").read_bytes())
    adding = ["chroot", str(folder), "useradd", "--create-home", "--uid", str(PERSON_ID), "--shell", "/bin/sh", PERSON]
    subprocess.run(adding, check=True)
    session = folder / f"run/user/{PERSON_ID}"
    session.mkdir(parents=True, mode=0o700)
    os.chown(session, PERSON_ID, PERSON_ID)


@dataclass(frozen=True)
class CleanRoot:
    """A root that commands run in.

    Attributes:
        folder: Where it is.
        display: The screen that its person sees.
    """

    folder: Path
    display: str

    @property
    def home(self) -> Path:
        """The person's home folder, seen from outside."""
        return self.folder / "home" / PERSON

    def mount(self) -> None:
        """Give it what a running system has: only in a mount namespace, which takes it away again."""
        subprocess.run(["mount", "-t", "proc", "proc", str(self.folder / "proc")], check=True)
        sockets = self.folder / "tmp/.X11-unix"
        sockets.mkdir()
        subprocess.run(["mount", "--bind", "/tmp/.X11-unix", str(sockets)], check=True)  # noqa: S108  # X11's own place

    def system(self, *command: str) -> str:
        """Run something as root; returns what it prints, and ends everything where it fails."""
        variables = OF_APT | {name: os.environ[name] for name in PROXIES if name in os.environ}
        done = subprocess.run(
            self._inside(command, variables, "/", "root"), capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def person(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Let the person run something."""
        return subprocess.run(self._of_person(command), capture_output=True, text=True, check=False, timeout=PATIENCE)

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Let the person start something that goes on."""
        return subprocess.Popen(self._of_person(command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def packages(self) -> set[str]:
        """Names of what is installed."""
        return set(self.system("dpkg-query", "--show", "--showformat", "${Package}\n").split())

    def _of_person(self, command: Sequence[str]) -> list[str]:
        session = {
            "PATH": PATH,
            "HOME": f"/home/{PERSON}",
            "USER": PERSON,
            "LANG": "C.UTF-8",
            "DISPLAY": self.display,
            "XDG_RUNTIME_DIR": f"/run/user/{PERSON_ID}",
        }
        return self._inside(command, session, f"/home/{PERSON}", PERSON)

    def _inside(self, command: Sequence[str], variables: dict[str, str], folder: str, user: str) -> list[str]:
        settings = [f"{name}={value}" for name, value in variables.items()]
        entered = ["chroot", f"--userspec={user}", str(self.folder)]
        return [*entered, "/usr/bin/env", "-i", f"--chdir={folder}", *settings, *command]
