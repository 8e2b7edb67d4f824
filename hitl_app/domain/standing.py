"""Where a lineage stands: for each annotator, and for all together.

Everything follows from the set of decisions alone, never from the order in which two stores were merged. So a merge
has no conflicts: it is a union, and people who decided differently are a dispute that somebody settles.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hitl_app.domain.decision import AUTOMATIC, MOVING, VERDICTS, Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.jsontypes import JsonObject

IMPORTED = "imported"
"""Field of a decision's detail that says where the entry stood in the ledger that it came from."""

_KNOWN = VERDICTS | {ReviewStatus.DISPUTED}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry was decided, however often it was merged since: its place in that ledger, and its hash there."""

    made_at: str
    sequence: int
    hash: str

    @property
    def order(self) -> tuple[str, int, str]:
        """By time, and among decisions of one moment by place."""
        return self.made_at, self.sequence, self.hash


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one annotator left a lineage.

    Attributes:
        head: Id of the revision that the annotator left as the current one.
        origin: The decision that did.
        informed: It was made on a verdict of others, in sight of it, and so settles what they said.
        loss: Sum of the losses of the revision that was accepted; None where none was, or none is known.
    """

    annotator: str
    status: ReviewStatus
    head: str
    origin: Origin
    informed: bool = False
    loss: int | None = None

    @property
    def is_verdict(self) -> bool:
        """Whether a person settled the lineage."""
        return self.status in VERDICTS and self.annotator != AUTOMATIC


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a lineage stands, for whoever looks at it."""

    status: ReviewStatus
    head: str


def origin(entry: LedgerEntry) -> Origin:
    """Where an entry was decided first."""
    sequence, found, place = entry.sequence, entry.hash, entry.decision.detail.get(IMPORTED)
    while isinstance(place, Mapping):
        at = place.get("sequence")
        sequence, found = at if isinstance(at, int) else sequence, str(place.get("hash"))
        place = place.get(IMPORTED)
    return Origin(entry.decision.made_at, sequence, found)


def standings(entries: Iterable[LedgerEntry]) -> dict[str, Standing]:
    """Each annotator's standing on one lineage: their newest decision that says where it stands and was not undone.

    Args:
        entries: All entries of one lineage, in any order.
    """
    found: dict[str, Standing] = {}
    for standing in _moves(entries):
        found[standing.annotator] = standing
    return found


def independent_verdicts(entries: Iterable[LedgerEntry]) -> dict[str, Standing]:
    """What each person last said of one lineage without sight of others, where that is a verdict.

    Who settles a dispute later keeps the verdict of before here: agreement is measured on what people came to alone.

    Args:
        entries: All entries of one lineage, in any order.
    """
    found: dict[str, Standing] = {}
    for standing in _moves(entries):
        if not standing.informed:
            found[standing.annotator] = standing
    return {name: standing for name, standing in found.items() if standing.is_verdict}


def _moves(entries: Iterable[LedgerEntry]) -> Iterator[Standing]:
    """Every decision on one lineage that says where it stands and was not undone, oldest first."""
    listed = list(entries)
    undone = {entry.decision.undoes for entry in listed}
    moves = [(origin(e), e.decision) for e in listed if e.sequence not in undone and _says_where(e.decision)]
    last: dict[str, Standing] = {}
    for place, decision in sorted(moves, key=lambda move: move[0].order):
        last[decision.annotator] = _standing(decision, place, last)
        yield last[decision.annotator]


def _says_where(decision: Decision) -> bool:
    """Whether a decision says where its lineage stands.

    One on a proposal that was bad on purpose does not, nor an attempt that the rule refused, nor the rejection of one
    more proposal for what is settled: they leave everything as it was.
    """
    if decision.kind not in MOVING or "seed" in decision.detail:
        return False
    if decision.kind is DecisionKind.REJECT:
        return decision.status_after is ReviewStatus.REJECTED
    return decision.accepted is not False


def _standing(decision: Decision, place: Origin, last: Mapping[str, Standing]) -> Standing:
    return Standing(
        annotator=decision.annotator,
        status=decision.status_after,
        head=decision.head_after or decision.base_id,
        origin=place,
        informed=_is_informed(decision, last),
        loss=_loss(decision) if decision.accepted else None,
    )


def _is_informed(decision: Decision, last: Mapping[str, Standing]) -> bool:
    """Whether a decision was made in sight of what others made of a verdict.

    Its maker saw a verdict that is not the one they came to alone, or the word of somebody who had seen one: an
    agreement, or a flag on it.

    Args:
        decision: The decision.
        last: Where each annotator stood before it.
    """
    who, seen = decision.annotator, decision.status_before
    if who == AUTOMATIC or decision.detail.get("blind"):
        return False
    own = last.get(who)
    alone = own.status if own is not None and not own.informed else None
    others = [standing for name, standing in last.items() if name != who]
    return (seen in _KNOWN and seen is not alone) or any(each.informed and each.status is seen for each in others)


def _loss(decision: Decision) -> int | None:
    """The sum of the counts in `losses_after`, which `codec.losses_to_json` wrote."""
    losses = decision.detail.get("losses_after")
    if not isinstance(losses, Mapping):
        return None
    counts = [value.get("count") for value in losses.values() if isinstance(value, Mapping)]
    return sum(count for count in counts if isinstance(count, int))


def consensus(root_id: str, found: Mapping[str, Standing]) -> Stand:
    """Where a lineage stands for everybody.

    The newest decision that settles a verdict of others wins. Else independent verdicts count: where they agree
    (kept as it is, repaired, rejected), the revision with the least loss is the head; where they do not, it is
    disputed. Without a verdict, a flag goes before a skip, and the head is the one of the newest decision.
    """
    people = [standing for standing in found.values() if standing.annotator != AUTOMATIC]
    informed = [standing for standing in people if standing.informed]
    if informed:
        last = max(informed, key=lambda standing: standing.origin.order)
        return Stand(last.status, last.head)
    verdicts = [standing for standing in people if standing.is_verdict]
    if not verdicts:
        status = next(
            (s for s in (ReviewStatus.FLAGGED, ReviewStatus.SKIPPED) if any(p.status is s for p in people)),
            ReviewStatus.PENDING,
        )
        return Stand(status, _unsettled_head(root_id, found))
    if len({_verdict(root_id, standing) for standing in verdicts}) > 1:
        return Stand(ReviewStatus.DISPUTED, _unsettled_head(root_id, found))
    best = min(verdicts, key=lambda s: (s.loss is None, s.loss or 0, s.origin.order))
    return Stand(best.status, best.head)


def own_stand(root_id: str, annotator: str, found: Mapping[str, Standing]) -> Stand:
    """Where a lineage stands for an annotator to whom the decisions of others are hidden."""
    own = found.get(annotator)
    if own is not None:
        return Stand(own.status, own.head)
    rules = found.get(AUTOMATIC)
    return Stand(ReviewStatus.PENDING, rules.head if rules is not None else root_id)


def disagree(root_id: str, found: Mapping[str, Standing]) -> bool:
    """Whether people decided differently without sight of each other, be it settled since or not."""
    return len({_verdict(root_id, s) for s in found.values() if s.is_verdict and not s.informed}) > 1


def verdict_word(root_id: str, standing: Standing) -> str:
    """What an annotator made of a lineage: `kept`, `repaired` or `rejected`; their status where that is no verdict."""
    return _verdict(root_id, standing) if standing.is_verdict else standing.status


def _verdict(root_id: str, standing: Standing) -> str:
    if standing.status is ReviewStatus.REJECTED:
        return "rejected"
    return "kept" if standing.head == root_id else "repaired"


def _unsettled_head(root_id: str, found: Mapping[str, Standing]) -> str:
    moves = [standing for standing in found.values() if not standing.is_verdict]
    return max(moves, key=lambda standing: standing.origin.order).head if moves else root_id


def place_in(entry: LedgerEntry, head: str) -> JsonObject:
    """The `imported` detail of an entry that is appended to another ledger.

    Args:
        entry: As it stood there.
        head: Hash of the last entry of that ledger.
    """
    place: JsonObject = {"sequence": entry.sequence, "hash": entry.hash, "head": head}
    earlier = entry.decision.detail.get(IMPORTED)
    return place if earlier is None else {**place, IMPORTED: earlier}
