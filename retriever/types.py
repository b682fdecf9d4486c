"""The nouns of the read side: what is asked and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Filters:
    """What may answer. `paths` are folders, files or globs; `kinds` are code, docs, config."""

    paths: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A search. `repos` are names; empty means every indexed repository. `topic`: it is about a part of
    the code however it is worded, as a task is."""

    text: str
    repos: tuple[str, ...] = ()
    limit: int = 10
    filters: Filters = field(default_factory=Filters)
    topic: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A definition or a run of lines, 1-based and inclusive."""

    start_line: int
    end_line: int
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: the place that answers best in one chunk, and why it is here.

    `symbol`, `symbol_kind` and the lines are the definition that answers best; where none does they
    are None, None and the chunk's lines. `kind` is the file's: code, docs or config. `cut` says that lines
    of `text` were shortened on the way here.
    """

    repo: str
    path: str
    start_line: int
    end_line: int
    score: float
    symbol: str | None
    symbol_kind: str | None
    kind: str
    language: str
    text: str
    reasons: tuple[str, ...]
    also: tuple[Place, ...] = ()
    chunk_id: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Freshness:
    """What an answer was served from.

    `pending` counts changes known and not in the answer, `lag_seconds` is the age of the oldest (0 without
    one). `partial`: the first index or a big sync is not over. `watching`: changes are seen as they happen.
    `edition` names the index of one model and version, of which a migration has two.
    """

    repo: str
    generation: int
    commit: str | None
    pending: int
    edition: str = ""
    lag_seconds: float = 0.0
    partial: bool = False
    watching: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`notes` are sentences for people: what this answer would have had and has not."""

    query: str
    hits: tuple[Hit, ...]
    index: tuple[Freshness, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SymbolPlace:
    """A definition in the index."""

    id: int
    repo: str
    path: str
    name: str
    qualname: str
    kind: str
    start_line: int
    end_line: int
    signature: str
    doc: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A use of a symbol: the definition it stands in (`symbol`, None at file level) and the line.

    `resolved` says whether the edge is proven by scope, import or type, or only the name agrees. `via` is
    set for a test that calls something else, which calls the symbol.
    """

    repo: str
    path: str
    line: int
    symbol: str | None
    resolved: bool
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """A class or method related to another by inheritance, `steps` away; 1-based lines, inclusive."""

    path: str
    start_line: int
    end_line: int
    symbol: str
    kind: str
    steps: int
    resolved: bool


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """What stands above and below one definition, the nearest first.

    A class has ancestors and descendants, a method those it overrides and those that override it.
    `implementations` are the descendants of something abstract that are not.
    """

    of: Relative
    ancestors: tuple[Relative, ...] = ()
    descendants: tuple[Relative, ...] = ()
    overridden: tuple[Relative, ...] = ()
    overriding: tuple[Relative, ...] = ()
    implementations: tuple[Relative, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextItem:
    """One piece of a context pack. `role` is code, outline, caller, test or convention.

    `id` names exactly the lines shown and their text, to be given back as `known` (held.py).
    """

    role: str
    path: str
    start_line: int
    end_line: int
    symbol: str | None
    why: str
    text: str
    tokens: int
    id: str


@dataclass(frozen=True, slots=True)
class Context:
    """What to know before writing: never more than `budget` tokens, `text` ready for a prompt.

    `tokenizer` names what counted, `stale` the known pieces that have changed since, `notes` are those of the
    search.
    """

    task: str
    text: str
    tokens: int
    budget: int
    items: tuple[ContextItem, ...]
    left_out: tuple[str, ...]
    conventions: tuple[str, ...]
    index: Freshness
    tokenizer: str = "estimate"
    stale: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MapDefinition:
    """A definition on a map. `score` is its share of all attention, `symbol` its qualified name."""

    line: int
    symbol: str
    kind: str
    signature: str
    score: float


@dataclass(frozen=True, slots=True)
class MapFile:
    """A file on a map, its definitions by line. `left_out` are those that found no room or are private."""

    path: str
    score: float
    definitions: tuple[MapDefinition, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class RepositoryMap:
    """The most central definitions of a repository: never more than `budget` tokens of `text`.

    `notes` say what of the focus was not found, or found otherwise than it reads.
    """

    text: str
    tokens: int
    budget: int
    files: tuple[MapFile, ...]
    left_out: int
    notes: tuple[str, ...]
    index: Freshness
