"""Requests as they go out, in the manner of the server."""

import json
from collections.abc import Mapping

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.model import Answering, ChatMessage, ModelRequest
from hitl_app.domain.task import ToolSpec
from hitl_app.llm.manner import Manner
from hitl_app.llm.structured import ANSWER_TOOL

_SCHEMA_RULE = "Answer with one JSON value that fits this JSON Schema, and with nothing else:\n"
_TOOLS_RULE = (
    'To call one of these tools, answer with {"tool": NAME, "arguments": {...}} and nothing else. '
    "Where no call is needed, answer in plain text. The tools, with JSON Schemas of their arguments:\n"
)


def body(request: ModelRequest, messages: tuple[ChatMessage, ...], model: str, manner: Manner) -> dict[str, Json]:
    """The body of a request for a completion, but for the ceiling of tokens (`ceiling`).

    A request with a schema wants a value: its tools cannot be called, and are not sent.
    """
    sent: dict[str, Json] = {"model": model}
    tools: list[Json] = []
    if request.schema is None and manner.tools:
        tools = [_tool(spec) for spec in request.tools]
    elif request.schema is not None and manner.answering is Answering.SCHEMA:
        wanted: JsonObject = {"name": ANSWER_TOOL, "schema": request.schema, "strict": is_strict(request.schema)}
        sent["response_format"] = {"type": "json_schema", "json_schema": wanted}
    elif request.schema is not None and manner.answering is Answering.TOOL:
        tools = [_tool(ToolSpec(ANSWER_TOOL, "Give the answer with this tool.", request.schema))]
        sent["tool_choice"] = {"type": "function", "function": {"name": ANSWER_TOOL}}
    if tools:
        sent["tools"] = tools
    if manner.temperature:
        sent["temperature"] = request.sampling.temperature
    if manner.seed and request.sampling.seed is not None:
        sent["seed"] = request.sampling.seed
    if manner.streaming:
        sent["stream"] = True
        if manner.count_stream:
            sent["stream_options"] = {"include_usage": True}
    sent["messages"] = [_message(message) for message in plain_messages(request, messages, manner)]
    return sent


def plain_messages(request: ModelRequest, messages: tuple[ChatMessage, ...], manner: Manner) -> tuple[ChatMessage, ...]:
    """The messages, with what the manner has no other way to say in words at their end."""
    rules = []
    if request.schema is not None and manner.answering is Answering.TEXT:
        rules.append(_SCHEMA_RULE + json.dumps(request.schema, ensure_ascii=False))
    elif request.schema is None and request.tools and not manner.tools:
        rules.append(_TOOLS_RULE + "\n".join(map(_described, request.tools)))
    plain = messages if manner.tools else tuple(map(_without_calls, messages))
    return _with_rules(plain, rules)


def ceiling(max_tokens: int, manner: Manner) -> JsonObject:
    """The part of a body that says how many tokens an answer may have."""
    return {"max_completion_tokens" if manner.newer_ceiling else "max_tokens": max_tokens}


def is_strict(schema: Json) -> bool:
    """Whether every object of a schema is closed and fully required: what hosted servers demand of strict schemas."""
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if schema.get("type") == "object" or isinstance(properties, Mapping):
            names = set(properties) if isinstance(properties, Mapping) else set()
            required = schema.get("required")
            listed = (
                {name for name in required if isinstance(name, str)} if isinstance(required, list | tuple) else set()
            )
            if schema.get("additionalProperties") is not False or names != listed:
                return False
        return all(map(is_strict, schema.values()))
    return all(map(is_strict, schema)) if isinstance(schema, list | tuple) else True


def _with_rules(messages: tuple[ChatMessage, ...], rules: list[str]) -> tuple[ChatMessage, ...]:
    """The messages with rules at the end of the last one: many chat templates refuse two users in a row."""
    if not rules:
        return messages
    text = "\n\n".join(rules)
    if messages and messages[-1].role == "user":
        return (*messages[:-1], ChatMessage("user", f"{messages[-1].text}\n\n{text}"))
    return (*messages, ChatMessage("user", text))


def _without_calls(message: ChatMessage) -> ChatMessage:
    """The message for a server that knows no tools."""
    if message.role == "tool":
        return ChatMessage("user", f"Result of the call:\n{message.text}")
    if not message.calls:
        return message
    calls = [json.dumps({"tool": call.name, "arguments": call.arguments}, ensure_ascii=False) for call in message.calls]
    return ChatMessage(message.role, "\n".join(filter(None, [message.text, *calls])))


def _message(message: ChatMessage) -> JsonObject:
    sent: dict[str, Json] = {"role": message.role, "content": message.text}
    if message.calls:
        sent["content"] = message.text or None
        sent["tool_calls"] = [
            {
                "id": call.id or f"call_{index}",
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)},
            }
            for index, call in enumerate(message.calls)
        ]
    if message.role == "tool":
        sent["tool_call_id"] = message.call_id or "call_0"
    return sent


def _tool(spec: ToolSpec) -> JsonObject:
    parameters = spec.parameters or {"type": "object", "properties": {}}
    return {
        "type": "function",
        "function": {"name": spec.name, "description": spec.description, "parameters": parameters},
    }


def _described(spec: ToolSpec) -> str:
    described = {"name": spec.name, "description": spec.description, "arguments": spec.parameters}
    return json.dumps(described, ensure_ascii=False)
