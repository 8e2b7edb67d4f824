"""What a scripted model says in a run: it has nothing to propose, in as many words as the schema asks for."""

from model_scripts import capable
from scripted_replies import JsonDict, Reply, fitting, wanted


def idle(request: JsonDict, number: int) -> Reply:
    """Answers every question with the emptiest value that fits."""
    schema = wanted(request)
    return capable(request, number) if schema is None else fitting(request, _empty(schema))


def _empty(schema: JsonDict) -> object:
    kind = schema.get("type", "object")
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "object":
        return {name: _empty(schema["properties"][name]) for name in schema.get("required", ())}
    if isinstance(kind, list):
        return None
    return {"array": [], "string": "nothing at all", "integer": 0, "number": 0, "boolean": True}[kind]
