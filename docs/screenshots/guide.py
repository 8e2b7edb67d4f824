"""The pictures of the guide: the real desk on the samples, on a virtual screen, driven by keys."""

import tempfile
from pathlib import Path

from PySide6.QtGui import QImage
from screen import Desk, desk_on, virtual_screen
from serving import serving
from small_pictures import save_small

SCRIPTS = Path(__file__).resolve().parents[2] / "tests" / "ui"
COLOURS = 64
SETTLING = 30
"""Pictures that are taken at most until two are the same."""


class Guide:
    """Puts pictures into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def picture(self, desk: Desk, name: str) -> None:
        """Save a picture once nothing moves on the screen any more."""
        file, before = self._folder / name, b""
        for _ in range(SETTLING):
            desk.screenshot(file)
            if (now := file.read_bytes()) == before:
                break
            before = now
        save_small(QImage(str(file)), file, COLOURS)


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


def take(desk: Desk, guide: Guide) -> None:
    """All pictures, in one sitting."""
    open_failing(desk)
    guide.picture(desk, "inspected.png")
    desk.keys("d")
    desk.click("Arguments and observation")
    desk.keys("Next")
    guide.picture(desk, "step.png")
    desk.keys("d")
    desk.keys("p")
    desk.wait("a proposal", lambda state: state["hunks"] and not state["stale"] and state["activity"] == "idle")
    guide.picture(desk, "desk-light.png")
    command(desk, "Dark")
    guide.picture(desk, "desk-dark.png")
    command(desk, "High contrast")
    guide.picture(desk, "desk-high-contrast.png")
    command(desk, "Light")
    desk.keys("e")
    desk.wait("the editor", lambda state: state["editing"] is not None)
    guide.picture(desk, "editor.png")
    desk.keys("Escape")
    desk.wait("no editor", lambda state: state["editing"] is None)
    desk.keys("ctrl+Return")
    desk.wait("the decision", lambda state: "Saved" in state["message"])
    desk.keys("k")
    desk.wait("the revision", lambda state: state["inspected"] and state["activity"] == "idle")
    guide.picture(desk, "approved.png")
    desk.keys("question")
    desk.wait("the keys", lambda state: state["dialog"] is not None)
    guide.picture(desk, "keys.png")
    desk.keys("Escape")


def take_methods(desk: Desk, guide: Guide) -> None:
    """The windows of plans over time and of rewards, on the revision that was approved."""
    for keys, title, name in (("ctrl+shift+p", "Plans", "plans.png"), ("ctrl+shift+s", "Rewards", "rewards.png")):
        desk.keys(keys)
        desk.wait("the window", lambda state, title=title: str(state["window"]).startswith(title))
        guide.picture(desk, name)
        desk.keys("Escape")
        desk.wait("the desk", lambda state, title=title: not str(state["window"]).startswith(title))


def take_search(desk: Desk, guide: Guide) -> None:
    """The tree of plans for the task on the desk, searched for without a model."""
    desk.keys("ctrl+t")
    desk.wait("the window of plan trees", lambda state: state["window"] == "Plan trees")
    desk.click("New search…")
    desk.click("Start the search")
    desk.wait("the search", lambda state: state["focus"] == "Plan tree" and not state["run"])
    guide.picture(desk, "plan-tree.png")
    desk.keys("Escape")
    desk.wait("the desk", lambda state: state["window"] != "Plan trees")


def take_links(desk: Desk, guide: Guide) -> None:
    """A step that is linked to another plan step by hand."""
    desk.keys("F6", "t")
    guide.picture(desk, "links.png")
    desk.keys("3")
    desk.wait("the link", lambda state: "carries out" in state["message"])
    desk.keys("u")
    desk.wait("no link", lambda state: "Undone" in state["message"])


def take_model(desk: Desk, guide: Guide) -> None:
    """The settings of a model, after a test of its connection."""
    with serving("desk_scripts:reply", SCRIPTS) as served:
        desk.keys("ctrl+shift+m")
        desk.wait("the settings", lambda state: state["focus"] == "Base URL")
        desk.type(served.base_url)
        desk.keys("Tab")
        desk.type("scripted")
        desk.click("Test connection")
        desk.wait("the test", lambda state: state["focus"] == "Stop the test")
        desk.wait("the end of the test", lambda state: state["focus"] == "Test connection")
        guide.picture(desk, "model-settings.png")
        desk.keys("alt+o")
        guide.picture(desk, "prompts.png")
        desk.keys("Escape")
        desk.wait("the question", lambda state: state["dialog"] == "Not saved")
        desk.click("Lose it")
        desk.wait("no settings", lambda state: state["dialog"] is None)


def take_run(desk: Desk, guide: Guide) -> None:
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
    guide.picture(desk, "run-form.png")
    desk.click("Start the run")
    at_gate("verify")
    desk.keys("a")
    at_gate("inspect")
    guide.picture(desk, "run-gate.png")
    progress()
    guide.picture(desk, "run-progress.png")
    desk.keys("Escape")
    desk.wait("the desk", lambda state: state["window"] != "Runs")
    desk.keys("ctrl+period")
    desk.wait("the end of the run", lambda state: not state["run"])


def make(folder: Path) -> None:
    """Take the pictures on a new store."""
    guide = Guide(folder)
    with (
        tempfile.TemporaryDirectory() as store,
        virtual_screen("1600x1000x24") as display,
        desk_on(display, Path(store), annotator="reviewer-1") as desk,
    ):
        desk.wait("an empty desk", lambda state: state["focus"] == "Import…")
        desk.click("Add samples")
        take(desk, guide)
        take_search(desk, guide)
        take_links(desk, guide)
        take_methods(desk, guide)
        take_model(desk, guide)
        take_run(desk, guide)
        errors = desk.quit()
    if errors:
        raise SystemExit(errors)
