"""What each signal of ranking is worth: python -m benchmarks.ablation --suite DIR --checkouts DIR --kept DIR

Two tables over the semble suite. Every signal taken out: by category where a part of each repository is
indexed, and on whole checkouts. Every constant left to the other repositories, part only: for each
repository the value that is best on the rest of them, scored on that repository. `--kept` keeps what was
found before ranking, some 200 MB, for the next time.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retriever.rank import WEIGHTS, Weights

from .candidates import Found, candidates, score

Scores = NDArray[np.float64]

# Each signal with the value at which it says nothing.
SILENT: Mapping[str, Mapping[str, float]] = {
    "words": {"words": 0.0, "words_symbol": 0.0},
    "meaning": {"words": 1.0, "words_symbol": 1.0},
    "definitions of names that are asked for": {"defines": 0.0, "defines_symbol": 0.0},
    "names handed on by imports": {"hands_on": 0.0},
    "names that say what is asked": {"named": 0.0},
    "a file's further chunks": {"summed": 1},
    "further places wait (again 0.25)": {"again": 0.99},
    "words of the path": {"path_share": 0.0},
    "words of the file's name": {"stem_share": 0.0},
    "shortened words": {"shortened": 0.0},
    "the question's topic": {"topic": 0.0},
    "used by the other good files": {"used": 0.0},
    "tests, examples, docs stand aside": {"aside": 1.0},
    "wrappers stand behind": {"wrapper": 1.0},
    "ports stand behind": {"port": 1.0},
    "old versions stand behind": {"outdated": 1.0},
}

# The constants that were tuned, with the values that were tried.
TRIED: Mapping[str, Sequence[float]] = {
    "words": (0.6, 0.7, 0.8),
    "named": (0.15, 0.25, 0.4),
    "decay": (0.4, 0.5, 0.6),
    "again": (0.1, 0.25, 0.4),
    "path_share": (0.3, 0.5, 0.75),
    "stem_share": (0.35, 0.5, 0.75),
    "shortened": (0.5, 0.7, 0.9),
    "topic": (0.25, 0.4, 0.6),
    "used": (0.4, 0.6, 0.9),
    "aside": (0.25, 0.35, 0.5),
    "wrapper": (0.5, 0.7, 0.85),
    "port": (0.5, 0.7, 0.85),
    "outdated": (0.5, 0.7, 0.85),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--suite", type=Path, required=True)
    parser.add_argument("--checkouts", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="write the tables here")
    args = parser.parse_args()
    args.kept.mkdir(parents=True, exist_ok=True)
    part = candidates(args.suite, args.checkouts, False, args.kept / "part.pickle")
    whole = candidates(args.suite, args.checkouts, True, args.kept / "whole.pickle")
    text = ablation(part, whole)
    print(text, flush=True)
    text += f"\n{left_out(part)}"
    if args.out:
        args.out.write_text(text)


def ablation(part: Sequence[Found], whole: Sequence[Found]) -> str:
    lines = [
        "| without | part | architecture | semantic | symbol | whole | repositories better / worse without |",
        "|---|---|---|---|---|---|---|",
    ]
    full = _both(part, whole, WEIGHTS)
    lines.append(_row("**nothing: all signals**", part, *full, full))
    for name, silent in SILENT.items():
        weights = replace(WEIGHTS, **silent)  # type: ignore[arg-type]
        lines.append(_row(name, part, *_both(part, whole, weights), full))
    return "\n".join(lines) + "\n"


def _row(name: str, part: Sequence[Found], scores: Scores, whole: Scores, full: tuple[Scores, Scores]) -> str:
    categories = [
        np.mean([s for s, found in zip(scores, part, strict=True) if found.category == category])
        for category in ("architecture", "semantic", "symbol")
    ]
    change = _by_repo(part, scores - full[0] + whole - full[1])
    better, worse = sum(c > 0.005 for c in change.values()), sum(c < -0.005 for c in change.values())
    cells = [f"{value:.3f}" for value in (np.mean(scores), *categories, np.mean(whole))]
    return f"| {name} | {' | '.join(cells)} | {better} / {worse} |"


def left_out(found: Sequence[Found]) -> str:
    """For each constant: its values on all repositories, and the choice of the others on each."""
    lines = ["| constant | NDCG@10 by value | chosen by the others | left out |", "|---|---|---|---|"]
    shipped = _scores(found, WEIGHTS)
    for name, values in TRIED.items():
        tried = {}
        for value in values:
            own = value == getattr(WEIGHTS, name)
            weights = replace(WEIGHTS, **{name: value})  # type: ignore[arg-type]
            tried[value] = shipped if own else _scores(found, weights)
        choice = {repo: _best_without(repo, found, tried) for repo in dict.fromkeys(f.repo for f in found)}
        held = np.mean([tried[choice[one.repo]][n] for n, one in enumerate(found)])
        shown = ", ".join(f"{value:g}: {np.mean(scores):.4f}" for value, scores in tried.items())
        picked = ", ".join(
            f"{v:g} ({list(choice.values()).count(v)})" for v in values if v in choice.values()
        )
        lines.append(f"| {name} | {shown} | {picked} | {held:.4f} |")
        print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


def _best_without(repo: str, found: Sequence[Found], tried: Mapping[float, Scores]) -> float:
    others = np.array([one.repo != repo for one in found])
    return max(tried, key=lambda value: float(tried[value][others].mean()))


def _both(part: Sequence[Found], whole: Sequence[Found], weights: Weights) -> tuple[Scores, Scores]:
    return _scores(part, weights), _scores(whole, weights)


def _scores(found: Sequence[Found], weights: Weights) -> Scores:
    return np.array([score(one, weights) for one in found])


def _by_repo(found: Sequence[Found], change: Scores) -> dict[str, float]:
    return {
        repo: float(np.mean([c for c, one in zip(change, found, strict=True) if one.repo == repo]))
        for repo in {one.repo for one in found}
    }


if __name__ == "__main__":
    main()
