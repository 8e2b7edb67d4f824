"""Starts servers that people run, each with a tiny random model that is made on the spot."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE = 120.0
"""Seconds in which a server must answer."""


@dataclass(frozen=True)
class RealServer:
    """A server that runs: its name, where it listens, and what it calls its model."""

    name: str
    base_url: str
    model: str


@contextmanager
def transformers_serve(venv: Path, folder: Path) -> Iterator[RealServer]:
    """`transformers serve` with a two-layer Llama."""
    model = make_model(venv, "transformers", folder / "transformers")
    port = free_port()
    command: list[str | Path] = [venv / "bin" / "transformers", "serve", model, "--port", port, "--device", "cpu"]
    with running(command, folder / "transformers.log", f"http://localhost:{port}/health"):
        yield RealServer("transformers serve", f"http://localhost:{port}/v1", str(model))


@contextmanager
def llama_cpp_server(venv: Path, folder: Path) -> Iterator[RealServer]:
    """`python -m llama_cpp.server` with a two-layer model in a GGUF file."""
    model = make_model(venv, "gguf", folder / "gguf") / "tiny.gguf"
    port = free_port()
    options = ["--n_ctx", "65536", "--chat_format", "chatml-function-calling", "--model_alias", "tiny"]
    command: list[str | Path] = [
        venv / "bin" / "python",
        "-m",
        "llama_cpp.server",
        "--model",
        model,
        "--port",
        port,
        *options,
    ]
    with running(command, folder / "llama_cpp.log", f"http://localhost:{port}/v1/models"):
        yield RealServer("llama-cpp-python", f"http://localhost:{port}/v1", "tiny")


def make_model(venv: Path, form: str, folder: Path) -> Path:
    """A tiny model in the form that a server takes."""
    subprocess.run([venv / "bin" / "python", HERE / "tiny_models.py", form, folder], check=True)
    return folder


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str | Path], log: Path, health: str) -> Iterator[None]:
    """A process, from when it answers until it is ended; its output is in the error where it does not start."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "HF_HUB_OFFLINE": "1"}
        )
        try:
            if not _answers(process, health):
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with direct.open(url, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.2)  # nothing tells when a foreign server listens
    return False
