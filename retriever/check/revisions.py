"""A repository of git and what to compare -> the Change between the two.

git is only asked for names and blobs. It never looks into the working tree itself: there it would run the
filters that a repository can plant (see indexer/git.py), so files are compared here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import files, git, skip
from indexer.decode import decode
from indexer.errors import BadInput
from indexer.languages import language_of
from indexer.secrets import redact

from .apply import LeftOut
from .change import Change, ChangedFile
from .dirty import dirty

_REGULAR = "100"  # how modes of files begin; 120000 is a link, 160000 a submodule


@dataclass(frozen=True, slots=True)
class _Pair:
    """A changed file as git names it: ids of blobs, "" for none. `after` None is in the working tree."""

    old_path: str
    path: str
    before: str
    after: str | None


class Revisions:
    """The repository around `root`; `name` is what the index calls it. Raises BadInput without one."""

    def __init__(self, root: Path, name: str) -> None:
        self._root = os.path.realpath(root)
        self._name = name
        found = git.find(self._root)
        if found is None:
            raise BadInput(
                f"{root} is in no git repository; give the change as a diff: cairn check --diff FILE"
            )
        self._repository = found

    def working_tree(self) -> tuple[Change, list[LeftOut]]:
        """What is staged, unstaged or untracked, against HEAD."""
        pairs = {pair.path: pair for pair in self._diff("diff-index", "--cached", self._head())}
        for path, blob in dirty(self._repository, self._root):
            known = pairs.get(path)
            pairs[path] = _Pair(
                *(known.old_path, path, known.before, None) if known else (path, path, blob, None)
            )
        for path in self._paths("ls-files", "-z", "--others", "--exclude-standard"):
            known = pairs.get(path)  # taken out of git's index alone
            pairs[path] = _Pair(path, path, known.before if known else "", None)
        return self._change(pairs.values())

    def staged(self) -> tuple[Change, list[LeftOut]]:
        return self._change(self._diff("diff-index", "--cached", self._head()))

    def between(self, span: str) -> tuple[Change, list[LeftOut]]:
        """Of `A..B`, `A...B` (since their common ancestor) or one commit (against its first parent)."""
        match = re.fullmatch(r"(.*?)(\.\.\.?)(.*)", span)
        if match is None:
            after = self._commit(span)
            before = self._parent(after)
        else:
            before, after = self._commit(match[1] or "HEAD"), self._commit(match[3] or "HEAD")
            if match[2] == "...":
                try:
                    before = self._run("merge-base", before, after)
                except git.GitFailed:
                    raise BadInput(
                        f"{match[1]} and {match[3]} have no common ancestor; compare A..B"
                    ) from None
        return self._change(self._diff("diff-tree", "-r", before, after))

    def is_commit(self, word: str) -> bool:
        """Whether a word names a commit or a range of them, rather than a path."""
        try:
            return all(self._commit(end or "HEAD") for end in re.split(r"\.\.\.?", word, maxsplit=1))
        except BadInput:
            return False

    def _commit(self, name: str) -> str:
        if not name.startswith("-"):
            try:
                return self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
            except git.GitFailed:
                pass
        raise BadInput(f"{name!r} is neither a path nor a commit here; name one as `git log` does")

    def _parent(self, commit: str) -> str:
        try:
            return self._run("rev-parse", "--verify", "--quiet", f"{commit}^1")
        except git.GitFailed:
            return self._run("hash-object", "-t", "tree", "--stdin")  # the first one: nothing was before

    def _head(self) -> str:
        try:
            return self._run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        except git.GitFailed:
            return self._run("hash-object", "-t", "tree", "--stdin")

    def _run(self, *arguments: str) -> str:
        return os.fsdecode(git.run(self._repository, *arguments, cwd=self._root)).strip()

    def _paths(self, *arguments: str) -> list[str]:
        said = git.run(self._repository, *arguments, cwd=self._root)
        return [os.fsdecode(path) for path in said.split(b"\0") if path]

    def _diff(self, command: str, *arguments: str) -> Iterator[_Pair]:
        words = iter(self._paths(command, "--raw", "-z", "-M", "--no-abbrev", "--relative", *arguments))
        for word in words:
            old_mode, mode, before, after, what = word[1:].split(" ")
            old = next(words)
            path = next(words) if what[0] in "RC" else old
            gone = [
                set(blob) == {"0"} or not kind.startswith(_REGULAR)
                for blob, kind in ((before, old_mode), (after, mode))
            ]
            if not all(gone):
                yield _Pair(old, path, "" if gone[0] else before, "" if gone[1] else after)

    def _change(self, pairs: Iterable[_Pair]) -> tuple[Change, list[LeftOut]]:
        found = sorted(pairs, key=lambda pair: pair.path)
        blobs = self._blobs({blob for pair in found for blob in (pair.before, pair.after) if blob})
        on_disk = self._on_disk([pair.path for pair in found if pair.after is None])
        changed: list[ChangedFile] = []
        left: list[LeftOut] = []
        for pair in found:
            before = _text(blobs.get(pair.before), pair.old_path)
            if pair.after is None:
                after, reason = on_disk[pair.path]
            else:
                after = _text(blobs.get(pair.after), pair.path)
                reason = "binary" if after is None and pair.after else ""
            reason = reason or why_left_out(pair.path, after)
            if reason:
                left.append(LeftOut(pair.path, reason))
            elif before != after or pair.path != pair.old_path:
                changed.append(ChangedFile(pair.path, pair.old_path, before, after))
        return Change(self._name, tuple(_moved(changed))), left

    def _on_disk(self, paths: Sequence[str]) -> dict[str, tuple[str | None, str]]:
        """The text of each path, None where it is gone, or why it is none that would be indexed."""
        if not paths:
            return {}
        root = Path(self._root)
        walked = files.candidates(root, paths)
        wanted = {file.path for file in walked.files}
        skipped = {one.path: one.reason.value for one in walked.skipped}
        found: dict[str, tuple[str | None, str]] = {}
        for path in paths:
            if path in wanted:
                read = files.read(root, path)
                found[path] = (
                    (None, read.reason.value) if isinstance(read, files.Skipped) else (read.text, "")
                )
            elif os.path.lexists(os.path.join(self._root, path)):
                around = [path[: at + 1] for at, char in enumerate(path) if char == "/"]
                found[path] = (
                    None,
                    next((skipped[one] for one in (path, *around) if one in skipped), "ignored"),
                )
            else:
                found[path] = None, ""
        return found

    def _blobs(self, ids: set[str]) -> dict[str, bytes]:
        """The contents of blobs, in one call."""
        asked = sorted(ids)
        if not asked:
            return {}
        listed = "".join(f"{blob}\n" for blob in asked).encode()
        said = git.run(self._repository, "cat-file", "--batch", feed=listed)
        found: dict[str, bytes] = {}
        at = 0
        while at < len(said):
            end = said.index(b"\n", at)
            blob, _, size = said[at:end].decode().partition(" ")
            length = int(size.split(" ")[1]) if size.startswith("blob ") else -1
            if length >= 0:
                found[blob] = said[end + 1 : end + 1 + length]
            at = end + 1 + (length + 1 if length >= 0 else 0)  # "<id> missing" has no content
        return found


def why_left_out(path: str, text: str | None) -> str:
    """Why a file that git tracks is none of the team's own code, "" where it is."""
    folders = path.split("/")[:-1]
    reason = next(filter(None, map(skip.by_folder_name, folders)), None)
    if reason is None and text is not None:
        language = language_of(path, text)
        reason = skip.by_text(text, language.name, language.kind)
    return reason.value if reason else ""


def _text(raw: bytes | None, path: str) -> str | None:
    text = None if raw is None else decode(raw)
    return None if text is None else redact(text, path)[0]


def _moved(changed: Sequence[ChangedFile]) -> Iterator[ChangedFile]:
    """The same, a file that was moved without telling git as one."""
    gone = {file.before: file for file in changed if file.after is None and file.before}
    moved = {
        file.path: gone.pop(file.after) for file in changed if file.before is None and file.after in gone
    }
    dropped = {file.path for file in moved.values()}
    for file in changed:
        if file.path in moved:
            yield ChangedFile(file.path, moved[file.path].path, file.after, file.after)
        elif file.path not in dropped:
            yield file
