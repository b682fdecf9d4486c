"""A data directory -> the indexes in it that nothing names any more, with their sizes; and their end.

A removal that is cut short leaves a folder that the next one finds: the vectors go first, the folder that
says what they were last.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.embed.cache import forget_all_but
from indexer.errors import CairnError
from indexer.store.catalog import Catalog
from indexer.store.editions import INDEX_FILE, Edition, described, read_editions
from indexer.store.embedded import KeeperVectors
from indexer.store.schema import DataDir

from .opened import vectors_of
from .service import Service

_GONE = ".gone-"  # begins the name of a folder that is being removed
_SHARD = re.compile(r"cairn-(?:.*-)?([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Leftover:
    """An index that no answer comes from. `edition` is None where it does not say what it is of."""

    digest: str
    edition: Edition | None
    folder: Path
    shard: Path | None
    bytes: int


def leftovers(data: DataDir) -> list[Leftover]:
    """Every index on this disk but the current, the previous and the one being built."""
    said = read_editions(data)
    kept = {edition.digest for edition in said.kept} if said else set()
    shards = _shards(data)
    digests = {folder.name for folder in _folders(data.indexes)} | shards.keys()
    return [_leftover(data, digest, shards.get(digest)) for digest in sorted(digests - kept)]


def remove_leftovers(service: Service, costly: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove them: what was removed, and what was not with the reason. `costly`: also the cached vectors of
    models whose index is gone."""
    removed, notes = [], []
    for one in leftovers(service.data):
        try:
            _remove(service, one)
            removed.append(one.edition.fingerprint if one.edition else one.digest)
        except CairnError as error:
            notes.append(f"the index {one.digest} stays ({error})")
    for folder in (service.data.indexes, service.data.shards):
        for gone in folder.glob(f"{_GONE}*"):
            shutil.rmtree(gone, ignore_errors=True)  # of a removal that was cut short
    said = read_editions(service.data)
    building = said.building.digest if said and said.building else None
    for lane in _folders(service.data.locks):
        if lane.name != building:
            shutil.rmtree(lane, ignore_errors=True)
    if costly and said is not None:
        forget_all_but(service.data.embeddings, [edition.parts.embedder for edition in said.kept])
    return tuple(removed), tuple(notes)


def size_of(data: DataDir, edition: Edition) -> int:
    """Disk blocks of an edition's catalog and, where they are on this machine, its vectors."""
    return used_bytes(data.index(edition.fingerprint)) + used_bytes(data.shards / edition.collection)


def used_bytes(folder: Path) -> int:
    """Disk blocks used below a folder."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(where, name)).st_blocks * 512
            except OSError:
                continue  # gone meanwhile
    return total


def _remove(service: Service, one: Leftover) -> None:
    if one.shard is not None:
        _drop_shard(service.data, one.shard.name)
    said = _said(one.folder)
    if one.edition is not None and said["qdrant_url"]:
        _drop_collection(service, one, str(said["qdrant_url"]))
    if one.folder.exists():
        gone = one.folder.with_name(f"{_GONE}{one.digest}-{secrets.token_hex(4)}")
        with suppress(FileNotFoundError):
            os.replace(one.folder, gone)  # whatever dies now leaves no half of an index under its name
        shutil.rmtree(gone, ignore_errors=True)


def _drop_shard(data: DataDir, collection: str) -> None:
    """Through the process that keeps the vectors, which may have them open."""
    vectors = KeeperVectors(data.root, collection, 1)
    try:
        vectors.drop(())
    finally:
        vectors.close()


def _drop_collection(service: Service, one: Leftover, url: str) -> None:
    if url != service.settings.qdrant_url:
        raise CairnError(f"its vectors are at {url}; set CAIRN_QDRANT_URL to that, and clean again")
    assert one.edition is not None
    catalog = Catalog(one.folder / "catalog.db")
    vectors = vectors_of(service.data, service.settings, one.edition)
    try:
        vectors.drop([repo.name for repo in catalog.repos()])
    finally:
        vectors.close()
        catalog.close()


def _leftover(data: DataDir, digest: str, shard: Path | None) -> Leftover:
    folder = data.indexes / digest
    said = _said(folder)
    edition = described(folder) if said else None
    size = used_bytes(folder) + (used_bytes(shard) if shard else 0)
    return Leftover(digest, edition, folder, shard, size)


def _said(folder: Path) -> dict[str, str]:
    try:
        said: dict[str, str] = json.loads((folder / INDEX_FILE).read_bytes())
        return said if {"fingerprint", "embedder", "url", "qdrant_url"} <= said.keys() else {}
    except (OSError, ValueError, AttributeError):
        return {}


def _shards(data: DataDir) -> dict[str, Path]:
    found = ((_SHARD.fullmatch(folder.name), folder) for folder in _folders(data.shards))
    return {match[1]: folder for match, folder in found if match}


def _folders(parent: Path) -> list[Path]:
    try:
        return [folder for folder in parent.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    except OSError:
        return []
