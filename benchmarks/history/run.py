"""Every fix of the list -> the same fix, made and proven by the agent: python -m benchmarks.history.run

python -m benchmarks.history.run --mirrors DIR --work DIR [--clone] [--out FILE] [owner/name ...]
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.loop import Limits
from agent.run import Outcome, RunOptions, run_task
from agent.sandbox.bwrap import Bubblewrap
from agent.workspace import RepoHandle
from api.service import Service
from api.settings import Settings
from api.tasks import WorkingCopy
from benchmarks.history.change import git
from benchmarks.history.checkout import Checkout, checkout, environment, history_of
from benchmarks.history.commits import repositories
from benchmarks.history.replay import Replay
from indexer.errors import CairnError

_LIMITS = Limits(steps=200, input_tokens=20_000_000, output_tokens=1_000_000, seconds=3600)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one fix. `same`: the tree of the commit is that of the true fix."""

    repository: str
    commit: str
    subject: str
    status: str
    before: str
    after: str
    proof: int
    same: bool
    calls: int
    seconds: float
    said: str

    @property
    def proven(self) -> bool:
        return self.status == "finished" and self.proof > 0 and self.same


def replay(made: Checkout, gitdir: Path, python: Path, folder: Path) -> Row:
    """Index a checkout, and let the agent carry out its fix. `folder` is emptied before.

    `gitdir` holds the true fix, `python` runs the tests.
    """
    shutil.rmtree(folder, ignore_errors=True)
    started = time.monotonic()
    service = Service(Settings(data=folder / "data"))
    try:
        repo, _ = service.add_repo(made.root, made.repository.rpartition("/")[2])
        service.sync(repo)
        outcome = run_task(
            made.fix.message,
            RepoHandle(repo.name, made.root),
            service.retriever,
            Replay(made.fix),
            RunOptions(service.data.root, limits=_LIMITS, python=python, sandbox=Bubblewrap()),
            follow=lambda tree: WorkingCopy(service, tree),
        )
    finally:
        service.close()
    return _row(made, gitdir, outcome, time.monotonic() - started)


def _row(made: Checkout, gitdir: Path, outcome: Outcome, seconds: float) -> Row:
    return Row(
        made.repository,
        made.fix.commit,
        made.fix.subject,
        outcome.status,
        outcome.tests_before.summary if outcome.tests_before else "no test command",
        outcome.tests_after.summary if outcome.tests_after else "",
        len(outcome.proof),
        _same(made, gitdir, outcome),
        sum(event.type == "tool.call" for event in outcome.events),
        seconds,
        outcome.summary.strip().partition("\n")[0],
    )


def _same(made: Checkout, gitdir: Path, outcome: Outcome) -> bool:
    """Whether Cairn's commit holds the very tree of the true fix."""
    if outcome.commit is None or outcome.gitdir is None:
        return False
    tree = git(outcome.gitdir, "rev-parse", f"{outcome.commit}^{{tree}}")
    return tree == git(gitdir, "rev-parse", f"{made.fix.commit}^{{tree}}")


def table(rows: Sequence[Row]) -> str:
    lines = [
        "| fix | tests before | tests after | proof | tree of the true fix | calls | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        link = (
            f"[{row.repository}@{row.commit[:10]}](https://github.com/{row.repository}/commit/{row.commit})"
        )
        after = row.after if row.status == "finished" else f"**{row.status}**: {row.said[:200]}"
        same = "yes" if row.same else "no"
        lines.append(
            f"| {link} | {row.before} | {after} | {row.proof} | {same} | {row.calls} | {row.seconds:.0f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these repositories, or these commits")
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--clone", action="store_true")
    parser.add_argument("--out", type=Path, help="write the table here")
    args = parser.parse_args()
    rows = []
    for entry in repositories():
        for commit in entry.commits:
            if args.names and entry.repository not in args.names and commit not in args.names:
                continue
            try:
                gitdir = history_of(entry, args.mirrors, clone=args.clone)
                python = environment(entry, args.work / "environments")
                made = checkout(entry, commit, gitdir, args.work / "trees")
                row = replay(made, gitdir, python, args.work / "replay")
            except CairnError as error:
                row = Row(entry.repository, commit, "", "failed", "", "", 0, False, 0, 0.0, str(error))
            rows.append(row)
            print(f"{'proven' if row.proven else 'NOT   '} {row}", flush=True)
    print(f"{sum(row.proven for row in rows)} of {len(rows)} are proven")
    if args.out:
        args.out.write_text(table(rows))


if __name__ == "__main__":
    main()
