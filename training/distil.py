"""A vocabulary and a sentence encoder -> one vector a word, by distillation.

Each spelling of a word is encoded alone, the spellings are averaged by how common they are, and
the vectors are centred and reduced by PCA: what model2vec does with its own tokens
(https://github.com/MinishLab/model2vec).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.embed.packed import pack

DIMENSIONS = 256
# The SIF weight a / (a + p) of a word found in a share p of the documents: Arora, Liang and Ma, A
# Simple but Tough-to-Beat Baseline for Sentence Embeddings, 2017. Theirs counts words of text, hence
# far smaller; on chunks of code 0.02 and below trust rare names too much (NDCG@10 .584 against .637).
SIF = 0.2


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("vocabulary", type=Path)
    options.add_argument("encoder", help="sentence-transformers model, a name or a path")
    options.add_argument("out", type=Path, help="folder for the model's files")
    given = options.parse_args()
    vocabulary = json.loads(given.vocabulary.read_text())
    vectors = reduce(_encode(vocabulary["words"], given.encoder))
    weights = sif([n for _, n, _ in vocabulary["words"]], vocabulary["documents"])
    ids = np.array([crc32(word.encode("utf-8", "replace")) for word, _, _ in vocabulary["words"]], np.uint32)
    ids, first = np.unique(ids, return_index=True)  # of two words with one crc32 the first stays
    pack(ids, (vectors * weights[:, None])[first], given.out)


def sif(found_in: list[int], documents: int, a: float = SIF) -> NDArray[np.float32]:
    share = np.maximum(np.asarray(found_in, dtype=np.float32), 1) / documents
    weights: NDArray[np.float32] = (a / (a + share)).astype(np.float32)
    return weights


def reduce(vectors: NDArray[np.float32], dimensions: int = DIMENSIONS) -> NDArray[np.float32]:
    """Centre, keep the directions with most variance, and bring each row to length 1."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    reduced = centred @ directions[:, ::-1][:, :dimensions]
    unit: NDArray[np.float32] = (reduced / np.linalg.norm(reduced, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _encode(words: list[tuple[str, int, list[tuple[str, float]]]], encoder: str) -> NDArray[np.float32]:
    from sentence_transformers import SentenceTransformer

    spellings = sorted(
        {spelling for _, _, spelt in words for spelling, _ in spelt}, key=lambda s: (len(s), s)
    )
    model = SentenceTransformer(encoder, device="cpu")
    encoded = model.encode(spellings, batch_size=256, show_progress_bar=True, convert_to_numpy=True)
    place = {spelling: i for i, spelling in enumerate(spellings)}
    vectors = np.zeros((len(words), encoded.shape[1]), dtype=np.float32)
    for row, (_, _, spelt) in zip(vectors, words, strict=True):
        for spelling, share in spelt:
            row += share * encoded[place[spelling]]
    return vectors


if __name__ == "__main__":
    main()
