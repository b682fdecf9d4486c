"""Texts -> vectors from an OpenAI-compatible endpoint: OpenAI itself, TEI, vLLM, Ollama."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import openai

from ..errors import EmbeddingFailed
from . import ENCODED_BYTES, Matrix, Side

_OPENAI = "https://api.openai.com/v1"
_BATCH = 64  # texts; the published limits are 2048 (OpenAI) and 32 (TEI), where it is split once
_SHORTEST = 200  # characters; a text refused at this length is refused for another reason
_SECONDS = 60.0  # for one request; a local server on a CPU takes a few for a full batch
_RETRIES = 4  # on 408, 409, 429, 5xx and broken connections: about 10 s, or what Retry-After says

_TOO_MUCH = (400, 413, 422)  # how the servers say too many texts, or too long a text


class OpenAIEmbedder:
    """Asks `base_url` for vectors. With `dimensions` the endpoint is asked for vectors that short;
    without, one request on construction learns their number.

    A batch that is refused is split, a single text that is refused is halved. Raises
    EmbeddingFailed when that, or trying again, does not help.
    """

    costly = True

    def __init__(
        self,
        model: str,
        base_url: str | None = None,
        api_key: str | None = None,
        dimensions: int | None = None,
        *,
        seconds: float = _SECONDS,
        retries: int = _RETRIES,
    ) -> None:
        self._model = model
        self._url = base_url or _OPENAI
        # The client wants a key; a local server does not look at it.
        self._client = openai.OpenAI(
            base_url=self._url, api_key=api_key or "none", timeout=seconds, max_retries=retries
        )
        self._asked: dict[str, Any] = {} if dimensions is None else {"dimensions": dimensions}
        try:
            self.dimensions = dimensions or self._discover()
        except BaseException:
            self.close()
            raise
        self.fingerprint = f"openai-{model}-{self.dimensions}"

    def close(self) -> None:
        self._client.close()

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        matrix = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        told = [i for i, text in enumerate(texts) if text.strip()]  # an empty text is refused
        for start in range(0, len(told), _BATCH):
            places = told[start : start + _BATCH]
            matrix[places] = self._encode([_seen(texts[i]) for i in places])
        return matrix

    def _discover(self) -> int:
        self.dimensions = 0  # not known yet: the first answer is taken as it comes
        return int(self._encode(["how many dimensions"]).shape[1])

    def _encode(self, texts: list[str]) -> Matrix:
        try:
            return self._ask(texts)
        except openai.APIStatusError as refusal:  # _ask lets through only those of _TOO_MUCH
            if len(texts) > 1:
                half = len(texts) // 2
                return np.concatenate([self._encode(texts[:half]), self._encode(texts[half:])])
            if len(texts[0]) <= _SHORTEST:
                raise EmbeddingFailed(self._story("refuses even a short text", refusal)) from refusal
        return self._encode([texts[0][: len(texts[0]) // 2]])

    def _ask(self, texts: list[str]) -> Matrix:
        """One request. Lets a refusal through as openai's error, since the caller can split."""
        try:
            answer = self._client.embeddings.create(
                model=self._model, input=texts, encoding_format="float", **self._asked
            )
        except openai.APIStatusError as error:
            if error.status_code in _TOO_MUCH:
                raise
            raise EmbeddingFailed(self._story(f"answers {error.status_code}", error)) from error
        except openai.APITimeoutError as error:
            raise EmbeddingFailed(self._story("does not answer in time", error)) from error
        except openai.APIConnectionError as error:
            raise EmbeddingFailed(self._story("cannot be reached", error)) from error
        except (openai.OpenAIError, ValueError) as error:  # ValueError: not JSON, or no vectors in it
            raise EmbeddingFailed(self._story("answers what is no list of vectors", error)) from error
        return self._checked(answer, len(texts))

    def _checked(self, answer: object, expected: int) -> Matrix:
        try:
            items = sorted(answer.data, key=lambda item: item.index)  # type: ignore[attr-defined]
            matrix = np.array([item.embedding for item in items], dtype=np.float32)
        except (AttributeError, TypeError, ValueError) as error:
            raise EmbeddingFailed(self._story("answers what is no list of vectors", error)) from error
        if [item.index for item in items] != list(range(expected)):
            raise EmbeddingFailed(self._story(f"gives {len(items)} vectors for {expected} texts"))
        if matrix.ndim != 2 or not matrix.shape[1] or matrix.shape[1] != (self.dimensions or matrix.shape[1]):
            found = matrix.shape[1] if matrix.ndim == 2 else "uneven"
            raise EmbeddingFailed(self._story(f"gives {found} dimensions, not {self.dimensions}"))
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise EmbeddingFailed(self._story("gives vectors that are not numbers, or zero"))
        unit: Matrix = matrix / lengths
        return unit

    def _story(self, what: str, error: Exception | None = None) -> str:
        because = f" ({error})"[:300] if error else ""
        return (
            f"the embedding endpoint {self._url} {what} for model {self._model!r}{because}; "
            "check its address, key and model, then index again"
        )


def _seen(text: str) -> str:
    return text.encode("utf-8", "replace")[:ENCODED_BYTES].decode("utf-8", "ignore")
