"""A repository of 50,000 files and 3 million lines -> what its index costs: memory, time and disk.

    python -m benchmarks.scale TREE WORK [FILES] [LINES]

TREE is any tree of Python files (Django's, say). It is copied with other names for a third of its
identifiers and cut at top-level definitions, until there are FILES files and LINES lines; then
`cairn index` runs on a cold data directory, again without a change, and after 1 % of the files was
edited. Memory is the PSS of all processes together.
"""

from __future__ import annotations

import json
import keyword
import re
import shutil
import sys
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from .processes import blocks, end_keeper, keeper_cpu, run, watched

_WORD = re.compile(r"\b[A-Za-z_]{5,}\b")
_TOP = re.compile(r"(?:class|def|async def|@)\b|@")
_CAIRN = "import sys; from api.cli import main; sys.exit(main())"


def main(source: Path, work: Path, files: int, lines: int) -> None:
    tree, data = work / f"tree-{files}-{lines}", work / "data"
    if not tree.exists():
        grow(source, tree, files, lines)
    shutil.rmtree(data, ignore_errors=True)
    _index("cold", tree, data)
    _index("again, nothing changed", tree, data)
    for n, path in enumerate(sorted(tree.rglob("*.py"))):
        if n % 100 == 0:
            path.write_text(path.read_text() + f"\n\ndef edited_{time.time_ns()}():\n    return {n}\n")
    _index("again, 1 % of the files edited", tree, data)


def _index(what: str, tree: Path, data: Path) -> None:
    with watched(data) as memory:
        keeper = keeper_cpu(data)
        ran = run([sys.executable, "-c", _CAIRN, "index", str(tree), "--data", str(data), "--json"])
        keeper = keeper_cpu(data) - keeper
    report = json.loads(ran.output)
    parts = ", ".join(f"{name.split()[0]} {size:.0f}" for name, size in sorted(memory.parts.items()))
    print(
        f"{what}: {report['files']} files, {report['chunks']} chunks, {report['symbols']} symbols in "
        f"{ran.seconds:.1f} s ({ran.cpu:.1f} s CPU, keeper {keeper:.1f} s); peak PSS {memory.peak:.0f} MB "
        f"({parts})",
        flush=True,
    )
    end_keeper(data)
    print(f"    disk {blocks(data) / 1e6:.0f} MB", flush=True)


def grow(source: Path, tree: Path, files: int, lines: int) -> None:
    """Write copies of `source` below `tree`, none like another, with `files` files and `lines` lines."""
    originals = sorted(path for path in source.rglob("*.py") if path.stat().st_size)
    unfinished = tree.with_name(tree.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    written = reached = copy = 0
    while written < files or reached < lines:
        for original in originals:
            text = renamed(original.read_text(errors="replace"), copy)
            # As many lines per file as are left to be had for the files that are left.
            share = max(20, (lines - reached) // max(1, files - written))
            for n, part in enumerate(_parts(text, share)):
                inner = original.relative_to(source)
                path = unfinished / f"copy{copy}" / inner.with_name(f"{inner.stem}_{n}.py")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(part)
                written += 1
                reached += part.count("\n")
            if written >= files and reached >= lines:
                break
        copy += 1
    unfinished.rename(tree)
    print(f"{tree}: {written} files, {reached} lines", flush=True)


def renamed(text: str, copy: int) -> str:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        if keyword.iskeyword(word) or blake2b(word.encode(), digest_size=1).digest()[0] % 3:
            return word
        return f"{word}_{copy}"

    return _WORD.sub(other, text)


def _parts(text: str, share: int) -> Iterator[str]:
    """Cut at top-level definitions, so that each part is a module of its own."""
    part: list[str] = []
    for line in text.splitlines(keepends=True):
        if len(part) >= share * 0.6 and _TOP.match(line) and not (part and part[-1].startswith("@")):
            yield "".join(part)
            part = []
        part.append(line)
    yield "".join(part)


if __name__ == "__main__":
    given = sys.argv[1:] + ["50000", "3000000"][len(sys.argv) - 3 :]
    main(Path(given[0]).resolve(), Path(given[1]).resolve(), int(given[2]), int(given[3]))
