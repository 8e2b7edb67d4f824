"""Gold items: lineages on which the right decision is known, and how often each annotator comes to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from hitl_app.domain.decision import VERDICTS, ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.library import QueueRow
from hitl_app.domain.team import GoldItem
from hitl_app.workflow.answers import LineageAnswers, blame_word
from hitl_app.workflow.tally import Tally

VERDICT_WORDS = ("kept", "repaired", "rejected")


@dataclass(frozen=True, slots=True)
class GoldMiss:
    """An answer that was not the gold one. `question` is `verdict` or `blame`; blames are steps as text."""

    root_id: str
    question: str
    said: str
    right: str


@dataclass(frozen=True, slots=True)
class GoldScore:
    """One annotator on the gold items that they decided on by themselves.

    Attributes:
        verdicts: Verdicts that were right.
        blames: First blames that were right, of the items that have a blame.
    """

    annotator: str
    verdicts: Tally
    blames: Tally
    misses: tuple[GoldMiss, ...]


def score(answered: Iterable[tuple[GoldItem, LineageAnswers]]) -> tuple[GoldScore, ...]:
    """Every annotator's score, by name. Who decided in sight of others, or not at all, is not measured on an item."""
    verdicts: dict[str, list[bool]] = {}
    blames: dict[str, list[bool]] = {}
    misses: dict[str, list[GoldMiss]] = {}

    def compare(item: GoldItem, question: str, name: str, said: str, right: str) -> None:
        (verdicts if question == "verdict" else blames).setdefault(name, []).append(said == right)
        if said != right:
            misses.setdefault(name, []).append(GoldMiss(item.root_id, question, said, right))

    for item, answers in answered:
        for name, said in answers.verdicts.items():
            compare(item, "verdict", name, str(said), item.verdict)
        for name, said in answers.blames.items() if item.blame is not None else ():
            compare(item, "blame", name, str(said), blame_word(item.blame))

    return tuple(
        GoldScore(
            name,
            Tally.count(verdicts.get(name, [])),
            Tally.count(blames.get(name, [])),
            tuple(misses.get(name, ())),
        )
        for name in sorted({*verdicts, *blames})
    )


def check_verdict(verdict: str) -> str:
    """A verdict as it was given. Raises UserError where there is no such verdict."""
    if verdict not in VERDICT_WORDS:
        raise UserError(f'a gold verdict is one of {", ".join(VERDICT_WORDS)}, not "{verdict}"')
    return verdict


def settled_verdict(row: QueueRow) -> str | None:
    """The verdict at which a lineage stands for everybody; None where it is open or disputed."""
    if row.status not in VERDICTS:
        return None
    if row.status is ReviewStatus.REJECTED:
        return "rejected"
    return "kept" if row.head_id == row.root_id else "repaired"
