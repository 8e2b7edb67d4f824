"""What an action of the window is: its menu, its words, its key, what it does, and when it can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hitl_app.ui.gate import Guiding, Verifying
from hitl_app.ui.keymap import current_keymap, native
from hitl_app.ui.state import Activity, DeskState
from hitl_app.ui.translating import QT_TRANSLATE_NOOP, translate, without_mnemonic

if TYPE_CHECKING:
    from hitl_app.ui.main_window import MainWindow

CONTEXT = "Actions"
Enabled = Callable[[DeskState], bool]


def always(_: DeskState) -> bool:
    """It can always be used."""
    return True


def opened(state: DeskState) -> bool:
    """A trajectory is on the desk."""
    return state.opened is not None


def step(state: DeskState) -> bool:
    """A step is selected."""
    return state.opened is not None and state.selected_step is not None


def linkable(state: DeskState) -> bool:
    """A step is selected, and there is a plan that it may carry out."""
    return step(state) and state.opened is not None and bool(state.opened.trajectory.plan)


def editing(state: DeskState) -> bool:
    """A step is in the editor."""
    return state.draft.editing is not None


def hunks(state: DeskState) -> bool:
    """There are working hunks."""
    return bool(state.draft.hunks)


def calls(state: DeskState) -> bool:
    """What models were asked about the open trajectory may be seen."""
    return state.opened is not None and not state.hides_calls


def judging(state: DeskState) -> bool:
    """A proposal waits for the annotator's own judgement."""
    return state.judging


def rubric_item(number: int) -> Enabled:
    """The rubric has an item of that number, and a trajectory is on the desk."""
    return lambda state: state.opened is not None and number < len(state.rubric.rubric.items)


def with_candidate(state: DeskState) -> bool:
    """The working hunks were executed, and may be seen."""
    return state.opened is not None and state.candidate is not None and not state.judging


def several(state: DeskState) -> bool:
    """There is something to compare with what is open."""
    return state.opened is not None and (len(state.opened.revisions) > 1 or with_candidate(state))


def gradients(state: DeskState) -> bool:
    """There are gradients."""
    return state.opened is not None and bool(state.opened.gradients)


def asked(state: DeskState) -> bool:
    """A run asks something."""
    return state.run.question is not None


def guiding(state: DeskState) -> bool:
    """A run asks at INSPECT, and a step is selected."""
    return isinstance(state.question, Guiding) and state.selected_step is not None


def verifying(state: DeskState) -> bool:
    """A run asks at VERIFY."""
    return isinstance(state.question, Verifying)


def idle_search(state: DeskState) -> bool:
    """A trajectory is on the desk, and neither a search nor a run works on it."""
    return state.opened is not None and not state.held and state.activity is not Activity.PROPOSING


def idle_model(state: DeskState) -> bool:
    """A trajectory is on the desk, and neither a model nor a run works on it."""
    return state.opened is not None and not state.held and not state.asks_model


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        id: Its name in settings and tests.
        menu: The menu that it stands in.
        text: What it is called; translated where it is shown.
        shortcut: Its key as shipped, in Qt's portable notation; empty where it has none. People may choose another.
        run: What it does.
        enabled: When it can be used.
        separated: A line stands above it in the menu.
        submenu: The menu inside of the menu that it stands in; translated where it is shown, empty for none.
    """

    id: str
    menu: str
    text: str
    shortcut: str
    run: Callable[[MainWindow], object]
    enabled: Enabled = always
    separated: bool = False
    submenu: str = ""

    @property
    def words(self) -> str:
        """The translated text, without the mark of the mnemonic."""
        return without_mnemonic(translate(CONTEXT, self.text))

    @property
    def keys(self) -> str:
        """The key that it has now, as this system writes it."""
        return native(current_keymap().key(self.id))


FILE = QT_TRANSLATE_NOOP("Actions", "&File")
EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
REVIEW = QT_TRANSLATE_NOOP("Actions", "&Review")
RUN = QT_TRANSLATE_NOOP("Actions", "R&un")
TEAM = QT_TRANSLATE_NOOP("Actions", "&Team")
VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
HELP = QT_TRANSLATE_NOOP("Actions", "&Help")
MENUS = (FILE, EDIT, REVIEW, RUN, TEAM, VIEW, HELP)
