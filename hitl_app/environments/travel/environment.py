"""The environment: executes calls on the trip of one task. All state is one immutable itinerary."""

import json
from dataclasses import replace
from functools import lru_cache

from hitl_app.domain.arguments import shown
from hitl_app.domain.codec import CodecError
from hitl_app.domain.errors import EnvironmentUnavailableError, NotReplayableError
from hitl_app.domain.inspection import Execution, Finding, Observation
from hitl_app.domain.jsontypes import Json, JsonObject, content_hash
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import EnvironmentInfo
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.itineraries.itinerary import Itinerary
from hitl_app.environments.travel.answers import RefusedError
from hitl_app.environments.travel.generate import make_world
from hitl_app.environments.travel.judge import PART, Responsibility, judge, rule_of
from hitl_app.environments.travel.names import NAMES
from hitl_app.environments.travel.scoring import score
from hitl_app.environments.travel.tools import TOOLS, call_tool
from hitl_app.environments.travel.trip import Case, Trip

NAME = "travel"

INFO = EnvironmentInfo(
    name=NAME,
    version="2",
    measures=frozenset(Component),
    description="A small seeded world to plan trips in, to the minute; nothing to install.",
)
UNJUDGED = replace(INFO, measures=frozenset({Component.FEASIBILITY, Component.DISCREPANCY}))


class TravelEnvironment:
    """Implements `domain.ports.Environment`, `domain.ports.Scoring` and `domain.ports.SharedWorld`."""

    def __init__(self) -> None:
        self._case: Case | None = None
        self._digest = ""
        self._snapshots: dict[str, Itinerary] = {}
        self._findings: tuple[Finding, ...] = ()

    @property
    def info(self) -> EnvironmentInfo:
        """Name, version and what it measures: of a trip without constraints only what calls come to."""
        return INFO if self._case is None or self._case.trip.constraints else UNJUDGED

    def describe_tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The tools of the world; the same for every task."""
        return tuple(tool.spec for tool in TOOLS.values())

    def reset(self, task: Task) -> None:
        """Start the task's trip with an empty itinerary.

        Raises:
            EnvironmentUnavailableError: The task is not one of this environment, or its spec is damaged.
        """
        self._case = open_case(task)
        self._snapshots = {}
        self._digest = digest(self._case.itinerary)

    def step(self, name: str, arguments: JsonObject) -> Observation:
        """Execute one call; a refused one is a failed observation with the reason as JSON.

        Raises:
            NotReplayableError: There is no such tool.
        """
        case = self._started()
        tool = TOOLS.get(name)
        if tool is None:
            raise NotReplayableError(f"the travel world has no tool {shown(name)}")
        try:
            answer = call_tool(tool, case, arguments)
        except RefusedError as refusal:
            return Observation(_text(refusal.to_json()), failed=True, state=self._digest, used=_parts(refusal.used))
        changed: tuple[str, ...] = ()
        if answer.itinerary is not None:
            self._plan(case.planned(answer.itinerary))
            changed = _parts((answer.changed,))
        return Observation(_text(answer.body), state=self._digest, changed=changed, used=_parts(answer.used))

    def snapshot(self) -> str:
        """A token for the present itinerary."""
        self._snapshots[self._digest] = self._started().itinerary
        return self._digest

    def restore(self, token: str) -> None:
        """Go back to a snapshot of this task.

        Raises:
            KeyError: No snapshot since the last reset has that token.
        """
        self._plan(self._started().planned(self._snapshots[token]))

    def verdict(self, task: Task, trajectory: Trajectory, execution: Execution) -> tuple[Finding, ...]:
        """Judge the itinerary that was reached."""
        self._findings = judge(self._started(), Responsibility.of(trajectory, execution))
        return self._findings

    def scores(self, task: Task, trajectory: Trajectory, execution: Execution) -> JsonObject:
        """Scores of the verdict that was just given; none where nothing is judged."""
        return score(self._started().trip, self._findings) if self._findings else {}

    def world(self, task: Task) -> JsonObject:
        """The same world, party and days, without constraints."""
        return {**task.spec, "constraints": []}

    def close(self) -> None:
        """Forget the task."""
        self._case = None
        self._snapshots = {}

    def _started(self) -> Case:
        if self._case is None:
            raise EnvironmentUnavailableError("The travel world has no task yet: call reset first.")
        return self._case

    def _plan(self, case: Case) -> None:
        self._case = case
        self._digest = digest(case.itinerary)


def open_case(task: Task) -> Case:
    """The case of a task, with nothing planned yet.

    Raises:
        EnvironmentUnavailableError: The task is not one of this environment, or its spec is damaged.
    """
    if task.environment != NAME:
        raise EnvironmentUnavailableError(
            f"Task {task.key} belongs to the environment `{task.environment}`, not to `{NAME}`."
        )
    try:
        return _open_spec(json.dumps(task.spec))
    except CodecError as error:
        raise EnvironmentUnavailableError(
            f"Task {task.key}: spec: {error}. Generate or import the task anew."
        ) from error


@lru_cache(maxsize=64)
def _open_spec(spec: str) -> Case:
    value: Json = json.loads(spec)
    if not isinstance(value, dict):
        raise CodecError("expected an object")
    trip = Trip.from_json(value)
    if trip.split not in NAMES:
        raise CodecError(f"split: there is no {shown(trip.split)}")
    case = Case(make_world(trip.world, trip.split), trip, Itinerary(trip.days))
    for city in trip.cities:
        if city not in case.world.cities:
            raise CodecError(f"world {trip.world} has no city {shown(city)}")
    for constraint in trip.constraints:
        try:
            rule_of(constraint).text(case, constraint)
        except KeyError as error:
            raise CodecError(f"constraint {constraint.id}: unknown {error}") from error
    return case


def digest(itinerary: Itinerary) -> str:
    """A short content hash of an itinerary; the order in which items were planned does not count."""
    return content_hash(itinerary.to_json())[:16]


def _parts(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(PART + item for item in ids)


def _text(body: Json) -> str:
    return json.dumps(body)
