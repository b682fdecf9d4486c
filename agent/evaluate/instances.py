"""A JSONL file in SWE-bench's format -> Instances, each with the repository it is taken from.

The format: https://www.swebench.com/SWE-bench/guides/datasets/. Fields of Cairn's own say where the
repository lies and how its tests are run; what a run must not see stays in `patch` and `test_patch`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexer.errors import BadInput, NotFound

_FILE_BYTES = 512 << 20  # SWE-bench's largest split has about 200 MB
_TEXT_LETTERS = 150_000  # of a problem statement; the longest known one has 40,000
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ID = re.compile(r"[\w.+-]{1,150}")  # it names folders
_REPO = re.compile(r"[\w.+-]{1,100}(?:/[\w.+-]{1,100})?")


@dataclass(frozen=True, slots=True)
class Instance:
    """One task. A run is shown `statement` alone.

    `fail_to_pass` and `pass_to_pass` are ids of tests as the file has them; `patch` is the change that
    people made, "" where it is not given. `path` is the repository on this disk. `setup` and `test` are
    shell lines, `python` is an interpreter.
    """

    id: str
    repo: str
    base: str
    statement: str
    test_patch: str
    fail_to_pass: tuple[str, ...]
    pass_to_pass: tuple[str, ...] = ()
    patch: str = ""
    path: Path | None = None
    setup: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    python: Path | None = None

    @property
    def source(self) -> Path:
        """Where the repository lies. Raises NotFound while nobody said it."""
        if self.path is None:
            raise NotFound(f"{self.id} has no repository; give its `path`, or --mirrors with a clone of it")
        return self.path


def read_instances(file: Path, mirrors: Path | None = None) -> list[Instance]:
    """Read a file. A relative `path` starts at the file's folder; `mirrors` holds clones by name.

    Raises BadInput, naming line and field, for what is no instance; NotFound for a file or a
    repository that is not there.
    """
    found: list[Instance] = []
    for number, row in _rows(file):
        where = f"{file.name}, line {number}"
        instance = _located(_instance(row, where), file.resolve().parent, mirrors)
        if any(instance.id == other.id for other in found):
            raise BadInput(f"{where}: {instance.id} is there twice; take one of them out")
        found.append(instance)
    if not found:
        raise BadInput(f"{file} holds no instance; give one JSON object a line")
    return found


def _rows(file: Path) -> list[tuple[int, Mapping[str, Any]]]:
    try:
        if file.stat().st_size > _FILE_BYTES:
            raise BadInput(f"{file} is larger than {_FILE_BYTES >> 20} MB; split it")
        lines = file.read_text("utf-8").split("\n")
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8; give JSON lines, as the data set is exported") from error
    rows: list[tuple[int, Mapping[str, Any]]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{file.name}, line {number} is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise BadInput(f"{file.name}, line {number} is no JSON object")
        rows.append((number, row))
    return rows


def _instance(row: Mapping[str, Any], where: str) -> Instance:
    statement = _text(row, "problem_statement", where)
    if len(statement) > _TEXT_LETTERS:
        raise BadInput(f"{where}: problem_statement has {len(statement)} letters; at most {_TEXT_LETTERS}")
    path, python = _text(row, "path", where, ""), _text(row, "python", where, "")
    if python and not Path(python).is_absolute():
        raise BadInput(f"{where}: python must be an absolute path, not {python!r}")
    return Instance(
        id=_matching(_ID, row, "instance_id", where),
        repo=_matching(_REPO, row, "repo", where),
        base=_matching(_COMMIT, row, "base_commit", where),
        statement=statement,
        test_patch=_text(row, "test_patch", where),
        fail_to_pass=_needed(_list(row, "FAIL_TO_PASS", where), where),
        pass_to_pass=_list(row, "PASS_TO_PASS", where),
        patch=_text(row, "patch", where, ""),
        path=Path(path) if path else None,
        setup=_list(row, "setup", where),
        test=_list(row, "test", where),
        python=Path(python) if python else None,
    )


def _located(instance: Instance, folder: Path, mirrors: Path | None) -> Instance:
    """The same with an absolute `path`, checked."""
    owner, _, name = instance.repo.rpartition("/")
    places = [folder / instance.path] if instance.path else []
    if mirrors and not places:
        names = [instance.repo, *(f"{owner}{between}{name}" for between in ("__", "+", "_"))]
        places = [mirrors / f"{name}{end}" for name in names for end in ("", ".git")]
    for place in places:
        if (place / "HEAD").is_file() or (place / ".git").exists():
            return replace(instance, path=place.resolve())
    if places:
        tried = ", ".join(map(str, places))
        raise NotFound(f"{instance.id}: there is no clone of {instance.repo} (looked for {tried})")
    return instance


def _text(row: Mapping[str, Any], name: str, where: str, default: str | None = None) -> str:
    value = row.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise BadInput(f"{where}: {name} must be a text that is not empty")
    return value


def _matching(pattern: re.Pattern[str], row: Mapping[str, Any], name: str, where: str) -> str:
    value = _text(row, name, where)
    if not pattern.fullmatch(value) or ".." in value or value.startswith((".", "-")):
        raise BadInput(f"{where}: {name} is {value[:100]!r}, which is none; see docs/eval-agent.md")
    return value


def _list(row: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    """A list of texts; SWE-bench writes some as a JSON list within a text."""
    value = row.get(name)
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{where}: {name} is a text that is no JSON list: {error}") from error
    value = [] if value in (None, "") else [value] if isinstance(value, str) else value
    if not isinstance(value, Sequence) or not all(isinstance(item, str) and item.strip() for item in value):
        raise BadInput(f"{where}: {name} must be a list of texts, none of them empty")
    return tuple(dict.fromkeys(value))


def _needed(tests: tuple[str, ...], where: str) -> tuple[str, ...]:
    if not tests:
        raise BadInput(f"{where}: FAIL_TO_PASS is empty, so nothing could show that the task is solved")
    return tests
