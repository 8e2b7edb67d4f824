"""Scores, plan trees and routed stages to JSON and back."""

from hitl_app.domain.codec import (
    CodecError,
    get_bool,
    get_int,
    get_object,
    get_objects,
    get_optional_float,
    get_optional_int,
    get_str,
    get_strings,
    plan_step_from_json,
    plan_step_to_json,
)
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.plan_tree import PlanNode, PlanRollout
from hitl_app.domain.routing import Comparator, Confidence, EscalatedBy, RoutedStage, RoutingSettings, Sample
from hitl_app.domain.run_codec import usage_from_json, usage_to_json
from hitl_app.domain.score import Reward, Score, ScoreSource


def score_to_json(score: Score) -> JsonObject:
    """Encode a score."""
    return {
        "trajectory_id": score.trajectory_id,
        "reward": score.reward,
        "value": score.value,
        "source": score.source,
        "by": score.by,
        "step": score.step,
        "reason": score.reason,
        "made_at": score.made_at,
    }


def score_from_json(value: JsonObject) -> Score:
    """Decode a score."""
    try:
        return Score(
            get_str(value, "trajectory_id"),
            Reward(get_str(value, "reward")),
            get_int(value, "value"),
            ScoreSource(get_str(value, "source")),
            get_str(value, "by"),
            get_optional_int(value, "step"),
            get_str(value, "reason", ""),
            get_str(value, "made_at", ""),
        )
    except CodecError:
        raise
    except ValueError as error:
        raise CodecError(str(error)) from error


def node_to_json(node: PlanNode) -> JsonObject:
    """Encode a plan of a tree."""
    return {
        "task_id": node.task_id,
        "number": node.number,
        "parent": node.parent,
        "plan": [plan_step_to_json(step) for step in node.plan],
        "rollouts": [
            {"trajectory_id": each.trajectory_id, "reward": each.reward, "failed": each.failed}
            for each in node.rollouts
        ],
        "refined_from": node.refined_from,
        "proposer": node.proposer,
        "alike": node.alike,
        "why": node.why,
    }


def node_from_json(value: JsonObject) -> PlanNode:
    """Decode a plan of a tree."""
    return PlanNode(
        get_str(value, "task_id"),
        get_int(value, "number"),
        get_optional_int(value, "parent"),
        tuple(plan_step_from_json(step) for step in get_objects(value, "plan")),
        tuple(
            PlanRollout(get_str(each, "trajectory_id"), get_optional_float(each, "reward"), get_bool(each, "failed"))
            for each in get_objects(value, "rollouts")
        ),
        get_str(value, "refined_from", ""),
        get_str(value, "proposer", ""),
        get_optional_float(value, "alike"),
        get_str(value, "why", ""),
    )


def routing_to_json(settings: RoutingSettings) -> JsonObject:
    """Encode how a cascade runs."""
    return {
        "samples": settings.samples,
        "tau1": settings.tau1,
        "tau2": settings.tau2,
        "comparator": settings.comparator,
        "plan_temperature": settings.plan_temperature,
        "first_temperature": settings.first_temperature,
        "second_temperature": settings.second_temperature,
        "confidence": settings.confidence,
        "exhaustive": settings.exhaustive,
    }


def routing_from_json(value: JsonObject) -> RoutingSettings:
    """Decode how a cascade runs."""
    return RoutingSettings(
        get_int(value, "samples"),
        _number(value, "tau1"),
        _number(value, "tau2"),
        Comparator(get_str(value, "comparator")),
        _number(value, "plan_temperature"),
        _number(value, "first_temperature"),
        _number(value, "second_temperature"),
        Confidence(get_str(value, "confidence")),
        get_bool(value, "exhaustive"),
    )


def stage_to_json(stage: RoutedStage) -> JsonObject:
    """Encode a stage of a cascade; `consensus` is written for readers."""
    return {
        "start_id": stage.start_id,
        "step": stage.step,
        "stage": stage.stage,
        "role": stage.role,
        "plan_type": stage.plan_type,
        "samples": [_sample_to_json(sample) for sample in stage.samples],
        "consensus": stage.consensus,
        "threshold": stage.threshold,
        "comparator": stage.comparator,
        "accepted": stage.accepted,
        "escalated_by": stage.escalated_by,
        "decided_by": stage.decided_by,
        "guideline": stage.guideline,
        "planning": usage_to_json(stage.planning),
        "planning_calls": stage.planning_calls,
        "attempt": stage.attempt,
        "confidence": stage.confidence,
        "task_id": stage.task_id,
    }


def stage_from_json(value: JsonObject) -> RoutedStage:
    """Decode a stage of a cascade."""
    escalated = value.get("escalated_by")
    return RoutedStage(
        get_str(value, "start_id"),
        get_optional_int(value, "step"),
        get_int(value, "stage"),
        get_str(value, "role"),
        get_str(value, "plan_type"),
        tuple(_sample_from_json(sample) for sample in get_objects(value, "samples")),
        get_optional_float(value, "threshold"),
        Comparator(get_str(value, "comparator")),
        get_bool(value, "accepted"),
        EscalatedBy(escalated) if isinstance(escalated, str) else None,
        get_str(value, "decided_by", ""),
        get_str(value, "guideline", ""),
        usage_from_json(get_object(value, "planning")),
        get_strings(value, "planning_calls"),
        get_int(value, "attempt"),
        Confidence(get_str(value, "confidence")),
        get_str(value, "task_id"),
    )


def _sample_to_json(sample: Sample) -> JsonObject:
    return {
        "number": sample.number,
        "plan": sample.plan,
        "answer": sample.answer,
        "shown": sample.shown,
        "usage": usage_to_json(sample.usage),
        "calls": sample.calls,
        "passes": sample.passes,
        "verified": sample.verified,
    }


def _sample_from_json(value: JsonObject) -> Sample:
    return Sample(
        get_int(value, "number"),
        get_str(value, "plan"),
        get_str(value, "answer"),
        get_str(value, "shown", ""),
        usage_from_json(get_object(value, "usage")),
        get_strings(value, "calls"),
        _verdict(value, "passes"),
        _verdict(value, "verified"),
    )


def _verdict(value: JsonObject, name: str) -> bool | None:
    """True, false, or null for what was not judged."""
    return None if value.get(name) is None else get_bool(value, name)


def _number(value: JsonObject, name: str) -> float:
    number = get_optional_float(value, name)
    if number is None:
        raise CodecError(f"{name}: expected a number")
    return number
