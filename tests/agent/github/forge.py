"""A GitHub of our own: real HTTP, real git transport, real history, and the refusals of the real one.

It keeps one repository with its pull requests, speaks the part of the REST API that a forge needs
(version 2022-11-28) and lets git in through `git http-backend`. What the real one refuses is refused with
the same status and the same shape; what it was not built for is a 404, never a guess.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.conftest import git

_MOST_BODY = 65536
_HOOK = """#!/bin/sh
# update <ref> <old> <new>
while read name; do
  if [ "refs/heads/$name" = "$1" ]; then
    echo "error: GH006: Protected branch update failed for $1." >&2
    exit 1
  fi
done < "$GIT_DIR/protected"
exit 0
"""


@dataclass
class Fault:
    """The next `times` requests that fit get this answer instead. `status` 0 hangs up after `seconds`."""

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"message": "fault"}'
    times: int = 1
    seconds: float = 0.0
    after: bool = False  # the work is done first, and only the answer is lost


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class GitHub:
    """`tokens` -> what they may do: `write`, `read`, or `code` (no pull requests)."""

    folder: Path
    url: str
    repo: str = "shop/payments"
    private: bool = True
    default_branch: str = "main"
    drafts: bool = True
    tokens: dict[str, str] = field(default_factory=lambda: {"t0ken-write": "write"})
    protected: set[str] = field(default_factory=set)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)  # before `METHOD path` is served

    @property
    def bare(self) -> Path:
        return self.folder / f"{self.repo}.git"

    @property
    def remote(self) -> str:
        return f"{self.url}/{self.repo}.git"

    def fill(self, project: Path) -> None:
        """Give the repository the history of `project` as its default branch."""
        self.bare.mkdir(parents=True)
        git(self.bare, "init", "-q", "--bare", "-b", self.default_branch)
        git(self.bare, "fetch", "-q", str(project), f"HEAD:refs/heads/{self.default_branch}")
        git(self.bare, "config", "http.receivepack", "true")
        (self.bare / "hooks" / "update").write_text(_HOOK)
        (self.bare / "hooks" / "update").chmod(0o755)
        (self.bare / "protected").write_text("")

    def protect(self, branch: str) -> None:
        self.protected.add(branch)
        (self.bare / "protected").write_text("".join(f"{name}\n" for name in self.protected))

    def head(self, branch: str) -> str | None:
        found = git(self.bare, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").strip()
        return found or None

    def merge(self, number: int) -> None:
        """Merge a pull request for real, as the button does."""
        pull = self.pulls[number - 1]
        base, head = self.head(pull["base"]["ref"]), self.head(pull["head"]["ref"])
        assert base
        assert head
        tree = git(self.bare, "merge-tree", "--write-tree", base, head).strip()
        made = git(self.bare, "commit-tree", tree, "-p", base, "-p", head, "-m", f"Merge #{number}").strip()
        git(self.bare, "update-ref", f"refs/heads/{pull['base']['ref']}", made)
        pull |= {"state": "closed", "merged_at": "2026-11-29T20:00:00Z"}

    def calls(self, method: str) -> list[Seen]:
        """The requests to the API with this method, in order."""
        return [seen for seen in self.seen if seen.method == method and seen.path.startswith("/repos/")]


@contextmanager
def github(folder: Path, project: Path) -> Iterator[GitHub]:
    """A running server on the loopback with the history of `project`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    hub = GitHub(folder, f"http://127.0.0.1:{server.server_port}")
    hub.fill(project)
    server.hub = hub  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Refusal(Exception):
    def __init__(self, status: int, message: str, errors: list[Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.document: dict[str, Any] = {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
        }
        if errors is not None:
            self.document["errors"] = errors


def _invalid(*errors: dict[str, str]) -> _Refusal:
    return _Refusal(422, "Validation Failed", [{"resource": "PullRequest", **error} for error in errors])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> GitHub:
        return self.server.hub  # type: ignore[attr-defined, no-any-return]

    def log_message(self, *_: Any) -> None: ...

    def _serve(self) -> None:
        self.close_connection = True
        data = self._read()
        address = urlsplit(self.path)
        is_git = address.path.startswith(f"/{self.hub.repo}.git/")
        body = None if is_git or not data else json.loads(data)
        self.hub.seen.append(Seen(self.command, self.path, dict(self.headers), body))
        for request, happening in self.hub.meanwhile.items():
            if request in f"{self.command} {self.path}":
                happening()
        fault = self._fault(address.path)
        if fault and not fault.after:
            self._fail(fault)
            return
        if is_git:
            self._git(address.path, address.query, data)
            return
        try:
            status, document = self._api(address.path, parse_qs(address.query), body)
        except _Refusal as refusal:
            status, document = refusal.status, refusal.document
        if fault:
            self._fail(fault)
            return
        self._answer(
            status, json.dumps(document).encode(), {"Content-Type": "application/json; charset=utf-8"}
        )

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve

    def _read(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            pieces = []
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _fault(self, path: str) -> Fault | None:
        for fault in self.hub.faults:
            if fault.times and fault.method == self.command and re.search(fault.path, path):
                fault.times -= 1
                return fault
        return None

    def _fail(self, fault: Fault) -> None:
        time.sleep(fault.seconds)
        if fault.status:
            self._answer(fault.status, fault.body.encode(), fault.headers)

    def _answer(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    # The API

    def _api(self, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        may = self._authorized()
        known = re.fullmatch(rf"/repos/{re.escape(self.hub.repo)}(/.*)?", path)
        if not known or (may == "none" and self.hub.private):
            raise _Refusal(404, "Not Found")
        rest = known[1] or ""
        for method, pattern, action in _ROUTES:
            match = re.fullmatch(pattern, rest)
            if match and method == self.command:
                if method != "GET" and may != "write":
                    raise _Refusal(403, "Resource not accessible by personal access token")
                if method != "GET" and not isinstance(body, dict):
                    raise _Refusal(400, "Problems parsing JSON")
                return action(self.hub, [unquote(part) for part in match.groups()], query, body)
        raise _Refusal(404, "Not Found")

    def _authorized(self) -> str:
        if not self.headers.get("User-Agent"):
            raise _Refusal(
                403, "Request forbidden by administrative rules. Please make sure you have a User-Agent"
            )
        accepts = self.headers.get("Accept", "*/*")
        if not re.search(r"application/(?:vnd\.github[\w.+-]*|json)|\*/\*", accepts):
            raise _Refusal(415, "Must accept 'application/json'")
        if self.headers.get("X-GitHub-Api-Version", "2022-11-28") != "2022-11-28":
            raise _Refusal(400, "The requested API version is not supported")
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if not kind:
            return "none"
        if kind.lower() not in ("bearer", "token") or token not in self.hub.tokens:
            raise _Refusal(401, "Bad credentials")
        return self.hub.tokens[token]

    # The transport

    def _git(self, path: str, query: str, data: bytes) -> None:
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        user, _, token = base64.b64decode(given if kind.lower() == "basic" else "").decode().partition(":")
        may = self.hub.tokens.get(token, "")
        if not user or not may:
            self._answer(401, b"", {"WWW-Authenticate": 'Basic realm="GitHub"'})
            return
        if "git-receive-pack" in path + query and may == "read":
            self._answer(403, b"Write access to repository not granted.", {"Content-Type": "text/plain"})
            return
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_PROJECT_ROOT": str(self.hub.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(data)),
            "REMOTE_USER": user,
            "REMOTE_ADDR": "127.0.0.1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"], input=data, env=environment, capture_output=True, check=True
        )
        head, _, answer = done.stdout.partition(b"\r\n\r\n")
        fields = dict(row.split(": ", 1) for row in head.decode().split("\r\n"))
        self._answer(int(fields.pop("Status", "200").split(" ")[0]), answer, fields)


_Answer = tuple[int, Any]


def _repository(hub: GitHub, parts: list[str], query: dict[str, list[str]], body: Any) -> _Answer:
    return 200, {"full_name": hub.repo, "private": hub.private, "default_branch": hub.default_branch}


def _branch(hub: GitHub, parts: list[str], query: dict[str, list[str]], body: Any) -> _Answer:
    head = hub.head(parts[0])
    if head is None:
        raise _Refusal(404, "Branch not found")
    return 200, {"name": parts[0], "commit": {"sha": head}, "protected": parts[0] in hub.protected}


def _list_pulls(hub: GitHub, parts: list[str], query: dict[str, list[str]], body: Any) -> _Answer:
    state = query.get("state", ["open"])[0]
    if state not in ("open", "closed", "all"):
        raise _invalid({"field": "state", "code": "invalid"})
    head = query.get("head", [""])[0]
    # Without the owner the real one ignores the filter, which has surprised many.
    wanted = [p for p in hub.pulls if ":" not in head or p["head"]["label"] == head]
    wanted = [_shown(hub, pull) for pull in reversed(wanted) if state in ("all", pull["state"])]
    size = min(int(query.get("per_page", ["30"])[0]), 100)
    page = int(query.get("page", ["1"])[0])
    return 200, wanted[(page - 1) * size : page * size]


def _open_pull(hub: GitHub, parts: list[str], query: dict[str, list[str]], body: Any) -> _Answer:
    title, head, base = body.get("title"), body.get("head"), body.get("base")
    missing = [name for name in ("title", "head", "base") if not isinstance(body.get(name), str)]
    if missing:
        raise _invalid(*({"field": name, "code": "missing_field"} for name in missing))
    _check_text(body)
    owner = hub.repo.partition("/")[0]
    head = head.removeprefix(f"{owner}:")
    invalid = [name for name, branch in (("head", head), ("base", base)) if hub.head(branch) is None]
    if invalid:
        raise _invalid(*({"field": name, "code": "invalid"} for name in invalid))
    if any(p["state"] == "open" and (p["head"]["ref"], p["base"]["ref"]) == (head, base) for p in hub.pulls):
        raise _invalid({"code": "custom", "message": f"A pull request already exists for {owner}:{head}."})
    if not git(hub.bare, "rev-list", "-1", f"{base}..{head}").strip():
        raise _invalid({"code": "custom", "message": f"No commits between {base} and {head}"})
    if body.get("draft") and not hub.drafts:
        raise _Refusal(422, "Draft pull requests are not supported in this repository.")
    number = len(hub.pulls) + 1
    hub.pulls.append(
        {
            "number": number,
            "state": "open",
            "title": title,
            "body": body.get("body"),
            "draft": bool(body.get("draft")),
            "merged_at": None,
            "html_url": f"https://github.com/{hub.repo}/pull/{number}",
            "head": {"ref": head, "label": f"{owner}:{head}"},
            "base": {"ref": base},
            "labels": [],
        }
    )
    return 201, _shown(hub, hub.pulls[-1])


def _show_pull(hub: GitHub, parts: list[str], query: dict[str, list[str]], body: Any) -> _Answer:
    return 200, _shown(hub, _pull(hub, parts[0]))


def _edit_pull(hub: GitHub, parts: list[str], query: dict[str, list[str]], body: Any) -> _Answer:
    pull = _pull(hub, parts[0])
    _check_text(body)
    pull |= {name: body[name] for name in ("title", "body", "state") if name in body}
    return 200, _shown(hub, pull)


def _add_labels(hub: GitHub, parts: list[str], query: dict[str, list[str]], body: Any) -> _Answer:
    pull, labels = _pull(hub, parts[0]), body.get("labels")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise _Refusal(422, "Invalid request.")
    pull["labels"] = list(dict.fromkeys([*pull["labels"], *labels]))
    return 200, [{"name": name} for name in pull["labels"]]


def _pull(hub: GitHub, number: str) -> dict[str, Any]:
    found = [pull for pull in hub.pulls if str(pull["number"]) == number]
    if not found:
        raise _Refusal(404, "Not Found")
    return found[0]


def _check_text(body: dict[str, Any]) -> None:
    if len(body.get("body") or "") > _MOST_BODY:
        raise _invalid(
            {"code": "custom", "field": "body", "message": "body is too long (maximum is 65536 characters)"}
        )
    if len(body.get("title") or "") > 256:
        raise _invalid(
            {"code": "custom", "field": "title", "message": "title is too long (maximum is 256 characters)"}
        )


def _shown(hub: GitHub, pull: dict[str, Any]) -> dict[str, Any]:
    """With the commit of this moment, which the real one keeps after the branch is gone as well."""
    sha = hub.head(pull["head"]["ref"]) or pull["head"].get("sha", "")
    pull["head"]["sha"] = sha
    return pull


_ROUTES: tuple[tuple[str, str, Callable[[GitHub, list[str], dict[str, list[str]], Any], _Answer]], ...] = (
    ("GET", "", _repository),
    ("GET", "/branches/([^/]+)", _branch),
    ("GET", "/pulls", _list_pulls),
    ("POST", "/pulls", _open_pull),
    ("GET", r"/pulls/(\d+)", _show_pull),
    ("PATCH", r"/pulls/(\d+)", _edit_pull),
    ("POST", r"/issues/(\d+)/labels", _add_labels),
)
