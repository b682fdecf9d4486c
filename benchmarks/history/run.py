"""Every fix of the list -> the same fix, made and proven by the agent: python -m benchmarks.history.run

python -m benchmarks.history.run --mirrors DIR --work DIR [--clone] [--out FILE [--table]] [owner/name ...]
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from agent.log.outcome import Outcome
from agent.log.persons import approve
from agent.means import Means
from agent.policy import GATES
from agent.run import run_task, work_on
from agent.sandbox.bwrap import Bubblewrap
from agent.workspace import RepoHandle
from api.means import WorkingCopy
from api.service import Service
from api.settings import Settings
from benchmarks.figures import provenance
from benchmarks.history.change import git
from benchmarks.history.checkout import Checkout, checkout, environment, history_of
from benchmarks.history.commits import repositories
from benchmarks.history.mine import is_source
from benchmarks.history.replay import replay
from indexer.errors import CairnError

# A script reads the whole conversation anew for each answer, and pays nothing for it.
_LIMITS = {"input_tokens": 20_000_000, "output_tokens": 1_000_000, "conversation_tokens": 1_000_000}

_PERSON = "who asked for the replay"


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one fix.

    `red` is the run of the new tests on the old code that the replay asked for, `proof` how many tests
    Cairn itself saw fail there and pass at the end. `same`: the tree of the commit is that of the true
    fix. `found` of `fixed` source files were cited in the context that Cairn gave for the task alone, which
    cited `cited` of the repository's `sources`. `asked` is why a person had to approve the change.
    """

    repository: str
    commit: str
    subject: str
    status: str
    before: str = ""
    red: str = ""
    after: str = ""
    proof: int = 0
    same: bool = False
    request: bool = False
    found: int = 0
    fixed: int = 0
    cited: int = 0
    sources: int = 0
    calls: int = 0
    seconds: float = 0.0
    asked: tuple[str, ...] = ()
    said: str = ""

    @property
    def proven(self) -> bool:
        return self.status == "finished" and self.proof > 0 and self.same and self.request


def replayed(made: Checkout, gitdir: Path, python: Path, folder: Path) -> Row:
    """Index a checkout, and let the agent carry out its fix. `folder` is emptied before.

    `gitdir` holds the true fix, `python` runs the tests.
    """
    shutil.rmtree(folder, ignore_errors=True)
    started = time.monotonic()
    service = Service(Settings(data=folder / "data"))
    try:
        repo, _ = service.add_repo(made.root, made.repository.rpartition("/")[2])
        service.sync(repo)
        means = Means(
            service.data.root,
            service.retriever,
            lambda _: replay(made.fix),
            follow=lambda tree: WorkingCopy(service, tree),
            sandbox=Bubblewrap(),
            python=python,
        )
        outcome, asked = carry_out(made, RepoHandle(repo.name, made.root), means)
    finally:
        service.close()
    return replace(_row(made, gitdir, outcome), asked=asked, seconds=round(time.monotonic() - started, 1))


def carry_out(made: Checkout, repo: RepoHandle, means: Means) -> tuple[Outcome, tuple[str, ...]]:
    """Let the agent work, and approve what it asks a person for: the fix is known. Also why it asked."""
    outcome = run_task(made.fix.message, repo, means, {"limits": _LIMITS, "ask": "assume"})
    asked: list[str] = []
    for _ in GATES:
        if outcome.gate is None:
            break
        asked += outcome.gate.reasons
        approve(means.log, outcome.run_id, _PERSON, subject=outcome.gate.subject)
        outcome = work_on(outcome.run_id, repo, means)
    return outcome, tuple(asked)


def _row(made: Checkout, gitdir: Path, outcome: Outcome) -> Row:
    during = [
        event.payload["summary"]
        for event in outcome.events
        if event.type == "tests.finished" and event.payload["stage"] == "during"
    ]
    fixed = {file.path for file in made.fix.files if file.before is not None and is_source(file.path)}
    listed = git(gitdir, "ls-tree", "-r", "-z", "--name-only", made.fix.parent).split("\0")
    sources = {path for path in listed if is_source(path)}
    cited = _cited(outcome) & sources
    return Row(
        made.repository,
        made.fix.commit,
        made.fix.subject,
        outcome.status,
        before=outcome.tests_before or "no test command",
        red=during[0] if during else "",
        after=outcome.tests_after or "",
        proof=len(outcome.proof),
        same=_same(made, gitdir, outcome),
        request=outcome.request is not None,
        found=len(cited & fixed),
        fixed=len(fixed),
        cited=len(cited),
        sources=len(sources),
        calls=sum(event.type == "tool.call" for event in outcome.events),
        said=" ".join(f"{outcome.summary} {outcome.question}".split())[:2000],
    )


def _cited(outcome: Outcome) -> set[str]:
    """The files in the context of the plan's prompt, for which only the task was known."""
    for event in outcome.events:
        if event.type == "context.retrieved" and event.payload["seed"] == "task":
            return {place.rpartition(":")[0] for place in event.payload["cited"]}
    return set()


def _same(made: Checkout, gitdir: Path, outcome: Outcome) -> bool:
    """Whether Cairn's commit holds the very tree of the true fix."""
    if outcome.commit is None or outcome.gitdir is None:
        return False
    tree = git(outcome.gitdir, "rev-parse", f"{outcome.commit}^{{tree}}")
    return tree == git(gitdir, "rev-parse", f"{made.fix.commit}^{{tree}}")


def table(rows: Sequence[Row]) -> str:
    lines = [
        "| fix | before | new tests, old code | after | proof | same tree | asked | context | calls | s |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        link = (
            f"[{row.repository}@{row.commit[:10]}](https://github.com/{row.repository}/commit/{row.commit})"
        )
        after = row.after if row.status == "finished" else f"**{row.status}**: {row.said[:200]}"
        cells = [link, row.before, row.red, after, f"{row.proof}", "yes" if row.same else "no"]
        cells.append("yes" if row.asked else "")
        cells += [
            f"{row.found} of {row.fixed} ({row.cited} of {row.sources})",
            f"{row.calls}",
            f"{row.seconds:.0f}",
        ]
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def account(rows: Sequence[Row]) -> str:
    """The table with its sums."""
    proven = sum(row.proven for row in rows)
    found, fixed = sum(row.found for row in rows), sum(row.fixed for row in rows)
    cited, sources = sum(row.cited for row in rows), sum(row.sources for row in rows)
    chance = sum(row.fixed * row.cited / row.sources for row in rows if row.sources)
    projects = len({row.repository for row in rows})
    sums = [
        f"{proven} of {len(rows)} fixes are proven, of {projects} repositories.",
        f"Of {fixed} source files that were fixed, the context for the task cited {found}; as many files "
        f"drawn by chance would hold {chance:.0f}. It cited {cited} of {sources} sources.",
        f"A person was asked to approve {sum(bool(row.asked) for row in rows)} changes before the push.",
    ]
    return "\n".join(sums) + "\n\n" + table(rows)


def _read(place: Path) -> list[Row]:
    """Rows by repository; of a fix that was run several times the newest."""
    found = [Row(**json.loads(line)) for line in place.read_text().splitlines()]
    rows = {(row.repository, row.commit): row for row in found}
    return [rows[key] for key in sorted(rows)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these repositories, or these commits")
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--clone", action="store_true")
    parser.add_argument("--out", type=Path, help="rows as JSON, one a line, added to; see --table")
    parser.add_argument("--table", action="store_true", help="run nothing: print what is in --out")
    args = parser.parse_args()
    if args.table:
        print(f"{provenance()}\n{account(_read(args.out))}")
        return
    rows = []
    for entry in repositories():
        for commit in entry.commits:
            if args.names and entry.repository not in args.names and commit not in args.names:
                continue
            try:
                gitdir = history_of(entry.repository, args.mirrors, clone=args.clone)
                python = environment(entry, args.work / "environments")
                made = checkout(entry, commit, gitdir, args.work / "trees")
                row = replayed(made, gitdir, python, args.work / "replay" / commit[:12])
            except CairnError as error:
                row = Row(entry.repository, commit, "", "failed", said=str(error))
            rows.append(row)
            print(f"{'proven' if row.proven else 'NOT   '} {row}", flush=True)
            if args.out:
                with args.out.open("a") as out:
                    out.write(json.dumps(asdict(row)) + "\n")
    print(account(rows))


if __name__ == "__main__":
    main()
