"""Which action carries out which step of a plan: people's links before recorded ones, and these before words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.coordination import best_alignment, followed
from hitl_app.domain.decision import GENESIS, Decision, DecisionKind, LedgerEntry
from hitl_app.domain.following import AlignedStep, LinkSource, PlanAlignment, links_left, similarity
from hitl_app.domain.trajectory import PlanStep, Trajectory, action, message
from hitl_app.environments.travel.samples import sample_runs

PLAN = (PlanStep("Search trains from Lund to Oslo"), PlanStep("Book a hotel"), PlanStep("Hand in the plan"))
RUN = Trajectory(
    "task",
    (
        message("Plan my trip", "user"),
        action("search_trains", {"origin": "Lund", "destination": "Oslo"}),
        action("bookHotel", {"hotel_id": "H-7"}),
        action("finish_plan", {}),
    ),
    PLAN,
)
sureness = st.lists(st.dictionaries(st.integers(0, 3), st.floats(0, 1), max_size=3), max_size=5)
links = st.dictionaries(st.integers(0, 5), st.none() | st.integers(0, 4), max_size=4)
texts = st.text("ab 旅行計画ไปเที่ยว_A1", max_size=12)


def said(links: dict[int, int | None], of: Trajectory = RUN) -> list[LedgerEntry]:
    decisions = (
        Decision(DecisionKind.LINK, of.root_id, of.id, "ann", "", "now", detail={"step": step, "plan_step": place})
        for step, place in links.items()
    )
    return [LedgerEntry(number, each, GENESIS, "") for number, each in enumerate(decisions, 1)]


def test_words_align_a_plan_with_what_was_done() -> None:
    found = PlanAlignment.of(RUN)
    assert [row.step for row in found.rows] == [1, 2, 3]
    assert {row.source for row in found.rows} == {LinkSource.MATCHED}
    assert found.c_tau == pytest.approx(sum(row.sure for row in found.rows) / 3)


def test_the_words_of_a_plan_step_are_compared_with_the_tools_name_and_short_values() -> None:
    # find, trains: both in the plan step; of its words find, train, lund, oslo all are said
    assert similarity(PLAN[0], RUN.steps[1]) == 1
    # book, hotel: both in the plan step; of its words book and hotel both are said
    assert similarity(PLAN[1], RUN.steps[2]) == 1
    # finish, plan: of them both (hand in is finish); of the words finish and plan, both
    assert similarity(PLAN[2], RUN.steps[3]) == 1
    # hotel alone: half of the tool's name, and half of the plan step's words
    assert similarity(PlanStep("Choose a hotel"), action("book_hotel", {})) == 0.5
    assert similarity(PLAN[1], action("send_mail", {"text": "book a hotel " * 20})) == 0, "a long value is content"


def test_a_link_on_record_goes_before_words_as_sure_as_it_is() -> None:
    steps = (RUN.steps[0], replace(RUN.steps[1], plan_step=1, link_confidence=0.4), *RUN.steps[2:])
    found = PlanAlignment.of(replace(RUN, steps=steps))
    assert found.rows[0] == AlignedStep(0), "what is linked carries out that step alone"
    assert found.links[1] == AlignedStep(1, 1, 0.4, LinkSource.RECORDED)
    assert found.rows[1].step == 2, "words that are surer than the link"


def test_what_a_person_says_goes_before_everything() -> None:
    certain = replace(RUN, steps=tuple(replace(step, plan_step=0) if step.is_action else step for step in RUN.steps))
    assert PlanAlignment.of(certain).c_tau == pytest.approx(1 / 3)
    found = PlanAlignment.of(certain, {2: 1, 3: None})
    assert found.c_tau == pytest.approx(2 / 3)
    assert found.rows[1] == AlignedStep(1, 2, 1.0, LinkSource.HUMAN)
    assert found.rows[2] == AlignedStep(2), "it carries out nothing, whatever its words and the recording say"


def test_a_message_carries_out_what_it_is_linked_to_and_nothing_by_its_words() -> None:
    told = replace(RUN, steps=(*RUN.steps[:3], message("Search trains, book a hotel, hand in the plan")))
    assert PlanAlignment.of(told).rows[2].step is None
    assert PlanAlignment.of(told, {3: 2}).rows[2].step == 3


def test_where_nothing_is_linked_and_no_word_is_shared_nothing_was_measured() -> None:
    chinese = replace(RUN, plan=(PlanStep("查询列车"), PlanStep("预订酒店")))
    assert PlanAlignment.of(chinese).c_tau is None
    assert PlanAlignment.of(chinese, {2: 1}).c_tau == 0.5
    assert PlanAlignment.of(replace(RUN, plan=())).c_tau is None
    mixed = PlanStep("预订奥斯陆的酒店")
    assert similarity(mixed, action("预订", {"城市": "奥斯陆"})) > 0.5


@given(texts, texts, texts)
def test_no_language_stops_the_comparison(plan: str, tool: str, value: str) -> None:
    assert 0 <= similarity(PlanStep(plan), action(tool, {"value": [value, 1, None, True]})) <= 1


@given(sureness)
@settings(max_examples=40)
def test_the_best_alignment_is_the_best_of_all_and_uses_nothing_twice(sure: list[dict[int, float]]) -> None:
    found = best_alignment(sure, 4)
    places = [found[step] for step in sorted(found)]
    assert places == sorted(set(places))
    assert followed(sure, 4) == pytest.approx(_best(sure, 0, 0) / 4)


def _best(sure: list[dict[int, float]], action: int, step: int) -> float:
    """By trying everything."""
    if action == len(sure) or step == 4:
        return 0.0
    both = sure[action].get(step, 0.0) + _best(sure, action + 1, step + 1)
    return max(both, _best(sure, action + 1, step), _best(sure, action, step + 1))


@given(links)
@settings(max_examples=40)
def test_how_far_a_plan_was_followed_is_a_share_and_does_not_fall_with_a_link_that_says_what_it_found(
    by_people: dict[int, int | None],
) -> None:
    found = PlanAlignment.of(RUN, by_people)
    before = found.c_tau
    assert before is not None
    assert 0 <= before <= 1
    for row in found.rows:
        if row.step is not None:
            after = PlanAlignment.of(RUN, {**by_people, row.step: row.plan_step}).c_tau
            assert after is not None
            assert after >= before - 1e-9


def test_a_link_goes_on_to_a_revision_with_its_step() -> None:
    extra = action("look", {})
    revised = replace(RUN, steps=(RUN.steps[0], extra, *RUN.steps[1:3]), parent_id=RUN.id, lineage_root=RUN.id)
    entries = said({1: 2, 3: None})
    known = {RUN.id: RUN}
    assert links_left(RUN, known, entries) == {1: 2, 3: None}
    assert links_left(revised, known, entries) == {2: 2}, "the last step is gone"
    assert links_left(revised, known, [*entries, *said({2: 0}, revised)]) == {2: 0}
    another = replace(revised, plan=PLAN[:2])
    assert links_left(another, known, entries) == {}, "the plan step is gone"


def test_a_link_to_what_is_not_there_is_left_alone() -> None:
    assert PlanAlignment.of(RUN, {1: 99, 77: 0}).rows[0].step is None


def test_words_alone_find_most_of_what_the_links_of_the_travel_world_say() -> None:
    right = of = 0
    for run in sample_runs(8, 3):
        steps = run.trajectory.steps
        unlinked = replace(run.trajectory, steps=tuple(replace(step, plan_step=None) for step in steps))
        for row in PlanAlignment.of(unlinked).rows:
            linked = [index for index, step in enumerate(steps) if step.plan_step == row.plan_step]
            right += row.step in linked if row.step is not None else not linked
            of += 1
    assert (right, of) == (39, 47), "as docs/cope.md says"
