"""The shipped model as a module of sentence-transformers, with vectors equal to Cairn's own.

`SentenceTransformer(modules=[StaticModule()])` makes a model of it; what its `save_pretrained(folder)`
writes opens again, and holds this module's name, which sentence-transformers only imports when told
to: `SentenceTransformer(folder, trust_remote_code=True)`. `training/train.py` trains this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule
from torch.nn.functional import normalize

from . import Side, packed
from .static import MODEL, bags_of

Features = dict[str, Any]


class StaticModule(InputModule):  # type: ignore[misc]  # Any where the extra is not installed
    """Questions go through `encode_query`, texts through `encode` or `encode_document`.

    The features are rows of the table, the factor of each, and where each text begins.
    """

    def __init__(self, folder: Path = MODEL) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.packed = packed.load(folder)
        vectors = self.packed.rows * self.packed.scales[:, None]
        self.table = torch.nn.EmbeddingBag.from_pretrained(
            torch.from_numpy(vectors), freeze=False, mode="sum", sparse=True
        )
        # The words are those of indexer/words.py; there is no other tokenizer.
        self.tokenizer = None  # type: ignore[assignment]

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, task: str | None = None, **_: Any
    ) -> Features:
        side: Side = "query" if task == "query" else "document"
        bags = bags_of([(prompt or "") + text for text in inputs], side)
        rows, factors, offsets = self.packed.look_up(bags)
        return {
            "rows": torch.from_numpy(rows.astype(np.int64)),
            "factors": torch.from_numpy(factors),
            "offsets": torch.from_numpy(offsets[:-1]),
        }

    def forward(self, features: Features, **_: Any) -> Features:
        summed = self.table(features["rows"], features["offsets"], per_sample_weights=features["factors"])
        features["sentence_embedding"] = normalize(summed, dim=1)
        return features

    def get_embedding_dimension(self) -> int:
        return int(self.table.embedding_dim)

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        packed.pack(self.packed.words, self.table.weight.detach().numpy(), Path(output_path))

    @classmethod
    def load(  # type: ignore[override]
        cls, model_name_or_path: str, subfolder: str = "", **_: Any
    ) -> Self:
        return cls(Path(model_name_or_path) / subfolder)
