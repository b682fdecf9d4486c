"""A root -> the files that belong in its index, and a file -> a SourceFile; what is left out says why.

A path is decided from the top down, folder by folder, as git decides: `.cairnignore` first, then git
itself where there is a repository, else the same rules read here. `walk` asks about everything and
`candidates` about some paths, through the same descent.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import git, skip
from .decode import decode
from .errors import NotFound
from .ignore import IGNORE_FILES, Rules, UnreadableIgnoreFile
from .languages import language_of
from .secrets import redact
from .skip import FileOptions, Place, SkipReason
from .types import SourceFile

__all__ = [
    "Candidate",
    "FileOptions",
    "SkipReason",
    "Skipped",
    "Walk",
    "candidates",
    "printable",
    "read",
    "walk",
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to read. The path is relative to the root, with forward slashes."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path that is left out. A folder ends in a slash and stands for everything below it."""

    path: str
    reason: SkipReason
    detail: str = ""
    size: int = 0
    mtime_ns: int = 0


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found, both in the order of the paths."""

    files: list[Candidate] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def walk(root: Path, options: FileOptions | None = None) -> Walk:
    """All files below `root`. Symbolic links are never followed, and only regular files are opened.

    Raises NotFound when `root` is no folder.
    """
    return _Descent(root, options or FileOptions(), None).find()


def candidates(root: Path, paths: Iterable[str], options: FileOptions | None = None) -> Walk:
    """Those of `paths` that `walk` would find, and what it would find below those that are folders."""
    wanted = {posixpath.normpath(path) for path in paths if "\0" not in path}
    if "." in wanted:
        return walk(root, options)
    inside = [path for path in wanted if not path.startswith("/") and path.split("/")[0] != ".."]
    return _Descent(root, options or FileOptions(), inside).find()


def is_candidate(root: Path, path: str, options: FileOptions | None = None) -> bool:
    """Whether `walk` would find the file `path`."""
    return any(file.path == path for file in candidates(root, [path], options).files)


def printable(path: str) -> str:
    """A path as it is told of: bytes in a name that are no UTF-8 are written out."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def read(root: Path, path: str, options: FileOptions | None = None) -> SourceFile | Skipped:
    """Read a file that `walk` found: decoded, judged by its content, secrets redacted."""
    options = options or FileOptions()
    try:
        raw, status = _bytes(os.fspath(root), path, options)
    except OSError as problem:
        return Skipped(path, SkipReason.UNREADABLE, problem.strerror or str(problem))
    if len(raw) > options.max_bytes and SkipReason.TOO_LARGE not in options.keep:
        return Skipped(path, SkipReason.TOO_LARGE, "", status.st_size, status.st_mtime_ns)
    text = decode(raw)
    if text is None:
        return Skipped(path, SkipReason.BINARY, "", status.st_size, status.st_mtime_ns)
    language = language_of(path, text)
    reason = skip.by_text(text, language.name, language.kind)
    if reason is not None and reason not in options.keep:
        return Skipped(path, reason, "", status.st_size, status.st_mtime_ns)
    text, redactions = redact(text, path)
    return SourceFile(
        path=path,
        text=text,
        language=language.name,
        kind=language.kind,
        digest=hashlib.blake2b(raw, digest_size=16).hexdigest(),
        size=len(raw),
        mtime_ns=status.st_mtime_ns,
        redactions=redactions,
    )


def _bytes(root: str, path: str, options: FileOptions) -> tuple[bytes, os.stat_result]:
    """The content of a regular file, reached without a symbolic link on the way.

    A repository may be written to while it is read, so each folder is opened from the one above
    and never looked up again by its name.
    """
    *folders, name = path.split("/")
    if not name or ".." in folders or name == "..":
        raise OSError(f"{path} is no path inside the root")
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
            os.close(at)
            at = inner
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a named pipe must not block
        with open(os.open(name, flags, dir_fd=at), "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise OSError(f"{path} is not a regular file")
            if SkipReason.TOO_LARGE in options.keep:
                return file.readall(), status
            most = options.max_bytes
            raw = file.read(min(most, status.st_size) + 1)  # room for `most` would be made for every file
            if status.st_size < len(raw) <= most:  # it grows
                raw += file.read(most + 1 - len(raw))
            return raw, status
    finally:
        os.close(at)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder on the way down. `path` is "" or ends in a slash.

    `listed` is what git says of the repository the folder is in, by paths from `listed_at` on; None
    where git was not asked. `asked` is False below a folder that git ignores and .cairnignore
    brings back: git has nothing to say there. `chosen` is a folder that .cairnignore brings back.
    """

    path: str
    rules: Rules
    place: Place
    listed: dict[str, bool] | None = None
    listed_at: int = 0
    asked: bool = True
    chosen: bool = False


class _Descent:
    """One walk from `root`, restricted to `wanted` paths and what is below them, or to nothing (None)."""

    def __init__(self, root: Path, options: FileOptions, wanted: Collection[str] | None) -> None:
        self.root = os.path.realpath(root)
        if not os.path.isdir(self.root):
            raise NotFound(f"{root} is not a folder; give the root of a repository")
        self.options = options
        self.wanted = None if wanted is None else frozenset(wanted)
        self.above = frozenset(folder for path in wanted or () for folder in _folders_of(path))
        self.base = self.root  # the repository's top: symbolic links of ignore files may lead up to there
        self.prefix = ""  # from the base to the root
        self.found = Walk()

    def find(self) -> Walk:
        try:
            folders = [self._top()]
        except UnreadableIgnoreFile as problem:
            self._skip("./", SkipReason.UNREADABLE_IGNORE_FILE, detail=str(problem))
            folders = []
        while folders:
            folders.extend(self._visit(folders.pop()))
        self.found.files.sort(key=lambda file: file.path)
        self.found.skipped.sort(key=lambda skipped: skipped.path)
        return self.found

    # -- folders

    def _top(self) -> _Folder:
        """The root, with the rules of the folders above it up to the top of its repository."""
        repository = git.find(self.root)
        if repository is None or repository.top == self.root:
            return self._entering(_Folder("", Rules(), Place()), repository)
        self.base = repository.top
        rules = Rules().entering(repository, "")
        at, *below = os.path.relpath(self.root, repository.top).split(os.sep)
        here, known = repository.top, ""
        ignored = False
        for name in (at, *below):
            names = {file for file in IGNORE_FILES if os.path.lexists(os.path.join(here, file))}
            rules = rules.inside(here, known, names, self.base)
            ignored = ignored or rules.git_ignores(known + name, name, True)
            here, known = os.path.join(here, name), f"{known}{name}/"
        listed = self._listing(repository, "", everything=ignored)
        if ignored and not listed:
            # The repository around does not want this folder, but somebody asked for it by name.
            self.base = self.root
            return self._entering(_Folder("", Rules(), Place()), None)
        self.prefix = known
        return _Folder("", rules, Place(), listed)

    def _entering(self, folder: _Folder, repository: git.Repository | None) -> _Folder:
        """`folder` as the top of `repository`, or of none."""
        rules = folder.rules.entering(repository, self.prefix + folder.path)
        listed = None if repository is None else self._listing(repository, folder.path)
        return replace(folder, rules=rules, listed=listed, listed_at=len(folder.path), asked=True)

    def _listing(
        self, repository: git.Repository, folder: str, everything: bool = False
    ) -> dict[str, bool] | None:
        """What git says below `folder`, with the folders on the way; None if it cannot be asked."""
        only = [] if everything else self._wanted_in(folder)
        try:
            listed = git.listing(repository, os.path.join(self.root, folder), only)
        except git.GitFailed:
            return None
        for path in list(listed):
            for above in _folders_of(path.rstrip("/")):
                if above in listed:
                    break
                listed[above] = False
        return listed

    def _wanted_in(self, folder: str) -> list[str]:
        """The wanted paths and the nested repositories on the way, seen from `folder`; none for all."""
        wanted = self.wanted or frozenset()
        if not 0 < len(wanted) <= _PATHS_TO_GIT or not wanted.isdisjoint(_folders_of(folder)):
            return []
        below = [path for path in wanted if path.startswith(folder)]
        on_the_way = {above for path in below for above in _folders_of(path) if above.startswith(folder)}
        nested = [path for path in on_the_way if os.path.lexists(os.path.join(self.root, path, ".git"))]
        return [path[len(folder) :] for path in (*below, *nested)]

    def _visit(self, folder: _Folder) -> list[_Folder]:
        """Record the files of `folder`; return the folders in it that are to be visited."""
        disk = os.path.join(self.root, folder.path)
        try:
            with os.scandir(disk) as scan:
                entries = list(scan)
        except OSError as problem:
            if not folder.path and isinstance(problem, (FileNotFoundError, NotADirectoryError)):
                raise NotFound(f"{self.root} went away while it was read; put it back") from problem
            self._skip(folder.path or "./", SkipReason.UNREADABLE, detail=problem.strerror or "")
            return []
        names = {entry.name for entry in entries}
        try:
            if ".git" in names and folder.path:
                repository = git.find(os.path.join(self.root, folder.path.rstrip("/")))
                if repository is not None and repository.top == disk.rstrip("/"):
                    folder = self._entering(folder, repository)
            rules = folder.rules.inside(disk, self.prefix + folder.path, names, self.base)
        except UnreadableIgnoreFile as problem:
            self._skip(folder.path or "./", SkipReason.UNREADABLE_IGNORE_FILE, detail=str(problem))
            return []
        if folder.path and not folder.chosen and (reason := self._of_others(folder, names, entries)):
            self._skip(folder.path, reason)
            return []
        folder = replace(folder, rules=rules)
        inner = []
        for entry in entries:
            if entry.name != ".git" and self._is_wanted(folder.path + entry.name):
                if entry.is_dir(follow_symlinks=False):
                    inner += self._enter(folder, entry.name)
                else:
                    self._judge(folder, entry)
        return inner

    def _is_wanted(self, path: str) -> bool:
        if self.wanted is None or path in self.above or path in self.wanted:
            return True
        return any(above in self.wanted for above in _folders_of(path))

    def _of_others(
        self, folder: _Folder, names: set[str], entries: list[os.DirEntry[str]]
    ) -> SkipReason | None:
        """Whether what the folder holds shows that nobody works on it here."""
        reason = skip.by_folder_entries(names)
        if reason is None and skip.may_be_vendored(folder.path.rstrip("/").rpartition("/")[2]):
            below: set[str] = {name for name in names if "." not in name}
            for entry in entries[:_PACKAGES_LOOKED_AT]:
                if entry.is_dir(follow_symlinks=False):
                    try:
                        below.update(os.listdir(entry.path))
                    except OSError:
                        continue
            if skip.is_vendored(names, below):
                reason = SkipReason.VENDORED
        return None if reason in self.options.keep else reason

    def _enter(self, folder: _Folder, name: str) -> list[_Folder]:
        path = folder.path + name
        if not _is_text(path):
            self._skip(printable(path) + "/", SkipReason.UNREADABLE, detail="the name is not UTF-8")
            return []
        known = self.prefix + path
        own = folder.rules.own_verdict(known, name, True)
        git_ignores = not self._is_listed(folder, path) and folder.rules.git_ignores(known, name, True)
        if git_ignores and path in self.above:  # git was asked about a file in it: it may track others
            git_ignores = not self._holds_listed(folder, path)
        reason = None
        if own is True or (own is None and git_ignores):
            reason = SkipReason.IGNORED
        elif own is None:
            reason = skip.by_folder_name(name)
        if reason is not None and reason not in self.options.keep:
            self._skip(path + "/", reason)
            return []
        asked = folder.asked and not git_ignores
        place = folder.place.below(name)
        return [replace(folder, path=path + "/", place=place, asked=asked, chosen=own is False)]

    def _holds_listed(self, folder: _Folder, path: str) -> bool:
        """Whether git tracks anything below a folder that it ignores."""
        if folder.listed is None or not folder.asked:
            return False
        at = os.path.join(self.root, folder.path[: folder.listed_at]).rstrip("/")
        repository = git.find(at)
        try:
            only = [path[folder.listed_at :]]
            return repository is not None and bool(git.listing(repository, at, only))
        except git.GitFailed:
            return False

    # -- files

    def _judge(self, folder: _Folder, entry: os.DirEntry[str]) -> None:
        """Record one entry that is no folder as a candidate or as skipped."""
        name, path = entry.name, folder.path + entry.name
        if not _is_text(path):
            self._skip(printable(path), SkipReason.UNREADABLE, detail="the name is not UTF-8")
            return
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as problem:
            if not isinstance(problem, FileNotFoundError):  # gone since the folder was listed
                self._skip(path, SkipReason.UNREADABLE, detail=problem.strerror or "")
            return
        reason: SkipReason | None
        if self._is_ignored(folder, path, name):
            reason = SkipReason.IGNORED
        elif stat.S_ISLNK(status.st_mode):
            reason = SkipReason.SYMLINK
        elif not stat.S_ISREG(status.st_mode):
            reason = SkipReason.SPECIAL
        else:
            keep = self.options.keep
            reason = skip.by_name(name, folder.place)
            if reason is None or reason in keep:
                reason = skip.by_size(name, status.st_size, folder.place, self.options)
            if reason is None or reason in keep:
                self.found.files.append(
                    Candidate(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
                )
                return
        self._skip(path, reason, status)

    def _is_ignored(self, folder: _Folder, path: str, name: str) -> bool:
        known = self.prefix + path
        own = folder.rules.own_verdict(known, name, False)
        if own is not None:
            return own
        if folder.listed is not None and folder.asked:
            tracked = folder.listed.get(path[folder.listed_at :])
            if tracked is not False:
                return tracked is None
        return folder.rules.git_ignores(known, name, False)

    def _is_listed(self, folder: _Folder, path: str) -> bool:
        return folder.listed is not None and folder.asked and path[folder.listed_at :] in folder.listed

    def _skip(
        self, path: str, reason: SkipReason, status: os.stat_result | None = None, detail: str = ""
    ) -> None:
        size, mtime_ns = (status.st_size, status.st_mtime_ns) if status else (0, 0)
        self.found.skipped.append(Skipped(path, reason, detail, size, mtime_ns))


_PATHS_TO_GIT = 100  # on its command line; beyond, listing everything is as fast
_PACKAGES_LOOKED_AT = 200  # folders in a vendor folder: one with a licence is enough


def _folders_of(path: str) -> Iterable[str]:
    """`a/b/c` -> `a/b`, `a`; and `a/b/` -> the same."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _is_text(path: str) -> bool:
    return (
        path.isascii()
        or path.isprintable()
        or not any("\ud800" <= character <= "\udfff" for character in path)
    )
