"""Index everything anew again and again: how much of the disk do dead points and rows keep?

    python -m benchmarks.vacuum TREE WORK [ROUNDS]

Each round renames a third of the identifiers in every file of a copy of TREE, and indexes it. Then the
store is left alone until it has given back what it can.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from .processes import blocks, end_keeper, run
from .scale import renamed

_CAIRN = "import sys; from api.cli import main; sys.exit(main())"
_PATIENCE = 120.0


def main(source: Path, work: Path, rounds: int) -> None:
    tree, data = work / "tree", work / "data"
    for folder in (tree, data):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, tree)
    files = [path for path in tree.rglob("*.py") if path.stat().st_size]
    texts = {path: path.read_text(errors="replace") for path in files}
    for round in range(rounds + 1):
        for path, text in texts.items():
            path.write_text(renamed(text, round))  # or chunks that did not change would keep their points
        _index(tree, data)
        if round in (0, 1, rounds // 2, rounds):
            print(f"after {round} rounds: {_sizes(data)}", flush=True)
    until, before = time.monotonic() + _PATIENCE, blocks(data)
    while blocks(data) > before * 0.7 and time.monotonic() < until:
        time.sleep(1)
    time.sleep(3)
    print(f"left alone: {_sizes(data)}", flush=True)
    _index(tree, data)
    print("verify:", run(_command("verify", "--data", str(data))).output.strip(), flush=True)
    end_keeper(data)


def _index(tree: Path, data: Path) -> None:
    run(_command("index", str(tree), "--data", str(data)))


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", _CAIRN, *words]


def _sizes(data: Path) -> str:
    catalog = sum(path.stat().st_blocks * 512 for path in data.glob("indexes/*/*"))
    return f"vectors {blocks(data / 'vectors') / 1e6:.1f} MB, catalog {catalog / 1e6:.1f} MB"


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), int((*sys.argv, "30")[3]))
