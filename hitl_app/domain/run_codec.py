"""Runs, calls and endpoints as JSON: what the store keeps and the `calls` export writes."""

from hitl_app.domain.codec import (
    CodecError,
    get_bool,
    get_int,
    get_list,
    get_object,
    get_objects,
    get_optional_float,
    get_optional_int,
    get_str,
    get_strings,
    losses_from_json,
    losses_to_json,
)
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.loss import LossVector
from hitl_app.domain.model import (
    Answering,
    Capabilities,
    ChatMessage,
    ModelCall,
    ModelEndpoint,
    Price,
    ToolCall,
    Usage,
)
from hitl_app.domain.run import Arm, Budget, GateName, Passage, RunSettings, Stage, TaskResult, TaskStatus


def usage_to_json(usage: Usage) -> JsonObject:
    """Encode what calls consumed."""
    return {
        "calls": usage.calls,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "measured": usage.measured,
        "usd": usage.usd,
    }


def usage_from_json(value: JsonObject) -> Usage:
    """Decode what calls consumed."""
    return Usage(
        get_int(value, "calls"),
        get_int(value, "tokens_in"),
        get_int(value, "tokens_out"),
        get_bool(value, "measured"),
        get_optional_float(value, "usd"),
    )


def message_from_json(value: JsonObject) -> ChatMessage:
    """Decode a message (`ChatMessage.to_json`)."""
    calls = get_objects(value, "calls") if "calls" in value else ()
    return ChatMessage(
        get_str(value, "role"),
        get_str(value, "text"),
        tuple(ToolCall(get_str(c, "name"), get_object(c, "arguments"), get_str(c, "id", "")) for c in calls),
        get_str(value, "call_id", ""),
    )


def call_to_json(call: ModelCall) -> JsonObject:
    """Encode a call."""
    return {
        "key": call.key,
        "purpose": call.purpose,
        "prompt": call.prompt,
        "model": call.model,
        "messages": [message.to_json() for message in call.messages],
        "parameters": call.parameters,
        "answer": call.answer,
        "usage": usage_to_json(call.usage),
        "seconds": call.seconds,
        "attempts": call.attempts,
        "error": call.error,
        "endpoint": call.endpoint,
        "answering": call.answering,
        "started_at": call.started_at,
    }


def call_from_json(value: JsonObject) -> ModelCall:
    """Decode a call.

    Raises:
        CodecError: A field is missing, or the key is not that of the question.
    """
    call = ModelCall(
        get_str(value, "purpose"),
        get_str(value, "prompt"),
        get_str(value, "model"),
        tuple(message_from_json(message) for message in get_objects(value, "messages")),
        get_object(value, "parameters"),
        get_object(value, "answer"),
        usage_from_json(get_object(value, "usage")),
        get_optional_float(value, "seconds") or 0.0,
        get_int(value, "attempts"),
        get_str(value, "error"),
        get_str(value, "endpoint"),
        get_str(value, "answering", ""),
        get_str(value, "started_at"),
    )
    if get_str(value, "key") != call.key:
        raise CodecError("key: is not that of what was asked: the call was altered")
    return call


def budget_to_json(budget: Budget) -> JsonObject:
    """Encode a budget."""
    return {
        "iterations": budget.iterations,
        "tokens": budget.tokens,
        "usd": budget.usd,
        "seconds": budget.seconds,
    }


def budget_from_json(value: JsonObject) -> Budget:
    """Decode a budget."""
    return Budget(
        get_int(value, "iterations"),
        get_optional_int(value, "tokens"),
        get_optional_float(value, "usd"),
        get_optional_float(value, "seconds"),
    )


def settings_to_json(settings: RunSettings) -> JsonObject:
    """Encode what a run was started with."""
    return {
        "command": settings.command,
        "starts": settings.starts,
        "proposer": settings.proposer,
        "model": settings.model,
        "base_url": settings.base_url,
        "budget": budget_to_json(settings.budget),
        "arm": settings.arm,
        "samples": settings.samples,
        "concurrency": settings.concurrency,
        "without": sorted(settings.without),
        "detail": settings.detail,
    }


def settings_from_json(value: JsonObject) -> RunSettings:
    """Decode what a run was started with."""
    return RunSettings(
        get_str(value, "command"),
        get_strings(value, "starts"),
        get_str(value, "proposer"),
        get_str(value, "model"),
        get_str(value, "base_url"),
        budget_from_json(get_object(value, "budget")),
        Arm(get_str(value, "arm")),
        get_int(value, "samples"),
        get_int(value, "concurrency"),
        frozenset(map(Stage, get_strings(value, "without"))),
        get_object(value, "detail"),
    )


def result_to_json(result: TaskResult) -> JsonObject:
    """Encode how a task ended."""
    return {
        "start_id": result.start_id,
        "task": result.task,
        "status": result.status,
        "stopped_by": result.stopped_by,
        "before": None if result.before is None else losses_to_json(result.before),
        "after": None if result.after is None else losses_to_json(result.after),
        "best_id": result.best_id,
        "iterations": result.iterations,
        "executions": result.executions,
        "usage": usage_to_json(result.usage),
        "seconds": result.seconds,
        "error": result.error,
        "method": result.method,
    }


def result_from_json(value: JsonObject) -> TaskResult:
    """Decode how a task ended."""
    return TaskResult(
        get_str(value, "start_id"),
        get_str(value, "task"),
        TaskStatus(get_str(value, "status")),
        get_str(value, "stopped_by"),
        _losses(value, "before"),
        _losses(value, "after"),
        get_str(value, "best_id"),
        get_int(value, "iterations"),
        get_int(value, "executions"),
        usage_from_json(get_object(value, "usage")),
        get_optional_float(value, "seconds") or 0.0,
        get_str(value, "error"),
        get_str(value, "method"),
    )


def passage_to_json(passage: Passage) -> JsonObject:
    """Encode a passage through a gate."""
    return {
        "gate": passage.gate,
        "trajectory_id": passage.trajectory_id,
        "iteration": passage.iteration,
        "who": passage.who,
        "seconds": passage.seconds,
        "changed": passage.changed,
        "usage": usage_to_json(passage.usage),
        "passed_at": passage.passed_at,
    }


def passage_from_json(value: JsonObject) -> Passage:
    """Decode a passage through a gate."""
    return Passage(
        GateName(get_str(value, "gate")),
        get_str(value, "trajectory_id"),
        get_int(value, "iteration"),
        get_str(value, "who"),
        get_optional_float(value, "seconds") or 0.0,
        get_object(value, "changed"),
        usage_from_json(get_object(value, "usage")),
        get_str(value, "passed_at"),
    )


def endpoint_to_json(endpoint: ModelEndpoint) -> JsonObject:
    """Encode where a model is served."""
    price: Json = None if endpoint.price is None else [endpoint.price.input, endpoint.price.output]
    return {
        "base_url": endpoint.base_url,
        "model": endpoint.model,
        "price": price,
        "timeout": endpoint.timeout,
        "retries": endpoint.retries,
        "concurrency": endpoint.concurrency,
        "answering": endpoint.answering,
    }


def endpoint_from_json(value: JsonObject) -> ModelEndpoint:
    """Decode where a model is served."""
    answering = value.get("answering")
    return ModelEndpoint(
        get_str(value, "base_url"),
        get_str(value, "model"),
        None if value.get("price") is None else _price(value),
        get_optional_float(value, "timeout") or 60.0,
        get_int(value, "retries"),
        get_int(value, "concurrency"),
        Answering(answering) if isinstance(answering, str) else None,
    )


def capabilities_to_json(found: Capabilities) -> JsonObject:
    """Encode what a server can do."""
    return {
        "streaming": found.streaming,
        "tools": found.tools,
        "schema": found.schema,
        "usage": found.usage,
        "seed": found.seed,
        "models": found.models,
        "problem": found.problem,
        "notes": found.notes,
        "first_token_seconds": found.first_token_seconds,
        "seconds": found.seconds,
    }


def capabilities_from_json(value: JsonObject) -> Capabilities:
    """Decode what a server can do."""

    def known(name: str) -> bool | None:
        return None if value.get(name) is None else get_bool(value, name)

    return Capabilities(
        known("streaming"),
        known("tools"),
        known("schema"),
        known("usage"),
        known("seed"),
        get_strings(value, "models"),
        get_str(value, "problem"),
        get_strings(value, "notes"),
        get_optional_float(value, "first_token_seconds"),
        get_optional_float(value, "seconds"),
    )


def _losses(value: JsonObject, name: str) -> LossVector | None:
    return None if value.get(name) is None else losses_from_json(get_object(value, name))


def _price(value: JsonObject) -> Price:
    pair = [number for number in get_list(value, "price") if isinstance(number, int | float)]
    if len(pair) != 2:
        raise CodecError("price: expected two numbers, for prompt and completion tokens")
    return Price(float(pair[0]), float(pair[1]))
