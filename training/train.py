"""Distilled vectors and pairs -> vectors that bring what is said near the code it is said about.

InfoNCE (van den Oord, Li and Vinyals, Representation Learning with Contrastive Predictive Coding,
2018) over bags of words: the answer to each question must be told from all others of its batch.
A batch takes several pairs of one file, so that the wrong answers it holds are hard ones.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize

from .pack import pack

BATCH = 512
TEMPERATURE = 0.05
_FROM_ONE_FILE = 4
_RATE = 2e-3  # of Adam, sinking to a tenth; rows have length 1 times a weight of 0.3 to 1
_DROPPED = 0.3  # of the words of a training text: no word may carry a pair alone
_HELD_OUT = 50  # one pair of so many is never trained on: tells when training starts to memorise


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("vocabulary", type=Path)
    options.add_argument("start", type=Path, help="what distil --raw wrote")
    options.add_argument("pairs", type=Path)
    options.add_argument("out", type=Path, help="folder for the model's files")
    options.add_argument("--epochs", type=float, default=4)
    options.add_argument("--rate", type=float, default=_RATE)
    options.add_argument("--temperature", type=float, default=TEMPERATURE)
    options.add_argument("--dropped", type=float, default=_DROPPED)
    options.add_argument("--kinds", default="doc,name,test,commit")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--raw", type=Path, help="where to keep the float vectors, .npy")
    given = options.parse_args()
    torch.manual_seed(given.seed)
    start = np.load(given.start)
    vectors = train(start["vectors"] * start["weights"][:, None], Pairs(given.pairs, given.kinds), given)
    if given.raw:
        np.save(given.raw, vectors)
    pack([word for word, _, _ in json.loads(given.vocabulary.read_text())["words"]], vectors, given.out)


class Pairs:
    """The columns that pairs.save wrote, for the kinds that are wanted."""

    def __init__(self, path: Path, kinds: str) -> None:
        from .pairs import KINDS

        data = np.load(path)
        self.sides = {side: _Bags(data, side) for side in ("question", "answer")}
        self.about: NDArray[np.int32] = data["about"]
        self.source: NDArray[np.int32] = data["source"]
        wanted = np.isin(data["kind"], [KINDS.index(kind) for kind in kinds.split(",")])
        told = np.minimum(self.sides["question"].sizes, self.sides["answer"].sizes) > 0
        usable = np.flatnonzero(wanted & told)
        held = self.source[usable] % _HELD_OUT == 0
        self.training, self.held_out = usable[~held], usable[held]

    def batches(self, chance: np.random.Generator, size: int = BATCH) -> Iterator[NDArray[np.int64]]:
        """One epoch: the pairs of each file in groups, the groups shuffled."""
        order = chance.permutation(self.training)
        order = order[np.argsort(self.source[order], kind="stable")]
        source = self.source[order]
        first = np.concatenate([[True], source[1:] != source[:-1]])
        nth = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
        group = np.cumsum(nth % _FROM_ONE_FILE == 0)
        order = order[np.argsort(chance.random(group[-1] + 1)[group], kind="stable")]
        yield from (order[i : i + size] for i in range(0, len(order) - size + 1, size))

    def together(self, batch: NDArray[np.int64]) -> torch.Tensor:
        """Which other pairs of a batch have the same answer, and so are no wrong ones."""
        about = torch.from_numpy(self.about[batch])
        return (about[:, None] == about[None, :]) & ~torch.eye(len(batch), dtype=torch.bool)


class _Bags:
    def __init__(self, data: Any, side: str) -> None:
        self.rows, self.factors = data[f"{side}_rows"], data[f"{side}_factors"]
        self.starts = np.concatenate([[0], data[f"{side}_ends"]])
        self.sizes = np.diff(self.starts)

    def take(self, batch: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        offsets = np.concatenate([[0], np.cumsum(self.sizes[batch])])
        places = np.arange(offsets[-1]) + np.repeat(self.starts[batch] - offsets[:-1], self.sizes[batch])
        rows, factors = self.rows[places].astype(np.int64), self.factors[places].astype(np.float32)
        return torch.from_numpy(rows), torch.from_numpy(offsets[:-1]), torch.from_numpy(factors)


def train(start: NDArray[np.float32], pairs: Pairs, given: argparse.Namespace) -> NDArray[np.float32]:
    table = torch.nn.EmbeddingBag.from_pretrained(
        torch.from_numpy(start.copy()), freeze=False, mode="sum", sparse=True
    )
    optimizer = torch.optim.SparseAdam(list(table.parameters()), lr=given.rate)
    steps = int(given.epochs * (len(pairs.training) // BATCH))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - 0.9 * min(step / steps, 1))
    chance = np.random.default_rng(given.seed)
    began, done = time.monotonic(), 0
    print(f"{len(pairs.training)} pairs, {steps} steps; held out {held_out(table, pairs, given.temperature)}")
    while done < steps:
        losses = []
        for batch in pairs.batches(chance):
            loss = _loss(table, pairs, batch, given.temperature, given.dropped)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            done += 1
            if done >= steps:
                break
        print(
            f"step {done}, {time.monotonic() - began:.0f} s: loss {np.mean(losses):.3f}; "
            f"held out {held_out(table, pairs, given.temperature)}",
            flush=True,
        )
    vectors: NDArray[np.float32] = table.weight.detach().numpy()
    return vectors


def _loss(
    table: torch.nn.EmbeddingBag,
    pairs: Pairs,
    batch: NDArray[np.int64],
    temperature: float,
    dropped: float = 0,
) -> torch.Tensor:
    scores = _scores(table, pairs, batch, dropped) / temperature
    scores = scores.masked_fill(pairs.together(batch), float("-inf"))
    right = torch.arange(len(batch))
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, right) + cross_entropy(scores.T, right)) / 2


def _scores(
    table: torch.nn.EmbeddingBag, pairs: Pairs, batch: NDArray[np.int64], dropped: float = 0
) -> torch.Tensor:
    vectors = []
    for side in ("question", "answer"):
        rows, offsets, factors = pairs.sides[side].take(batch)
        factors = factors * (torch.rand(len(factors)) >= dropped)
        vectors.append(normalize(table(rows, offsets, per_sample_weights=factors), dim=1))
    return vectors[0] @ vectors[1].T


@torch.no_grad()
def held_out(table: torch.nn.EmbeddingBag, pairs: Pairs, temperature: float) -> str:
    """Loss, and mean reciprocal rank among 512, over pairs of files that training never sees."""
    losses, ranks = [], []
    for i in range(0, len(pairs.held_out) - BATCH + 1, BATCH):
        batch = pairs.held_out[i : i + BATCH]
        losses.append(_loss(table, pairs, batch, temperature).item())
        scores = _scores(table, pairs, batch).masked_fill(pairs.together(batch), -1)
        ranks.append((1 / (scores >= scores.diagonal()[:, None]).sum(1)).mean().item())
    return f"loss {np.mean(losses):.3f}, MRR {np.mean(ranks):.3f}"


if __name__ == "__main__":
    main()
