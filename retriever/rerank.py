"""The first answers in order, and a second model's opinion of each -> the order of both together.

The first stage knows names, paths and definitions, the second reads; so its opinion is mixed in and never
replaces. Where it cannot be had the order stays, and the answer says so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from indexer.embed import encoder_text
from indexer.errors import CairnError, EmbeddingFailed
from indexer.store.catalog import Catalog

from .judges import Judge, Scores, load_judge
from .question import Question
from .rank import Ranked
from .second import SecondOptions

log = logging.getLogger(__name__)

SHARE = 0.2  # of the second opinion; see benchmarks/results/rerank.md
_REST = 30.0  # seconds without a try after a failure: an endpoint that hangs must not slow every search


class Reranked(NamedTuple):
    """`moved` gives reasons for chunks that changed place, `note` says what was in the way."""

    ranked: list[Ranked]
    moved: Mapping[str, tuple[str, ...]]
    note: str | None = None


class SecondStage:
    """Judges the first `options.candidates` answers. The model is loaded with the first question; safe to
    share between threads and indexes. `load` makes the judge, `now` is a clock in seconds."""

    def __init__(
        self,
        options: SecondOptions,
        load: Callable[[SecondOptions], Judge] = load_judge,
        now: Callable[[], float] = time.monotonic,
        share: float = SHARE,
    ) -> None:
        self.options = options
        self._load = load
        self._now = now
        self._share = share
        self._judge: Judge | None = None
        self._loading = threading.Lock()
        self._trouble: tuple[str, float] | None = None  # what was said, and until when none is tried

    def __str__(self) -> str:
        return f"{self.options.spec} over the first {self.options.candidates}"

    def close(self) -> None:
        """Let go of the model; the next question loads it again."""
        with self._loading:
            judge, self._judge = self._judge, None
        if hasattr(judge, "close"):
            judge.close()

    def reorder(self, question: Question, ranked: list[Ranked], catalog: Catalog) -> Reranked:
        """Never raises for what is wrong with the second model."""
        if question.kind == "symbol" or len(ranked) < 2:
            return Reranked(ranked, {})  # a bare name is looked up, there is nothing to understand
        head = ranked[: self.options.candidates]
        texts = _texts(head, catalog)
        try:
            scores = self._opinions(question.text, texts)
        except CairnError as error:
            said = f"the second stage {self.options.spec} gave no opinion ({error}); the order is the first's"
            return Reranked(ranked, {}, said)
        return self._reordered(head, ranked[len(head) :], scores.tolist())

    @property
    def judge(self) -> Judge:
        """Raises what `load_judge` raises, and again for a while without a try."""
        with self._loading:  # who waited here for a load that failed does not try it too
            self._refuse_while_resting()
            if self._judge is None:
                with self._resting_after_a_failure():
                    self._judge = self._load(self.options)
            return self._judge

    def _opinions(self, question: str, texts: Sequence[str]) -> Scores:
        judge = self.judge
        with self._resting_after_a_failure():
            return judge.scores(question, texts)

    def _refuse_while_resting(self) -> None:
        trouble = self._trouble
        if trouble is not None and self._now() < trouble[1]:
            raise EmbeddingFailed(trouble[0])

    @contextmanager
    def _resting_after_a_failure(self) -> Iterator[None]:
        try:
            yield
        except CairnError as error:
            log.warning("the second stage %s failed: %s", self.options.spec, error)
            self._trouble = str(error), self._now() + _REST
            raise
        self._trouble = None

    def _reordered(
        self, head: Sequence[Ranked], tail: Sequence[Ranked], opinions: Sequence[float]
    ) -> Reranked:
        firsts = _first_scores(head)
        low, high = min(firsts), max(firsts)
        mixed = mix(firsts, opinions, self._share)
        order = sorted(range(len(head)), key=lambda place: (-mixed[place], place))
        # Scores stay on the first stage's scale, so that they fall from the first answer to the last.
        ranked = [head[place]._replace(file_score=low + mixed[place] * (high - low)) for place in order]
        moved = {
            head[old].candidate.chunk.id: (f"{self.options.spec} moved it {_way(old, new)}",)
            for new, old in enumerate(order)
            if new != old
        }
        return Reranked([*ranked, *tail], moved)


def _texts(head: Sequence[Ranked], catalog: Catalog) -> list[str]:
    """What an embedder of this index would see of them, so that one cache serves both."""
    chunks = [one.candidate.chunk for one in head]
    texts = catalog.texts([chunk.nr for chunk in chunks])
    return [encoder_text(chunk.scope, chunk.defines, texts.get(chunk.nr, "")) for chunk in chunks]


def _way(old: int, new: int) -> str:
    return "up" if new < old else "down"


def mix(firsts: Sequence[float], opinions: Sequence[float], share: float = SHARE) -> list[float]:
    """Both brought to 0..1 over these answers, then weighed."""
    return [
        float((1 - share) * first + share * opinion)
        for first, opinion in zip(_spread(firsts), _spread(opinions), strict=True)
    ]


def _spread(scores: Sequence[float]) -> list[float]:
    low, high = min(scores), max(scores)
    return [(score - low) / (high - low) if high > low else 0.0 for score in scores]


def _first_scores(ranked: Sequence[Ranked]) -> list[float]:
    """A number for each place that never rises: a file's own for its best chunk, and for a further chunk
    that of the next file, which it stands before."""
    seen: set[tuple[str, str]] = set()
    is_best = []
    for one in ranked:
        file = (one.candidate.repo, one.candidate.chunk.path)
        is_best.append(file not in seen)
        seen.add(file)
    scores = np.zeros(len(ranked))
    below = min(one.file_score for one in ranked)
    for place in range(len(ranked) - 1, -1, -1):
        below = scores[place] = max(below, ranked[place].file_score) if is_best[place] else below
    found: list[float] = scores.tolist()
    return found
