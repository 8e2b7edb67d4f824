"""Levels and splits: what is hard is known, and nothing of a split is met in another."""

import json
from functools import cache
from hashlib import sha256
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from hitl_app.domain.codec import get_objects, get_str, task_from_json
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import FindingKind
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory, action
from hitl_app.environments.travel.commonsense import COMMONSENSE
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.generate import make_world
from hitl_app.environments.travel.names import SPLITS
from hitl_app.environments.travel.personal import PERSONAL
from hitl_app.environments.travel.provision import replay
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.environments.travel.tasks import LEVELS, generate_tasks, solved_task

SEEDS, EACH = range(-2, 5), 10
FIRST_FORM = Path(__file__).with_name("travel_first_form.json")


@cache
def tasks_of(split: str) -> tuple[Task, ...]:
    """Tasks of a split over several seeds; of all splits, hundreds."""
    return tuple(task for seed in SEEDS for task in generate_tasks(seed, EACH, split=split))


@cache
def named_in(split: str) -> frozenset[str]:
    """Ids and names of whatever there is in the worlds of a split's tasks."""
    worlds = [make_world(number, split) for number in {int(str(task.spec["world"])) for task in tasks_of(split)}]
    places = [
        place
        for world in worlds
        for kind in (world.hotels, world.restaurants, world.sights, world.terminals)
        for place in kind.values()
    ]
    names = {text for place in places for text in (place.id, place.name)}
    return frozenset(names.union(*(world.cities for world in worlds), *(world.services for world in worlds)))


@pytest.mark.slow
def test_no_two_splits_share_a_name_an_id_a_world_or_a_task() -> None:
    for one, other in combinations(SPLITS, 2):
        assert not named_in(one) & named_in(other)
        for part in ("id", "key", "title", "instruction"):
            shared = {getattr(task, part) for task in tasks_of(one)} & {getattr(task, part) for task in tasks_of(other)}
            assert not shared, part
        assert not {task.spec["world"] for task in tasks_of(one)} & {task.spec["world"] for task in tasks_of(other)}
    assert len({task.id for split in SPLITS for task in tasks_of(split)}) == len(SPLITS) * len(SEEDS) * EACH


@pytest.mark.slow
def test_no_task_speaks_of_anything_of_another_split() -> None:
    for split in SPLITS:
        text = "\n".join(f"{task.title} {task.instruction} {json.dumps(task.spec)}" for task in tasks_of(split))
        assert any(name in text for name in named_in(split))
        for other in SPLITS:
            assert other == split or not [name for name in named_in(other) if name in text]


def test_a_task_says_which_split_it_is_of() -> None:
    for split in SPLITS:
        assert {task.domain for task in tasks_of(split)} == {split}
        assert all(task.key.startswith(f"travel-{split}-") and task.spec["split"] == split for task in tasks_of(split))


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_says_how_long_how_far_and_how_particular(level: int) -> None:
    wanted = LEVELS[level]
    for index in range(4):
        solved = solved_task(2, index, level)
        trip = solved.case.trip
        assert (trip.level, trip.days, len(trip.destinations)) == (level, wanted.days, wanted.destinations)
        assert 1 <= trip.travellers <= wanted.most_travellers
        kinds = [constraint.kind for constraint in trip.constraints if constraint.strength is FindingKind.HARD]
        assert sum(kind in PERSONAL for kind in kinds) == wanted.personal
        assert set(COMMONSENSE) <= set(kinds)
        limit = solved.case.limit
        assert limit is not None
        assert solved.case.total <= limit <= solved.case.total * (1 + wanted.slack) + 10


def test_higher_levels_ask_for_more_and_leave_less() -> None:
    levels = list(LEVELS.values())
    for easier, harder in pairwise(levels):
        assert (easier.days, easier.personal) < (harder.days, harder.personal)
        assert easier.destinations <= harder.destinations
        assert easier.slack > harder.slack


def test_what_was_asked_for_is_in_the_instruction_and_commonsense_in_the_policy() -> None:
    for task in tasks_of("dev")[:20]:
        said = task.instruction.splitlines()
        trajectory = Trajectory(task.id, ())
        _, findings = replay(TravelEnvironment(), ImportedRun(task, trajectory))
        kinds = {str(each["id"]): str(each["kind"]) for each in get_objects(task.spec, "constraints")}
        for finding in findings:
            quiet = kinds[finding.id] in COMMONSENSE and finding.id != "budget"
            assert (f"- {finding.expected}" in said) != quiet, finding.id
        assert "Information: look everything up before you book it" in task.policy


def test_every_kind_of_personal_constraint_is_asked_for_somewhere() -> None:
    asked = {
        get_str(constraint, "kind")
        for split in SPLITS
        for task in tasks_of(split)
        for constraint in get_objects(task.spec, "constraints")
    }
    assert set(PERSONAL) <= asked


def test_samples_of_a_level_and_split_are_of_these_alone() -> None:
    for run in sample_runs(2, 1, level=4, split="test"):
        assert run.task.spec["level"] == 4
        assert run.task.domain == "test"


@pytest.mark.parametrize(("level", "split", "word"), [(6, "train", "1 to 5"), (1, "gold", "train, dev, test")])
def test_a_level_or_split_that_does_not_exist_is_refused_with_those_that_do(level: int, split: str, word: str) -> None:
    with pytest.raises(UserError, match=word):
        next(generate_tasks(1, 1, level, split))


@pytest.mark.parametrize("number", [0, 1])
def test_tasks_made_before_there_were_splits_are_judged_as_before(number: int) -> None:
    record = json.loads(FIRST_FORM.read_text(encoding="utf-8"))[number]
    task, calls = task_from_json(record["task"]), record["calls"]
    steps = [action(tool, arguments) for tool, arguments, _ in calls]
    execution, findings = replay(TravelEnvironment(), ImportedRun(task, Trajectory(task.id, tuple(steps))))
    digests = [sha256(step.observation.text.encode()).hexdigest()[:16] for step in execution.steps if step.observation]
    assert digests == [digest for _, _, digest in calls]
    before_them = 1  # the message that the recording begins with
    verdict = {each.id: [each.met, [step + before_them for step in each.steps]] for each in findings}
    assert verdict == {name: [met, steps] for name, (met, steps, _) in record["verdict"].items()}
