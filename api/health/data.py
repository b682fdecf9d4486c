"""A data directory -> whether it is private, whole and tidy, and whether the store keeps what it is given."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from indexer.git import find
from indexer.store import Points
from indexer.store.catalog import damage_of
from indexer.store.locking import Lock
from indexer.store.owner import LOCK_FILE, OWNER_FILE, read_owner
from indexer.verify.rebuild import FOLDER, left_over

from ..opened import second_stage
from ..service import WORKING_COPY, Service
from . import Finding

_PROBE_REPO = f"{WORKING_COPY}doctor"
_LARGE_WAL = 64_000_000  # bytes; SQLite empties it at 4 MB unless a reader never lets go
_OTHERS = 0o077


def privacy(service: Service) -> Finding | str:
    """Whoever can read the directory can read the code of every repository, and ask the keeper."""
    root, user = service.data.root, os.geteuid()
    owner = root.stat().st_uid
    if owner != user:
        said = f"{root} belongs to user {owner}, this is user {user}"
        return Finding("privacy", "bad", said, f"chown -R {user} {root}, or choose another with --data")
    if root.stat().st_mode & _OTHERS:
        said = f"{root} is open to others (mode {root.stat().st_mode & 0o777:o})"
        return Finding("privacy", "note", said, f"chmod 700 {root}")
    address = root / OWNER_FILE
    if address.exists() and address.stat().st_mode & _OTHERS:
        said = f"{address}, which lets its reader ask for every vector, is open to others"
        return Finding("privacy", "bad", said, f"chmod 600 {address}, and end the process it names")
    foreign = [path for path in _databases(root) if path.stat().st_uid != user]
    if foreign:
        said = f"another user's files in it: {', '.join(map(str, foreign[:3]))}"
        return Finding("privacy", "bad", said, f"chown -R {user} {root}")
    return f"{root} is this user's alone"


def databases(service: Service) -> Finding | str:
    """Let SQLite check the structure of each database; what is in them is for `cairn verify`."""
    found = _databases(service.data.root)
    broken = [f"{path} ({said})" for path in found if (said := damage_of(path))]
    if broken:
        remedy = "of an index: remove its folder and index again; embeddings.db: remove it; runs.db: a backup"
        return Finding("databases", "bad", f"damaged: {'; '.join(broken)}", remedy)
    logs = [path.with_name(f"{path.name}-wal") for path in found]
    large = [path for path in logs if path.exists() and path.stat().st_size > _LARGE_WAL]
    if large:
        said = f"large write-ahead logs: {', '.join(map(str, large))}"
        remedy = "a reader never let go: restart cairn serve and whatever else has the index open"
        return Finding("databases", "note", said, remedy)
    return f"{len(found)} {'is' if len(found) == 1 else 'are'} whole"


def _databases(root: Path) -> list[Path]:
    return sorted([*root.glob("*.db"), *root.glob("indexes/*/*.db")])


def store(service: Service) -> Finding | str:
    """Write a point, read it back to the bit, flush and delete it."""
    count = sum(service.vectors.count(repo.name) for repo in service.repos())
    size = service.embedder.dimensions
    dense = np.zeros((1, size), dtype=np.float16)
    dense[0, 0] = 1
    word = np.array([7], dtype=np.uint32)
    id_, offsets = str(uuid.uuid4()), np.array([0, 1], dtype=np.int64)
    payload = {"repo": _PROBE_REPO, "path": "probe", "language": "text", "kind": "docs"}
    vectors = service.vectors
    vectors.delete_repo(_PROBE_REPO)  # of a doctor that was interrupted
    vectors.upsert(Points([id_], dense, offsets, word, np.ones(1, dtype=np.float32), [payload]))
    try:
        kept = vectors.stored([id_]).get(id_)
        vectors.flush()
    finally:
        vectors.delete_repo(_PROBE_REPO)
        vectors.flush()
    where = service.settings.qdrant_url or "Qdrant Edge in a process of its own"
    if kept is None or kept.dense.tobytes() != dense.tobytes() or kept.payload["path"] != "probe":
        said = f"{where} gave back another point than it was given"
        return Finding("vector store", "bad", said, "cairn verify --full says what else is wrong")
    if list(vectors.ids(_PROBE_REPO)):
        said = f"{where} keeps what it was told to delete"
        return Finding("vector store", "bad", said, "see its log, and restart it")
    return f"{count} points, {where}; one was written, read and deleted"


_QUESTION = "parse a date from text"
_NEAR, _FAR = "def parse_date(text): return date(text)", "def close_socket(connection): connection.close()"


def second(service: Service) -> Finding | str:
    """Let the second stage judge two texts for a question that one of them answers."""
    stage = second_stage(service.data, service.settings)
    if stage is None:
        return "off"
    near, far = stage.judge.scores(_QUESTION, [_NEAR, _FAR])
    if not near > far:
        said = f"{stage}: it prefers what does not answer a question to what does"
        return Finding("second stage", "bad", said, "see to CAIRN_RERANK, or unset it")
    return f"{stage}; it prefers what answers a question"


def model(service: Service) -> Finding | str:
    """Encode documents and a question, and see whether the two sides speak of the same thing."""
    embedder = service.embedder
    near, far = embedder.encode([_NEAR, _FAR])
    question = embedder.encode([_QUESTION], "query")[0]
    said = f"{embedder.fingerprint}, {embedder.dimensions} dimensions"
    sizes = {len(near), len(far), len(question)}
    if sizes != {embedder.dimensions} or not all(np.isfinite(row).all() for row in (near, far, question)):
        lengths = ", ".join(map(str, sorted(sizes)))
        return Finding(
            "embedding model", "bad", f"{said}: its vectors have {lengths} numbers, or none", _MODEL_REMEDY
        )
    if not question @ near > question @ far:
        return Finding(
            "embedding model", "bad", f"{said}: a question is not nearest to what answers it", _MODEL_REMEDY
        )
    return f"{said}; a question finds its document"


_MODEL_REMEDY = "see to CAIRN_EMBEDDER and to the prefixes its endpoint adds to questions and documents"


def tidiness(service: Service) -> Finding | str:
    """What a killed process left, and who holds a lock."""
    root = service.data.root
    owner = read_owner(root)
    if owner is not None and (lock := Lock.take(root / LOCK_FILE)) is not None:
        lock.release()
        said = f"{root / OWNER_FILE} names process {owner.pid}, which is gone; the next call replaces it"
        return Finding("leftovers", "note", said, "nothing has to be done")
    left = list(_left(root))
    if left:
        named = ", ".join(map(str, left[:3]))
        more = f" and {len(left) - 3} more" if len(left) > 3 else ""
        remedy = f"rm -r {named}" if len(left) <= 3 else "the next cairn verify removes rebuilds; rm the rest"
        return Finding("leftovers", "note", f"of a killed process: {named}{more}", remedy)
    held = sorted(_holders(service.data.locks))
    if held:
        return f"none; being written now by {', '.join(held)}"
    return "none"


def _left(root: Path) -> Iterator[Path]:
    yield from left_over(root / FOLDER)
    for pattern in (f".{OWNER_FILE}.*", ".probe-*"):
        yield from root.glob(pattern)
    for unfinished in root.glob("vectors/.*"):
        shard = unfinished.name.removeprefix(".").rpartition(".")[0]
        lock = Lock.take(unfinished.with_name(f"{shard}.lock"))  # held while a shard is being made
        if lock is not None:
            lock.release()
            yield unfinished


def _holders(locks: Path) -> Iterator[str]:
    for path in locks.glob("**/*.lock") if locks.is_dir() else []:
        lock = Lock.take(path)
        if lock is None:
            yield path.read_text().strip() or "another process"
        else:
            lock.release()


def roots(service: Service) -> Finding | str:
    """The folders of the registered repositories: there, readable, and git's to ask."""
    repos = service.repos()
    gone = [repo for repo in repos if not Path(repo.root).is_dir()]
    if gone:
        names = ", ".join(f"{repo.name} ({repo.root})" for repo in gone)
        return Finding("repositories", "note", f"folder gone: {names}", "put it back, or: cairn remove NAME")
    closed = [repo.root for repo in repos if not os.access(repo.root, os.R_OK | os.X_OK)]
    if closed:
        said = f"cannot be read: {', '.join(closed)}"
        return Finding("repositories", "bad", said, "give this user the right to read them (chmod, setfacl)")
    doubted = [repo.root for repo in repos if _doubted(repo.root)]
    if doubted:
        said = f"git doubts whose they are: {', '.join(doubted)}; agent runs cannot clone them"
        commands = "; ".join(f"git config --global --add safe.directory {root}" for root in doubted)
        return Finding("repositories", "note", said, commands)
    broken = [repo.name for repo in repos if not repo.complete]
    if broken:
        said = f"not completely indexed: {', '.join(broken)}"
        return Finding("repositories", "note", said, "cairn index PATH goes on")
    read_only = sum(not os.access(repo.root, os.W_OK) for repo in repos)
    fine = f" ({read_only} read-only, which is fine)" if read_only else ""
    return f"{len(repos)}, all there and complete{fine}"


def _doubted(root: str) -> bool:
    """Whether git, asked as anybody asks it, refuses the repository for its owner."""
    if find(root) is None:
        return False
    try:
        asked = ["git", "-C", root, "rev-parse", "--git-dir"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode != 0 and "dubious ownership" in done.stderr
