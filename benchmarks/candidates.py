"""The semble suite -> every query with what was found for it, so that ranking can be tried in seconds.

What comes before ranking (index, embedding, search) is the product's; it is kept in a pickle per mode.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.store import Where
from retriever.find import Candidate, encode, find
from retriever.question import Question, read_question
from retriever.rank import WEIGHTS, Weights, rank
from retriever.used import Names, NamesInFiles

from .bench_index import indexed
from .metrics import Span, ndcg
from .semble import root_of, targets_of


@dataclass(frozen=True, slots=True)
class Found:
    """A query with its candidates, unranked; `names` are those of every file among them."""

    repo: str
    category: str
    question: Question
    candidates: Sequence[Candidate]
    names: Mapping[int, Names]
    targets: Sequence[Span]
    prefix: str
    whole: bool


def candidates(suite: Path, checkouts: Path, whole: bool, kept: Path) -> list[Found]:
    """Read them from `kept`, or index every repository and write it."""
    if kept.exists():
        found: list[Found] = pickle.loads(kept.read_bytes())
        return found
    found = []
    for repo in json.loads((suite / "repos.json").read_text()):
        prefix = root_of(repo, whole)
        queries = json.loads((suite / "annotations" / f"{repo['name']}.json").read_text())
        with indexed(checkouts / repo["name"] / prefix) as (retriever, _):
            (row,) = retriever.catalog.repos()
            names_of = NamesInFiles(retriever.catalog)
            for query in queries:
                question = read_question(query["query"])
                encoded = encode(question, retriever.embedder)
                asked = [(row, Where(row.name))]
                several = find(question, encoded, asked, retriever.kept, retriever.vectors)
                names = names_of(sorted({c.chunk.file for c in several}))
                targets = targets_of(query, checkouts / repo["name"], repo["benchmark_root"])
                found.append(
                    Found(repo["name"], query["category"], question, several, names, targets, prefix, whole)
                )
    kept.write_bytes(pickle.dumps(found))
    return found


def score(found: Found, weights: Weights = WEIGHTS) -> float:
    """NDCG@10 of one query under these weights."""
    ranked = rank(found.question, found.candidates, lambda files: found.names, weights)
    chunks = [one.candidate.chunk for one in ranked[:10]]
    results = [Span(f"{found.prefix}/{c.path}".lstrip("/"), c.start, c.end) for c in chunks]
    return ndcg(results, found.targets, exact=found.whole)
