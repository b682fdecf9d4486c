"""Build the nouns that tests start from."""

from __future__ import annotations

import hashlib

from indexer.languages import language_of
from indexer.types import SourceFile


def make_file(path: str, text: str) -> SourceFile:
    language = language_of(path, text)
    raw = text.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(raw, digest_size=16).hexdigest()
    return SourceFile(path, text, language.name, language.kind, digest, len(raw), 0)
