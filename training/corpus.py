"""A folder of repositories -> the text files that are worth learning from.

The folder holds one checked-out repository per subfolder. The same number of files is taken from
each at most, so that one large repository does not decide what is a common word.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path, PurePath

_CODE = (
    ".py .js .mjs .jsx .ts .tsx .vue .go .rs .java .c .h .cc .cpp .hpp .cs .kt .kts .swift .scala .rb .php "
    ".ex .exs .hs .lua .sh .bash .bats .zig"
)
CODE = frozenset(_CODE.split())
SUFFIXES = CODE | {".md", ".rst"}
FILES_PER_REPOSITORY = 1500
_LARGEST = 150_000  # bytes; larger sources are generated or vendored
_LONGEST_LINE = 400  # characters on average: minified
_NOT_ITS_OWN = (
    "node_modules vendor _vendor vendored third_party 3rdparty external extern bundled deps "
    "locale locales i18n fixtures testdata snapshots dist"
)
_FOREIGN = frozenset(_NOT_ITS_OWN.split())


def repositories(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.iterdir() if path.is_dir())


def files(repository: Path) -> Iterator[tuple[Path, str]]:
    """Yield (path relative to the repository, text); which files is the same on every run."""
    found = [
        path
        for path in repository.rglob("*")
        if path.suffix in SUFFIXES and own(path.relative_to(repository))
    ]
    found.sort(key=lambda path: blake2b(str(path.relative_to(repository)).encode()).digest())
    taken = 0
    for path in found:
        if taken == FILES_PER_REPOSITORY:
            return
        text = _read(path)
        if text:
            taken += 1
            yield path.relative_to(repository), text


def own(path: PurePath) -> bool:
    """Whether a file is the repository's own work, and not a copy of another project's."""
    return _FOREIGN.isdisjoint(path.parts[:-1])


def _read(path: Path) -> str:
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
        return ""
    text = path.read_text(encoding="utf-8", errors="replace")
    return "" if len(text) > _LONGEST_LINE * (text.count("\n") + 1) else text
