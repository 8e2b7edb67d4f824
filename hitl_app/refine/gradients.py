"""Textual gradients that need no model: from unmet findings, failed steps and discrepancies."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hitl_app.domain.inspection import (
    Execution,
    Finding,
    Gradient,
    GradientSource,
    Inspection,
    StepStatus,
)
from hitl_app.domain.loss import Component
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.blame import earliest_cause

SHOWN = 2000
"""Characters of an observation that a gradient quotes; the whole text stays in the execution."""

_HIDDEN = "hidden-"
"""How the ids of findings begin that reveal the answer, once they are hidden."""


def derive_gradients(
    trajectory: Trajectory, execution: Execution, findings: Sequence[Finding], cause: int | None
) -> tuple[Gradient, ...]:
    """Gradients in the order of the loss: findings, then failed steps, then discrepancies."""
    drafts = [
        *(_of_finding(finding) for finding in findings if not finding.met),
        *_of_failures(trajectory, execution),
        *_of_discrepancies(trajectory, execution),
    ]
    marked, gradients = False, []
    for gradient in drafts:
        is_cause = not marked and cause is not None and gradient.step_index == cause
        marked = marked or is_cause
        gradients.append(replace(gradient, is_earliest_cause=is_cause))
    return tuple(gradients)


def is_hidden(finding: Finding) -> bool:
    """Whether `for_autonomous` left nothing of it but whether it is met."""
    return finding.id.startswith(_HIDDEN)


def for_autonomous(inspection: Inspection) -> Inspection:
    """The inspection without any evidence that quotes the gold answer, nor the blame that follows from it.

    A blame that a person moved stays: it follows from no finding.
    """
    findings = tuple(
        Finding(f"{_HIDDEN}{number}", finding.kind, finding.met) if finding.reveals_answer else finding
        for number, finding in enumerate(inspection.findings)
    )
    found, visible = (
        earliest_cause(inspection.execution, known, inspection.dependencies)
        for known in (inspection.findings, findings)
    )
    blamed = inspection.earliest_cause
    cause = blamed if blamed == visible or blamed != found else None
    return replace(
        inspection,
        findings=findings,
        gradients=tuple(
            replace(gradient, is_earliest_cause=gradient.is_earliest_cause and cause is not None)
            for gradient in inspection.gradients
            if not gradient.reveals_answer
        ),
        earliest_cause=cause,
        scores={},
    )


def _of_finding(finding: Finding) -> Gradient:
    return Gradient(
        GradientSource.ENVIRONMENT,
        finding.kind.component,
        critique=finding.description or f"{finding.id} is not met",
        step_index=min(finding.steps, default=None),
        constraint_id=finding.id,
        expected=finding.expected,
        observed=finding.observed,
        evidence=finding.evidence,
        confidence=1.0,
        reveals_answer=finding.reveals_answer,
    )


def _of_failures(trajectory: Trajectory, execution: Execution) -> Iterator[Gradient]:
    for index in trajectory.actions:
        executed = execution.steps[index]
        if executed.status is not StepStatus.FAILED or executed.observation is None:
            continue
        observation = executed.observation
        if observation.error:
            critique = f"{trajectory.steps[index].tool} could not be executed: {observation.error}"
        elif executed.replayed:
            critique = f"{trajectory.steps[index].tool} was refused by the environment"
        else:
            critique = f"{trajectory.steps[index].tool} failed when it was recorded"
        yield Gradient(
            GradientSource.ENVIRONMENT,
            Component.FEASIBILITY,
            critique=critique,
            step_index=index,
            observed=observation.text[:SHOWN],
            evidence=f"observation of step {index}",
            confidence=1.0,
        )


def _of_discrepancies(trajectory: Trajectory, execution: Execution) -> Iterator[Gradient]:
    for index in trajectory.actions:
        executed, expected = execution.steps[index], trajectory.steps[index].expected
        if executed.identical is not False or executed.observation is None or expected is None:
            continue
        yield Gradient(
            GradientSource.CHECKER,
            Component.DISCREPANCY,
            critique=f"{trajectory.steps[index].tool} answered otherwise than expected",
            step_index=index,
            expected=expected.text[:SHOWN],
            observed=executed.observation.text[:SHOWN],
            evidence=f"observation of step {index}",
            confidence=1.0,
        )
