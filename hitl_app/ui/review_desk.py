"""How people review here: guidelines, rubric, reasons and policy, from their files and the store to the window."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QLocale, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.guidelines import GuidelineKind, Guidelines, Occasion
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.panes.guidelines import GuidelinesPane
from hitl_app.ui.panes.rubric import RubricPane
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.reason import ReasonDialog, question
from hitl_app.workflow.workspace import Workspace

READ_AFTER_MS = 150
"""An editor replaces a file in several steps: so long after the last one it is read again."""


class ReviewDesk(QObject):
    """Owns the guidelines and rubric panes and asks for reasons.

    Signals:
        told: A short note on what worked.
        guidelines_shown: The guidelines were shown, or put away.
        guidelines_changed: What the files say now, as `Guidelines`.
    """

    told = Signal(str)
    guidelines_shown = Signal(bool)
    guidelines_changed = Signal(object)

    def __init__(self, workspace: Workspace, session: GatedSession, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._session = session
        self._failed = failed
        self._window = window
        self._tasks = Tasks(failed)
        self._guidelines: Guidelines | None = None
        self.guidelines, self.rubric = GuidelinesPane(), RubricPane()
        self.guidelines.hide()
        self._watcher = QFileSystemWatcher(self)
        self._changed = QTimer(self, interval=READ_AFTER_MS, singleShot=True)
        self._changed.timeout.connect(self.reload)
        self._connect()

    def _connect(self) -> None:
        self._watcher.fileChanged.connect(lambda _: self._changed.start())
        self._watcher.directoryChanged.connect(lambda _: self._changed.start())
        self.guidelines.link_chosen.connect(self.ask_to_open)
        self.guidelines.file_wanted.connect(self.open_file)
        self.guidelines.closed.connect(self.toggle_guidelines)
        self.rubric.toggled.connect(self._session.toggle_rating)
        self.rubric.answered.connect(self._session.rate)
        self._session.reason_wanted.connect(lambda what: self.ask_for_reason(Occasion(what)))

    async def load(self) -> None:
        """Read the policy and the files, before anything is put on the desk."""
        self._session.set_policy(await self._workspace.team.policy())
        await self._read()

    async def close(self) -> None:
        """Stop watching."""
        self._watcher.blockSignals(True)  # else what is saved at the end, in the same folder, would start it again
        self._changed.stop()
        await self._tasks.cancel_all()

    # -- guidelines ------------------------------------------------------------------------------------------------

    @property
    def _language(self) -> str:
        """Of the window: its translation sets the default locale."""
        return QLocale().name()

    def reload(self) -> None:
        """Read the files again."""
        self._tasks.start("guidelines", self._read())

    async def _read(self) -> None:
        found = await self._workspace.guidelines.read(self._language)
        self._watch(found.watched)
        if found == self._guidelines:
            return
        known = self._guidelines.problems if self._guidelines else ()
        self._guidelines = found
        self._session.set_rubric(found.rubric)
        self.guidelines.show_guidelines(found)
        self.guidelines_changed.emit(found)
        if found.problems and found.problems != known:
            self._failed("guidelines", UserError("\n".join(found.problems)))

    def _watch(self, wanted: tuple[Path, ...]) -> None:
        known = {*self._watcher.files(), *self._watcher.directories()}
        names = {str(path) for path in wanted}
        if known - names:
            self._watcher.removePaths(sorted(known - names))
        if names - known:
            self._watcher.addPaths(sorted(names - known))

    def toggle_guidelines(self) -> None:
        """Show the guidelines beside the work, or put them away."""
        shown = self.guidelines.isHidden()
        self.guidelines.setVisible(shown)
        self.guidelines_shown.emit(shown)
        if shown:
            self.guidelines.focus_target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def found(self) -> Guidelines | None:
        """What the files say; None before they were read."""
        return self._guidelines

    def open_file(self, kind: GuidelineKind) -> None:
        """Open the user's own file in the program of the system."""
        self._tasks.start("open", self._make_and_open(kind))

    def make_copies(self) -> None:
        """Make copies of all files that are shipped, to be edited."""
        self._tasks.start("copies", self._make_copies())

    async def _make_copies(self) -> None:
        await self._workspace.guidelines.make_own(self._language)
        await self._read()

    async def _make_and_open(self, kind: GuidelineKind) -> None:
        """Open the user's own file, made from the shipped one where there is none."""
        (file,) = await self._workspace.guidelines.make_own(self._language, (kind,))
        await self._read()
        self.told.emit(self.tr("Your own file: {0}").format(file.path))
        self._open_outside(QUrl.fromLocalFile(str(file.path)))

    def ask_to_open(self, address: QUrl) -> None:
        """Show the address of a link, and open it outside once the person agrees."""
        shown = address.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if address.scheme() not in ("http", "https") or not address.host():
            self._failed("link", UserError(self.tr("Only web addresses are opened from here, not {0}").format(shown)))
            return
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Open a web address"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("The guidelines link to this address. Open it in the browser?"))
        box.setInformativeText(shown)
        go = box.addButton(self.tr("&Open"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        go.clicked.connect(lambda: self._open_outside(address))
        box.open()

    def _open_outside(self, address: QUrl) -> None:
        if not QDesktopServices.openUrl(address):
            words = self.tr("No program of this system opens {0}. Open it yourself.")
            self._failed("open", UserError(words.format(address.toLocalFile() or address.toString())))

    # -- reasons ---------------------------------------------------------------------------------------------------

    def ask_for_reason(self, what: Occasion) -> None:
        """Ask for the reason of a decision, and record it with the answer."""
        session = self._session
        answers = {Occasion.REJECT: session.reject, Occasion.LEAVE: session.reject, Occasion.OVERRIDE: session.override}
        reasons = self._guidelines.reasons[what] if self._guidelines is not None else ()
        dialog = ReasonDialog(question(what, reasons), answers.get(what, session.flag), self._window)
        dialog.keep_requested.connect(lambda reason: self._tasks.start("reason", self._keep(what, reason)))
        dialog.open()

    async def _keep(self, what: Occasion, reason: str) -> None:
        await self._workspace.guidelines.add_reason(what, reason, self._language)
        await self._read()
