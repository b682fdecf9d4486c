"""Two trees -> what changed between them, file by file, as text; and one tree with other files put in."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.git import Git
from agent.workspace import Workspace

_BLOB_BYTES = 1 << 20  # a larger file is data; nobody writes tests of that size by hand
_GONE = "0" * 40
_LINK, _MODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that was added, edited, moved or deleted. `was` is its path before, "" for a new one.

    The texts are None on the side where there is no file. What is binary, large or no regular file
    has empty texts: that it changed is known, how is not.
    """

    path: str
    was: str
    before: str | None
    after: str | None
    mode: str = "100644"
    blob: str = ""
    old_mode: str = "100644"
    old_blob: str = ""

    @property
    def deleted(self) -> bool:
        return self.after is None

    @property
    def moved(self) -> bool:
        return bool(self.was) and self.was != self.path

    def added_lines(self) -> list[tuple[int, str]]:
        """Lines the file did not have before, with their numbers; a line that only moved is not new."""
        left = Counter(line.strip() for line in (self.before or "").split("\n"))
        found = []
        for number, line in enumerate((self.after or "").split("\n"), 1):
            if left[line.strip()] > 0:
                left[line.strip()] -= 1
            elif line.strip():
                found.append((number, line))
        return found

    def removed_lines(self) -> list[tuple[int, str]]:
        """The same the other way round, numbered as they were before."""
        return FileChange(self.was, self.path, self.after, self.before).added_lines()


def changes_between(git: Git, base: str, tree: str) -> tuple[FileChange, ...]:
    """What differs, with the texts of both sides. Three calls of git, however many files there are."""
    fields = git.run("diff", "--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff", base, tree).split("\0")
    rows = []
    place = 0
    while place < len(fields) and fields[place]:
        row = fields[place].lstrip(":").split(" ")
        paths = 2 if row[4][0] in "RC" else 1
        rows.append((row, fields[place + 1 : place + 1 + paths]))
        place += 1 + paths
    regular = [
        blob for row, _ in rows for mode, blob in ((row[0], row[2]), (row[1], row[3])) if _readable(mode)
    ]
    texts = _texts(git, regular)
    return tuple(
        FileChange(
            paths[-1],
            "" if row[4] == "A" else paths[0],
            None if row[4] == "A" else texts.get(row[2], ""),
            None if row[4] == "D" else texts.get(row[3], ""),
            row[1],
            row[3],
            row[0],
            row[2],
        )
        for row, paths in rows
    )


def with_files(workspace: Workspace, start: str, files: Mapping[str, tuple[str, str] | None]) -> str:
    """The id of the tree `start` with each path of `files` set to (mode, blob), or removed for None."""
    index = {"GIT_INDEX_FILE": str(workspace.folder / "mixed-index")}
    rows = [
        f"{mode} {blob}\t{path}\0"
        for path, (mode, blob) in sorted((path, entry or ("0", _GONE)) for path, entry in files.items())
    ]
    workspace.git.run("read-tree", start, env=index)
    workspace.git.run("update-index", "-z", "--index-info", stdin=os.fsencode("".join(rows)), env=index)
    return workspace.git.run("write-tree", env=index)


def put_blob(git: Git, text: str) -> str:
    """Store a text; return its id."""
    return git.run("hash-object", "-w", "--stdin", stdin=text.encode("utf-8", "surrogateescape"))


def texts_of(git: Git, tree: str, paths: Sequence[str]) -> dict[str, str]:
    """The texts of files in a tree; paths that are not there, binary or large are left out."""
    wanted = set(paths)
    blobs = {}
    for row in git.paths("ls-tree", "-r", "-z", "--full-tree", tree):
        mode, _, rest = row.split(" ", 2)
        blob, path = rest.split("\t", 1)
        if path in wanted and _readable(mode):
            blobs[path] = blob
    texts = _texts(git, blobs.values())
    return {path: texts[blob] for path, blob in blobs.items() if blob in texts}


def _readable(mode: str) -> bool:
    return mode not in ("000000", _LINK, _MODULE)


def _texts(git: Git, blobs: Iterable[str]) -> dict[str, str]:
    """Blob -> text of those that are text and not large."""
    asked = "".join(f"{blob}\n" for blob in dict.fromkeys(blobs)).encode()
    if not asked:
        return {}
    rows = (row.split(" ") for row in git.run("cat-file", "--batch-check", stdin=asked).splitlines())
    small = [row[0] for row in rows if row[1] == "blob" and int(row[2]) <= _BLOB_BYTES]
    if not small:
        return {}
    asked = "".join(f"{blob}\n" for blob in small).encode()
    answer = os.fsencode(git.run("cat-file", "--batch", stdin=asked) + "\n")
    texts, place = {}, 0
    for blob in small:
        head_end = answer.index(b"\n", place)
        size = int(answer[place:head_end].split(b" ")[2])
        data = answer[head_end + 1 : head_end + 1 + size]
        place = head_end + size + 2
        if b"\0" not in data:
            texts[blob] = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    return texts
