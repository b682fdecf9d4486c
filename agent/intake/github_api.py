"""A path of GitHub's REST API -> the JSON found there, or a sentence that says why not.

Source: docs.github.com/rest. The token goes to the configured host alone, also after a redirect.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from indexer.errors import BadInput, CairnError, Forbidden, NotFound

from .hidden import visible

if TYPE_CHECKING:
    import httpx

_HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "cairn",  # GitHub refuses requests without one
}
_BYTES = 32 << 20  # a page of 100 comments of the longest kind has 26 MB when every letter is escaped
_REDIRECTS = 3  # a repository that was renamed, and an issue that was moved
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class GitHubUnreachable(CairnError):
    """GitHub did not answer, or answered with an error of its own; the same request may work later."""


class RateLimited(GitHubUnreachable):
    """Too many requests. `seconds` is how long GitHub wants us to wait."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Answer:
    json: Any
    url: str  # where it was found after redirects
    next: str  # the page that follows, empty after the last


class GitHubApi:
    """Reads over one connection. `url` is `https://api.github.com` or an enterprise's `https://HOST/api/v3`."""

    def __init__(self, url: str, token: str, seconds: float) -> None:
        import httpx  # a quarter of a second of import that only an issue needs

        split = urlsplit(url)
        if split.scheme not in ("http", "https") or not split.hostname or split.username or split.query:
            raise BadInput(f"{url} is not the address of a GitHub API; give one like https://api.github.com")
        if split.scheme == "http" and token and split.hostname not in _LOOPBACK:
            raise BadInput(f"{url} would carry the token unencrypted; use https")
        if not token.isascii() or any(letter.isspace() for letter in token):
            raise BadInput("the GitHub token holds a letter that no token has; copy it again, without blanks")
        self.url = url.rstrip("/")
        self._secret = bool(token)
        headers = {**_HEADERS, **({"Authorization": f"Bearer {token}"} if token else {})}
        self._seconds = seconds
        self._client = httpx.Client(headers=headers, timeout=seconds, follow_redirects=False)

    def __enter__(self) -> GitHubApi:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, what: str, **query: int | str) -> Answer:
        """The JSON at `path` (or a whole address that an answer gave); `what` names it in errors.

        Raises NotFound, Forbidden, RateLimited, GitHubUnreachable.
        """
        url = path if "://" in path else f"{self.url}/{path.lstrip('/')}"
        parameters: Mapping[str, int | str] | None = query or None
        for _ in range(_REDIRECTS + 1):
            status, headers, body = self._fetch(self._same_place(url), parameters, what)
            if status not in (301, 302, 307, 308):
                break
            url, parameters = urljoin(url, headers.get("location", "")), None
        else:
            raise GitHubUnreachable(
                f"{what} is redirected more than {_REDIRECTS} times; give its present address"
            )
        if status != 200:
            raise _refusal(status, headers, body, what, self._secret)
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise GitHubUnreachable(
                f"{self.url} answered for {what} with something that is no JSON"
            ) from error
        return Answer(found, url, _next(headers.get("link", "")))

    def pages(self, path: str, what: str, page: int) -> Iterator[list[Any]]:
        """Pages of a list from `page` on, 100 items each."""
        answer = self.get(path, what, per_page=100, page=page)
        while isinstance(answer.json, list):
            yield answer.json
            if not answer.next:
                return
            answer = self.get(answer.next, what)
        raise GitHubUnreachable(f"{self.url} did not answer with a list for {what}; is it a GitHub API?")

    def _same_place(self, url: str) -> str:
        """An answer may send us anywhere; the token, and whatever stands in the network beside us, stay."""
        here, there = urlsplit(self.url), urlsplit(url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise Forbidden(
                f"{here.netloc} sends the request on to {there.netloc or url}; that is not followed"
            )
        return url

    def _fetch(
        self, url: str, query: Mapping[str, int | str] | None, what: str
    ) -> tuple[int, httpx.Headers, bytes]:
        import httpx

        until = time.monotonic() + self._seconds  # httpx limits each read; a slow drip never ends
        body = bytearray()
        try:
            with self._client.stream("GET", url, params=query) as response:
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > _BYTES:
                        raise GitHubUnreachable(
                            f"the answer for {what} has more than {_BYTES >> 20} MB; it is not read"
                        )
                    if time.monotonic() > until:
                        raise httpx.ReadTimeout("the answer did not end")
                return response.status_code, response.headers, bytes(body)
        except httpx.TimeoutException as error:
            raise GitHubUnreachable(
                f"{self.url} gave no answer for {what} in {self._seconds:g} s; try again"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise GitHubUnreachable(
                f"{self.url} cannot be reached for {what}: {error}; check the network"
            ) from error


def _refusal(status: int, headers: httpx.Headers, body: bytes, what: str, secret: bool) -> CairnError:
    said = _message(body)
    quoted = f' (GitHub says: "{said}")' if said else ""
    waiting = _seconds_to_wait(headers)
    if status == 429 or (status == 403 and (waiting is not None or "rate limit" in said.lower())):
        advice = "" if secret else ", or set a token: it allows 5000 requests an hour instead of 60"
        wait = waiting if waiting is not None else 60.0  # what GitHub asks for when it names no time
        return RateLimited(f"GitHub's rate limit is used up; try again in {wait:.0f} s{advice}{quoted}", wait)
    if status == 401:
        return Forbidden(
            f"GitHub does not accept the token{quoted}; make a new one, or remove it for public issues"
        )
    if status in (403, 451):
        sso = "; authorize the token for the organization" if "x-github-sso" in headers else ""
        return Forbidden(f"GitHub refuses to show {what}{quoted}{sso}; check what the token may read")
    if status == 404:
        reason = "or the token may not see it" if secret else "or it is private and needs a token"
        return NotFound(f"{what} is not there, {reason}; check owner, name and number")
    if status == 410:
        return NotFound(f"{what} was deleted, or the repository has its issues turned off{quoted}")
    if status >= 500:
        return GitHubUnreachable(f"GitHub answered {status} for {what}; that is its trouble, try again later")
    return GitHubUnreachable(f"GitHub answered {status} for {what}{quoted}; check the API's address")


def _seconds_to_wait(headers: httpx.Headers) -> float | None:
    """From Retry-After, or from the reset time when nothing is left; None when neither stands there."""
    try:
        if "retry-after" in headers:
            return max(0.0, float(int(headers["retry-after"])))
        if headers.get("x-ratelimit-remaining") == "0":
            return max(0.0, int(headers["x-ratelimit-reset"]) - time.time())
    except (KeyError, ValueError):
        return 60.0
    return None


def _message(body: bytes) -> str:
    """What GitHub says in words, short and on one line."""
    try:
        found = json.loads(body[:100_000])
    except (ValueError, RecursionError):
        return ""
    said = found.get("message") if isinstance(found, dict) else None
    return " ".join(visible(said[:200]).text.split()) if isinstance(said, str) else ""


def _next(link: str) -> str:
    """The address marked rel="next" in a Link header (RFC 8288, as GitHub writes it)."""
    for part in link[:8000].split(","):
        address, _, parameters = part.strip().partition(";")
        if 'rel="next"' in parameters:
            return address.strip("<> ")
    return ""
