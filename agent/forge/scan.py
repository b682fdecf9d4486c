"""Two trees -> what a person should know before the second one leaves this machine.

Only what the change adds counts: a secret that was there before is no finding. Some findings block a
push, for no review can take back a published key or a link out of the tree; the others are risks to be
shown. Everything is read from git's objects, nothing from the disk.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.git import Git
from indexer.errors import Forbidden
from indexer.secrets import redact

_READ = 4 << 20  # bytes of a file that is searched; sources are far smaller
_READ_ALL = 64 << 20  # bytes of all files together
_LARGE_BINARY = 1 << 20
_TOO_LARGE = 100 << 20  # GitHub refuses files above this
_MOST = 50  # findings of one kind; a thousand lines of one dump say no more


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` is 0 where the whole file is meant. `text` never holds the secret itself."""

    kind: str
    path: str
    line: int
    text: str
    blocks: bool

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.text}"


def scan(gitdir: Path, base: str, tree: str) -> list[Finding]:
    """Every finding in what `tree` adds to `base` (commits or trees), those that block first."""
    git = Git(gitdir, gitdir)
    entries = _changed(git, base, tree)
    contents = _Contents(git, entries)
    found: list[Finding] = []
    for entry in entries:
        if entry.mode:
            found += _of_name(entry)
            found += _of_content(entry, contents)
    counted: dict[str, int] = {}
    kept = []
    for finding in sorted(found, key=lambda finding: not finding.blocks):
        counted[finding.kind] = counted.get(finding.kind, 0) + 1
        if counted[finding.kind] <= _MOST:
            kept.append(finding)
    return kept


def refuse(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that are only risks. Raises Forbidden, naming them, when some block."""
    blocking = [finding for finding in findings if finding.blocks]
    if blocking:
        named = "; ".join(map(str, blocking[:5]))
        more = f" and {len(blocking) - 5} more" if len(blocking) > 5 else ""
        raise Forbidden(f"nothing was pushed, the change holds what must not leave: {named}{more}")
    return list(findings)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One changed path. A mode is empty where the path does not exist; `new` says it did not before."""

    path: str
    mode: str
    blob: str
    old_mode: str
    old_blob: str

    @property
    def new(self) -> bool:
        return not self.old_mode


def _changed(git: Git, base: str, tree: str) -> list[_Entry]:
    options = ("-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none", "--no-ext-diff")
    fields = git.paths("diff-tree", *options, "--end-of-options", f"{base}^{{tree}}", f"{tree}^{{tree}}")
    entries = []
    for row, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, mode, old_blob, blob, _ = row.removeprefix(":").split(" ")
        entries.append(
            _Entry(path, mode.strip("0") and mode, blob, old_mode.strip("0") and old_mode, old_blob)
        )
    return entries


class _Contents:
    """The files before and after. A file that is not read has a size only."""

    def __init__(self, git: Git, entries: Sequence[_Entry]) -> None:
        wanted = [e.blob for e in entries if e.mode in _FILES] + [
            e.old_blob for e in entries if e.old_mode in _FILES
        ]
        self.sizes = _sizes(git, sorted(set(wanted)))
        read, total = [], 0
        for blob in dict.fromkeys(wanted):
            size = self.sizes[blob]
            if size <= _READ and total + size <= _READ_ALL:
                total += size
                read.append(blob)
        self._bytes = _read(git, read)
        before = (self._bytes.get(e.old_blob, b"") for e in entries if e.old_mode in _FILES)
        self.old_lines = {line for data in before for line in _text(data).split("\n")}

    def bytes(self, entry: _Entry) -> bytes | None:
        return self._bytes.get(entry.blob)


def _sizes(git: Git, blobs: Sequence[str]) -> dict[str, int]:
    answer = git.run("cat-file", "--batch-check", stdin="".join(f"{blob}\n" for blob in blobs).encode())
    rows = [row.split(" ") for row in answer.splitlines()]
    return {blob: int(row[2]) for blob, row in zip(blobs, rows, strict=True)}


def _read(git: Git, blobs: Sequence[str]) -> dict[str, bytes]:
    if not blobs:
        return {}
    listed = "".join(f"{blob}\n" for blob in blobs).encode()
    data = os.fsencode(git.run("cat-file", "--batch", stdin=listed))
    found: dict[str, bytes] = {}
    at = 0
    for blob in blobs:
        end = data.index(b"\n", at)
        size = int(data[at:end].split(b" ")[2])
        found[blob] = data[end + 1 : end + 1 + size]
        at = end + size + 2  # a line break follows the content
    return found


def _of_name(entry: _Entry) -> Iterator[Finding]:
    """What the path and the mode say."""
    path, name = entry.path, entry.path.rpartition("/")[2]
    if entry.mode == "160000":
        yield Finding(
            "gitlink", path, 0, "a commit of another repository; the agent adds no submodules", True
        )
    if _DOT_GIT.search(path):
        yield Finding("git-file", path, 0, "a name that git or a disk takes for its own folder", True)
    if _SECRET_FILE.fullmatch(name) and not _EXAMPLE.search(name):
        text = "a file that holds secrets by its name" + ("" if entry.new else ", and was there before")
        yield Finding("secret-file", path, 0, text, entry.new)
    for pattern, text in _OBEYED:
        if pattern.search(path):
            yield Finding("obeyed-file", path, 0, text, False)


def _of_content(entry: _Entry, contents: _Contents) -> Iterator[Finding]:
    if entry.mode not in _FILES or entry.blob == entry.old_blob:
        return
    path, size, data = entry.path, contents.sizes[entry.blob], contents.bytes(entry)
    if entry.mode == _LINK:
        yield from _of_link(path, os.fsdecode(data or b"/"))
        return
    if size > _TOO_LARGE:
        yield Finding("large-file", path, 0, f"{size >> 20} MiB; forges refuse more than 100", True)
    if data is None:
        yield Finding("unsearched", path, 0, f"{size / (1 << 20):.1f} MiB, not searched for secrets", False)
    elif b"\0" in data[:8000]:
        if size > _LARGE_BINARY:
            yield Finding("large-binary", path, 0, f"a binary file of {size / (1 << 20):.1f} MiB", False)
    else:
        text = _text(data)
        yield from _secrets(path, text, contents.old_lines, known_env=not entry.new)
        yield from _of_git_settings(path, text, contents.old_lines)
        yield from _hidden(path, text, contents.old_lines)


def _of_link(path: str, target: str) -> Iterator[Finding]:
    aim = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    if target.startswith("/") or aim == ".." or aim.startswith("../"):
        yield Finding(
            "link", path, 0, f"a symbolic link that leaves the repository, to {target[:100]!r}", True
        )
    elif _DOT_GIT.search(aim):
        yield Finding("link", path, 0, f"a symbolic link into git's own files, to {target[:100]!r}", True)
    else:
        yield Finding("link", path, 0, f"a symbolic link to {target[:100]!r}", False)


def _secrets(path: str, text: str, old_lines: set[str], known_env: bool) -> Iterator[Finding]:
    """Secrets on lines that no file of the change had before."""
    # In an .env file every value counts as one; in a file that was there before that says nothing new.
    shown, count = redact(text, "" if known_env else path)
    if not count:
        return
    for number, (line, masked) in enumerate(zip(text.split("\n"), shown.split("\n"), strict=True), start=1):
        if line == masked or line in old_lines:
            continue
        labels = dict.fromkeys(_LABEL.findall(masked))
        for label in labels:
            yield Finding("secret", path, number, f"looks like a secret ({label})", label not in _GUESSED)


def _of_git_settings(path: str, text: str, old_lines: set[str]) -> Iterator[Finding]:
    name = path.rpartition("/")[2]
    if name not in (".gitattributes", ".gitmodules"):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line in old_lines:
            continue
        if name == ".gitmodules" and _PROGRAM.search(line):
            yield Finding(
                "git-settings", path, number, "a submodule that runs a program when it is updated", True
            )
        elif name == ".gitattributes" and (driver := _DRIVER.search(line)):
            yield Finding("git-settings", path, number, f"names the {driver[1]} driver {driver[2]!r}", False)
    if name == ".gitmodules":
        yield Finding("git-settings", path, 0, "says which other repositories are fetched", False)


def _hidden(path: str, text: str, old_lines: set[str]) -> Iterator[Finding]:
    """Characters that make code look different from what it does."""
    if not _BIDI.search(text):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line not in old_lines and _BIDI.search(line):
            yield Finding(
                "hidden-characters", path, number, "changes the direction of text or hides it", False
            )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").removeprefix("\ufeff")


_LINK = "120000"
_FILES = ("100644", "100755", "100664", _LINK)
_LABEL = re.compile(r"\[redacted:([\w-]+)\]")
# Rules that go by a name or a shape: in tests and examples they are wrong too often to stop a push.
_GUESSED = frozenset(
    ("password", "secret", "url-password", "basic-credentials", "bearer-token", "jwt", "env-value")
)
# Also what file systems that ignore case or fold characters take for `.git`.
_DOT_GIT = re.compile(r"(?:^|/)(?:\.git|git~\d)[ .]*(?:$|/|:)", re.IGNORECASE)
_SECRET_FILE = re.compile(
    r"\.env(?:rc|\..+)?|.+\.env|.+\.(?:p12|pfx|jks|keystore|kdbx|ppk)|id_(?:rsa|dsa|ecdsa|ed25519)"
    r"|\.netrc|\.pgpass|\.git-credentials|\.htpasswd",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"example|sample|template|dist$|test", re.IGNORECASE)
_OBEYED = (
    (re.compile(r"(?:^|/)\.github/(?:workflows|actions)/"), "runs in CI, with what CI may do"),
    (re.compile(r"(?:^|/)\.gitlab-ci\.yml$|(?:^|/)Jenkinsfile$|(?:^|/)\.circleci/"), "runs in CI"),
    (re.compile(r"(?:^|/)(?:\.husky|\.githooks)/|(?:^|/)(?:\.pre-commit-config\.yaml|lefthook\.ya?ml)$"),
     "runs on the machines of those who commit"),
    (re.compile(r"(?:^|/)(?:\.vscode|\.idea|\.devcontainer)/"), "is obeyed by editors that open the folder"),
    (re.compile(r"(?:^|/)(?:CODEOWNERS|dependabot\.yml)$"), "decides who reviews"),
)  # fmt: skip
_DRIVER = re.compile(r"\s(filter|diff|merge)=(\S{1,60})")
_PROGRAM = re.compile(r"^\s*update\s*=\s*!", re.IGNORECASE)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2060\ufeff]")
