"""The folder of an embedded shard: made, opened, given a part, set aside; the unfinished lies beside it."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path

import qdrant_edge as edge

from indexer.errors import IndexDamaged, NotWritable, StoreUnreachable
from indexer.store.troubles import REBUILD, not_writable

SEGMENTS = "segments"  # Edge's folder of them
# A search is made in the parts of a shard (Edge's segments) at once: in two of them it takes 0.65 of its time
# and as much of the processor. Edge makes one, and gives further points to the smaller of those it finds.
PARTS = 2
LARGE = 4096  # points: a search of fewer takes less than a millisecond, and a part 50 ms to make and open
_FILTERED = {
    "repo": edge.KeywordIndexParams(is_tenant=True),
    "path": edge.KeywordIndexParams(prefix=True),
    "language": edge.KeywordIndexParams(),
    "kind": edge.KeywordIndexParams(),
}


def _config(dimensions: int) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        # Dot on unit vectors is the cosine, and keeps the bits it was given.
        vectors={
            "dense": edge.EdgeVectorParams(
                dimensions, edge.Distance.Dot, datatype=edge.VectorStorageDatatype.Float16
            )
        },
        sparse_vectors={"sparse": edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        # No graph: a scan takes 0.1 ms per 1,000 points, a graph 1 to 2 ms of CPU per point to build.
        hnsw_config=edge.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000),
        max_search_threads=PARTS,  # Edge's own default is one per core, for each open shard
        wal_enabled=False,  # the catalog commits after flush, so a log would double the writes for nothing
    )


def create(path: Path, dimensions: int) -> None:
    """Make an empty shard that appears under its name only when it is complete."""
    unfinished = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        _fill(unfinished, dimensions)
        os.replace(unfinished, path)
    except BaseException as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise NotWritable(
            f"no vectors can be kept in {path} ({said(error)}); see to space and rights there"
        ) from error


def add_part(path: Path, dimensions: int) -> None:
    """Give a closed shard one more empty part."""
    unfinished = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        _fill(unfinished, dimensions)
        for segment in (unfinished / SEGMENTS).iterdir():
            os.replace(segment, path / SEGMENTS / segment.name)
        sync(path / SEGMENTS)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise NotWritable(
            f"no more vectors can be kept in {path} ({said(error)}); see to space and rights there"
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _fill(path: Path, dimensions: int) -> None:
    shard = edge.EdgeShard.create(str(path), _config(dimensions))
    for field, parameters in _FILTERED.items():
        shard.update(edge.UpdateOperation.create_field_index(field, parameters))
    shard.flush()
    shard.close()


def clear_unfinished(path: Path) -> None:
    """Finish or remove what a killed process left beside this shard, or in it. The lock is held."""
    if not path.exists() and vacuumed(path).exists():
        os.replace(vacuumed(path), path)
    for unfinished in path.parent.glob(f".{path.name}.*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    for unfinished in path.rglob(".atomicwrite*"):  # Edge's own, of a flush that was killed
        if unfinished.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
        else:
            unfinished.unlink(missing_ok=True)


def filling(path: Path) -> Path:
    """Where a copy without the dead points is made (vacuum.py), and below it where a whole one waits."""
    return path.with_name(f".{path.name}.filling")


def vacuumed(path: Path) -> Path:
    return path.with_name(f".{path.name}.vacuumed")


def swap(path: Path) -> None:
    """Put the vacuumed shard in the place of the closed one."""
    os.replace(path, path.with_name(f".{path.name}.discarded"))
    os.replace(vacuumed(path), path)


def set_aside(path: Path) -> Path | None:
    """Take the name from a shard that is to be removed, and return its new one. Nobody may have it open."""
    gone = path.with_name(f".{path.name}.gone-{secrets.token_hex(4)}")
    try:
        os.replace(path, gone)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise not_writable(path, error) from error
    return gone


def load(path: Path, dimensions: int) -> edge.EdgeShard:
    try:
        return edge.EdgeShard.load(str(path), _config(dimensions))
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise IndexDamaged(
            f"the vectors in {path} cannot be read as {dimensions} numbers each ({said(error)}); go back to "
            f"the model they were made with, or {REBUILD}"
        ) from error


def said(error: BaseException) -> str:
    """Edge raises Exception for what it foresees, and lets a panic through as a BaseException."""
    return str(error).strip().partition("\n")[0] or type(error).__name__


def sync(path: Path) -> None:
    """A folder too: a file that was renamed is one of its entries."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        pass  # Edge has put another in its place
    except OSError as error:
        raise StoreUnreachable(
            f"the disk would not keep {path} ({error}); what was not flushed has to be sent again"
        ) from error
