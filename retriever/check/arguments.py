"""A call in a new line -> a finding when the one function it can mean does not take what it hands over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from indexer.store.catalog import ReferenceRow, SymbolRow

from ..graph.values import CLASSES, FUNCTIONS, Definition, Found, Object
from .calls import Call
from .finding import Finding, Shown
from .ground import Ground
from .parameters import Parameters, parameters_of

_LANGUAGES = frozenset({"python", "typescript", "tsx"})  # JavaScript calls anything with anything
_NEUTRAL = frozenset(  # decorators that leave the parameters as they are written
    """
    staticmethod classmethod abstractmethod override final contextmanager asynccontextmanager cache
    lru_cache deprecated no_type_check abstractclassmethod abstractstaticmethod
    """.split()
)


def misfitting_calls(
    calls: Sequence[Call], uses: Sequence[ReferenceRow], language: str, ground: Ground
) -> Iterator[Finding]:
    """Each call is matched with the use on its line; a name called twice there must mean one thing."""
    if language not in _LANGUAGES:
        return
    named: dict[tuple[int, str], list[ReferenceRow]] = defaultdict(list)
    for use in uses:
        if use.kind == "call":
            named[use.line, use.name].append(use)
    for call in calls:
        meant = named.get((call.line, call.name), [])
        if meant and len({(use.scope, use.holder) for use in meant}) == 1:
            finding = _of_call(call, meant[0], ground)
            if finding:
                yield finding


def _of_call(call: Call, use: ReferenceRow, ground: Ground) -> Finding | None:
    found = ground.follower.target(use)
    if not found.certain or len(found.values) != 1 or not isinstance(found.values[0], Definition):
        return None
    meant = found.values[0]
    if meant.row.kind == "method" and meant.row.name != use.name:
        return None  # `copy = __copy__`: whether it is bound to an object is not said
    called, maker = _called(meant, ground)
    taken = _taken(called, maker, ground) if called else None
    refusal = taken.refusal(call) if taken else ""
    if not called or not refusal or _fits_another(call, called, ground):
        return None
    row = called.row
    message = f"`{meant.row.qualname}` in {row.path}:{row.start} {refusal}"
    example = Shown(row.path, row.start, row.signature)
    return Finding("names", "error", use.path, use.line, message, "names/arguments", example)


def _called(meant: Definition, ground: Ground) -> tuple[Definition | None, bool]:
    """The function that runs, and whether it is called to make an object."""
    if meant.row.kind in FUNCTIONS:
        return meant, False
    if meant.row.kind not in CLASSES or not _is_plain(meant.row, ground):
        return None, False
    language = ground.follower.language(meant.row.path)
    makers: list[Found] = []
    for name in language.initializers:
        found = ground.follower.member(Object(meant.row), name)
        if found.rows:
            makers.append(found)
    if len(makers) != 1 or not makers[0].certain or len(makers[0].rows) != 1:
        return None, False
    maker = makers[0].values[0]
    made_by_init = isinstance(maker, Definition) and maker.row.name != "__new__"
    return (maker, True) if isinstance(maker, Definition) and made_by_init else (None, False)


def _is_plain(cls: SymbolRow, ground: Ground) -> bool:
    """Whether making an object of a class runs its initializer and nothing else."""
    line, doubtful, open_ = ground.follower.lineage.line(cls)
    if doubtful or open_:
        return False
    return not any(
        ground.is_made_over(row) or ground.follower.decorators(row) or "metaclass" in row.signature
        for row in line
    )


def _taken(called: Definition, maker: bool, ground: Ground) -> Parameters | None:
    """What is left for the caller to hand over; None where that is not certain."""
    row = called.row
    file = ground.file(row.path)
    decorators = [d.removesuffix("()").rpartition(".")[2] for d in ground.follower.decorators(row)]
    if any(decorator not in _NEUTRAL for decorator in decorators):
        return None
    if len(ground.facts.defined(row.file, row.qualname)) != 1 or _is_conditional(row, ground):
        return None
    taken = parameters_of(row.name, ground.code_of(row), file.language)
    if taken is None or file.language != "python":
        return taken
    if row.kind != "method" or "staticmethod" in decorators:
        return taken
    bound = maker or isinstance(called.receiver, Object) or "classmethod" in decorators
    if not bound and called.receiver is None:
        return None  # a method by its bare name
    return taken.without_first() if bound else taken


def _is_conditional(row: SymbolRow, ground: Ground) -> bool:
    """Whether a definition stands deeper than its scope: in an `if` or `try`, beside another perhaps."""
    lines = ground.facts.text(row.path).split("\n")
    owner = row.qualname.rpartition(".")[0]
    outer = ground.facts.defined(row.file, owner) if owner else []
    if not outer:
        return lines[row.start - 1][:1].isspace()
    if outer[0].kind in FUNCTIONS:
        return False
    inner = _indent(lines[row.start - 1])
    own = [
        _indent(lines[s.start - 1])
        for s in ground.facts.symbols(row.file)
        if s.qualname.rpartition(".")[0] == owner
    ]
    return inner > min(own, default=inner)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fits_another(call: Call, called: Definition, ground: Ground) -> bool:
    """Whether a method of an heir, which an object may have instead, takes the call."""
    row = called.row
    if row.kind != "method":
        return False
    for other in ground.facts.named(row.name):
        if other.id == row.id or other.name != row.name or other.kind != "method":
            continue
        for cls in ground.facts.defined(other.file, other.qualname.rpartition(".")[0]):
            line, doubtful, _ = ground.follower.lineage.line(cls)
            if not doubtful and (row.file, row.qualname.rpartition(".")[0]) not in {
                (c.file, c.qualname) for c in line
            }:
                continue
            taken = _taken(Definition(other, called.receiver), False, ground)
            if taken is None or not taken.refusal(call):
                return True
    return False
