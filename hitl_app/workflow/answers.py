"""What people answered of one lineage, each for themselves: what agreement and gold items are measured on."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain.codec import get_int, get_optional_int, get_str
from hitl_app.domain.decision import AUTOMATIC, Decision, DecisionKind, LedgerEntry
from hitl_app.domain.standing import independent_verdicts, origin, verdict_word
from hitl_app.workflow.agreement import Answer, Answers

NOTHING_WRONG = "nothing"
"""The blame of somebody who found that no step is to blame."""

GradientStep = Callable[[str, str], int | None]
"""The step that a trajectory's gradient is about, by their ids; None where it is about none, or is unknown."""

_BLAMES = frozenset({DecisionKind.JUDGE, DecisionKind.MOVE_BLAME, DecisionKind.CONFIRM_BLAME})


@dataclass(frozen=True, slots=True)
class LineageAnswers:
    """What people answered of one lineage.

    Attributes:
        verdicts: `kept`, `repaired` or `rejected`, decided without sight of what others decided.
        blames: The step of the recording that goes wrong first, as text, or `NOTHING_WRONG`.
        ratings: By item of the rubric, then by what was rated: a trajectory by one version of the rubric.
    """

    verdicts: Answers
    blames: Answers
    ratings: Mapping[str, Mapping[str, Answers]]


def answers_of(root_id: str, entries: Sequence[LedgerEntry], gradient_step: GradientStep) -> LineageAnswers:
    """Collect what people answered independently.

    Args:
        root_id: The lineage.
        entries: All its entries, in any order.
        gradient_step: Finds the step of a gradient that somebody confirmed.
    """
    undone = {entry.decision.undoes for entry in entries}
    standing = [entry for entry in entries if entry.sequence not in undone and entry.decision.annotator != AUTOMATIC]
    decisions = [entry.decision for entry in sorted(standing, key=lambda entry: origin(entry).order)]
    verdicts = independent_verdicts(entries)
    return LineageAnswers(
        verdicts={name: verdict_word(root_id, verdict) for name, verdict in verdicts.items()},
        blames=_blames([d for d in decisions if d.kind in _BLAMES and d.base_id == root_id], gradient_step),
        ratings=_ratings([d for d in decisions if d.kind is DecisionKind.RATE]),
    )


def _blames(decisions: Sequence[Decision], gradient_step: GradientStep) -> dict[str, Answer]:
    """Each person's first judgement before a proposal, else their newest word.

    Only what they said blind, or before anybody else had said anything.
    """
    judged: dict[str, Answer] = {}
    said: dict[str, Answer] = {}
    for number, decision in enumerate(decisions):
        who = decision.annotator
        if not decision.detail.get("blind") and any(earlier.annotator != who for earlier in decisions[:number]):
            continue
        match decision.kind:
            case DecisionKind.JUDGE:
                judged.setdefault(who, blame_word(get_optional_int(decision.detail, "blame")))
            case DecisionKind.MOVE_BLAME:
                said[who] = blame_word(get_optional_int(decision.detail, "step"))
            case _:
                step = gradient_step(decision.base_id, get_str(decision.detail, "gradient_id"))
                if step is not None:
                    said[who] = blame_word(step)
    return {**said, **judged}


def blame_word(step: int | None) -> str:
    """A blame as an answer."""
    return NOTHING_WRONG if step is None else str(step)


def _ratings(decisions: Sequence[Decision]) -> dict[str, dict[str, dict[str, Answer]]]:
    """A newer answer of the same person replaces the one before."""
    found: dict[str, dict[str, dict[str, Answer]]] = defaultdict(lambda: defaultdict(dict))
    for decision in decisions:
        detail = decision.detail
        part = f"{decision.base_id} {get_str(detail, 'rubric', '')}"
        found[get_str(detail, "item")][part][decision.annotator] = get_int(detail, "value")
    return {item: dict(parts) for item, parts in found.items()}
