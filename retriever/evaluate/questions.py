"""A team's own labelled questions, JSON lines -> Questions. Every mistake is named with its line."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import BadInput, NotFound

_FORM = '{"query": "where is …", "paths": ["src/a.py"], "lines": {"src/a.py": [10, 40]}}'
_LONGEST = 20_000  # characters: what a search reads


@dataclass(frozen=True, slots=True)
class Question:
    """`id` is the one that was given, else a digest of the query. `paths` are the files that answer, from the
    root of the repository; `lines` where in them, 1-based and inclusive, for those of which it is known."""

    id: str
    query: str
    paths: tuple[str, ...]
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def read_questions(path: Path) -> list[Question]:
    """Raises NotFound without the file, BadInput for what is not as _FORM."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}; write one question a line: {_FORM}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as text: {error}") from error
    questions = [
        _question(f"{path}:{nr}", line) for nr, line in enumerate(text.splitlines(), 1) if line.strip()
    ]
    if not questions:
        raise BadInput(f"{path} holds no question; write one a line: {_FORM}")
    ids = Counter(question.id for question in questions)
    if twice := [question.query for question in questions if ids[question.id] > 1]:
        raise BadInput(f"{path} asks {twice[0]!r} twice; keep one, with all its paths, or give each an id")
    return questions


def _question(place: str, line: str) -> Question:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{place} is no JSON ({error}); write one question a line: {_FORM}") from None
    if not isinstance(said, dict) or said.keys() - {"query", "paths", "lines", "id"}:
        raise BadInput(f"{place} is no question; it has query, paths and perhaps lines: {_FORM}")
    query, paths, lines = said.get("query"), said.get("paths"), said.get("lines", {})
    if not isinstance(query, str) or not query.strip() or len(query) > _LONGEST:
        raise BadInput(f"{place}: query is to be a text of at most {_LONGEST} characters: {_FORM}")
    if not isinstance(paths, list) or not paths or not all(isinstance(one, str) and one for one in paths):
        raise BadInput(f"{place}: paths is to be a list of files from the root of the repository: {_FORM}")
    named = tuple(dict.fromkeys(posixpath.normpath(one) for one in paths))
    digest = hashlib.blake2b(query.strip().encode(), digest_size=6).hexdigest()
    return Question(str(said.get("id", digest)), query.strip(), named, _lines(place, lines, named))


def _lines(place: str, said: Any, paths: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    if not isinstance(said, dict):
        raise BadInput(f"{place}: lines is to name the first and last line by path: {_FORM}")
    lines = {}
    for path, span in said.items():
        numbers = isinstance(span, list) and len(span) == 2 and all(type(one) is int for one in span)
        if not numbers or not 1 <= span[0] <= span[1]:
            raise BadInput(f"{place}: lines of {path} are to be the first and the last, as in [10, 40]")
        if posixpath.normpath(path) not in paths:
            raise BadInput(f"{place}: lines names {path}, which is not among its paths")
        lines[posixpath.normpath(path)] = (span[0], span[1])
    return lines
