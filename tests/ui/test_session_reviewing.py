"""What a reviewer can rely on while deciding."""

from pathlib import Path

from desk import ANNOTATOR, Desk, play
from PySide6.QtWidgets import QApplication

from hitl_app.domain.decision import DecisionKind, ReviewStatus
from hitl_app.ui import working
from hitl_app.ui.state import Activity, Draft, HunkVerdict


def test_a_trajectory_that_was_never_inspected_is_inspected_when_it_is_opened(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        assert desk.state.opened is not None
        assert desk.state.opened.inspection is not None
        assert desk.state.opened.row.losses == desk.state.opened.inspection.losses
        assert desk.state.activity is Activity.IDLE

    play(qapp, tmp_path, story)


def test_nothing_of_a_proposal_is_accepted_by_default(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        assert all(w.verdict is HunkVerdict.PENDING for w in desk.state.draft.hunks)
        assert desk.state.candidate is not None
        assert desk.state.candidate.acceptance.accepted
        desk.session.approve()
        assert "undecided" in desk.state.problem
        assert not await desk.workspace.review.entries()

    play(qapp, tmp_path, story)


def test_the_key_a_accepts_hunk_by_hunk_then_approves_and_goes_on(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        first, hunks = desk.root, len(desk.state.draft.hunks)
        for _ in range(hunks):
            desk.session.accept_or_approve()
        assert desk.state.can_approve, "accepting changes no candidate, so that nothing is executed again"
        assert desk.root == first
        desk.session.accept_or_approve()
        await desk.session.idle()
        assert desk.root != first
        assert desk.state.message == "Saved: approved"
        (entry,) = await desk.workspace.review.entries(first)
        assert entry.decision.kind is DecisionKind.ACCEPT
        assert entry.decision.kept_hunks == tuple(range(hunks))
        assert entry.decision.annotator == ANNOTATOR
        assert entry.decision.seconds is not None
        assert (await desk.workspace.library.row(first)).status is ReviewStatus.APPROVED

    play(qapp, tmp_path, story)


def test_rejecting_a_hunk_executes_the_candidate_without_it(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        desk.session.insert_message(0)
        desk.session.edit_text_changed("Let me look into that.")
        desk.session.edit_finished()
        await desk.session.idle()
        before = desk.state.candidate
        desk.session.reject_hunk(0)
        assert desk.stale()
        assert not desk.state.can_approve
        await desk.session.idle()
        assert not desk.stale()
        assert desk.state.candidate is not None
        assert before is not None
        assert len(desk.state.candidate.hunks) == len(before.hunks) - 1

    play(qapp, tmp_path, story)


def test_without_undecided_hunks_the_key_r_asks_for_a_reason(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        first = desk.root
        while desk.state.pending_hunks:
            desk.session.reject_hunk_or_all()
        assert not desk.asked
        desk.session.reject_hunk_or_all()
        assert desk.asked == ["reject"]
        desk.session.reject("  ")
        await desk.session.idle()
        assert "needs a reason" in desk.state.problem
        assert desk.root == first
        desk.session.reject("not worth repairing")
        await desk.session.idle()
        assert (await desk.workspace.library.row(first)).status is ReviewStatus.REJECTED
        (entry,) = await desk.workspace.review.entries(first)
        assert entry.decision.reason == "not worth repairing"
        assert (await desk.workspace.library.open(first)).draft is None

    play(qapp, tmp_path, story)


def test_an_equal_loss_is_accepted_as_a_lateral_move_when_asked_for(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        first = desk.root
        desk.session.insert_message(0)
        desk.session.edit_text_changed("Hello.")
        desk.session.edit_finished()
        await desk.session.idle()
        desk.session.accept_lateral()
        await desk.session.idle()
        (entry,) = await desk.workspace.review.entries(first)
        assert (entry.decision.accepted, entry.decision.lateral, entry.decision.override) == (True, True, False)

    play(qapp, tmp_path, story)


def test_a_candidate_that_the_rule_refuses_needs_an_override_with_a_reason(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        first = desk.root
        desk.session.insert_message(0)
        desk.session.edit_text_changed("Hello.")
        desk.session.edit_finished()
        await desk.session.idle()
        desk.session.approve()
        assert "The rule refuses" in desk.state.problem
        assert desk.root == first
        desk.session.ask_to_override()
        assert desk.asked == ["override"]
        desk.session.override("")
        await desk.session.idle()
        assert "needs a reason" in desk.state.problem
        desk.session.override("politer")
        await desk.session.idle()
        (entry,) = await desk.workspace.review.entries(first)
        assert entry.decision.override
        assert entry.decision.reason == "politer"
        assert desk.root != first

    play(qapp, tmp_path, story)


def test_a_good_recording_is_approved_as_it_is(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        while desk.verified() is not True:
            desk.session.next()
            await desk.session.idle()
        first = desk.root
        desk.session.accept_or_approve()
        await desk.session.idle()
        assert desk.root != first
        (entry,) = await desk.workspace.review.entries(first)
        assert entry.decision.kind is DecisionKind.ACCEPT
        assert not entry.decision.override

    play(qapp, tmp_path, story)


def test_a_bad_recording_is_approved_only_against_its_verdict_for_a_reason(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        while desk.verified() is not False or desk.state.draft.hunks:
            desk.session.next()
            await desk.session.idle()
        first = desk.root
        desk.session.accept_or_approve()
        assert "not verified" in desk.state.problem
        desk.session.override("the check is wrong here")
        await desk.session.idle()
        (entry,) = await desk.workspace.review.entries(first)
        assert entry.decision.override

    play(qapp, tmp_path, story)


def test_undo_reaches_across_submit_and_brings_the_hunks_back(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        first = desk.root
        desk.session.approve_all()
        await desk.session.idle()
        assert desk.root != first
        desk.session.undo()
        await desk.session.idle()
        assert desk.root == first
        assert desk.state.draft.hunks
        assert desk.state.can_approve, "the verdicts are back as well"
        assert (await desk.workspace.library.row(first)).status is ReviewStatus.PENDING

    play(qapp, tmp_path, story)


def test_undo_after_a_restart_brings_back_what_the_decision_changed(qapp: QApplication, tmp_path: Path) -> None:
    roots: list[str] = []
    proposals: list[str | None] = []

    async def decide(desk: Desk) -> None:
        await desk.open_repairable()
        roots.append(desk.root)
        proposals.append(desk.state.draft.proposal_id)
        desk.session.approve_all()
        await desk.session.idle()

    async def undo(desk: Desk) -> None:
        await desk.open()
        desk.session.undo()
        await desk.session.idle()
        assert desk.root == roots[0]
        assert desk.state.draft.proposal_id == proposals[0], "what is decided next is still decided on a proposal"
        assert all(hunk.verdict is HunkVerdict.ACCEPTED for hunk in desk.state.draft.hunks)
        assert desk.state.can_approve
        assert desk.state.candidate is not None
        assert desk.state.candidate.acceptance.accepted

    play(qapp, tmp_path, decide)
    play(qapp, tmp_path, undo)


def test_undo_first_takes_back_what_was_not_submitted(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        desk.session.delete_step(0)
        assert desk.state.draft.hunks
        desk.session.undo()
        assert desk.state.draft == Draft()
        desk.session.undo()
        await desk.session.idle()
        assert "no decision to undo" in desk.state.problem

    play(qapp, tmp_path, story)


def test_skipping_and_flagging_go_on_and_are_recorded(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        first = desk.root
        desk.session.skip()
        await desk.session.idle()
        second = desk.root
        desk.session.flag("policy unclear")
        await desk.session.idle()
        assert len({first, second, desk.root}) == 3
        assert (await desk.workspace.library.row(first)).status is ReviewStatus.SKIPPED
        assert (await desk.workspace.library.row(second)).status is ReviewStatus.FLAGGED

    play(qapp, tmp_path, story)


def test_the_last_trajectory_says_that_nothing_is_left(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        for _ in range(desk.queue.rowCount()):
            desk.session.skip()
            await desk.session.idle()
        assert "Nothing in this queue is left" in desk.state.message

    play(qapp, tmp_path, story)


def test_gradients_can_be_confirmed_dismissed_and_blamed_elsewhere(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        opened = desk.state.opened
        assert opened is not None
        first, *others = opened.gradients
        desk.session.confirm_gradient(first.id)
        await desk.session.idle()
        assert desk.state.opened is not None
        assert first.id in desk.state.opened.annotations.confirmed
        desk.session.move_blame(1)
        await desk.session.idle()
        assert desk.state.opened.earliest_cause == 1
        desk.session.dismiss_gradient(first.id)
        await desk.session.idle()
        assert desk.state.opened.gradients == tuple(others)
        assert desk.state.draft.hunks, "notes leave the draft alone"

    play(qapp, tmp_path, story)


def test_verification_is_recorded_and_told(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        desk.session.verify()
        await desk.session.idle()
        assert "UNVERIFIED" in desk.state.message
        entries = await desk.workspace.review.entries(desk.root)
        assert entries[-1].decision.kind is DecisionKind.VERIFY

    play(qapp, tmp_path, story)


def test_an_environment_that_is_missing_leaves_the_trajectory_readable(
    qapp: QApplication, tmp_path: Path, recordings: Path
) -> None:
    recording = next(recordings.glob("tau2-bench/*.json"))

    async def story(desk: Desk) -> None:
        async for _ in desk.workspace.library.import_paths([recording]):
            pass
        await desk.queue.show("", desk.queue.order)
        await desk.open()
        assert desk.state.opened is not None
        assert desk.state.opened.trajectory.steps
        assert "hitl-app env install tau2" in desk.state.problem

    play(qapp, tmp_path / "data", story, samples=False, env_dir=tmp_path / "none")


def test_edits_by_hand_make_the_reviewer_the_author(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        desk.session.delete_step(0)
        await desk.session.idle()
        assert desk.state.candidate is not None
        assert desk.state.candidate.trajectory.author == ANNOTATOR
        assert working.kept(desk.state.draft) == ()

    play(qapp, tmp_path, story)
