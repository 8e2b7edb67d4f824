"""An OpenAI-compatible server that answers what a script says: `python scripted_server.py --script MODULE:FUNCTION`.

Prints its base URL as its first line, and ends when its standard input is closed. A script is a function as
`scripted_replies.Script` says; it may be called from several threads at the same time, with requests numbered in the
order of their arrival.

It knows `POST /v1/chat/completions`, `GET /v1/models` (the model `scripted`, whatever is asked for), and
`GET /counters`: requests and tokens, in all and by model, each by outcome (`answered`, `cut`, `gone`, `hung`, `raw`, or
the status of an error).

A token is a run of characters without white space: in the prompt those of `scripted_replies.said`, in the answer those
of its text and of its calls' arguments. Errors cost none; an answer that is cut counts what was sent of it.
"""

import argparse
import importlib
import itertools
import json
import select
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scripted_replies import JsonDict, Reply, Script, count, said

MODEL = "scripted"
PLAIN = Reply()


class Counters:
    """What was asked and answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._at_once = 0
        self._most_at_once = 0
        self._counts: dict[tuple[str, str], Counter[str]] = {}

    def begin(self) -> int:
        """The number of the next request."""
        with self._lock:
            self._at_once += 1
            self._most_at_once = max(self._most_at_once, self._at_once)
            return next(self._numbers)

    def end(self, model: str, outcome: str, tokens_in: int = 0, tokens_out: int = 0) -> None:
        """Count a request."""
        with self._lock:
            self._at_once -= 1
            counts = self._counts.setdefault((model, outcome), Counter())
            counts.update(requests=1, tokens_in=tokens_in, tokens_out=tokens_out)

    def to_json(self) -> JsonDict:
        """All counts."""
        with self._lock:
            models = {model: self._sums(model) for model in sorted({model for model, _ in self._counts})}
            return {**self._sums(None), "most_at_once": self._most_at_once, "by_model": models}

    def _sums(self, model: str | None) -> JsonDict:
        by_outcome: dict[str, Counter[str]] = {}
        for (asked, outcome), counts in sorted(self._counts.items()):
            if model in (None, asked):
                by_outcome.setdefault(outcome, Counter()).update(counts)
        total: Counter[str] = sum(by_outcome.values(), Counter())
        return {**_plain(total), "by_outcome": {outcome: _plain(counts) for outcome, counts in by_outcome.items()}}


def _plain(counts: Counter[str]) -> JsonDict:
    return {name: counts[name] for name in ("requests", "tokens_in", "tokens_out")}


class ScriptedServer(ThreadingHTTPServer):
    """The server: one thread a connection, connections kept alive."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, script: Script, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.script = script
        self.connections = 0
        self.counters = Counters()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- as the library declares it
        """Count connections."""
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is gone is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: ScriptedServer

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        if self.path == "/counters":
            self._send_json(200, {**self.server.counters.to_json(), "connections": self.server.connections})
        elif self.path == "/v1/models":
            self._send_json(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        else:
            self._send_json(404, _error("there is no such page", ""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/v1/chat/completions":
            self._send_json(404, _error("there is no such page", ""))
            return
        try:
            request: JsonDict = json.loads(body)
        except ValueError:
            self._send_json(400, _error("the request is not JSON", ""))
            return
        counters = self.server.counters
        number = counters.begin()
        prompt, sent = count(said(request)), 0
        outcome = "gone"
        try:
            reply = self.server.script(request, number)
            time.sleep(reply.wait)
            if reply.status == 0:
                self.close_connection, outcome = True, "cut"
            elif reply.status >= 400:
                outcome, prompt = str(reply.status), 0
                self._send_json(reply.status, _error(reply.text, reply.code), reply)
            elif request.get("stream") and reply.streams:
                pieces = _Pieces(reply)
                try:
                    outcome = self._stream(request, reply, pieces)
                finally:
                    sent = pieces.tokens
            else:
                outcome = self._answer(request, reply)
                sent = _tokens(reply)
        except ConnectionError:
            self.close_connection = True
        finally:
            counters.end(str(request.get("model")), outcome, prompt, sent)

    def _answer(self, request: JsonDict, reply: Reply) -> str:
        """Answer at once."""
        if reply.hang:
            return self._hang()
        message: JsonDict = {"role": "assistant", "content": reply.text or None}
        if reply.calls:
            message["tool_calls"] = [_call(index, *call) for index, call in enumerate(reply.calls)]
        choice = {"index": 0, "message": message, "finish_reason": reply.reason}
        answer: JsonDict = {**_head(request, "chat.completion"), "choices": [choice]}
        if reply.usage:
            answer["usage"] = _usage(request, _tokens(reply))
        body = json.dumps(answer).encode() if reply.raw is None else reply.raw
        if reply.cut_after is not None:
            self._send(200, body, "application/json", reply, length=len(body) + 1)
            self.close_connection = True
            return "cut"
        self._send(200, body, "application/json", reply)
        return "answered" if reply.raw is None else "raw"

    def _stream(self, request: JsonDict, reply: Reply, pieces: "_Pieces") -> str:
        """Answer piece by piece."""
        if reply.hang and reply.cut_after is None:
            return self._hang()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if reply.raw is not None:
            self._chunk(reply.raw)
            self.close_connection = reply.cut_after is not None
            if not self.close_connection:
                self._chunk(b"")
            return "raw"
        head = _head(request, "chat.completion.chunk")
        for number, delta in enumerate(pieces):
            if number == reply.cut_after:
                if reply.hang:
                    return self._hang()
                self.close_connection = True
                return "cut"
            time.sleep(reply.delay)
            self._event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        self._event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": reply.reason}]})
        if reply.usage and (request.get("stream_options") or {}).get("include_usage"):
            self._event({**head, "choices": [], "usage": _usage(request, pieces.tokens)})
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")
        return "answered"

    def _hang(self) -> str:
        """Wait until the client is gone."""
        self.wfile.flush()
        select.select([self.connection], [], [], 60)
        self.close_connection = True
        return "hung"

    def _event(self, value: JsonDict) -> None:
        self._chunk(b"data: " + json.dumps(value).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _send_json(self, status: int, value: JsonDict, reply: Reply = PLAIN) -> None:
        self._send(status, reply.raw or json.dumps(value).encode(), "application/json", reply)

    def _send(self, status: int, body: bytes, kind: str, reply: Reply, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


class _Pieces:
    """The deltas of a reply; counts the tokens of those that were taken."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._text = ""
        self._arguments = [""] * len(reply.calls)

    @property
    def tokens(self) -> int:
        return count(self._text) + sum(map(count, self._arguments))

    def __iter__(self) -> Iterator[JsonDict]:
        yield {"role": "assistant", "content": ""}
        for piece in _cut(self._reply.text, self._reply.chunk):
            self._text += piece
            yield {"content": piece}
        for index, (name, arguments) in enumerate(self._reply.calls):
            yield {"tool_calls": [{"index": index, **_call(index, name, "")}]}
            for piece in _cut(arguments, self._reply.chunk):
                self._arguments[index] += piece
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _cut(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def _call(index: int, name: str, arguments: str) -> JsonDict:
    return {"id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": arguments}}


def _head(request: JsonDict, kind: str) -> JsonDict:
    return {"id": "chatcmpl-scripted", "object": kind, "created": 0, "model": request.get("model", MODEL)}


def _tokens(reply: Reply) -> int:
    return count(reply.text) + sum(count(arguments) for _, arguments in reply.calls)


def _usage(request: JsonDict, sent: int) -> JsonDict:
    asked = count(said(request))
    return {"prompt_tokens": asked, "completion_tokens": sent, "total_tokens": asked + sent}


def _error(message: str, code: str) -> JsonDict:
    return {"error": {"message": message, "type": "scripted", "param": None, "code": code or None}}


def main() -> None:
    """Serve until the standard input is closed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--script", required=True, metavar="MODULE:FUNCTION")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    module, _, function = chosen.script.partition(":")
    server = ScriptedServer(getattr(importlib.import_module(module), function), chosen.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/v1\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
