"""A team's policy, assignments, agreement and gold items, from decisions that people really made."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from review_desk import ANN, BLIND_BOB, BOB, ReviewDesk

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.team import ReviewPolicy
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.agreement import Agreement, Undefined
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.gold import GoldMiss
from hitl_app.workflow.team import AgreementReport, Team

BLIND_ANN = replace(ANN, blind=True)
CEM = Maker("cem", "settled")


class TeamDesk(ReviewDesk):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, runs=3)
        self.team = Team(self.store, self.threads, SystemClock())

    def keep(self, number: int, maker: Maker) -> None:
        self.wait(self.review.approve_as_is(self.roots[number], maker, override=True))

    def reject(self, number: int, maker: Maker) -> None:
        self.wait(self.review.reject(self.roots[number], maker))

    def agreement(self, query: str = "") -> AgreementReport:
        return self.wait(self.team.agreement(query))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TeamDesk]:
    made = TeamDesk(tmp_path)
    yield made
    made.close()


def named(report: AgreementReport, name: str) -> Agreement:
    return next(question for question in report.questions if question.question == name)


def test_the_policy_stays_with_the_store(desk: TeamDesk) -> None:
    assert desk.wait(desk.team.policy()) == ReviewPolicy()
    desk.wait(desk.team.set_policy(ReviewPolicy(blind=True, judge_first=True)))
    assert desk.wait(desk.team.policy()) == ReviewPolicy(blind=True, judge_first=True)


def test_a_plan_becomes_assignments_that_can_be_taken_back(desk: TeamDesk) -> None:
    planned = desk.wait(desk.team.plan_assignment("", ["ann", "bob"], overlap=0.34))
    assert desk.wait(desk.team.assignments()) == [], "a plan changes nothing"

    assert desk.wait(desk.team.assign(planned))[0] == len(planned.pairs) == 4
    assert {(each.root_id, each.annotator) for each in desk.wait(desk.team.assignments())} == set(planned.pairs)
    assert desk.wait(desk.team.plan_assignment("", ["ann", "bob"], overlap=0.34)).pairs == ()
    assert desk.wait(desk.team.annotators()) == ("ann", "bob")

    taken_back, _ = desk.wait(desk.team.unassign("", "ann"))
    assert taken_back == len(desk.roots) - len(desk.wait(desk.team.assignments())) + 1
    assert {each.annotator for each in desk.wait(desk.team.assignments())} == {"bob"}


def test_agreement_is_measured_on_what_people_decided_without_sight_of_each_other(desk: TeamDesk) -> None:
    desk.keep(0, ANN)
    desk.keep(0, BLIND_BOB)
    desk.reject(1, ANN)
    desk.keep(1, BLIND_BOB)
    desk.keep(2, ANN)
    desk.keep(2, BOB)

    report = desk.agreement()
    verdicts = named(report, "verdict")
    assert (verdicts.n, verdicts.observed) == (2, 0.5), "what bob decided in sight of ann's verdict does not count"
    assert [(pair.first, pair.second, pair.n, pair.equal) for pair in verdicts.pairs] == [("ann", "bob", 2, 1)]
    (dispute,) = report.disputes
    assert (dispute.root_id, dispute.status) == (desk.roots[1], ReviewStatus.DISPUTED)
    assert dispute.verdicts == (("ann", "rejected"), ("bob", "kept"))

    desk.reject(1, CEM)
    settled = desk.agreement()
    assert named(settled, "verdict") == verdicts, "settling a dispute makes nobody agree afterwards"
    assert [each.status for each in settled.disputes] == [ReviewStatus.REJECTED]
    assert named(desk.agreement("status:approved"), "verdict").n == 1


def test_who_settles_a_dispute_of_their_own_still_disagreed(desk: TeamDesk) -> None:
    desk.keep(0, ANN)
    desk.reject(0, BLIND_BOB)
    desk.reject(0, ANN)

    (dispute,) = desk.agreement().disputes
    assert dispute.verdicts == (("ann", "kept"), ("bob", "rejected"))
    assert dispute.status is ReviewStatus.REJECTED


def test_blames_and_ratings_are_compared_too(desk: TeamDesk) -> None:
    for number, (first, second) in enumerate([(1, 1), (2, 3), (None, None)]):
        desk.wait(desk.review.judge(desk.roots[number], first, BLIND_ANN))
        desk.wait(desk.review.judge(desk.roots[number], second, BLIND_BOB))
        desk.keep(number, BLIND_ANN)
        desk.keep(number, BLIND_BOB)
    desk.wait(desk.review.move_blame(desk.roots[1], 3, BLIND_ANN))
    for maker, value in ((ANN, 1), (ANN, 4), (BOB, 5)):
        desk.wait(desk.review.rate(desk.roots[0], "clarity", value, "2", maker))
    desk.wait(desk.review.rate(desk.roots[1], "clarity", 3, "2", ANN))
    desk.wait(desk.review.rate(desk.roots[1], "clarity", 3, "3", BOB))

    report = desk.agreement()
    blames = named(report, "blame")
    assert blames.n == 3
    assert [each.answers for each in blames.disagreements] == [(("ann", "2"), ("bob", "3"))], (
        "the first judgement counts"
    )
    clarity = named(report, "rating clarity")
    assert clarity.n == 1, "answers to different versions of the rubric are not compared"
    assert [each.answers for each in clarity.disagreements] == [(("ann", 4), ("bob", 5))], "the newest rating counts"
    assert named(report, "verdict").alpha.undefined is Undefined.NO_VARIATION


def test_gold_items_tell_who_comes_to_the_right_decision(desk: TeamDesk) -> None:
    desk.wait(desk.team.add_gold(desk.roots[0], "kept", "lead", blame=2, note="known"))
    desk.wait(desk.review.judge(desk.roots[0], 2, BLIND_ANN))
    desk.wait(desk.review.judge(desk.roots[0], 3, BLIND_BOB))
    desk.keep(0, BLIND_ANN)
    desk.reject(0, BLIND_BOB)
    desk.reject(1, BLIND_ANN)
    made, _ = desk.wait(desk.team.gold_from_consensus("", "lead"))
    assert [(item.root_id, item.verdict) for item in made] == [(desk.roots[1], "rejected")], "only what is settled"

    ann, bob = desk.wait(desk.team.gold_report())
    assert (ann.verdicts.hits, ann.verdicts.of, ann.blames.hits, ann.blames.of, ann.misses) == (2, 2, 1, 1, ())
    assert (bob.verdicts.hits, bob.verdicts.of, bob.blames.hits, bob.blames.of) == (0, 1, 0, 1)
    assert set(bob.misses) == {
        GoldMiss(desk.roots[0], "verdict", "rejected", "kept"),
        GoldMiss(desk.roots[0], "blame", "3", "2"),
    }
    assert ann.verdicts.interval is not None
    assert ann.verdicts.interval.low == pytest.approx(0.342, abs=0.001), "Wilson's interval of 2 of 2"

    assert desk.wait(desk.team.remove_gold("status:rejected"))[0] == 1
    assert [item.root_id for item in desk.wait(desk.team.gold())] == [desk.roots[0]]


@pytest.mark.parametrize(("verdict", "blame", "words"), [("good", None, "one of kept"), ("kept", 5, "steps 0 to 4")])
def test_gold_that_cannot_be_right_is_refused(desk: TeamDesk, verdict: str, blame: int | None, words: str) -> None:
    with pytest.raises(UserError, match=words):
        desk.wait(desk.team.add_gold(desk.roots[0], verdict, "lead", blame=blame))
