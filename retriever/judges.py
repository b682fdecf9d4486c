"""The name of a second model -> a Judge: how well each of some texts answers a question."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embed import Embedder
from indexer.errors import EmbeddingFailed, MissingExtra

from .second import SecondOptions, check_spec

Scores = NDArray[np.float32]

_SECONDS = 5.0  # for one request to an endpoint: somebody waits for the answer, and there is one without it
_RETRIES = 1
_BATCH = 32
_SEEN = 4000  # characters that a cross-encoder is shown: its 512 tokens are full before


class Judge(Protocol):
    """Safe to share between threads."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """A number for each text, higher where it answers better, on a scale of the judge's own. Raises
        EmbeddingFailed when the model or its endpoint refuses, and what the cache raises."""
        ...


def load_judge(options: SecondOptions) -> Judge:
    """Raises MissingExtra where a package is not installed, EmbeddingFailed where the model does not load."""
    kind, _, name = check_spec(options.spec).partition(":")
    if kind == "cross-encoder":
        return CrossEncoderJudge(name)
    if kind == "openai":
        from indexer.embed.openai import OpenAIEmbedder

        remote = OpenAIEmbedder(name, options.url, options.key, seconds=_SECONDS, retries=_RETRIES)
        return NearnessJudge(_cached(remote, options), in_turns=False)
    from indexer.embed.sentence_transformer import SentenceTransformerEmbedder

    return NearnessJudge(_cached(SentenceTransformerEmbedder(name), options))


def _cached(embedder: Embedder, options: SecondOptions) -> Embedder:
    if options.cache is None:
        return embedder
    from indexer.embed.cache import CachedEmbedder

    return CachedEmbedder(embedder, options.cache)


class NearnessJudge:
    """Any embedding model: the cosine between the question and each text. `in_turns`: one thread at a time,
    as a model in this process wants it."""

    def __init__(self, embedder: Embedder, in_turns: bool = True) -> None:
        self._embedder = embedder
        self._turn = threading.Lock() if in_turns else None

    def close(self) -> None:
        """Let go of the model's connection, where it has one."""
        if hasattr(self._embedder, "close"):
            self._embedder.close()

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        if self._turn is None:
            return self._scores(question, texts)
        with self._turn:
            return self._scores(question, texts)

    def _scores(self, question: str, texts: Sequence[str]) -> Scores:
        asked = self._embedder.encode([question], "query")[0]
        near: Scores = self._embedder.encode(texts) @ asked
        return near


class CrossEncoderJudge:
    """A sentence-transformers cross-encoder, which reads question and text together. Nothing can be kept of
    that for the next question."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._model = _load(model)
        self._turn = threading.Lock()  # tokenizers refuse to be used by two threads

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        pairs = [(question, text[:_SEEN]) for text in texts]
        try:
            with self._turn:
                found = self._model.predict(
                    pairs, batch_size=_BATCH, convert_to_numpy=True, show_progress_bar=False
                )
        except Exception as error:  # a model of somebody else's raises whatever it likes
            raise EmbeddingFailed(
                f"the cross-encoder {self._name} failed ({error}); name a smaller one"
            ) from error
        scores = np.asarray(found, dtype=np.float32)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise EmbeddingFailed(
                f"the cross-encoder {self._name} gives {scores.shape} for {len(texts)} texts, or no numbers; "
                "name one that was trained to rank (one label)"
            )
        return scores


def _load(model: str) -> Any:
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise MissingExtra(
            "sentence-transformers is not installed; run: pip install 'cairn-context[transformers]'"
        ) from error
    try:
        return CrossEncoder(model)
    except Exception as error:  # what lies there was not made by us
        raise EmbeddingFailed(
            f"the cross-encoder {model} cannot be loaded ({error}); name a folder that holds one, or a model "
            "that can be downloaded"
        ) from error
