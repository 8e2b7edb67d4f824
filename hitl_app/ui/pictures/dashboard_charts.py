"""The charts of the dashboard, from its figures."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise

from PySide6.QtCore import QCoreApplication

from hitl_app.domain.decision import DecisionKind, ReviewStatus
from hitl_app.ui.pictures.chart_parts import Series
from hitl_app.ui.pictures.charts import Bar, BarsChart, ColumnsChart, CurveChart, Line
from hitl_app.ui.pictures.drawing import Pattern
from hitl_app.ui.pictures.picture import Picture
from hitl_app.ui.words import component_name
from hitl_app.workflow.agreement import Agreement, Undefined
from hitl_app.workflow.dashboard import DashboardReport
from hitl_app.workflow.figures import Figures, Times
from hitl_app.workflow.reliance import Reliance
from hitl_app.workflow.tally import Tally

translate = QCoreApplication.translate

EDGES = (5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600)
"""Seconds at which a column of a histogram ends; the last one holds the rest."""

RATING = "rating "
"""Begins the name of a question of the rubric."""

MOST_DAYS = 400
"""Days that are shown one by one, the newest."""


def progress_charts(report: DashboardReport) -> tuple[Picture, ...]:
    """How far the work is."""
    return _statuses(report), _settled(report), _days(report.figures), _hours(report.figures), _annotators(report)


def decision_charts(report: DashboardReport) -> tuple[Picture, ...]:
    """How it is decided."""
    return _rates(report.figures), _reasons(report.figures), _losses(report.figures)


def time_charts(report: DashboardReport) -> tuple[Picture, ...]:
    """How long it takes."""
    figures = report.figures
    return (
        _histogram(translate("Pictures", "Active time a decision"), figures.active),
        _histogram(translate("Pictures", "Idle time a decision"), figures.idle),
    )


def agreement_charts(questions: Sequence[Agreement]) -> tuple[Picture, ...]:
    """How far people agree, as `hitl-app agreement` measures it."""
    bars = []
    for found in questions:
        alpha = found.alpha
        whisker = None if alpha.low is None or alpha.high is None else (alpha.low, alpha.high)
        bars.append(Bar(_question(found.question), (alpha.value,), (_agreement_words(found),), whisker))
    about = translate(
        "Pictures",
        "Krippendorff's alpha of each question that several people answered independently: 1 is perfect, 0 is chance. "
        "The thin line is the 95 % interval.",
    )
    name, head = translate("Pictures", "Agreement by question"), translate("Pictures", "Question")
    return (BarsChart(name, about, head, (Series("alpha"),), tuple(bars), low=-1.0, high=1.0),)


def trust_charts(found: Sequence[Reliance]) -> tuple[Picture, ...]:
    """How much people rely on proposals, as `hitl-app trust` measures it."""
    over = [_share(each.annotator, each.over_trust) for each in found]
    good = [_share(each.annotator, each.good) for each in found]
    head, share = translate("Pictures", "Annotator"), translate("Pictures", "accepted")
    return (
        BarsChart(
            translate("Pictures", "Bad proposals accepted"),
            translate("Pictures", "Of the proposals that were bad on purpose: fewer is better. 95 % intervals."),
            head,
            (Series(share, "warning", Pattern.RISING),),
            tuple(over),
            high=1.0,
        ),
        BarsChart(
            translate("Pictures", "Good proposals accepted"),
            translate("Pictures", "Of the proposals that improve and are verified: more is better. 95 % intervals."),
            head,
            (Series(share, "success"),),
            tuple(good),
            high=1.0,
        ),
    )


# -- progress ----------------------------------------------------------------------------------------------------------


def _statuses(report: DashboardReport) -> Picture:
    words = _status_words()
    bars = tuple(
        Bar(words[status], (float(number),), (str(number),)) for status, number in report.statuses.items() if number
    )
    about = translate("Pictures", "Settled: {0} of {1} lineages.").format(report.settled, report.total)
    name, head = translate("Pictures", "Lineages by status"), translate("Pictures", "Status")
    return BarsChart(name, about, head, (Series(translate("Pictures", "lineages")),), bars)


def _settled(report: DashboardReport) -> Picture:
    days = list(_calendar(report.figures))
    settled = {day.day: day.settled for day in report.figures.days}
    values = tuple(accumulate(settled.get(day, 0) for day in days))
    before = sum(settled.values()) - (values[-1] if values else 0)
    return CurveChart(
        translate("Pictures", "Progress over time"),
        translate(
            "Pictures",
            "Lineages that had somebody's verdict by the end of each day, in UTC, those included that are disputed "
            "since. The dashed line is all there are.",
        ),
        translate("Pictures", "Day"),
        translate("Pictures", "settled"),
        tuple(days),
        tuple(value + before for value in values),
        goal=report.total,
    )


def _days(figures: Figures) -> Picture:
    days = tuple(_calendar(figures))
    known = {day.day: day.kinds for day in figures.days}
    return _by_kind(
        translate("Pictures", "Decisions by day"),
        translate("Pictures", "Decisions of each day by kind, in UTC; those that were undone later are counted."),
        translate("Pictures", "Day"),
        days,
        [known.get(day, {}) for day in days],
    )


def _hours(figures: Figures) -> Picture:
    return _by_kind(
        translate("Pictures", "Decisions by hour of the day"),
        translate("Pictures", "Decisions of all days together by the hour in which they were made, in UTC."),
        translate("Pictures", "Hour"),
        tuple(f"{hour:02}" for hour in range(24)),
        figures.hours,
    )


def _by_kind(
    name: str, about: str, head: str, labels: tuple[str, ...], found: Sequence[Mapping[DecisionKind, int]]
) -> Picture:
    groups = _kind_groups()
    used = [(series, kinds) for series, kinds in groups if any(each.get(k) for each in found for k in kinds)]
    values = tuple(tuple(sum(each.get(kind, 0) for kind in kinds) for each in found) for _, kinds in used)
    if not used:
        return ColumnsChart(name, about, head, (), (groups[0][0],), ((),))
    return ColumnsChart(name, about, head, labels, tuple(series for series, _ in used), values)


def _calendar(figures: Figures) -> Iterator[str]:
    """Every day from the first decision to the last one, without gaps."""
    if not figures.days:
        return
    last = date.fromisoformat(figures.days[-1].day)
    first = max(date.fromisoformat(figures.days[0].day), last - timedelta(days=MOST_DAYS - 1))
    for number in range((last - first).days + 1):
        yield (first + timedelta(days=number)).isoformat()


def _annotators(report: DashboardReport) -> Picture:
    series = (
        Series(translate("Pictures", "decisions"), "muted", Pattern.RISING),
        Series(translate("Pictures", "lineages settled"), "accent"),
        Series(translate("Pictures", "assigned and settled"), "success", Pattern.CROSSED),
    )
    bars = tuple(
        Bar(
            each.name,
            (float(each.decisions), float(each.settled), float(each.assigned_done)),
            (
                str(each.decisions),
                str(each.settled),
                translate("Pictures", "{0} of {1}").format(each.assigned_done, each.assigned),
            ),
        )
        for each in report.figures.annotators
    )
    about = translate("Pictures", "What each annotator did.")
    if report.blind:
        about = translate("Pictures", "What you did; the figures of others are hidden as long as you review blind.")
    return BarsChart(translate("Pictures", "By annotator"), about, translate("Pictures", "Annotator"), series, bars)


# -- decisions ---------------------------------------------------------------------------------------------------------


def _rates(figures: Figures) -> Picture:
    rates = figures.rates
    bars = (
        _share(translate("Pictures", "accepted, of all that was decided on"), rates.accepted),
        _share(translate("Pictures", "proposals accepted"), rates.proposals),
        _share(translate("Pictures", "accepted against the rule"), rates.override),
        _share(translate("Pictures", "undone"), rates.undone),
    )
    about = translate(
        "Pictures",
        "Shares with their counts. Decisions that were undone do not count, nor those on proposals that were bad on "
        "purpose. The thin line is the 95 % interval.",
    )
    name, head = translate("Pictures", "Acceptance and override"), translate("Pictures", "Share")
    return BarsChart(name, about, head, (Series(translate("Pictures", "share")),), bars, high=1.0)


def _share(label: str, tally: Tally) -> Bar:
    interval = tally.interval
    if interval is None:
        return Bar(label, (None,), (translate("Pictures", "0 of 0"),))
    words = translate("Pictures", "{0} of {1} ({2} %)").format(tally.hits, tally.of, round(100 * interval.value))
    return Bar(label, (interval.value,), (words,), (interval.low, interval.high))


def _reasons(figures: Figures) -> Picture:
    other = translate("Pictures", "without a reason, or with another")
    bars = tuple(Bar(each.text or other, (float(each.count),), (str(each.count),)) for each in figures.reasons)
    name, head = translate("Pictures", "Rejections by reason"), translate("Pictures", "Reason")
    series = Series(translate("Pictures", "rejections"), "danger", Pattern.FALLING)
    return BarsChart(name, translate("Pictures", "How often each reason was given."), head, (series,), bars)


def _losses(figures: Figures) -> Picture:
    series = (
        Series(translate("Pictures", "before"), "muted", Pattern.RISING),
        Series(translate("Pictures", "after"), "accent"),
    )
    bars = []
    for change in figures.losses:
        label = translate("Pictures", "{0} (n {1})").format(component_name(change.component), change.n)
        if change.before is None or change.after is None:
            texts = (translate("Pictures", "not measured"),) * 2
        else:
            texts = (f"{change.before:.2f}", f"{change.after:.2f}")
        bars.append(Bar(label, (change.before, change.after), texts))
    about = translate(
        "Pictures",
        "Mean count of each component over the accepted candidates in which it was measured before and after; n says "
        "how many those are.",
    )
    name, head = translate("Pictures", "Losses before and after"), translate("Pictures", "Component")
    return BarsChart(name, about, head, series, tuple(bars))


# -- time and agreement ------------------------------------------------------------------------------------------------


def _histogram(name: str, times: Times) -> Picture:
    counts = [0] * (len(EDGES) + 1)
    for seconds in times.seconds:
        counts[bisect_right(EDGES, seconds)] += 1
    labels = [f"{low}–{high}" for low, high in pairwise((0, *EDGES))] + [f"≥ {EDGES[-1]}"]
    quartiles = times.quartiles
    about = translate("Pictures", "Decisions by how many seconds they took; measured for {0}.").format(times.n)
    lines: tuple[Line, ...] = ()
    if quartiles is not None:
        first, median, third = quartiles
        words = translate("Pictures", "median {0} s").format(f"{median:.1f}")
        lines = (Line(_place(median), words),)
        spread = translate("Pictures", "Half of them took between {0} and {1} seconds.")
        about = f"{about} {spread.format(f'{first:.1f}', f'{third:.1f}')}"
    series = (Series(translate("Pictures", "decisions")),)
    head = translate("Pictures", "Seconds")
    if not times.n:
        return ColumnsChart(name, about, head, (), series, ((),))
    return ColumnsChart(name, about, head, tuple(labels), series, (tuple(counts),), lines)


def _place(seconds: float) -> float:
    """Where a time stands among the columns of the histogram."""
    column = bisect_right(EDGES, seconds)
    if column == len(EDGES):
        return column + 0.5
    start = EDGES[column - 1] if column else 0
    return column + (seconds - start) / (EDGES[column] - start)


def _question(name: str) -> str:
    if name.startswith(RATING):
        return translate("Pictures", "rating {0}").format(name.removeprefix(RATING))
    return {"verdict": translate("Pictures", "verdict"), "blame": translate("Pictures", "blame")}.get(name, name)


def _agreement_words(found: Agreement) -> str:
    alpha = found.alpha
    if alpha.value is not None:
        return translate("Pictures", "{0} (n {1})").format(f"{alpha.value:.2f}", found.n)
    if alpha.undefined is Undefined.NO_VARIATION:
        return translate("Pictures", "undefined: everybody always gave the same answer")
    return translate("Pictures", "undefined: nothing was answered by two people independently")


def _kind_groups() -> tuple[tuple[Series, tuple[DecisionKind, ...]], ...]:
    kind = DecisionKind
    return (
        (Series(translate("Pictures", "accepted"), "success", Pattern.SOLID), (kind.ACCEPT,)),
        (Series(translate("Pictures", "edited"), "accent", Pattern.RISING), (kind.EDIT,)),
        (Series(translate("Pictures", "rejected"), "danger", Pattern.FALLING), (kind.REJECT,)),
        (Series(translate("Pictures", "skipped or flagged"), "warning", Pattern.CROSSED), (kind.SKIP, kind.FLAG)),
        (
            Series(translate("Pictures", "blame and gradients"), "accent", Pattern.LEVEL),
            (kind.CONFIRM_BLAME, kind.MOVE_BLAME, kind.DISMISS_GRADIENT, kind.ADD_GRADIENT),
        ),
        (
            Series(translate("Pictures", "judged, rated, scored, linked or classified"), "muted", Pattern.UPRIGHT),
            (kind.JUDGE, kind.RATE, kind.SCORE, kind.LINK, kind.CLASSIFY),
        ),
        (Series(translate("Pictures", "verified or restored"), "success", Pattern.DENSE), (kind.VERIFY, kind.RESTORE)),
        (Series(translate("Pictures", "undone"), "muted", Pattern.EMPTY), (kind.UNDO,)),
    )


def _status_words() -> dict[ReviewStatus, str]:
    return {
        ReviewStatus.PENDING: translate("Pictures", "pending"),
        ReviewStatus.APPROVED: translate("Pictures", "approved"),
        ReviewStatus.EDITED: translate("Pictures", "edited"),
        ReviewStatus.REJECTED: translate("Pictures", "rejected"),
        ReviewStatus.SKIPPED: translate("Pictures", "skipped"),
        ReviewStatus.FLAGGED: translate("Pictures", "flagged"),
        ReviewStatus.DISPUTED: translate("Pictures", "disputed"),
    }
