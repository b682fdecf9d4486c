"""A request -> a branch and a draft pull request on GitHub.

A pull request is found again by its branch. Its body is edited in place between two marks, so that
what people write around them stays; one that Cairn did not open is left alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from agent.forge import ChangeRequest, ForgeFailed, Opened, RequestState, State, check_request
from agent.forge.body import clipped
from agent.forge.rest import Patience, Refused, Rest
from agent.forge.transport import check_url, push_over_http
from indexer.errors import BadInput, CairnError, Forbidden, NotFound

_BODY_LETTERS = 60_000  # GitHub takes 65,536; people write around it
_PATIENCE = Patience()
_BEGIN, _END = "<!-- cairn: kept up to date, write outside of these marks -->", "<!-- /cairn -->"


class GitHubForge:
    """`repo` is `owner/name`; `remote_url` says where to push when that does not follow from `api_url`."""

    name = "github"

    def __init__(
        self,
        api_url: str,
        token: str,
        repo: str,
        remote_url: str | None = None,
        patience: Patience = _PATIENCE,
    ) -> None:
        if not _REPO.fullmatch(repo) or ".." in repo:
            raise BadInput(f"{repo!r} is no repository on GitHub; write owner/name")
        self._rest = Rest(api_url, token, patience)
        self._token = token
        self._repo = repo
        self._remote = check_url(remote_url or _remote_of(self._rest.url, repo), "address to push to")

    def push(self, gitdir: Path, request: ChangeRequest) -> None:
        check_request(request)
        self._check_branch(request.branch)
        push_over_http(gitdir, request, self._remote, self._token)

    def open(self, request: ChangeRequest) -> Opened:
        check_request(request)
        known = self._find(request)
        if known is not None:
            return self._update(known, request)
        notes: list[str] = []
        try:
            made = self._create(request)
        except Refused as refused:
            if any("already exists" in reason for reason in refused.reasons):
                known = self._find(request)  # an attempt that seemed to fail had opened it
                if known is not None:
                    return self._update(known, request)
            if not request.draft or not any("draft" in reason.lower() for reason in refused.reasons):
                raise
            made = self._create(_undrafted(request))
            notes.append("this repository has no draft pull requests, so it was opened as a normal one")
        number = _number(made)
        notes += self._label(number, request)
        return Opened(number, _text(made, "html_url"), True, tuple(notes))

    def show(self, number: str) -> RequestState:
        if not number.isdecimal():
            raise BadInput(f"{number!r} is no number of a pull request")
        found = self._call("GET", f"/pulls/{number}")
        return RequestState(_state(found), _head(found))

    def _check_branch(self, branch: str) -> None:
        """Refuse before anything is sent; the rules that only the push meets are met there."""
        if self._call("GET", "").get("default_branch") == branch:
            raise Forbidden(f"{branch} is the default branch of {self._repo}; the agent never pushes to it")
        try:
            there = self._call("GET", f"/branches/{quote(branch, safe='')}")
        except NotFound:
            return
        if there.get("protected"):
            raise Forbidden(f"{branch} is protected in {self._repo}; the agent does not push to it")

    def _find(self, request: ChangeRequest) -> dict[str, Any] | None:
        """The open pull request of the branch, else one of this commit that was closed or merged already."""
        head = f"{self._repo.partition('/')[0]}:{request.branch}"
        query = {"head": head, "state": "all", "per_page": "30"}
        rows = self._rest.call("GET", f"/repos/{self._repo}/pulls", query=query)
        if not isinstance(rows, list):
            raise ForgeFailed(f"the list of pull requests of {self._repo} is no list; is this GitHub's API?")
        rows = [row for row in rows if isinstance(row, dict)]
        opened = [row for row in rows if row.get("state") == "open"]
        done = [row for row in rows if row.get("state") != "open" and _head(row) == request.commit]
        return next(iter([*opened, *done]), None)

    def _create(self, request: ChangeRequest) -> dict[str, Any]:
        document = {
            "title": request.title,
            "head": request.branch,
            "base": request.base_branch,
            "body": _marked(request.body),
            "draft": request.draft,
            "maintainer_can_modify": True,
        }
        return self._call("POST", "/pulls", document)

    def _update(self, known: dict[str, Any], request: ChangeRequest) -> Opened:
        number, url = _number(known), _text(known, "html_url")
        if known.get("state") != "open":
            return Opened(number, url, False, (f"it is {_state(known)} already and was left as it is",))
        body = known.get("body") or ""
        before, begin, rest = body.partition(_BEGIN)
        _, end, after = rest.partition(_END)
        if not begin or not end:
            return Opened(number, url, False, ("its text is not Cairn's and was left as it is",))
        text = before + _marked(request.body) + after
        if text != body:
            self._call("PATCH", f"/pulls/{number}", {"body": text})
        return Opened(number, url, False, tuple(self._label(number, request)))

    def _label(self, number: str, request: ChangeRequest) -> list[str]:
        """Labels are a courtesy: a token that may not set them has still opened the request."""
        if not request.labels:
            return []
        try:
            self._rest.call(
                "POST", f"/repos/{self._repo}/issues/{number}/labels", {"labels": list(request.labels)}
            )
        except CairnError as error:
            return [f"the labels were not set: {error}"]
        return []

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._rest.call(method, f"/repos/{self._repo}{path}", body)
        if not isinstance(answer, dict):
            raise ForgeFailed(f"{method} {path} of {self._repo} answered no object; is this GitHub's API?")
        return answer


def _remote_of(api_url: str, repo: str) -> str:
    """`https://api.github.com` -> github.com; `https://host/api/v3` of an enterprise -> host."""
    parts = urlsplit(api_url)
    host = "github.com" if parts.netloc == "api.github.com" else parts.netloc
    return f"{parts.scheme}://{host}/{repo}.git"


def _marked(body: str) -> str:
    body = body.replace("<!--", "<! --")  # no second mark inside
    return f"{_BEGIN}\n{clipped(body, _BODY_LETTERS - len(_BEGIN) - len(_END) - 2)}\n{_END}"


def _undrafted(request: ChangeRequest) -> ChangeRequest:
    note = "**[draft]** This repository has no draft pull requests; take this one for a draft.\n\n"
    return replace(request, draft=False, title=f"[draft] {request.title}"[:256], body=note + request.body)


def _number(found: dict[str, Any]) -> str:
    number = found.get("number")
    if not isinstance(number, int):
        raise ForgeFailed("the forge described a pull request without a number; is this GitHub's API?")
    return str(number)


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _head(found: dict[str, Any]) -> str:
    head = found.get("head")
    return _text(head, "sha") if isinstance(head, dict) else ""


def _state(found: dict[str, Any]) -> State:
    if found.get("merged_at"):
        return "merged"
    return "open" if found.get("state") == "open" else "closed"


_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
