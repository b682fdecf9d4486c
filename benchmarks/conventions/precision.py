"""The rules that are shown -> a sample that is always the same one, and what a reader made of it.

    python -m benchmarks.conventions.precision --checkouts DIR --work DIR [--count 160] [--judge]

`verdicts.json` holds a verdict on each rule that was read: `true` (a maintainer would agree: its places were
looked at), `trivial` (true, but nobody needs it said) or `wrong` (not what the team means, or counted
wrongly), and why. `--judge` prints the rules of the sample that have none, with the lines of their places.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from indexer.conventions import Rule

from .checkout import exported, git, rows_of
from .labels import labels
from .stated import stated

_HERE = Path(__file__).resolve().parent
VERDICTS = ("true", "trivial", "wrong")


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule that is shown of a repository. `rank` orders all of them by nothing that they say."""

    repo: str
    rule: Rule

    @property
    def rank(self) -> str:
        return blake2b(f"drawn last {self.repo} {self.rule.key}".encode(), digest_size=8).hexdigest()


def shown(repo: str, rules: Iterable[Rule]) -> list[Shown]:
    return [Shown(repo, rule) for rule in rules if rule.written or not rule.ordinary]


def sample(rules: Iterable[Shown], count: int) -> list[Shown]:
    """Rules that come and go move few others in or out, so verdicts outlast a change of the counters."""
    return sorted(rules, key=lambda one: one.rank)[:count]


def verdicts() -> dict[tuple[str, str], tuple[str, str]]:
    rows = json.loads((_HERE / "verdicts.json").read_text(encoding="utf-8"))
    return {(row["repo"], row["key"]): (row["verdict"], row["reason"]) for row in rows}


def table(drawn: Sequence[Shown], of: int) -> str:
    known = verdicts()
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for one in drawn:
        verdict = known.get((one.repo, one.rule.key), ("unread", ""))[0]
        for name in ("all", one.rule.family, one.rule.language, "by a tool" if one.rule.enforced_by else ""):
            groups[name][verdict] += 1
    lines = [
        f"{len(drawn)} of {of} rules that are shown:\n",
        "| | true | trivial | wrong | unread | precision |",
        "|---|---|---|---|---|---|",
    ]
    for name, counts in sorted(groups.items()):
        read = sum(counts[verdict] for verdict in VERDICTS)
        if name:
            share = f"{(counts['true'] + counts['trivial']) / read:.0%}" if read else "-"
            lines.append(
                f"| {name} | {' | '.join(str(counts[v]) for v in (*VERDICTS, 'unread'))} | {share} |"
            )
    return "\n".join(lines) + "\n"


def page(one: Shown, root: Path) -> str:
    """A rule as a judge reads it: with the code at its places."""
    rule = one.rule
    lines = [
        f"{one.repo} {rule.key} {rule.support}/{rule.total} {rule.family} usual {rule.usual} "
        f"{rule.enforced_by and 'by ' + rule.enforced_by} {rule.written or ''}\n  {rule.statement}"
    ]
    for mark, places in (("+", rule.examples[:2]), ("-", rule.counter_examples[:2])):
        lines += [f"  {mark} {place}  {_code(root, place)}" for place in places]
    return "\n".join(lines)


def _code(root: Path, place: str) -> str:
    path, _, line = place.rpartition(":")
    if not line.isdigit() or not (root / path).is_file():
        return ""
    text = (root / path).read_text(encoding="utf-8", errors="replace").split("\n")
    return text[int(line) - 1].strip()[:110] if int(line) <= len(text) else ""


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--checkouts", type=Path, required=True)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--count", type=int, default=160)
    asked.add_argument("--judge", action="store_true")
    given = asked.parse_args(argv)
    every: list[Shown] = []
    for repo in dict.fromkeys(label.repo for label in labels()):
        checkout = given.checkouts / repo
        root = exported(checkout, git(checkout, "rev-parse", "HEAD").strip(), given.work / repo)
        every += shown(repo, stated(rows_of(root), checkout).rules)
    drawn = sample(every, given.count)
    if given.judge:
        known = verdicts()
        for one in drawn:
            if (one.repo, one.rule.key) not in known:
                print(page(one, given.work / one.repo))
    print(table(drawn, len(every)))


if __name__ == "__main__":
    main()
