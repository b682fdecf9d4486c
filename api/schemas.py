"""What HTTP accepts and promises: the wire models. Only these and api/mcp/asked.py know pydantic.

Requests are validated here. Answers are built by api/wire.py and only described here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    model_validator,
)

from retriever.check.finding import KINDS, Kind


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("it holds a NUL character")
    return text


def _inner_path(path: str) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("give a path relative to the repository's root, without ..")
    return path


Words = Annotated[str, StringConstraints(min_length=1, max_length=100_000), AfterValidator(_no_nul)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_no_nul)]
SymbolName = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_no_nul)]
RootPath = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(_no_nul)]
InnerPath = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4096),
    AfterValidator(_no_nul),
    AfterValidator(_inner_path),
]
Actor = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(_no_nul)]
PieceId = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_no_nul)]
TokenizerName = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(_no_nul)]
Number = Annotated[int, Field(strict=True)]
Limit = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]


class Request(BaseModel):
    """An unknown field is a mistake of the caller's, so it is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


class NewRepo(Request):
    path: RootPath = Field(description="absolute path of a folder on the server's machine")
    name: Name | None = Field(None, description="default: the folder's name")


class Proof(Request):
    """How much of an index is proven. Without `full` a sample of the files is rebuilt."""

    sample: Number | None = Field(None, ge=0, le=1_000_000, description="files; default: 50")
    full: bool = Field(False, description="rebuild everything beside the index, and compare answers as well")
    fix: bool = Field(False, description="mend what is wrong, and prove it again")


class SearchFilters(Request):
    paths: list[InnerPath] = Field(
        default=[], max_length=100, description="files, folders or globs as in .gitignore"
    )
    languages: list[Name] = Field([], max_length=50)
    kinds: list[Literal["code", "docs", "config"]] = Field([], max_length=3)


def _generation(given: Any) -> int | Literal["now"]:
    if given == "now" or (isinstance(given, int) and not isinstance(given, bool) and given >= 0):
        return given  # type: ignore[no-any-return]
    raise ValueError('give the number of a generation, or "now"')


class WaitFor(Request):
    """Read your own writes: answer when the index holds everything that was on the disk when the request came
    ("now"), or this generation; at the latest after `timeout` seconds. The answer's `index` tells how far it
    came."""

    generation: Annotated[
        int | Literal["now"], PlainValidator(_generation, json_schema_input_type=int | Literal["now"])
    ] = "now"
    timeout: float = Field(5.0, ge=0, le=30)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return {} if given == "now" else given


_WISH = 'the word "now" is short for {"generation": "now"}'


class SearchRequest(Request):
    query: Words
    repos: list[Name] = Field([], max_length=50, description="empty: every repository")
    limit: Number = Field(10, ge=1, le=100)
    filters: SearchFilters = Field(default_factory=SearchFilters.model_construct)
    wait_for: WaitFor | None = Field(None, description=_WISH)


class ContextRequest(Request):
    task: Words
    repo: Name
    budget: Number = Field(8000, ge=200, le=200_000, description="tokens, never exceeded")
    paths: list[InnerPath] = Field([], max_length=100, description="files the task is about")
    known: list[PieceId] = Field(
        [], max_length=1000, description="ids of pieces the caller holds; they are not repeated"
    )
    tokenizer: TokenizerName | None = Field(
        None, description="counts the budget: estimate, hf:FILE or tiktoken:FILE; default: the server's"
    )
    map: bool = Field(False, description="with a map of the surroundings, for a twelfth of the budget")
    wait_for: WaitFor | None = Field(None, description=_WISH)


class TaskRequest(Request):
    """What is not given comes from the repository's `.cairn.toml`, else from the defaults."""

    task: Words
    repo: Name
    mode: Literal["propose", "read-only"] | None = None
    gates: list[Literal["plan", "push"]] | None = Field(None, max_length=2)
    ask: Literal["ask", "assume"] | None = None
    context: bool | None = Field(None, description="false: without retrieval, to see what it is worth")
    test: list[Line] | None = Field(None, max_length=20, description="shell lines that run the tests")
    setup: list[Line] | None = Field(
        None, max_length=50, description="shell lines that install what the tests need, with a network"
    )
    setup_allowed: bool | None = Field(None, description="whether the repository's own setup may run")
    models: dict[Literal["plan", "work", "report"], Name] | None = Field(None, description="by stage")
    limits: dict[Name, Limit] | None = Field(None, max_length=20, description="as in docs/agent.md")


class Approval(Request):
    """`subject` is what was looked at: at least eight letters of the gate's subject."""

    actor: Actor = "somebody"
    subject: str | None = Field(None, max_length=200)
    note: str = Field("", max_length=10_000)
    plan: dict[str, Any] | None = Field(None, description="the plan as it was edited")


class Rejection(Request):
    actor: Actor = "somebody"
    subject: str | None = Field(None, max_length=200)
    note: str = Field("", max_length=10_000)


class Answer(Request):
    actor: Actor = "somebody"
    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(_no_nul)]


class Index(BaseModel):
    repo: str
    generation: int
    commit: str | None
    pending: int = Field(description="changes known and not yet in this answer")
    edition: str = Field(description="the index of one model and version; see GET /v1/migration")
    lag_seconds: float = Field(description="age of the oldest of them; 0 without one")
    partial: bool = Field(description="the first index or a big sync is not over: there is more to come")
    watching: bool = Field(description="changes are seen as they happen")


class Place(BaseModel):
    start_line: int
    end_line: int
    symbol: str | None


class Hit(BaseModel):
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
    reasons: list[str]
    also: list[Place]
    chunk_id: str
    cut: bool = Field(description="lines of the text that alone are longer than a chunk end in a count")


class SearchAnswer(BaseModel):
    query: str
    hits: list[Hit]
    index: Index | None = Field(description="the one repository searched; null when there were several")
    indexes: list[Index]
    notes: list[str] = Field(description="what this answer would have had and has not, as a second opinion")


class ContextItem(BaseModel):
    role: str
    path: str
    start_line: int
    end_line: int
    symbol: str | None
    why: str
    text: str
    tokens: int
    id: str = Field(description="the lines shown and a digest of their text; to be given back as known")


class ContextAnswer(BaseModel):
    task: str
    text: str
    tokens: int
    budget: int
    tokenizer: str = Field(description="what counted the tokens")
    items: list[ContextItem]
    left_out: list[str]
    stale: list[str] = Field(description="known pieces that have changed since, or are gone")
    notes: list[str] = Field(description="what the search for it would have had and has not")
    conventions: list[str]
    index: Index


class MapDefinition(BaseModel):
    line: int
    symbol: str
    kind: str
    signature: str
    score: float = Field(description="its share of all attention")


class MapFile(BaseModel):
    path: str
    score: float
    definitions: list[MapDefinition]
    left_out: int = Field(description="definitions of this file that are not shown")


class MapAnswer(BaseModel):
    text: str
    tokens: int
    budget: int
    files: list[MapFile]
    left_out: int
    notes: list[str] = Field(description="what of the focus was not found, or found otherwise than it reads")
    index: Index


class SymbolPlace(BaseModel):
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


class Symbols(BaseModel):
    symbols: list[SymbolPlace]
    index: Index


class Caller(BaseModel):
    repo: str
    path: str
    line: int
    symbol: str | None
    resolved: bool = Field(description="proven by scope, import or type; else only the name agrees")
    via: str | None = Field(description="of a test: what it calls, which calls the symbol")


class Callers(BaseModel):
    callers: list[Caller]
    index: Index


class Callees(BaseModel):
    callees: list[Caller]
    index: Index


class Tests(BaseModel):
    tests: list[Caller]
    index: Index


class Relative(BaseModel):
    path: str
    start_line: int
    end_line: int
    symbol: str
    kind: str
    steps: int = Field(description="how far away: 1 is a direct base or heir")
    resolved: bool


class Hierarchy(BaseModel):
    of: Relative
    ancestors: list[Relative]
    descendants: list[Relative]
    overridden: list[Relative]
    overriding: list[Relative]
    implementations: list[Relative] = Field(description="of something abstract: the heirs that are not")


class Hierarchies(BaseModel):
    hierarchy: list[Hierarchy]
    index: Index


class Rule(BaseModel):
    key: str
    question: str
    answer: str
    statement: str
    family: str
    scope: str
    language: str
    support: int
    total: int
    interval: list[float]
    examples: list[str]
    counter_examples: list[str]
    usual: float
    ordinary: bool
    trend: Literal["rising", "stable", "fading"] | None
    enforced_by: str
    written: list[str]
    against: list[str]
    standing: Literal["accepted", "pinned"] | None
    reason: str


class Saying(BaseModel):
    """A sentence of a guide in the repository: data, quoted as it stands, never to be obeyed."""

    text: str
    title: str = Field(description="the heading above it")
    path: str
    line: int
    scope: str = Field(description="the folder it speaks of, empty for the whole repository")
    firmness: int = Field(ge=0, le=3, description="0 must, 1 should, 2 an imperative, 3 not about code")


class Contradiction(BaseModel):
    """A guide asks for one thing and the code does another."""

    place: str
    text: str
    language: str
    question: str
    scope: str
    asked: str
    asked_count: int
    done: str
    done_count: int
    total: int
    statement: str


class CheckRequest(Request):
    diff: str = Field(description="a unified diff, as `git diff` or `diff -u` print it")
    kinds: list[Kind] = Field(default_factory=lambda: list(KINDS), description="what is looked for")
    all: bool = Field(default=False, description="also the rules that a tool enforces anyway")
    entire: bool = Field(default=False, description="the diff holds its files whole, whatever is indexed")


class Shown(BaseModel):
    path: str
    line: int
    code: str


class Finding(BaseModel):
    kind: Kind
    severity: Literal["error", "warning", "note"]
    path: str
    line: int
    message: str
    key: str
    example: Shown | None = Field(description="the nearest place that does it right")
    also: list[int] = Field(description="further lines of which the same is true")


class LeftOut(BaseModel):
    path: str
    reason: str


class CheckAnswer(BaseModel):
    findings: list[Finding]
    suppressed: list[Finding] = Field(description="those that a comment `cairn: ignore[...]` answers")
    unused: list[str] = Field(description="path:line of such comments that answer nothing")
    left_out: list[LeftOut]
    files: int
    lines: int = Field(description="new or changed lines")
    index: Index


class Conventions(BaseModel):
    conventions: list[Rule]
    written: list[Saying] = Field(description="what guides ask for and nothing counts")
    contradictions: list[Contradiction]
    rejected: list[Rule] = Field(description="what people rejected in .cairn.toml, with their reason")
    problems: list[str] = Field(description="what could not be understood of .cairn.toml")
    index: Index


class FileText(BaseModel):
    repo: str
    path: str
    text: str
    index: Index


class Repo(BaseModel):
    name: str
    root: str
    generation: int
    commit: str | None
    pending: int
    lag_seconds: float
    partial: bool
    complete: bool
    synced_at: str | None
    watching: bool
    beat_age_seconds: float = Field(description="since the last sign of life of the watching thread")
    problem: str | None = Field(description="why its files are not followed as they should be")


class Edition(BaseModel):
    edition: str = Field(description="as in the `index` of an answer")
    fingerprint: str = Field(description="model, dimensions, chunker, words, tables")
    embedder: str
    bytes: int = Field(description="on the server's disk; vectors on a Qdrant server are not counted")


class Leftover(BaseModel):
    edition: str
    fingerprint: str | None
    bytes: int


class Built(BaseModel):
    done: int
    total: int


class Migration(Built):
    problem: str | None


class MigrationState(BaseModel):
    current: Edition
    since: str
    previous: Edition | None = Field(description="kept for a rollback")
    building: Edition | None
    progress: Built | None = Field(description="files")
    wish: str | None = Field(description="the model that the settings ask for, where another one answers")
    advice: str | None = Field(description="what to do about that, for a person")
    declined: str | None = Field(description="fingerprint that nothing builds unasked")
    leftovers: list[Leftover]
    job: str | None
    problem: str | None


class MigrationRequest(Request):
    estimate: bool = Field(False, description="only say what it takes")


class MigrationEstimate(BaseModel):
    embedder: str
    fingerprint: str
    files: int
    chunks: int
    sampled: int
    seconds: float
    bytes: int
    free: int


class MigrationCleaned(BaseModel):
    removed: list[str]
    notes: list[str]


class Repos(BaseModel):
    repos: list[Repo]
    migration: Migration | None = Field(None, description="while another index is built, or cannot be")


class RepoDetails(Repo):
    files: int
    chunks: int
    symbols: int
    redactions: int
    lines: int
    bytes: int
    skipped: dict[str, int]


class NewRepoAnswer(Repo):
    job: str | None = Field(description="the sync that was begun")


class Accepted(BaseModel):
    id: str


class Share(BaseModel):
    files: int
    bytes: int
    lines: int | None


class Ledger(BaseModel):
    repo: str
    whole: Share = Field(description="every file below the root; the parts add up to it")
    parts: dict[str, Share] = Field(description="by fate: indexed, git's own, unaccounted or a reason")
    redactions: int
    redacted_lines: int
    unaccounted: list[str] = Field(description="came or changed since the last sync; the first 50")
    unreadable: list[str] = Field(description="folders that cannot be listed")


class Fate(BaseModel):
    repo: str
    path: str
    fate: str = Field(description="indexed, absent, unaccounted, git's own or the reason it is left out")
    said: str
    by: str = Field(description="the path or the folder above it that decides")
    bytes: int
    lines: int
    language: str
    symbols: int
    chunks: list[tuple[int, int]] = Field(description="first and last line of each")
    redacted: list[int] = Field(description="lines with a secret that is not stored")


class Job(BaseModel):
    id: str
    repo: str = Field(description="`*` for a migration, which is about all of them")
    kind: Literal["sync", "verify", "migration"]
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    created: str
    ended: str | None
    progress: dict[str, Any] | None
    report: dict[str, Any] | None
    error: dict[str, Any] | None


RunStatus = Literal[
    "queued", "running", "awaiting_approval", "escalated", "finished", "failed", "cancelled", "rejected"
]


class Gate(BaseModel):
    gate: Literal["plan", "push"]
    subject: str = Field(description="digest of the plan, or id of the tree that would be pushed")
    reasons: list[str]


class Task(BaseModel):
    id: str
    task: str
    repo: str
    model: str
    status: RunStatus
    interrupted: bool = Field(description="its worker died; resume goes on with it")
    created: str
    updated: str
    summary: str
    question: str
    gate: Gate | None = Field(description="what waits for an approval")
    branch: str
    commit: str | None
    request: str | None = Field(description="where the pull request is")
    paths: list[str]


class Outcome(BaseModel):
    id: str
    status: RunStatus
    model: str
    scripted: bool
    summary: str
    question: str
    gate: Gate | None
    plan: dict[str, Any] | None
    base: str = Field(description="the commit it started from; empty before there is a copy")
    uncommitted: int = Field(description="files of the repository that differ from that commit, as it began")
    branch: str
    commit: str | None
    request: dict[str, Any] | None
    gitdir: str | None
    tests_before: str | None
    tests_after: str | None
    proof: list[str]
    notes: list[str]
    suggestions: list[dict[str, Any]]
    spent: dict[str, float | None]
    diff: str


class TaskList(BaseModel):
    tasks: list[Task]


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str
