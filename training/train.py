"""A model and pairs -> a model that brings what is said nearer the code it is said about.

The model is our module of sentence-transformers, the loss its MultipleNegativesRankingLoss in both
directions: the answer to each question must be told from all others of its batch (InfoNCE, van den
Oord, Li and Vinyals, Representation Learning with Contrastive Predictive Coding, 2018). The loop is
our own, for the reasons in docs/decisions/0009.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

from indexer.embed.static_module import StaticModule

from .batches import HELD_OUT, Index, Pairs, batches

BATCH = 1024
TEMPERATURE = 0.05
_RATE = 2e-3  # of Adam, sinking to a tenth; rows have length 1 times a weight of 0.3 to 1
_DROPPED = 0.3  # of the words of a training text: no word may carry a pair alone
_MIXED = 0.3  # of the pairs, in batches of all repositories
_QUESTIONS = 1000  # of an unseen repository


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("start", type=Path, help="a model's folder: what widen wrote, or one trained before")
    options.add_argument("pairs", type=Path)
    options.add_argument("out", type=Path, help="folder for the model's files")
    options.add_argument("--unseen", nargs="*", default=[], help="repositories only to measure on")
    options.add_argument("--epochs", type=float, default=4)
    options.add_argument("--batch", type=int, default=BATCH)
    options.add_argument("--rate", type=float, default=_RATE)
    options.add_argument("--temperature", type=float, default=TEMPERATURE)
    options.add_argument("--dropped", type=float, default=_DROPPED)
    options.add_argument("--mixed", type=float, default=_MIXED)
    options.add_argument("--kinds", nargs="*", help="of pairs to train on; all where none is named")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)  # sums in one order: the same vectors on every run
    module = StaticModule(given.start)
    train(module, Pairs(given.pairs, module.packed), given)
    module.save(str(given.out))


def train(module: StaticModule, pairs: Pairs, given: argparse.Namespace) -> None:
    unseen = np.isin(pairs.names, given.unseen)[pairs.repository]
    wanted = np.isin(pairs.kind, given.kinds) if given.kinds else np.ones(len(unseen), dtype=bool)
    seen = pairs.usable[(wanted & ~unseen)[pairs.usable]]
    held = pairs.source[seen] % HELD_OUT == 0
    loss = MultipleNegativesRankingLoss(
        SentenceTransformer(modules=[module], device="cpu"),
        scale=1 / given.temperature,
        directions=("query_to_doc", "doc_to_query"),
        partition_mode="per_direction",
    )
    optimizer = torch.optim.SparseAdam([module.table.weight], lr=given.rate)
    steps = int(given.epochs * (held.size - held.sum()) / given.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - 0.9 * min(step / steps, 1))
    chance = np.random.default_rng(given.seed)
    began, done = time.process_time(), 0
    print(f"{len(seen)} pairs, {steps} steps; {_measured(module, pairs, seen[held], unseen)}", flush=True)
    while done < steps:
        losses = []
        for batch in batches(pairs, seen[~held], given.batch, given.mixed, chance):
            value = loss(pairs.features(batch, given.dropped), torch.empty(0))
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            schedule.step()
            losses.append(value.item())
            done += 1
            if done >= steps:
                break
        print(
            f"step {done}, {time.process_time() - began:.0f} CPU s: loss {np.mean(losses):.3f}; "
            f"{_measured(module, pairs, seen[held], unseen)}",
            flush=True,
        )


@torch.no_grad()
def _measured(module: StaticModule, pairs: Pairs, held: Index, unseen: NDArray[np.bool_]) -> str:
    """Mean reciprocal ranks: among about 1024 answers of files held out, and in each unseen repository among
    all its answers, the mean over repositories of each kind of question."""
    cut = np.array_split(held, len(held) // 1024 + 1)
    parts = [f"held out {np.mean([_reciprocals(module, pairs, pairs.distinct(b)).mean() for b in cut]):.3f}"]
    found: dict[str, list[float]] = {}
    for repository in np.unique(pairs.repository[unseen]):
        own = pairs.usable[(pairs.repository == repository)[pairs.usable]]
        own = np.random.default_rng(0).permutation(own[pairs.kind[own] != "name"])
        own = pairs.distinct(own)[:_QUESTIONS]
        ranks = _reciprocals(module, pairs, own)
        for kind in np.unique(pairs.kind[own]):
            found.setdefault(kind, []).append(float(ranks[pairs.kind[own] == kind].mean()))
        found.setdefault("all", []).append(float(ranks.mean()))
    return ", ".join(parts + [f"unseen {kind} {np.mean(ranks):.3f}" for kind, ranks in found.items()])


def _reciprocals(module: StaticModule, pairs: Pairs, batch: Index) -> NDArray[np.float32]:
    question, answer = (module(side)["sentence_embedding"] for side in pairs.features(batch))
    scores = question @ answer.T
    ranks: NDArray[np.float32] = (1 / (scores >= scores.diagonal()[:, None]).sum(1)).numpy()
    return ranks


if __name__ == "__main__":
    main()
