"""How long until the index knows? At Django's size, over HTTP.

    python -m benchmarks.freshness --work DIR [--saves 120] [--tree DJANGO] [--out FILE]

A copy of the tree under git is served. Measured from outside: from a save to the answer that holds it (asked
for again and again, and once with wait_for), from the start of an unchanged server until it has looked
at every file, from a checkout until the answers are of the new commit, and from the registration of an
unknown repository to its first answer.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import django
from .figures import Figure, table
from .ours import Cairn, Server, percentiles, served

_LONG = 300.0  # seconds that nothing here takes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="for what is fetched and indexed")
    parser.add_argument("--cairn", type=Path, default=Path(sys.executable).with_name("cairn"))
    parser.add_argument("--tree", type=Path, help="Django's source distribution; fetched when not given")
    parser.add_argument("--saves", type=int, default=120)
    parser.add_argument("--out", type=Path, help="write the table here")
    args = parser.parse_args()
    bench = Bench(Cairn(args.cairn, args.work / "data"), _repository(args.work, args.tree), args.saves)
    figures = []
    for figure in bench.figures():
        figures.append(figure)
        print(f"{figure.what}: {figure.measured}", flush=True)
    page = table(figures)
    if args.out:
        args.out.write_text(page)
    else:
        print(page)


@dataclass(frozen=True, slots=True)
class Bench:
    cairn: Cairn
    tree: Path
    saves: int

    def figures(self) -> Iterator[Figure]:
        self.cairn.fresh()
        with served(self.cairn) as server:
            yield from self._cold(server)
        with served(self.cairn) as server:
            _settled(server, self.tree.name)
            yield from self._saved(server)
            for branch, files in _BRANCHES.items():
                yield from self._checkout(server, branch, files)
        yield from self._restart()

    def _cold(self, server: Server) -> Iterator[Figure]:
        started = time.perf_counter()
        _ask(server, "POST", "/v1/repos", {"path": str(self.tree)})
        while not (answer := server.ask("file", self.tree.name)[1])["hits"]:
            time.sleep(0.01)
        first = time.perf_counter() - started
        partial = answer["index"]["partial"]
        _settled(server, self.tree.name)
        whole = time.perf_counter() - started
        said = f"{first:.2f} s, partial: {json.dumps(partial)}"
        yield Figure("first answer of a repository nobody knew", said, "<= 2 s", "POST /v1/repos, /v1/search")
        yield Figure("all of it indexed", f"{whole:.2f} s", "", "POST /v1/repos")

    def _saved(self, server: Server) -> Iterator[Figure]:
        rng = random.Random(3)
        files = [path for path in sorted(self.tree.rglob("*.py")) if path.stat().st_size > 500]
        searched, waited = [], []
        for number in range(2 * self.saves):
            path = rng.choice(files)
            name = f"saved_here_{number}"
            with _edited(path, f"\n\ndef {name}():\n    return {number}\n"):
                if number % 2:
                    seconds = _until_found(server, self.tree.name, name)
                    searched.append(seconds)
                else:
                    waited.append(_with_wait(server, self.tree.name, name))
            time.sleep(0.5)  # the undoing is a change of its own
        yield Figure(
            f"from a save to its answer, p50 / p95 / p99 of {len(searched)}", percentiles(searched),
            "p95 <= 500 ms", "cairn serve; save; POST /v1/search",
        )  # fmt: skip
        yield Figure(
            f"the same asked once, to wait, p50 / p95 / p99 of {len(waited)}", percentiles(waited),
            "", 'POST /v1/search {"wait_for": "now"}',
        )  # fmt: skip

    def _checkout(self, server: Server, branch: str, files: int) -> Iterator[Figure]:
        for target in (branch, "main"):
            before = _syncs(server)
            started = time.perf_counter()
            _git(self.tree, "checkout", "-q", target)
            checked_out = time.perf_counter() - started
            commit = _git(self.tree, "rev-parse", "HEAD").strip()
            server.connection.close()  # the server closes a line that is idle for long
            mixed = 0
            while True:
                index = server.ask("queryset filter", self.tree.name)[1]["index"]
                if index["commit"] == commit and index["pending"] == 0:
                    break
                mixed += index["pending"] == 0
                if time.perf_counter() - started > _LONG:
                    raise SystemExit(f"{target} is not indexed after {_LONG:.0f} s: {index}")
                time.sleep(0.02)
            seconds = time.perf_counter() - started
            said = (
                f"{seconds:.2f} s ({checked_out:.2f} of them git's), {_syncs(server) - before:.0f} syncs, "
                f"{mixed} answers of the old commit with nothing pending"
            )
            yield Figure(f"checkout of {target}, {files} files changed", said, "", f"git checkout {target}")

    def _restart(self) -> Iterator[Figure]:
        seconds, generations = [], []
        for _ in range(4):  # the first finds what the last checkout left
            started = time.perf_counter()
            with served(self.cairn) as server:
                generations.append(_settled(server, self.tree.name)["generation"])
                seconds.append(time.perf_counter() - started)
        said = (
            f"{min(seconds[1:]):.2f} s (of {', '.join(f'{s:.2f}' for s in seconds[1:])}), "
            f"{generations[-1] - generations[0]} generations more"
        )
        what = "start of a server with nothing changed, until every file was looked at"
        yield Figure(what, said, "<= 1.5 s, 0", "cairn serve")


_BRANCHES = {"a-thousand": 1_000, "five-thousand": 5_000}


def _repository(work: Path, given: Path | None) -> Path:
    """A copy of the tree under git, with the branches that are checked out."""
    tree = work / "django-git"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(given or django.whole(work), tree, symlinks=True)
    for number in range(3_000):
        path = tree / "extra" / f"pkg_{number % 50}" / f"module_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"def extra_{number}(value):\n    return value + {number}\n")
    _git(tree, "init", "-q", "-b", "main")
    _git(tree, "add", "-A")
    _git(tree, "commit", "-q", "-m", "one")
    files = [path for path in sorted(tree.rglob("*.py")) if path.stat().st_size]
    for branch, number in _BRANCHES.items():
        _git(tree, "checkout", "-q", "-b", branch, "main")
        if len(files) < number:
            raise SystemExit(f"{tree} holds {len(files)} Python files, fewer than {number}")
        for path in files[-number:]:
            with path.open("a") as file:
                file.write(f"\n\ndef on_{branch.replace('-', '_')}():\n    return 1\n")
        _git(tree, "commit", "-q", "-a", "-m", branch)
    _git(tree, "checkout", "-q", "main")
    return tree


@contextlib.contextmanager
def _edited(path: Path, more: str) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(before + more.encode())
    try:
        yield
    finally:
        path.write_bytes(before)


def _until_found(server: Server, repo: str, name: str) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < _LONG:
        _, answer = server.ask(name, repo, limit=1)
        if answer["hits"] and answer["hits"][0]["symbol"] == name:
            return time.perf_counter() - started
        time.sleep(0.005)
    raise SystemExit(f"{name} was saved {_LONG:.0f} s ago and is not found")


def _with_wait(server: Server, repo: str, name: str) -> float:
    started = time.perf_counter()
    wish = {"generation": "now", "timeout": 30}
    answer = _ask(
        server, "POST", "/v1/search", {"query": name, "repos": [repo], "limit": 1, "wait_for": wish}
    )
    seconds = time.perf_counter() - started
    if not answer["hits"] or answer["hits"][0]["symbol"] != name:
        raise SystemExit(f"{name} was waited for and is not in the answer: {answer['index']}")
    return seconds


def _settled(server: Server, repo: str) -> dict[str, Any]:
    """The repository, when all of its files were looked at."""
    until = time.monotonic() + _LONG
    while time.monotonic() < until:
        said = _ask(server, "GET", f"/v1/repos/{repo}?wait_for=now&timeout=30")
        if said["complete"] and not said["pending"]:
            return said
    raise SystemExit(f"the sync of {repo} takes longer than {_LONG:.0f} s")


def _syncs(server: Server) -> float:
    """How many syncs changes have asked for so far."""
    server.connection.request("GET", "/metrics")
    lines = server.connection.getresponse().read().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("cairn_searchable_seconds_count"))


def _ask(server: Server, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    sent = None if body is None else json.dumps(body)
    server.connection.request(method, path, sent, {"Content-Type": "application/json"})
    response = server.connection.getresponse()
    answer: dict[str, Any] = json.loads(response.read())
    if response.status >= 400:
        raise SystemExit(f"{method} {path}: {answer}")
    return answer


def _git(tree: Path, *words: str) -> str:
    identity: Sequence[str] = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "gc.auto=0")
    done = subprocess.run(["git", *identity, *words], cwd=tree, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
