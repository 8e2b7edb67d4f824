"""What only a whole record has, to JSON and back: trajectories with their place in a lineage, proposals, decisions."""

from collections.abc import Mapping

from hitl_app.domain.codec import (
    get_bool,
    get_int,
    get_ints,
    get_object,
    get_objects,
    get_optional_float,
    get_optional_int,
    get_str,
    get_strings,
    hunk_from_json,
    hunk_to_json,
    losses_from_json,
    losses_to_json,
    plan_step_from_json,
    plan_step_to_json,
    source_from_json,
    source_to_json,
    step_from_json,
    step_to_json,
)
from hitl_app.domain.decision import Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.replan import Replan
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Trajectory


def trajectory_to_json(trajectory: Trajectory) -> JsonObject:
    """Encode a trajectory with its steps."""
    return {
        "id": trajectory.id,
        "task_id": trajectory.task_id,
        "root_id": trajectory.root_id,
        "parent_id": trajectory.parent_id,
        "author": trajectory.author,
        "source": None if trajectory.source is None else source_to_json(trajectory.source),
        "plan": [plan_step_to_json(step) for step in trajectory.plan],
        "steps": [step_to_json(step) for step in trajectory.steps],
        "carried_over": sorted(trajectory.carried_over),
        **({"earlier": [earlier_to_json(each) for each in trajectory.earlier]} if trajectory.earlier else {}),
    }


def trajectory_from_json(value: JsonObject) -> Trajectory:
    """Decode a trajectory. Its id follows from its content: whether that is the stated one is for the caller to see."""
    source, root_id = value.get("source"), get_str(value, "root_id")
    return Trajectory(
        get_str(value, "task_id"),
        tuple(step_from_json(step) for step in get_objects(value, "steps")),
        plan=_plan(value),
        parent_id=_get_optional_str(value, "parent_id"),
        lineage_root=None if root_id == get_str(value, "id") else root_id,
        source=source_from_json(source) if isinstance(source, Mapping) else None,
        carried_over=frozenset(get_ints(value, "carried_over")),
        author=get_str(value, "author", ""),
        earlier=tuple(earlier_from_json(each) for each in get_objects(value, "earlier")),
    )


def earlier_to_json(earlier: EarlierPlan) -> JsonObject:
    """Encode an earlier plan."""
    return {"until": earlier.until, "plan": [plan_step_to_json(step) for step in earlier.plan]}


def earlier_from_json(value: JsonObject) -> EarlierPlan:
    """Decode an earlier plan."""
    return EarlierPlan(get_int(value, "until"), _plan(value))


def replan_to_json(replan: Replan) -> JsonObject:
    """Encode a new plan."""
    return {
        "at": replan.at,
        "plan": [plan_step_to_json(step) for step in replan.plan],
        "links": [{"step": step, "plan_step": plan_step} for step, plan_step in replan.links],
        "why": replan.why,
    }


def replan_from_json(value: JsonObject) -> Replan:
    """Decode a new plan."""
    links = tuple((get_int(link, "step"), get_optional_int(link, "plan_step")) for link in get_objects(value, "links"))
    return Replan(get_int(value, "at"), _plan(value), links, get_str(value, "why", ""))


def _plan(value: JsonObject) -> tuple[PlanStep, ...]:
    return tuple(plan_step_from_json(step) for step in get_objects(value, "plan"))


def proposal_to_json(proposal: Proposal) -> JsonObject:
    """Encode a proposal."""
    cost = proposal.cost
    return {
        "base_id": proposal.base_id,
        "hunks": [hunk_to_json(hunk) for hunk in proposal.hunks],
        "proposer": proposal.proposer,
        "cost": {
            "executions": cost.executions,
            "actions": cost.actions,
            "seconds": cost.seconds,
            "calls": cost.calls,
            "tokens_in": cost.tokens_in,
            "tokens_out": cost.tokens_out,
            "usd": cost.usd,
            "measured": cost.measured,
        },
        "losses": None if proposal.losses is None else losses_to_json(proposal.losses),
        "tried": proposal.tried,
        "settings": proposal.settings,
        **({"replan": replan_to_json(proposal.replan)} if proposal.replan is not None else {}),
    }


def proposal_from_json(value: JsonObject) -> Proposal:
    """Decode a proposal."""
    cost = get_object(value, "cost")
    return Proposal(
        get_str(value, "base_id"),
        tuple(hunk_from_json(hunk) for hunk in get_objects(value, "hunks")),
        get_str(value, "proposer"),
        Cost(
            get_int(cost, "executions"),
            get_int(cost, "actions"),
            get_optional_float(cost, "seconds") or 0.0,
            get_int(cost, "calls"),
            get_int(cost, "tokens_in"),
            get_int(cost, "tokens_out"),
            get_optional_float(cost, "usd"),
            get_bool(cost, "measured", True),
        ),
        losses=None if value.get("losses") is None else losses_from_json(get_object(value, "losses")),
        tried=get_strings(value, "tried"),
        settings=get_object(value, "settings"),
        replan=replan_from_json(get_object(value, "replan")) if value.get("replan") is not None else None,
    )


def decision_from_payload(value: JsonObject) -> Decision:
    """Decode a decision from its payload in the ledger (`Decision.payload`)."""
    accepted = value.get("accepted")
    return Decision(
        kind=DecisionKind(get_str(value, "kind")),
        root_id=get_str(value, "root_id"),
        base_id=get_str(value, "base_id"),
        annotator=get_str(value, "annotator"),
        reason=get_str(value, "reason"),
        made_at=get_str(value, "made_at"),
        status_before=ReviewStatus(get_str(value, "status_before")),
        status_after=ReviewStatus(get_str(value, "status_after")),
        head_before=get_str(value, "head_before"),
        head_after=get_str(value, "head_after"),
        candidate_id=_get_optional_str(value, "candidate_id"),
        proposal_id=_get_optional_str(value, "proposal_id"),
        kept_hunks=get_ints(value, "kept_hunks"),
        accepted=accepted if isinstance(accepted, bool) else None,
        rule=get_str(value, "rule"),
        override=get_bool(value, "override"),
        lateral=get_bool(value, "lateral"),
        undoes=get_optional_int(value, "undoes"),
        seconds=_get_seconds(value),
        detail=get_object(value, "detail"),
    )


def entry_to_json(entry: LedgerEntry) -> JsonObject:
    """Encode a ledger entry."""
    return {
        "sequence": entry.sequence,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "payload": entry.decision.payload(),
    }


def entry_from_json(value: JsonObject) -> LedgerEntry:
    """Decode a ledger entry; whether its hash is that of its content is for the caller to see."""
    return LedgerEntry(
        get_int(value, "sequence"),
        decision_from_payload(get_object(value, "payload")),
        get_str(value, "previous_hash"),
        get_str(value, "hash"),
    )


def _get_seconds(value: JsonObject) -> float | None:
    """As it was written: the ledger's hash tells 5 from 5.0."""
    whole = value.get("seconds")
    seconds = get_optional_float(value, "seconds")
    return whole if isinstance(whole, int) else seconds


def _get_optional_str(value: JsonObject, name: str) -> str | None:
    return None if value.get(name) is None else get_str(value, name)
