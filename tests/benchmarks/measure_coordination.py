"""Whether CoPE's weight makes preference pairs of plans rank plans better, where quality is known by construction.

`python tests/benchmarks/measure_coordination.py [--replicates 20]` prints the table of docs/cope.md. Of each of many
travel tasks the planner's own plan is spoilt in known ways: its quality is the number of its defects. Executions are
simulated on the actions of the task's reference trip, and so is whether they succeed; how alike they are is measured
with `domain.coordination.alike`, and preferences and weights are made as the export makes them (`plan_reward`,
`planner_weight`). A linear Bradley-Terry ranker learns from the pairs with weight 1 and with CoPE's, which are divided
by their mean so that nothing but their proportions differs, and ranks the plans of other tasks. The same arguments
always give the same table.
"""

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from plan_ranker import Preference, learn, score

from hitl_app.domain.coordination import alike, planner_weight
from hitl_app.domain.plan_tree import plan_reward
from hitl_app.domain.training import uniform
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.travel.samples import clean_run
from hitl_app.refine.statistics import Interval, difference, mean

TASKS = 120
LEVEL = 2
HELD_OUT = 40
ROLLOUTS = 3
SIZES = (6, 24)
"""Tasks whose pairs are learnt from."""
NUISANCES = 8
"""Features of a plan that have no bearing on its quality."""

_DETAIL = re.compile(r", | in | from | and ")


@dataclass(frozen=True)
class Part:
    """A step of a plan with the reference actions that it leads to."""

    words: str
    actions: tuple[str, ...]
    vague: bool = False


@dataclass(frozen=True)
class Plan:
    """A plan of known quality.

    Attributes:
        parts: Its steps, in its order.
        missing: What it does not say.
        defects: How often it was spoilt: less is better.
        wanted: How many steps the task wants.
    """

    parts: tuple[Part, ...]
    missing: tuple[Part, ...]
    defects: int
    wanted: int

    @cached_property
    def features(self) -> list[float]:
        """What a ranker sees, all of it read off the words: length, detail, beginning, end, and nuisances."""
        words = [part.words for part in self.parts]
        text = "\n".join(words)
        return [
            len(words) / self.wanted,
            fmean(any(each[:1].isupper() or each[:1].isdigit() for each in step.split()[1:]) for step in words),
            fmean(len(step.split()) for step in words) / 10,
            float(words[0].startswith("Find")),
            float(words[-1].startswith("Look")),
            *(2 * uniform(number, text) - 1 for number in range(NUISANCES)),
        ]


@dataclass(frozen=True)
class World:
    """How executions of plans go.

    Attributes:
        succeeds: Chance of a success by the number of defects, 0 to 3.
        slips: Chance that an action of a clear step is another one.
        guesses: The same of a vague step.
        improvises: Chance that an action of which the plan says nothing is done at all, in some way.
        ways: Chance that an execution of a plan without defects takes another good way.
    """

    name: str
    succeeds: tuple[float, float, float, float] = (0.7, 0.5, 0.35, 0.2)
    slips: float = 0.05
    guesses: float = 0.5
    improvises: float = 0.5
    ways: float = 0.0


WORLDS = (
    World("worse plans are executed less alike; success is mostly luck", succeeds=(0.55, 0.48, 0.42, 0.36)),
    World("the same; success is often luck"),
    World("the same; success is hardly ever luck", succeeds=(0.98, 0.6, 0.2, 0.02)),
    World("all plans are executed equally alike; often luck", slips=0.2, guesses=0.2, improvises=0.0),
    World(
        "bad plans are followed to the letter, good ones in several ways; often luck",
        slips=0.02,
        guesses=0.02,
        improvises=0.0,
        ways=0.7,
    ),
)


def plans_of(reference: Trajectory) -> tuple[Plan, ...]:
    """The plan of a recording without defects, and five that were spoilt."""
    actions: list[list[str]] = [[] for _ in reference.plan]
    for step in reference.steps:
        if step.is_action and step.plan_step is not None:
            actions[step.plan_step].append(f"{step.tool} {sorted(step.arguments.items())}")
    good = tuple(Part(item.step, tuple(done)) for item, done in zip(reference.plan, actions, strict=True))
    vague = tuple(Part(_DETAIL.split(part.words)[0], part.actions, vague=True) for part in good)
    wanted, most = len(good), len(good) - 1
    return (
        Plan(good, (), 0, wanted),
        Plan((*vague[:most], good[most]), (), 1, wanted),
        Plan((*good[:2], *good[3:]), good[2:3], 1, wanted),
        Plan((good[1], *good[2:], good[0]), (), 1, wanted),
        Plan((*vague[:2], *vague[3:]), good[2:3], 2, wanted),
        Plan((*vague[3:], *vague[:2]), good[2:3], 3, wanted),
    )


def execute(plan: Plan, world: World, draws: random.Random) -> list[str]:
    """The actions of one execution."""
    done: list[str] = []
    parts = list(plan.parts)
    other_way = not plan.defects and draws.random() < world.ways
    if other_way:
        draws.shuffle(parts)
    for part in parts:
        slips = 0.5 if other_way else world.guesses if part.vague else world.slips
        done += [_other(each, draws) if draws.random() < slips else each for each in part.actions]
    for part in plan.missing:
        for each in part.actions:
            if draws.random() < world.improvises:
                done.insert(draws.randrange(len(done) + 1), _other(each, draws))
    return done


def _other(action: str, draws: random.Random) -> str:
    return f"{action} in way {draws.randrange(1000)}"


@dataclass(frozen=True)
class Tried:
    """A plan with what its executions gave."""

    plan: Plan
    alike: float
    reward: float


def tried(plan: Plan, world: World, draws: random.Random) -> Tried:
    """Execute a plan; a success is worth 1, a failure 1/2, as one goal that is not met."""
    measured = alike([execute(plan, world, draws) for _ in range(ROLLOUTS)])
    chance = world.succeeds[plan.defects]
    reward = plan_reward(1.0 if draws.random() < chance else 0.5 for _ in range(ROLLOUTS))
    return Tried(plan, measured or 0.0, reward or 0.0)


def pairs(found: Sequence[Tried]) -> Iterator[tuple[Tried, Tried]]:
    """The pairs of one task: the plan with the greater reward first; equal rewards make none."""
    for one in found:
        yield from ((one, other) for other in found if one.reward > other.reward)


def rank_correlation(coefficients: Sequence[float], plans: Sequence[Plan]) -> float:
    """Kendall's tau of the ranker with the number of defects, over plans that differ in it."""
    scores = [score(coefficients, plan.features) for plan in plans]
    signs = [
        1 if scores[i] > scores[j] else -1
        for i, one in enumerate(plans)
        for j, other in enumerate(plans)
        if one.defects < other.defects
    ]
    return fmean(signs)


@dataclass(frozen=True)
class Result:
    """One line of the table.

    Attributes:
        wrong: Share of the pairs that differ in defects and prefer the worse plan.
        weight_right: Mean weight of the others.
        weight_wrong: Mean weight of those.
        uniform: Kendall's tau with weight 1, over replicates.
        weighted: With CoPE's weight.
        gain: Their difference, in pairs.
    """

    world: str
    size: int
    wrong: float
    weight_right: float
    weight_wrong: float
    uniform: Interval
    weighted: Interval
    gain: Interval


def measure(world: World, size: int, replicates: int, tasks: Sequence[tuple[Plan, ...]]) -> Result:
    """Learn from pairs of so many tasks and rank the plans of others, several times."""
    right, wrong, equal_weights, weighted = list[float](), list[float](), list[float](), list[float]()
    for replicate in range(replicates):
        draws = random.Random(f"{world.name} {size} {replicate}")
        drawn = draws.sample(tasks, len(tasks))
        found = [
            (better, worse, planner_weight(better.alike, worse.alike))
            for plans in drawn[:size]
            for better, worse in pairs([tried(plan, world, draws) for plan in plans])
        ]
        right += [weight for better, worse, weight in found if better.plan.defects < worse.plan.defects]
        wrong += [weight for better, worse, weight in found if better.plan.defects > worse.plan.defects]
        usual = fmean(weight for _, _, weight in found)
        for taus, weights in (
            (equal_weights, [1.0] * len(found)),
            (weighted, [weight / usual for _, _, weight in found]),
        ):
            learnt = learn(
                [
                    Preference(better.plan.features, worse.plan.features, weight)
                    for (better, worse, _), weight in zip(found, weights, strict=True)
                ]
            )
            taus.append(fmean(rank_correlation(learnt, plans) for plans in drawn[size:][:HELD_OUT]))
    return Result(
        world.name,
        size,
        len(wrong) / (len(wrong) + len(right)),
        fmean(right),
        fmean(wrong),
        mean(equal_weights),
        mean(weighted),
        difference(weighted, equal_weights),
    )


def measured(replicates: int, sizes: Sequence[int] = SIZES, tasks: int = TASKS) -> list[Result]:
    """All lines of the table."""
    known = [plans_of(clean_run(7, number, LEVEL).trajectory) for number in range(tasks)]
    return [measure(world, size, replicates, known) for world in WORLDS for size in sizes]


def table(results: Sequence[Result]) -> str:
    """As Markdown."""
    lines = [
        "| world | tasks | wrong pairs | weight right / wrong | tau, weight 1 | tau, CoPE's weight | difference |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in results:
        weights = f"{each.weight_right:.2f} / {each.weight_wrong:.2f}"
        shown = " | ".join(f"{i.value:.3f}" for i in (each.uniform, each.weighted))
        gain = f"{each.gain.value:+.3f} [{each.gain.low:+.3f}, {each.gain.high:+.3f}]"
        lines.append(f"| {each.world} | {each.size} | {each.wrong:.0%} | {weights} | {shown} | {gain} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=20, help="draws of training tasks (default: 20)")
    print(table(measured(parser.parse_args().replicates)))


if __name__ == "__main__":
    main()
