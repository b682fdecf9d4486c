"""Speed, memory and disk at Django's size: python -m benchmarks.speed --work DIR

Cold indexes alternate with those of semble (see rival.py) over the same files. Everything is measured
from outside: the installed `cairn` command and its server, from the start of a process to its end.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from statistics import median

from indexer.files import read, walk
from indexer.types import SourceFile

from . import django, rival
from .figures import Figure, table
from .ours import Cairn, Server, percentiles, served
from .processes import Memory, blocks, end_keeper, watched
from .rival import Rival
from .undocument import documented

_EDITED = Path("django/db/models/query.py")  # 2,600 lines: nearer the worst case than the usual one
_QUERIES = 300


@dataclass(frozen=True, slots=True)
class Bench:
    work: Path
    cairn: Cairn
    rival: Rival
    rounds: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="for what is fetched and indexed")
    parser.add_argument("--cairn", type=Path, default=Path(sys.executable).with_name("cairn"))
    parser.add_argument("--rounds", type=int, default=3, help="of every repeated measurement")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="may be repeated")
    parser.add_argument("--out", type=Path, help="write the table here")
    args = parser.parse_args()
    work = args.work.resolve()
    bench = Bench(
        work,
        Cairn(args.cairn, work / "data"),
        Rival(work / "rival", work / "rival-model", work / "rival-index"),
        args.rounds,
    )
    figures: list[Figure] = []
    for name, part in PARTS.items():
        if not args.only or name in args.only:
            for figure in part(bench):
                print(f"{figure.what}: {figure.measured} (target {figure.target or 'none'})", flush=True)
                figures.append(figure)
    text = table(figures)
    if args.out:
        args.out.write_text(text)


def against_semble(bench: Bench) -> list[Figure]:
    """Cold indexes of the Python files, by turns: the same list on both sides."""
    return _by_turns(bench, django.python_only(bench.work), "code", "*.py alone", "<= 0.6")


def everything(bench: Bench) -> list[Figure]:
    """Cold indexes of all text, each by its own choice of files."""
    return _by_turns(bench, django.whole(bench.work), "all", "all text, own choice of files", "")


def _by_turns(bench: Bench, tree: Path, content: str, what: str, target: str) -> list[Figure]:
    bench.rival.prepare()
    _read_once(tree)
    ours, theirs, cpu = [], [], []
    for _ in range(bench.rounds):
        bench.cairn.fresh()
        ran, report = bench.cairn.index(tree)
        end_keeper(bench.cairn.data)
        other, files = bench.rival.index(tree, content)
        ours.append(ran.seconds)
        theirs.append(other.seconds)
        cpu.append((ran.cpu, other.cpu))
    command = f"semble search index DJANGO --content {content}"
    return [
        Figure(f"cold index, {what}, {report['files']} files", _seconds(ours), "", "cairn index DJANGO"),
        Figure(f"semble {rival.VERSION}, {what}, {files} files", _seconds(theirs), "", command),
        Figure("ratio of the medians", f"{median(ours) / median(theirs):.2f}", target, "both, alternating"),
        Figure(
            "CPU seconds of both, all processes",
            f"{median(c for c, _ in cpu):.1f} and {median(c for _, c in cpu):.1f} s", "", "the same runs",
        ),
    ]  # fmt: skip


def _read_once(tree: Path) -> None:
    """So that no side pays for the disk."""
    for path in tree.rglob("*"):
        if path.is_file():
            path.read_bytes()


def _seconds(values: Sequence[float]) -> str:
    return f"{median(values):.2f} s (of {', '.join(f'{v:.2f}' for v in sorted(values))})"


def again(bench: Bench) -> list[Figure]:
    """What is left to do when little or nothing changed, and the small commands."""
    tree = _indexed(bench)
    unchanged = [bench.cairn.index(tree)[0].seconds for _ in range(2 * bench.rounds)]
    edited = []
    for n in range(2 * bench.rounds):
        with _edit(tree / _EDITED, f"edited_by_call_{n}"):
            edited.append(bench.cairn.index(tree)[0].seconds)
        bench.cairn.index(tree)
    asked = ("search", "how are migrations applied?", "--repo", str(tree))
    bench.cairn.run(*asked)
    search = [bench.cairn.run(*asked).seconds for _ in range(3 * bench.rounds)]
    helped = [bench.cairn.run("--help").cpu for _ in range(3 * bench.rounds)]
    end_keeper(bench.cairn.data)
    return [
        Figure("re-index, nothing changed", _seconds(unchanged), "<= 1.0 s", "cairn index DJANGO"),
        Figure(f"re-index, {_EDITED.name} edited, as a command", _seconds(edited), "", "cairn index DJANGO"),
        Figure("search from the command line, keeper warm", _seconds(search), "< 0.5 s", "cairn search …"),
        Figure("help, CPU", f"{1000 * median(helped):.0f} ms", "< 150 ms", "cairn --help"),
    ]


class _edit:
    """A function more at the end of a file, for as long as it is needed."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.before, self.name = path, path.read_bytes(), name

    def __enter__(self) -> None:
        self.path.write_bytes(self.before + f"\n\ndef {self.name}():\n    return None\n".encode())

    def __exit__(self, *_: object) -> None:
        self.path.write_bytes(self.before)


def http(bench: Bench) -> list[Figure]:
    """Latencies of a server, quiet, after a save, and while another process indexes; its memory."""
    tree = _indexed(bench)
    queries = queries_of(tree)
    command = f"POST /v1/search, {len(queries)} different queries, one connection"
    with served(bench.cairn) as server, watched(bench.cairn.data) as memory:
        _settle(server, tree)
        quiet = [server.ask(query, tree.name)[0] for query in queries]
        live = [_live(server, tree, f"edited_while_served_{n}") for n in range(2 * bench.rounds)]
    with served(bench.cairn) as server:
        _settle(server, tree)
        busy = _while_indexing(bench, server, tree, queries)
    return [
        Figure("search over HTTP, p50 / p95 / p99", percentiles(quiet), "<= 12 / 30 ms", command),
        Figure("the same while another process indexes", f"{percentiles(busy)} ({len(busy)})", "", command),
        Figure("from a save to its answer, served", _seconds(live), "<= 0.3 s", "cairn serve; save a file"),
        Figure("PSS while serving, the server and its keeper", _memory(memory), "<= 400 MB", "cairn serve"),
    ]


def queries_of(tree: Path, number: int = _QUERIES) -> list[str]:
    """Sentences and names from the tree by turns, the same ones every time."""
    asked = []
    for found in walk(tree).files:
        file = read(tree, found.path)
        if isinstance(file, SourceFile):
            asked += list(documented(file))
    asked.sort(key=lambda one: blake2b(f"{one.path} {one.qualname}".encode()).digest())
    texts = [one.qualname if n % 3 == 0 else one.sentence for n, one in enumerate(asked)]
    return list(dict.fromkeys(texts))[:number]


def _settle(server: Server, tree: Path) -> None:
    """The server looks at the whole tree once when it starts, and reads ahead while nobody asks; let it, and
    warm it up."""
    for n in range(100):
        server.ask(f"warm up {n}", tree.name)
        time.sleep(0.1)


def _live(server: Server, tree: Path, name: str) -> float:
    """Seconds from a save until a search finds what was saved."""
    with _edit(tree / _EDITED, name):
        started = time.perf_counter()
        while time.perf_counter() - started < 30:
            _, answer = server.ask(name, tree.name, limit=1)
            if answer["hits"] and answer["hits"][0]["symbol"] == name:
                seconds = time.perf_counter() - started
                break
            time.sleep(0.005)
        else:
            raise SystemExit(f"{name} was saved 30 s ago and is still not found")
    time.sleep(1.0)  # the undoing is a change of its own
    return seconds


def _while_indexing(bench: Bench, server: Server, tree: Path, queries: Sequence[str]) -> list[float]:
    """Ask while `cairn index` indexes another repository into the same data directory."""
    other = django.whole(bench.work)
    command = [str(bench.cairn.command), "index", str(other), "--data", str(bench.cairn.data)]
    writer = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    taken: list[float] = []
    while writer.poll() is None:
        taken.append(server.ask(queries[len(taken) % len(queries)], tree.name)[0])
        time.sleep(0.02)  # people pause
    return taken


def memory(bench: Bench) -> list[Figure]:
    """Peak PSS of cold indexes, and what they take on the disk."""
    figures = []
    for tree, what in (
        (django.whole(bench.work), "all text"),
        (django.python_only(bench.work), "*.py alone"),
    ):
        bench.cairn.fresh()
        with watched(bench.cairn.data) as used:
            bench.cairn.index(tree)
        end_keeper(bench.cairn.data)
        size = json.loads(bench.cairn.run("status", "--json").output)["repos"][0]["bytes"]
        share = blocks(bench.cairn.data) / size
        figures += [
            Figure(f"peak PSS of a cold index, {what}", _memory(used), "<= 700 MB", "cairn index DJANGO"),
            Figure(
                f"disk blocks per byte of indexed files, {what}",
                f"{share:.2f} ({size / 1e6:.1f} MB indexed)", "<= 4", "cairn status",
            ),
        ]  # fmt: skip
    return figures


def _memory(used: Memory) -> str:
    parts = ", ".join(f"{name.split()[0]} {size:.0f}" for name, size in sorted(used.parts.items()))
    return f"{used.peak:.0f} MB ({parts})"


def _indexed(bench: Bench) -> Path:
    tree = django.python_only(bench.work)
    bench.cairn.fresh()
    bench.cairn.index(tree)
    return tree


PARTS: dict[str, Callable[[Bench], list[Figure]]] = {
    "against-semble": against_semble,
    "everything": everything,
    "memory": memory,
    "again": again,
    "http": http,
}


if __name__ == "__main__":
    main()
