"""A repository -> a working copy of its last commit on a branch of its own, and from there a commit.

    <folder>/git    the git directory; nothing that runs in the tree can reach it
    <folder>/tree   the files; what the sandbox and the file tools see
    <folder>/reports, <folder>/export-*   test reports, and clean copies to judge a change by

The user's tree is only read. A folder that is no repository is copied, as far as the index would
read it, and becomes the first commit of a new one.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from agent.beneath import Beneath
from agent.git import Git, break_locks
from indexer.errors import Forbidden, NotFound
from indexer.files import FileOptions, SkipReason, walk
from indexer.git import head_commit

# Clean copies and their indexes, a copy of the repository's, moved reports, git's settings before they took
# their place. What edits were under way is in journals, which are settled where the edits are made.
_HALF_DONE = ("export-*", "reports-*", "there-*", "gitconfig.*")
_SLUG_WORDS = 6
_SLUG_LENGTH = 40
_LINK = "120000"  # git's mode of a symbolic link
_COPIED_BYTES = 64 << 20  # a larger file in a folder without history is data, not source
# The index has no use for these, a test suite may. What is ignored, vendored or secret stays behind.
SECRET_VALUES = re.compile(r"\.envrc|\.env(?!\.(?:example|sample|template|dist)$).*|.+\.env")
_COPIED_TOO = frozenset(
    {
        SkipReason.BINARY,
        SkipReason.DATA,
        SkipReason.LOCK_FILE,
        SkipReason.MINIFIED,
        SkipReason.TOO_LARGE,
        SkipReason.TRANSLATION,
    }
)


@dataclass(frozen=True, slots=True)
class RepoHandle:
    """A repository by the name it has in the index and the folder it lies in."""

    name: str
    root: Path


class Workspace:
    """One run's clone. `base` is the commit it started from."""

    def __init__(self, folder: Path, branch: str) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self.reports = folder / "reports"
        self.branch = branch
        self.git = Git(folder / "git", self.tree)
        self.files = Beneath(self.tree)
        self.base = ""
        self.base_branch = "main"  # where the change is to be merged

    def tidy(self) -> None:
        """Remove what a killed worker left half done. Only the one that holds the lease of the run may."""
        break_locks(self.git.gitdir.rglob("*.lock"))
        for pattern in _HALF_DONE:
            for left in self.folder.glob(pattern):
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)

    def tracked(self) -> list[str]:
        return self.git.paths("ls-files", "-z")

    def untracked(self) -> list[str]:
        """New files that no ignore rule leaves out."""
        return self.git.paths("ls-files", "-z", "--others", "--exclude-standard")

    def deleted(self) -> list[str]:
        """Files that are gone from the tree, and are still in git's index."""
        return self.git.paths("ls-files", "-z", "--deleted")

    def at(self, tree: str, path: str) -> bytes | None:
        """The bytes of a file in a commit or tree, None where it has none."""
        row = self.git.run("ls-tree", "-z", tree, "--", path).rstrip("\0")
        kind, _, blob = [*row.split("\t")[0].split(" "), "", "", ""][:3]
        return self.git.blob(blob) if row and kind.startswith("100") else None

    def tree_with(self, drafts: Mapping[str, bytes | None]) -> str:
        """The tree of the start with these files changed, or gone where None. Nothing is checked out."""
        index = {"GIT_INDEX_FILE": str(self.folder / "draft-index")}
        self.git.run("read-tree", self.base, env=index)
        modes = dict(self._modes())
        for path, data in sorted(drafts.items()):
            if data is None:
                self.git.run("update-index", "--force-remove", "--", path, env=index)
                continue
            # From the tree and by its path, or line ends were not stored as `.gitattributes` says.
            hashed = ("-C", str(self.tree), "hash-object", "-w", "--stdin", f"--path={path}")
            blob = self.git.run(*hashed, stdin=data)
            row = f"{modes.get(path, '100644')},{blob},{path}"
            self.git.run("update-index", "--add", "--cacheinfo", row, env=index)
        return self.git.run("write-tree", env=index)

    def _modes(self) -> Iterator[tuple[str, str]]:
        for row in self.git.paths("ls-tree", "-r", "-z", self.base):
            described, _, path = row.partition("\t")
            yield path, described.split(" ")[0]

    def changed(self) -> list[str]:
        """Tracked files that differ from the commit the run started from, deleted ones included."""
        return self.git.paths("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", self.base)

    def restore(self, path: str) -> None:
        """Put a file back as it was at the start of the run; one that is new is removed."""
        row = self.git.run("ls-tree", "-z", self.base, "--", path).rstrip("\0")
        mode, kind, blob = [*row.split("\t")[0].split(" "), "", "", ""][:3]
        if kind == "blob" and mode != _LINK:
            self._clear(path)
            self.files.write(path, self.git.blob(blob), mode=0o755 if mode == "100755" else 0o644)
        elif kind != "blob" and self.files.entry(path) is not None:
            self.files.delete(path)

    def _clear(self, path: str) -> None:
        """Take away whatever else stands where a file belongs, on the way there or at its place.

        Nothing runs in the tree at this moment. A link is removed as a link, whatever it points to.
        """
        for place in [*reversed(PurePosixPath(path).parents[:-1]), PurePosixPath(path)]:
            found = self.tree / place
            if found.is_symlink() or (found.exists() and not found.is_dir()):
                found.unlink()
            elif found.is_dir() and place == PurePosixPath(path):
                shutil.rmtree(found)

    def stage(self, paths: Iterable[str]) -> str:
        """Record `paths` as they are in the tree now; return the id of the whole tree.

        Nothing runs in the tree at this moment, so what is checked here is what git then reads.
        """
        # What an earlier staging took up and is gone since is still in git's index, and in no list of changes
        paths = sorted({*paths, *self.deleted()})
        for path in paths:
            if (self.tree / path).is_symlink():
                raise Forbidden(f"{path} became a symbolic link; the agent commits regular files only")
            self.files.exists(path)  # raises when a folder on the way became a link out of the tree
        listed = "".join(f"{path}\0" for path in paths)
        self.git.run("update-index", "--add", "--remove", "-z", "--stdin", stdin=os.fsencode(listed))
        return self.git.run("write-tree")

    def commit(self, tree: str, message: str) -> str:
        """Put a tree on the branch, after the commit the run started from."""
        made = self.git.run("commit-tree", tree, "-p", self.base, "-F", "-", stdin=message.encode())
        self.git.run("update-ref", f"refs/heads/{self.branch}", made)
        return made

    def diff(self, tree: str) -> str:
        return self.git.run("diff", "--no-color", "--no-ext-diff", "--no-textconv", self.base, tree)

    def summary(self, tree: str) -> list[tuple[str, str, int | None, int | None]]:
        """Letter (A, M, D, T), path, lines added and removed of each changed file; None for binary ones."""
        options = ("-r", "-z", "--no-renames", self.base, tree)
        letters = self.git.run("diff-tree", "--name-status", *options).split("\0")
        rows = self.git.paths("diff-tree", "--numstat", *options)
        counts = {row.split("\t")[2]: row.split("\t")[:2] for row in rows}
        found = []
        for letter, path in zip(letters[::2], letters[1::2], strict=False):
            added, removed = counts.get(path, ["-", "-"])
            found.append((letter, path, *(None if n == "-" else int(n) for n in (added, removed))))
        return found  # type: ignore[return-value]

    def subjects(self, count: int) -> list[str]:
        """The first lines of the newest commits before the change."""
        return self.git.subjects(count, self.base)

    @contextmanager
    def exported(self, tree: str) -> Iterator[Path]:
        """A clean copy of a tree on disk, with nothing that commands left behind."""
        folder = self.folder / f"export-{secrets.token_hex(4)}"
        self._write_out(tree, folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def with_files_of(self, tree: str, paths: Iterable[str]) -> str:
        """The tree the run started from, with `paths` as they are in `tree`."""
        index = {"GIT_INDEX_FILE": str(self.folder / "mixed-index")}
        self.git.run("read-tree", self.base, env=index)
        for path in paths:
            row = self.git.run("ls-tree", "-z", tree, "--", path).rstrip("\0")
            if not row:
                self.git.run("update-index", "--force-remove", "--", path, env=index)
                continue
            mode, _, blob = row.split("\t")[0].split(" ")
            self.git.run("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", env=index)
        return self.git.run("write-tree", env=index)

    def _write_out(self, tree: str, folder: Path) -> None:
        folder.mkdir()
        index = {"GIT_INDEX_FILE": str(self.folder / f"{folder.name}-index")}
        other = Git(self.git.gitdir, folder)
        other.run("read-tree", tree, env=index)
        other.run("checkout-index", "--all", "--force", env=index)
        os.unlink(index["GIT_INDEX_FILE"])


def make_workspace(repo: RepoHandle, folder: Path, branch: str) -> Workspace:
    """Clone or copy `repo` into `folder`. What an interrupted attempt left there is removed first."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)  # a command may leave programs that run as their owner; nobody else gets there
    workspace = Workspace(folder, branch)
    workspace.reports.mkdir()
    if (repo.root / ".git").exists() and head_commit(repo.root) is not None:
        workspace.git.clone(repo.root)
        workspace.base = workspace.git.run("rev-parse", "--verify", "HEAD^{commit}")
        workspace.tree.mkdir()
        workspace.base_branch = _branch_in(workspace.git.gitdir)
        workspace.git.run("update-ref", f"refs/heads/{branch}", workspace.base)
        workspace.git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        workspace.git.run("read-tree", "HEAD")
        workspace.git.run("checkout-index", "--all", "--force")
    else:
        workspace.tree.mkdir()
        workspace.git.init()
        workspace.git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        copied = list(_copy(Beneath(repo.root), workspace.files))
        tree = workspace.stage(copied)
        message = f"The files of {repo.name} as the agent found them\n"
        workspace.base = workspace.git.run("commit-tree", tree, "-F", "-", stdin=message.encode())
        workspace.git.run("update-ref", f"refs/heads/{branch}", workspace.base)
    return workspace


def open_workspace(folder: Path, branch: str, base: str) -> Workspace:
    """The workspace that `make_workspace` made there, for a run that goes on. Raises NotFound."""
    workspace = Workspace(folder, branch)
    if not workspace.tree.is_dir() or not workspace.git.gitdir.is_dir():
        raise NotFound(f"the working copy {folder} of this run is gone; start the task anew")
    workspace.reports.mkdir(exist_ok=True)
    workspace.base = base
    return workspace


def branch_name(run_id: str, task: str) -> str:
    """`agent/<id>-<the first words of the task>`."""
    words = re.findall(r"[a-z0-9]+", task.lower())[:_SLUG_WORDS]
    slug = "-".join(words)[:_SLUG_LENGTH].strip("-")
    return f"agent/{run_id}-{slug}" if slug else f"agent/{run_id}"


def _branch_in(gitdir: Path) -> str:
    """The branch that the source was on; one that was on none is asked to merge into main."""
    head = (gitdir / "HEAD").read_text()
    return head.removeprefix("ref: refs/heads/").strip() if head.startswith("ref: refs/heads/") else "main"


def _copy(source: Beneath, target: Beneath) -> Iterator[str]:
    for file in walk(source.root, FileOptions(keep=_COPIED_TOO)).files:
        name = file.path.rpartition("/")[2]
        if file.size <= _COPIED_BYTES and not SECRET_VALUES.fullmatch(name):
            target.write(
                file.path, source.read(file.path, _COPIED_BYTES), executable=source.executable(file.path)
            )
            yield file.path
