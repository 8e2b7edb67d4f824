"""Arguments of a call against the tool's schema."""

from hitl_app.domain.arguments import check_arguments
from hitl_app.domain.jsontypes import JsonObject

SCHEMA: JsonObject = {
    "properties": {
        "id": {"type": "string"},
        "n": {"type": ["integer", "null"], "minimum": 1},
        "kind": {"enum": ["a", "b"]},
        "any": {},
    },
    "required": ["id"],
}


def test_what_fits_the_schema_passes() -> None:
    assert check_arguments(SCHEMA, {"id": "A", "n": None, "kind": "a", "any": [1]}, allow_unknown=False) == ()


def test_every_problem_is_named() -> None:
    problems = " | ".join(check_arguments(SCHEMA, {"n": True, "kind": "c", "other": 1}, allow_unknown=False))
    assert "id is missing" in problems
    assert "n must be integer or null" in problems
    assert "kind must be one of a, b" in problems
    assert "'other' is not an argument" in problems


def test_a_tool_without_a_schema_takes_anything() -> None:
    assert check_arguments({}, {"whatever": 1}, allow_unknown=False) == ()


def test_unknown_arguments_pass_where_the_schema_does_not_forbid_them() -> None:
    assert check_arguments(SCHEMA, {"id": "A", "other": 1}) == ()
    assert check_arguments({**SCHEMA, "additionalProperties": False}, {"id": "A", "other": 1}) != ()
