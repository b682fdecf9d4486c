"""Settings -> a running server: its address, its process, its announcement, its end."""

from __future__ import annotations

import contextlib
import errno
import gc
import json
import logging
import os
import secrets
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import uvicorn

from indexer.errors import BadInput, CairnError, Forbidden, IndexBusy
from indexer.store.locking import Lock
from indexer.store.troubles import written
from retriever.client import SERVER_FILE

from .house import House
from .http import create_app
from .service import Service
from .settings import Settings

log = logging.getLogger(__name__)

_PORT = 8000
_TRIES = 20  # ports after the usual one that are tried before any free one is taken
_COLLECTED = (20_000, 10, 100)  # objects more: once in some twenty searches; all of them in some ten thousand
_DRAIN = 5  # seconds that running answers get when the server is told to stop


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C. `announce` hears the address once requests are answered.

    Raises Forbidden when bound beyond loopback without a key, IndexBusy when another server keeps
    this data directory, BadInput when the chosen port is taken.
    """
    if settings.beyond_loopback and not settings.api_key:
        raise Forbidden(
            f"serving on {settings.host} lets other machines in, so it needs a key; set CAIRN_API_KEY to "
            "a long random string, or serve on 127.0.0.1"
        )
    with _the_only_one(settings.data), _listen(settings) as listener:
        url = f"http://{_shown_host(settings.host)}:{listener.getsockname()[1]}"
        token = secrets.token_urlsafe(32)
        service = Service(settings)
        _ = service.retriever  # what is wrong with the model or the catalog is said before anybody calls
        house = House(service)
        keys = (settings.api_key, token) if settings.api_key else ()
        app = create_app(house, keys)

        def ready() -> None:
            _collect_seldom()
            _publish(settings, url, token)
            announce(url)

        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="on",
            server_header=False,
            timeout_graceful_shutdown=_DRAIN,
        )
        server = _Server(config, house, ready)
        try:
            server.run(sockets=[listener])
        finally:
            _unpublish(settings.data)
    if not server.was_ready:
        raise CairnError("the server could not start; the lines above say why")


def _collect_seldom() -> None:
    """Let no answer wait for a look through all memory: that takes a tenth of a second, and what is loaded
    stays. Cycles are young when they are left, and the young are still looked through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED)


class _Server(uvicorn.Server):
    """Ends well: streams are told at once, and a signal that was obeyed is not raised again."""

    def __init__(self, config: uvicorn.Config, house: House, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._house = house
        self._ready = ready
        self.was_ready = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self.was_ready = True
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._house.leaving = True
        super().handle_exit(sig, frame)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        handled = (signal.SIGINT, signal.SIGTERM)
        before = {sig: signal.signal(sig, self.handle_exit) for sig in handled}
        try:
            yield
        finally:
            for sig, handler in before.items():
                signal.signal(sig, handler)


@contextlib.contextmanager
def _the_only_one(data: Path) -> Iterator[None]:
    """One server per data directory: two would follow the same files and wait for each other."""
    with written(data):
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = Lock.take(data / "server.lock")
    if lock is None:
        raise IndexBusy(f"{data} is served already{_where(data)}; use that server, or stop it first")
    try:
        yield
    finally:
        lock.release()


def _where(data: Path) -> str:
    try:
        said = json.loads((data / SERVER_FILE).read_bytes())
        return f" at {said['url']} by process {said['pid']}"
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _listen(settings: Settings) -> socket.socket:
    """Take the chosen port, or, when none was chosen, the first free one from the usual one on."""
    chosen = settings.port
    ports = [chosen] if chosen is not None else [*range(_PORT, _PORT + _TRIES), 0]
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    for port in ports:
        # With the protocol named, asyncio switches Nagle's algorithm off: it would add 40 ms to each answer.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, port))
        except OSError as problem:
            listener.close()
            if problem.errno == errno.EADDRINUSE:
                continue
            raise BadInput(f"cannot listen on {settings.host}:{port}: {problem.strerror}") from problem
        listener.set_inheritable(False)
        return listener
    raise BadInput(f"port {chosen} of {settings.host} is in use; stop what uses it, or choose another --port")


def _shown_host(host: str) -> str:
    """An address that a browser on this machine can open."""
    if host in ("0.0.0.0", ""):
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def _publish(settings: Settings, url: str, token: str) -> None:
    """Tell this user's other processes where to ask; the token opens the server where a key is demanded."""
    said = {"pid": os.getpid(), "url": url, "token": token}
    with written(settings.data / SERVER_FILE):
        descriptor, unfinished = tempfile.mkstemp(prefix=f".{SERVER_FILE}.", dir=settings.data)  # mode 0600
        with os.fdopen(descriptor, "w") as file:
            json.dump(said, file)
        os.replace(unfinished, settings.data / SERVER_FILE)


def _unpublish(data: Path) -> None:
    (data / SERVER_FILE).unlink(missing_ok=True)
