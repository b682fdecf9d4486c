"""Settings and a fingerprint -> the Vectors that serve it: on this machine, or on a Qdrant server."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from indexer.store import Vectors

_READABLE = 40  # characters of the fingerprint kept in a collection's name, for whoever looks


@dataclass(frozen=True, slots=True)
class VectorOptions:
    """Where vectors live: in `data`, or at `url` when one is set.

    `idle_seconds` is how long the process that keeps them here stays after its last caller hung up;
    `timeout` how many seconds one request to a server may take.
    """

    data: Path
    url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    idle_seconds: float = 300.0
    timeout: int = 30


def open_vectors(options: VectorOptions, fingerprint: str, dimensions: int) -> Vectors:
    """Return the collection of `fingerprint`. Nothing is opened or asked before its first call."""
    collection = collection_name(fingerprint)
    if options.url is not None:
        from indexer.store.server import ServerVectors  # a second of import that embedded use is spared

        return ServerVectors(
            options.url, collection, dimensions, api_key=options.api_key, timeout=options.timeout
        )
    from indexer.store.embedded import KeeperVectors

    return KeeperVectors(options.data, collection, dimensions, options.idle_seconds)


def collection_name(fingerprint: str) -> str:
    """A name that both engines take: what is readable of the fingerprint, and its digest."""
    readable = re.sub(r"[^a-z0-9]+", "-", fingerprint.lower())[:_READABLE].strip("-")
    digest = hashlib.blake2b(fingerprint.encode(), digest_size=6).hexdigest()
    return f"cairn-{readable}-{digest}" if readable else f"cairn-{digest}"
