"""The smoke test: what people do at the desk, done once in the real window, from an import to an export."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QDialog, QPushButton

from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.ui.actions import ACTIONS
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.smoke_watch import SmokeError, Watch
from hitl_app.ui.state import DeskState
from hitl_app.ui.windows.exports import ExportDialog
from hitl_app.ui.windows.import_preview import ImportPreviewDialog
from hitl_app.ui.windows.imports import ImportDialog
from hitl_app.ui.windows.reason import ReasonDialog
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.workspace import Workspace

ANNOTATOR = "smoke test"
SAMPLES = 3
"""The first is right as it is, the second can be repaired, the third is rejected."""

SETTLED_SECONDS = 0.25
"""Between two pictures of the window: all panes have had their turn to show what is new."""

EXPORT, CHINESE = "trl-dpo", "zh_CN"

Tell = Callable[[JsonObject, str], None]
"""Receives one line of the report: as JSON, and for people."""

Done = tuple[JsonObject, str]
"""Figures of what was done, and the same in words."""

T = TypeVar("T", bound=QDialog)


async def write_sample(workspace: Workspace, file: Path) -> None:
    """A bundle of samples, as a colleague would send it."""
    await workspace.samples.add(SAMPLES)
    await workspace.exporting.export("bundle", file)


class SmokeTest:
    """A guest of the desk, who works there as a person would, has another language shown, and closes it.

    Attributes:
        problem: What did not work; empty once everything did.
    """

    def __init__(self, sample: Path, tell: Tell, watch: Watch, screenshot: Path | None = None) -> None:
        """Prepare the test.

        Args:
            sample: A file to import, from `write_sample`; the export is written beside it.
            tell: Receives one line for each thing that was done.
            watch: Knows of warnings and errors.
            screenshot: Where a picture of the window with a proposal is saved; None for none.
        """
        self._sample = sample
        self._tell = tell
        self._watch = watch
        self._screenshot = screenshot
        self._second = False
        self._doing = ""
        self.problem = "the desk was closed before the end"

    async def visit(self, window: MainWindow, workspace: Workspace) -> None:
        """As the desk's guest: work in the first window, and look at the second one."""
        hands = _Hands(window, workspace, self._watch)
        try:
            if not self._second:
                self._second = True
                await self._work(hands)
                window.settings.choose_language(CHINESE)
                return
            await self._do("chinese", hands.read_chinese())
            self.problem = ""
        except SmokeError as error:
            self.problem = f"{self._doing}: {error}"
        except Exception as error:
            self.problem = f"{self._doing}: {type(error).__name__}: {error}"
        window.actions_by_id["quit"].trigger()

    async def _work(self, hands: "_Hands") -> None:
        out = self._sample.with_name("export")
        await self._do("window", hands.look())
        await self._do("parts", hands.list_parts())
        await self._do("import", hands.import_file(self._sample))
        await self._do("inspect", hands.inspect())
        await self._do("propose", hands.propose(self._screenshot))
        await self._do("approve", hands.approve())
        await self._do("reject", hands.reject())
        await self._do("ledger", hands.check_ledger())
        await self._do("render", hands.render())
        await self._do("export", hands.export(out))
        await self._do("check", hands.check_export(out))

    async def _do(self, name: str, work: Awaitable[Done]) -> None:
        self._doing, began = name, time.perf_counter()
        figures, words = await work
        self._watch.raise_complaints("by its end")
        seconds = time.perf_counter() - began
        self._tell({"did": name, **figures, "seconds": round(seconds, 2)}, f"{name}: {words}; {seconds:.2f} s")


class _Hands:
    """Does one thing after the other in a window, by its actions, fields and buttons."""

    def __init__(self, window: MainWindow, workspace: Workspace, watch: Watch) -> None:
        self._window = window
        self._workspace = workspace
        self._until = watch.until

    # -- how -------------------------------------------------------------------------------------------------------

    @property
    def _state(self) -> DeskState:
        return self._window.session.state

    def _use(self, action: str) -> None:
        """As its key or its place in the menu does."""
        chosen = self._window.actions_by_id[action]
        _require(chosen.isEnabled(), f"the action {action} cannot be used")
        chosen.trigger()

    async def _dialog(self, kind: type[T]) -> T:
        def shown() -> T | None:
            found = self._window.findChild(kind)
            return found if found is not None and found.isVisible() else None

        return await self._until(f"the window {kind.__name__}", shown)

    def _press_return(self, dialog: QDialog) -> None:
        """The button that Return presses."""
        button = next((each for each in dialog.findChildren(QPushButton) if each.isDefault()), None)
        _require(button is not None and button.isEnabled(), f"{dialog.windowTitle()}: Return does nothing")
        if button is not None:
            button.click()

    async def _opened(self, after: str = "") -> Opened:
        """What is on the desk once it was inspected; another lineage than `after`."""

        def opened() -> Opened | None:
            found = self._state.opened
            fresh = found is not None and found.row.root_id != after and found.inspection is not None
            return found if fresh else None

        return await self._until("an inspected trajectory", opened)

    async def _decided(self, root_id: str) -> LedgerEntry:
        """What was recorded of a lineage, once the desk has gone on to another one."""
        await self._opened(after=root_id)
        entries = await self._workspace.review.entries(root_id)
        _require(len(entries) == 1, f"one decision was made, and {len(entries)} are on record")
        return entries[0]

    async def _picture(self) -> QPixmap:
        """The window, once everything is shown and laid out: two pictures in a row are the same."""
        await self._window.session.idle()
        await self._window.coordination.idle()
        before, shown = QPixmap(), self._window.grab()
        while shown.toImage() != before.toImage():
            await asyncio.sleep(SETTLED_SECONDS)
            before, shown = shown, self._window.grab()
        return shown

    # -- what ------------------------------------------------------------------------------------------------------

    async def look(self) -> Done:
        """See which platform shows the window, and how large."""
        size, platform = self._window.size(), QGuiApplication.platformName()
        figures: JsonObject = {"platform": platform, "width": size.width(), "height": size.height()}
        return figures, f"{size.width()} x {size.height()} on {platform}"

    async def list_parts(self) -> Done:
        """List what can be imported and executed; all that is built in has to work."""
        environments = await self._workspace.refinement.environment_statuses()
        formats = await self._workspace.library.formats()
        ready = [each.name for each in environments if not each.problem and (each.installed or not each.needs_install)]
        problems = [each.complaint for each in formats if each.problem]
        _require(bool(ready) and bool(formats), "there is no environment, or nothing can be imported")
        _require(not problems, "; ".join(problems))
        figures: JsonObject = {
            "environments": [each.name for each in environments],
            "ready": list(ready),
            "importers": [each.name for each in formats],
        }
        counts = f"{len(environments)} environments, {len(ready)} of them ready ({', '.join(ready)})"
        return figures, f"{counts}; {len(formats)} importers"

    async def import_file(self, file: Path) -> Done:
        """Import a file after a look at its preview."""
        self._window.files.preview_paths([file])
        preview = await self._dialog(ImportPreviewDialog)
        await self._until("the preview of the import", preview.go.isEnabled)
        self._press_return(preview)
        summary = await self._dialog(ImportDialog)
        await self._until("the end of the import", summary.details.isVisible)
        summary.reject()
        await self._opened()
        total = (await self._workspace.library.queue(limit=1)).total
        _require(total == SAMPLES, f"{SAMPLES} trajectories were written, and {total} came in")
        return {"trajectories": total, "file": file.name}, f"{total} trajectories from {file.name}"

    async def inspect(self) -> Done:
        """Go to the first trajectory that fails; what comes on the desk is executed and judged."""
        passed = 0
        while (opened := await self._opened()).good_as_it_is:
            passed += 1
            self._use("next")
            await self._opened(after=opened.row.root_id)
        unmet = len(opened.inspection.unmet) if opened.inspection is not None else 0
        _require(unmet > 0, "nothing is wrong with a trajectory that is not verified")
        steps = len(opened.trajectory.steps)
        figures: JsonObject = {"verified": passed, "steps": steps, "unmet": unmet}
        return figures, f"{passed} verified; one of {steps} steps that misses {unmet} constraints or goals"

    async def propose(self, screenshot: Path | None) -> Done:
        """Search for a repair without a model, and take a picture of it."""
        self._use("propose")
        await self._until("a proposal", lambda: self._state.draft.hunks or self._state.problem)
        _require(not self._state.problem, self._state.problem)
        candidate = await self._until("its inspection", lambda: None if self._state.stale else self._state.candidate)
        hunks = len(self._state.draft.hunks)
        figures: JsonObject = {"hunks": hunks, "verified": candidate.inspection.verified}
        words = f"{hunks} hunks, verified: {candidate.inspection.verified}"
        if screenshot is not None:
            _require((await self._picture()).save(str(screenshot), "PNG"), f"{screenshot} cannot be written")
            figures = {**figures, "screenshot": str(screenshot)}
            words += f"; see {screenshot}"
        return figures, words

    async def approve(self) -> Done:
        """Accept the whole proposal."""
        root_id = (await self._opened()).row.root_id
        self._use("approve_all")
        decision = (await self._decided(root_id)).decision
        _require(decision.kind is DecisionKind.ACCEPT, f"on record is {decision.kind}")
        return {"kind": decision.kind, "rule": decision.rule}, f"accepted by the rule: {decision.rule}"

    async def reject(self) -> Done:
        """Reject what comes next, for a reason in words."""
        root_id = (await self._opened()).row.root_id
        self._use("reject_trajectory")
        asked = await self._dialog(ReasonDialog)
        asked.words.setText("rejected by the smoke test")
        self._press_return(asked)
        decision = (await self._decided(root_id)).decision
        _require(decision.kind is DecisionKind.REJECT, f"on record is {decision.kind}")
        return {"kind": decision.kind, "reason": decision.reason}, decision.reason

    async def check_ledger(self) -> Done:
        """See that the record is sound, and holds what was decided."""
        report = await self._workspace.review.check_ledger()
        _require(report.sound, f"the ledger is not sound: {report.faults[:1]}")
        _require(report.entries == 2, f"2 decisions were made, and {report.entries} are on record")
        return {"entries": report.entries, "sound": report.sound}, f"{report.entries} decisions, sound"

    async def render(self) -> Done:
        """Look at a row of an export as a trainer sees it: another process renders its chat."""
        self._use("export")
        dialog = await self._dialog(ExportDialog)
        dialog.format.setCurrentText(EXPORT)
        rows = dialog.rows
        await self._until("rows of the export", lambda: rows.row)
        rows.as_trainer.click()
        await self._until("a chat", lambda: rows.side.count() or rows.notes.text())
        text, chats = rows.text.toPlainText(), rows.side.count()
        _require(bool(text) and chats > 0, rows.notes.text())
        return {"chats": chats, "characters": len(text)}, f"{chats} chats, the first of {len(text)} characters"

    async def export(self, out: Path) -> Done:
        """Write it."""
        dialog = await self._dialog(ExportDialog)
        dialog.folder.setText(str(out))
        self._press_return(dialog)
        await self._until("the end of the export", lambda: dialog.command.isVisible() or dialog.folder.isEnabled())
        words = dialog.summary.text()
        _require(dialog.command.isVisible(), words)
        dialog.reject()
        return {"format": EXPORT}, f"{EXPORT}, {words.splitlines()[-1]}"

    async def check_export(self, out: Path) -> Done:
        """Read it back."""
        found = await self._workspace.checking_exports.check(out)
        failed = [f"{check.what}: {check.detail}" for check in found.checks if check.passed is False]
        _require(not failed, "; ".join(failed))
        rows = sum(rows for _, _, _, rows in found.files)
        _require(rows > 0, "no row was written")
        return {"rows": rows, "checks": len(found.checks)}, f"{rows} rows, {len(found.checks)} checks"

    async def read_chinese(self) -> Done:
        """See that the words of the window and of Qt are Chinese."""
        shown = self._window.actions_by_id
        translated = sum(shown[spec.id].text() != spec.text for spec in ACTIONS)
        of_qt = QCoreApplication.translate("QPlatformTheme", "Cancel")
        _require(translated > len(ACTIONS) // 2, f"{translated} of {len(ACTIONS)} actions are translated")
        _require(of_qt != "Cancel", "the words of Qt are not translated")
        figures: JsonObject = {"translated": translated, "actions": len(ACTIONS)}
        return figures, f"{translated} of {len(ACTIONS)} actions, {shown['quit'].text()}, {of_qt}"


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise SmokeError(problem)
