"""The session while a run asks a person: on the lineage that the run holds, the keys that decide answer its questions.

Everything that a person says there is recorded by the run, once. Any other lineage is reviewed as always.
"""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Gradient, Inspection
from hitl_app.domain.ports import Approval, Guidance
from hitl_app.ui import working
from hitl_app.ui.gate import Apart, Approving, AtDesk, Choosing, Guiding, Question, Reviewing, RunAtDesk, Verifying
from hitl_app.ui.keymap import NONE, cap, with_keys
from hitl_app.ui.linking import LinkingSession
from hitl_app.ui.model_bench import Continuation
from hitl_app.ui.state import Activity, DeskState, Draft, HunkVerdict, WorkingHunk
from hitl_app.ui.words import rule_reason
from hitl_app.ui.workbench import Queue
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.refinement import Candidate
from hitl_app.workflow.workspace import Workspace


class GatedSession(LinkingSession):
    """A session that a run may hold a lineage of.

    Signals:
        choice_wanted: A question that is to be shown now, and that is `Apart`.
    """

    choice_wanted = Signal(object)

    def __init__(self, workspace: Workspace, queue: Queue, annotator: str, parent: QObject | None = None) -> None:
        super().__init__(workspace, queue, annotator, parent)
        self._run = RunAtDesk()
        self._follows = False
        self._noted = 0
        self._reason_for: Question | None = None

    def _show(self, state: DeskState) -> None:
        super()._show(replace(state, run=self._run))

    # -- the run's side --------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """From now on a run's questions open themselves, until the person opens something else."""
        self._follows = True

    @property
    def follows(self) -> bool:
        """Whether a question may open itself: nothing else is on the desk, or only what the run left there."""
        return (self._follows or self._state.opened is None) and self._state.draft.editing is None

    def wait_for(self, question: Question | None, title: str = "") -> None:
        """A run asks something about a task; None: it goes on, and holds the lineage until `release`."""
        if question is None:
            self._run = replace(self._run, question=None)
        else:
            if isinstance(question, Apart):  # a cascade that proposes for a lineage holds it meanwhile
                root_id = "" if isinstance(question, Choosing) else self._run.root_id
            else:
                root_id = question.subject.root_id
            self._run = RunAtDesk(root_id, title, question, note=self._run.note)
            self._noted = 0
        self._show(self._state)

    def hear(self, note: str) -> None:
        """What became of the last proposal of the run that asks here, where it needs words."""
        if self._run.root_id:
            self._run = replace(self._run, note=note)
            self._show(self._state)

    def release(self, best_id: str = "") -> None:
        """The run is done with the lineage; where that is open, or was made by the run (PLAN), show what it led to."""
        here = self._state.held or (self.follows and not self._run.root_id)
        self._run = RunAtDesk()
        self._show(self._state)
        if here and best_id:
            self._tasks.start(Activity.OPENING, self._open_trajectory(best_id))

    def show_news(self, root_id: str, message: str | None = None) -> None:
        """Something about a lineage was put on record beside the desk: where it is open, show it beside the draft."""
        if self._root_id == root_id and not self._state.held and not self._tasks.runs(Activity.OPENING):
            self._tasks.start("news", self._reload(self._open_id, message))

    def go_to_question(self) -> None:
        """Put what a run asks about on the desk."""
        question = self._run.question
        if isinstance(question, Apart):
            self._follows = True
            self.choice_wanted.emit(question)
        elif question is not None:
            self._follows = True
            self._tasks.start(Activity.OPENING, self._open_question(question))

    async def _open_question(self, question: AtDesk) -> None:
        await self._drafts.flush()
        opened = await self._load(question.subject.id)
        draft = self._saved_draft(opened)[0] if opened.draft is not None else Draft()
        if isinstance(question, Reviewing) and draft.proposal_id != question.proposal.id:
            draft = working.with_proposal(draft, question.proposal)
        elif isinstance(question, Approving):
            draft = _decided_draft(question)
        self._open_loaded(opened, draft)
        if isinstance(question, Approving):
            self._tasks.cancel(Activity.TRYING)  # the run has executed this candidate
            self._show(replace(self._state, candidate=Candidate.of(question.judgement), stale=False))

    def _must_judge(self, opened: Opened) -> bool:
        """A run that holds the lineage shows a proposal at EVOLVE only."""
        elsewhere = self._run.root_id != opened.row.root_id
        return super()._must_judge(opened) and (elsewhere or isinstance(self._run.question, Reviewing))

    # -- going elsewhere -------------------------------------------------------------------------------------------

    def open(self, root_id: str) -> None:
        """Put a lineage on the desk. A question on another one keeps waiting."""
        self._follows = False
        super().open(root_id)

    def open_revision(self, trajectory_id: str) -> None:
        """Put one revision on the desk. A question on another one keeps waiting."""
        self._follows = False
        super().open_revision(trajectory_id)

    def next(self) -> None:
        """Open the next trajectory of the queue."""
        self._follows = False
        super().next()

    def previous(self) -> None:
        """Open the previous trajectory of the queue."""
        self._follows = False
        super().previous()

    # -- answering -------------------------------------------------------------------------------------------------

    def accept_or_approve(self) -> None:
        """Accept the selected hunk while any is undecided; else approve, or answer the run."""
        if self._state.held and not isinstance(self._state.question, Reviewing):
            self._answer()
        else:
            super().accept_or_approve()

    def approve(self) -> None:
        """Approve, or answer the run."""
        if self._state.held:
            self._answer()
        else:
            super().approve()

    def approve_all(self) -> None:
        """Accept every undecided hunk, and approve or answer the run."""
        if self._state.held and not isinstance(self._state.question, Reviewing):
            self._answer()
        else:
            super().approve_all()

    def _answer(self) -> None:
        """Give the answer that lets the run go on, as things stand on the desk."""
        question = self._state.question
        if question is None or self._tasks.runs(Activity.SAVING):
            self._say_who_decides()
        elif isinstance(question, Verifying):
            question.give(self._run.missed)
        elif isinstance(question, Guiding):
            question.give(Guidance(self._guided(question.inspection), self._state.locked))
        elif isinstance(question, Reviewing):
            self._answer_review(question)
        elif question.judgement.accepted:
            question.give(Approval(taken=True))
        else:
            judgement = question.judgement
            why = rule_reason(judgement.rule, judgement.before, judgement.inspection)
            words = self.tr("The rule refuses this candidate: {0}. Leave it ({1}), or override ({2}).")
            self._problem(words.format(why, cap("reject") or NONE, cap("override") or NONE))

    def _guided(self, inspection: Inspection) -> Inspection:
        """The run's inspection as the person left it: with their blame and gradients, without what they dismissed."""
        if self._state.opened is None:
            return inspection
        notes = self._state.opened.annotations
        added = {gradient.id for gradient in notes.added}
        found = tuple(gradient for gradient in inspection.gradients if gradient.id not in added)
        return notes.guide(replace(inspection, gradients=found))

    def _answer_review(self, question: Reviewing) -> None:
        if self._is_held_back() or not self._close_editor_first():
            return
        draft = self._state.draft
        if self._state.pending_hunks:
            self._problem(self.tr("Hunks still undecided: {0}.").format(self._state.pending_hunks))
        else:
            self._save(lambda: self._hand_over(question, working.changes(draft)))

    async def _hand_over(self, question: Reviewing, hunks: tuple[Hunk, ...]) -> None:
        await self._drafts.flush()
        if not hunks:
            await self._workspace.review.delete_draft(question.subject.id)
        question.give(hunks)

    def ask_to_reject(self) -> None:
        """Ask why; what the rule refuses as well is left without a reason, and so are the hunks of a proposal."""
        question = self._state.question
        if not self._state.held:
            super().ask_to_reject()
        elif isinstance(question, Reviewing):
            if not self._is_held_back():
                self._reject_proposal(question)
        elif isinstance(question, Approving) and not question.judgement.accepted:
            question.give(Approval(taken=False, reason=question.judgement.explanation))
        elif isinstance(question, Approving):
            self._ask("leave")
        else:
            self._say_who_decides()

    def _reject_proposal(self, question: Reviewing) -> None:
        draft = self._state.draft
        for number in reversed(range(len(draft.hunks))):
            draft = working.decided(draft, number, HunkVerdict.REJECTED)
        self._change(draft)
        self._answer_review(question)

    def _ask(self, what: str) -> None:
        self._reason_for = self._state.question
        super()._ask(what)

    def _is_overtaken(self) -> bool:
        """Whether a run asked, went on or ended while the reason was written: it must not decide on anything else."""
        question = self._state.question
        overtaken = question is not self._reason_for or (self._state.held and question is None)
        if overtaken:
            self._problem(self.tr("The run went on or was stopped meanwhile: nothing was recorded."))
        return overtaken

    def reject(self, reason: str) -> None:
        """Reject the trajectory, or the run's candidate."""
        if self._is_overtaken():
            return
        if isinstance(self._state.question, Approving):
            self._state.question.give(Approval(taken=False, reason=reason.strip()))
        else:
            super().reject(reason)

    def ask_to_override(self) -> None:
        """Ask for the reason of an acceptance against the rule."""
        question = self._state.question
        if not self._state.held:
            super().ask_to_override()
        elif isinstance(question, Approving) and not question.judgement.accepted:
            self._ask("override")
        else:
            self._say_who_decides()

    def override(self, reason: str) -> None:
        """Accept against the rule, on one's own account or the run's."""
        if self._is_overtaken():
            return
        if isinstance(self._state.question, Approving):
            self._state.question.give(Approval(taken=True, override=True, reason=reason.strip()))
        else:
            super().override(reason)

    def add_missed(self, gradient: Gradient) -> None:
        """VERIFY: add a constraint that the checks miss."""
        if isinstance(self._state.question, Verifying):
            self._run = replace(self._run, missed=(*self._run.missed, gradient))
            self._show(self._state)

    def lock_steps(self, count: int) -> None:
        """INSPECT: so many steps at the start stay as they are."""
        if isinstance(self._state.question, Guiding) and 0 <= count <= len(self._base):
            self._run = replace(self._run, locked=count)
            self._show(self._state)

    # -- what has to wait while a run holds the lineage --------------------------------------------------------------

    def accept_lateral(self) -> None:
        """Accept an equal loss; a run's candidate is overridden instead."""
        if not self._waits_for_run():
            super().accept_lateral()

    def propose(self) -> None:
        """Search for a repair; while a run holds the lineage, it proposes."""
        if not self._waits_for_run():
            super().propose()

    def propose_with_model(self) -> None:
        """Let the model propose; while a run holds the lineage, it proposes."""
        if not self._waits_for_run():
            super().propose_with_model()

    def continue_from(self, wanted: Continuation) -> None:
        """Let the model act on from a step."""
        if not self._waits_for_run():
            super().continue_from(wanted)

    def skip(self) -> None:
        """Put the trajectory off and go on."""
        if not self._waits_for_run():
            super().skip()

    def ask_to_flag(self) -> None:
        """Ask why somebody else should look."""
        if not self._waits_for_run():
            super().ask_to_flag()

    def undo(self) -> None:
        """Take back what was done at this gate; away from the run's lineage, the last decision as always."""
        question = self._state.question
        if isinstance(question, Verifying) and self._run.missed:
            self._run = replace(self._run, missed=self._run.missed[:-1])
            self._show(self._state)
        elif isinstance(question, Guiding) and self._noted:
            self._noted -= 1
            super().undo()
        elif isinstance(question, Reviewing) and self._take_back():
            return
        elif self._run.root_id and not self._past:
            self._problem(self.tr("There is nothing to take back here. Decisions can be taken back after the run."))
        elif not self._state.held:
            super().undo()

    def _note(self, record: Callable[[Maker], Coroutine[Any, Any, object]], message: str) -> None:
        self._noted += 1
        super()._note(record, message)

    def _change(self, draft: Draft, select: int | None = None, *, delay: float = 0) -> None:
        if self._state.held and not isinstance(self._state.question, Reviewing):
            self._problem(self.tr("A run works on this trajectory: its steps can be edited when it asks at EVOLVE."))
        else:
            super()._change(draft, select, delay=delay)

    def _waits_for_run(self) -> bool:
        if self._state.held:
            self._say_who_decides()
        return self._state.held

    def _say_who_decides(self) -> None:
        if self._run.question is None:
            words = self.tr("The run is at work on this trajectory, and will ask you.")
        elif self._state.question is None:
            words = self.tr("The run asks about another revision of this trajectory: go to its question first.")
        else:
            words = self.tr("A run asks about this trajectory: answer it, or go on to another one ({0}).")
            words = with_keys(words, "next")
        self._show(replace(self._state, message=words))


def _decided_draft(question: Approving) -> Draft:
    """The hunks that the judged candidate is made of, with the verdicts that made it."""
    proposal = question.judgement.proposal
    working_hunks = []
    for hunk in question.judgement.hunks:
        number = proposal.hunks.index(hunk) if hunk in proposal.hunks else None
        verdict = HunkVerdict.EDITED if number is None else HunkVerdict.ACCEPTED
        working_hunks.append(WorkingHunk(hunk, number, verdict))
    return Draft(tuple(working_hunks), proposal.id)
