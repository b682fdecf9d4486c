"""The part of the test GitHub that answers for issues and their comments.

What it refuses and how it words that follows docs.github.com/rest and the description that GitHub
publishes as @octokit/openapi: the version header, the media type, the token, private repositories as
404, pages of at most 100, moved issues as 301, deleted ones as 410.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

DOCS = "https://docs.github.com/rest/issues/issues#get-an-issue"
TOKEN = "ghp_" + "a" * 36
_MEDIA = re.compile(r"application/vnd\.github(\.v3)?(\.(raw|text|html|full))?\+json|application/json|\*/\*")
_VERSIONS = ("2022-11-28", "2026-03-10")


@dataclass
class Fault:
    """One answer that is given instead of the right one. `seconds` pass first, `drip` is sent ever after."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    seconds: float = 0.0
    drip: bytes = b""


@dataclass
class Repository:
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    moved: dict[int, str] = field(default_factory=dict)  # a number -> the path it is found at now
    deleted: set[int] = field(default_factory=set)
    private: bool = False


class GitHub(ThreadingHTTPServer):
    """`url` is its API. `requests` keeps method, path and headers of what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.repositories: dict[str, Repository] = {}
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._ids = iter(range(1000, 10**6))

    def issue(self, repository: str, number: int, body: str | None = "", **other: Any) -> dict[str, Any]:
        """Open an issue. `user` and `association` as in `user_named`; labels are names."""
        where = self.repositories.setdefault(repository, Repository())
        made = issue_of(self.url, repository, number, next(self._ids), body, **other)
        where.issues[number] = made
        where.comments.setdefault(number, [])
        return made

    def comment(
        self, repository: str, number: int, body: str, user: str | None = "ann", association: str = "NONE"
    ) -> dict[str, Any]:
        where, id = self.repositories[repository], next(self._ids)
        url = f"{self.url}/repos/{repository}/issues/comments/{id}"
        made = {
            "id": id,
            "node_id": f"IC_{id}",
            "url": url,
            "html_url": f"https://github.com/{repository}/issues/{number}#issuecomment-{id}",
            "issue_url": f"{self.url}/repos/{repository}/issues/{number}",
            "user": user_named(user),
            "created_at": "2026-02-03T04:05:06Z",
            "updated_at": "2026-02-03T04:05:06Z",
            "author_association": association,
            "body": body,
            "performed_via_github_app": None,
        }
        where.comments[number].append(made)
        where.issues[number]["comments"] = len(where.comments[number])
        return made

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is what some tests are about."""


def issue_of(
    url: str, repository: str, number: int, id: int, body: str | None, **other: Any
) -> dict[str, Any]:
    at = f"{url}/repos/{repository}"
    page = f"https://github.com/{repository}"
    return {
        "id": id,
        "node_id": f"I_{id}",
        "url": f"{at}/issues/{number}",
        "repository_url": at,
        "labels_url": f"{at}/issues/{number}/labels{{/name}}",
        "comments_url": f"{at}/issues/{number}/comments",
        "events_url": f"{at}/issues/{number}/events",
        "html_url": f"{page}/{'pull' if other.get('pull') else 'issues'}/{number}",
        "number": number,
        "state": other.get("state", "open"),
        "state_reason": other.get("reason"),
        "title": other.get("title", "Reports crash"),
        "body": body,
        "user": user_named(other.get("user", "ann")),
        "labels": [_label(at, name) for name in other.get("labels", ())],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": 0,
        "closed_at": "2026-02-04T00:00:00Z" if other.get("state") == "closed" else None,
        "created_at": "2026-02-01T00:00:00Z",
        "updated_at": "2026-02-01T00:00:00Z",
        "author_association": other.get("association", "NONE"),
    } | ({"pull_request": _pull(at, page, number)} if other.get("pull") else {})


def user_named(login: str | None) -> dict[str, Any] | None:
    """A user; a bot if the name ends in [bot]; nobody for a deleted account."""
    if login is None:
        return None
    bot = login.endswith("[bot]")
    at = f"https://api.github.com/users/{login}"
    lists = ("followers", "subscriptions", "repos", "received_events")
    parts = {
        "following": "{/other_user}",
        "gists": "{/gist_id}",
        "starred": "{/owner}{/repo}",
        "events": "{/privacy}",
    }
    return {
        "login": login,
        "id": sum(login.encode()),
        "node_id": f"U_{login}",
        "avatar_url": f"https://avatars.githubusercontent.com/{login}",
        "gravatar_id": "",
        "url": at,
        "html_url": f"https://github.com/{login}",
        "organizations_url": f"{at}/orgs",
        **{f"{name}_url": f"{at}/{name}" for name in lists},
        **{f"{name}_url": f"{at}/{name}{part}" for name, part in parts.items()},
        "type": "Bot" if bot else "User",
        "site_admin": False,
    }


def _label(at: str, name: str) -> dict[str, Any]:
    url = f"{at}/labels/{name.replace(' ', '%20')}"
    return {
        "id": len(name),
        "node_id": "LA_1",
        "url": url,
        "name": name,
        "color": "d73a4a",
        "default": False,
        "description": None,
    }


def _pull(at: str, page: str, number: int) -> dict[str, Any]:
    urls = {"url": f"{at}/pulls/{number}", "html_url": f"{page}/pull/{number}"}
    return urls | {
        "diff_url": f"{urls['html_url']}.diff",
        "patch_url": f"{urls['html_url']}.patch",
        "merged_at": None,
    }


class _Handler(BaseHTTPRequestHandler):
    server: GitHub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.requests.append(("GET", self.path, dict(self.headers)))
        if self.server.faults:
            self._fail(self.server.faults.pop(0))
            return
        status, answer, headers = self._refusal() or self._answer()
        self._send(status, answer, headers)

    def _refusal(self) -> tuple[int, Any, dict[str, str]] | None:
        """What GitHub checks of every request before it looks for anything."""
        version = self.headers.get("X-GitHub-Api-Version", _VERSIONS[0])
        token = self.headers.get("Authorization")
        if not self.headers.get("User-Agent"):
            return (
                403,
                b"Request forbidden by administrative rules."
                b" Please make sure your request has a User-Agent header",
                {},
            )
        if token is not None and token not in (f"Bearer {TOKEN}", f"token {TOKEN}"):
            return (
                401,
                {
                    "message": "Bad credentials",
                    "documentation_url": "https://docs.github.com/rest",
                    "status": "401",
                },
                {},
            )
        if version not in _VERSIONS:
            return 400, {"message": f'"{version}" is not a valid version', "documentation_url": DOCS}, {}
        accepted = [each.split(";")[0].strip() for each in self.headers.get("Accept", "*/*").split(",")]
        if not any(_MEDIA.fullmatch(each) for each in accepted):
            return 415, {"message": "Unsupported 'Accept' header", "documentation_url": DOCS}, {}
        return None

    def _answer(self) -> tuple[int, Any, dict[str, str]]:
        missing = (404, {"message": "Not Found", "documentation_url": DOCS, "status": "404"}, {})
        split = urlsplit(self.path)
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)/issues/(\d+)(/comments)?", split.path)
        names = {name.lower(): name for name in self.server.repositories}
        name = names.get(match[1].lower()) if match else None
        if not match or name is None:
            return missing
        repository, number = self.server.repositories[name], int(match[2])
        if repository.private and "Authorization" not in self.headers:
            return missing
        if number in repository.moved:
            url = f"{self.server.url}{repository.moved[number]}{match[3] or ''}"
            return (
                301,
                {"message": "Moved Permanently", "url": url, "documentation_url": DOCS},
                {"Location": url},
            )
        if number in repository.deleted:
            return 410, {"message": "This issue was deleted", "documentation_url": DOCS, "status": "410"}, {}
        if number not in repository.issues:
            return missing
        if not match[3]:
            return 200, repository.issues[number], {}
        return self._page(repository.comments[number], split.path, parse_qs(split.query))

    def _page(
        self, items: list[Any], path: str, query: dict[str, list[str]]
    ) -> tuple[int, Any, dict[str, str]]:
        size = min(max(int(query.get("per_page", ["30"])[0]), 1), 100)
        page = max(int(query.get("page", ["1"])[0]), 1)
        last = max(1, -(-len(items) // size))
        headers = {}
        if page < last:
            at = f"{self.server.url}{path}?per_page={size}&page="
            headers["Link"] = f'<{at}{page + 1}>; rel="next", <{at}{last}>; rel="last"'
        return 200, items[(page - 1) * size : page * size], headers

    def _send(self, status: int, answer: Any, headers: dict[str, str]) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        given = {"Content-Type": "application/json; charset=utf-8", "X-RateLimit-Remaining": "59", **headers}
        for name, value in given.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, fault: Fault) -> None:
        time.sleep(fault.seconds)
        if not fault.drip:
            self._send(fault.status, fault.body, fault.headers)
            return
        self.send_response(fault.status)
        self.send_header("Content-Length", str(1 << 40))
        self.end_headers()
        while True:  # until the client has had enough and hangs up
            self.wfile.write(fault.drip)
            time.sleep(0.05 if len(fault.drip) < 1000 else 0)

    def log_message(self, *_: object) -> None: ...


@contextmanager
def github() -> Iterator[GitHub]:
    server = GitHub()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
