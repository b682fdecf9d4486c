"""Who owns the embedded vectors of a data directory, where it answers, and how both sides prove it."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection
from pathlib import Path

PROTOCOL = 2  # raise it when a message changes: a caller replaces an owner that speaks another one
OWNER_FILE = "owner.json"
LOCK_FILE = "owner.lock"
LOG_FILE = "keeper.log"
_PATIENCE = 10.0  # seconds for the other side to prove itself; it needs a millisecond
_NONCE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that has the vectors open. `address` is a socket's path or `[host, port]`."""

    pid: int
    address: str | tuple[str, int]
    token: str = field(repr=False)
    protocol: int = PROTOCOL


def read_owner(data: Path) -> Owner | None:
    """The owner that `data` names; it may be gone. None when there is none or the file is torn."""
    try:
        fields = json.loads((data / OWNER_FILE).read_bytes())
        address = fields["address"]
        return Owner(
            pid=int(fields["pid"]),
            address=address if isinstance(address, str) else (str(address[0]), int(address[1])),
            token=str(fields["token"]),
            protocol=int(fields["protocol"]),
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None


def write_owner(data: Path, owner: Owner) -> None:
    """Publish `owner`, readable by this user alone: whoever has the token may read every vector."""
    descriptor, unfinished = tempfile.mkstemp(prefix=f".{OWNER_FILE}.", dir=data)  # made with mode 0600
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(owner), file)
    os.replace(unfinished, data / OWNER_FILE)


def shake_hands(connection: Connection, token: str, *, owner: bool) -> None:
    """Prove to each other that both know the token, before anything is unpickled.

    Raises AuthenticationError when the other side does not, OSError or EOFError when it leaves.
    """
    mine, theirs = (b"owner", b"caller") if owner else (b"caller", b"owner")
    nonce = secrets.token_bytes(_NONCE_BYTES)
    connection.send_bytes(nonce)
    connection.send_bytes(_proof(token, mine, _receive(connection)))
    if not hmac.compare_digest(_receive(connection), _proof(token, theirs, nonce)):
        raise AuthenticationError("the other side does not know the token of this data directory")


def _receive(connection: Connection) -> bytes:
    if not connection.poll(_PATIENCE):
        raise AuthenticationError(f"the other side said nothing for {_PATIENCE:.0f} seconds")
    return connection.recv_bytes(_NONCE_BYTES)


def _proof(token: str, role: bytes, nonce: bytes) -> bytes:
    # The role keeps a stranger from sending our own proof back to us.
    return hmac.digest(token.encode(), role + nonce, "sha256")
