"""A corpus -> pairs of what somebody said and the code they said it about.

Six kinds, each free of the answer's own wording where it can be: a doc comment and its chunk
without that comment; a file's and a symbol's name and the chunk (which holds no path); the opening
comment of a file and what the file defines; a test's name and the symbol that only it can mean; a
section of a page and the definitions its code names; a commit's message and what it changed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.chunk import chunk
from indexer.words import Bag

from . import corpus
from .commits import changed
from .pages import shown
from .pair import KINDS, TEST, Cut, Pair, parsed
from .said import documented, opened, tested

FILES, COMMITS = 400, 700  # of each repository: more of the large ones teaches their words, not new ones


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", type=Path, help="folder with one repository per subfolder")
    options.add_argument("out", type=Path, help="pairs to write, .npz")
    options.add_argument(
        "--histories", help="git directory of a repository, with {name} for its folder's name"
    )
    options.add_argument("--files", type=int, default=FILES, help="read of each repository at most")
    options.add_argument("--commits", type=int, default=COMMITS, help="read of each history, newest first")
    options.add_argument("--workers", type=int, default=1)
    given = options.parse_args()
    found: list[Pair] = []
    with ProcessPoolExecutor(given.workers) as pool:
        work = partial(mine, histories=given.histories, files=given.files, commits=given.commits)
        repositories = corpus.repositories(given.corpus)
        for repository, pairs in zip(repositories, pool.map(work, repositories), strict=True):
            print(repository.name, dict(Counter(pair.kind for pair in pairs)), flush=True)
            found.extend(pairs)
    save(found, given.out)


def mine(repository: Path, histories: str | None, files: int, commits: int) -> list[Pair]:
    sys.setrecursionlimit(10_000)  # an expression of 600 operators is a tree 600 levels deep
    texts = list(islice(corpus.files(repository), files))
    read = [parsed(path.as_posix(), text) for path, text in texts if path.suffix in corpus.CODE]
    cuts = [Cut(file, chunk(file, repository.name)) for file in read]
    found = [
        pair
        for cut in cuts
        if not TEST.search(cut.file.file.path)
        for pair in (*documented(cut), *opened(cut))
    ]
    found.extend(tested(cuts))
    pages = [(path.as_posix(), text) for path, text in texts if path.suffix not in corpus.CODE]
    found.extend(shown(pages, cuts))
    if histories:
        found.extend(changed(histories.format(name=repository.name), commits))
    prefix = repository.name + "/"
    return [Pair(p.kind, prefix + p.file, prefix + p.about, p.question, p.answer) for p in found]


def save(pairs: Sequence[Pair], out: Path) -> None:
    """Write the pairs column by column: words as their crc32, with their counts."""
    columns: dict[str, NDArray[np.generic]] = {}
    for side in ("question", "answer"):
        bags: list[Bag] = [getattr(pair, side) for pair in pairs]
        columns[f"{side}_words"] = np.concatenate([bag.ids for bag in bags])
        columns[f"{side}_counts"] = np.concatenate([bag.counts for bag in bags]).astype(np.float16)
        columns[f"{side}_ends"] = np.cumsum([len(bag.ids) for bag in bags])
    columns["kind"] = np.array([KINDS.index(pair.kind) for pair in pairs], dtype=np.int8)
    for column, attribute in (("source", "file"), ("about", "about")):
        names = [getattr(pair, attribute) for pair in pairs]
        columns[column] = np.unique(names, return_inverse=True)[1].astype(np.int32)
    columns["repository"] = np.array([pair.file.split("/")[0] for pair in pairs])
    np.savez(out, **columns)  # type: ignore[arg-type]
    print(len(pairs), "pairs", dict(Counter(pair.kind for pair in pairs)))


if __name__ == "__main__":
    main()
