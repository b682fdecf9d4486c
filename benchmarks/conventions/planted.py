"""Real code that keeps a rule, edited to break it -> does the check say so?

    python -m benchmarks.conventions.planted --checkouts DIR --work DIR [--each 4] [--seed 1] [repo ...]

For each rule that is told of a repository, some of its places are drawn, each is broken by the edits of
`mutations.py` until one parses, and the check is asked twice: about the change that writes the broken
definition anew (the file had everything but it), and about the change that edits the good one into the bad
one.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from .breaches import Planted, plant
from .checkout import exported, git, parsed_of


def table(planted: Sequence[Planted]) -> str:
    lines = [
        "| | planted | of rules that accuse | found, written anew | | found, edited | | of weaker rules |",
        "|---|---|---|---|---|---|---|---|",
    ]
    groups: dict[str, list[Planted]] = defaultdict(list)
    for one in planted:
        groups["all"].append(one)
        groups[one.family].append(one)
        groups[f"{one.family}, {one.language}"].append(one)
    for name, group in sorted(groups.items()):
        strong = [one for one in group if one.strong]
        written, edited = sum(one.written for one in strong), sum(one.edited for one in strong)
        rates = [f"{found / len(strong):.0%}" if strong else "-" for found in (written, edited)]
        lines.append(
            f"| {name} | {len(group)} | {len(strong)} | {written} | {rates[0]} | {edited} | {rates[1]} "
            f"| {len(group) - len(strong)} |"
        )
    return "\n".join(lines) + "\n"


def misses(planted: Sequence[Planted]) -> str:
    """The rules of which breaches went unseen, each with an example."""
    lost: dict[str, list[Planted]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for one in planted:
        if one.strong:
            question = one.key.partition("@")[0]
            seen[question] += 1
            if not (one.written and one.edited):
                lost[question].append(one)
    lines = []
    for key, ones in sorted(lost.items(), key=lambda item: (-len(item[1]), item[0])):
        worst = min(ones, key=lambda one: (one.written, one.edited))
        written, edited = (
            sum(not how for how in hows) for hows in zip(*((o.written, o.edited) for o in ones), strict=True)
        )
        lines.append(
            f"- `{key}` of {seen[key]}: {written} unseen when written, {edited} when edited, as {worst.repo} "
            f"{worst.path}:{worst.line} `{worst.was[:80]}` → `{worst.became[:80]}`"
        )
    return "\n".join(lines) + "\n"


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--checkouts", type=Path, required=True)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--each", type=int, default=4)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path)
    asked.add_argument("repos", nargs="*")
    given = asked.parse_args(argv)
    found: list[Planted] = []
    for repo in given.repos or sorted(path.name for path in given.checkouts.iterdir()):
        checkout = given.checkouts / repo
        root = exported(checkout, git(checkout, "rev-parse", "HEAD").strip(), given.work / "tree")
        found += plant(repo, list(parsed_of(root)), given.each, given.seed)
    print(table(found))
    print(misses(found))
    if given.out:
        given.out.write_text("".join(json.dumps(asdict(one)) + "\n" for one in found), encoding="utf-8")


if __name__ == "__main__":
    main()
