"""A tree -> questions about its functions, and a copy of it in which the answers are not written out.

A question is the first sentence of a function's doc comment; in the copy that whole comment is gone.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from indexer.files import read, walk
from indexer.parse import parse
from indexer.types import SourceFile, Span

_LEAST_WORDS = 5  # of a sentence that is a question; "Returns the name." asks nothing
_TESTS = re.compile(
    r"(^|/)(tests?|testing|specs?|__tests__|e2e|bench(es|marks?)?|examples?)/"
    r"|(^|/)test_[^/]*$|[._-](tests?|spec|bench)\.[^/]+$|Tests?\.java$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the lines that answer it. `doc` are the lines of the comment, `lines` those of the
    function; both in the file as it was, until `take_out` says what `lines` have become."""

    sentence: str
    path: str
    qualname: str
    lines: Span
    doc: Span

    @property
    def names_it(self) -> bool:
        """Whether the sentence holds the function's name, as doc comments in Go do by custom."""
        return self.qualname.rpartition(".")[2].lower() in set(_words(self.sentence).split())


def ask(root: Path, n: int) -> list[Asked]:
    """At most `n` questions whose sentence stands once in the repository; the same ones on every run."""
    files = [file for c in walk(root).files if isinstance(file := read(root, c.path), SourceFile)]
    found = [asked for file in files for asked in documented(file)]
    times = Counter(_words(asked.sentence) for asked in found)
    everything = "\n".join(_words(_plain(file.text)) for file in files)
    chosen: list[Asked] = []
    for asked in sorted(found, key=_shuffle):
        words = _words(asked.sentence)
        told = _TESTS.search(asked.path) or times[words] > 1 or "todo" in words.split()
        if len(chosen) < n and not told and everything.count(words) <= 1:
            chosen.append(asked)
    return chosen


def _shuffle(asked: Asked) -> bytes:
    return blake2b(f"{asked.path}\0{asked.qualname}\0{asked.sentence}".encode()).digest()


def documented(file: SourceFile) -> Iterator[Asked]:
    """The functions and methods of a file that have a doc comment with a telling first sentence."""
    if file.kind != "code" or file.redactions:
        return  # with a secret taken out, the lines here may not be those on the disk
    symbols = [s for s in parse(file).symbols if s.kind in ("function", "method")]
    docstrings = _docstrings(file.text) if file.language == "python" else {}
    for symbol in symbols:
        sentence = first_sentence(symbol.doc)
        if len(sentence.split()) < _LEAST_WORDS or sentence.startswith("@"):
            continue  # a tag describes a parameter
        if file.language == "python":
            doc = docstrings.get(symbol.span)
        else:
            doc = _comment(file.lines, symbol.doc_start, symbol.span.start)
        if doc is not None:
            yield Asked(sentence, file.path, symbol.qualname, symbol.span, doc)


def _docstrings(text: str) -> dict[Span, Span]:
    """Lines of a function -> lines of its docstring, where it has lines and a body of its own."""
    found = {}
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            first, *rest = node.body
            start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if rest and first.lineno > node.lineno and rest[0].lineno > (first.end_lineno or 0):
                found[Span(start, node.end_lineno or start)] = Span(first.lineno, first.end_lineno or 0)
    return found


_COMMENT = re.compile(r"\s*(//|/\*|\*|$)")


def _comment(lines: Sequence[str], start: int, function: int) -> Span | None:
    """The lines from `start` to above `function`, if they hold nothing but comments."""
    above = lines[start - 1 : function - 1]
    if not above or not all(_COMMENT.match(line) for line in above):
        return None
    return Span(start, function - 1)


def first_sentence(doc: str) -> str:
    """The first sentence of a doc comment in plain words, up to a blank line or a tag."""
    paragraph = re.split(r"\n\s*(?:\n|@\w|[-=~]{3})", doc, maxsplit=1)[0]
    plain = " ".join(_plain(paragraph).split())
    return re.split(r"(?<=[.!?:])\s+(?=[A-Z`\"'(\[*])", plain, maxsplit=1)[0]


def _plain(text: str) -> str:
    """Without `{@link X}`, `:meth:` and HTML."""
    text = re.sub(r"\{@\w+\s+([^}]*)\}", r"\1", text)
    text = re.sub(r":\w+:(?=`)", "", text)
    return re.sub(r"</?[a-z]+>", " ", text)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def take_out(root: Path, copy: Path, asked: Sequence[Asked]) -> list[Asked]:
    """Copy the tree without the comments of `asked`; return the questions with the lines in the copy."""
    shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    by_path: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_path[one.path].append(one)
    moved = []
    for path, here in by_path.items():
        gone = {line for one in here for line in range(one.doc.start, one.doc.end + 1)}
        raw = (copy / path).read_bytes().split(b"\n")
        text = b"\n".join(line for n, line in enumerate(raw, 1) if n not in gone)
        (copy / path).write_bytes(text)
        kept = _words(_plain(text.decode(errors="replace")))
        for one in here:
            if _words(one.sentence) not in kept:
                start = one.lines.start - sum(line < one.lines.start for line in gone)
                end = one.lines.end - sum(line <= one.lines.end for line in gone)
                moved.append(replace(one, lines=Span(start, end)))
    if missing := [one for one in moved if not isinstance(read(copy, one.path), SourceFile)]:
        raise AssertionError(f"{missing[0].path} can no longer be read in {copy}")
    return moved
