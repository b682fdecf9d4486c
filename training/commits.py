"""A git history -> what commits said, and the code they changed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import PurePosixPath

from indexer.words import as_bag, count, query_bag

from . import corpus
from .pair import TEST, Pair

_HUNK = 1500  # characters, the size of a chunk
_LEAST_HUNK = 120  # characters; less is a changed number
_CHORE = re.compile(
    r"^(merge|bump|release|revert|chore|build|ci|style|update changelog|v?\d+\.)", re.IGNORECASE
)
_NUMBER = re.compile(r"\(?(GH-|#|gh)\d+\)?|^\w+(\([^)]*\))?!?: ")
# What stands in a message beside its prose: quotes of code, lists, trailers, links.
_NOT_PROSE = re.compile(
    r"^([\w-]+-by: |change-id|closes?:? #|fix(es)?:? #|[>#*$|`\s-]|https?:|git-svn)", re.IGNORECASE
)
_LEAST_BODY, _MOST_BODY = 6, 60  # words


def changed(git_dir: str, newest: int) -> Iterator[Pair]:
    """Messages of commits that change one to three source files, each with its largest hunk: the
    subject, and where there is one the first paragraph below it."""
    for sha, subject, body, diff in _log(git_dir, newest):
        sources = [
            (name, text)
            for name, text in _files(diff)
            if not TEST.search(name) and corpus.own(PurePosixPath(name))
        ]
        subject = _NUMBER.sub("", subject)
        if not 1 <= len(sources) <= 3 or _CHORE.match(subject):
            continue
        said = [text for text in (subject if len(subject.split()) > 2 else "", _paragraph(body)) if text]
        for name, text in sources:
            hunks = [_after(hunk) for hunk in re.split(r"^@@ [^@]*@@", text, flags=re.MULTILINE)[1:]]
            largest = max(hunks, key=len, default="")[:_HUNK]
            if len(largest) > _LEAST_HUNK:
                answer = as_bag(count(largest))
                for question in said:
                    yield Pair("commit", name, sha, query_bag(question), answer)


def _log(git_dir: str, newest: int) -> Iterator[tuple[str, str, str, str]]:
    command = [
        "git",
        f"--git-dir={git_dir}",
        "log",
        f"-{newest}",
        "--no-merges",
        "-U12",
        "-p",
        "--no-ext-diff",
    ]
    command += ["--no-renames", "--format=%x00%H%x01%s%x01%b%x01", "--"]
    command += [f"*{suffix}" for suffix in sorted(corpus.CODE)]
    log = subprocess.run(command, capture_output=True, check=False).stdout.decode("utf-8", "replace")
    for commit in log.split("\0")[1:]:
        told = commit.split("\x01", 3)
        if len(told) == 4:
            yield told[0], told[1], told[2], told[3]


def _files(diff: str) -> Iterator[tuple[str, str]]:
    for text in re.split(r"^diff --git .*$", diff, flags=re.MULTILINE)[1:]:
        found = re.search(r"^\+\+\+ b/(.*)$", text, re.MULTILINE)
        if found:
            yield found[1], text


def _paragraph(body: str) -> str:
    """The first paragraph of a message's body that is prose."""
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        words = paragraph.split()
        if words and not _NOT_PROSE.match(paragraph):
            return " ".join(words[:_MOST_BODY]) if len(words) >= _LEAST_BODY else ""
    return ""


def _after(hunk: str) -> str:
    return "\n".join(line[1:] if line[:1] in "+ " else line for line in hunk.split("\n") if line[:1] != "-")
