"""Does a function's own description find its lines? python -m benchmarks.lines --checkouts DIR

For up to 150 functions of each repository in repos.json the doc comment is taken out of a copy of the
tree, and its first sentence is the query. A hit counts when its path is the function's and its lines share
at least half of the shorter one of both ranges with the function's. Beside Cairn's search stand its own
hits with the lines of their whole chunks (right chunk, but is it the right definition in it?) and, over
the same chunks of the same index, plain BM25 and plain nearness in meaning, with the lines of the chunk.
Sentences that hold the function's own name (in Go nearly all do) are asked a second time without it.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.store import VectorQuery, Where
from retriever.find import encode
from retriever.question import read_question
from retriever.search import Retriever
from retriever.types import Query

from .bench_index import indexed
from .checkouts import Pinned, checkout, pinned
from .metrics import Span, first_rank, mean_and_error
from .undocument import Asked, ask, take_out

_FUNCTIONS = 150  # per repository: the mean of 750 answers has an interval of about 3 points
_DEPTH = 10
_WAYS = ("Cairn", "BM25 alone", "meaning alone", "Cairn, whole chunks")


@dataclass(frozen=True, slots=True)
class Answered:
    """One query with the rank at which each of _WAYS found the lines (0: not among ten)."""

    repo: str
    asked: Asked
    query: str
    struck: bool
    ranks: tuple[int, ...]
    top: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--checkouts", type=Path, required=True, help="fetched into here where missing")
    parser.add_argument("--only", action="append", help="a repository's name; may be repeated")
    parser.add_argument("--functions", type=int, default=_FUNCTIONS, help="per repository")
    parser.add_argument("--embedder", default="static")
    parser.add_argument("--losses", type=int, default=0, help="print this many functions that were missed")
    parser.add_argument("--out", type=Path, help="write the tables here")
    args = parser.parse_args()
    answered: list[Answered] = []
    repos = [repo for repo in pinned() if not args.only or repo.name in args.only]
    for repo in repos:
        answered += measure(repo, args.checkouts, args.functions, args.embedder)
    text = report(answered)
    print(text)
    for loss in _losses(answered, args.losses):
        print(loss)
    if args.out:
        args.out.write_text(text)


def measure(repo: Pinned, checkouts: Path, functions: int, embedder: str) -> list[Answered]:
    """Ask everything of one repository, as written and without the function's own name."""
    root = checkout(repo, checkouts)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / repo.name
        questions = take_out(root, copy, ask(root, functions))
        with indexed(copy, embedder) as (retriever, _):
            answered = []
            for asked in questions:
                queries = dict.fromkeys((asked.sentence, _without_name(asked)))
                for query in queries:
                    answered.append(_answer(retriever, repo.name, asked, query))
            return answered


def _without_name(asked: Asked) -> str:
    name = re.escape(asked.qualname.rpartition(".")[2])
    return " ".join(re.sub(rf"(?i)(?<!\w){name}(?!\w)", " ", asked.sentence).split())


def _answer(retriever: Retriever, repo: str, asked: Asked, query: str) -> Answered:
    hits = retriever.search(Query(query, limit=_DEPTH)).hits
    ours = [Span(hit.path, hit.start_line, hit.end_line) for hit in hits]
    chunks = _spans(retriever, [(hit.chunk_id, hit.score) for hit in hits])
    ways = (ours, *_plain(retriever, query), chunks)
    ranks = tuple(first_rank(found, lambda span: shares_half(span, asked)) for found in ways)
    top = tuple(f"{h.path}:{h.start_line}-{h.end_line} {h.symbol or ''}".strip() for h in hits[:3])
    return Answered(repo, asked, query, query != asked.sentence, ranks, top)


def _plain(retriever: Retriever, query: str) -> tuple[list[Span], list[Span]]:
    """What the store alone answers, by words and by meaning."""
    encoded = encode(read_question(query), retriever.embedder)
    everything = Where(retriever.catalog.repos()[0].name)
    found = retriever.vectors.search(
        VectorQuery(everything, _DEPTH, encoded.dense, encoded.indices, encoded.values)
    )
    return _spans(retriever, found.by_words), _spans(retriever, found.by_meaning)


def _spans(retriever: Retriever, found: Sequence[tuple[str, float]]) -> list[Span]:
    chunks = retriever.catalog.chunks([id for id, _ in found])
    return [Span(chunks[id].path, chunks[id].start, chunks[id].end) for id, _ in found]


def shares_half(found: Span, asked: Asked) -> bool:
    """Whether `found` shares at least half of the shorter of both ranges with the function's lines."""
    if found.path != asked.path or found.start is None or found.end is None:
        return False
    common = min(found.end, asked.lines.end) - max(found.start, asked.lines.start) + 1
    return 2 * common >= min(found.end - found.start + 1, len(asked.lines))


def report(answered: Sequence[Answered]) -> str:
    """Two tables: the sentences as written, and without the names of their functions."""
    written = [one for one in answered if not one.struck]
    struck = {id(one.asked): one for one in answered if one.struck}
    nameless = [struck.get(id(one.asked), one) for one in written]
    return (
        f"The sentence as written:\n\n{_table(written)}\n"
        f"Without the function's own name, where the sentence holds it ({len(struck)} of {len(written)}):\n\n"
        f"{_table(nameless)}"
    )


def _table(answered: Sequence[Answered]) -> str:
    lines = ["| | functions | | recall@1 | recall@5 | MRR@10 |", "|---|---|---|---|---|---|"]
    repos = dict.fromkeys(one.repo for one in answered)
    for repo in (None, *repos):
        ranks = np.array([one.ranks for one in answered if repo in (None, one.repo)])
        gained = [_gains(ranks[:, way]) for way in range(len(_WAYS))]
        for way, gains in zip(_WAYS, gained, strict=True):
            lines.append(_row(repo or "**all**", len(ranks), way, gains))
        if repo is None:
            better = [ours - theirs for ours, theirs in zip(gained[0], gained[1], strict=True)]
            lines.append(_row("**all**", len(ranks), "Cairn less BM25, pairwise", better))
    return "\n".join(lines) + "\n"


def _gains(ranks: np.ndarray) -> list[np.ndarray]:
    """What each answer counts for: recall@1, recall@5, reciprocal rank."""
    reciprocal = np.divide(1.0, ranks, out=np.zeros(len(ranks)), where=ranks > 0)
    return [(ranks == 1).astype(float), ((ranks > 0) & (ranks <= 5)).astype(float), reciprocal]


def _row(repo: str, functions: int, way: str, gains: Sequence[np.ndarray]) -> str:
    cells = []
    for values in gains:
        mean, error = mean_and_error(list(values))
        cells.append(f"{mean:.3f} ± {error:.3f}")
    return f"| {repo} | {functions} | {way} | {' | '.join(cells)} |"


def _losses(answered: Sequence[Answered], n: int) -> list[str]:
    """Functions that were not first, by turns from each repository: the missed ones before the late ones."""
    lost = [one for one in answered if not one.struck and one.ranks[0] != 1]
    lost.sort(key=lambda one: (one.ranks[0] in range(1, 6), one.query))
    turns: dict[str, int] = {}
    order = []
    for one in lost:
        turns[one.repo] = turns.get(one.repo, 0) + 1
        order.append((turns[one.repo], one))
    order.sort(key=lambda pair: pair[0])
    return [
        f"{one.repo}: {one.query!r}\n  wanted {one.asked.path}:{one.asked.lines.start}-{one.asked.lines.end} "
        f"{one.asked.qualname}, rank {one.ranks[0] or '-'} (BM25 {one.ranks[1] or '-'}, "
        f"meaning {one.ranks[2] or '-'})\n  got    " + "\n         ".join(one.top)
        for _, one in order[:n]
    ]


if __name__ == "__main__":
    main()
