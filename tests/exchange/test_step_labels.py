"""Step labels: what is known of each step of the agent, by inspection and by people, and how it goes out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from decisions import BASE, FIXED, TASK, Decisions, by, inspected, judged

from hitl_app.domain.codec import gradient_to_json
from hitl_app.domain.decision import AUTOMATIC, GENESIS, Decision, DecisionKind, LedgerEntry, entry_hash
from hitl_app.domain.inspection import (
    ExecutedStep,
    Finding,
    FindingKind,
    Gradient,
    GradientSource,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import Revision
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Trajectory
from hitl_app.exchange.examples.labels import StepLabel, label_steps
from hitl_app.exchange.examples.lineage import BAD_ON_PURPOSE, Exclusions, Judged, Lineage, lineages
from hitl_app.exchange.examples.steps import labelled_steps, labelled_trajectories
from hitl_app.exchange.exporters import prm800k, trl_stepwise

SETTINGS = ExportSettings()
BOOK, DONE = 5, 6
AGENT = (1, 2, 3, BOOK, DONE)
NAMED = Finding("paid", FindingKind.GOAL, met=False, steps=(BOOK,))
BOTH_LOOKS = Finding("apart", FindingKind.HARD, met=False, steps=(1, 2))
ON_PAID = Gradient(GradientSource.ENVIRONMENT, Component.GOAL, "not paid", step_index=BOOK, constraint_id="paid")


def found(*findings: Finding, cause: int | None = None, gradients: Sequence[Gradient] = ()) -> Inspection:
    goals = findings or (Finding("paid", FindingKind.GOAL, met=True),)
    return replace(inspected(BASE, 0), findings=goals, gradients=tuple(gradients), earliest_cause=cause)


def with_step(inspection: Inspection, index: int, observation: Observation) -> Inspection:
    steps = list(inspection.execution.steps)
    steps[index] = ExecutedStep(StepStatus.FAILED, observation, replayed=True)
    return replace(inspection, execution=replace(inspection.execution, steps=tuple(steps)))


def said(
    kind: DecisionKind, detail: JsonObject, sequence: int, who: str = "ann", undoes: int | None = None
) -> LedgerEntry:
    time = f"2026-01-31T12:00:{sequence:02}.000000+00:00"
    decision = Decision(kind, BASE.id, BASE.id, who, "", time, detail=detail, undoes=undoes)
    return LedgerEntry(sequence, decision, GENESIS, entry_hash(sequence, decision.payload(), GENESIS))


class OneLineage(Decisions):
    """A record of the recording `BASE` with revisions and decisions."""

    def __init__(self, known: Sequence[Revision], entries: Sequence[LedgerEntry]) -> None:
        super().__init__(())
        self._known, self._listed = known, entries

    def root_ids(self) -> Iterator[str]:
        return iter((BASE.id,))

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        return iter(self._listed)

    def revisions(self, root_id: str) -> tuple[Revision, ...]:
        return tuple(self._known)


def lineage(inspection: Inspection, *entries: LedgerEntry, decided: Sequence[Judged] = ()) -> Lineage:
    made = [Revision(1, item.candidate, item.candidate_inspection, None) for item in decided]
    record = OneLineage([Revision(0, BASE, inspection, None), *made], [*entries, *(item.entry for item in decided)])
    return next(lineages(record))


def labels(inspection: Inspection, *entries: LedgerEntry, decided: Sequence[Judged] = ()) -> dict[int, StepLabel]:
    return label_steps(lineage(inspection, *entries, decided=decided), BASE, inspection)


def ratings(known: dict[int, StepLabel]) -> list[tuple[int, str]]:
    return [(known[index].rating, known[index].source) for index in AGENT]


UNKNOWN, GOOD, BAD = (0, ""), (1, "inspect"), (-1, "inspect")


def test_every_step_of_the_agent_and_no_other_has_a_label() -> None:
    assert tuple(labels(found(NAMED))) == AGENT


def test_the_blamed_step_is_bad_what_stands_before_it_good_and_what_follows_unknown() -> None:
    known = labels(found(NAMED, cause=BOOK))
    assert ratings(known) == [GOOD, GOOD, GOOD, BAD, UNKNOWN]
    assert known[BOOK].reasons == ("an unmet requirement names it", "the earliest cause")


def test_of_steps_that_a_requirement_names_together_only_the_earliest_cause_is_bad() -> None:
    assert ratings(labels(found(BOTH_LOOKS, cause=1))) == [BAD, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]


def test_all_steps_of_a_verified_trajectory_are_good_but_the_one_that_failed() -> None:
    known = labels(with_step(found(), 2, Observation("no", failed=True)))
    assert ratings(known) == [GOOD, BAD, GOOD, GOOD, GOOD]


def test_a_failure_of_the_environment_itself_is_nobodys_fault() -> None:
    dead = with_step(found(NAMED, cause=2), 2, Observation("", failed=True, error="the worker died"))
    assert ratings(labels(dead))[1] == UNKNOWN


def test_a_difference_from_the_recording_alone_is_no_fault() -> None:
    assert BAD not in ratings(labels(replace(found(), earliest_cause=2)))


def test_a_moved_blame_goes_above_the_inspections_own() -> None:
    moved = said(DecisionKind.MOVE_BLAME, {"step": 3}, 1)
    known = labels(found(BOTH_LOOKS, cause=1), moved)
    assert ratings(known) == [(1, "human"), (1, "human"), (-1, "human"), UNKNOWN, UNKNOWN]
    earlier = labels(found(NAMED, cause=BOOK), said(DecisionKind.MOVE_BLAME, {"step": 1}, 1))
    assert ratings(earlier) == [(-1, "human"), UNKNOWN, UNKNOWN, BAD, UNKNOWN]


def test_people_and_inspection_that_say_the_same_are_both_named() -> None:
    confirmed = said(DecisionKind.CONFIRM_BLAME, {"gradient_id": ON_PAID.id}, 1)
    known = labels(found(NAMED, cause=BOOK, gradients=[ON_PAID]), confirmed)
    assert ratings(known)[3] == (-1, "both")
    assert known[BOOK].reasons[0] == "a gradient on it was confirmed"


def test_a_dismissed_complaint_does_not_count_until_the_dismissal_is_undone() -> None:
    inspection = found(NAMED, cause=BOOK, gradients=[ON_PAID])
    dismissed = said(DecisionKind.DISMISS_GRADIENT, {"gradient_id": ON_PAID.id}, 1)
    assert ratings(labels(inspection, dismissed))[3] == UNKNOWN
    undone = said(DecisionKind.UNDO, {}, 2, undoes=1)
    assert ratings(labels(inspection, dismissed, undone))[3] == BAD


def test_a_gradient_that_a_person_wrote_marks_its_step() -> None:
    written = Gradient(GradientSource.HUMAN, Component.GOAL, "asks again", step_index=3)
    added = said(DecisionKind.ADD_GRADIENT, {"gradient": gradient_to_json(written)}, 1)
    assert ratings(labels(found(), added))[2] == (-1, "human")


def test_a_blame_before_the_proposal_was_shown_counts_until_somebody_moves_it() -> None:
    before = said(DecisionKind.JUDGE, {"blame": 3}, 1)
    assert ratings(labels(found(), before))[2] == (-1, "human")
    assert ratings(labels(found(), before, said(DecisionKind.MOVE_BLAME, {"step": BOOK}, 2)))[2] == (1, "both")


def test_an_accepted_revision_says_what_was_wrong_and_keeps_what_was_right() -> None:
    decided = [judged(BASE, FIXED, sequence=3)]
    assert ratings(labels(found(NAMED), decided=decided)) == [GOOD, GOOD, GOOD, (-1, "both"), UNKNOWN]
    candidate = label_steps(lineage(found(NAMED), decided=decided), FIXED, inspected(FIXED, 0))
    assert candidate[BOOK].rating == 1
    assert candidate[BOOK].source == "both"


def test_what_the_rule_accepted_is_no_word_of_a_person() -> None:
    decided = [by(AUTOMATIC, judged(BASE, FIXED), 3)]
    assert {source for _, source in ratings(labels(found(BOTH_LOOKS), decided=decided))} == {"", "inspect"}


def test_steps_that_two_trajectories_begin_with_have_one_label() -> None:
    """Nothing is known of the recording's first steps alone; the verified revision that shares them says it."""
    both = list(labelled_trajectories(lineage(found(NAMED), decided=[judged(BASE, FIXED)]), SETTINGS, Exclusions()))
    assert [whole.provenance.trajectory for whole in both] == [BASE.id, FIXED.id]
    assert both[0].labels[:3] == both[1].labels[:3]
    assert both[0].texts[:3] == both[1].texts[:3]


def test_a_candidate_that_was_bad_on_purpose_is_left_out_and_counted() -> None:
    item = judged(BASE, FIXED, accepted=False)
    seeded = by("ann", item, 1, detail={"seed": {"kind": "harmful"}})
    excluded = Exclusions()
    made = list(labelled_trajectories(lineage(found(NAMED, cause=BOOK), decided=[seeded]), SETTINGS, excluded))
    assert [whole.provenance.trajectory for whole in made] == [BASE.id]
    assert excluded[BAD_ON_PURPOSE] == 1


def test_a_stepwise_row_ends_before_the_first_step_of_which_nothing_is_known() -> None:
    (whole,) = labelled_trajectories(lineage(found(NAMED, cause=BOOK)), SETTINGS, Exclusions())
    row = trl_stepwise.row(whole)
    assert isinstance(row, dict)
    assert row["labels"] == [True, True, True, False]
    assert row["prompt"] == "System: Be careful.\n\nUser: Hello\n"
    assert row["completions"] == [
        'Assistant: Let me see\n<tool_call>\n{"name": "look", "arguments": {"id": "a"}}\n</tool_call>',
        'Assistant:\n<tool_call>\n{"name": "look", "arguments": {"id": "b"}}\n</tool_call>',
        "<tool_response>\nfound a\n</tool_response>\n<tool_response>\nfound b\n</tool_response>\nAssistant: Which one?",
        'User: The first\nAssistant:\n<tool_call>\n{"name": "book", "arguments": {"id": "b"}}\n</tool_call>',
    ]


def test_a_stepwise_row_needs_a_first_step_of_which_something_is_known() -> None:
    (whole,) = labelled_trajectories(lineage(found(BOTH_LOOKS, NAMED, cause=None)), SETTINGS, Exclusions())
    assert trl_stepwise.row(whole) == "nothing is known of its first step"


def test_a_trajectory_of_which_nothing_is_known_is_counted() -> None:
    excluded = Exclusions()
    assert not list(labelled_trajectories(lineage(found(BOTH_LOOKS)), SETTINGS, excluded))
    assert excluded == {"nothing is known of any of its steps": 1}


def test_each_step_is_a_row_with_all_that_stands_before_it() -> None:
    rows = [prm800k.row(step) for step in labelled_steps(lineage(found(NAMED, cause=BOOK)), SETTINGS, Exclusions())]
    assert [(row["step"], row["rating"], row["rater"]) for row in rows] == [
        (1, 1, "inspect"),
        (2, 1, "inspect"),
        (3, 1, "inspect"),
        (BOOK, -1, "inspect"),
        (DONE, 0, ""),
    ]
    texts = [row["text"] for row in rows]
    assert [row["prefix"] for row in rows] == [texts[:number] for number in range(len(rows))]


def test_steps_after_a_message_that_was_only_carried_over_are_left_out() -> None:
    after = Trajectory(TASK.id, BASE.steps, parent_id=BASE.id, lineage_root=BASE.id, carried_over=frozenset({4, DONE}))
    item = judged(BASE, after)
    made = list(labelled_trajectories(lineage(found(NAMED), decided=[item]), SETTINGS, Exclusions()))
    assert [whole.indexes for whole in made if whole.provenance.trajectory == after.id] == [(1, 2, 3)]
