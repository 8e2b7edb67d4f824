"""A virtual screen with a desk on it, driven by keys and mouse as a person would."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any  # the child's answers are JSON, read here as a script would read them

CHILD = Path(__file__).with_name("desk_child.py")
PATIENCE = 60.0
"""Seconds to wait for something that should happen: generous, because machines are."""

State = dict[str, Any]


@contextmanager
def virtual_screen(size: str = "1600x1000x24") -> Iterator[str]:
    """An X server with a window manager; yields its display."""
    missing = [tool for tool in ("Xvfb", "xdotool", "openbox") if shutil.which(tool) is None]
    if missing:
        raise RuntimeError(f"a virtual screen needs {', '.join(missing)}: run `make setup`")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        display = ":" + pipe.readline().strip()
    manager = subprocess.Popen(
        ["openbox"], env=os.environ | {"DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield display
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()


class Desk:
    """A running desk, and the hands of the person at it."""

    def __init__(self, display: str, data_dir: Path, annotator: str, variables: Mapping[str, str]) -> None:
        self._variables = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", **variables}
        self._process = subprocess.Popen(
            [sys.executable, str(CHILD), str(data_dir), annotator],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._variables,
        )

    def _ask(self, line: str) -> State:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            assert self._process.stderr is not None
            raise AssertionError(f"the desk ended: {self._process.stderr.read()}")
        value: State = json.loads(answer)
        return value

    @property
    def state(self) -> State:
        """What the desk shows now."""
        return self._ask("state")

    def wait(self, what: str, condition: Callable[[State], bool]) -> State:
        """Wait until the state fits; `what` says for what, should it never come."""
        deadline = time.monotonic() + PATIENCE
        while True:
            state = self.state
            if not state.get("starting") and condition(state):
                return state
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for: {what}; the desk shows {state}")

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._variables, check=True, capture_output=True)

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, such as `j` or `ctrl+Return`."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--delay", "5", text)

    def choose_file(self, file: Path) -> None:
        """Type a path into the toolkit's file dialog, and confirm it.

        Return may take a folder that it completes instead, and open that: then the path is typed again.
        """
        title = self.wait("the file dialog", lambda state: state["dialog"] is not None and state["typing"])["dialog"]
        deadline = time.monotonic() + PATIENCE
        while self.state["dialog"] == title:
            assert time.monotonic() < deadline, f"the file dialog does not take {file}"
            self.keys("ctrl+a")
            self.type(str(file))
            self.keys("Return")
            again = time.monotonic() + 3
            while self.state["dialog"] == title and time.monotonic() < again:
                pass

    def click(self, name: str) -> None:
        """Click on the widget with this accessible name or text, as soon as it can be clicked."""
        deadline = time.monotonic() + PATIENCE
        while not (place := self._ask(f"where {name}"))["enabled"]:
            assert time.monotonic() < deadline, f"there is nothing to click that is called {name}"
        self._xdotool("mousemove", str(place["x"]), str(place["y"]), "click", "1")

    def screenshot(self, file: Path) -> None:
        """Save a picture of the whole screen as PNG."""
        file.parent.mkdir(parents=True, exist_ok=True)
        code = (
            "import sys; from PySide6.QtGui import QGuiApplication as A, QImage; a = A([]);"
            "picture = a.primaryScreen().grabWindow(0).toImage().convertToFormat(QImage.Format.Format_RGB888);"
            "sys.exit(not picture.save(sys.argv[1], 'PNG', 0))"
        )
        subprocess.run([sys.executable, "-c", code, str(file)], env=self._variables, check=True)

    def quit(self) -> str:
        """Close the desk by its shortcut; returns what it wrote to standard error."""
        self.keys("ctrl+q")
        assert self._process.stderr is not None
        errors = self._process.stderr.read()
        assert self._process.wait(timeout=PATIENCE) == 0, errors
        return errors

    def kill(self) -> None:
        """End it at once, where it still runs."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


@contextmanager
def desk_on(
    display: str, data_dir: Path, annotator: str = "ann", variables: Mapping[str, str] | None = None
) -> Iterator[Desk]:
    """A desk on a screen; ended at the latest when the block is left."""
    desk = Desk(display, data_dir, annotator, variables or {})
    try:
        yield desk
    finally:
        desk.kill()
