"""COPE's cascade (arXiv 2506.11578): goals of a small model, a guideline of a large one, and the large one itself.

One engine for whatever is routed: whole tasks, single steps, proposals (`refine.routed`). It keeps nothing and asks
nobody: who runs it gives a `Control`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from hitl_app.domain.model import Usage
from hitl_app.domain.routing import (
    GOAL,
    GUIDELINE,
    LARGE,
    SMALL,
    STAGES,
    EscalatedBy,
    Place,
    Route,
    RouteAction,
    RoutedStage,
    RoutingSettings,
    Sample,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """A goal or a guideline.

    Attributes:
        usage: Of the calls that wrote it; nothing where a person did.
        calls: Their keys.
    """

    text: str
    usage: Usage = Usage()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a model executes.

    Attributes:
        goal: What to achieve; empty where nothing is said of it.
        guideline: How to go about it; empty where nothing is said of it.
        sample: Number among samples that are equal otherwise.
    """

    goal: str
    guideline: str
    temperature: float
    sample: int


@dataclass(frozen=True)
class Executed(Generic[T]):
    """What an execution came to; see `Sample`.

    Attributes:
        made: The thing itself; None where it came to nothing.
    """

    made: T | None
    answer: str
    shown: str = ""
    usage: Usage = Usage()
    calls: tuple[str, ...] = ()
    passes: bool | None = None
    verified: bool | None = None


@dataclass(frozen=True)
class Routed(Generic[T]):
    """What is routed; each function asks the model that plays a role.

    Attributes:
        write: Lets a model write a goal or a guideline, at a temperature, as a sample.
        execute: Lets a model execute.
    """

    write: Callable[[str, str, float, int], Awaitable[Written]]
    execute: Callable[[str, Manner], Awaitable[Executed[T]]]


@dataclass(frozen=True)
class Control:
    """Who decides after a stage, and who keeps it.

    Attributes:
        who: The annotator, or the name of the rules.
        decide: Asked after each of the first two stages, with the stage as its threshold would have it.
        keep: Told of every stage as it was decided.
    """

    settings: RoutingSettings
    task_id: str
    who: str
    decide: Callable[[RoutedStage], Awaitable[Route]]
    keep: Callable[[RoutedStage], Awaitable[None]]


@dataclass(frozen=True)
class Resolved(Generic[T]):
    """How a cascade ended.

    Attributes:
        stage: The one that resolved it.
        made: What its winner made; None where no sample came to anything.
        stages: All that ran.
    """

    stage: RoutedStage
    made: T | None
    stages: tuple[RoutedStage, ...]

    @property
    def usage(self) -> Usage:
        """Of all calls."""
        return sum((stage.usage for stage in self.stages), Usage())


async def route(what: Routed[T], place: Place, control: Control) -> Resolved[T]:
    """Run the cascade.

    Raises:
        BudgetExhaustedError: The budget ended it within a stage, which is then not kept.
        ModelError: A model cannot be asked.
    """
    return await _Cascade(what, place, control).run()


class _Cascade(Generic[T]):
    """One cascade under way."""

    def __init__(self, what: Routed[T], place: Place, control: Control) -> None:
        self._what = what
        self._place = place
        self._control = control
        self._settings = control.settings
        self._guideline = ""
        self._resolved: tuple[RoutedStage, T | None] | None = None
        self._stages: list[RoutedStage] = []

    async def run(self) -> Resolved[T]:
        for stage in (self._first, self._second, self._third):
            await stage()
            if self._resolved is not None and not self._settings.exhaustive:
                break
        assert self._resolved is not None  # noqa: S101 -- the third stage is always accepted
        stage_, made = self._resolved
        return Resolved(stage_, made, tuple(self._stages))

    async def _first(self) -> None:
        """Goals of the small model, each executed."""
        settings = self._settings

        async def sample(number: int) -> tuple[Written, Executed[T]]:
            goal = await self._what.write(SMALL, GOAL, settings.plan_temperature, number)
            manner = Manner(goal.text, "", settings.first_temperature, number)
            return goal, await self._what.execute(SMALL, manner)

        made = await together(sample(number) for number in range(settings.samples))
        samples = [_sample(number, goal.text, executed) for number, (goal, executed) in enumerate(made)]
        await self._end(1, GOAL, samples, [goal for goal, _ in made], [executed.made for _, executed in made])

    async def _second(self) -> None:
        """The goal of a majority answer and a guideline of the large model, executed by the small one."""
        settings, first = self._settings, self._stages[0].winner
        written = await self._written()
        goal = first.plan if first else ""

        async def sample(number: int) -> Executed[T]:
            return await self._what.execute(SMALL, Manner(goal, self._guideline, settings.second_temperature, number))

        made = await together(sample(number) for number in range(settings.samples))
        samples = [_sample(number, self._guideline, executed) for number, executed in enumerate(made)]
        await self._end(2, GUIDELINE, samples, written, [executed.made for executed in made])

    async def _third(self) -> None:
        """The large model with that guideline, greedily."""
        executed = await self._what.execute(LARGE, Manner("", self._guideline, 0.0, 0))
        await self._end(3, GUIDELINE, [_sample(0, self._guideline, executed)], [], [executed.made])

    async def _written(self) -> list[Written]:
        """The guideline of the large model, unless a person wrote one."""
        if self._guideline:
            return []
        written = await self._what.write(LARGE, GUIDELINE, self._settings.plan_temperature, 0)
        self._guideline = written.text
        return [written]

    async def _end(
        self, number: int, plan_type: str, samples: list[Sample], plans: list[Written], made: list[T | None]
    ) -> None:
        """Compare with the threshold, ask who decides, and keep what came of it."""
        settings, place = self._settings, self._place
        threshold = settings.threshold(number)
        stage = RoutedStage(
            place.start_id,
            place.step,
            number,
            LARGE if number == STAGES[-1] else SMALL,
            plan_type,
            tuple(samples),
            threshold,
            settings.comparator,
            accepted=True,
            guideline=self._guideline,
            planning=sum((plan.usage for plan in plans), Usage()),
            planning_calls=tuple(key for plan in plans for key in plan.calls),
            attempt=place.attempt,
            confidence=settings.confidence,
            task_id=self._control.task_id,
        )
        if threshold is not None and not settings.comparator.holds(stage.consensus or 0.0, threshold):
            stage = replace(stage, accepted=False, escalated_by=EscalatedBy.THRESHOLD)
        if threshold is not None and self._resolved is None:
            chosen = await self._control.decide(stage)
            stage = decided(stage, chosen, self._control.who)
            if not stage.accepted and chosen.guideline is not None:
                self._guideline = chosen.guideline.strip() or self._guideline
        await self._control.keep(stage)
        self._stages.append(stage)
        if stage.accepted and self._resolved is None:
            winner = stage.winner
            self._resolved = stage, made[winner.number] if winner else None


def decided(stage: RoutedStage, chosen: Route, who: str) -> RoutedStage:
    """The stage as whoever decides left it; a guideline counts only where another stage comes."""
    if chosen.action is RouteAction.ACCEPT:
        return replace(stage, accepted=True, escalated_by=None, decided_by=who)
    if chosen.action is RouteAction.ESCALATE:
        return replace(stage, accepted=False, escalated_by=EscalatedBy.HUMAN, decided_by=who)
    edited = not stage.accepted and bool((chosen.guideline or "").strip())
    return replace(stage, decided_by=who) if edited else stage


async def together(works: Iterable[Awaitable[T]]) -> list[T]:
    """Await all at once; where one fails, the others are cancelled first."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def _sample(number: int, plan: str, executed: Executed[T]) -> Sample:
    return Sample(
        number,
        plan,
        executed.answer,
        executed.shown,
        executed.usage,
        executed.calls,
        executed.passes,
        executed.verified,
    )
