"""One request to the provider over HTTP, and what its answers mean."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Protocol

from payments.errors import CardDeclined, GatewayTimeout, GatewayUnavailable, InvalidRequest

Answer = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A call of the provider's API. The key makes sending it twice harmless."""

    method: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    idempotency_key: str | None = None


class Gateway(Protocol):
    """Sends requests to the provider."""

    def send(self, request: Request) -> Answer: ...


class HttpGateway:
    """The provider's JSON API. Every failure leaves as a PaymentError."""

    def __init__(self, base_url: str, secret_key: str, *, timeout: float = 10.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._secret_key = secret_key
        self._timeout = timeout

    def send(self, request: Request) -> Answer:
        """Send one request once and return the decoded answer."""
        headers = {"Authorization": f"Bearer {self._secret_key}", "Content-Type": "application/json"}
        if request.idempotency_key:
            headers["Idempotency-Key"] = request.idempotency_key
        call = urllib.request.Request(
            self._base_url + request.path,
            data=json.dumps(request.body).encode() if request.body else None,
            headers=headers,
            method=request.method,
        )
        try:
            with urllib.request.urlopen(call, timeout=self._timeout) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise error_for(error.code, error.read()) from error
        except TimeoutError as error:
            raise GatewayTimeout(f"no answer to {request.path} within {self._timeout} s") from error
        except urllib.error.URLError as error:
            raise GatewayUnavailable(f"cannot reach the provider: {error.reason}") from error


def error_for(status: int, body: bytes) -> Exception:
    """Turn an HTTP error of the provider into one of ours."""
    if status == 402:
        return CardDeclined(_code(body))
    if status == 429 or status >= 500:
        return GatewayUnavailable(f"the provider answered {status}")
    return InvalidRequest(f"the provider answered {status}: {_code(body)}")


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return "unknown"
