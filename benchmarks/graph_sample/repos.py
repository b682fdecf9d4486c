"""The repositories whose calls are compared, at one commit each, and who says what those calls mean."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.checkouts import Pinned

_HERE = Path(__file__).resolve().parent
Truth = dict[tuple[str, int, str], tuple[set[str], set[tuple[str, int, str]]]]  # call -> kinds, targets

REPOS = [
    Pinned(name, language, f"https://github.com/{owner}/{name}", commit)
    for language, name, owner, commit in (
        ("go", "mux", "gorilla", "db9d1d0073d27a0a2d9a8c1bc52aa0af4374d265"),
        ("go", "toml", "BurntSushi", "d733fc535e4a9f3c454e421a87b90ade5d49bf31"),
        ("go", "goldmark", "yuin", "6ed00da2d6d53d831827e54ee5d334f4544693b9"),
        ("go", "go-toml", "pelletier", "86608d7fca88a6a61539ff7e9f1a942a428654d8"),
        ("typescript", "immer", "immerjs", "061c2425e1c9dff89e4e4189d42af1b7839dfe0a"),
        ("typescript", "zustand", "pmndrs", "f094eebe9bd3b4b0d77b997f69ab1d273f69a877"),
        ("typescript", "InversifyJS", "inversify", "f10c2c1a9093430d637597a29e1babff3ce58fe4"),
        ("typescript", "hono", "honojs", "28a9c128912de19f3fb28b00ae289c9b93f6f392"),
        ("typescript", "xterm.js", "xtermjs", "904ae935269eef5ec6a1415b64463c3d02eff1eb"),
        ("typescript", "query", "TanStack", "40321a0b1b3bdd0afa11f0e439642ab84cdf6afe"),
        ("javascript", "pug", "pugjs", "32acfe8f197dc44c54e8af32c7d7b19aa9d350fb"),
        ("java", "commons-csv", "apache", "d9b9f062b84ea02a30a7817789a2bb71a21c51a9"),
        ("java", "javapoet", "square", "b9017a9503b76e11b4ad4c1a9f050e2d29112cb0"),
        ("java", "jsoup", "jhy", "46b620860af930eedc193a705eaf7cea5aec89a6"),
        ("rust", "aho-corasick", "BurntSushi", "948d2e1f8e4b6b0aff13075176922e158c8bed46"),
        ("rust", "semver", "dtolnay", "8591f2344b52b31d85b538de58b76a676fe9ff90"),
        ("rust", "textwrap", "mgeisler", "e29daecac5298f7b712df0c0a35d6981e91209f7"),
    )
]
_SETTINGS = {"xterm.js": "src/browser/tsconfig.json", "query": "tsconfig.json"}  # of a checkout with several


def ask(repo: Pinned, tree: Path, node_folder: Path) -> str:
    """What the compiler of a language says of every call in a tree, a line each.

    `node_folder` is where `npm install typescript` was run.
    """
    if repo.language == "go":
        return _run(["go", "run", str(_HERE / "oracle.go"), str(tree)], tree)
    if repo.language == "java":
        return _run(["java", str(_HERE / "Oracle.java"), str(tree)], tree)
    if repo.language == "rust":
        features = ["--cfg", 'feature="std"']  # no dependencies are fetched
        return _run(["python3", str(_HERE / "oracle_rust.py"), str(tree), *features], tree)
    if repo.name == "query":  # as a package manager lays out the packages of a workspace
        scope = tree / "node_modules" / "@tanstack"
        scope.mkdir(parents=True, exist_ok=True)
        for package in (tree / "packages").iterdir():
            link = scope / package.name
            if not link.exists():
                link.symlink_to(package)
    settings = [str(tree / _SETTINGS[repo.name])] if repo.name in _SETTINGS else []
    return _run(["node", str(_HERE / "oracle.mjs"), str(tree), *settings], node_folder)


def truth_of(lines: Iterator[str]) -> Truth:
    """The answers of an oracle by call; calls of one name on one line are one."""
    truth: Truth = {}
    for line in lines:
        path, row, name, kind, *places = line.split("\t")
        kinds, targets = truth.setdefault((path, int(row), name), (set(), set()))
        kinds.add(kind)
        for place in places:
            where, target_row, target = place.rsplit(":", 2)
            targets.add((where, int(target_row), target))
    return truth


def _run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
