"""A method, a path and a document -> GitHub's answer, or a sentence that says why there is none.

GitHub REST API, version 2022-11-28: https://docs.github.com/en/rest
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.forge import ForgeFailed
from agent.forge.markdown import one_line
from agent.forge.transport import check_url, is_local
from indexer.errors import BadInput, CairnError, Forbidden, NotFound

if TYPE_CHECKING:
    import httpx

_LONGEST_PAUSE = 60.0  # seconds; a forge that asks for more is asked again by a person


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer may take, and how often 429 and 5xx are tried again. Times in seconds.

    `pause` is the wait before the second attempt; it doubles. Four attempts take 7 s: an outage lasts
    longer than anybody waits, a hiccup does not.
    """

    seconds: float = 30.0
    attempts: int = 4
    pause: float = 1.0


class Refused(BadInput):
    """GitHub understood and will not do it. `reasons` are its messages, the general one first."""

    def __init__(self, message: str, reasons: tuple[str, ...]) -> None:
        super().__init__(message)
        self.reasons = reasons


class Rest:
    """Speaks to one API, whose address it checks."""

    def __init__(self, api_url: str, token: str, patience: Patience) -> None:
        self.url = check_url(api_url, "address of the API")
        if not token or not token.isprintable() or " " in token:
            raise Forbidden("GitHub needs a token; make one with write access to contents and pull requests")
        self._token = token
        self._patience = patience

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """The decoded answer. Answers 429 and 5xx are tried again, for a while.

        Raises Forbidden (401, 403), NotFound (404, redirects), Refused (422) and ForgeFailed.
        """
        import httpx

        patience = self._patience
        where = f"{method} {self.url}{path}"
        with self._client() as client:
            for attempt in range(patience.attempts):
                try:
                    response = client.request(method, self.url + path, json=body, params=query)
                except httpx.TimeoutException as error:
                    raise ForgeFailed(
                        f"{where} was not answered within {patience.seconds:g} s; try again later"
                    ) from error
                except httpx.HTTPError as error:
                    raise ForgeFailed(
                        f"{where} failed: {error}; check the address and the network"
                    ) from error
                pause = _pause(response, patience.pause * 2**attempt)
                if pause is None or pause > _LONGEST_PAUSE or attempt == patience.attempts - 1:
                    break
                time.sleep(pause)
        return _answer(response, where)

    def _client(self) -> httpx.Client:
        import httpx

        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "User-Agent": "cairn",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        # Proxies are the user's, except on this machine: there is none on the way.
        return httpx.Client(headers=headers, timeout=self._patience.seconds, trust_env=not is_local(self.url))


def _pause(response: httpx.Response, usual: float) -> float | None:
    """How long to wait before asking again; None when that would change nothing."""
    if response.status_code != 429 and response.status_code < 500:
        return None
    asked = response.headers.get("Retry-After", "")
    return max(float(asked), usual) if asked.isdecimal() else usual


def _answer(response: httpx.Response, where: str) -> Any:
    status = response.status_code
    if status == 204:
        return None
    try:
        document = response.json()
    except ValueError as error:
        if status < 300:
            raise ForgeFailed(
                f"{where} answered {status} without JSON; is this the API's address?"
            ) from error
        document = {}
    if status < 300:
        return document
    raise _refusal(status, response, document if isinstance(document, dict) else {}, where)


def _refusal(status: int, response: httpx.Response, document: dict[str, Any], where: str) -> CairnError:
    reasons = _reasons(document)
    said = f"{where} answered {status}: {'; '.join(reasons) or 'no reason given'}"
    limited = response.headers.get("X-RateLimit-Remaining") == "0" or "rate limit" in said.lower()
    if status == 429 or (status == 403 and limited):
        return ForgeFailed(f"{said}. The limit of requests is used up{_until(response)}; try again then")
    if status == 401:
        return Forbidden(f"{said}. The token is wrong or has expired; make a new one")
    if status == 403:
        return Forbidden(f"{said}. The token needs write access to contents and pull requests")
    if status == 404:
        return NotFound(f"{said}. The repository or the request is not there, or the token cannot see it")
    if 300 <= status < 400:
        moved = one_line(response.headers.get("Location", "elsewhere"))
        return NotFound(f"{said}. It has moved to {moved}; set the new name")
    if status in (409, 422):
        return Refused(f"{said}. Nothing was changed", reasons)
    if status >= 500:
        return ForgeFailed(f"{said}. GitHub has a problem; what was pushed stays, try again later")
    return BadInput(f"{said}. This request is not understood; is the address that of a GitHub API?")


def _reasons(document: dict[str, Any]) -> tuple[str, ...]:
    """The messages of an error: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api"""
    found = [document.get("message")]
    errors = document.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            named = [error.get(key) for key in ("resource", "field", "code")]
            found.append(error.get("message") or " ".join(part for part in named if isinstance(part, str)))
        else:
            found.append(error)
    return tuple(one_line(text) for text in found if isinstance(text, str) and text.strip())


def _until(response: httpx.Response) -> str:
    asked, reset = response.headers.get("Retry-After", ""), response.headers.get("X-RateLimit-Reset", "")
    if asked.isdecimal():
        return f" for {asked} s"
    if reset.isdecimal():
        return time.strftime(" until %H:%M:%S UTC", time.gmtime(min(int(reset), 1 << 40)))
    return ""
