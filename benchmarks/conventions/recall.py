"""What maintainers state -> how much of it Cairn states, and how: as a rule, kept by a tool, cited.

    python -m benchmarks.conventions.recall --checkouts DIR --work DIR [--out FILE] [repo ...]

Each label is met by a rule that is shown, by one that is true of nearly all code and shown with --all only,
by one that a tool enforces (configured settings belong there), or by the written sentence itself, cited.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .checkout import exported, rows_of
from .labels import Label, denies, labels, states
from .stated import Stated, stated

WAYS = ("rule", "ordinary", "enforced", "cited")  # how a statement may be met, the best first
_NEAR = 3  # lines: a sentence may begin above the words that were quoted


@dataclass(frozen=True, slots=True)
class Met:
    """How a label is met: one of WAYS, `denied` where a rule says otherwise, `missed`, or `uncountable`.

    `by` names the rule or the place, "" for none.
    """

    label: Label
    way: str
    by: str = ""
    cited: bool = False

    @property
    def found(self) -> bool:
        return self.way in WAYS or self.cited


def met(label: Label, found: Stated) -> Met:
    cited = _cited(label, found)
    if not label.concept:
        return Met(label, "cited" if cited else "uncountable", cited, bool(cited))
    ways: dict[str, str] = {}
    for rule in found.rules:
        if states(rule, label):
            kept = rule.enforced_by or rule.family == "tooling"
            told = bool(rule.written or not rule.ordinary)
            ways.setdefault("enforced" if kept else "rule" if told else "ordinary", rule.key)
    for way in WAYS:
        if way in ways:
            return Met(label, way, ways[way], bool(cited))
    if cited:
        return Met(label, "cited", cited, True)
    against = next((rule.key for rule in found.rules if denies(rule, label)), "")
    return Met(label, "denied" if against else "missed", against)


def _cited(label: Label, found: Stated) -> str:
    """The place of a sentence that Cairn quotes, where it is the one of the label."""
    places = [saying.place for saying in found.sayings]
    places += [place for rule in found.rules for place in (*rule.written, *rule.against)]
    for place in places:
        path, _, line = place.rpartition(":")
        if path == label.path and -_NEAR <= int(line) - label.line <= 1:
            return place
    return ""


def table(mets: Sequence[Met]) -> str:
    lines = [
        "| | statements | countable | as a rule | ordinary | by a tool | only cited | found | of countable "
        "| said otherwise | not countable | of those cited |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    groups: list[tuple[str, list[Met]]] = [("all", list(mets))]
    for name in ("dev", "held out"):
        groups.append((name, [one for one in mets if one.label.split == name]))
    for repo in dict.fromkeys(one.label.repo for one in mets):
        groups.append((repo, [one for one in mets if one.label.repo == repo]))
    for family in sorted({one.label.family for one in mets}):
        groups.append((f"*{family}*", [one for one in mets if one.label.family == family]))
    for name, group in groups:
        if group:
            lines.append(_line(name, group))
    return "\n".join(lines) + "\n"


def _line(name: str, group: Sequence[Met]) -> str:
    countable = [one for one in group if one.label.concept]
    rest = [one for one in group if not one.label.concept]
    ways = Counter(one.way for one in countable)
    found = sum(one.found for one in countable)
    share = f"{found / len(countable):.0%}" if countable else "-"
    cells = (
        name, len(group), len(countable), ways["rule"], ways["ordinary"], ways["enforced"], ways["cited"],
        found, share, ways["denied"], len(rest), sum(one.cited for one in rest),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--checkouts", type=Path, required=True)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--out", type=Path)
    asked.add_argument("repos", nargs="*")
    given = asked.parse_args(argv)
    found: list[Met] = []
    wanted = labels()
    for repo in given.repos or dict.fromkeys(label.repo for label in wanted):
        mine = [label for label in wanted if label.repo == repo]
        checkout = given.checkouts / repo
        root = exported(checkout, mine[0].commit, given.work / "tree")
        found += compared(mine, stated(rows_of(root), checkout))
    print(table(found))
    print(misses(found))
    if given.out:
        rows = [{"id": one.label.id, "way": one.way, "by": one.by, "cited": one.cited} for one in found]
        given.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def compared(wanted: Iterable[Label], found: Stated) -> list[Met]:
    return [met(label, found) for label in wanted]


def misses(found: Sequence[Met]) -> str:
    lines = []
    for one in found:
        if one.label.concept and not one.found:
            says = f" (it says `{one.by}`)" if one.by else ""
            lines.append(f"- {one.label.repo}: {one.label.statement}{says} `{one.label.source}`")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
