"""What the decisions of several people make of a lineage, on desks in memory that are merged as stores are."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.decision import AUTOMATIC, GENESIS, Decision, DecisionKind, LedgerEntry, ReviewStatus, entry_hash
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.standing import (
    Stand,
    consensus,
    disagree,
    origin,
    own_stand,
    place_in,
    standings,
    verdict_word,
)

ROOT = "root"

AFTER = {
    DecisionKind.ACCEPT: ReviewStatus.APPROVED,
    DecisionKind.EDIT: ReviewStatus.EDITED,
    DecisionKind.REJECT: ReviewStatus.REJECTED,
    DecisionKind.SKIP: ReviewStatus.SKIPPED,
    DecisionKind.FLAG: ReviewStatus.FLAGGED,
}

KEEP, REPAIR, REJECT, SKIP, FLAG = AFTER


class Desk:
    """One lineage on one desk. People at it see what it says, unless they are blind."""

    def __init__(self) -> None:
        self.entries: list[LedgerEntry] = []

    def decide(
        self,
        who: str,
        kind: DecisionKind,
        time: int,
        *,
        head: str = "",
        loss: int | None = None,
        blind: bool = False,
        undoes: int | None = None,
        changes: JsonObject | None = None,
    ) -> LedgerEntry:
        """Decide in sight of what the desk shows; `head` is the revision that a repair makes."""
        seen = own_stand(ROOT, who, standings(self.entries)) if blind else self.stand
        detail: dict[str, object] = {"blind": True} if blind else {}
        if loss is not None:
            detail["losses_after"] = {"goal": {"count": loss, "of": 9}}
        decision = Decision(
            kind,
            ROOT,
            seen.head,
            who,
            "",
            f"2026-01-31T12:00:{time:02}",
            status_before=seen.status,
            status_after=AFTER.get(kind, seen.status),
            head_before=seen.head,
            head_after=head or seen.head,
            accepted=True if kind in (KEEP, REPAIR) else None,
            undoes=undoes,
            detail=detail,  # type: ignore[arg-type]  # plain JSON
        )
        return self.append(replace(decision, **(changes or {})))  # type: ignore[arg-type]  # tests change what they name

    def undo(self, who: str, entry: LedgerEntry, time: int) -> None:
        here = {origin(each).hash: each.sequence for each in self.entries}
        self.decide(who, DecisionKind.UNDO, time, undoes=here[origin(entry).hash])

    def append(self, decision: Decision) -> LedgerEntry:
        sequence, last = len(self.entries) + 1, self.entries[-1].hash if self.entries else GENESIS
        self.entries.append(LedgerEntry(sequence, decision, last, entry_hash(sequence, decision.payload(), last)))
        return self.entries[-1]

    def absorb(self, *others: "Desk") -> "Desk":
        """Append what the others have and this one has not."""
        for other in others:
            here = {origin(each).hash: each.sequence for each in self.entries}
            there = {each.sequence: origin(each).hash for each in other.entries}
            for entry in other.entries:
                if origin(entry).hash not in here:
                    undoes = entry.decision.undoes
                    moved = replace(
                        entry.decision,
                        undoes=None if undoes is None else here[there[undoes]],
                        detail={**entry.decision.detail, "imported": place_in(entry, other.entries[-1].hash)},
                    )
                    here[origin(entry).hash] = self.append(moved).sequence
        return self

    def copy(self) -> "Desk":
        made = Desk()
        made.entries = list(self.entries)
        return made

    @property
    def stand(self) -> Stand:
        return consensus(ROOT, standings(self.entries))

    def status(self) -> ReviewStatus:
        return self.stand.status

    def words(self) -> dict[str, str]:
        return {name: verdict_word(ROOT, each) for name, each in standings(self.entries).items()}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def independent(*made: tuple[str, DecisionKind, str]) -> list[Desk]:
    """Desks at each of which one person decided without sight of the others, in this order."""
    desks = []
    for time, (who, kind, head) in enumerate(made, 1):
        desks.append(Desk())
        desks[-1].decide(who, kind, time, head=head)
    return desks


def merged(desks: Sequence[Desk]) -> Desk:
    """All of them, in one order after the other; it must not matter."""
    stands = [Desk().absorb(*order).stand for order in permutations(desks)]
    assert stands == [stands[0]] * len(stands)
    return Desk().absorb(*desks)


def test_two_people_who_keep_a_recording_agree() -> None:
    both = merged(independent(("ada", KEEP, ""), ("bob", KEEP, "")))
    assert both.stand == Stand(ReviewStatus.APPROVED, ROOT)
    assert both.words() == {"ada": "kept", "bob": "kept"}


def test_one_repairs_and_one_rejects_so_it_is_disputed() -> None:
    both = merged(independent(("ada", REPAIR, "r1"), ("bob", REJECT, "")))
    assert both.stand == Stand(ReviewStatus.DISPUTED, ROOT)
    assert both.words() == {"ada": "repaired", "bob": "rejected"}
    assert disagree(ROOT, standings(both.entries))


def test_of_two_repairs_the_one_with_less_loss_is_the_head() -> None:
    ada, bob = Desk(), Desk()
    ada.decide("ada", REPAIR, 1, head="r1", loss=2)
    bob.decide("bob", REPAIR, 2, head="r2", loss=1)
    assert merged([ada, bob]).stand == Stand(ReviewStatus.EDITED, "r2")
    assert not disagree(ROOT, standings(ada.absorb(bob).entries))


def test_of_two_repairs_as_good_the_earlier_is_the_head() -> None:
    assert merged(independent(("ada", REPAIR, "r1"), ("bob", REPAIR, "r2"))).stand.head == "r1"


def test_who_saw_the_dispute_settles_it_and_it_stays_known_as_one() -> None:
    both = merged(independent(("ada", REPAIR, "r1"), ("bob", REJECT, "")))
    settling = both.decide("cyd", REJECT, 9)
    assert both.status() is ReviewStatus.REJECTED
    assert disagree(ROOT, standings(both.entries))
    both.undo("cyd", settling, 10)
    assert both.status() is ReviewStatus.DISPUTED


def test_a_party_to_the_dispute_can_settle_it() -> None:
    both = merged(independent(("ada", REPAIR, "r1"), ("bob", REJECT, "")))
    both.decide("ada", REJECT, 9)
    assert both.status() is ReviewStatus.REJECTED


def test_the_settler_may_change_their_mind() -> None:
    both = merged(independent(("ada", REPAIR, "r1"), ("bob", REJECT, "")))
    both.decide("cyd", REJECT, 9)
    both.decide("cyd", KEEP, 10)
    assert both.status() is ReviewStatus.APPROVED


def test_a_verdict_that_was_not_seen_does_not_settle_a_dispute() -> None:
    both = merged(independent(("ada", REPAIR, "r1"), ("bob", REJECT, "")))
    both.decide("cyd", KEEP, 9, blind=True)
    assert both.status() is ReviewStatus.DISPUTED


def test_at_one_desk_the_newest_decision_counts(desk: Desk) -> None:
    desk.decide("ada", KEEP, 1)
    desk.decide("bob", REJECT, 2)
    assert desk.status() is ReviewStatus.REJECTED
    desk.decide("ada", REPAIR, 3, head="r1")
    assert desk.stand == Stand(ReviewStatus.EDITED, "r1")
    assert not disagree(ROOT, standings(desk.entries))


def test_who_agreed_in_sight_of_a_verdict_does_not_hold_its_maker_to_it(desk: Desk) -> None:
    desk.decide("ada", KEEP, 1)
    desk.decide("bob", KEEP, 2)
    desk.decide("ada", REJECT, 3)
    assert desk.status() is ReviewStatus.REJECTED


def test_a_flag_on_a_verdict_is_answered_by_the_next_one(desk: Desk) -> None:
    desk.decide("ada", KEEP, 1)
    desk.decide("bob", FLAG, 2)
    assert desk.status() is ReviewStatus.FLAGGED
    desk.decide("ada", KEEP, 3)
    assert desk.status() is ReviewStatus.APPROVED


def test_without_a_verdict_a_flag_goes_before_a_skip() -> None:
    assert merged(independent(("ada", SKIP, ""))).status() is ReviewStatus.SKIPPED
    assert merged(independent(("ada", FLAG, ""), ("bob", SKIP, ""))).status() is ReviewStatus.FLAGGED
    assert (
        merged(independent(("ada", FLAG, ""), ("bob", SKIP, ""), ("cyd", KEEP, ""))).status() is ReviewStatus.APPROVED
    )


def test_what_the_rules_accepted_is_the_head_and_waits_for_a_person(desk: Desk) -> None:
    desk.decide(AUTOMATIC, KEEP, 1, head="r1", changes={"status_after": ReviewStatus.PENDING})
    assert desk.stand == Stand(ReviewStatus.PENDING, "r1")
    assert own_stand(ROOT, "ada", standings(desk.entries)) == desk.stand
    desk.decide("ada", KEEP, 2)
    assert desk.stand == Stand(ReviewStatus.APPROVED, "r1")
    assert desk.words()["ada"] == "repaired"


def test_of_one_person_at_two_desks_the_newest_decision_counts() -> None:
    office, home = Desk(), Desk()
    office.decide("ada", REPAIR, 1, head="r1")
    home.decide("ada", REJECT, 2)
    assert merged([office, home]).status() is ReviewStatus.REJECTED
    home.undo("ada", home.entries[0], 3)
    assert merged([office, home]).stand == Stand(ReviewStatus.EDITED, "r1")


def test_an_undo_reaches_the_decision_wherever_it_was_taken_over(desk: Desk) -> None:
    desk.decide("ada", KEEP, 1)
    other = Desk().absorb(*independent(("bob", REJECT, "")), desk)
    desk.undo("ada", desk.entries[0], 2)
    assert other.status() is ReviewStatus.DISPUTED
    assert other.absorb(desk).status() is ReviewStatus.REJECTED


def test_a_blind_annotator_sees_no_more_than_their_own(desk: Desk) -> None:
    desk.decide("ada", REPAIR, 1, head="r1")
    assert own_stand(ROOT, "bob", standings(desk.entries)) == Stand(ReviewStatus.PENDING, ROOT)
    desk.decide("bob", KEEP, 2, blind=True)
    assert own_stand(ROOT, "bob", standings(desk.entries)) == Stand(ReviewStatus.APPROVED, ROOT)
    desk.decide("bob", KEEP, 3, blind=True)
    assert desk.status() is ReviewStatus.DISPUTED


def test_a_blind_annotator_who_decides_again_settles_nothing(desk: Desk) -> None:
    desk.decide("ada", KEEP, 1)
    desk.decide("bob", REJECT, 2, blind=True)
    desk.decide("cyd", REJECT, 3)
    desk.decide("bob", KEEP, 4, blind=True)
    assert desk.status() is ReviewStatus.REJECTED


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (KEEP, {"detail": {"seed": {"kind": "harmful", "accepted_bad": True}}}),  # a proposal that was bad on purpose
        (REPAIR, {"accepted": False}),  # an attempt that the rule refused
        (REJECT, {"candidate_id": "r9", "accepted": False}),  # one more proposal for what is settled
    ],
)
def test_what_leaves_the_lineage_where_it_was_is_nobodys_verdict(
    desk: Desk, kind: DecisionKind, fields: JsonObject
) -> None:
    desk.decide("ada", KEEP, 1)
    before = desk.stand
    desk.decide("bob", kind, 2, changes={**fields, "status_after": before.status})
    assert desk.stand == before
    assert desk.words() == {"ada": "kept"}
    (other,) = independent(("cyd", REJECT, ""))
    assert desk.absorb(other).status() is ReviewStatus.DISPUTED


PEOPLE = ("ada", "bob", AUTOMATIC)
ACTS = st.tuples(
    st.integers(0, 2),  # at which desk
    st.sampled_from(PEOPLE),
    st.sampled_from([*AFTER, DecisionKind.UNDO]),
    st.sampled_from(["r1", "r2"]),
    st.sampled_from([None, 0, 1]),
    st.booleans(),
    st.integers(0, 3),  # by how much the clock goes on: decisions of one moment occur
)
SYNC = st.tuples(st.integers(0, 2), st.integers(0, 2))


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(ACTS | SYNC, max_size=10), shuffle=st.randoms(use_true_random=False))
def test_whatever_was_decided_stands_the_same_in_every_order_of_merges(acts: list[object], shuffle: Random) -> None:
    desks, time = [Desk() for _ in range(3)], 0
    for act in acts:
        time = act_at(desks, act, time)
    merges = [Desk().absorb(*(each.copy() for each in order)) for order in permutations(desks)]
    left, right = desks[0].copy().absorb(desks[1]), desks[1].copy().absorb(desks[2])
    merges += [left.copy().absorb(desks[2]), desks[0].copy().absorb(right), right.absorb(left)]
    first = merges[0]
    for each in merges[1:]:
        assert {origin(e) for e in each.entries} == {origin(e) for e in first.entries}
        assert standings(each.entries) == standings(first.entries)
        assert each.stand == first.stand
    shuffle.shuffle(first.entries)
    assert consensus(ROOT, standings(first.entries)) == merges[1].stand
    assert len(first.absorb(*desks, *merges).entries) == len(merges[1].entries)


def act_at(desks: list[Desk], act: object, time: int) -> int:
    """Decide at a desk, or absorb one into another; the time after it."""
    assert isinstance(act, tuple)
    if len(act) == 2:
        desks[act[0]].absorb(desks[act[1]].copy())
        return time
    at, who, kind, head, loss, blind, later = act
    time += later
    if kind is not DecisionKind.UNDO:
        kept = {"status_after": desks[at].status()} if who == AUTOMATIC else {}
        head = head if kind is REPAIR else ""
        desks[at].decide(who, kind, time, head=head, loss=loss, blind=blind, changes=kept)
        return time
    undone = {each.decision.undoes for each in desks[at].entries}
    own = [
        each
        for each in desks[at].entries
        if each.decision.annotator == who
        and each.decision.kind is not DecisionKind.UNDO
        and each.sequence not in undone
    ]
    if own:
        desks[at].undo(who, own[-1], time)
    return time
