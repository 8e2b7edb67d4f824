"""The real desk, with an ear on standard input: says what it shows and where things are, and does nothing else.

Run as `python desk_child.py DATA_DIR ANNOTATOR`. Each line on standard input is `state` or `where NAME`; the answer is
one line of JSON. Keys and clicks come from outside, through the X server, like a person's.
"""

import json
import queue
import sys
import threading

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from hitl_app.__main__ import main
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.ui.main_window import MainWindow


def state_of(window: MainWindow) -> JsonObject:
    state = window.session.state
    opened, candidate = state.opened, state.candidate
    focus = QApplication.focusWidget()
    active = QApplication.activeModalWidget() or QApplication.activePopupWidget()
    return {
        "root": opened.row.root_id if opened else None,
        "task": opened.task.key if opened else None,
        "status": opened.row.status if opened else None,
        "trajectory": opened.trajectory.id if opened else None,
        "inspected": opened is not None and opened.inspection is not None,
        "verified": opened.inspection.verified if opened and opened.inspection else None,
        "activity": state.activity,
        "stale": state.stale,
        "hunks": [working.verdict for working in state.draft.hunks],
        "revisions": len(opened.revisions) if opened else 0,
        "gradients": len(opened.gradients) if opened else 0,
        "gradient": window.gradients.selected_gradient,
        "blame": opened.annotations.blame if opened else None,
        "answered": state.rubric.answered,
        "judging": state.judging,
        "followed": window.plan.header.followed.text(),
        "editing": state.draft.editing,
        "selected_step": state.selected_step,
        "proposal": state.draft.proposal_id,
        "accepted_by_rule": candidate.acceptance.accepted if candidate else None,
        "rule": candidate.acceptance.rule if candidate else None,
        "can_approve": state.can_approve,
        "problem": state.problem,
        "message": state.message,
        "focus": name_of(focus) if focus else None,
        "typing": isinstance(focus, QLineEdit | QPlainTextEdit),
        "gate": state.question.gate if state.question else None,
        "window": shown.windowTitle() if (shown := QApplication.activeWindow()) else None,
        "words": words_of(shown) if shown is not None and shown is not window else "",
        "run": window.run_desk.runs.going,
        "dialog": active.windowTitle() if active else None,
    }


def words_of(shown: QWidget) -> str:
    """What stands in a window beside the desk: labels, and buttons that can be pressed."""
    labels = [each.text() for each in shown.findChildren(QLabel) if each.isVisible()]
    return "\n".join([*labels, *(name_of(each) for each in shown.findChildren(QAbstractButton) if each.isEnabled())])


def name_of(widget: QWidget) -> str:
    """What a person would call the widget: its accessible name, else the text on the button."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return (widget.accessibleName() or text).replace("&", "")


def place_of(name: str) -> JsonObject:
    """Where the visible widget with this accessible name (or button text) is on the screen, as its centre."""
    for widget in QApplication.allWidgets():
        if name_of(widget) == name and widget.isVisible():
            centre = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
            return {"x": centre.x(), "y": centre.y(), "enabled": widget.isEnabled()}
    return {"x": None, "y": None, "enabled": False}


def answer(line: str) -> JsonObject:
    windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
    if not windows or not windows[0].isVisible():
        return {"starting": True}
    what, _, name = line.partition(" ")
    return state_of(windows[0]) if what == "state" else place_of(name)


def listen() -> None:
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line.rstrip("\n"))

    threading.Thread(target=read, daemon=True).start()

    def respond() -> None:
        while not lines.empty():
            sys.stdout.write(json.dumps(answer(lines.get())) + "\n")
            sys.stdout.flush()

    timer = QTimer(QApplication.instance())
    timer.timeout.connect(respond)
    timer.start(20)


if __name__ == "__main__":
    application = QApplication([])
    listen()
    sys.exit(main(["--data-dir", sys.argv[1], "--annotator", sys.argv[2]]))
