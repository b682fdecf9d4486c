"""The last commits that people merged -> what the check says of them, which is hardly ever asked for.

    python -m benchmarks.conventions.commits --checkouts DIR --work DIR [--count 50] [--out FILE] [repo ...]

Merged code was accepted, so a finding is a false alarm or a breach that slipped in. The rules are those at
the parent of the oldest of the commits; the facts follow commit by commit, and the rules are stated anew
every tenth.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.conventions import Rule, read_facts
from retriever.check.change import Change, ChangedFile
from retriever.check.finding import Finding
from retriever.check.style import accuses, style
from retriever.conventions import book_of

from .checkout import Commit, Row, change_of, commits_of, exported, git, row_of, rows_of
from .stated import rules_of

_AGAIN = 10  # commits after which the rules are stated anew, as a running index does after each
SUFFIXES = frozenset("py pyi ts tsx mts cts js jsx mjs cjs vue go java kt rs".split())


@dataclass(frozen=True, slots=True)
class Said:
    """One finding, with the line of code it speaks of."""

    repo: str
    commit: str
    finding: Finding
    code: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one repository. `lines` are the new and changed lines of code."""

    repo: str
    commits: int
    lines: int
    said: tuple[Said, ...]

    @property
    def warnings(self) -> int:
        return sum(one.finding.severity != "note" for one in self.said)

    @property
    def rate(self) -> float:
        """Warnings per 200 changed lines."""
        return 200 * self.warnings / max(1, self.lines)


def checked(repo: str, checkout: Path, work: Path, count: int) -> Checked:
    commits = commits_of(checkout, count, SUFFIXES)
    base = git(checkout, "rev-parse", commits[-1].sha + "^").strip()
    rows = {row[0]: row for row in rows_of(exported(checkout, base, work / "tree"))}
    said: list[Said] = []
    lines = 0
    for change, rules, one in _each(repo, checkout, commits, rows):
        for finding in style(change, rules, read_facts(rows.values())):
            said.append(Said(repo, one.sha[:10], finding, change.by_path[finding.path].code(finding.line)))
        lines += sum(len(file.added) for file in change.files if _is_code(file))
    return Checked(repo, len(commits), lines, tuple(said))


def _each(
    repo: str, checkout: Path, commits: Sequence[Commit], rows: dict[str, Row]
) -> Iterator[tuple[Change, list[Rule], Commit]]:
    """Each commit with the rules it is held against, the oldest first; then `rows` holds what it did."""
    rules: list[Rule] = []
    for nth, commit in enumerate(reversed(commits)):
        if nth % _AGAIN == 0:
            rules = [
                rule for rule in rules_of(book_of(rows.values())) if accuses(rule) and not rule.enforced_by
            ]
        change = change_of(checkout, commit.sha, repo)
        known = tuple(
            file for file in change.files if file.before is None or {file.path, file.old_path} & rows.keys()
        )
        yield replace(change, files=known), rules, commit
        for file in change.files:
            if file.old_path != file.path or file.after is None:
                rows.pop(file.old_path, None)
            if file.after is not None and file.parsed is not None:
                rows[file.path] = row_of(file.parsed)


def _is_code(file: ChangedFile) -> bool:
    return file.parsed is not None and file.parsed.file.kind == "code"


def table(found: Sequence[Checked]) -> str:
    lines = ["| | commits | changed lines | warnings | per 200 lines | notes |", "|---|---|---|---|---|---|"]
    said = tuple(said for one in found for said in one.said)
    whole = Checked("all", sum(one.commits for one in found), sum(one.lines for one in found), said)
    for one in (whole, *found):
        cells = (
            one.repo,
            one.commits,
            one.lines,
            one.warnings,
            f"{one.rate:.2f}",
            len(one.said) - one.warnings,
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def by_rule(found: Sequence[Checked]) -> str:
    """The rules that said most."""
    counts = Counter(
        (one.repo, said.finding.key) for one in found for said in one.said if said.finding.severity != "note"
    )
    return "".join(f"- {count} × `{key}` in {repo}\n" for (repo, key), count in counts.most_common(15))


def judged(found: Sequence[Checked]) -> str:
    """What a reader made of the warnings: breaches that slipped in, and false alarms."""
    rows = json.loads((Path(__file__).resolve().parent / "alarms.json").read_text(encoding="utf-8"))
    known = {(row["repo"], row["commit"], row["path"], row["key"]): row["verdict"] for row in rows}
    said = [one for each in found for one in each.said if one.finding.severity != "note"]
    counts = Counter(
        known.get((one.repo, one.commit, one.finding.path, one.finding.key), "unread") for one in said
    )
    lines = sum(each.lines for each in found)
    false = f"{200 * counts['false'] / max(1, lines):.2f} false alarms per 200 lines"
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) + f": {false}\n"


def main(argv: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--checkouts", type=Path, required=True)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--count", type=int, default=50)
    asked.add_argument("--out", type=Path)
    asked.add_argument("repos", nargs="*")
    given = asked.parse_args(argv)
    repos = given.repos or sorted(path.name for path in given.checkouts.iterdir())
    found = [checked(repo, given.checkouts / repo, given.work, given.count) for repo in repos]
    print(table(found))
    print(judged(found))
    print(by_rule(found))
    if given.out:
        rows = [
            {"repo": one.repo, "commit": one.commit, "path": one.finding.path, "line": one.finding.line,
             "key": one.finding.key, "severity": one.finding.severity, "code": one.code}
            for each in found for one in each.said
        ]  # fmt: skip
        given.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
