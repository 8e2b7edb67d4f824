"""What a failure is told by, and which word on it counts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.decision import AUTOMATIC, GENESIS, Decision, DecisionKind, LedgerEntry
from hitl_app.domain.errors import UserError
from hitl_app.domain.expansion import origins
from hitl_app.domain.failure_classes import (
    SHIPPED,
    ClassSource,
    FailureClass,
    checked,
    classes_from_json,
    find_class,
    said_in,
    signals,
    told_by_words,
)
from hitl_app.domain.inspection import (
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.loss import LossVector
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import PlanStep, Trajectory, action, message
from hitl_app.workflow.blind import visible_to

LATE = FailureClass("late", "It comes too late.", ("begins before", "home by"))
FAILED = FailureClass("refused", "It is refused.", ("failed step",))
ANY = FailureClass("any", "Anything.", ("hard", "goal"))


def inspected(*findings: Finding, failed: str = "") -> tuple[Trajectory, Inspection]:
    steps = (message("Go", "user"), action("book", {}, plan_step=0), message("Done"))
    of = Trajectory("task", steps, (PlanStep("Book"), PlanStep("Say so")))
    status = StepStatus.FAILED if failed else StepStatus.OK
    executed = (ExecutedStep(StepStatus.OK), ExecutedStep(status, Observation(failed)), ExecutedStep(StepStatus.OK))
    return of, Inspection(Execution(of.id, "x", "1", executed), LossVector(), findings)


def unmet(name: str, words: str, *, reveals: bool = False) -> Finding:
    return Finding(name, FindingKind.HARD, met=False, description=words, expected="gold", reveals_answer=reveals)


def test_a_signal_belongs_to_the_first_class_with_a_word_in_it_and_most_signals_decide() -> None:
    of, inspection = inspected(unmet("home_by", "Be back by 19:00"), unmet("seats", "Have seats"), failed="sold out")
    found = signals(of, inspection)
    assert found == (
        "hard home_by: Be back by 19:00",
        "hard seats: Have seats",
        "failed step book: sold out",
        "plan not carried out: steps 2 to 2",
    )
    assert told_by_words((LATE, FAILED, ANY), found) == ("late", found[:1]), "of three that have one, the earliest"
    assert told_by_words((ANY, LATE, FAILED), found) == ("any", found[:2]), "a signal counts once"
    assert told_by_words((FAILED,), found[:2]) == ("", ())


@pytest.mark.parametrize(
    ("word", "text", "tells"),
    [
        ("Home by", "home_by: late", True),
        ("cost", "the costs are high", False),
        ("c++", "in c++ it fails", True),
        ("a.b", "a-b", False),
        ("one two", "one\ntwo", True),
    ],
)
def test_words_are_told_as_wholes_whatever_their_case_and_marks(word: str, text: str, tells: bool) -> None:
    assert bool(told_by_words([FailureClass("x", "X.", (word,))], [text])[0]) is tells


def test_nothing_that_reveals_the_answer_is_among_the_signals() -> None:
    found = signals(*inspected(unmet("communicate:gold", "The agent tells the user.", reveals=True)))
    assert not [each for each in found if "gold" in each]
    assert told_by_words(SHIPPED, found)[0] == "user not told"


@given(st.lists(st.text(max_size=40), max_size=5))
def test_whatever_the_signals_say_the_class_is_one_of_the_list_and_its_evidence_is_theirs(found: list[str]) -> None:
    name, evidence = told_by_words(SHIPPED, found)
    assert name in {"", *(each.name for each in SHIPPED)}
    assert set(evidence) <= set(found)
    assert bool(name) is bool(evidence)


def entry(sequence: int, name: str, annotator: str, undoes: int | None = None) -> LedgerEntry:
    kind = DecisionKind.CLASSIFY if undoes is None else DecisionKind.UNDO
    decision = Decision(kind, "root", "root", annotator, "", "2026-01-31", detail={"failure_class": name})
    return LedgerEntry(sequence, replace(decision, undoes=undoes), GENESIS, str(sequence))


def test_a_persons_newest_word_counts_before_a_models_and_an_undone_one_does_not() -> None:
    said = [entry(1, "late", "ann"), entry(2, "refused", "bob"), entry(3, "any", AUTOMATIC)]
    assert said_in(said) == ("refused", ClassSource.PERSON)
    assert said_in([*said, entry(4, "", "bob", undoes=2)]) == ("late", ClassSource.PERSON)
    assert said_in(visible_to("ann", said)) == ("late", ClassSource.PERSON), "who is blind sees their own words"
    assert said_in(visible_to("eve", said)) == ("any", ClassSource.MODEL)
    assert said_in([]) is None


def test_a_list_that_cannot_be_used_says_why() -> None:
    assert checked(SHIPPED) == SHIPPED
    assert classes_from_json({"classes": [each.to_json() for each in SHIPPED]}) == SHIPPED
    bad: list[tuple[list[FailureClass], str]] = [
        ([], "at least one"),
        ([replace(LATE, description="")], "needs a name"),
        ([LATE, LATE], 'two .* "late"'),
    ]
    for classes, words in bad:
        with pytest.raises(UserError, match=words):
            checked(classes)
    with pytest.raises(UserError, match="there are late, any"):
        find_class((LATE, ANY), "early")


def test_a_task_goes_back_to_the_recorded_tasks_of_its_seeds() -> None:
    task = Task("travel", "trip-1", "A trip", domain="train")
    assert origins(task) == ("travel/train/trip-1",)
    made = replace(task, key="expanded-1", spec={"expanded_from": ["travel/train/trip-1", "travel/train/trip-2"]})
    assert origins(made) == ("travel/train/trip-1", "travel/train/trip-2")
