"""What each pane asks for, and who answers: the whole wiring of the panes on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hitl_app.ui.main_window import MainWindow


def connect_panes(window: MainWindow) -> None:
    """Connect the panes of a window to its session and to the desks of its features."""
    session, plan, proposal = window.session, window.plan, window.proposal
    window.queue.open_requested.connect(session.open)
    window.queue.import_requested.connect(window.files.choose_files)
    window.queue.samples_requested.connect(window.files.add_samples)
    window.queue.queue_changed.connect(session.queue_changed)
    plan.step_selected.connect(session.select_step)
    plan.edit_requested.connect(session.edit_step)
    plan.delete_requested.connect(session.delete_step)
    plan.insert_requested.connect(session.insert_step)
    plan.move_requested.connect(session.move_step)
    plan.blame_requested.connect(session.move_blame)
    plan.link_requested.connect(session.link_step)
    plan.continue_requested.connect(window.modelling.ask_to_continue)
    window.coordination.measured.connect(plan.header.show_coordination)
    window.coordination.weighed.connect(proposal.bar.show_weight)
    window.gradients.confirm_requested.connect(session.confirm_gradient)
    window.gradients.dismiss_requested.connect(session.dismiss_gradient)
    window.gradients.blame_requested.connect(session.move_blame)
    window.gradients.step_selected.connect(session.select_step)
    window.gradients.add_requested.connect(window.ask_for_gradient)
    proposal.judge.blame_requested.connect(session.judge)
    proposal.judge.nothing_wrong_requested.connect(session.judge_nothing_wrong)
    proposal.hunk_selected.connect(session.select_hunk)
    proposal.accept_hunk.connect(session.accept_hunk)
    proposal.reject_hunk.connect(session.reject_hunk)
    proposal.edit_hunk.connect(session.edit_hunk)
    proposal.approve_requested.connect(session.approve)
    proposal.reject_requested.connect(session.ask_to_reject)
    proposal.override_requested.connect(session.ask_to_override)
    proposal.propose_requested.connect(session.propose)
    proposal.ask_requested.connect(session.propose_with_model)
    proposal.cancel_requested.connect(session.cancel)
    proposal.edit_step_requested.connect(window.selected.edit)
    proposal.edit_text_changed.connect(session.edit_text_changed)
    proposal.edit_finished.connect(session.edit_finished)
    proposal.edit_cancelled.connect(session.edit_cancelled)
    window.history.revision_selected.connect(session.open_revision)
    window.history.compare_requested.connect(window.revisions.show_revisions)
    window.history.restore_requested.connect(window.revisions.restore)
    window.history.pictures_requested.connect(window.pictures.show)
    window.history.plot.save_requested.connect(window.pictures.save_of_window)
    window.verify.verify_requested.connect(session.verify)
    window.dispute.compare_requested.connect(window.revisions.show_revisions)
    window.notice.override_requested.connect(session.ask_to_override)
    window.notice.settings_requested.connect(window.modelling.show_settings)
    window.notice.dismissed.connect(session.dismiss_problem)
