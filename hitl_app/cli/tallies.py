"""Counts of the team's reports, for people and for scripts."""

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.workflow.tally import Tally


def tally_json(tally: Tally) -> JsonObject:
    """A count with the share and its 95 % interval, which are null where nothing was counted."""
    interval = tally.interval
    return {
        "count": tally.hits,
        "of": tally.of,
        "share": None if interval is None else interval.value,
        "low": None if interval is None else interval.low,
        "high": None if interval is None else interval.high,
    }


def tally_text(tally: Tally) -> str:
    """`3 of 4 (75 %, 95 % interval 30 to 95 %)`."""
    interval = tally.interval
    if interval is None:
        return "0 of 0"
    low, high = round(100 * interval.low), round(100 * interval.high)
    return f"{tally.hits} of {tally.of} ({round(100 * interval.value)} %, 95 % interval {low} to {high} %)"
