"""Python repositories -> how many edges of the graph are true, against what ran and against `ast`.

    python -m benchmarks.graph --work DIR [--only NAME] [--misses FILE]

Each repository's own tests run under benchmarks/graph_trace.py, which writes down who called whom on
which line. An executed edge is found when the graph leads from that line to that function. A proven edge
is true when its line ran and that function was reached from there.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.checkouts import Pinned, checkout
from indexer.files import FileOptions, walk
from indexer.prepare import Task, prepare
from indexer.store.catalog import Catalog, RepoRow
from indexer.store.rows import write_rows
from retriever.graph import Graph

Key = tuple[str, int]  # path and first line of a function

_HERE = Path(__file__).resolve().parent.parent
_LARK = [
    f"tests/test_{name}.py"
    for name in "parser grammar tools trees reconstructor tree_forest_transformer lexer cache".split()
]
_SUITES: dict[str, tuple[Pinned, list[str]]] = {
    name: (Pinned(name, "python", f"https://github.com/{owner}/{name}", commit), tests)
    for name, owner, commit, tests in (
        ("sqlparse", "andialbrecht", "60cdc649726bf1bc4f1b336050560b336da715ec", ["tests"]),
        ("jinja", "pallets", "5ef70112a1ff19c05324ff889dd30405b1002044", ["tests"]),
        ("lark", "lark-parser", "9bae96161b45a5bf70011c75b1ef41228d3f4caa", _LARK),
        ("attrs", "python-attrs", "c1dc5dcba16ed827aa6dcad896b41a3afedb4e32", ["tests"]),
        ("boltons", "mahmoud", "967864f89791509f9eb36b22b4579d36b72a6df2", ["tests"]),
        ("marshmallow", "marshmallow-code", "341b927f219205704728c05cd61f04d7e9727523", ["tests"]),
    )
}


@dataclass
class Tally:
    """What came of one repository."""

    executed: int = 0
    proven: int = 0
    named: int = 0
    written: int = 0
    written_proven: int = 0
    written_named: int = 0
    claimed: int = 0
    true: int = 0
    seen: int = 0  # of the claimed ones, those whose line reached a function of that name
    unfound: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only")
    parser.add_argument("--misses", type=Path)
    args = parser.parse_args()
    rows, against_ast, misses = [], [], []
    for name, (pinned, tests) in _SUITES.items():
        if args.only and name not in args.only.split(","):
            continue
        tree = checkout(pinned, args.work)
        trace = args.work / f"{name}.json"
        if not trace.exists():
            _run_tests(tree, trace, tests)
        with _graph(tree) as graph:
            tally = against_trace(graph, tree, json.loads(trace.read_text()))
            rows.append((name, tally))
            against_ast.append((name, against_syntax(graph, tree)))
        misses += [f"{name}: {miss}" for miss in tally.misses]
    print(_executed_table(rows))
    print(_ast_table(against_ast))
    if args.misses:
        args.misses.write_text("\n".join(misses) + "\n")


def _run_tests(tree: Path, out: Path, tests: list[str]) -> None:
    env = {**os.environ, "CAIRN_TRACE_ROOT": str(tree), "CAIRN_TRACE_OUT": str(out)}
    env["PYTHONPATH"] = os.pathsep.join([str(tree / "src"), str(tree), str(_HERE)])
    command = [*"-m pytest -q -p no:cacheprovider -p benchmarks.graph_trace".split(), *tests]
    subprocess.run([sys.executable, *command], cwd=tree, env=env, stdout=sys.stderr, check=False)


class _graph:
    """The graph of a tree, through the same code as the product but for the vectors."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree
        self._folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> Graph:
        from indexer.embed.hashed import HashedEmbedder

        self._catalog = Catalog(Path(self._folder.name) / "catalog.db")
        repo = self._catalog.add_repo("bench", str(self._tree))
        paths = tuple(c.path for c in walk(self._tree, FileOptions()).files if c.path.endswith(".py"))
        batch = prepare(Task("bench", str(self._tree), paths, {}), HashedEmbedder())
        with self._catalog.writing() as db:
            write_rows(db, repo.id, batch.prepared, [], [], [])
        return Graph(self._catalog, self._repo())

    def _repo(self) -> RepoRow:
        return self._catalog.repo("bench")

    def __exit__(self, *_: object) -> None:
        self._catalog.close()
        self._folder.cleanup()


def against_trace(graph: Graph, tree: Path, trace: dict[str, object]) -> Tally:
    """Compare edges with those that ran, line by line."""
    tally = Tally()
    targets, names = _edges_by_line(graph)
    reached: dict[Key, set[Key]] = {}
    called: dict[Key, set[str]] = {}
    late = _late_functions(tree)
    for path, line, caller, to, first, qualname in trace["edges"]:  # type: ignore[attr-defined]
        reached.setdefault((path, line), set()).add((to, first))
        called.setdefault((path, line), set()).add(qualname.rpartition(".")[2])
        if not (tree / path).is_file() or not (tree / to).is_file():
            continue  # code that was made while the tests ran
        found = targets.get((path, line), {}).get((to, first))
        is_written = _is_written(qualname, names.get((path, line), set()))
        tally.executed += 1
        tally.proven += found is True
        tally.named += found is not None
        if is_written:
            tally.written += 1
            tally.written_proven += found is True
            tally.written_named += found is not None
        if found is not True:
            why = "written" if is_written else _class_of(qualname, tree, path, line)
            tally.unfound[why + (", by name" if found is False else "")] += 1
            tally.misses.append(
                f"not {'proven' if found is False else 'found'} [{why}] "
                f"{path}:{line} {caller} -> {to}:{first} {qualname}"
            )
    ran = {path: set(lines) for path, lines in trace["lines"].items()}  # type: ignore[attr-defined]
    for (path, line), edges in targets.items():
        if line not in ran.get(path, ()):
            continue
        for key, proven in edges.items():
            row_name = _NAMES.get(key)
            if not proven or key in late or row_name is None:
                continue
            tally.claimed += 1
            is_true = key in reached.get((path, line), ())
            tally.true += is_true
            seen = is_true or row_name in called.get((path, line), ())
            tally.seen += seen
            if not is_true:
                tally.misses.append(
                    f"wrong [{'another ran' if seen else 'none ran'}] {path}:{line} -> "
                    f"{key[0]}:{key[1]} {row_name}"
                )
    return tally


_NAMES: dict[Key, str] = {}


def _edges_by_line(graph: Graph) -> tuple[dict[Key, dict[Key, bool]], dict[Key, set[str]]]:
    """Every call with the functions it means; and the names that are called on each line."""
    targets: dict[Key, dict[Key, bool]] = {}
    names: dict[Key, set[str]] = {}
    _NAMES.clear()
    for file in graph.catalog.files(graph.repo):
        for use in graph.references(file.id):
            if use.kind != "call":
                continue
            place = use.path, use.line
            names.setdefault(place, set()).update((use.name, use.qualifier.rpartition(".")[2]))
            for row, proven in graph.targets(use):
                if row.kind in ("function", "method"):
                    key = row.path, row.start
                    _NAMES[key] = row.name
                    edges = targets.setdefault(place, {})
                    edges[key] = edges.get(key, False) or proven
    return targets, names


def _is_written(qualname: str, names: set[str]) -> bool:
    """Whether a line calls a function by its name, or by the name of its class."""
    owner, _, name = qualname.rpartition(".")
    return name in names or (name in ("__init__", "__new__") and owner.rpartition(".")[2] in names)


def _class_of(qualname: str, tree: Path, path: str, line: int) -> str:
    name = qualname.rpartition(".")[2]
    lines = (tree / path).read_text().split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    if name in ("__init__", "__new__", "__call__"):
        made = text.lstrip().startswith(("class ", "@"))
        return "a class made by its metaclass" if made else "an object made or called under another name"
    if name.startswith("__") and name.endswith("__"):
        return "an operator or a protocol"
    return "an attribute that is a property" if f".{name}" in text else "a function handed over"


def _late_functions(tree: Path) -> set[Key]:
    """Generators and coroutines, whose calls the trace does not see."""
    late = set()
    for path, module in _modules(tree):
        for node in ast.walk(module):
            if isinstance(node, ast.AsyncFunctionDef) or (
                isinstance(node, ast.FunctionDef) and _yields(node)
            ):
                late.add((path, min([d.lineno for d in node.decorator_list] + [node.lineno])))
    return late


def _yields(function: ast.FunctionDef) -> bool:
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo += ast.iter_child_nodes(node)
    return False


def _modules(tree: Path) -> Iterator[tuple[str, ast.Module]]:
    for candidate in walk(tree, FileOptions()).files:
        if candidate.path.endswith(".py"):
            try:
                yield candidate.path, ast.parse((tree / candidate.path).read_bytes())
            except SyntaxError:
                continue


def against_syntax(graph: Graph, tree: Path) -> dict[str, tuple[int, int, int]]:
    """Kind of fact -> how many `ast` knows, how many the index does, how many both."""
    theirs: dict[str, set[tuple[object, ...]]] = {
        k: set() for k in ("definitions", "calls", "bases", "imports")
    }
    ours: dict[str, set[tuple[object, ...]]] = {k: set() for k in theirs}
    indexed = {file.path: file.id for file in graph.catalog.files(graph.repo)}
    for path, module in _modules(tree):
        if path not in indexed:
            continue
        for kind, fact in _facts(module):
            theirs[kind].add((path, *fact))
        for row in graph.symbols(indexed[path]):
            if row.kind in ("function", "method", "class"):
                ours["definitions"].add((path, row.start, row.end, row.qualname))
        for use in graph.references(indexed[path]):
            kind = {"call": "calls", "inherit": "bases", "import": "imports"}[use.kind]
            ours[kind].add((path, use.line, use.name) if kind == "imports" else (path, use.line))
    return {k: (len(theirs[k]), len(ours[k]), len(theirs[k] & ours[k])) for k in theirs}


def _facts(module: ast.Module) -> Iterator[tuple[str, tuple[object, ...]]]:
    todo: list[tuple[ast.AST, str]] = [(module, "")]
    while todo:
        node, scope = todo.pop()
        inner = scope
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{scope}.{node.name}" if scope else node.name
            first = min([d.lineno for d in node.decorator_list] + [node.lineno])
            yield "definitions", (first, node.end_lineno, inner)
            yield from (
                ("calls", (_name_line(d),)) for d in node.decorator_list if not isinstance(d, ast.Call)
            )
            if isinstance(node, ast.ClassDef):
                for base in node.bases:
                    named = base.value if isinstance(base, ast.Subscript) else base
                    if isinstance(named, ast.Name | ast.Attribute):
                        yield "bases", (_name_line(named),)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield "calls", (_name_line(node.func),)
        elif isinstance(node, ast.ImportFrom) and node.module == "__future__":
            continue  # says how to compile, and binds nothing that is used
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                bound = alias.asname or (
                    alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name
                )
                yield "imports", (alias.lineno, bound)
        todo += [(child, inner) for child in ast.iter_child_nodes(node)]


def _name_line(node: ast.expr) -> int:
    """The line on which the last name of an expression stands."""
    return (node.end_lineno or node.lineno) if isinstance(node, ast.Attribute) else node.lineno


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _executed_table(rows: list[tuple[str, Tally]]) -> str:
    out = [
        "| repository | executed edges | found, proven | found at all | written calls | proven | at all "
        "| proven edges on lines that ran | reached | of calls seen to run |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, t in rows:
        out.append(
            f"| {name} | {t.executed} | {_share(t.proven, t.executed)} | {_share(t.named, t.executed)} "
            f"| {t.written} | {_share(t.written_proven, t.written)} | {_share(t.written_named, t.written)} "
            f"| {t.claimed} | {_share(t.true, t.claimed)} | {_share(t.true, t.seen)} |"
        )
    out.append("")
    for name, t in rows:
        out.append(
            f"{name}, executed and not proven: " + ", ".join(f"{n} {w}" for w, n in t.unfound.most_common())
        )
    return "\n".join(out)


def _ast_table(rows: list[tuple[str, dict[str, tuple[int, int, int]]]]) -> str:
    out = [
        "",
        "| repository | fact | in `ast` | in the index | recall | precision |",
        "|---|---|---|---|---|---|",
    ]
    for name, kinds in rows:
        for kind, (theirs, ours, both) in kinds.items():
            out.append(
                f"| {name} | {kind} | {theirs} | {ours} | {_share(both, theirs)} | {_share(both, ours)} |"
            )
    return "\n".join(out)


if __name__ == "__main__":
    main()
