"""Rows are shown as a trainer sees them, whatever template somebody chooses."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from hitl_app.domain.chat import Doubt, RenderedChat, TemplateSource, Trained
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.exchange.rendering.chats import chats_of, texts_of
from hitl_app.exchange.rendering.files import read_template
from hitl_app.exchange.rendering.process import SERVER, TemplateProcess
from hitl_app.exchange.rendering.template import LONGEST, ChatTemplate
from hitl_app.system.paths import resource
from hitl_app.system.program import command_of

BUILTIN = resource("templates/chatml.jinja")
PLAIN = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
"""A template that knows neither tools nor calls, and marks nothing."""

ARGUMENTS = '{"id": "ü"}'
CALL: JsonObject = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": ARGUMENTS}}
TOOL: JsonObject = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
ASKED: tuple[JsonObject, ...] = (
    {"role": "system", "content": "Be <exact>.", "tool_calls": None},
    {"role": "user", "content": "Look it up"},
)
CALLED: tuple[JsonObject, ...] = (
    {"role": "assistant", "content": "I look.", "tool_calls": [CALL], "name": None},
    {"role": "tool", "content": "found 7", "tool_call_id": "call_1", "name": "look"},
)
SAID: JsonObject = {"role": "assistant", "content": "It is 7."}
WHOLE: JsonObject = {"messages": [*ASKED, *CALLED, SAID], "tools": json.dumps([TOOL])}
PAIR: JsonObject = {
    "prompt": [*ASKED, *CALLED],
    "chosen": [SAID],
    "rejected": [{"role": "assistant", "content": "It is 8."}],
    "tools": json.dumps([TOOL]),
}


def rendered(row: JsonObject, text: str = "", tokens: Mapping[str, str] | None = None) -> list[RenderedChat]:
    template = ChatTemplate(TemplateSource(text or BUILTIN.read_text(encoding="utf-8"), tokens or {}))
    return [template.render(chat) for chat in chats_of(row)]


def trained(chat: RenderedChat) -> list[str]:
    return [piece.text for piece in chat.pieces if piece.trained]


def whole(chat: RenderedChat) -> str:
    return "".join(piece.text for piece in chat.pieces)


def test_the_built_in_template_shows_tools_calls_and_results_and_marks_what_the_agent_wrote() -> None:
    (chat,) = rendered(WHOLE)
    assert (chat.problem, chat.doubts) == ("", ())
    text = whole(chat)
    assert json.dumps(TOOL) in text
    assert "Be <exact>." in text
    assert "<|im_start|>tool\nfound 7<|im_end|>" in text
    call = f'<tool_call>\n{{"name": "look", "arguments": {ARGUMENTS}}}\n</tool_call>'
    assert trained(chat) == [f"I look.\n{call}<|im_end|>", "It is 7.<|im_end|>"]


def test_of_a_pair_each_side_is_trained_on_after_the_prompt() -> None:
    chosen, rejected = rendered(PAIR)
    assert (chosen.name, rejected.name) == ("chosen", "rejected")
    assert (trained(chosen), trained(rejected)) == (["It is 7.<|im_end|>\n"], ["It is 8.<|im_end|>\n"])
    assert chosen.pieces[0] == rejected.pieces[0]


def test_results_of_tools_in_an_answer_are_told_to_be_trained_on() -> None:
    (chat,) = rendered({"prompt": ASKED, "completion": [*CALLED, SAID]})
    assert Doubt.TRAINS_ON_RESULTS in chat.doubts
    assert "found 7" in "".join(trained(chat))


def test_a_template_that_leaves_something_out_is_found_out() -> None:
    (chat,) = rendered(WHOLE, PLAIN.replace("{{ m.content }}", "{{ m.content if m.role != 'tool' }}"))
    dropped = {Doubt.CALLS_DROPPED, Doubt.TOOLS_DROPPED, Doubt.RESULTS_DROPPED}
    assert set(chat.doubts) == {*dropped, Doubt.NO_MARKS}


def test_without_marks_what_is_trained_on_is_what_each_turn_of_the_agent_adds() -> None:
    (chat,) = rendered(WHOLE, PLAIN)
    assert trained(chat) == ["I look.", "It is 7."]
    last_alone = PLAIN.replace("{{ m.content }}", "{{ m.content if loop.last or m.role != 'assistant' }}")
    (chat,) = rendered(WHOLE, last_alone)
    assert trained(chat) == ["It is 7."]
    assert Doubt.NOT_FOUND in chat.doubts


def test_arguments_that_are_quoted_twice_are_told() -> None:
    quoting = (
        PLAIN
        + "{% for m in messages %}{% for c in m.tool_calls or [] %}{{ c.function | tojson }}{% endfor %}{% endfor %}"
    )
    (chat,) = rendered(WHOLE, quoting)
    assert Doubt.QUOTED_TWICE in chat.doubts


def test_templates_have_what_transformers_gives_them() -> None:
    loop = "{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}{{ m | tojson }}{% break %}{% endfor %}"
    (chat,) = rendered(WHOLE, "{{ bos_token }}" + loop + "{{ strftime_now('%Y')[:2] }}", {"bos_token": "<s>"})
    assert whole(chat) == '<s>{"role": "user", "content": "Look it up"}20'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ raise_exception('one call at once') }}", "one call at once"),
        ("{{ messages[0].no.thing }}", "has no attribute 'no'"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ messages.append(1) }}", "unsafe"),
        ("{% for n in range(1000000) %}{% endfor %}", "Range too big"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
    ],
)
def test_a_template_that_fails_says_how(text: str, problem: str) -> None:
    (chat,) = rendered(WHOLE, text)
    assert problem in chat.problem
    assert not chat.pieces


def test_a_text_that_is_too_long_is_cut_and_said_to_be() -> None:
    (chat,) = rendered(WHOLE, "{% for n in range(90000) %}0123456789{% endfor %}")
    assert len(whole(chat)) == LONGEST
    assert Doubt.CUT in chat.doubts


def test_rows_of_other_trainers_are_read_as_chats() -> None:
    tools = json.dumps([TOOL])
    said: list[Json] = [
        {"from": "human", "value": "Look it up"},
        {
            "from": "function_call",
            "value": 'I look.\n<tool_call>[{"name": "look", "arguments": {"id": "ü"}}]</tool_call>',
        },
        {"from": "observation", "value": "found 7"},
        {"from": "gpt", "value": "It is 7."},
    ]
    (ours,) = rendered(WHOLE)
    (factory,) = rendered({"conversations": said, "system": "Be <exact>.", "tools": tools})
    assert whole(factory) == whole(ours)
    asked = {"messages": [*ASKED, *CALLED], "tools": [TOOL]}
    openai = rendered({"input": asked, "preferred_output": [SAID], "non_preferred_output": PAIR["rejected"]})
    assert [trained(chat) for chat in openai] == [trained(chat) for chat in rendered(PAIR)]
    (prompt,) = rendered({"prompt": ASKED})
    assert whole(prompt).endswith("<|im_start|>assistant\n")
    assert not trained(prompt)
    cut_off = chats_of({"messages": [*ASKED, *CALLED]})
    assert [chat.trained for chat in cut_off] == [Trained.TURNS], "a demonstration may end with a result"
    (alpaca,) = rendered({"instruction": "Look it up", "input": "quickly", "output": "It is 7."})
    assert "Look it up\nquickly" in alpaca.pieces[0].text
    assert trained(alpaca) == ["It is 7.<|im_end|>\n"]
    assert chats_of({"id": 1, "prompt": "text", "messages": []}) == []
    assert texts_of({"prompt": "text", "completions": ["one"], "labels": [True]}) == []
    (alone,) = texts_of({"prompt": "text"})
    assert (whole(alone), trained(alone)) == ("text", [])
    (text,) = texts_of({"prompt": "<p>", "completion": "said", "label": True})
    assert trained(text) == ["said"]


def test_a_template_is_found_in_the_files_that_models_come_with(tmp_path: Path) -> None:
    config, template = tmp_path / "tokenizer_config.json", tmp_path / "chat_template.jinja"
    named = [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "with tools"}]
    tokens = {"bos_token": "<s>", "eos_token": {"content": "</s>"}, "pad_token": None}
    config.write_text(json.dumps({**tokens, "chat_template": named}))
    assert read_template(config) == TemplateSource("with tools", {"bos_token": "<s>", "eos_token": "</s>"})
    template.write_text("from beside")
    assert read_template(template).tokens == {"bos_token": "<s>", "eos_token": "</s>"}
    config.write_text("{}")
    assert read_template(config).text == "from beside"
    template.unlink()
    for text, problem in (("{}", "holds no chat template"), ("{", "is no JSON"), ("\udcff", "UTF-8")):
        config.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(UserError, match=problem):
            read_template(config)
    with pytest.raises(UserError, match="cannot be read"):
        read_template(tmp_path / "nowhere.jinja")


def test_a_template_runs_in_a_process_that_is_ended_when_it_does_not_finish(tmp_path: Path) -> None:
    rows = [json.dumps(PAIR), json.dumps({"nothing": 1}), "a,line,of,CSV"]
    pair, *none = TemplateProcess(BUILTIN, command_of(SERVER)).render(rows, None)
    assert list(pair) == rendered(PAIR)
    assert none == [(), ()]
    endless = tmp_path / "endless.jinja"
    endless.write_text("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
    with pytest.raises(UserError, match=r"endless.jinja: the template did not finish within 0.5 s"):
        TemplateProcess(BUILTIN, command_of(SERVER), 0.5).render(rows[:1], endless)
    endless.write_text("{{ 'a' * 10 ** 10 }}")
    ((greedy, _), *_) = TemplateProcess(BUILTIN, command_of(SERVER)).render(rows, endless)
    assert greedy.problem == "MemoryError"
    endless.write_text("{% if %}")
    with pytest.raises(UserError, match="is no chat template"):
        TemplateProcess(BUILTIN, command_of(SERVER)).render(rows, endless)
