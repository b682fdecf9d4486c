"""Signed messages from the provider, checked and decoded."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from payments.errors import BadSignature, InvalidRequest


@dataclass(frozen=True)
class Event:
    """Something that happened at the provider, for example `charge.disputed`."""

    type: str
    data: dict[str, Any]


def read_event(body: bytes, signature: str, secret: str) -> Event:
    """Verify and decode a webhook. Raises BadSignature or InvalidRequest."""
    if not hmac.compare_digest(sign(body, secret), signature):
        raise BadSignature("the webhook was not signed with our secret")
    try:
        message = json.loads(body)
        return Event(message["type"], message["data"])
    except (ValueError, KeyError) as error:
        raise InvalidRequest("the webhook has no type or no data") from error


def sign(body: bytes, secret: str) -> str:
    """The hex signature the provider sends along with a body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
