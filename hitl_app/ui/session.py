"""The session at the desk: goes through the queue and records what is decided.

A decision is shown as saved only after the store said that it is durable.
"""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.inspection import Gradient
from hitl_app.ui import working
from hitl_app.ui.active_time import ActiveTime
from hitl_app.ui.editing import EditingBench
from hitl_app.ui.state import Activity, Draft, HunkVerdict
from hitl_app.ui.words import decision_name, rule_reason
from hitl_app.ui.workbench import Queue
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.refinement import Candidate
from hitl_app.workflow.workspace import Workspace


class DeskSession(EditingBench):
    """Everything that a person at the desk can do.

    Signals:
        reason_wanted: A decision needs a reason: `reject`, `leave` (a run's candidate), `override` or `flag`.
    """

    reason_wanted = Signal(str)

    def __init__(self, workspace: Workspace, queue: Queue, annotator: str, parent: QObject | None = None) -> None:
        super().__init__(workspace, queue, annotator, parent)
        self._active = ActiveTime()
        self._preloaded: Opened | None = None
        self._submitted: dict[int, Draft] = {}

    def touch(self) -> None:
        """Somebody is at work: the time since the last input counts as active."""
        self._active.touch()

    async def close(self) -> None:
        """Finish recording what was decided, stop everything else, and save the draft."""
        self._stop_search.set()
        await self._tasks.cancel_all(keep=[Activity.SAVING])
        await self._drafts.flush()

    # -- going through the queue -----------------------------------------------------------------------------------

    def open(self, root_id: str) -> None:
        """Put the newest accepted revision of a lineage on the desk."""
        if not root_id or (self._state.opened and self._state.opened.row.root_id == root_id):
            return
        self._tasks.start(Activity.OPENING, self._open(root_id))

    def open_revision(self, trajectory_id: str) -> None:
        """Put one revision on the desk, to go on from it."""
        if not self._is_open(trajectory_id):
            self._tasks.start(Activity.OPENING, self._open_trajectory(trajectory_id))

    def next(self) -> None:
        """Open the next trajectory of the queue."""
        self._tasks.start(Activity.OPENING, self._go(1))

    def previous(self) -> None:
        """Open the previous trajectory of the queue."""
        self._tasks.start(Activity.OPENING, self._go(-1))

    async def _go(self, distance: int) -> None:
        root_id = await self._queue.neighbour(self._root_id, distance)
        if root_id is None:
            edge = self.tr("This is the last one.") if distance > 0 else self.tr("This is the first one.")
            self._show(replace(self._state, message=edge))
        elif root_id != self._root_id:
            await self._open(root_id)

    @property
    def _root_id(self) -> str:
        return self._state.opened.row.root_id if self._state.opened else ""

    def queue_changed(self) -> None:
        """Another query or order: something else may come next."""
        self._preloaded = None
        if self._state.opened is not None:
            self._tasks.start("preload", self._preload(self._root_id))

    async def _open(self, root_id: str, message: str = "") -> None:
        await self._drafts.flush()
        ready = self._preloaded
        if ready is None or ready.row.root_id != root_id:
            row = await self._load_row(root_id)
            ready = await self._load(row.head_id)
        self._open_loaded(ready, message=message)

    async def _open_trajectory(self, trajectory_id: str) -> None:
        await self._drafts.flush()
        self._open_loaded(await self._load(trajectory_id))

    def _open_loaded(self, opened: Opened, draft: Draft | None = None, message: str = "") -> None:
        self._preloaded = None
        self._active.take()
        self._put_on_desk(opened, draft, message)
        self._tasks.start("preload", self._preload(opened.row.root_id))

    async def _preload(self, root_id: str) -> None:
        """Load what comes next, so that a decision goes on to it at once."""
        following = await self._queue.next_pending(root_id)
        if following is not None:
            row = await self._load_row(following)
            self._preloaded = await self._load(row.head_id)

    # -- decisions -------------------------------------------------------------------------------------------------

    def accept_or_approve(self) -> None:
        """Accept the selected hunk while any is undecided; else approve."""
        state = self._state
        if not state.pending_hunks:
            self.approve()
        elif (number := self._selected_pending()) is not None:
            self.accept_hunk(number)
        else:
            self.select_hunk(working.next_pending(state.draft, 0) or 0)

    def reject_hunk_or_all(self) -> None:
        """Reject the selected hunk while any is undecided; else ask why the trajectory is rejected."""
        state = self._state
        if not state.pending_hunks:
            self.ask_to_reject()
        elif (number := self._selected_pending()) is not None:
            self.reject_hunk(number)
        else:
            self.select_hunk(working.next_pending(state.draft, 0) or 0)

    def _selected_pending(self) -> int | None:
        number, hunks = self._state.selected_hunk, self._state.draft.hunks
        if number is None or number >= len(hunks) or hunks[number].verdict is not HunkVerdict.PENDING:
            return None
        return number

    def ask_to_reject(self) -> None:
        """Ask for the reason of a rejection."""
        self._ask("reject")

    def ask_to_override(self) -> None:
        """Ask for the reason of an acceptance against the rule, or against the verdict."""
        if self._is_unchanged or self._executed() is not None:
            self._ask("override")

    def ask_to_flag(self) -> None:
        """Ask why somebody else should look."""
        self._ask("flag")

    def _ask(self, what: str) -> None:
        if self._state.opened is not None:
            self.reason_wanted.emit(what)

    def approve(self) -> None:
        """Record the approval of the candidate where the rule accepts it, and go on to the next trajectory.

        Where no hunk changes the trajectory, it is approved as it is, provided that it is verified.
        """
        if self._is_unchanged:
            self._approve_as_is()
            return
        candidate = self._executed()
        if candidate is None:
            return
        if not candidate.acceptance.accepted:
            why = rule_reason(candidate.acceptance.rule, candidate.best, candidate.inspection)
            self._problem(
                self.tr("The rule refuses this candidate: {0}. To accept it all the same, override.").format(why)
            )
            return
        self._settle(candidate)

    def accept_lateral(self) -> None:
        """Accept a candidate whose loss is equal: a lateral move, marked as one."""
        candidate = self._executed()
        if candidate is None:
            return
        lateral = candidate.as_lateral()
        if lateral.acceptance.accepted:
            self._settle(lateral)
        else:
            why = rule_reason(lateral.acceptance.rule, lateral.best, lateral.inspection)
            self._problem(self.tr("This is no lateral move: {0}.").format(why))

    def approve_all(self) -> None:
        """Accept every undecided hunk and approve."""
        if self._close_editor_first():
            self._change(working.all_accepted(self._state.draft), self._state.selected_hunk)
            self.approve()

    def override(self, reason: str) -> None:
        """Accept the candidate against the rule, or the trajectory as it is against its verdict, for a reason."""
        if self._is_unchanged:
            self._approve_as_is(reason)
            return
        candidate = self._executed()
        if candidate is not None:
            self._settle(candidate, override=not candidate.acceptance.accepted, reason=reason)

    @property
    def _is_unchanged(self) -> bool:
        state = self._state
        return state.opened is not None and not state.draft.hunks and state.activity is not Activity.INSPECTING

    def _approve_as_is(self, reason: str = "") -> None:
        override = self._state.opened is None or not self._state.opened.good_as_it_is
        if override and not reason:
            self._problem(self.tr("This trajectory is not verified as it is. Repair it, or override with a reason."))
            return

        async def record(maker: Maker) -> str:
            await self._workspace.review.approve_as_is(self._open_id, maker, override=override)
            return self.tr("Saved: approved as it is")

        self._decide(record, reason)

    def _executed(self) -> Candidate | None:
        """The candidate that can be decided on; else says what is missing."""
        state = self._state
        if state.can_approve:
            return state.candidate
        if state.pending_hunks:
            self._problem(self.tr("Hunks still undecided: {0}.").format(state.pending_hunks))
        elif state.activity in (Activity.TRYING, Activity.INSPECTING):
            self._show(replace(state, message=self.tr("The candidate is still being inspected.")))
        elif state.stale:
            self._problem(self.tr("The candidate was not inspected: run Inspect, or change the hunks."))
        elif state.opened is not None:
            self._problem(self.tr("There is nothing to approve yet: the hunks that are left change nothing."))
        return None

    def _settle(self, candidate: Candidate, *, override: bool = False, reason: str = "") -> None:
        draft = self._state.draft

        async def record(maker: Maker) -> str:
            decided, _ = await self._workspace.review.settle(
                candidate,
                maker,
                override=override,
                proposal_id=draft.proposal_id,
                kept=working.kept(draft),
            )
            self._submitted[decided.entry.sequence] = draft
            return self.tr("Saved: approved against the rule") if override else self.tr("Saved: approved")

        self._decide(record, reason)

    def reject(self, reason: str) -> None:
        """Reject the trajectory, with the candidate where one was executed; a reason is needed."""
        state = self._state
        draft, candidate = state.draft, None if state.stale else state.candidate

        async def record(maker: Maker) -> str:
            base_id = self._open_id
            decided, _ = await self._workspace.review.reject(
                base_id, maker, proposal_id=draft.proposal_id, candidate=candidate
            )
            await self._workspace.review.delete_draft(base_id)
            self._submitted[decided.entry.sequence] = draft
            return self.tr("Saved: rejected")

        self._decide(record, reason)

    def skip(self) -> None:
        """Put the trajectory off and go on."""

        async def record(maker: Maker) -> str:
            await self._workspace.review.skip(self._open_id, maker)
            return self.tr("Saved: skipped")

        self._decide(record)

    def flag(self, reason: str) -> None:
        """Mark the trajectory for somebody else and go on."""

        async def record(maker: Maker) -> str:
            await self._workspace.review.flag(self._open_id, maker)
            return self.tr("Saved: flagged")

        self._decide(record, reason)

    @property
    def _open_id(self) -> str:
        return self._state.opened.trajectory.id if self._state.opened else ""

    def _decide(self, record: Callable[[Maker], Coroutine[Any, Any, str]], reason: str = "") -> None:
        """Record a decision on the whole trajectory, and go on to what comes next."""

        async def work() -> None:
            root_id = self._root_id
            await self._drafts.flush()
            message = await record(self._maker(reason))
            ready = self._preloaded
            if ready is not None and ready.row.root_id != root_id:  # shown first: its row in the queue can wait
                self._tasks.start(f"refresh {root_id}", self._queue.refresh(root_id))
                await self._open(ready.row.root_id, message)
                return
            await self._queue.refresh(root_id)
            following = await self._queue.next_pending(root_id)
            if following is None or following == root_id:
                await self._open_trajectory((await self._load_row(root_id)).head_id)
                self._show(
                    replace(self._state, message=self.tr("{0}. Nothing in this queue is left to do.").format(message))
                )
            else:
                await self._open(following, message)

        self._save(work)

    def _maker(self, reason: str = "") -> Maker:
        spent, blind = self._active.take(), self._policy.blind
        return Maker(self.annotator, reason.strip(), spent.active, blind=blind, idle_seconds=spent.idle)

    def _save(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run something that records; only one at a time, and never cut short."""
        if self._state.opened is not None and not self._tasks.runs(Activity.SAVING):
            self._clear_words()
            self._tasks.start(Activity.SAVING, work())

    # -- taking back -----------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last change of the draft; where there is none, the last decision that was recorded."""
        if not self._take_back():
            self._save(self._undo_decision)

    async def _undo_decision(self) -> None:
        await self._drafts.flush()
        taken_back, _ = await self._workspace.review.undo(self.annotator, blind=self._policy.blind)
        undone, count = taken_back.newest, len(taken_back.taken_back)
        opened = await self._load(undone.decision.base_id)
        await self._queue.refresh(*dict.fromkeys(entry.decision.root_id for entry in taken_back.taken_back))
        draft = self._draft_before(undone, opened)
        words = self.tr("Undone: {0}, on {1} trajectories") if count > 1 else self.tr("Undone: {0}")
        step = self._state.selected_step if self._is_open(opened.trajectory.id) else None
        self._open_loaded(opened, draft, words.format(decision_name(undone.decision.kind), count))
        if step is not None:
            self._show(replace(self._state, selected_step=step))
        if draft is not None:
            self._drafts.keep(opened.trajectory.id, draft)

    def _draft_before(self, undone: LedgerEntry, opened: Opened) -> Draft | None:
        """The draft that was decided on: as it was in this session, else as far as the record tells."""
        if undone.decision.kind not in (DecisionKind.ACCEPT, DecisionKind.EDIT, DecisionKind.REJECT):
            return None
        draft = self._submitted.pop(undone.sequence, None)
        judged = next((r.trajectory for r in opened.revisions if r.trajectory.id == undone.decision.candidate_id), None)
        if draft is not None or judged is None:
            return draft
        decision = undone.decision
        proposal = next((each for each in opened.proposals if each.id == decision.proposal_id), None)
        return working.decided_on(opened.trajectory.steps, judged.steps, proposal, decision.kept_hunks)

    # -- gradients, blame, verification ----------------------------------------------------------------------------

    def confirm_gradient(self, gradient_id: str) -> None:
        """Agree with a gradient."""
        review = self._workspace.review
        self._note(lambda maker: review.confirm_blame(self._open_id, gradient_id, maker), self.tr("Saved: confirmed"))

    def dismiss_gradient(self, gradient_id: str) -> None:
        """Disagree with a gradient: it is no longer shown, and stays on record."""
        review = self._workspace.review
        self._note(
            lambda maker: review.dismiss_gradient(self._open_id, gradient_id, maker), self.tr("Saved: dismissed")
        )

    def move_blame(self, step: int) -> None:
        """Blame another step."""
        review = self._workspace.review
        self._note(lambda maker: review.move_blame(self._open_id, step, maker), self.tr("Saved: blame moved"))

    def add_gradient(self, gradient: Gradient) -> None:
        """Add a gradient of one's own."""
        review = self._workspace.review
        self._note(lambda maker: review.add_gradient(self._open_id, gradient, maker), self.tr("Saved: gradient added"))

    def _note(self, record: Callable[[Maker], Coroutine[Any, Any, object]], message: str) -> None:
        """Record something about the open trajectory and stay on it."""

        async def work() -> None:
            base_id = self._open_id
            await record(self._maker())
            await self._reload(base_id, message)

        self._save(work)

    def verify(self) -> None:
        """Replay the open trajectory wholly and judge it by its task's original constraints."""
        if self._state.opened is not None:
            self._clear_words()
            self._tasks.start(Activity.VERIFYING, self._verify(self._open_id))

    async def _verify(self, trajectory_id: str) -> None:
        verification, _, _ = await self._workspace.review.verify(trajectory_id, self._maker())
        if verification.repeatable is False:
            message = self.tr("The replay came out differently from the last inspection.")
        elif verification.verified is None:
            message = self.tr("Nothing was judged: this environment has no goal or constraint for the task.")
        elif verification.verified:
            message = self.tr("Verified: every goal and hard constraint holds.")
        else:
            message = self.tr("UNVERIFIED: goals and constraints that do not hold: {0}").format(
                len(verification.inspection.unmet)
            )
        await self._reload(trajectory_id, message)
