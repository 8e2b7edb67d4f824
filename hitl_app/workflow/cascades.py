"""COPE's cascades within a run: opens the two models, asks the gate, and keeps each stage once."""

from dataclasses import dataclass, field

from hitl_app.domain.codec import get_int, get_object, get_optional_int, get_str
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.method_codec import routing_from_json, routing_to_json
from hitl_app.domain.model import ModelEndpoint
from hitl_app.domain.ports import Store
from hitl_app.domain.routing import Place, Route, RouteAction, RoutedStage, RoutingSettings
from hitl_app.domain.run import Budget, GateName, Passage
from hitl_app.domain.task import Task
from hitl_app.refine.routed import Meter
from hitl_app.refine.routing import Control
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.roles import Cast, Role, cast_of, cast_to_json, recorded_cast
from hitl_app.workflow.running import TaskContext
from hitl_app.workflow.threads import Threads


@dataclass(frozen=True)
class Cascading:
    """How the cascades of a run go, and with which models; a run's detail holds it."""

    settings: RoutingSettings
    cast: Cast

    def to_json(self) -> JsonObject:
        """What a run keeps of it."""
        return {"routing": routing_to_json(self.settings), **cast_to_json(self.cast)}

    @property
    def small(self) -> ModelEndpoint:
        """The small model."""
        return self.cast[Role.SMALL]

    @property
    def large(self) -> ModelEndpoint:
        """The large one."""
        return self.cast[Role.LARGE]

    @property
    def by_hand(self) -> bool:
        """A person answers for one of them: the questions of one task come after those of another."""
        return self.small.pasted or self.large.pasted

    @property
    def names(self) -> str:
        """Both models, for people."""
        return f"{self.small.model} + {self.large.model}"


@dataclass(frozen=True)
class RoutedBy:
    """What people choose of a cascade: its two models, where they are not those of the settings, and how it goes."""

    small: Chosen = field(default_factory=Chosen)
    large: Chosen = field(default_factory=Chosen)
    settings: RoutingSettings = field(default_factory=RoutingSettings)


async def chosen_cascading(models: Models, chosen: RoutedBy) -> Cascading:
    """The cascade with the models that play its two roles.

    Raises:
        ModelUnavailableError: One of them is not set up.
    """
    return Cascading(chosen.settings, await cast_of(models, {Role.SMALL: chosen.small, Role.LARGE: chosen.large}))


async def recorded_cascading(models: Models, detail: JsonObject) -> Cascading:
    """The cascade that a run began with."""
    return Cascading(routing_from_json(get_object(detail, "routing")), await recorded_cast(models, detail))


class Cascades:
    """The cascades of one task of a run."""

    def __init__(
        self, store: Store, threads: Threads, models: Models, *, context: TaskContext, cascading: Cascading
    ) -> None:
        self._store = store
        self._threads = threads
        self._models = models
        self._context = context
        self._cascading = cascading
        self._decided: dict[tuple[Place, int], Route] | None = None

    async def open(self, role: str) -> Meter:
        """The model that plays a role, with an account of its own at its own price."""
        endpoint = self._cascading.cast[Role(role)]
        calls: list[str] = []
        client, account = await self._context.client(Budget(), endpoint, lambda call: calls.append(call.key))
        found = await self._models.capabilities(endpoint)
        return Meter(client, account, None if found is None else found.tools, calls)

    def control(self, task: Task) -> Control:
        """Asks the run's gate and keeps the stages; what is on record already is neither asked again nor kept twice.

        Args:
            task: The whole task, with what it is judged by: a person at the gate may see it.
        """
        context = self._context

        async def decide(stage: RoutedStage) -> Route:
            known = (await self._known()).get((stage.place, stage.stage))
            return await context.gate.route(task, stage) if known is None else known

        async def keep(stage: RoutedStage) -> None:
            known, key = await self._known(), (stage.place, stage.stage)
            if key not in known:
                await self._threads.record(self._store.save_stage, context.run.id, stage)
                known[key] = Route()
            context.routed(stage)

        return Control(self._cascading.settings, task.id, context.gate.who, decide, keep)

    async def _known(self) -> dict[tuple[Place, int], Route]:
        """Stages on record, with what was decided after each."""
        if self._decided is None:
            run_id, resumed = self._context.run.id, self._context.resumed
            self._decided = await self._threads.database(_decided, self._store, run_id) if resumed else {}
        return self._decided


def _decided(store: Store, run_id: str) -> dict[tuple[Place, int], Route]:
    said = dict(_route(passage) for _, passage in store.passages(run_id) if _says(passage))
    keys = ((stage.place, stage.stage) for _, stage in store.stages(run_id))
    return {key: said.get(key, Route()) for key in keys}


def _says(passage: Passage) -> bool:
    return passage.gate is GateName.ROUTE and bool(passage.changed)


def _route(passage: Passage) -> tuple[tuple[Place, int], Route]:
    """What a passage through the gate decided, and after which stage."""
    said = passage.changed
    place = Place(passage.trajectory_id, get_optional_int(said, "step"), get_int(said, "attempt"))
    guideline = said.get("guideline")
    route = Route(
        RouteAction(get_str(said, "action")), guideline if isinstance(guideline, str) else None, get_str(said, "reason")
    )
    return (place, get_int(said, "stage")), route
