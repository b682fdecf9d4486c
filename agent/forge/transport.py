"""A commit and an address -> a push over the network, with the token in no argument and no message.

The token is part of the environment of that one process of git, as a header for that one address; a
redirect would carry it elsewhere and is not followed. git reads no configuration but Cairn's here, so
proxies and certificates are handed over by name.
"""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from agent.forge import ChangeRequest, ForgeFailed
from agent.forge.branch import judge_move
from agent.git import Git, GitFailed
from indexer.errors import BadInput, CairnError, Forbidden, NotFound

_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
_SLOW = ("http.lowSpeedLimit", "1000"), ("http.lowSpeedTime", "60")  # bytes a second, for so many seconds
_NETWORK = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")


def push_over_http(gitdir: Path, request: ChangeRequest, url: str, token: str) -> None:
    """Move the branch at `url` to the request's commit, as far as that loses nobody's commits.

    Raises Forbidden, NotFound or ForgeFailed.
    """
    git = Git(gitdir, gitdir)
    if not git.is_ancestor(request.base, request.commit):
        raise BadInput(f"the commit {request.commit[:12]} does not come after {request.base[:12]}")
    remote = _Remote(git, url, token)
    ref = f"refs/heads/{request.branch}"
    there = remote.head(ref)
    move = judge_move(git, request, there)
    if move == "none":
        return
    # Replacing holds only while the branch is where it was judged; git checks that on the other side.
    lease = [f"--force-with-lease={ref}:{there}"] if move == "replace" else []
    remote.call("push", "--quiet", "--no-verify", *lease, "--", url, f"{request.commit}:{ref}")


def check_url(url: str, what: str) -> str:
    """The address without its last slash. Raises BadInput unless it is https, or http on this machine."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise BadInput(f"the {what} holds a name or a password; give the token on its own")
    local = parts.hostname in _LOOPBACK
    if parts.scheme not in ("https", "http") or not parts.hostname or not url.isprintable() or " " in url:
        raise BadInput(f"{url!r} is no {what}; give an address that begins with https://")
    if parts.scheme == "http" and not local:
        raise BadInput(f"the {what} {url} is not encrypted and would show the token; use https://")
    if parts.query or parts.fragment:
        raise BadInput(f"the {what} {url} has a query; give the address alone")
    return url.rstrip("/")


def is_local(url: str) -> bool:
    return urlsplit(url).hostname in _LOOPBACK


class _Remote:
    def __init__(self, git: Git, url: str, token: str) -> None:
        self._git = git
        self._url = url
        self._token = token
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        self._hidden = (token, basic)
        scheme = urlsplit(url).scheme
        settings = (
            (f"protocol.{scheme}.allow", "always"),
            ("http.followRedirects", "false"),
            ("credential.helper", ""),
            (f"http.{url}.extraHeader", f"Authorization: Basic {basic}"),
            *_SLOW,
        )
        self._environment = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (name, value) in enumerate(settings):
            self._environment[f"GIT_CONFIG_KEY_{number}"] = name
            self._environment[f"GIT_CONFIG_VALUE_{number}"] = value
        if not is_local(url):
            self._environment |= {name: os.environ[name] for name in _NETWORK if name in os.environ}

    def head(self, ref: str) -> str | None:
        rows = self.call("ls-remote", "--quiet", "--", self._url, ref).splitlines()
        found = {name: commit for commit, _, name in (row.partition("\t") for row in rows)}
        return found.get(ref)

    def call(self, *arguments: str) -> str:
        try:
            return self._git.run(*arguments, env=self._environment)
        except GitFailed as error:
            said = str(error)
            for secret in filter(None, self._hidden):
                said = said.replace(secret, "[token]")
            raise self._explained(said) from None  # the original may hold the token

    def _explained(self, said: str) -> CairnError:
        reason = said.partition(": ")[2][-600:] or said
        for pattern, kind, text in _REASONS:
            if pattern.search(reason):
                return kind(f"{text.format(url=self._url)}: {reason}")
        return ForgeFailed(f"git could not reach or change {self._url}; try again later: {reason}")


# Words of git and of the forge, not ones that a branch or a repository may be named after.
_REASONS: tuple[tuple[re.Pattern[str], type[CairnError], str], ...] = (
    (
        re.compile(r"GH009|cannot contain secrets", re.IGNORECASE),
        Forbidden,
        "{url} found what it takes for a secret and refused the push",
    ),
    (
        re.compile(r"GH006|GH013|protected branch hook declined|hook declined\)", re.IGNORECASE),
        Forbidden,
        "{url} protects this branch and refused the push",
    ),
    (
        re.compile(r"\((?:stale info|non-fast-forward|fetch first|failed to update ref)\)|cannot lock ref"),
        Forbidden,
        "somebody moved the branch at {url} at this moment, so it was left alone; look and try again",
    ),
    (
        re.compile(r"returned error: 401|Authentication failed for|could not read Username|Invalid username"),
        Forbidden,
        "{url} does not accept the token; make a new one with write access to contents",
    ),
    (
        re.compile(
            r"returned error: 403|Write access to repository|Permission to \S+ denied|`workflow` scope"
        ),
        Forbidden,
        "the token may not write to {url}; it needs write access to contents, and to workflows for those",
    ),
    (
        re.compile(r"returned error: 404|Repository not found|repository '\S+' not found"),
        NotFound,
        "{url} is no repository that this token can see",
    ),
    (
        re.compile(r"returned error: 30\d|redirection"),
        NotFound,
        "{url} has moved; a redirect is not followed with a token, so give the new address",
    ),
)
