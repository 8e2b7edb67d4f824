"""Answers that a person pastes into a command: questions on standard error, nothing but results on standard output."""

import asyncio
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from in_process import answer, call

from hitl_app.cli.output import Output
from hitl_app.cli.pasting import TerminalHand
from hitl_app.domain.model import ModelUnavailableError, PastedQuestion, Purpose

PROPOSAL = '{"reasoning": "it goes", "kind": "edits", "edits": [{"op": "delete", "step": 0}]}'


def test_a_person_is_the_model_and_their_answers_replay_without_them(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    call(desk, "samples", "--count", "1")
    (row,) = call(desk, "list")
    propose = ("propose", row["id"], "--proposer", "model", "--paste", "--model", "my chat")
    done = subprocess.run(
        [sys.executable, "-m", "hitl_app", *propose, "--data-dir", desk, "--json"],
        input=f"I would rather not.\n.\n```json\n{PROPOSAL}\n```\n.\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    proposal = json.loads(done.stdout)
    assert [hunk["operator"] for hunk in proposal["hunks"]] == ["delete"]
    assert (proposal["cost"]["calls"], proposal["cost"]["tokens"], proposal["cost"]["usd"]) == (1, "estimated", None)
    for words in ("my chat is asked to evolve:", "fits this JSON Schema", "cannot be used: it holds no JSON"):
        assert words in done.stderr

    call(desk, "export", "--format", "calls", "--out", tmp_path / "calls")
    code, (again,), said = answer(desk, *propose, "--answers", tmp_path / "calls" / "calls.jsonl")
    assert (code, again["hunks"]) == (0, proposal["hunks"]), said
    assert "is asked to" not in said


def test_answers_end_with_a_dot_or_with_the_input_and_then_nobody_is_there() -> None:
    async def answers(source: int) -> list[str]:
        hand = TerminalHand(Output(True, io.StringIO(), io.StringIO()), source)
        question = PastedQuestion("my chat", Purpose.ACT, "go on")
        given = [await hand.answer(question) for _ in range(3)]
        with pytest.raises(ModelUnavailableError, match="standard input has ended"):
            await hand.answer(question)
        return given

    source, write = os.pipe()
    os.write(write, "one\r\ntwo…\n.\r\n.\n..\nthe last line".encode())
    os.close(write)
    assert asyncio.run(answers(source)) == ["one\r\ntwo…\n", "", "..\nthe last line"]
    os.close(source)
