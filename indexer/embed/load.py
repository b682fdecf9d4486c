"""The name of an embedding model, as a setting says it -> an Embedder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadInput
from . import Embedder


@dataclass(frozen=True, slots=True)
class EmbedderOptions:
    """What a model behind an endpoint needs besides its name."""

    base_url: str | None = None
    api_key: str | None = None
    dimensions: int | None = None


def load_embedder(spec: str = "static", options: EmbedderOptions | None = None) -> Embedder:
    """Return the embedder that `spec` names: `static`, `hashed`, `sentence-transformers:<name or path>`,
    `openai:<model>`, or `static:<folder>` for a model packed elsewhere.

    Raises BadInput for any other name, MissingExtra where a package is not installed. Each kind is
    imported only when asked for: torch takes seconds.
    """
    kind, _, name = spec.partition(":")
    build = _KINDS.get(kind)
    if build is None or (kind in _NAMED and not name):
        raise BadInput(f"unknown embedding model {spec!r}; say one of {_SPECS}")
    return build(name, options or EmbedderOptions())


def _static(name: str, options: EmbedderOptions) -> Embedder:
    from .static import MODEL, StaticEmbedder

    return StaticEmbedder(Path(name) if name else MODEL)


def _hashed(name: str, options: EmbedderOptions) -> Embedder:
    from .hashed import HashedEmbedder

    return HashedEmbedder()


def _sentence_transformer(name: str, options: EmbedderOptions) -> Embedder:
    from .sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name)


def _openai(name: str, options: EmbedderOptions) -> Embedder:
    from .openai import OpenAIEmbedder

    return OpenAIEmbedder(name, options.base_url, options.api_key, options.dimensions)


_KINDS: dict[str, Callable[[str, EmbedderOptions], Embedder]] = {
    "static": _static,
    "hashed": _hashed,
    "sentence-transformers": _sentence_transformer,
    "openai": _openai,
}
_NAMED = ("sentence-transformers", "openai")
_SPECS = "static, hashed, sentence-transformers:<name or path>, openai:<model>"
