"""tau2's verdict: the database as after the gold actions, and what had to be said to the user."""

from collections.abc import Iterator, Mapping, Sequence

from hitl_app.domain.codec import get_str
from hitl_app.domain.inspection import Execution, Finding, FindingKind
from hitl_app.domain.jsontypes import Json, JsonObject, canonical, same_json
from hitl_app.domain.trajectory import Trajectory

ABSENT = "absent"
MAX_LINES = 12
MAX_VALUE = 200

Difference = tuple[str, str, str]


def database_finding(differences: Sequence[JsonObject], execution: Execution) -> Finding:
    """Whether the database ended as the gold actions leave it.

    Args:
        differences: `{"entity", "expected", "observed"}` for each entity that ended otherwise; null where absent.
        execution: What the trajectory changed, to trace the differences to steps.
    """
    if not differences:
        return Finding("database", FindingKind.GOAL, met=True, description="The database is as it should be.")
    wrong = {get_str(difference, "entity") for difference in differences}
    touching = {
        index: wrong.intersection(step.observation.changed)
        for index, step in enumerate(execution.steps)
        if step.observation is not None
    }
    steps = tuple(index for index, names in touching.items() if names)
    missing = wrong.difference(*touching.values())
    lines = [line for difference in differences for line in _lines(difference)]
    return Finding(
        "database",
        FindingKind.GOAL,
        met=False,
        description=_description(bool(steps), bool(missing)),
        expected=_listing([f"{path}: {expected}" for path, expected, _ in lines]),
        observed=_listing([f"{path}: {observed}" for path, _, observed in lines]),
        evidence="the database after the last step",
        steps=steps,
        reveals_answer=True,
    )


def communication_findings(required: Sequence[str], trajectory: Trajectory) -> tuple[Finding, ...]:
    """Whether each piece of information occurs in what the agent said, by tau2's comparison."""
    said = [
        (index, text.lower().replace(",", ""))
        for index, step in enumerate(trajectory.steps)
        if step.role == "assistant" and (text := step.thought if step.is_action else step.text)
    ]
    findings = []
    for info in dict.fromkeys(required):
        where = next((index for index, text in said if info.lower() in text), None)
        met = where is not None
        findings.append(
            Finding(
                f"communicate:{info}",
                FindingKind.GOAL,
                met=met,
                description="The agent tells the user what the user has to know.",
                expected=f"a message of the agent that contains `{info}`",
                observed="" if met else "no such message",
                evidence=f"step {where}" if met else "",
                reveals_answer=True,  # its very id is what has to be said
            )
        )
    return tuple(findings)


def _description(touched: bool, missing: bool) -> str:
    if not touched:
        return "The database is not as it should be: a change is missing that no step made."
    if missing:
        return "The database is not as it should be: steps changed it wrongly, and a change is missing."
    return "The database is not as it should be: steps changed it wrongly."


def _lines(difference: JsonObject) -> Iterator[Difference]:
    """Path, expected and observed value of each difference within one entity."""
    entity, expected, observed = get_str(difference, "entity"), difference.get("expected"), difference.get("observed")
    if expected is None or observed is None:
        yield entity, _shown(expected) if expected else ABSENT, _shown(observed) if observed else ABSENT
    else:
        yield from _differing(entity, expected, observed)


def _differing(path: str, expected: Json, observed: Json) -> Iterator[Difference]:
    """The innermost places where two values differ."""
    if isinstance(expected, Mapping) and isinstance(observed, Mapping):
        for name in sorted(expected.keys() | observed.keys()):
            at = f"{path}.{name}"
            if name not in expected:
                yield at, ABSENT, _shown(observed[name])
            elif name not in observed:
                yield at, _shown(expected[name]), ABSENT
            else:
                yield from _differing(at, expected[name], observed[name])
    elif isinstance(expected, list) and isinstance(observed, list) and len(expected) == len(observed):
        for index, (left, right) in enumerate(zip(expected, observed, strict=True)):
            yield from _differing(f"{path}[{index}]", left, right)
    elif not same_json(expected, observed):
        yield path, _shown(expected), _shown(observed)


def _shown(value: Json) -> str:
    text = canonical(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…"


def _listing(lines: list[str]) -> str:
    more = [f"and {len(lines) - MAX_LINES} more"] if len(lines) > MAX_LINES else []
    return "\n".join(lines[:MAX_LINES] + more)
