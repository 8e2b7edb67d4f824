"""Domain objects as the commands' documented fields."""

from hitl_app.cli.output import counted
from hitl_app.domain.codec import (
    dependency_to_json,
    finding_to_json,
    gradient_to_json,
    losses_to_json,
    plan_step_to_json,
)
from hitl_app.domain.decision import LedgerEntry
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.library import QueueRow
from hitl_app.domain.loss import LossVector
from hitl_app.domain.model import Usage
from hitl_app.domain.outcome import Disagreement, disagreements
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.record_codec import replan_to_json
from hitl_app.domain.run import Run, TaskResult, TaskStatus
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.review import Decided


def losses_text(losses: LossVector | None) -> str:
    """`goal 1/3  feasibility 0/4  ...`, unmeasured components as a dash."""
    if losses is None:
        return "not inspected"
    return "  ".join(
        f"{name} {'–' if count is None else f'{count.count}/{count.of}'}" for name, count in losses.items()
    )


def verified_text(verified: bool | None) -> str:
    """The word for a verdict."""
    return {True: "verified", False: "UNVERIFIED", None: "not judged"}[verified]


def met_text(met: bool) -> str:
    """The word for one finding."""
    return "met" if met else "unmet"


def disagreement_text(disagreement: Disagreement) -> str:
    """What was recorded of a run, where we found something else."""
    recorded, ours = met_text(disagreement.recorded), met_text(disagreement.ours)
    return f"≠ recorded as {recorded}, found {ours}: {disagreement.id}"


def scores_text(scores: JsonObject) -> str:
    """The scores that are plain values, on one line."""
    plain = {name: score for name, score in scores.items() if isinstance(score, str | int | float | bool)}
    return "  ".join(f"{name} {score}" for name, score in plain.items())


def row_json(row: QueueRow) -> JsonObject:
    """A row of the queue."""
    return {
        "id": row.root_id,
        "head": row.head_id,
        "task": row.task_key,
        "title": row.title,
        "environment": row.environment,
        "domain": row.domain,
        "model": row.model,
        "status": row.status,
        "steps": row.steps,
        "revisions": row.revisions,
        "losses": None if row.losses is None else losses_to_json(row.losses),
        "verified": row.verified,
        "gradients": row.gradients,
        "synthetic": row.synthetic,
    }


def usage_text(usage: Usage) -> str:
    """Calls, tokens and price on one line."""
    if not usage.calls:
        return "no model calls"
    estimated = "" if usage.measured else " (estimated)"
    price = "price unknown" if usage.usd is None else f"{usage.usd:.4f} USD"
    return f"{counted(usage.calls, 'call')}, {usage.tokens_in} + {usage.tokens_out} tokens{estimated}, {price}"


def reason_text(result: TaskResult) -> str:
    """Why a task ended, in words."""
    return result.error if result.status is TaskStatus.FAILED and result.error else result.stopped_by


def ended_count(run: Run) -> int:
    """Tasks of a run that ended; a comparison has several results for each."""
    return len({result.start_id for result in run.results if result.status is not TaskStatus.CANCELLED})


def verified_count(run: Run) -> int:
    """Results of a run that are verified."""
    return sum(result.status is TaskStatus.VERIFIED for result in run.results)


def progress_text(run: Run) -> str:
    """How many tasks ended how, and what the whole run cost."""
    results = sum(result.status is not TaskStatus.CANCELLED for result in run.results)
    verified = f"{verified_count(run)} of {results} verified, " if results else ""
    ended = f"{ended_count(run)} of {counted(len(run.settings.starts), 'task')} ended"
    return f"{ended}, {verified}{usage_text(run.usage)}"


def run_result_json(result: TaskResult, run: Run) -> JsonObject:
    """The line of a task of a run; of a comparison with the method."""
    method = {"method": result.method or None} if run.settings.command == "compare" else {}
    return {**result_json(result), **method, "run": run.id}


def result_json(result: TaskResult) -> JsonObject:
    """How a task ended, whatever ran."""
    usage = result.usage
    return {
        "id": result.start_id,
        "task": result.task,
        "status": result.status,
        "stopped_by": result.stopped_by,
        "losses_before": None if result.before is None else losses_to_json(result.before),
        "losses_after": None if result.after is None else losses_to_json(result.after),
        "best": result.best_id or None,
        "iterations": result.iterations,
        "executions": result.executions,
        "calls": usage.calls,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "tokens": "measured" if usage.measured else "estimated",
        "usd": usage.usd,
        "seconds": round(result.seconds, 3),
        "error": result.error or None,
    }


def source_json(trajectory: Trajectory) -> Json:
    """Where a recording came from; null for a revision."""
    source = trajectory.source
    return None if source is None else {"file": source.file, "index": source.index, "id": source.record_id}


def inspection_json(task: Task, trajectory: Trajectory, inspection: Inspection) -> JsonObject:
    """The line of `inspect`."""
    execution = inspection.execution
    return {
        "id": trajectory.id,
        "source": source_json(trajectory),
        "task": task.key,
        "environment": task.environment,
        "domain": task.domain,
        "losses": losses_to_json(inspection.losses),
        "findings": [finding_to_json(finding) for finding in inspection.findings],
        "verified": inspection.verified,
        "replayed": execution.replayed,
        "identical": execution.identical,
        "not_replayable": execution.not_replayable,
        "gradients": [gradient_to_json(gradient) for gradient in inspection.gradients],
        "earliest_cause": inspection.earliest_cause,
        "dependencies": [dependency_to_json(dependency) for dependency in inspection.dependencies],
        "scores": inspection.scores,
        "recorded": {} if trajectory.source is None else trajectory.source.outcome,
        "disagreements": disagreements_json(trajectory, inspection),
        "seconds": round(inspection.seconds, 6),
    }


def disagreements_json(trajectory: Trajectory, inspection: Inspection) -> list[Json]:
    """Verdicts in which the recording's own benchmark and the inspection differ."""
    found = disagreements(trajectory.source.outcome, inspection) if trajectory.source else ()
    return [{"id": each.id, "recorded": each.recorded, "ours": each.ours} for each in found]


def steps_json(trajectory: Trajectory, inspection: Inspection | None) -> list[Json]:
    """Steps with what was observed: by the inspection, or else as recorded."""
    steps: list[Json] = []
    for index, step in enumerate(trajectory.steps):
        executed = inspection.execution.steps[index] if inspection else None
        observation: Json = None
        status = "not_inspected"
        if executed is not None:
            status = executed.status.value
            observation = executed.observation.text if executed.observation else None
        elif step.expected is not None:
            observation = step.expected.text
            status = "failed" if step.expected.failed else "ok"
        elif not step.is_action:
            status = "ok"
        steps.append(
            {
                "index": index,
                "kind": step.kind,
                "name": step.tool if step.is_action else step.role,
                "arguments": step.arguments if step.is_action else None,
                "text": step.thought if step.is_action else step.text,
                "observation": observation,
                "status": status,
                "replayed": executed.replayed if executed else False,
                "plan_step": step.plan_step,
                "link_confidence": step.link_confidence,
                "carried_over": index in trajectory.carried_over,
            }
        )
    return steps


def hunk_json(number: int, hunk: Hunk) -> JsonObject:
    """A hunk with its number in its list."""
    return {
        "hunk": number,
        "operator": hunk.operator,
        "steps": [hunk.start, hunk.end],
        "to": hunk.to,
        "before": [step.content for step in hunk.before],
        "after": [step.content for step in hunk.after],
        "gradients": hunk.gradient_ids,
    }


def proposal_json(proposal: Proposal) -> JsonObject:
    """A proposal with its hunks numbered as `decide --hunks` counts them."""
    cost = proposal.cost
    return {
        "proposal": proposal.id if proposal.hunks or proposal.replan is not None else None,
        "base": proposal.base_id,
        "proposer": proposal.proposer,
        "hunks": [hunk_json(number, hunk) for number, hunk in enumerate(proposal.hunks)],
        "replan": None if proposal.replan is None else replan_to_json(proposal.replan),
        "losses": None if proposal.losses is None else losses_to_json(proposal.losses),
        "cost": {
            "executions": cost.executions,
            "actions": cost.actions,
            "seconds": round(cost.seconds, 3),
            "calls": cost.calls,
            "tokens_in": cost.tokens_in,
            "tokens_out": cost.tokens_out,
            "usd": cost.usd,
            "tokens": "measured" if cost.measured else "estimated",
        },
        "tried": proposal.tried,
        "settings": proposal.settings,
    }


def opened_json(opened: Opened) -> JsonObject:
    """The line of `show`."""
    trajectory, inspection, task = opened.trajectory, opened.inspection, opened.task
    return {
        "id": trajectory.id,
        "root": trajectory.root_id,
        "parent": trajectory.parent_id,
        "author": trajectory.author,
        "source": source_json(trajectory),
        "task": task.key,
        "title": task.title,
        "instruction": task.instruction,
        "environment": task.environment,
        "domain": task.domain,
        "synthetic": task.synthetic,
        "status": opened.row.status,
        "plan": [plan_step_to_json(step) for step in trajectory.plan],
        "earlier_plans": [
            {"until": each.until, "plan": [plan_step_to_json(step) for step in each.plan]}
            for each in trajectory.earlier
        ],
        "steps": steps_json(trajectory, inspection),
        "losses": None if inspection is None else losses_to_json(inspection.losses),
        "verified": None if inspection is None else inspection.verified,
        "findings": [] if inspection is None else [finding_to_json(finding) for finding in inspection.findings],
        "gradients": [gradient_to_json(gradient) for gradient in opened.gradients],
        "earliest_cause": opened.earliest_cause,
        "dependencies": [] if inspection is None else [dependency_to_json(d) for d in inspection.dependencies],
        "scores": {} if inspection is None else inspection.scores,
        "revisions": [
            {
                "revision": revision.number,
                "id": revision.trajectory.id,
                "parent": revision.trajectory.parent_id,
                "author": revision.trajectory.author,
                "accepted": revision.entry.decision.accepted if revision.entry else None,
                "rule": revision.entry.decision.rule if revision.entry else None,
                "losses": losses_to_json(revision.inspection.losses) if revision.inspection else None,
            }
            for revision in opened.revisions
        ],
        "proposals": [proposal.id for proposal in opened.proposals],
        "recorded": {} if trajectory.source is None else trajectory.source.outcome,
        "disagreements": [] if inspection is None else disagreements_json(trajectory, inspection),
    }


def entry_json(entry: LedgerEntry) -> JsonObject:
    """A ledger entry."""
    return {
        "sequence": entry.sequence,
        "hash": entry.hash,
        "previous_hash": entry.previous_hash,
        **entry.decision.payload(),
    }


def decided_json(decided: Decided) -> JsonObject:
    """The line of `revise` and `decide`."""
    entry, candidate = decided.entry, decided.candidate
    decision = entry.decision
    value: dict[str, Json] = {
        "id": decision.candidate_id,
        "parent": decision.base_id,
        "losses_before": None,
        "losses_after": None,
        "accepted": decision.accepted,
        "rule": decision.rule,
        "override": decision.override,
        "lateral": decision.lateral,
        "findings": [],
        "verified": None,
        "decision": entry.sequence,
        "kind": decision.kind,
        "status": decision.status_after,
        "head": decision.head_after,
        "explanation": "",
        "carried_over": 0,
    }
    if candidate is not None:
        value |= {
            "losses_before": losses_to_json(candidate.before.losses),
            "losses_after": losses_to_json(candidate.inspection.losses),
            "findings": [finding_to_json(finding) for finding in candidate.inspection.findings],
            "verified": candidate.inspection.verified,
            "explanation": candidate.acceptance.explanation,
            "carried_over": len(candidate.trajectory.carried_over),
        }
    return value
