"""Who is to look at what: a plan that is balanced, reproducible by its seed, and moves nothing that is assigned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import content_hash
from hitl_app.domain.settings import checked_annotator


@dataclass(frozen=True, slots=True)
class Share:
    """What one person is to look at: of the lineages that the plan is about."""

    annotator: str
    assigned: int
    new: int

    @property
    def total(self) -> int:
        """With what was assigned before."""
        return self.assigned + self.new


@dataclass(frozen=True, slots=True)
class AssignmentPlan:
    """What an assignment would do.

    Attributes:
        lineages: How many fit the query.
        untouched: How many of them are assigned already, and stay as they are.
        overlapping: How many have at least two people, now and by the plan.
        pairs: Lineages and the people they go to, new ones only.
        shares: What each person gets, by name.
    """

    lineages: int
    untouched: int
    overlapping: int
    pairs: tuple[tuple[str, str], ...]
    shares: tuple[Share, ...]


def plan(
    root_ids: Sequence[str],
    annotators: Sequence[str],
    assigned: Mapping[str, Collection[str]],
    *,
    per_item: int = 1,
    overlap: float = 0.0,
    overlap_by: int = 2,
    seed: int = 0,
) -> AssignmentPlan:
    """Plan who gets which lineages.

    A lineage that is assigned to anybody stays as it is. The others are taken in an order that their ids and the seed
    give, so that neither the order of import nor what is added later changes it; each goes to whoever has least.

    Args:
        root_ids: Lineages that the plan is about.
        annotators: Who gets them.
        assigned: Who has which of them already.
        per_item: People that each lineage goes to.
        overlap: Share of all lineages, 0 to 1, that goes to `overlap_by` people, so that agreement can be measured.
        overlap_by: People that an overlapping lineage goes to.
        seed: Another seed gives another plan.

    Raises:
        UserError: The numbers make no sense together.
    """
    people = list(dict.fromkeys(checked_annotator(name) for name in annotators if name.strip()))
    _check(people, per_item, overlap, overlap_by)
    taken = {root: set(assigned.get(root, ())) for root in root_ids}
    free = sorted((root for root, who in taken.items() if not who), key=lambda root: content_hash([seed, root]))
    missing = round(overlap * len(taken)) - sum(len(who) >= overlap_by for who in taken.values())
    shared = set(free[: max(missing, 0)])
    before = {name: sum(name in who for who in taken.values()) for name in people}
    loads, pairs = dict(before), list[tuple[str, str]]()
    for root in free:
        wanted = max(per_item, overlap_by) if root in shared else per_item
        by_load = sorted(people, key=lambda name: (loads[name], content_hash([seed, root, name])))
        for name in by_load[:wanted]:
            loads[name] += 1
            taken[root].add(name)
            pairs.append((root, name))
    return AssignmentPlan(
        lineages=len(taken),
        untouched=len(taken) - len(free),
        overlapping=sum(len(who) > 1 for who in taken.values()),
        pairs=tuple(pairs),
        shares=tuple(Share(name, before[name], loads[name] - before[name]) for name in people),
    )


def _check(people: Sequence[str], per_item: int, overlap: float, overlap_by: int) -> None:
    if not people:
        raise UserError("say whom to assign to: at least one name")
    if per_item < 1:
        raise UserError(f"each trajectory goes to at least one person, not {per_item}")
    if not 0 <= overlap <= 1:
        raise UserError(f"the overlap is a share from 0 to 1, not {overlap:g}")
    if overlap and overlap_by < 2:
        raise UserError(f"an overlap needs at least two people, not {overlap_by}")
    most = max(per_item, overlap_by if overlap else 1)
    if most > len(people):
        raise UserError(f"a trajectory cannot go to {most} people: there are only {len(people)} ({', '.join(people)})")
