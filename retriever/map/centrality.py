"""Say of each file how central it is to its repository, whatever is asked."""

from __future__ import annotations

import numpy as np

from indexer.store.catalog import Catalog, RepoRow

from .focus import Focus, begin
from .network import Network, network_of


def centrality(catalog: Catalog, repo: RepoRow, network: Network | None = None) -> dict[str, float]:
    """Path -> the share of all attention that falls on a file and its definitions; the shares sum to 1.

    `network` is that of the generation where one was made already: making it is nearly all the cost.
    """
    network = network or network_of(catalog, repo)
    if not network.files:
        return {}
    scores = network.rank(begin(network, Focus()))
    sums = np.bincount(network.file, scores, len(network.files))
    return {file.path: float(score) for file, score in zip(network.files, sums, strict=True)}
