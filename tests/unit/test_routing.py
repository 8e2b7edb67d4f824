"""The cascade of a small and a large model: who is asked when, what is voted, who decides, and what it costs."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.method_codec import routing_from_json, routing_to_json, stage_from_json, stage_to_json
from hitl_app.domain.model import ModelUnavailableError, Usage
from hitl_app.domain.routing import (
    LARGE,
    SMALL,
    UNKNOWN,
    Comparator,
    Confidence,
    EscalatedBy,
    Place,
    Route,
    RouteAction,
    RoutedStage,
    RoutingError,
    RoutingSettings,
    Sample,
    elected,
    majority,
    outcome,
    what_if,
)
from hitl_app.domain.routing_replay import replay
from hitl_app.refine.routing import Control, Executed, Manner, Resolved, Routed, Written, route

PLACE = Place("task")
SIX_OF_EIGHT = ("a", "a", "b", "a", "a", "a", "c", "a")


def samples(*answers: str) -> tuple[Sample, ...]:
    return tuple(Sample(number, f"goal {number}", answer) for number, answer in enumerate(answers))


@dataclass
class Models:
    """Two models of given answers: those of stages 1 and 2, and the large one's. Notes what is asked."""

    first: Sequence[str]
    second: Sequence[str] = ()
    third: str = "large"
    passing: frozenset[str] = frozenset()
    asked: list[tuple[str, str]] = field(default_factory=list)
    manners: list[tuple[str, Manner]] = field(default_factory=list)

    @property
    def routed(self) -> Routed[str]:
        return Routed(self.write, self.execute)

    async def write(self, role: str, plan_type: str, temperature: float, sample: int) -> Written:
        self.asked.append((role, plan_type))
        price = 0.001 if role == SMALL else 0.1
        key = f"{role} {plan_type} {sample}"
        return Written(f"{plan_type} {sample}", Usage(1, 10, 2, usd=price), (key,))

    async def execute(self, role: str, manner: Manner) -> Executed[str]:
        self.asked.append((role, "execute"))
        self.manners.append((role, manner))
        answers = [self.third] if role == LARGE else self.second if manner.guideline else self.first
        answer = answers[manner.sample]
        usage = Usage(2, 100, 20, usd=0.01 if role == SMALL else 1.0)
        made = f"{role}: {answer}" if answer else None
        return Executed(made, answer, answer, usage, ("k",), passes=answer in self.passing)


@dataclass
class Desk:
    """Answers for whoever decides, and keeps what is told."""

    settings: RoutingSettings
    answers: Mapping[int, Route] = field(default_factory=dict)
    seen: list[RoutedStage] = field(default_factory=list)
    kept: list[RoutedStage] = field(default_factory=list)

    @property
    def control(self) -> Control:
        return Control(self.settings, "task", "ann", self.decide, self.keep)

    async def decide(self, stage: RoutedStage) -> Route:
        self.seen.append(stage)
        return self.answers.get(stage.stage, Route())

    async def keep(self, stage: RoutedStage) -> None:
        self.kept.append(stage)


def run(models: Models, desk: Desk) -> Resolved[str]:
    return asyncio.run(route(models.routed, PLACE, desk.control))


def test_six_of_eight_escalates_where_it_must_exceed_and_is_accepted_where_it_must_reach() -> None:
    """0.75 is the paper's threshold, and six of eight are just 0.75."""
    for comparator, stage in ((Comparator.EXCEEDS, 2), (Comparator.AT_LEAST, 1)):
        desk = Desk(RoutingSettings(comparator=comparator))
        resolved = run(Models(SIX_OF_EIGHT, ("b",) * 8), desk)
        assert (resolved.stage.stage, desk.kept[0].consensus) == (stage, 0.75)
    assert [stage.escalated_by for stage in run(Models(SIX_OF_EIGHT, ("b",) * 8), Desk(RoutingSettings())).stages] == [
        EscalatedBy.THRESHOLD,
        None,
    ]


@pytest.mark.parametrize(
    ("answers", "winner", "share"),
    [
        (("a", "b", "b", "c"), 1, 0.5),
        (("a", "b", "b", "a"), 0, 0.5),  # of equals the one that came first
        (("", "b", "", ""), 1, 0.25),  # nothing votes for nothing, and counts in the share
        (("", "", ""), None, 0.0),
        ((), None, 0.0),
        (("a",), 0, 1.0),
    ],
)
def test_a_consensus_is_the_share_of_the_most_frequent_answer(
    answers: tuple[str, ...], winner: int | None, share: float
) -> None:
    found, measured = majority(samples(*answers))
    assert (None if found is None else found.number, measured) == (winner, share)


def test_visible_checks_are_sure_where_any_sample_passes() -> None:
    votes = samples("a", "a", "b")
    passing = (*votes[:2], replace(votes[2], passes=True))
    assert elected(passing, Confidence.VISIBLE) == (passing[2], 1.0)
    assert elected(votes, Confidence.VISIBLE) == (votes[0], 0.0)
    desk = Desk(RoutingSettings(samples=3, confidence=Confidence.VISIBLE))
    resolved = run(Models("aab", passing=frozenset("b")), desk)
    assert (resolved.stage.stage, resolved.made) == (1, "small: b")


def test_who_is_asked_for_what_is_as_in_the_paper() -> None:
    models, desk = Models("aabc", "bbcc"), Desk(RoutingSettings(samples=4))
    resolved = run(models, desk)
    assert (resolved.made, resolved.stage.role, resolved.stage.threshold) == ("large: large", LARGE, None)
    first, second, third = models.manners[:4], models.manners[4:8], models.manners[8]
    assert [(manner.goal, manner.guideline, manner.temperature) for _, manner in first] == [
        (f"goal {number}", "", 0.4) for number in range(4)
    ]
    assert {(role, manner.goal, manner.guideline, manner.temperature) for role, manner in second} == {
        (SMALL, "goal 0", "guideline 0", 0.8)
    }, "the goal of a majority answer, and the guideline"
    assert third == (LARGE, Manner("", "guideline 0", 0.0, 0)), "once, greedily, with that guideline"
    assert models.asked.count((LARGE, "guideline")) == 1
    assert [stage.plan_type for stage in desk.kept] == ["goal", "guideline", "guideline"]
    assert [stage.stage for stage in desk.seen] == [1, 2], "nobody is asked after the last stage"


def test_a_person_accepts_early() -> None:
    models, desk = Models("aabc"), Desk(RoutingSettings(samples=4), {1: Route(RouteAction.ACCEPT, reason="right")})
    resolved = run(models, desk)
    assert (resolved.made, len(resolved.stages), resolved.usage.calls) == ("small: a", 1, 12)
    stage = desk.kept[0]
    assert (stage.accepted, stage.escalated_by, stage.decided_by) == (True, None, "ann")
    assert (desk.seen[0].accepted, desk.seen[0].decided_by) == (False, ""), "they see what the threshold says"


def test_a_person_escalates_what_the_threshold_would_accept() -> None:
    desk = Desk(RoutingSettings(samples=4), {1: Route(RouteAction.ESCALATE)})
    resolved = run(Models("aaaa", "bbbb"), desk)
    assert (resolved.made, desk.seen[0].accepted) == ("small: b", True)
    assert [(stage.escalated_by, stage.decided_by) for stage in desk.kept] == [(EscalatedBy.HUMAN, "ann"), (None, "")]


def test_a_person_writes_the_guideline_instead_of_the_large_model() -> None:
    models = Models("abcd", "abcd")
    desk = Desk(RoutingSettings(samples=4), {1: Route(guideline="look twice"), 2: Route(guideline="look once more")})
    run(models, desk)
    first, second, third = desk.kept
    assert (LARGE, "guideline") not in models.asked
    assert (second.guideline, second.planning, second.planning_calls) == ("look twice", Usage(), ())
    assert (third.guideline, models.manners[-1][1].guideline) == ("look once more",) * 2
    assert [stage.decided_by for stage in desk.kept] == ["ann", "ann", ""]
    assert (first.guideline, first.escalated_by) == ("", EscalatedBy.THRESHOLD)


def test_an_exhaustive_cascade_runs_to_its_end_and_keeps_the_first_accepted_answer() -> None:
    desk = Desk(RoutingSettings(samples=4, exhaustive=True))
    resolved = run(Models("aaaa", "abcd"), desk)
    assert ([stage.stage for stage in desk.kept], resolved.stage.stage, resolved.made) == ([1, 2, 3], 1, "small: a")
    assert [stage.stage for stage in desk.seen] == [1], "what is settled is not asked"
    found = outcome(resolved.stages)
    assert (found.stage, found.answer, found.usage) == (1, "a", resolved.stages[0].usage)
    assert what_if(resolved.stages, RoutingSettings(tau1=1, tau2=1)).answer == "large"


def test_a_stage_without_any_answer_escalates_and_the_last_may_come_to_nothing() -> None:
    resolved = run(Models(("",) * 4, ("",) * 4, ""), Desk(RoutingSettings(samples=4, tau1=0.0, tau2=0.0)))
    assert (resolved.stage.stage, resolved.made) == (3, None)
    assert outcome(resolved.stages).answer == ""


def test_where_one_sample_fails_the_others_are_not_waited_for() -> None:
    async def execute(role: str, manner: Manner) -> Executed[str]:
        if manner.sample == 1:
            raise ModelUnavailableError("gone")
        await asyncio.sleep(60)
        raise AssertionError

    desk = Desk(RoutingSettings(samples=3))
    with pytest.raises(ModelUnavailableError, match="gone"):
        asyncio.run(route(Routed(Models("abc").write, execute), PLACE, desk.control))
    assert not desk.kept


VOTES = st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=4, max_size=4)
SHARES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
SETTINGS = st.builds(
    lambda tau1, tau2, comparator, exhaustive: RoutingSettings(4, tau1, tau2, comparator, exhaustive=exhaustive),
    SHARES,
    SHARES,
    st.sampled_from(Comparator),
    st.booleans(),
)


@given(first=VOTES, second=VOTES, settings=SETTINGS)
def test_the_votes_say_what_the_cascade_came_to_and_its_cost_is_that_of_its_calls(
    first: list[str], second: list[str], settings: RoutingSettings
) -> None:
    models, desk = Models(first, second), Desk(settings)
    resolved = run(models, desk)
    assert resolved.usage.calls == sum(2 if what == "execute" else 1 for _, what in models.asked)
    paid = {(SMALL, "goal"): 0.001, (LARGE, "guideline"): 0.1, (SMALL, "execute"): 0.01, (LARGE, "execute"): 1.0}
    assert resolved.usage.usd == pytest.approx(sum(paid[asked] for asked in models.asked))
    assert what_if(desk.kept, settings) == outcome(desk.kept)
    assert outcome(desk.kept).stage == resolved.stage.stage
    assert [stage_from_json(stage_to_json(stage)) for stage in desk.kept] == desk.kept
    assert routing_from_json(routing_to_json(settings)) == settings


@given(first=VOTES, second=VOTES, settings=SETTINGS, tau1=SHARES, tau2=SHARES)
def test_other_thresholds_are_replayed_or_unknown_but_never_guessed(
    first: list[str], second: list[str], settings: RoutingSettings, tau1: float, tau2: float
) -> None:
    other = replace(settings, tau1=tau1, tau2=tau2)
    kept = run(Models(first, second), Desk(settings)).stages
    really = outcome(run(Models(first, second), Desk(other)).stages)
    found = what_if(kept, other)
    assert found in (really, UNKNOWN)
    assert (found == UNKNOWN) == (really.stage is not None and really.stage > len(kept))


def test_what_a_step_would_have_come_to_is_unknown_behind_a_step_that_would_have_gone_otherwise() -> None:
    def step(index: int, *answers: str) -> list[RoutedStage]:
        first = RoutedStage(
            "t", index, 1, SMALL, "goal", samples(*answers), 0.75, Comparator.EXCEEDS, False, EscalatedBy.THRESHOLD
        )
        last = replace(
            first, stage=2, samples=samples("b", "b", "b", "b"), threshold=0.5, accepted=True, escalated_by=None
        )
        return [first, last]

    stages = [*step(0, "b", "b", "b", "c"), *step(1, "a", "a", "a", "c"), *step(2, "b", "b", "b", "c")]
    found = replay(reversed(stages), RoutingSettings(tau1=0.5))
    assert [each.would.answer for each in found.cascades] == ["b", "a", None], "step 1 would have done another thing"
    assert (found.unknown, found.resolved(1), found.resolved(2)) == (1, 2, 0)
    assert found.verified == (0, 0), "nothing was judged"
    assert replay(stages, RoutingSettings()).unknown == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RoutingSettings(samples=0), "at least one sample"),
        (lambda: RoutingSettings(tau1=1.5), "tau1 is a share"),
        (lambda: RoutingSettings(tau2=-0.1), "tau2 is a share"),
        (lambda: RoutingSettings(second_temperature=9), "temperature"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make: Callable[[], RoutingSettings], message: str) -> None:
    with pytest.raises(RoutingError, match=message):
        make()
