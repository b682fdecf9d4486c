"""A catalog -> the rows of each file and repository, without the numbers that two catalogs never share.

The tables are asked what they hold, so a table or a column that comes later is compared without a
change here. A table hangs on files by a column `file`, on chunks by `chunk`, on repositories by `repo`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..store.catalog import Catalog, RepoRow
from ..store.rows import unpack_text

Rows = dict[str, list[tuple[Any, ...]]]  # table -> its rows, in an order of their own
_OWNERS = {"file": ("files", "id"), "chunk": ("chunks", "nr"), "repo": ("repos", "id")}
_TIMES = {"mtime_ns", "seen_ns"}  # when the file was looked at
_NOT_SAID = {"skipped": {"size"}}  # a sync keeps -1 there for what it never opened
_OF_THE_INDEX = {"repos", "leaving"}  # names, generations, times, removals: of this index alone


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    surrogate: str  # the integer primary key, which counts up; "" where the key says something
    owner: str  # the column it hangs on; "" where it hangs on nothing

    def said(self) -> list[str]:
        """The columns that two indexes of the same files agree on."""
        left_out = {self.surrogate, self.owner} | _TIMES | _NOT_SAID.get(self.name, set())
        return [column for column in self.columns if column not in left_out]


class Tables:
    """The tables of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @cached_property
    def all(self) -> list[_Table]:
        names = self._catalog.select(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        return [self._table(name) for (name,) in names]

    @property
    def unknown(self) -> list[str]:
        """Tables that hang on nothing known here: they are not compared."""
        return [table.name for table in self.all if not table.owner and table.name not in _OF_THE_INDEX]

    def of_file(self, file: int) -> Rows:
        """Everything the catalog says of one file, but its path and the times."""
        found: Rows = {}
        for table in self.all:
            columns = ", ".join(f't."{column}"' for column in table.said())
            if table.name == "files":
                found["files"] = self._catalog.select(f"SELECT {columns} FROM files t WHERE t.id = ?", file)
            elif table.owner == "file":
                sql = f'SELECT {columns} FROM "{table.name}" t WHERE t.file = ?'
                found[table.name] = sorted(self._catalog.select(sql, file), key=repr)
            elif table.owner == "chunk":
                sql = (
                    f'SELECT c.start, {columns} FROM "{table.name}" t JOIN chunks c ON c.nr = t.chunk '
                    "WHERE c.file = ? ORDER BY c.start"
                )
                found[table.name] = [_readable(row) for row in self._catalog.select(sql, file)]
        return found

    def of_repo(self, repo: RepoRow) -> Rows:
        """What the catalog says of the repository beyond its files: above all what is left out, and why."""
        found: Rows = {}
        for table in self.all:
            if table.owner == "repo" and table.name != "files":
                columns = ", ".join(f'"{column}"' for column in table.said())
                sql = f'SELECT {columns} FROM "{table.name}" WHERE repo = ?'
                found[table.name] = sorted(self._catalog.select(sql, repo.id), key=repr)
        return found

    def stray(self) -> Iterator[tuple[str, int]]:
        """(table, how many of its rows hang on a file, chunk or repository that is not there)."""
        for table in self.all:
            if table.owner:
                sql = f'SELECT count(*) FROM "{table.name}" WHERE {stray(table.owner)}'
                number = self._catalog.select(sql)[0][0]
                if number:
                    yield table.name, number

    @property
    def hanging(self) -> list[tuple[str, str]]:
        """(table, the column it hangs on), those that others hang on first."""
        order = {"repo": 0, "file": 1, "chunk": 2}
        found = [(table.name, table.owner) for table in self.all if table.owner]
        return sorted(found, key=lambda pair: (order[pair[1]], pair[0]))

    def _table(self, name: str) -> _Table:
        info = self._catalog.select(f'PRAGMA table_info("{name}")')
        columns = tuple(row[1] for row in info)
        keys = [row[1] for row in info if row[5]]
        counted = len(keys) == 1 and any(row[1] == keys[0] and row[2].upper() == "INTEGER" for row in info)
        owner = next((column for column in ("file", "chunk", "repo") if column in columns), "")
        return _Table(name, columns, keys[0] if counted else "", owner)


def stray(owner: str) -> str:
    """The condition under which a row hangs on nothing."""
    table, key = _OWNERS[owner]
    return f'"{owner}" NOT IN (SELECT {key} FROM {table})'


def _readable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Packed texts unpacked: another zlib packs the same text into other bytes."""
    return tuple(_unpacked(value) if isinstance(value, bytes) else value for value in row)


def _unpacked(value: bytes) -> str | bytes:
    try:
        return unpack_text(value)
    except (zlib.error, UnicodeDecodeError):
        return value
