"""What a server can do is found out by asking it, and a connection that does not work says why."""

import pytest
from keeping import Desk
from model_scripts import KEY

from hitl_app.domain.model import Answering, Capabilities, ModelEndpoint

pytest_plugins = ["model_fixtures"]


def probe(desk: Desk, model: str) -> Capabilities:
    return desk.run(desk.servers.probe(desk.endpoint(model)))


def test_a_capable_server_is_found_to_be_one(desk: Desk) -> None:
    found = probe(desk, "capable/probe")
    assert not found.problem
    assert (found.streaming, found.usage, found.seed, found.tools, found.schema) == (True,) * 5
    assert found.models == ("scripted",)
    assert found.answering is Answering.SCHEMA
    assert found.first_token_seconds is not None
    assert found.seconds is not None
    assert 0 < found.first_token_seconds <= found.seconds < 5
    assert "models: the server lists 1, and capable/probe is not among them" in found.notes
    assert desk.counts("capable/probe")["requests"] == 3


@pytest.mark.parametrize(
    ("model", "expected", "note"),
    [
        ("no-schema", {"schema": False, "tools": True}, "JSON schema: refused"),
        ("no-schema-no-tools", {"schema": False, "tools": False}, "tool calls: refused; tools are described"),
        ("plain", {"schema": False, "tools": False}, "JSON schema: accepted, but the answer did not fit"),
        ("uncounted", {"usage": False, "streaming": True}, "tokens: the server does not count them"),
        ("at-once", {"usage": True, "streaming": False}, "streaming: the server answers at once"),
        ("no-stream", {"streaming": False}, "streaming: the server answers at once"),
        ("newer", {"streaming": True, "seed": True}, "temperature: refused; the model's own is used"),
    ],
)
def test_what_a_server_cannot_do_is_found_out(desk: Desk, model: str, expected: dict[str, bool], note: str) -> None:
    found = probe(desk, f"{model}/probe")
    assert not found.problem
    assert {name: getattr(found, name) for name in expected} == expected
    assert any(line.startswith(note) for line in found.notes)


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        ("unknown", "does not know the model or the page (404: the model does not exist)"),
        ("locked", "refuses the key (401: incorrect key: …)"),
        ("failing-always", "has a problem (500: out of memory) after 2 attempts"),
    ],
)
def test_a_connection_that_does_not_work_says_why(desk: Desk, model: str, problem: str) -> None:
    found = probe(desk, f"{model}/probe")
    assert problem in found.problem
    assert KEY not in str(found)


def test_an_unknown_model_is_answered_with_those_that_the_server_lists(desk: Desk) -> None:
    assert probe(desk, "unknown/listed").problem.endswith("The server lists scripted")


@pytest.mark.parametrize("path", ["/v1/", "", "/v1/chat/completions"])
def test_a_base_url_is_understood_in_all_its_spellings(desk: Desk, path: str) -> None:
    endpoint = ModelEndpoint(desk.served.base_url.removesuffix("/v1") + path, "capable/url")
    assert not desk.run(desk.servers.probe(endpoint)).problem


def test_a_wrong_page_is_a_clear_problem(desk: Desk) -> None:
    found = desk.run(desk.servers.probe(ModelEndpoint(desk.served.base_url + "/elsewhere", "m")))
    assert "404: there is no such page" in found.problem
    assert "check the base URL" in found.problem
