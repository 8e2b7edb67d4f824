"""Seeded bad proposals, and a report on simulated annotators of known behaviour that equals what they did."""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from records import opened

from hitl_app.bootstrap import Application, build
from hitl_app.cli.views import opened_json
from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.team import Seed, SeedKind
from hitl_app.refine.accept import Rule
from hitl_app.refine.repair import NAME
from hitl_app.workflow import seeding
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.reliance import JudgeFirst, Reliance
from hitl_app.workflow.seeding import SeedingReport, Skipped
from hitl_app.workflow.workspace import Workspace

T = TypeVar("T")

EACH = 3
"""Seeds of each kind."""


class Desk:
    """A data folder with samples of the embedded world, and the use cases around it."""

    def __init__(self, folder: Path, samples: int) -> None:
        self.folder = folder
        self.application: Application = build(folder)
        self.workspace: Workspace = self.application.workspace
        self.wait(self.workspace.samples.add(samples, 5, 1))

    def wait(self, work: Coroutine[Any, Any, T]) -> T:  # what a coroutine is sent is asyncio's matter
        return asyncio.run(work)

    def seed(self, count: int, *kinds: SeedKind) -> SeedingReport:
        return self.wait(self.workspace.seeding.add("", count, kinds=kinds or tuple(SeedKind)))[0]

    def seeds(self, kind: SeedKind) -> list[Seed]:
        return [seed for seed in self.wait(self.workspace.seeding.seeds()) if seed.kind is kind]

    def proposal(self, seed: Seed) -> Proposal:
        proposals = self.wait(self.workspace.library.open(seed.root_id)).proposals
        return next(proposal for proposal in proposals if proposal.id == seed.proposal_id)

    def decide(self, seed: Seed, name: str, *, accept: bool, kept: list[int] | None = None) -> None:
        maker = Maker(name, "simulated", seconds=10.0, blind=True)
        self.wait(self.workspace.review.decide(seed.proposal_id, maker, accept=accept, kept=kept))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seeding, "MAX_EXECUTIONS", 30)
        made = Desk(tmp_path_factory.mktemp("seeded"), 14)
        made.seed(3 * EACH)
    yield made
    made.application.close()


@pytest.mark.slow
def test_each_kind_is_bad_in_its_way_when_it_is_executed(desk: Desk) -> None:
    wanted = {
        SeedKind.HARMFUL: {Rule.WORSE, Rule.BREAKS_HARD_CONSTRAINT},
        SeedKind.USELESS: {Rule.EQUAL},
        SeedKind.SMUGGLED: {Rule.IMPROVES},
    }
    refinement = desk.workspace.refinement
    for kind, rules in wanted.items():
        seeds = desk.seeds(kind)
        assert len(seeds) == EACH
        for seed in seeds:
            proposal = desk.proposal(seed)
            candidate = desk.wait(refinement.try_candidate(proposal.base_id, proposal.hunks, NAME))
            confirmed = desk.wait(refinement.confirm(candidate))
            assert confirmed.acceptance.rule in rules
            assert proposal.losses == confirmed.inspection.losses, "no loss is pretended"
            if kind is SeedKind.SMUGGLED:
                good = [hunk for number, hunk in enumerate(proposal.hunks) if number not in seed.bad_hunks]
                without = desk.wait(refinement.try_candidate(proposal.base_id, good, NAME))
                assert without.inspection.losses.rank[:3] == candidate.inspection.losses.rank[:3]


def test_nobody_can_tell_a_bad_proposal_by_anything_but_reading_it(desk: Desk) -> None:
    for seed in desk.wait(desk.workspace.seeding.seeds()):
        shown = desk.wait(desk.workspace.library.open(seed.root_id, "ann", "ann"))
        (proposal,) = shown.proposals
        assert proposal.proposer == NAME
        assert set(proposal.settings) == {"max_executions", "locked"}
        assert "seed" not in json.dumps(opened_json(shown), default=str)


def test_the_same_seed_makes_the_same_proposals_and_leaves_decided_lineages_alone(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        desk = Desk(tmp_path / name, 4)
        seeds = desk.seed(2, SeedKind.HARMFUL, SeedKind.USELESS).seeds
        assert len(seeds) == 2
        found.append([replace(seed, seeded_at="") for seed in seeds])
        if name == "two":
            roots = desk.wait(desk.workspace.library.root_ids())
            free = next(root for root in roots if root not in {seed.root_id for seed in seeds})
            desk.wait(desk.workspace.review.reject(free, Maker("ann", "not needed")))
            again = desk.seed(9, SeedKind.HARMFUL)
            assert again.skipped[Skipped.DECIDED] == 1
            assert again.skipped[Skipped.SEEDED] == 2
            assert free not in {seed.root_id for seed in again.seeds}
        desk.application.close()
    assert found[0] == found[1]


def test_the_report_on_simulated_annotators_equals_what_they_did(desk: Desk) -> None:
    harmful, useless, smuggled = (desk.seeds(kind) for kind in SeedKind)
    goods = [_in_good_faith(desk, seed) for seed in smuggled]
    for seed in (*harmful, *useless, *smuggled):
        desk.decide(seed, "accepts everything", accept=True)
    for seed in (*harmful, *useless, *smuggled):
        desk.decide(seed, "rejects bad ones", accept=False)
    _reads_half(desk, harmful, useless, smuggled)
    for seed in (*harmful, *useless, *smuggled):
        row = desk.wait(desk.workspace.library.row(seed.root_id))
        assert (row.status, row.head_id) == (ReviewStatus.PENDING, seed.root_id), "decisions on seeds move nothing"
    for good in goods:
        _decide_good(desk, good, "accepts everything", accept=True)
    _decide_good(desk, goods[0], "rejects bad ones", accept=True)
    _decide_good(desk, goods[1], "rejects bad ones", accept=False)
    _judges_first(desk, goods, smuggled[0])

    every, careful, half, judging = _by_name(desk)

    assert _accepted(every) == {SeedKind.HARMFUL: (3, 3), SeedKind.USELESS: (3, 3), SeedKind.SMUGGLED: (3, 3)}
    assert (every.over_trust.hits, every.over_trust.of) == (9, 9)
    assert (every.good.hits, every.good.of) == (3, 3)
    assert (every.time_on_seeded.seconds, every.time_on_seeded.measured) == (90.0, 9)
    assert (every.time_on_others.seconds, every.time_on_others.mean) == (12.0, 4.0)

    assert _accepted(careful) == {SeedKind.HARMFUL: (0, 3), SeedKind.USELESS: (0, 3), SeedKind.SMUGGLED: (0, 3)}
    assert [each.caught for each in careful.seeded] == [3, 3, 3]
    assert (careful.good.hits, careful.good.rest) == (1, 1), "one good proposal was rejected: under-trust"

    assert _accepted(half) == {SeedKind.HARMFUL: (0, 1), SeedKind.USELESS: (1, 2), SeedKind.SMUGGLED: (2, 3)}
    assert half.over_trust.interval is not None
    assert half.over_trust.interval.low == pytest.approx(0.188, abs=0.001), "Wilson's interval of 3 of 6"
    assert half.over_trust.interval.high == pytest.approx(0.812, abs=0.001)

    assert judging.judge_first == JudgeFirst(judged=4, compared=3, same=1, moved=1, kept=1)
    assert judging.judge_first_seeded == JudgeFirst(judged=1, compared=1, same=0, moved=0, kept=0)
    assert judging.judge_first_seeded.undecided == 1
    assert every.judge_first == JudgeFirst()


def _reads_half(desk: Desk, harmful: list[Seed], useless: list[Seed], smuggled: list[Seed]) -> None:
    """Finds what was smuggled into one of three, follows one of two useless ones, and takes one decision back."""
    name = "reads half"
    desk.decide(harmful[0], name, accept=False)
    desk.decide(useless[0], name, accept=False)
    desk.decide(useless[1], name, accept=True)
    desk.decide(smuggled[0], name, accept=True)
    desk.decide(smuggled[1], name, accept=True)
    rest = [n for n in range(len(desk.proposal(smuggled[2]).hunks)) if n not in smuggled[2].bad_hunks]
    desk.decide(smuggled[2], name, accept=True)
    desk.decide(smuggled[2], name, accept=True, kept=rest)
    desk.decide(harmful[1], name, accept=True)
    desk.wait(desk.workspace.review.undo(name, blind=True))


def _judges_first(desk: Desk, goods: list[Proposal], seed: Seed) -> None:
    """Blames the proposal's step once; is moved to it once; keeps to their own once; and leaves one open."""
    name, review = "takes the blame seriously", desk.workspace.review
    maker = Maker(name, "simulated", seconds=4.0, blind=True)
    first = [min(hunk.first for hunk in good.hunks) for good in goods]
    for good, blame in zip(goods, (first[0], first[1] + 1, None), strict=True):
        desk.wait(review.judge(good.base_id, blame, maker, good.id))
    desk.wait(review.judge(goods[0].base_id, first[0], maker))
    desk.wait(review.judge(seed.root_id, 0, maker, seed.proposal_id))
    _decide_good(desk, goods[1], name, accept=True)
    _decide_good(desk, goods[2], name, accept=False)


def _in_good_faith(desk: Desk, seed: Seed) -> Proposal:
    """The repair that something was smuggled into, as the proposer made it: it verifies."""
    bad = desk.proposal(seed)
    hunks = tuple(hunk for number, hunk in enumerate(bad.hunks) if number not in seed.bad_hunks)
    assert bad.losses is not None
    assert bad.losses.rank[0] == 0
    good = replace(bad, hunks=hunks)
    store = opened(desk.folder)
    store.save_proposal(good)
    store.close()
    return good


def _decide_good(desk: Desk, proposal: Proposal, name: str, *, accept: bool) -> None:
    maker = Maker(name, "simulated", seconds=4.0, blind=True)
    desk.wait(desk.workspace.review.decide(proposal.id, maker, accept=accept))


def _by_name(desk: Desk) -> list[Reliance]:
    found = {each.annotator: each for each in desk.wait(desk.workspace.trust.report())}
    names = ("accepts everything", "rejects bad ones", "reads half", "takes the blame seriously")
    assert set(found) == set(names)
    return [found[name] for name in names]


def _accepted(found: Reliance) -> dict[SeedKind, tuple[int, int]]:
    return {each.kind: (each.accepted.hits, each.accepted.of) for each in found.seeded}
