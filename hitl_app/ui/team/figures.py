"""Figures of a team's reports in words: a share with its interval, a coefficient or why there is none."""

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.team import SeedKind
from hitl_app.ui.panes.queue_text import status_word
from hitl_app.ui.translating import translate
from hitl_app.workflow.agreement import Coefficient, Undefined
from hitl_app.workflow.seeding import Skipped
from hitl_app.workflow.tally import Tally


def tally_words(tally: Tally) -> str:
    """Such as `3 of 12: 25 % (9 to 53)`; a dash where nothing was looked at."""
    interval = tally.interval
    if interval is None:
        return "–"
    return translate("Figures", "{0} of {1}: {2} % ({3} to {4})").format(
        tally.hits, tally.of, round(100 * tally.hits / tally.of), round(100 * interval.low), round(100 * interval.high)
    )


def coefficient_words(coefficient: Coefficient) -> str:
    """The value with its interval, or why there is none."""
    if coefficient.undefined is Undefined.NO_OVERLAP:
        return translate("Figures", "nothing was answered by two people")
    if coefficient.value is None:
        return translate("Figures", "undefined: everybody always gave the same answer")
    if coefficient.low is None or coefficient.high is None:
        return f"{coefficient.value:.2f}"
    return translate("Figures", "{0} ({1} to {2})").format(
        f"{coefficient.value:.2f}", f"{coefficient.low:.2f}", f"{coefficient.high:.2f}"
    )


def question_words(question: str) -> str:
    """What an agreement is about."""
    if question == "verdict":
        return translate("Figures", "verdict")
    if question == "blame":
        return translate("Figures", "blamed step")
    return translate("Figures", "rubric: {0}").format(question.removeprefix("rating "))


def verdict_words(verdict: str) -> str:
    """What somebody made of a trajectory."""
    known = {
        "kept": translate("Figures", "kept as it is"),
        "repaired": translate("Figures", "repaired"),
        "rejected": translate("Figures", "rejected"),
    }
    if verdict in known:
        return known[verdict]
    return status_word(ReviewStatus(verdict)) if verdict in list(ReviewStatus) else verdict


def seed_words(kind: SeedKind) -> str:
    """How a proposal is bad on purpose."""
    return {
        SeedKind.HARMFUL: translate("Figures", "harmful: the loss rises"),
        SeedKind.USELESS: translate("Figures", "useless: the loss stays"),
        SeedKind.SMUGGLED: translate("Figures", "smuggled: a repair with one harmful change that no loss sees"),
    }[kind]


def skipped_words(why: Skipped) -> str:
    """Why a lineage got no bad proposal."""
    return {
        Skipped.DECIDED: translate("Figures", "decided on already"),
        Skipped.SEEDED: translate("Figures", "has one already"),
        Skipped.NOTHING_TO_REPAIR: translate("Figures", "nothing to repair"),
        Skipped.NOT_EXECUTABLE: translate("Figures", "its environment cannot execute it here"),
        Skipped.NONE_FOUND: translate("Figures", "no candidate is bad in the wanted way"),
    }[why]


def seconds_words(seconds: float | None) -> str:
    """A mean time; a dash where none was measured."""
    return "–" if seconds is None else translate("Figures", "{0} s").format(f"{seconds:.1f}")
