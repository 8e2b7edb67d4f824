"""What a person does to a draft: selects, gives verdicts on hunks, edits steps by hand."""

from dataclasses import replace

from hitl_app.domain.trajectory import Step
from hitl_app.ui import working
from hitl_app.ui.model_bench import ModelBench
from hitl_app.ui.state import Draft, HunkVerdict
from hitl_app.ui.step_text import step_from_text, text_of_step


class EditingBench(ModelBench):
    """A workbench with hands on it. Numbers are those of the state: steps of the base, working hunks of the draft."""

    # -- selecting -------------------------------------------------------------------------------------------------

    def select_step(self, index: int) -> None:
        """Select a step of the base, and with it the hunk that changes it."""
        if 0 <= index < len(self._base):
            hunk = working.covering(self._state.draft, index)
            self._show(replace(self._state, selected_step=index, selected_hunk=hunk))

    def select_hunk(self, number: int) -> None:
        """Select a working hunk, and with it the step that it is about."""
        if 0 <= number < len(self._state.draft.hunks):
            step = min(self._state.draft.hunks[number].hunk.start, len(self._base) - 1) if self._base else None
            self._show(replace(self._state, selected_hunk=number, selected_step=step))

    # -- verdicts and edits by hand --------------------------------------------------------------------------------

    def accept_hunk(self, number: int) -> None:
        """Accept a hunk and go on to the next one that is undecided."""
        self._judge_hunk(number, HunkVerdict.ACCEPTED)

    def reject_hunk(self, number: int) -> None:
        """Leave a hunk out of the candidate and go on to the next one that is undecided."""
        self._judge_hunk(number, HunkVerdict.REJECTED)

    def _judge_hunk(self, number: int, verdict: HunkVerdict) -> None:
        if not 0 <= number < len(self._state.draft.hunks):
            return
        draft = working.decided(self._state.draft, number, verdict)
        following = working.next_pending(draft, number) if draft.hunks else None
        stays = min(number, len(draft.hunks) - 1) if draft.hunks else None
        self._change(draft, stays if following is None else following)

    def edit_hunk(self, number: int) -> None:
        """Open a hunk in the editor."""
        if self._close_editor_first() and 0 <= number < len(self._state.draft.hunks):
            self._open_editor(self._state.draft, number)

    def edit_step(self, index: int) -> None:
        """Open a step of the base in the editor, or the hunk that already changes it."""
        if self._close_editor_first() and 0 <= index < len(self._base):
            self._open_editor(*working.step_opened(self._state.draft, self._base, index))

    def insert_step(self, index: int) -> None:
        """Put a new call in front of a step of the base and open it in the editor."""
        self._insert(index, working.BLANK_CALL)

    def insert_message(self, index: int) -> None:
        """Put a new message in front of a step of the base and open it in the editor."""
        self._insert(index, working.BLANK_MESSAGE)

    def _insert(self, index: int, blank: Step) -> None:
        if self._close_editor_first() and 0 <= index <= len(self._base):
            self._open_editor(*working.step_inserted(self._state.draft, index, blank))

    def delete_step(self, index: int) -> None:
        """Take a step of the base out."""
        if 0 <= index < len(self._base):
            self._change(*working.step_deleted(self._state.draft, self._base, index))

    def move_step(self, index: int, to: int) -> None:
        """Move a step of the base in front of step `to`."""
        if 0 <= index < len(self._base) and 0 <= to <= len(self._base):
            self._change(*working.step_moved(self._state.draft, self._base, index, to))

    def move_step_by(self, index: int, distance: int) -> None:
        """Move a step of the base one place up (-1) or down (1) from where it now stands."""
        number = working.covering(self._state.draft, index)
        at = index if number is None else self._state.draft.hunks[number].hunk.at
        to = at + distance
        if index < to <= index + 1:
            to += distance
        self.move_step(index, to)

    # -- the editor ------------------------------------------------------------------------------------------------

    def _close_editor_first(self) -> bool:
        self.edit_finished()
        return self._state.draft.editing is None

    def _open_editor(self, draft: Draft, number: int) -> None:
        step = working.step_in_editor(draft.hunks[number].hunk)
        if step is None:
            self._problem(self.tr("This hunk changes several steps at once: edit or delete the steps one by one."))
            return
        self._before_edit = draft.hunks[number]
        self._another_text()
        self._change(replace(draft, editing=number, text=text_of_step(step)), number)

    def edit_text_changed(self, text: str) -> None:
        """Keep the editor's text as typed; where it is a valid step, the candidate is executed with it."""
        draft = self._state.draft
        number = draft.editing
        if number is None or text == draft.text or self._state.opened is None:
            return
        try:
            step = step_from_text(working.step_edited(draft.hunks[number].hunk), text)
        except ValueError:
            draft = replace(draft, text=text)  # kept as typed; the editor itself says what is wrong
        else:
            draft = replace(working.step_written(draft, number, step), text=text)
        self._drafts.keep(self._state.opened.trajectory.id, draft)
        self._show(replace(self._state, draft=draft, problem=""))
        self._try_again(self._pause)

    def edit_finished(self) -> None:
        """Close the editor, keeping what was written. Text that is not a valid step keeps it open."""
        draft = self._state.draft
        if draft.editing is None:
            return
        hunk = draft.hunks[draft.editing].hunk
        shown = working.step_in_editor(hunk)
        if shown is None or draft.text != text_of_step(shown):
            try:
                step_from_text(working.step_edited(hunk), draft.text)
            except ValueError as error:
                self._problem(self.tr("The step cannot be kept as it is: {0}.").format(error))
                return
        self._close_editor(working.editing_ended(draft))

    def edit_cancelled(self) -> None:
        """Close the editor and put the hunk back as it was when it was opened; undo brings back what was typed."""
        draft = self._state.draft
        if draft.editing is None:
            return
        shown = working.step_in_editor((self._before_edit or draft.hunks[draft.editing]).hunk)
        if shown is None or draft.text != text_of_step(shown):
            self._past.append((draft, self._before_edit))
        if self._before_edit is not None:
            hunks = list(draft.hunks)
            hunks[draft.editing] = self._before_edit
            draft = replace(draft, hunks=tuple(hunks))
        self._close_editor(working.editing_ended(draft))

    def _close_editor(self, draft: Draft) -> None:
        number = self._state.draft.editing
        self._before_edit = None
        self._apply(draft, number if number is not None and number < len(draft.hunks) else None)
