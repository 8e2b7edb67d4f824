"""How seeds are shown to a model, and how what it writes becomes tasks in the review queue, each once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hitl_app.domain.codec import get_int, get_objects, get_strings
from hitl_app.domain.errors import UserError
from hitl_app.domain.expansion import EXPANDED_FROM, EXPANSION, SEEDS, origins, task_name
from hitl_app.domain.failure_classes import FAILURE_CLASS, FailureClass
from hitl_app.domain.jsontypes import JsonObject, content_hash
from hitl_app.domain.run import Run
from hitl_app.domain.task import Task
from hitl_app.domain.training import Splits, split_group
from hitl_app.domain.trajectory import Source, Trajectory
from hitl_app.refine import expanding
from hitl_app.refine.expanding import Pair

TITLE = 80
"""Characters of a title that is made of a task's first line."""

GROUPS = "groups"
"""Field of a run's settings: which seeds are shown together, and how many pairs are asked for."""

_KEY = "expanded-"


@dataclass(frozen=True)
class Seed:
    """A training point: what a lineage stands at, with a plan."""

    trajectory: Trajectory
    task: Task

    @property
    def pair(self) -> Pair:
        """As it is shown to a model."""
        return Pair(self.task.instruction or self.task.title, self.trajectory.plan)


@dataclass(frozen=True)
class Made:
    """A new pair: a task, and a recording of nothing but a plan for it."""

    task: Task
    trajectory: Trajectory


@dataclass(frozen=True)
class Group:
    """Seeds that are shown together, by id, and how many pairs are asked for."""

    seeds: tuple[str, ...]
    count: int

    @property
    def questions(self) -> Iterator[int]:
        """How many pairs each question asks for."""
        for begun in range(0, self.count, expanding.PAIRS):
            yield min(expanding.PAIRS, self.count - begun)


def grouped(seeds: Sequence[str], count: int | None, *, alone: bool) -> tuple[Group, ...]:
    """Groups of at most five seeds that share the pairs evenly; of one each with one pair, where each stands alone."""
    if alone:
        return tuple(Group((seed,), 1) for seed in seeds[:count])
    wanted = expanding.PAIRS if count is None else count
    starts = range(0, len(seeds), expanding.SEEDS)[:wanted]
    each, more = divmod(wanted, len(starts))
    return tuple(
        Group(tuple(seeds[start : start + expanding.SEEDS]), each + (number < more))
        for number, start in enumerate(starts)
    )


def groups_to_json(groups: Iterable[Group]) -> list[JsonObject]:
    """As a run's settings keep them."""
    return [{SEEDS: list(group.seeds), "count": group.count} for group in groups]


def groups_from_json(detail: JsonObject) -> tuple[Group, ...]:
    """What `groups_to_json` gave."""
    return tuple(Group(get_strings(each, SEEDS), get_int(each, "count")) for each in get_objects(detail, GROUPS))


def check_together(seeds: Sequence[Seed], splits: Splits) -> None:
    """Make sure that new pairs can be made of seeds.

    Raises:
        UserError: There is none, or they are of different worlds or of different parts of the data; names two.
    """
    if not seeds:
        raise UserError("name at least one seed: a trajectory with a plan that is verified or approved")
    first = seeds[0].task
    for seed in seeds[1:]:
        if (seed.task.environment, seed.task.domain) != (first.environment, first.domain):
            raise UserError(
                f"seeds of one expansion are of one environment and domain: {task_name(first)} and"
                f" {task_name(seed.task)} are not; expand them one after the other"
            )
    parts = {splits.part_of(split_group(name)): name for seed in seeds for name in origins(seed.task)}
    if len(parts) > 1:
        listed = ", ".join(f"{name} is in {part}" for part, name in parts.items())
        raise UserError(
            f"seeds of one expansion are in one part of the data, else their pairs can be in none: {listed};"
            " expand them one after the other"
        )


class PairMaker:
    """Makes tasks of the pairs that a model wrote after some seeds."""

    def __init__(self, run: Run, seeds: Sequence[Seed], target: FailureClass | None, world: JsonObject) -> None:
        """Make tasks.

        Args:
            run: In which they were written.
            seeds: What the model was shown.
            target: The failure class that they are for.
            world: What the environment needs to execute a task in the seeds' world.
        """
        self._run = run
        self._seeds = seeds
        self._target = target
        names = sorted({name for seed in seeds for name in origins(seed.task)})
        self._spec: JsonObject = {**world, EXPANDED_FROM: names}

    def key(self, pair: Pair) -> str:
        """Key of the task that a pair makes: the same for the same words in the same world, whatever the seeds."""
        like = self._seeds[0].task
        return _KEY + content_hash([like.environment, like.domain, pair.key])[:16]

    def make(self, pair: Pair) -> Made:
        """The task in the world of the seeds, judged by nothing, and its plan."""
        like, model = self._seeds[0].task, self._run.settings.model
        task = Task(
            like.environment,
            self.key(pair),
            _title(pair.task),
            instruction=pair.task,
            domain=like.domain,
            policy=like.policy,
            tools=like.tools,
            spec=self._spec,
            synthetic=True,
            place=like.place,
        )
        source = Source(
            file=made_in(self._run.id),
            index=0,
            record_id=f"expansion by {model}",
            format=EXPANSION,
            model=model,
            extra={
                "run": self._run.id,
                SEEDS: [seed.trajectory.id for seed in self._seeds],
                FAILURE_CLASS: None if self._target is None else self._target.name,
            },
            synthetic=True,
        )
        return Made(task, Trajectory(task.id, (), pair.plan, source=source))


class Known:
    """Which pairs are there already: seeds, pairs in the store, and what the run has made by now.

    What an interrupted run had made is no duplicate when it is met again.
    """

    def __init__(self, tasks: Iterable[Task], own: Iterable[Made]) -> None:
        self._again = {made.task.key for made in own}
        keys = (task.key for task in tasks if task.synthetic and task.key.startswith(_KEY))
        self._known = set(keys) - self._again

    def add(self, keys: Iterable[str]) -> None:
        """More that is there already."""
        self._known.update(keys)

    def takes(self, key: str) -> bool:
        """Whether a pair is new; from now on it is known."""
        new = key not in self._known
        self._known.add(key)
        return new


def made_in(run_id: str) -> str:
    """What the recordings of a run name as their file, so that a query finds them."""
    return f"expansion {run_id[:12]}"


def _title(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"
