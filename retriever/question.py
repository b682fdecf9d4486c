"""Turn the text of a query into what can be looked up: words, names, and which kind of query it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from indexer.words import parts, stem, stems

QuestionKind = Literal["symbol", "question"]

# `name`, `Class.method`, `ns::name`, `Class#method`, `pkg/file.name`, `name()`, `@name`, `$name`, `name!`
_SYMBOL = re.compile(r"^[@$#&*~]?\w+(?:(?:\.|::|#|->|/|\\|:)[@$~]?\w+)*[!?=]?(?:\(\))?$")
_SEPARATOR = re.compile(r"\.|::|#|->|/|\\|:")
_WORD = re.compile(r"\w+")
_NAME_LIKE = re.compile(r"\w+(?:(?:\.|::|#|->)\w+)*")
_CASED = re.compile(r"[a-z0-9][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]|[A-Z][A-Z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Question:
    """`names` are the identifiers in it that may be definitions, the last part of each; `scopes` the
    parts before, aligned. `stems` maps its telling words, stemmed, to how they were written, in order."""

    text: str
    kind: QuestionKind
    names: tuple[str, ...]
    scopes: tuple[tuple[str, ...], ...]
    stems: Mapping[str, str]


def read_question(text: str) -> Question:
    stripped = text.strip()
    if _SYMBOL.match(stripped):
        names = [stripped.rstrip("()!?=").lstrip("@$#&*~")]
        kind: QuestionKind = "symbol"
    else:
        names = [name for name in _NAME_LIKE.findall(stripped) if _is_identifier(name)]
        kind = "question"
    split = [tuple(part for part in _SEPARATOR.split(name) if part) for name in dict.fromkeys(names)]
    return Question(
        text=text,
        kind=kind,
        names=tuple(part[-1] for part in split if part),
        scopes=tuple(part[:-1] for part in split if part),
        stems=_telling(text),
    )


def _telling(text: str) -> dict[str, str]:
    written = [word for found in _WORD.findall(text) for word in parts(found)]
    telling = dict.fromkeys(stems(text, question=True))
    return {stem_: next((w for w in written if stem(w) == stem_), stem_) for stem_ in telling}


def _is_identifier(word: str) -> bool:
    """Code in the middle of a sentence: snake_case, camelCase, dotted or CONSTANT."""
    return bool(_CASED.search(word)) or "." in word or "::" in word or "->" in word


@lru_cache(maxsize=20_000)  # names and paths come up again with every search
def name_stems(name: str) -> frozenset[str]:
    """The stems of the parts of a name or a path, to be compared with a question's."""
    return frozenset(stems(name))
