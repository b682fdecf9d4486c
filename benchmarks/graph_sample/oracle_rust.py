"""A crate of Rust -> what every call in it means, as the compiler's typed syntax tree (THIR) says.

    python oracle_rust.py FOLDER [ARGUMENTS OF rustc] > truth.tsv      (needs a nightly toolchain)

One line a call: path, line, name, kind (in, outside), then its targets as path:line:name. What macros
expand to is left out. A method of a trait that is called on a type parameter means the trait's.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_OWNER = re.compile(r"^DefId\((\d+):\d+ ~ (\S+)\):")
_SPAN = re.compile(r"span: (?:Some\()?([^\s(]+?):(\d+):(\d+): (\d+):(\d+) \(#0\)")
_CALLED = re.compile(r"ty: FnDef\(DefId\((\d+):\d+ ~ ([^\s,)]+)\), \[([^,\]]*)")
_HASH = re.compile(r"\[[0-9a-f]+\]")


def main(root: Path, arguments: list[str]) -> None:
    command = [
        "rustc",
        "+nightly",
        "--edition",
        "2021",
        "--crate-type",
        "lib",
        "src/lib.rs",
        "-Zunpretty=thir-tree",
    ]
    command += arguments
    tree = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\n")
    bodies = dict(_bodies(tree))
    seen = set()
    for number, line in enumerate(tree):
        called = _CALLED.search(line)
        if not called or "kind: " not in tree[number + 3] + tree[number + 2] + tree[number + 1]:
            continue
        span = next((match for text in tree[number + 1 : number + 4] if (match := _SPAN.search(text))), None)
        if span is None or "ZstLiteral" not in "".join(tree[number + 3 : number + 9]):
            continue
        path, row = span[1], int(span[4])
        text = _lines(root, path)[row - 1][: int(span[5]) - 1]
        name = re.search(r"(\w+)(?:::<[^()]*>)?$", text)
        key = (path, row, int(span[5]))
        if name is None or key in seen:
            continue
        seen.add(key)
        place = _place(root, called[1], called[2], bodies)
        for_type = _implemented(root, _HASH.sub("", called[2]).split("::"), called[3])
        kind = "in" if place else "outside" if not for_type else "dynamic"
        print("\t".join([path, str(row), name[1], kind, *filter(None, (place, for_type))]))


def _bodies(tree: list[str]) -> Iterator[tuple[str, tuple[str, int]]]:
    """The functions of the crate and where their bodies begin."""
    owner = ""
    for line in tree:
        match = _OWNER.match(line)
        if match:
            owner = match[2]
        elif owner and (span := _SPAN.search(line)):
            yield owner, (span[1], int(span[2]))
            owner = ""


def _place(root: Path, crate: str, definition: str, bodies: dict[str, tuple[str, int]]) -> str:
    if crate != "0":
        return ""
    name = _HASH.sub("", definition).rpartition("::")[2]
    if definition in bodies:
        path, row = bodies[definition]
        lines = _lines(root, path)
        while row and not re.search(rf"\bfn\s+{re.escape(name)}\b", lines[row - 1]):
            row -= 1
        return f"{path}:{row}:{name}" if row else ""
    return _declared(root, _HASH.sub("", definition).split("::"))


def _declared(root: Path, parts: list[str]) -> str:
    """A method that a trait only declares, or a struct or variant that is called."""
    *_, owner, name = parts
    if name == "{constructor#0}":
        *_, owner, name = parts[:-1]
    trait = re.compile(rf"\b(?:trait|enum)\s+{re.escape(owner)}\b")
    member = re.compile(rf"^\s*(?:(?:unsafe|async|const)\s+)*(?:fn\s+)?{re.escape(name)}\b")
    alone = re.compile(rf"\bstruct\s+{re.escape(name)}\b")
    for path in sorted(root.rglob("*.rs")):
        inside = False
        for row, line in enumerate(path.read_text("utf-8", "replace").split("\n"), start=1):
            inside = inside or bool(trait.search(line))
            if alone.search(line) or (inside and member.search(line)):
                return f"{path.relative_to(root).as_posix()}:{row}:{name}"
            if line.startswith("}"):
                inside = False
    return ""


def _implemented(root: Path, parts: list[str], type_: str) -> str:
    """Where the type that a trait's method is called on implements it: what runs."""
    named = re.match(r"&?(?:mut )?(?:\w+::)*(\w+)", type_)
    if len(parts) < 2 or not named or not parts[-2][:1].isupper():
        return ""
    head = re.compile(rf"\bimpl\b[^{{]*\b{re.escape(parts[-2])}\b[^{{]*\bfor\b[^{{]*\b{named[1]}\b")
    modules = re.findall(r"(\w+)::", type_)
    for path in sorted(
        root.rglob("*.rs"), key=lambda path: -sum(module in path.as_posix() for module in modules)
    ):
        inside = False
        for row, line in enumerate(_lines(root, path.relative_to(root).as_posix()), start=1):
            inside = inside or bool(head.search(line))
            if inside and re.search(rf"\bfn\s+{re.escape(parts[-1])}\b", line):
                return f"{path.relative_to(root).as_posix()}:{row}:{parts[-1]}"
            if line.startswith("}"):
                inside = False
    return ""


def _lines(root: Path, path: str) -> list[str]:
    if path not in _READ:
        _READ[path] = (root / path).read_text("utf-8", "replace").split("\n")
    return _READ[path]


_READ: dict[str, list[str]] = {}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
