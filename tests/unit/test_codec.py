"""What is written can be read again."""

import json
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain import codec
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import (
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Gradient,
    GradientSource,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.jsontypes import Json, JsonObject, same_json
from hitl_app.domain.loss import Component, Count, LossVector
from hitl_app.domain.trajectory import PlanStep, Recorded, Source, Step, StepKind

json_values: st.SearchStrategy[Json] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)
objects = st.dictionaries(st.text(), json_values, max_size=3)
steps = st.builds(
    Step,
    st.sampled_from(StepKind),
    st.text(),
    st.text(),
    st.text(),
    objects,
    st.text(),
    st.one_of(st.none(), st.builds(Recorded, st.text(), st.booleans())),
    st.one_of(st.none(), st.integers(0)),
    st.one_of(st.none(), st.integers(0)),
)
counts = st.one_of(st.none(), st.integers(0, 9).map(lambda n: Count(n, 9)))
findings = st.builds(Finding, st.text(), st.sampled_from(FindingKind), st.booleans(), st.text(), st.text())
gradients = st.builds(
    Gradient,
    st.sampled_from(GradientSource),
    st.sampled_from(Component),
    st.text(),
    st.one_of(st.none(), st.integers(0)),
)
inspections = st.builds(
    Inspection,
    st.builds(
        Execution,
        st.text(),
        st.text(),
        st.text(),
        st.lists(
            st.builds(
                ExecutedStep,
                st.sampled_from(StepStatus),
                st.one_of(st.none(), st.builds(Observation, st.text(), st.booleans(), st.text())),
                st.booleans(),
                st.one_of(st.none(), st.booleans()),
            ),
            max_size=3,
        ).map(tuple),
    ),
    st.builds(LossVector, counts, counts, counts, counts, counts),
    st.lists(findings, max_size=3).map(tuple),
    st.lists(gradients, max_size=3).map(tuple),
    st.one_of(st.none(), st.integers(0)),
)


def through_text(value: JsonObject) -> JsonObject:
    read = json.loads(json.dumps(value))
    assert isinstance(read, Mapping)
    return read


@given(steps)
def test_steps(step: Step) -> None:
    assert codec.step_from_json(through_text(codec.step_to_json(step))).key == step.key


@given(st.lists(steps, max_size=2), st.sampled_from(Operator))
def test_hunks(inside: list[Step], operator: Operator) -> None:
    hunk = Hunk(operator, 1, 1 + len(inside), tuple(inside), (), to=None, gradient_ids=("a",), why="because")
    assert codec.hunk_from_json(through_text(codec.hunk_to_json(hunk))) == hunk


@given(inspections)
def test_inspections(inspection: Inspection) -> None:
    assert codec.inspection_from_json(through_text(codec.inspection_to_json(inspection))) == inspection


@given(st.builds(Source, st.text(), st.integers(0), st.text(), st.text(), st.text(), st.none(), objects, objects))
def test_sources(source: Source) -> None:
    read = codec.source_from_json(through_text(codec.source_to_json(source)))
    assert same_json(codec.source_to_json(read), codec.source_to_json(source))


@given(st.text(), st.text(), st.text())
def test_plan_steps(step: str, reasoning: str, outcome: str) -> None:
    plan_step = PlanStep(step, reasoning, outcome)
    assert codec.plan_step_from_json(through_text(codec.plan_step_to_json(plan_step))) == plan_step
