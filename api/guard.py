"""The first thing every request meets: is it from here, does it have the key, is it small enough?

A page of any site can make a browser send requests to this machine. With DNS rebinding it can even
read the answers, but then the Host header carries the site's name, and with a cross-site request the
Origin does. So both are checked on every route, whether a key is demanded or not.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import PROBLEMS, TOO_LARGE, UNAUTHORIZED, Problem, as_document
from .settings import LOOPBACK, Settings

MAX_BODY = 1_000_000  # bytes; a task with a long trace has 50 kB
PAGES = ("/", "/runs")
OPEN_PATHS = (*PAGES, "/health", "/ready")  # no content of any repository
OPEN_FOLDER = "/web/"
_FORBIDDEN = next(problem for problem in PROBLEMS.values() if problem.status == 403)
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
]


class Guard:
    """ASGI middleware. `keys` are the accepted keys; none means that no key is asked for. `asked`
    hears of every request when it comes and when it is answered, and `answered` the status of its answer."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        keys: Iterable[str] = (),
        asked: Callable[[], None] = lambda: None,
        answered: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.app = app
        self.asked = asked
        self.answered = answered
        self.hosts = frozenset(host.lower() for host in hosts)
        self.keys = tuple(key.encode() for key in keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        self.asked()
        send = self._finished(send)
        headers = _Headers(scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        if headers.has_body:
            body = await _read(receive, headers)
            if body is None:
                await _refuse(send, TOO_LARGE, f"the request has more than {MAX_BODY} bytes; send less")
                return
            receive = _replay(body, receive)
        await self.app(scope, receive, send)

    def _finished(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                more = [header for header in _HEADERS if header[0] not in present]
                message = {**message, "headers": [*message["headers"], *more]}
                self.answered(message["status"])
                self.asked()
            await send(message)

        return sending

    def _refusal(self, scope: Scope, headers: _Headers) -> tuple[Problem, str] | None:
        host = headers.one("host")
        if host is None or _name_of(host) not in self.hosts:
            return _FORBIDDEN, (
                f"the host {(host or '')[:100]!r} is not served here; use 127.0.0.1 or localhost, or name "
                "it in CAIRN_HOSTS"
            )
        origin = headers.one("origin")
        if headers.count("origin") and (origin is None or origin.lower().partition("://")[2] != host.lower()):
            return _FORBIDDEN, "a page of another site sent this; only Cairn's own page may"
        if not _from_here(scope, headers):
            return _FORBIDDEN, "a page of another site asked for this; only Cairn's own page may"
        path = scope["path"]
        if not self.keys or path in OPEN_PATHS or path.startswith(OPEN_FOLDER):
            return None
        given = headers.key.encode()
        if not sum(hmac.compare_digest(given, key) for key in self.keys):  # compares all, always
            return UNAUTHORIZED, "send the key of this server as `Authorization: Bearer KEY` or `X-API-Key`"
        return None


def accepted_hosts(settings: Settings) -> set[str]:
    """The names under which a server with these settings may be called."""
    wildcard = settings.host in ("0.0.0.0", "::", "")
    return {*LOOPBACK, *settings.hosts} | (set() if wildcard else {settings.host})


class _Headers:
    def __init__(self, scope: Scope) -> None:
        self._all: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            self._all.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))

    def one(self, name: str) -> str | None:
        """The value of a header that came exactly once."""
        values = self._all.get(name, [])
        return values[0] if len(values) == 1 else None

    def count(self, name: str) -> int:
        return len(self._all.get(name, []))

    @property
    def has_body(self) -> bool:
        return "content-length" in self._all or "transfer-encoding" in self._all

    @property
    def key(self) -> str:
        kind, _, value = (self.one("authorization") or "").partition(" ")
        return value.strip() if kind.lower() == "bearer" else self.one("x-api-key") or ""


def _name_of(host: str) -> str:
    """The host of a Host header, without its port and an IPv6 address's brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _from_here(scope: Scope, headers: _Headers) -> bool:
    """What browsers say of where a request comes from; a link on another site may open the page."""
    site = headers.one("sec-fetch-site")
    opened = (
        headers.one("sec-fetch-mode") == "navigate" and scope["method"] == "GET" and scope["path"] in PAGES
    )
    return site in (None, "same-origin", "none") or opened


async def _read(receive: Receive, headers: _Headers) -> bytes | None:
    """The whole body; None when it is too large or does not come."""
    length = headers.one("content-length") or ""
    if length.isdigit() and int(length) > MAX_BODY:
        return None
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None  # hung up in the middle: half a body must not be obeyed
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def replayed() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _refuse(send: Send, problem: Problem, detail: str) -> None:
    body = json.dumps(as_document(problem, detail)).encode()
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # the body may not have been read
    ]
    if problem is UNAUTHORIZED:
        headers.append((b"www-authenticate", b'Bearer realm="cairn"'))
    start: dict[str, Any] = {"type": "http.response.start", "status": problem.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
