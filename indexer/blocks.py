"""Look up the names of languages in which a variable is declared once, for the block it stands in.

What is assigned later changes nothing: a variable has the type of its declaration. Which block a
declaration stands in is told by the indentation of its line, which formatters keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.chains import OUTSIDE, UNKNOWN
from indexer.marks import BLOCKS
from indexer.origins import FUNCTIONS, TYPES, Names, Rules, names_of
from indexer.symbols import Collected, Mark

_PLAIN = Rules(frozenset(), classes_open=False)
_RULES = {
    "go": _PLAIN,
    "java": Rules(frozenset({"this"})),
    "rust": Rules(frozenset({"self"}), classes_open=False),
}
_ECMA = Rules(frozenset({"this"}), classes_open=False)
_EVERYWHERE = frozenset({"parameter", "generic"})  # seen by all that follows, however it is indented
_OF_FILES = frozenset({"default", "alias", "package"})  # what a file says of itself


def names_in(found: Collected, source: bytes, language: str) -> Names:
    """The names of a file, by the rules of its language."""
    if language not in BLOCKS:
        return names_of(found, source, language)
    return BlockNames(found, source, _RULES.get(language, _ECMA), language)


class BlockNames(Names):
    """The names of one file, by the scope and the block they are declared in."""

    _holders = TYPES | {"type"}  # an object type of TypeScript

    def __init__(self, found: Collected, source: bytes, rules: Rules, language: str) -> None:
        self._language = language
        self._second: list[Mark] = []
        self._seen: dict[tuple[str, str, bool], tuple[list[Sequence[Mark]], str]] = {}
        super().__init__(found, source, rules)

    def _take(self, bounds: Iterable[Mark]) -> None:
        named = []
        for bound in bounds:
            if bound.name == "(1)" and bound.role == "binding":
                self._second.append(bound)
            elif bound.kind != "alias" or not bound.scope:  # a type of a block is a definition of its own
                named.append(bound)
        super()._take(named)

    def target(self, use: Mark) -> str:
        found = super().target(use)
        if found[-1:] == ">" and use.role == "call":  # a module that is called is what it exports as a whole
            return f"{found}.default"
        if found == UNKNOWN and not use.chain and self._is_parameter(use):
            return OUTSIDE  # whatever it holds, it is no definition of that name
        return found

    def _take_import(self, use: Mark) -> None:
        if self._language != "rust":
            super()._take_import(use)
            return
        written, use.qualifier = use.qualifier, self._outside_inner_modules(use.qualifier, use.scope)
        use.chain = use.chain and f"<{use.qualifier}>"
        if use.name != "*" or use.qualifier != "self":  # else an inner module that sees all of its file
            super()._take_import(use)
        use.qualifier = written

    def _resolved(self, chain: str, scope: str, at: int, column: int) -> str:
        root, _, rest = chain.partition(".") if self._language == "rust" else ("", "", "")
        if root in ("crate", "super"):
            path = self._outside_inner_modules(root, scope)
            return f"<{path}>.{rest}" if rest else f"<{path}>"
        return super()._resolved(chain, scope, at, column)

    def _outside_inner_modules(self, path: str, scope: str) -> str:
        """A path of Rust as it reads at the level of the file: the `super` of an inner module is the file."""
        first, _, rest = path.partition(".")
        while first == "super" and scope:
            while scope and self._kinds.get(scope) != "module":
                scope = scope.rpartition(".")[0]
            if not scope:
                break
            scope = scope.rpartition(".")[0]
            path = rest if rest.partition(".")[0] == "super" else f"self.{rest}".rstrip(".")
            first, _, rest = path.partition(".")
        return path

    def _look_up(self, name: str, scope: str, at: int, column: int, called: bool = False) -> str:
        if name in self._rules.selves and self._class_around(scope):
            return f"{self._class_around(scope)}()"
        if name == "Self" and self._language == "rust":
            return self._class_around(scope) or UNKNOWN
        apart = called and self._language == "java"  # a method and a variable can have one name
        key = scope, name, apart
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = self._seen_in(scope, name, apart)
        declared, defined = seen
        for bounds in declared:
            bound = _nearest(bounds, at, column)
            if bound:
                return self._origin(bound)
        return defined

    def _seen_in(self, scope: str, name: str, apart: bool) -> tuple[list[Sequence[Mark]], str]:
        """The declarations of a name that a scope may see, inner ones first, and what it is without them."""
        declared: list[Sequence[Mark]] = []
        here = scope if name in self._inner else ""
        while here:
            bounds = self._bound.get((here, name), [])
            in_type = self._kinds.get(here) in TYPES and not self._rules.classes_open
            if apart or in_type:  # what a type holds is no name by itself, what it is generic over is
                bounds = [bound for bound in bounds if bound.kind == "generic"]
            if bounds:
                declared.append(bounds)
            if not in_type and self._is_name(here, name):
                return declared, f"{here}.{name}"
            here = here.rpartition(".")[0]
        bounds = self._bound.get(("", name), [])
        if bounds and name not in self._kinds:
            declared.append(bounds)
        return declared, name  # of this file, of its package, of a star import, or built in

    def _is_steady(self, name: str, scope: str) -> bool:
        seen = self._seen.get((scope, name, False))
        return seen is not None and not seen[0]

    def _is_name(self, scope: str, name: str) -> bool:
        """Whether a definition in a scope is meant by its name alone: methods are only in Java."""
        kind = self._kinds.get(f"{scope}.{name}")
        if kind != "method":
            return kind is not None
        return self._rules.classes_open and name != scope.rpartition(".")[2]  # a constructor is no name

    def _is_parameter(self, use: Mark) -> bool:
        bound = _nearest(self._bound.get((use.scope, use.name), ()), use.start, use.column)
        return bound is not None and bound.kind == "parameter"

    def _class_around(self, scope: str) -> str:
        here = scope
        while here and self._kinds.get(here) not in TYPES:
            if self._language == "rust" and self._kinds.get(here) == "method":
                return here.rpartition(".")[0]  # of a type that may stand in another file
            inner, here = here, here.rpartition(".")[0]
            if self._kinds.get(inner) == "method" and self._kinds.get(here) in FUNCTIONS:
                break  # Foo.prototype.bar = function () { this }
        return here if self._kinds.get(here) != "method" else ""

    def _is_seen(self, bound: Mark) -> bool:
        if bound.kind == "generic":
            return False
        return bool(bound.scope) or not bound.column or bound.role == "import" or bound.kind in _OF_FILES

    def _hides(self, scope: str, name: str) -> bool:
        return bool(scope) and name.isidentifier()  # a member of a base

    def _results(self) -> list[tuple[str, str, str]]:
        """The second results of functions: owner, name and origin."""
        return [(bound.scope, bound.name, self._origin(bound)) for bound in self._second]


def _nearest(bounds: Sequence[Mark], at: int, column: int) -> Mark | None:
    """The last declaration before a place that is no deeper indented: the others stand in closed blocks."""
    if bounds and bounds[0].kind == "generic":  # its bounds may stand behind its uses: `where T: Foo`
        return next((bound for bound in bounds if bound.chain != UNKNOWN), bounds[0])
    for bound in reversed(bounds):
        if bound.until:
            if bound.since <= at < bound.until:
                known = (
                    other
                    for other in bounds
                    if (other.since, other.until) == (bound.since, bound.until) and other.chain != UNKNOWN
                )  # the parameter of a callback, by what it is called on
                return next(known, bound)
        elif bound.since <= at and (bound.column <= column or bound.kind in _EVERYWHERE):
            return bound
    return None
