"""Makes the pictures of the documentation: the real desk on the samples, on a virtual screen, driven by keys.

Run: `make screenshots`. Needs Xvfb, xdotool and openbox, which `make setup` installs.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tests" / "llm")]

from screen import Desk, desk_on, virtual_screen  # noqa: E402
from serving import serving  # noqa: E402

IMAGES = ROOT / "docs" / "images"


SETTLING = 30
"""Pictures that are taken at most until two are the same."""


def picture(desk: Desk, name: str) -> None:
    """Save a picture once nothing moves on the screen any more."""
    file, before = IMAGES / name, b""
    for _ in range(SETTLING):
        desk.screenshot(file)
        if (now := file.read_bytes()) == before:
            return
        before = now


def open_failing(desk: Desk) -> None:
    """Open the first sample that fails, and search for its repair."""
    desk.wait("the samples", lambda state: state["inspected"] and state["activity"] == "idle")
    desk.keys("j")
    desk.wait("a failing one", lambda state: state["verified"] is False and state["activity"] == "idle")


def command(desk: Desk, words: str) -> None:
    """Run an action by its name, from the palette."""
    desk.keys("ctrl+k")
    desk.wait("the palette", lambda state: state["focus"] == "Command")
    desk.type(words)
    desk.keys("Return")
    desk.wait("the desk", lambda state: state["dialog"] is None)


def take(desk: Desk) -> None:
    """All pictures, in one sitting."""
    open_failing(desk)
    picture(desk, "inspected.png")
    desk.keys("d")
    desk.click("Arguments and observation")
    desk.keys("Next")
    picture(desk, "step.png")
    desk.keys("d")
    desk.keys("p")
    desk.wait("a proposal", lambda state: state["hunks"] and not state["stale"] and state["activity"] == "idle")
    picture(desk, "desk-light.png")
    command(desk, "Dark")
    picture(desk, "desk-dark.png")
    command(desk, "High contrast")
    picture(desk, "desk-high-contrast.png")
    command(desk, "Light")
    desk.keys("e")
    desk.wait("the editor", lambda state: state["editing"] is not None)
    picture(desk, "editor.png")
    desk.keys("Escape")
    desk.wait("no editor", lambda state: state["editing"] is None)
    desk.keys("ctrl+Return")
    desk.wait("the decision", lambda state: "Saved" in state["message"])
    desk.keys("k")
    desk.wait("the revision", lambda state: state["inspected"] and state["activity"] == "idle")
    picture(desk, "approved.png")
    desk.keys("question")
    desk.wait("the keys", lambda state: state["dialog"] is not None)
    picture(desk, "keys.png")
    desk.keys("Escape")


def take_model(desk: Desk) -> None:
    """The settings of a model, after a test of its connection."""
    with serving("desk_scripts:reply", ROOT / "tests" / "ui") as served:
        desk.keys("ctrl+comma")
        desk.wait("the settings", lambda state: state["focus"] == "Base URL")
        desk.type(served.base_url)
        desk.keys("Tab")
        desk.type("scripted")
        desk.click("Test connection")
        desk.wait("the test", lambda state: state["focus"] == "Stop the test")
        desk.wait("the end of the test", lambda state: state["focus"] == "Test connection")
        picture(desk, "model-settings.png")
        desk.keys("alt+o")
        picture(desk, "prompts.png")
        desk.keys("Escape")
        desk.wait("the question", lambda state: state["dialog"] == "Not saved")
        desk.keys("alt+l")
        desk.wait("no settings", lambda state: state["dialog"] is None)


def take_run(desk: Desk) -> None:
    """A run with a person at its gates, over the first trajectory that fails."""

    def at_gate(name: str) -> None:
        desk.wait(name, lambda state: state["gate"] == name and state["activity"] == "idle" and not state["stale"])

    def progress() -> None:
        desk.keys("ctrl+r")
        desk.wait("the window of runs", lambda state: state["window"] == "Runs")

    desk.keys("j")
    desk.wait("a failing one", lambda state: state["verified"] is False and state["activity"] == "idle")
    progress()
    desk.click("With me at the five gates, one task after the other")
    picture(desk, "run-form.png")
    desk.click("Start the run")
    at_gate("verify")
    desk.keys("a")
    at_gate("inspect")
    picture(desk, "run-gate.png")
    progress()
    picture(desk, "run-progress.png")
    desk.keys("Escape")
    desk.wait("the desk", lambda state: state["window"] != "Runs")
    desk.keys("ctrl+period")
    desk.wait("the end of the run", lambda state: not state["run"])


def main() -> None:
    """Take the pictures on a new store."""
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_screen("1600x1000x24") as display,
        desk_on(display, Path(folder), annotator="reviewer-1") as desk,
    ):
        desk.wait("an empty desk", lambda state: state["focus"] == "Import…")
        desk.click("Add samples")
        take(desk)
        take_model(desk)
        take_run(desk)
        errors = desk.quit()
    if errors:
        raise SystemExit(errors)


if __name__ == "__main__":
    main()
