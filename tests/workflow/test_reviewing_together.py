"""Several people decide at one store: what each sees, takes back and restores, and what is recorded of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from review_desk import ANN, BLIND_BOB, BOB, ReviewDesk

from hitl_app.domain.decision import AUTOMATIC, DecisionKind, ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import Gradient, GradientSource
from hitl_app.domain.loss import Component
from hitl_app.domain.query import QueryError
from hitl_app.domain.team import SeedKind
from hitl_app.workflow.deciding import Maker


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ReviewDesk]:
    made = ReviewDesk(tmp_path)
    yield made
    made.close()


def stand(desk: ReviewDesk, viewer: str = "") -> tuple[ReviewStatus, str]:
    row = desk.row(viewer=viewer)
    return row.status, row.head_id


# -- blind -------------------------------------------------------------------------------------------------------------


def test_a_blind_annotator_sees_nothing_of_what_others_decided(desk: ReviewDesk) -> None:
    root, review = desk.roots[0], desk.review
    desk.wait(review.move_blame(root, 1, ANN))
    desk.wait(review.add_gradient(root, Gradient(GradientSource.HUMAN, Component.GOAL, "ann's word"), ANN))
    desk.wait(review.rate(root, "tone", 1, "1", ANN))
    desk.wait(review.save_draft(root, {"text": "half a th"}, "ann"))
    desk.propose()
    revision = desk.repair(ANN)
    desk.wait(review.save_draft(root, {"text": "half a th"}, "ann"))
    opened = desk.open(viewer="bob")
    assert (opened.row.status, opened.trajectory.id, opened.row.revisions) == (ReviewStatus.PENDING, root, 0)
    assert [r.trajectory.id for r in opened.revisions] == [root]
    assert (opened.annotations.blame, opened.annotations.added, opened.ratings, opened.draft) == (None, (), {}, None)
    assert not any(gradient.source is GradientSource.HUMAN for gradient in opened.gradients)
    assert (opened.row.model, opened.row.file) == ("", "")
    assert "gpt-9" not in repr((opened.row, opened.trajectory, opened.revisions))
    assert (opened.blind, len(opened.undecided)) == (True, 1)
    with pytest.raises(UserError, match="hidden as long as you review blind"):
        desk.wait(desk.library.open(revision, "bob"))
    (row,) = (row for row in desk.wait(desk.library.queue("status:pending", viewer="bob")).rows if row.root_id == root)
    assert (row.head_id, row.model) == (root, "")


def test_a_blind_annotator_cannot_ask_by_names_that_are_hidden(desk: ReviewDesk) -> None:
    for query in ("model:gpt", "status:pending -file:runs"):
        assert desk.wait(desk.library.queue(query)).total >= 0
        with pytest.raises(QueryError, match="hidden while you review blind"):
            desk.wait(desk.library.queue(query, viewer="bob"))


def test_ones_own_words_stay_in_sight_while_blind(desk: ReviewDesk) -> None:
    root, review = desk.roots[0], desk.review
    own = Gradient(GradientSource.HUMAN, Component.GOAL, "bob's word")
    desk.wait(review.add_gradient(root, own, BLIND_BOB))
    desk.wait(review.judge(root, 2, BLIND_BOB))
    desk.wait(review.rate(root, "tone", 3, "1", BLIND_BOB))
    desk.wait(review.save_draft(root, {"text": "half a th"}, "bob"))
    opened = desk.open(viewer="bob")
    assert (opened.judged_blame, opened.ratings) == (2, {"tone": 3})
    assert own in opened.gradients
    assert opened.draft is not None
    desk.repair(ANN)
    revision = desk.repair(BLIND_BOB, step=2)
    opened = desk.open(viewer="bob")
    assert [r.trajectory.id for r in opened.revisions] == [root, revision]
    assert opened.trajectory.author == "bob"


def test_what_a_blind_annotator_saw_is_recorded_and_settles_nothing_of_others(desk: ReviewDesk) -> None:
    desk.repair(ANN)
    maker = replace(BLIND_BOB, seconds=4.0, idle_seconds=9.5)
    desk.wait(desk.review.reject(desk.roots[0], maker))
    decision = desk.entries()[-1].decision
    assert (decision.status_before, decision.head_before) == (ReviewStatus.PENDING, desk.roots[0])
    assert decision.detail == {"blind": True, "idle_seconds": 9.5}
    assert desk.entries()[0].decision.detail.keys().isdisjoint({"blind", "idle_seconds"})
    assert desk.row().status is ReviewStatus.DISPUTED
    assert stand(desk, "bob") == (ReviewStatus.REJECTED, desk.roots[0])


# -- undo --------------------------------------------------------------------------------------------------------------


def test_an_undo_after_a_dispute_leaves_the_others_verdict(desk: ReviewDesk) -> None:
    desk.repair(ANN)
    desk.wait(desk.review.reject(desk.roots[0], BLIND_BOB))
    assert desk.row().status is ReviewStatus.DISPUTED
    undone, _ = desk.wait(desk.review.undo("ann"))
    assert undone.newest.decision.kind is DecisionKind.EDIT
    assert stand(desk) == (ReviewStatus.REJECTED, desk.roots[0])
    undone, _ = desk.wait(desk.review.undo("bob", blind=True))
    assert undone.undos[0].decision.status_after is ReviewStatus.PENDING
    assert stand(desk) == (ReviewStatus.PENDING, desk.roots[0])
    assert desk.ask(desk.store.check_ledger).sound


def test_what_somebody_answered_in_sight_of_it_cannot_be_taken_back(desk: ReviewDesk) -> None:
    desk.repair(ANN)
    desk.wait(desk.review.reject(desk.row().head_id, BOB))
    with pytest.raises(UserError, match="decided on again since: undo that first"):
        desk.wait(desk.review.undo("ann"))
    desk.wait(desk.review.undo("bob"))
    desk.wait(desk.review.undo("ann"))
    assert stand(desk) == (ReviewStatus.PENDING, desk.roots[0])


def test_a_revision_that_somebody_built_on_cannot_be_taken_back(desk: ReviewDesk) -> None:
    desk.repair(Maker(AUTOMATIC))
    head = desk.repair(ANN, step=2)
    desk.repair(Maker(AUTOMATIC), base=head)
    with pytest.raises(UserError, match="decided on again since"):
        desk.wait(desk.review.undo("ann"))


def test_ones_decision_can_be_taken_back_when_a_later_one_says_nothing_of_it(desk: ReviewDesk) -> None:
    desk.wait(desk.review.skip(desk.roots[0], ANN))
    desk.wait(desk.review.flag(desk.roots[0], BOB))
    desk.wait(desk.review.rate(desk.roots[0], "tone", 1, "1", BOB))
    desk.wait(desk.review.undo("ann"))
    assert desk.row().status is ReviewStatus.FLAGGED


# -- restore -----------------------------------------------------------------------------------------------------------


def test_an_earlier_revision_becomes_the_head_again_where_it_stood(desk: ReviewDesk) -> None:
    first = desk.repair(ANN)
    second = desk.repair(ANN, step=2)
    with pytest.raises(UserError, match="worse than the head"):
        desk.wait(desk.review.restore(first, ANN))
    with pytest.raises(UserError, match="needs a reason"):
        desk.wait(desk.review.restore(first, Maker("ann"), override=True))
    decided, _ = desk.wait(desk.review.restore(first, ANN, override=True))
    assert decided.entry.decision.override
    assert stand(desk) == (ReviewStatus.EDITED, first)
    desk.wait(desk.review.restore(desk.roots[0], ANN, override=True))
    assert stand(desk) == (ReviewStatus.PENDING, desk.roots[0])
    decided, _ = desk.wait(desk.review.restore(second, ANN))
    assert (stand(desk), decided.entry.decision.override) == ((ReviewStatus.EDITED, second), False)
    with pytest.raises(UserError, match="the head already"):
        desk.wait(desk.review.restore(second, ANN))
    desk.wait(desk.review.undo("ann"))
    assert stand(desk) == (ReviewStatus.PENDING, desk.roots[0])


# -- judging and rating ------------------------------------------------------------------------------------------------


def test_the_newest_judgement_and_rating_of_the_annotator_are_shown(desk: ReviewDesk) -> None:
    root, review = desk.roots[0], desk.review
    assert not desk.open(annotator="ann").has_judged
    desk.wait(review.judge(root, None, ANN, "p1"))
    opened = desk.open(annotator="ann")
    assert (opened.has_judged, opened.judged_blame) == (True, None)
    desk.wait(review.judge(root, 2, ANN, "p1"))
    desk.wait(review.rate(root, "tone", 2, "1", ANN))
    desk.wait(review.rate(root, "tone", 4, "1", ANN))
    desk.wait(review.rate(root, "tone", 1, "1", BOB))
    opened = desk.open(annotator="ann")
    assert (opened.judged_blame, opened.ratings, opened.row.status) == (2, {"tone": 4}, ReviewStatus.PENDING)
    desk.wait(review.undo("ann"))
    assert desk.open(annotator="ann").ratings == {"tone": 2}
    assert desk.entries()[1].decision.detail == {"blame": 2, "proposal_id": "p1"}
    with pytest.raises(UserError, match="there is no step 9"):
        desk.wait(review.judge(root, 9, ANN))


# -- proposals that are bad on purpose ---------------------------------------------------------------------------------


def test_a_bad_proposal_that_is_accepted_changes_nothing_but_the_record(desk: ReviewDesk) -> None:
    proposal = desk.propose(bad=SeedKind.SMUGGLED)
    before = desk.row()
    decided, _ = desk.wait(desk.review.decide(proposal.id, ANN, accept=True))
    assert decided.entry.decision.detail["seed"] == {"kind": "smuggled", "bad_hunks": [1], "accepted_bad": [1]}
    after = desk.row()
    assert (after.status, after.head_id) == (before.status, before.head_id)
    assert proposal not in desk.open(annotator="ann").undecided
    assert proposal in desk.open(annotator="bob").undecided
    assert len(desk.open(annotator="ann").revisions) == 1
    with pytest.raises(UserError, match="bad on purpose"):
        desk.wait(desk.review.restore(str(decided.entry.decision.candidate_id), BOB, override=True))
    desk.wait(desk.review.undo("ann"))
    assert proposal in desk.open(annotator="ann").undecided


def test_a_bad_proposal_that_is_seen_through_leaves_the_lineage_to_do(desk: ReviewDesk) -> None:
    proposal = desk.propose(bad=SeedKind.SMUGGLED)
    desk.wait(desk.review.reject(desk.roots[0], ANN, proposal_id=proposal.id))
    decided, _ = desk.wait(desk.review.decide(proposal.id, BOB, accept=True, kept=[0]))
    details = [entry.decision.detail["seed"] for entry in desk.entries()]
    assert [detail["accepted_bad"] for detail in details if isinstance(detail, dict)] == [[], []]
    assert desk.row().status is ReviewStatus.PENDING
    assert decided.entry.decision.head_after == desk.roots[0]
    assert proposal not in desk.open(annotator="bob").undecided
