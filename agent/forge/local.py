"""A request -> a bare repository and a document beside it, on this disk and without a server.

    <folder>/<repo>.git                          the branch, and the branch it starts from
    <folder>/<repo>/requests/<number>-<slug>.md  what a reviewer reads
    <folder>/<repo>/requests/<number>-<slug>.json

Only the owner of the folder can look inside. Whether a request was merged is read from the history of
its base branch there.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from agent.forge import ChangeRequest, Opened, RequestState, check_request
from agent.forge.branch import judge_move
from agent.git import Git, break_locks
from indexer.errors import BadInput, NotFound

_SLUG_LETTERS = 50
_SPARE = f".{'?' * 16}"  # a document that waits to take its place


class LocalForge:
    """Keeps what was pushed below `folder`, one bare repository for each name of a repository."""

    name = "local"

    def __init__(self, folder: Path, repo: str) -> None:
        self.folder = folder.absolute()  # git runs elsewhere
        self.repo = repo
        name = _file_name(repo)
        self.bare = self.folder / f"{name}.git"
        self.requests = self.folder / name / "requests"

    def push(self, gitdir: Path, request: ChangeRequest) -> None:
        self._check(request)
        source = Git(gitdir, gitdir)
        if not source.is_ancestor(request.base, request.commit):
            raise BadInput(f"the commit {request.commit[:12]} does not come after {request.base[:12]}")
        with self._locked():
            branch, base = f"refs/heads/{request.branch}", f"refs/heads/{request.base_branch}"
            git = self._repository(request, (branch, base))
            there = git.refs(branch, base)
            move = judge_move(source, request, there.get(branch))
            if move != "none":
                # The commit alone; the reference is moved afterwards, and only from where it was.
                # Of a shallow clone its border comes too, or the history could not be read here.
                options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--update-shallow", "--")
                git.run("fetch", *options, str(gitdir.absolute()), request.commit)
                git.run("update-ref", branch, request.commit, there.get(branch, ""))
            if base not in there or git.is_ancestor(there[base], request.base):
                git.run("update-ref", base, request.base, there.get(base, ""))

    def open(self, request: ChangeRequest) -> Opened:
        self._check(request)
        with self._locked():
            git = Git(self.bare, self.bare)
            if not self.bare.exists() or git.refs(f"refs/heads/{request.branch}") != {
                f"refs/heads/{request.branch}": request.commit
            }:
                raise NotFound(
                    f"{request.branch} at {request.commit[:12]} is not in {self.bare}; push it first"
                )
            known = self._of_branch(request.branch)
            number = known.number if known else self._last_number() + 1
            stem = known.stem if known else f"{number}-{_slug(request.title)}"
            closed = bool(known and known.values.get("closed"))
            record = {"number": str(number), **asdict(request), "closed": closed}
            del record["body"]  # the document has it
            # The record first: it holds the number, and a document that a kill left out is written again.
            _write(self.requests / f"{stem}.json", json.dumps(record, indent=2) + "\n")
            document = self.requests / f"{stem}.md"
            _write(document, self._document(git, request, number))
        return Opened(str(number), document.as_uri(), created=known is None)

    def show(self, number: str) -> RequestState:
        found = [known for known in self._known() if str(known.number) == number]
        if not found:
            raise NotFound(f"there is no request {number} in {self.requests}")
        values = found[0].values
        git = Git(self.bare, self.bare)
        branch, base = f"refs/heads/{values['branch']}", f"refs/heads/{values['base_branch']}"
        refs = git.refs(branch, base)
        head = refs.get(branch, values["commit"])
        if base in refs and git.is_ancestor(head, refs[base]):
            return RequestState("merged", head)
        closed = values.get("closed") or branch not in refs
        return RequestState("closed" if closed else "open", head)

    def _check(self, request: ChangeRequest) -> None:
        check_request(request)
        if request.repo != self.repo:
            raise BadInput(f"this forge keeps {self.repo}; a request of {request.repo} belongs elsewhere")

    def _repository(self, request: ChangeRequest, refs: Sequence[str]) -> Git:
        """The bare repository, whole or not there at all, with no lock on `refs`."""
        if not self.bare.exists():
            for left in self.folder.glob(f".{self.bare.name}-*"):
                shutil.rmtree(left)
            made = self.bare.with_name(f".{self.bare.name}-{secrets.token_hex(4)}")
            git = Git(made, made)
            git.init()
            git.run("symbolic-ref", "HEAD", f"refs/heads/{request.base_branch}")
            git.run("config", "core.bare", "true")
            made.rename(self.bare)
        break_locks([self.bare / f"{name}.lock" for name in (*refs, "packed-refs")])
        return Git(self.bare, self.bare)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time; the lock ends with its process, so a kill leaves none behind."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.requests.parent.mkdir(mode=0o700, exist_ok=True)
        self.requests.mkdir(mode=0o700, exist_ok=True)
        with open(self.requests / ".lock", "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for left in self.requests.glob(_SPARE):
                left.unlink()
            yield

    def _known(self) -> list[_Known]:
        return [known for path in self.requests.glob("*.json") if (known := _read(path))]

    def _of_branch(self, branch: str) -> _Known | None:
        return next((known for known in self._known() if known.values["branch"] == branch), None)

    def _last_number(self) -> int:
        return max((known.number for known in self._known()), default=0)

    def _document(self, git: Git, request: ChangeRequest, number: int) -> str:
        bare = shlex.quote(str(self.bare))
        base, branch = request.base_branch, request.branch
        since = f"{base}...{branch}" if _meet(git, base, branch) else f"{request.base} {request.commit}"
        state = "draft" if request.draft else "ready for review"
        labels = f" · labels: {', '.join(request.labels)}" if request.labels else ""
        return "\n".join(
            (
                f"# {request.title}",
                "",
                f"Request {number} · {state} · `{branch}` into `{base}`{labels}",
                "",
                request.body.strip(),
                "",
                "## Review, take over, merge",
                "",
                "Look at it, from anywhere:",
                "",
                f"    git --git-dir={bare} log --stat {request.base}..{request.commit}",
                f"    git --git-dir={bare} diff {since}",
                "",
                "Take it over into your own clone, and merge it there:",
                "",
                f"    git fetch {bare} {branch}:{branch}",
                f"    git merge --no-ff {branch}",
                "",
                "Say here that it is merged:",
                "",
                f"    git push {bare} HEAD:{base}",
                "",
            )
        )


@dataclass(frozen=True, slots=True)
class _Known:
    number: int
    stem: str
    values: dict[str, Any]


def _read(path: Path) -> _Known | None:
    number = path.stem.partition("-")[0]
    if not number.isdecimal():
        return None
    try:
        return _Known(int(number), path.stem, json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise BadInput(f"{path} is no record of a request: {error}; mend or remove it") from error


def _write(path: Path, text: str) -> None:
    spare = path.with_name(f".{secrets.token_hex(8)}")
    fd = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
    spare.replace(path)


def _meet(git: Git, one: str, other: str) -> bool:
    """Whether two branches have a common history: a folder without one begins anew in each run."""
    refs = [f"refs/heads/{one}", f"refs/heads/{other}"]
    roots = [set(git.run("rev-list", "--max-parents=0", ref, "--").split()) for ref in refs]
    return bool(roots[0] & roots[1])


def _file_name(repo: str) -> str:
    """The name itself where it is a plain one, else one like it that no other name has."""
    if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", repo) and not repo.endswith((".git", ".")):
        return repo
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", repo)[:60].strip("-")
    return f"{plain or 'repository'}-{sha256(repo.encode()).hexdigest()[:8]}"


def _slug(title: str) -> str:
    words = "-".join(re.findall(r"[a-z0-9]+", title.lower()))
    return words[:_SLUG_LETTERS].strip("-") or "change"
