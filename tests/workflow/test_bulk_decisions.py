"""One decision on many lineages: previewed, recorded at once, taken back at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from review_desk import ANN, BLIND_BOB, BOB, ReviewDesk

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.workflow.bulk import BulkAction, LeftOut
from hitl_app.workflow.deciding import Maker


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ReviewDesk]:
    made = ReviewDesk(tmp_path, runs=6)
    yield made
    made.close()


def statuses(desk: ReviewDesk) -> list[str]:
    return [desk.row(number).status.value for number in range(6)]


def apply(desk: ReviewDesk, action: BulkAction, query: str, maker: Maker = ANN) -> int:
    preview = desk.wait(desk.bulk.preview(action, query, maker))
    done, _ = desk.wait(desk.bulk.apply(preview, maker))
    return len(done.entries)


def test_only_what_is_verified_as_it_is_is_approved_and_the_rest_says_why(desk: ReviewDesk) -> None:
    desk.verify_all(range(3))
    desk.wait(desk.refinement.inspect(desk.roots[3]))
    desk.wait(desk.review.approve_as_is(desk.roots[0], ANN))
    preview = desk.wait(desk.bulk.preview(BulkAction.APPROVE, "", ANN))
    assert [row.root_id for row in preview.rows] == desk.roots[1:3]
    assert preview.reasons == {LeftOut.NOT_INSPECTED: 2, LeftOut.ALREADY: 1, LeftOut.NOT_VERIFIED: 1}
    assert statuses(desk).count("approved") == 1, "a preview decides nothing"
    done, _ = desk.wait(desk.bulk.apply(preview, ANN))
    assert {entry.decision.detail["batch"] for entry in done.entries} == {done.batch}
    assert statuses(desk) == ["approved"] * 3 + ["pending"] * 3


def test_one_undo_takes_all_back(desk: ReviewDesk) -> None:
    desk.wait(desk.review.skip(desk.roots[0], BOB))
    assert apply(desk, BulkAction.REJECT, "") == 6
    assert statuses(desk) == ["rejected"] * 6
    undone, _ = desk.wait(desk.review.undo("ann"))
    assert (len(undone.undos), len(undone.taken_back), undone.kept) == (6, 6, ())
    assert statuses(desk) == ["skipped"] + ["pending"] * 5
    assert desk.ask(desk.store.check_ledger).sound
    with pytest.raises(UserError, match="no decision to undo"):
        desk.wait(desk.review.undo("ann"))


def test_what_somebody_answered_since_stays_when_the_rest_is_taken_back(desk: ReviewDesk) -> None:
    apply(desk, BulkAction.REJECT, "")
    desk.repair(BOB, number=4)
    undone, _ = desk.wait(desk.review.undo("ann"))
    assert [entry.decision.root_id for entry in undone.kept] == [desk.roots[4]]
    assert statuses(desk) == ["pending"] * 4 + ["edited", "pending"]
    with pytest.raises(UserError, match="decided on again since"):
        desk.wait(desk.review.undo("ann"))


def test_what_was_decided_on_since_the_preview_is_left_alone(desk: ReviewDesk) -> None:
    preview = desk.wait(desk.bulk.preview(BulkAction.SKIP, "status:pending", ANN))
    desk.wait(desk.review.flag(desk.roots[2], BOB))
    desk.repair(BOB, number=3)
    done, _ = desk.wait(desk.bulk.apply(preview, ANN))
    assert {(row.root_id, why) for row, why in done.left_out} == {(r, LeftOut.CHANGED) for r in desk.roots[2:4]}
    assert statuses(desk) == ["skipped", "skipped", "flagged", "edited", "skipped", "skipped"]


def test_disputes_and_verdicts_are_not_swept_away(desk: ReviewDesk) -> None:
    desk.repair(ANN, number=0)
    desk.wait(desk.review.reject(desk.roots[0], BLIND_BOB))
    desk.repair(ANN, number=1)
    for action in (BulkAction.REJECT, BulkAction.REOPEN, BulkAction.SKIP):
        preview = desk.wait(desk.bulk.preview(action, desk.roots[:2], BOB))
        assert (preview.left_out[0][0].root_id, preview.left_out[0][1]) == (desk.roots[0], LeftOut.DISPUTED)
    assert preview.left_out[1][1] is LeftOut.SETTLED
    assert not preview.rows


def test_reopened_lineages_are_pending_with_the_head_they_had(desk: ReviewDesk) -> None:
    head = desk.repair(ANN, number=1)
    apply(desk, BulkAction.FLAG, "task:task-2")
    apply(desk, BulkAction.FLAG, "task:task-3", BOB)
    preview = desk.wait(desk.bulk.preview(BulkAction.REOPEN, "", BOB))
    assert preview.reasons == {LeftOut.ALREADY: 3, LeftOut.HELD: 1}
    assert apply(desk, BulkAction.REOPEN, "-status:pending", BOB) == 2
    assert statuses(desk) == ["pending", "pending", "flagged", "pending", "pending", "pending"]
    assert desk.row(1).head_id == head


def test_a_blind_annotator_changes_only_their_own_standing(desk: ReviewDesk) -> None:
    desk.repair(ANN, number=0)
    assert apply(desk, BulkAction.REJECT, "status:pending", BLIND_BOB) == 6
    assert desk.row(0).status is ReviewStatus.DISPUTED
    assert desk.row(0, "bob").status is ReviewStatus.REJECTED
    desk.wait(desk.review.undo("bob", blind=True))
    assert statuses(desk) == ["edited"] + ["pending"] * 5


@pytest.mark.parametrize("action", [BulkAction.REJECT, BulkAction.FLAG])
def test_without_a_reason_or_with_an_unknown_id_nothing_is_recorded(desk: ReviewDesk, action: BulkAction) -> None:
    preview = desk.wait(desk.bulk.preview(action, "", Maker("ann")))
    with pytest.raises(UserError, match="needs a reason"):
        desk.wait(desk.bulk.apply(preview, Maker("ann")))
    with pytest.raises(NotFoundError):
        desk.wait(desk.bulk.preview(action, ["0123abcd"], ANN))
    assert statuses(desk) == ["pending"] * 6
