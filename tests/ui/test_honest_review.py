"""The blame comes before the proposal, the blind see nobody's name, and the rubric is answered with a key."""

from pathlib import Path

from desk import ANNOTATOR, Desk, play
from PySide6.QtWidgets import QApplication, QLabel

from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.guidelines import ItemKind, Rubric, RubricItem
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.panes.parts import ElidedLabel
from hitl_app.ui.panes.plan import PlanPane
from hitl_app.ui.panes.proposal import ProposalPane
from hitl_app.ui.state import Draft, HunkVerdict
from hitl_app.workflow.deciding import Maker

JUDGE_FIRST = ReviewPolicy(judge_first=True)
BLIND = ReviewPolicy(blind=True)
RUBRIC = Rubric("7", (RubricItem("policy", "Policy?"), RubricItem("clarity", "Clear?", ItemKind.SCALE, 1, 5)))


async def entries(desk: Desk) -> list[LedgerEntry]:
    return await desk.workspace.review.entries(desk.root)


async def open_held_back(desk: Desk) -> None:
    """Open the sample that has a proposal while the policy wants the blame first."""
    await desk.open_repairable()
    desk.session.set_policy(JUDGE_FIRST)
    await desk.session.idle()


def is_judging(desk: Desk) -> bool:
    return desk.state.judging


def texts(pane: ProposalPane | PlanPane) -> str:
    labels = [label.text() for label in pane.findChildren(QLabel) if not label.isHidden()]
    return " ".join([*labels, *(label.whole_text for label in pane.findChildren(ElidedLabel))])


def test_a_proposal_is_shown_and_decided_on_only_after_the_blame_is_marked(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await open_held_back(desk)
        state = desk.state
        assert state.judging
        assert (state.draft, state.proposal, state.candidate, state.selected_hunk) == (Draft(), None, None, None)
        pane = ProposalPane()
        pane.render_state(state)
        assert pane.judge.isVisibleTo(pane)
        assert not pane.cards
        assert "offline" not in texts(pane)
        assert not pane.bar.approve.isEnabled()
        before = len(await entries(desk))
        session = desk.session
        for decide in (
            session.accept_or_approve,
            session.reject_hunk_or_all,
            session.approve_all,
            session.accept_lateral,
        ):
            decide()
            await session.idle()
            assert "First mark" in desk.state.problem
        assert not desk.asked
        assert len(await entries(desk)) == before
        session.move_blame(3)
        await desk.session.idle()
        assert not desk.state.judging
        assert desk.state.draft.hunks
        assert desk.state.proposal is not None
        judged = (await entries(desk))[-1].decision
        assert (judged.kind, judged.annotator) == (DecisionKind.JUDGE, ANNOTATOR)
        assert judged.detail["blame"] == 3
        assert judged.detail["proposal_id"] == desk.state.proposal.id
        assert judged.status_after == judged.status_before

    play(qapp, tmp_path, story)


def test_edits_by_hand_before_the_blame_stay_beside_the_proposal(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await open_held_back(desk)
        desk.session.delete_step(1)
        await desk.session.idle()
        assert desk.state.judging
        desk.session.judge_nothing_wrong()
        await desk.session.idle()
        assert (await entries(desk))[-1].decision.detail["blame"] is None
        verdicts = [hunk.verdict for hunk in desk.state.draft.hunks]
        assert verdicts[0] is HunkVerdict.EDITED
        assert HunkVerdict.PENDING in verdicts[1:]

    play(qapp, tmp_path, story)


def test_undo_takes_the_judgement_back_and_hides_the_proposal_again(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await open_held_back(desk)
        desk.session.judge(2)
        await desk.session.idle()
        desk.session.accept_hunk(0)
        await desk.session.idle()
        desk.session.undo()
        await desk.session.idle()
        assert not is_judging(desk)
        assert desk.state.draft.hunks[0].verdict is HunkVerdict.PENDING
        desk.session.undo()
        await desk.session.idle()
        assert is_judging(desk)
        assert desk.state.draft == Draft()
        assert (await entries(desk))[-1].decision.kind is DecisionKind.UNDO

    play(qapp, tmp_path, story)


def test_a_decision_on_hunks_is_kept_through_a_change_of_policy(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        desk.session.accept_hunk(0)
        await desk.session.idle()
        decided = desk.state.draft
        desk.session.set_policy(JUDGE_FIRST)
        await desk.session.idle()
        assert desk.state.draft == Draft()
        desk.session.judge(2)
        await desk.session.idle()
        assert desk.state.draft == decided

    play(qapp, tmp_path, story)


def test_a_proposal_that_is_found_while_the_blame_is_missing_waits(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        for number in range(len(desk.state.draft.hunks)):
            desk.session.reject_hunk(number)
        desk.session.reject("not this one")
        await desk.session.idle()
        desk.session.set_policy(JUDGE_FIRST)
        await desk.session.idle()
        while desk.verified() is not False:
            desk.session.next()
            await desk.session.idle()
        desk.session.propose()
        await desk.session.idle()
        assert desk.state.judging
        assert not desk.state.draft.hunks
        assert "There is a proposal" in desk.state.message
        desk.session.judge(0)
        await desk.session.idle()
        assert desk.state.draft.hunks

    play(qapp, tmp_path, story)


def test_the_blind_see_no_names_and_nothing_that_others_decided(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        proposal, base_id = desk.state.proposal, desk.state.opened.trajectory.id if desk.state.opened else ""
        assert proposal is not None
        await desk.workspace.review.skip(base_id, Maker("somebody else"))
        policies: list[object] = []
        desk.session.policy_changed.connect(policies.append)
        desk.session.set_policy(BLIND)
        await desk.session.idle()
        assert policies == [BLIND]
        state = desk.state
        assert state.opened is not None
        assert state.opened.row.status == "pending"
        assert state.hides_calls
        plan, pane = PlanPane(), ProposalPane()
        plan.render_state(state)
        pane.render_state(state)
        assert proposal.proposer not in texts(pane) + texts(plan)
        assert "tried" not in texts(pane)
        desk.session.skip()
        await desk.session.idle()
        last = (await desk.workspace.review.entries())[-1].decision
        assert (last.annotator, last.detail["blind"], last.detail["idle_seconds"]) == (ANNOTATOR, True, 0)

    play(qapp, tmp_path, story)


def test_the_blind_find_alternatives_in_an_order_of_their_own_that_stays(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        assert desk.session.order_of(6, "task") == list(range(6))
        desk.session.set_policy(BLIND)
        orders = [desk.session.order_of(6, f"task {number}") for number in range(20)]
        assert orders == [desk.session.order_of(6, f"task {number}") for number in range(20)]
        assert all(sorted(order) == list(range(6)) for order in orders)
        assert len({order[0] for order in orders}) > 2

    play(qapp, tmp_path, story, samples=False)


def ratings(found: list[LedgerEntry]) -> list[JsonObject]:
    kept = ("item", "value", "rubric")
    rated = [entry.decision.detail for entry in found if entry.decision.kind is DecisionKind.RATE]
    return [{name: detail[name] for name in kept} for detail in rated]


def test_answers_to_the_rubric_are_durable_at_once_however_fast_they_come(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open(0)
        desk.session.set_rubric(RUBRIC)
        root = desk.root
        desk.session.toggle_rating("policy")
        desk.session.toggle_rating("policy")
        desk.session.rate("clarity", 4)
        desk.session.rate("clarity", 9)
        assert desk.state.rubric.saving == {"policy": 0, "clarity": 4}
        assert not desk.state.rubric.saved
        desk.session.skip()
        await desk.session.idle()
        assert desk.root != root
        assert not desk.state.rubric.answered
        found = await desk.workspace.review.entries(root)
        answers: list[tuple[str, int]] = [("policy", 1), ("policy", 0), ("clarity", 4)]
        assert ratings(found) == [{"item": item, "value": value, "rubric": "7"} for item, value in answers]
        assert found[-1].decision.kind is DecisionKind.SKIP
        desk.session.open(root)
        await desk.session.idle()
        assert desk.state.rubric.saved == {"policy": 0, "clarity": 4}

    play(qapp, tmp_path, story)


def test_undo_takes_the_last_answer_back(qapp: QApplication, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.open_repairable()
        desk.session.set_rubric(RUBRIC)
        desk.session.accept_hunk(0)
        for value in (2, 5):
            desk.session.rate("clarity", value)
            await desk.session.idle()
        draft = desk.state.draft
        desk.session.undo()
        await desk.session.idle()
        assert desk.state.rubric.saved == {"clarity": 2}
        desk.session.undo()
        await desk.session.idle()
        assert not desk.state.rubric.saved
        assert desk.state.draft == draft

    play(qapp, tmp_path, story)
