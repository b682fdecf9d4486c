"""The verbs of the Retriever, asked of a running server over HTTP; the same nouns come back."""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from indexer import errors
from indexer.errors import BadInput, CairnError, StoreUnreachable

from .check.finding import KINDS, Kind
from .types import (
    Caller,
    Context,
    ContextItem,
    Freshness,
    Hierarchy,
    Hit,
    MapDefinition,
    MapFile,
    Place,
    Query,
    Relative,
    RepositoryMap,
    SearchResult,
    SymbolPlace,
)

if TYPE_CHECKING:
    from .check.report import Report
    from .conventions import Conventions

SERVER_FILE = "server.json"  # in the data directory: which process serves it, and where
_PATIENCE = 60.0  # seconds for one answer: a server that just started still loads its model
_GLANCE = 5.0  # seconds to say who is there: its process lives, so a busy machine is likelier than a stranger
_LONGEST_ANSWER = 64 << 20  # bytes; whatever answers more is no server of ours
_ERRORS: dict[str, type[CairnError]] = {
    "urn:cairn:bad-input": errors.BadInput,
    "urn:cairn:not-found": errors.NotFound,
    "urn:cairn:index-busy": errors.IndexBusy,
    "urn:cairn:conflict": errors.Conflict,
    "urn:cairn:index-damaged": errors.IndexDamaged,
    "urn:cairn:store-unreachable": errors.StoreUnreachable,
    "urn:cairn:embedding-failed": errors.EmbeddingFailed,
    "urn:cairn:missing-extra": errors.MissingExtra,
    "urn:cairn:cancelled": errors.Cancelled,
    "urn:cairn:model-failed": errors.ModelFailed,
    "urn:cairn:sandbox-unavailable": errors.SandboxUnavailable,
    "urn:cairn:forbidden": errors.Forbidden,
    "urn:cairn:unauthorized": errors.Forbidden,
    "urn:cairn:too-large": errors.BadInput,
}


@dataclass(frozen=True, slots=True)
class KnownRepo:
    """A repository that the server has indexed."""

    name: str
    root: str


def running_server(data: Path) -> Client | None:
    """The server that keeps the index in `data` live; None without one, or a dead one."""
    try:
        said = json.loads((data / SERVER_FILE).read_bytes())
        url, token, pid = str(said["url"]), str(said["token"]), int(said["pid"])
        os.kill(pid, 0)
    except PermissionError:
        pass  # alive, and another user's
    except (OSError, ValueError, LookupError, TypeError, OverflowError):
        return None
    client = Client(url, token, _GLANCE)
    try:
        alive = client.get("/health").get("pid") == pid  # somebody else may have got its port since
    except CairnError:
        alive = False
    if not alive:
        client.close()
        return None
    client.patience = _PATIENCE
    return client


class Client:
    """Talks to the server at `url`. Safe to share between threads, which then take turns.

    Every method raises what the Retriever's raises, StoreUnreachable when the server does not answer,
    and Forbidden when it wants another key.
    """

    def __init__(self, url: str, key: str | None = None, patience: float = _PATIENCE) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(f"{url!r} is no address of a server; give http://HOST:PORT")
        self.url = url.rstrip("/")
        self.patience = patience
        self._parts = parts
        self._key = key
        self._turn = threading.Lock()
        self._line: http.client.HTTPConnection | None = None

    def search(self, query: Query) -> SearchResult:
        filters = query.filters
        body = {
            "query": query.text,
            "repos": list(query.repos),
            "limit": query.limit,
            "filters": {
                "paths": list(filters.paths),
                "languages": list(filters.languages),
                "kinds": list(filters.kinds),
            },
        }
        said = self.post("/v1/search", body)
        indexes = tuple(Freshness(**index) for index in said["indexes"])
        hits = tuple(_hit(hit) for hit in said["hits"])
        return SearchResult(said["query"], hits, indexes, tuple(said["notes"]))

    def context(
        self,
        task: str,
        repo: str,
        budget: int = 8000,
        paths: Sequence[str] = (),
        known: Sequence[str] = (),
        tokenizer: str | None = None,
        with_map: bool = False,
    ) -> Context:
        asked = {"task": task, "repo": repo, "budget": budget, "paths": list(paths), "known": list(known)}
        asked["map"] = with_map
        said = self.post("/v1/context", asked | ({"tokenizer": tokenizer} if tokenizer else {}))
        return Context(
            task=said["task"],
            text=said["text"],
            tokens=said["tokens"],
            budget=said["budget"],
            items=tuple(ContextItem(**item) for item in said["items"]),
            left_out=tuple(said["left_out"]),
            conventions=tuple(said["conventions"]),
            index=Freshness(**said["index"]),
            tokenizer=said["tokenizer"],
            stale=tuple(said["stale"]),
            notes=tuple(said["notes"]),
        )

    def map(self, repo: str, budget: int = 1024, focus: Sequence[str] = (), path: str = "") -> RepositoryMap:
        said = self._of(repo, "map", {"budget": budget, "focus": list(focus), "path": path})
        return RepositoryMap(
            text=said["text"],
            tokens=said["tokens"],
            budget=said["budget"],
            files=tuple(_map_file(file) for file in said["files"]),
            left_out=said["left_out"],
            notes=tuple(said["notes"]),
            index=Freshness(**said["index"]),
        )

    def symbols(self, repo: str, name: str, kind: str | None = None, limit: int = 50) -> list[SymbolPlace]:
        asked = {"name": name, "limit": limit} | ({"kind": kind} if kind else {})
        return [SymbolPlace(**symbol) for symbol in self._of(repo, "symbols", asked)["symbols"]]

    def symbol(self, repo: str, symbol_id: int) -> SymbolPlace:
        return SymbolPlace(**self._of(repo, f"symbols/{symbol_id}"))

    def callers(self, repo: str, name: str, limit: int = 50) -> list[Caller]:
        said = self._of(repo, "callers", {"name": name, "limit": limit})
        return [Caller(**caller) for caller in said["callers"]]

    def callees(self, repo: str, name: str, limit: int = 50) -> list[Caller]:
        said = self._of(repo, "callees", {"name": name, "limit": limit})
        return [Caller(**callee) for callee in said["callees"]]

    def tests(self, repo: str, name: str, limit: int = 50) -> list[Caller]:
        said = self._of(repo, "tests", {"name": name, "limit": limit})
        return [Caller(**test) for test in said["tests"]]

    def hierarchy(self, repo: str, name: str) -> list[Hierarchy]:
        return [_hierarchy(said) for said in self._of(repo, "hierarchy", {"name": name})["hierarchy"]]

    def conventions(
        self,
        repo: str,
        path: str | None = None,
        language: str | None = None,
        family: str | None = None,
        everything: bool = True,
        history: bool = False,
    ) -> Conventions:
        from .conventions.client import conventions_from

        given = {"path": path, "language": language, "family": family}
        asked = {name: value for name, value in given.items() if value is not None}
        asked |= {"all": str(everything).lower(), "history": str(history).lower()}
        return conventions_from(self._of(repo, "conventions", asked))

    def check(
        self,
        repo: str,
        diff: str,
        kinds: Sequence[Kind] = KINDS,
        everything: bool = False,
        entire: bool = False,
    ) -> Report:
        from .check.client import report_from

        asked = {"diff": diff, "kinds": list(kinds), "all": everything, "entire": entire}
        return report_from(self.post(f"/v1/repos/{quote(repo, safe='')}/conventions/check", asked))

    def file(self, repo: str, path: str) -> str:
        return str(self._of(repo, f"files/{quote(path)}")["text"])

    def outline(self, repo: str, path: str) -> str:
        return str(self._of(repo, "outline", {"path": path})["text"])

    def repos(self) -> list[KnownRepo]:
        return [KnownRepo(repo["name"], repo["root"]) for repo in self.get("/v1/repos")["repos"]]

    def index_of(self, repo: str) -> Freshness:
        """What an answer about a repository is served from at this moment."""
        return _index(self.get(f"/v1/repos/{quote(repo, safe='')}"))

    def catch_up(self, repo: str, seconds: float) -> Freshness:
        """Wait until the index holds what is on the disk now, or `seconds`; how far it came."""
        asked = urlencode({"wait_for": "now", "timeout": seconds})
        return _index(self.get(f"/v1/repos/{quote(repo, safe='')}?{asked}"))

    def remove(self, repo: str) -> None:
        """Forget a repository's index."""
        self._ask("DELETE", f"/v1/repos/{quote(repo, safe='')}")

    def get(self, path: str) -> dict[str, Any]:
        return self._ask("GET", path)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._ask("POST", path, json.dumps(body).encode())

    def close(self) -> None:
        with self._turn:
            self._hang_up()

    def _of(self, repo: str, what: str, asked: Mapping[str, Any] | None = None) -> dict[str, Any]:
        query = f"?{urlencode(asked, doseq=True)}" if asked else ""
        return self.get(f"/v1/repos/{quote(repo, safe='')}/{what}{query}")

    def _ask(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        with self._turn:
            for last in (False, True):
                fresh = self._line is None
                try:
                    status, answer = self._exchange(method, path, body)
                    break
                except (OSError, http.client.HTTPException) as problem:
                    self._hang_up()
                    # A line that was idle may have been closed at the other end: that is no failure.
                    if last or fresh:
                        raise StoreUnreachable(
                            f"the server at {self.url} does not answer "
                            f"({problem or type(problem).__name__}); start it with: cairn serve"
                        ) from problem
        return self._read(status, answer)

    def _exchange(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        line = self._line = self._line or self._dial()
        line.request(method, self._parts.path.rstrip("/") + path, body, headers)
        reply = line.getresponse()
        answer = reply.read(_LONGEST_ANSWER)
        if reply.will_close:
            self._hang_up()
        return reply.status, answer

    def _dial(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        line = kind(self._parts.hostname or "", self._parts.port, timeout=self.patience)
        line.connect()
        # Headers and body are sent apart; with Nagle's algorithm the second waits 40 ms for an echo.
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _read(self, status: int, answer: bytes) -> dict[str, Any]:
        if status == 204:
            return {}
        try:
            said = json.loads(answer)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise StoreUnreachable(f"{self.url} is no Cairn server (status {status}, no JSON object)")
        if status < 400:
            return said
        kind = _ERRORS.get(str(said.get("type")), CairnError)
        raise kind(str(said.get("detail") or f"{self.url} answered with status {status}"))


def _index(said: Mapping[str, Any]) -> Freshness:
    names = ("generation", "commit", "pending", "lag_seconds", "partial", "watching")
    return Freshness(said["name"], **{name: said[name] for name in names})


def _hit(said: Mapping[str, Any]) -> Hit:
    also = tuple(Place(**place) for place in said["also"])
    return Hit(**{**said, "reasons": tuple(said["reasons"]), "also": also})


def _map_file(said: Mapping[str, Any]) -> MapFile:
    return MapFile(**{**said, "definitions": tuple(MapDefinition(**one) for one in said["definitions"])})


def _hierarchy(said: Mapping[str, Any]) -> Hierarchy:
    sides = {side: tuple(Relative(**other) for other in said[side]) for side in said if side != "of"}
    return Hierarchy(Relative(**said["of"]), **sides)
