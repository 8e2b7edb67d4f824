"""Blame: the earliest step that the failures can be traced back to.

The environment says which steps an unmet finding comes from. Where it says nothing, the first failed step is taken,
then the first step that misses a soft constraint, then the first that differs from the recording. A failed look-up
from which the agent recovered is therefore not blamed for a goal that a later action missed.
"""

from collections.abc import Sequence

from hitl_app.domain.inspection import Execution, Finding, FindingKind, StepStatus
from hitl_app.domain.trajectory import Trajectory


def earliest_cause(trajectory: Trajectory, execution: Execution, findings: Sequence[Finding]) -> int | None:
    """Index of the earliest responsible step; None where nothing is wrong or only something missing is."""
    unmet = [finding for finding in findings if not finding.met]
    tiers = (
        [step for finding in unmet if finding.kind is not FindingKind.SOFT for step in finding.steps],
        [index for index in trajectory.actions if execution.steps[index].status is StepStatus.FAILED],
        [step for finding in unmet if finding.kind is FindingKind.SOFT for step in finding.steps],
        [index for index in trajectory.actions if execution.steps[index].identical is False],
    )
    return next((min(tier) for tier in tiers if tier), None)
