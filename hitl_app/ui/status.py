"""The status bar: what runs, what was saved, and what the desk works with."""

from collections.abc import Sequence

from PySide6.QtWidgets import QStatusBar, QWidget

from hitl_app.domain.library import Upgrade
from hitl_app.domain.ports import EnvironmentStatus
from hitl_app.ui.keymap import keep_keys
from hitl_app.ui.panes.parts import ElidedLabel, badge, label
from hitl_app.ui.state import Activity, DeskState
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M


class StatusBar(QStatusBar):
    """Words at the left change with the work, words at the right seldom do."""

    def __init__(self, annotator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._environments: dict[str, EnvironmentStatus] = {}
        self._environment = ""
        self._state, self._draft_saved, self._news = DeskState(), True, ""
        self._saved, self._place, self._model = ElidedLabel(), ElidedLabel(tone="muted"), ElidedLabel(tone="muted")
        self._saved.setAccessibleDescription(self.tr("State of the record"))
        self._model.set_text(self.tr("no model set up"))
        self._counts = label(tone="muted")
        for note in (self._saved, self._place, self._model):
            note.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
            self.addWidget(note)
        self.blind = badge(self.tr("Blind"), "accent")
        self.blind.setToolTip(self.tr("Names of models and what other people decided are hidden."))
        self.blind.hide()
        self.addPermanentWidget(self.blind)
        person = label(self.tr("annotator: {0}").format(annotator), tone="muted")
        sheet = label(tone="muted")
        keep_keys(sheet, sheet.setText, self.tr("{0} keys"), "keys")
        for words in (self._counts, person, sheet):
            words.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
            self.addPermanentWidget(words)
        self.setSizeGripEnabled(False)

    def render_state(self, state: DeskState) -> None:
        """Show what runs, else what was done last."""
        self._state = state
        if state.message:
            self._news = ""
        self.blind.setVisible(state.policy.blind)
        self._model.setVisible(not state.policy.blind)
        words = {
            Activity.OPENING: self.tr("Opening…"),
            Activity.INSPECTING: self.tr("Inspecting…"),
            Activity.PROPOSING: self.tr("Searching for a repair… Esc stops"),
            Activity.ASKING: self.tr("The model proposes… Esc stops"),
            Activity.CONTINUING: self.tr("The model goes on… Esc stops"),
            Activity.TRYING: self.tr("Inspecting the candidate…"),
            Activity.VERIFYING: self.tr("Verifying…"),
            Activity.SAVING: self.tr("Saving…"),
        }
        idle = (state.message or self._news or self.tr("Saved")) if self._draft_saved else self.tr("Saving the draft…")
        self._saved.set_text(words.get(state.activity, idle))
        self._environment = state.opened.task.environment if state.opened else ""
        self._show_environment()

    def show_draft_saved(self, saved: bool) -> None:
        """Say whether what was typed is in the store."""
        if saved != self._draft_saved:
            self._draft_saved = saved
            self.render_state(self._state)

    def tell(self, message: str) -> None:
        """Show a short note until the state changes."""
        self._saved.set_text(message)

    def show_upgrade(self, upgrade: Upgrade) -> None:
        """Say, until something is saved, that an earlier version's store was brought up to date."""
        words = self.tr("An earlier version's store was brought up to date; as it was, it is kept at {0}")
        self._news = words.format(upgrade.backup)
        self.render_state(self._state)

    def show_counts(self, pending: int, total: int) -> None:
        """Show how much is left to do."""
        self._counts.setText(self.tr("{0} left of {1}").format(pending, total))

    def show_environments(self, statuses: Sequence[EnvironmentStatus]) -> None:
        """Keep what is installed."""
        self._environments = {status.name: status for status in statuses}
        self._show_environment()

    def show_model(self, name: str) -> None:
        """Name the model that proposals can be asked of; an empty name says that none is set up."""
        self._model.set_text(self.tr("model: {0}").format(one_line(name, 60)) if name else self.tr("no model set up"))

    def _show_environment(self) -> None:
        status = self._environments.get(self._environment)
        if status is None:
            self._place.set_text(self._environment)
        elif status.problem:
            self._place.set_text(self.tr("{0}: {1}").format(status.name, status.problem))
        elif status.installed or not status.needs_install:
            self._place.set_text(self.tr("{0} ready").format(status.name))
        else:
            self._place.set_text(self.tr("{0} is not installed").format(status.name))
