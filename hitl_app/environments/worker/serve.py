"""The far end of a worker: answers requests, one JSON line each, on its standard streams.

    python -P -s -B serve.py HANDLERS.py MEMORY_BYTES

`HANDLERS.py` defines `HANDLERS`, the functions that may be called, by name: each takes the request's parameters by
keyword and returns a JSON value. An exception that one lets out is a fault of the worker, which is then ended: its
state cannot be trusted any more.

Python code in a worker can neither open a connection, listen nor resolve a name, nor start a process by `os` or
`subprocess`: an audit hook refuses it. Native code that a package brings along is not held back by that.

This file imports the standard library alone: it runs in the environment's own Python.
"""

import importlib.util
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

Handlers = Mapping[str, Callable[..., object]]

PARENT_CHECK_SECONDS = 1.0
PROCESS_EVENTS = frozenset({"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"})


def main() -> None:
    """Answer until the other side closes its end."""
    script, memory_bytes = Path(sys.argv[1]), int(sys.argv[2])
    requests, answers = _take_over_stdio()
    _limit(memory_bytes)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    sys.addaudithook(_refuse)
    handlers = _load(script)
    answers.write(b'{"ready":true}\n')
    for line in requests:
        answers.write(_answer(handlers, line))


def _take_over_stdio() -> tuple[BinaryIO, BinaryIO]:
    """Keep the protocol's streams for this file; a `print` of other code goes to standard error, its input is empty."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    return requests, answers


def _limit(memory_bytes: int) -> None:
    if sys.platform != "win32":  # which has no such limits
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with(parent: int) -> None:
    """A handler may be busy for ever when the parent dies, and then nobody reads that the input has ended."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(1)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith("socket.") and event != "socket.gethostname":
        raise PermissionError("a worker has no network")
    if event in PROCESS_EVENTS:
        raise PermissionError("a worker starts no processes")


def _load(script: Path) -> Handlers:
    spec = importlib.util.spec_from_file_location(script.stem, script)
    if spec is None or spec.loader is None:
        raise ImportError(f"{script} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[script.stem] = module
    spec.loader.exec_module(module)
    handlers: Handlers = module.HANDLERS
    return handlers


def _answer(handlers: Handlers, line: bytes) -> bytes:
    request = json.loads(line)
    try:
        result = handlers[request["method"]](**request["params"])
        text = json.dumps({"id": request["id"], "result": result}, allow_nan=False)
    except Exception as error:  # whatever it is, the other side has to hear of it
        traceback.print_exc()
        text = json.dumps({"id": request["id"], "fault": f"{type(error).__name__}: {error}"})
    return text.encode() + b"\n"


if __name__ == "__main__":
    main()
