"""Makes a store with decisions and exports it in every format: `make_exports.py FOLDER`.

The store has trips of the embedded world, which are long, and chats that are written here: short ones with parallel
calls in several scripts, each imported and then put right by hand.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any  # lines of JSON are read here as a script would read them

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output

CHATS = 8
TRIPS = 6

Line = dict[str, Any]


def tool(name: str, **properties: str) -> Line:
    parameters = {"type": "object", "properties": {key: {"type": of} for key, of in properties.items()}}
    return {"type": "function", "function": {"name": name, "description": f"{name} 订单", "parameters": parameters}}


def call(number: int, name: str, **arguments: object) -> Line:
    return {"id": f"c{number}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}


def said(role: str, content: str, **more: object) -> Line:
    return {"role": role, "content": content, **more}


def chat(number: int) -> Line:
    """Two calls at once, one more, a call with a wrong amount, and wrong words."""
    order, other = f"订单-{number}", f"O{number}"
    return {
        "id": f"chat-{number}",
        "expected_answer": right_answer(number),
        "tools": [tool("find", order="string"), tool("refund", order="string", amount="number")],
        "messages": [
            said("system", "Refund what was paid, 不多不少."),
            said("user", f"Refund {order} or {other} 🙏"),
            said("assistant", "I look.", tool_calls=[call(1, "find", order=order), call(2, "find", order=f"{other}x")]),
            said("tool", f"{order}: <none> & no {{price}}", tool_call_id="c1"),
            said("tool", f"{other}: {number + 5}.5 paid", tool_call_id="c2"),
            said("assistant", "Any others?", tool_calls=[call(3, "find", order=order)]),
            said("tool", "none", tool_call_id="c3"),
            said("assistant", "", tool_calls=[call(4, "refund", order=other, amount=number * 10)]),
            said("tool", "ok", tool_call_id="c4"),
            said("assistant", "Refunded too much."),
        ],
    }


def right_answer(number: int) -> str:
    return f"Refunded {number + 5}.5 for O{number} ✓"


def edits(number: int) -> list[Line]:
    """What puts it right: half of them begin at the parallel calls, half at the call after them."""
    refund = {"name": "refund", "arguments": {"order": f"O{number}", "amount": number + 5.5}}
    later: list[Line] = [
        {"op": "replace", "step": 4, "action": refund},
        {"op": "replace", "step": 5, "message": right_answer(number)},
    ]
    first: list[Line] = [{"op": "set_argument", "step": 2, "name": "order", "value": f"O{number}"}]
    return first + later if number % 2 else later


def command(store: Path, *arguments: str | Path) -> list[Line]:
    """The lines of a command, which must succeed."""
    args = parse([*map(str, arguments), "--data-dir", str(store), "--json"], store)
    results, messages = io.StringIO(), io.StringIO()
    if run_command(args, build, Output(True, results, messages)) != 0:
        raise SystemExit(f"hitl-app {arguments[0]}: {messages.getvalue()}")
    return [json.loads(line) for line in results.getvalue().splitlines()]


def make_store(folder: Path) -> Path:
    """A store with decisions."""
    store, chats, change = folder / "store", folder / "chats.jsonl", folder / "edits.json"
    command(store, "samples", "--count", str(TRIPS))
    command(store, "refine", "--query", "env:travel")
    chats.write_text("".join(json.dumps(chat(number)) + "\n" for number in range(CHATS)), encoding="utf-8")
    command(store, "import", chats)
    found = [line["id"] for line in command(store, "list", "--query", "env:recorded")]
    for number, identity in enumerate(found):
        change.write_text(json.dumps(edits(number)), encoding="utf-8")
        maker = ("--annotator", "tester", "--reason", "the amount was wrong")
        (made,) = command(store, "revise", identity, "--edits", change, *maker)
        if not (made["accepted"] and made["verified"]):
            raise SystemExit(f"chat {number} was not put right: {made}")
    return store


def main() -> None:
    folder = Path(sys.argv[1])
    store = make_store(folder)
    for known in command(store, "export", "formats"):
        command(store, "export", "--format", known["name"], "--out", folder / "exports" / known["name"])


if __name__ == "__main__":
    main()
