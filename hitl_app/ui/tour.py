"""The tour: points at one pane after another, and goes on by itself when the person does what it describes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from hitl_app.domain.codec import get_bool, get_int
from hitl_app.ui.keymap import keymap_notifier, with_keys
from hitl_app.ui.panes.tour import TourCard, TourRing
from hitl_app.ui.state import DeskState
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.theme import theme_notifier
from hitl_app.ui.translating import translate
from hitl_app.workflow.library import Library

if TYPE_CHECKING:
    from hitl_app.ui.main_window import MainWindow

log = logging.getLogger(__name__)

KEY = "tour"
"""The preference's name."""

Done = Callable[[DeskState, DeskState], bool]
"""Whether a stop is done with: the state when it was reached, and the present one."""


@dataclass(frozen=True)
class Stop:
    """One pane and what is said of it.

    Attributes:
        words: With the keys of `actions` in the places `{0}`, `{1}` and so on.
        done: None where only a button leads on.
        early: It may be done before its turn, which then is over.
    """

    pane: QWidget
    title: str
    words: str
    actions: tuple[str, ...] = ()
    done: Done | None = None
    early: bool = False


def _root(state: DeskState) -> str:
    return state.opened.row.root_id if state.opened is not None else ""


def _opened_failing(then: DeskState, now: DeskState) -> bool:
    inspection = now.opened.inspection if now.opened is not None else None
    return _root(now) != _root(then) and inspection is not None and inspection.verified is False


def _selected_step(then: DeskState, now: DeskState) -> bool:
    return _root(now) == _root(then) and then.selected_step is not None and now.selected_step != then.selected_step


def _judged_gradient(then: DeskState, now: DeskState) -> bool:
    if then.opened is None or now.opened is None or _root(now) != _root(then):
        return False
    return now.opened.annotations != then.opened.annotations


def _has_hunks(then: DeskState, now: DeskState) -> bool:
    return _root(now) == _root(then) and not then.draft.hunks and bool(now.draft.hunks)


def _decided_hunk(then: DeskState, now: DeskState) -> bool:
    return _root(now) == _root(then) and now.pending_hunks < then.pending_hunks


def _decided_or_undone(then: DeskState, now: DeskState) -> bool:
    """Only what was recorded comes with a message; going through the queue does not."""
    return bool(_root(then)) and _root(now) != _root(then) and bool(now.message)


def stops_of(window: MainWindow) -> tuple[Stop, ...]:
    """The way through the window's panes."""
    return (
        Stop(
            window.queue,
            translate("Tour", "The queue"),
            translate(
                "Tour",
                "What is left to review: each row is one recorded run of an agent. Press {0} for the next one until "
                "you reach one that is not verified.",
            ),
            ("next",),
            _opened_failing,
        ),
        Stop(
            window.plan,
            translate("Tour", "The plan and its steps"),
            translate(
                "Tour",
                "What the agent did, under the plan that it followed. The marked step is the earliest cause: what "
                "failed can be traced back to it. The steps before it are locked. Select another one, with the "
                "mouse or the arrow keys; {0} folds it out.",
            ),
            ("fold_step",),
            _selected_step,
        ),
        Stop(
            window.losses,
            translate("Tour", "The losses"),
            translate(
                "Tour",
                "How far the run is from what was asked, found by executing it again: goals, feasibility, hard and "
                "soft constraints, and discrepancy. Zero everywhere would be a perfect run.",
            ),
        ),
        Stop(
            window.gradients,
            translate("Tour", "The textual gradients"),
            translate(
                "Tour",
                "What went wrong, at which step, and by which evidence. {0} confirms the selected one, {1} dismisses "
                "it, {2} moves the blame to the selected step.",
            ),
            ("confirm_gradient", "dismiss_gradient", "move_blame"),
            _judged_gradient,
        ),
        Stop(
            window.proposal,
            translate("Tour", "A proposal"),
            translate(
                "Tour",
                "Press {0}: the desk searches for a repair, without a model and without a network. You can also edit "
                "a step yourself with {1}.",
            ),
            ("propose", "edit_step"),
            _has_hunks,
            early=True,
        ),
        Stop(
            window.proposal,
            translate("Tour", "Hunk by hunk"),
            translate(
                "Tour",
                "Each hunk stands beside the gradient that it answers. {0} accepts the selected one, {1} rejects it, "
                "{2} edits it. Nothing is accepted before you say so.",
            ),
            ("approve", "reject", "edit_step"),
            _decided_hunk,
        ),
        Stop(
            window.proposal.bar,
            translate("Tour", "The decision"),
            translate(
                "Tour",
                "The candidate was executed: here is what became of the losses, and what the rule of acceptance "
                "answers. Once every hunk is decided, {0} approves and goes on to the next run. {1} puts a run off.",
            ),
            ("approve", "skip"),
            _decided_or_undone,
        ),
        Stop(
            window.plan,
            translate("Tour", "Nothing is lost"),
            translate(
                "Tour",
                "Every decision is on record at once, and {0} takes back the last one, also after a restart. Try it.",
            ),
            ("undo",),
            _decided_or_undone,
        ),
        Stop(
            window.menuBar(),
            translate("Tour", "Everything has a key"),
            translate(
                "Tour",
                "{0} shows all keys, {1} finds any action by a few letters, {2} goes round the panes. File imports "
                "your own runs and exports what was decided. This tour is in the menu Help.",
            ),
            ("keys", "palette", "next_pane"),
        ),
    )


class Tour(QObject):
    """Shows the stops one after the other. It never blocks: keys and mouse work as always.

    Signals:
        left: It is over, and the focus that it had is free.
    """

    left = Signal()

    def __init__(self, library: Library, window: MainWindow, failed: Failed) -> None:
        super().__init__(window)
        self._library, self._window = library, window
        self._tasks = Tasks(failed)
        self._stops: tuple[Stop, ...] = ()
        self._at = 0
        self._since = DeskState()
        self.card, self.ring = TourCard(window), TourRing(window)
        self.card.next_requested.connect(lambda: self._go(self._at + 1))
        self.card.back_requested.connect(lambda: self._go(self._at - 1))
        self.card.left.connect(self.leave)
        window.session.state_changed.connect(self._follow)
        theme_notifier.theme_changed.connect(self._show, Qt.ConnectionType.QueuedConnection)  # once fonts are new
        keymap_notifier.keymap_changed.connect(self._show)

    @property
    def at(self) -> int | None:
        """The number of the stop that is shown; None while it is not under way."""
        return self._at if self._stops else None

    async def offer(self, *, first_run: bool) -> None:
        """Begin on a first run where nothing was decided yet, or go on where it was; never again once it was left."""
        await self.close()
        kept = await self._library.preference(KEY)
        if kept is None:
            page = await self._library.queue(limit=1)
            if first_run and page.total and page.pending == page.total:
                self.begin()
            return
        try:
            left, stop = get_bool(kept, "left"), get_int(kept, "stop")
        except ValueError as error:
            log.warning("how far the tour was cannot be read: %s", error)
        else:
            if not left:
                self.begin(stop)

    async def close(self) -> None:
        """Wait until where it stands is kept."""
        await self._tasks.ended("keep")

    def begin(self, stop: int = 0) -> None:
        """Show a stop, the first one of a new tour as a rule."""
        self._stop_watching()
        self._stops = stops_of(self._window)
        for widget in self._watched:
            widget.installEventFilter(self)
        self._go(min(max(stop, 0), len(self._stops) - 1))

    def leave(self) -> None:
        """Put it away, and remember that."""
        had_focus = self.card.has_focus
        self._stop_watching()
        self._stops = ()
        self.card.hide()
        self.ring.hide()
        self._keep(left=True)
        if had_focus:
            self.left.emit()

    def _go(self, number: int) -> None:
        if number >= len(self._stops):
            self.leave()
            return
        self._at, self._since = max(number, 0), self._window.session.state
        self._keep(left=False)
        self._show()

    def _keep(self, *, left: bool) -> None:
        self._tasks.start("keep", self._library.set_preference(KEY, {"left": left, "stop": self._at}))

    def _follow(self, state: DeskState) -> None:
        for number, stop in reversed([*enumerate(self._stops)][self._at :]):
            if (number == self._at or stop.early) and stop.done is not None and stop.done(self._since, state):
                self._go(number + 1)
                return

    # -- showing ---------------------------------------------------------------------------------------------------

    @property
    def _watched(self) -> set[QWidget]:
        return {self._window, *(stop.pane for stop in self._stops)}

    def _stop_watching(self) -> None:
        for widget in self._watched:
            widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: a pane or the window got another place or size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide):
            self._stand()
        return False

    def _show(self) -> None:
        if self._stops:
            stop = self._stops[self._at]
            self.card.show_stop(self._at, len(self._stops), stop.title, with_keys(stop.words, *stop.actions))
            self._stand()

    def _stand(self) -> None:
        if not self._stops:
            return
        pane, room = self._stops[self._at].pane, (self._window.centralWidget() or self._window).geometry()
        target = QRect(pane.mapTo(self._window, QPoint(0, 0)), pane.size())
        if pane.isVisible():
            self.ring.surround(target)
        else:
            self.ring.hide()
            target = QRect()
        self.card.stand_beside(target, room)
