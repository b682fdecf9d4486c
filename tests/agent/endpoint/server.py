"""HTTP on loopback -> a bot's answers, after the rules and through the faults."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.agent.endpoint.answer import Said, completion, events
from tests.agent.endpoint.faults import Altered, Cut, Fault, Raw, Reset, Slow, Status
from tests.agent.endpoint.rules import refusal, tokens
from tests.agent.endpoint.terms import Refusal, Rules

Bot = Callable[[list[dict[str, Any]], list[dict[str, Any]]], Said]
_POLL = 0.01  # seconds until a stopped server notices


class Endpoint:
    """What a test may ask of a running server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[dict[str, Any]] = []
        self.refused: list[Refusal] = []
        self.broken: BaseException | None = None  # what the bot raised


@contextmanager
def serve(
    bot: Bot,
    rules: Rules | None = None,
    faults: Sequence[Fault | None] | Mapping[int, Fault] = (),
) -> Iterator[Endpoint]:
    """Serve until the block ends. Raises what the bot raised."""
    server = _Server(bot, rules or Rules(), _by_number(faults))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": _POLL}, daemon=True)
    thread.start()
    try:
        yield server.endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    if server.endpoint.broken is not None:
        raise server.endpoint.broken


def _by_number(faults: Sequence[Fault | None] | Mapping[int, Fault]) -> Mapping[int, Fault | None]:
    return faults if isinstance(faults, Mapping) else dict(enumerate(faults, 1))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, bot: Bot, rules: Rules, faults: Mapping[int, Fault | None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bot, self.rules, self.faults = bot, rules, faults
        self.lock = threading.Lock()  # requests may overlap; a bot sees them one by one
        self.ending = threading.Event()
        self.open: set[socket.socket] = set()
        self.endpoint = Endpoint(f"http://127.0.0.1:{self.server_port}/v1")

    def server_close(self) -> None:
        """Ends what clients keep open as well, or their threads would wait for ever."""
        self.ending.set()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; it may have timed out on purpose."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            self._refuse(Refusal(404, f"Invalid URL (GET {self.path})"))
        elif wrong := self.server.rules.key_refusal(self.headers.get("Authorization")):
            self._refuse(wrong)
        else:
            model = {
                "id": self.server.rules.model,
                "object": "model",
                "created": 1_700_000_000,
                "owned_by": "tests",
            }
            self._send(200, {"object": "list", "data": [model]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        endpoint = self.server.endpoint
        with self.server.lock:
            request, wrong = self._checked(body)
            endpoint.requests.append(request)
            number = len(endpoint.requests)
            fault = self.server.faults.get(number)
            if isinstance(fault, Status | Raw | Reset):
                self._fail(fault)
                return
            if wrong is not None:
                endpoint.refused.append(wrong)
                self._refuse(wrong)
                return
            try:
                said = self.server.bot(request["messages"], request.get("tools") or [])
            except BaseException as error:  # also an assertion; raised again by the test
                endpoint.broken = endpoint.broken or error
                self._refuse(Refusal(500, f"the bot failed: {error!r}", kind="server_error"))
                return
            answer = completion(said, request["model"], number, tokens(request))
        if isinstance(fault, Altered):
            fault.change(answer)
        if request.get("stream"):
            self._stream(answer, request, fault)
        else:
            self._send(200, answer, fault=fault)

    def _checked(self, body: bytes) -> tuple[dict[str, Any], Refusal | None]:
        if self.path != "/v1/chat/completions":
            return {}, Refusal(404, f"Invalid URL (POST {self.path})")
        if wrong := self.server.rules.key_refusal(self.headers.get("Authorization")):
            return {}, wrong
        kind = (self.headers.get("Content-Type") or "").partition(";")[0]
        if kind != "application/json":
            return {}, Refusal(400, f"Invalid Content-Type header ({kind}), expected application/json.")
        try:
            request = json.loads(body)
        except ValueError:
            request = None
        if not isinstance(request, dict):
            return {}, Refusal(400, "We could not parse the JSON body of your request.")
        return request, refusal(request, self.server.rules)

    def _fail(self, fault: Status | Raw | Reset) -> None:
        if isinstance(fault, Raw):
            self._send(200, fault.body, fault.content_type)
        elif isinstance(fault, Reset):
            self._reset(after_headers=fault.after_headers)
        else:
            shape = {"error": {"message": f"fault {fault.code}", "type": "x", "param": None, "code": None}}
            kind = "text/html" if isinstance(fault.body, str) else "application/json"
            body = shape if fault.body is None else fault.body
            more = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            self._send(fault.code, body, kind, more)

    def _refuse(self, wrong: Refusal) -> None:
        self._send(wrong.status, wrong.body)

    def _send(
        self,
        status: int,
        body: Any,
        kind: str = "application/json",
        more: Mapping[str, str] | None = None,
        fault: Fault | None = None,
    ) -> None:
        data = (
            body
            if isinstance(body, bytes)
            else (body if isinstance(body, str) else json.dumps(body)).encode()
        )
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self._write([data], fault)

    def _stream(self, answer: dict[str, Any], request: dict[str, Any], fault: Fault | None) -> None:
        usage = bool((request.get("stream_options") or {}).get("include_usage"))
        shape = fault if isinstance(fault, Altered) else Altered()
        lines = [json.dumps(event) for event in events(answer, usage=usage, indexes=shape.indexes)]
        lines += ["[DONE]"] if shape.done else []
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self._write([f"data: {line}\n\n".encode() for line in lines], fault)

    def _write(self, parts: Sequence[bytes], fault: Fault | None) -> None:
        if isinstance(fault, Cut):
            whole = b"".join(parts)
            self.wfile.write(whole[: int(len(whole) * fault.share)])
            self.close_connection = True
            return
        if isinstance(fault, Slow) and fault.trickle:
            letters = b"".join(parts)
            for place in range(len(letters)):
                self.wfile.write(letters[place : place + 1])
                if self.server.ending.wait(fault.seconds / len(letters)):
                    return
            return
        if isinstance(fault, Slow):
            self.server.ending.wait(fault.seconds)
        for part in parts:
            self.wfile.write(part)

    def _reset(self, *, after_headers: bool) -> None:
        if after_headers:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "100")
            self.end_headers()
            time.sleep(_POLL)  # a reset at once would overtake the headers
        hard = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hard)
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None: ...
