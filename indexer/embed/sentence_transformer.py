"""Texts -> vectors from any sentence-transformers model, by its name or from a folder."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import EmbeddingFailed, MissingExtra
from . import ENCODED_BYTES, Matrix, Side

_BATCH = 32
# How models name their prompts: sentence-transformers' own words, then those of E5 and its kin.
_PROMPTS: dict[Side, tuple[str, ...]] = {"query": ("query",), "document": ("document", "passage", "corpus")}


class SentenceTransformerEmbedder:
    """Loads the model on the best device there is. Prompts for questions and documents are used
    where the model brings them."""

    costly = True

    def __init__(self, model: str) -> None:
        self._model = _load(model)
        self._prompts = {side: self._prompt(side) for side in _PROMPTS}
        self._name = model
        self.dimensions = int(self._encode(["how many dimensions"], "document").shape[1])
        self.fingerprint = f"sentence-transformers-{_identity(model)}-{self.dimensions}"

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        matrix = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        told = [i for i, text in enumerate(texts) if text.strip()]
        if told:
            matrix[told] = self._encode([_seen(texts[i]) for i in told], side)
        return matrix

    def _encode(self, texts: list[str], side: Side) -> Matrix:
        try:
            found = self._model.encode(
                texts,
                prompt=self._prompts[side],
                batch_size=_BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        except RuntimeError as error:  # torch's own, out of memory included
            raise EmbeddingFailed(
                f"the model {self._name} failed on {len(texts)} texts ({error}); "
                "free memory or name a smaller model"
            ) from error
        matrix: Matrix = np.asarray(found, dtype=np.float32)
        if not np.isfinite(matrix).all():
            raise EmbeddingFailed(f"the model {self._name} gives vectors that are not numbers; name another")
        return matrix

    def _prompt(self, side: Side) -> str | None:
        known: dict[str, str] = self._model.prompts or {}
        return next((known[name] for name in _PROMPTS[side] if known.get(name)), None)


def _load(model: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingExtra(
            "sentence-transformers is not installed; run: pip install 'cairn-context[transformers]'"
        ) from error
    try:
        return SentenceTransformer(model)
    except (OSError, ValueError, RuntimeError) as error:
        raise EmbeddingFailed(
            f"the model {model} cannot be loaded ({error}); name a folder that holds a "
            "sentence-transformers model, or a model that can be downloaded"
        ) from error


def _identity(model: str) -> str:
    """A name for a model of the hub; for a folder also what it holds, for it may be trained again."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    digest = blake2b(digest_size=8)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode("utf-8", "surrogateescape"))
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return f"{folder.resolve().name}-{digest.hexdigest()}"


def _seen(text: str) -> str:
    return text.encode("utf-8", "replace")[:ENCODED_BYTES].decode("utf-8", "ignore")
