"""Turn the names used in a file into what they stand for, as far as the file itself says.

Everything that a file says about a name is put together here, so that a question never needs its
text: a local variable is replaced by what it was assigned, an imported name by where it comes from,
`self` by its class. What stands in other files stays a name, followed when somebody asks
(retriever/graph). The result is an origin, a chain (chains.py) whose beginning is one of

    <module>    an import, the module as it is written: <shop.client>.Client().charge
    name        a definition, a constant or a star import of this file; Client().charge
    ^Class      what follows Class among its bases: super(); dots of its qualname are colons
    ! and ?     a literal, and what is not known

and which may go on with steps. Bindings are what other files may ask for: `bindings` of an owner
("" for the file, else a definition's qualname) by name, where a name is that of an attribute, `()` what
a function returns, `@` its decorators, `^` a class's bases in order (both with commas), `*` star imports.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.chains import OUTSIDE, UNKNOWN, either, step
from indexer.types import Binding, Reference, Symbol

_LONGEST = 200  # characters of an origin
_FUNCTIONS = frozenset({"function", "method"})
_TYPES = frozenset({"class", "interface", "struct", "enum", "trait"})


@dataclass(slots=True)
class Bound:
    """A name that is given a meaning in `scope`, for what stands between the bytes `since` and `until`.

    `how` is "" for a variable, parameter, import, decorator, returns (declared) or returned (written).
    """

    name: str
    scope: str
    since: int
    until: int
    column: int
    how: str
    chain: str


@dataclass(slots=True)
class Use:
    """A reference before it is known what its name stands for. `chain` is what stands before the name."""

    reference: Reference
    at: int
    column: int
    chain: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How names are looked up in a language."""

    selves: frozenset[str] = frozenset({"this", "self"})  # names of the object a method works on
    first_is_self: bool = False  # the first parameter of a method is, whatever its name
    classes_open: bool = True  # what a class defines is seen in its methods without a qualifier
    called: str = ""  # the method that runs when an object is called
    functions_make: bool = False  # whether a function with methods makes objects
    methods_apart: bool = False  # whether a method and a variable can have one name
    declared: bool = False  # a variable means what its nearest declaration says, in the block of that


_RULES = {"python": Rules(frozenset(), first_is_self=True, classes_open=False, called="__call__")}
_RULES["go"] = Rules(selves=frozenset(), classes_open=False, declared=True)
_RULES["java"] = Rules(frozenset({"this"}), methods_apart=True, declared=True)
_RULES["rust"] = Rules(frozenset({"self"}), classes_open=False, declared=True)
_RULES.update(
    dict.fromkeys(("javascript", "typescript", "tsx"), Rules(frozenset({"this"}), classes_open=False, functions_make=True, declared=True))
)
# Languages whose blocks are seen by the indentation of their lines.
INDENTED = frozenset(name for name, rules in _RULES.items() if rules.declared)
_OTHER = Rules()
_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


def bind(
    symbols: Sequence[Symbol], uses: Iterable[Use], bounds: Iterable[Bound], language: str
) -> tuple[tuple[Reference, ...], tuple[Binding, ...]]:
    """References with their targets, and the bindings of the file, by owner and name."""
    names = _Names(symbols, bounds, _RULES.get(language, _OTHER))
    references = []
    bases: dict[str, list[str]] = defaultdict(list)
    for use in uses:
        reference = use.reference
        if reference.kind == "import":
            names.take_import(use)
    for use in uses:
        reference = use.reference
        if reference.kind == "import":
            references.append(reference)
            continue
        target = names.target(use)
        references.append(
            replace(reference, target=target)
        )
        if reference.kind == "inherit":
            bases[reference.scope].append(target)
    return tuple(references), tuple(names.bindings(bases))


def sought(reference: Reference) -> Iterable[tuple[str, str]]:
    """The names under which a reference is found, each with what holds it: `<shop>.Client()`, `charge`."""
    if not reference.target:
        return [(reference.name, "")]
    found: dict[str, list[str]] = {}
    for part in reference.target.split("|"):
        match = _LAST.fullmatch(part)
        name, holder = (match[2], match[1] or "") if match else (reference.name, UNKNOWN)
        found.setdefault(name, []).append(holder)
    return [(name, "|".join(holders)) for name, holders in found.items()]


_LAST = re.compile(r"(?:(.*)\.)?([\w$#]+)")
_ROOT = re.compile(r"[\w$]+")


class _Names:
    """The names of one file, by the scope they are bound in."""

    def __init__(self, symbols: Sequence[Symbol], bounds: Iterable[Bound], rules: Rules) -> None:
        self._rules = rules
        self._kinds = {symbol.qualname: symbol.kind for symbol in symbols}
        self._bound: dict[tuple[str, str], list[Bound]] = {}
        self._decorators: dict[str, list[str]] = defaultdict(list)
        self._returns: dict[str, list[Bound]] = defaultdict(list)
        self._attributes: list[Bound] = []
        self._first: dict[str, Bound] = {}
        self._stars: list[str] = []
        self._open: set[int] = set()  # bounds that are being looked into: a cycle says nothing
        self._known: dict[int, str] = {}
        for bound in bounds:
            self._take(bound)

    def _take(self, bound: Bound) -> None:
        if bound.how == "decorator":
            self._decorators[bound.scope].append(bound.chain)
        elif bound.how in ("returns", "returned"):
            self._returns[bound.scope].append(bound)
        elif bound.how == "alias" and bound.scope:
            return  # a type of a block is a definition of its own
        elif "." in bound.name or bound.how == "second" and bound.name == "(1)":
            self._attributes.append(bound)
        else:
            self._bound.setdefault((bound.scope, bound.name), []).append(bound)
            if bound.how == "parameter":
                self._first.setdefault(bound.scope, bound)

    def take_import(self, use: Use) -> None:
        """An import binds a name as an assignment does."""
        reference = use.reference
        module, _, original = reference.qualifier.partition("#")
        if reference.name == "*":
            self._stars.append(f"<{module}>")
            return
        # `import a.b` binds a; `from a import b` and `import a.b as c` bind what they name
        origin = use.chain or f"<{module}>.{original or reference.name}"
        bound = Bound(reference.name, reference.scope, use.at, 0, use.column, "import", origin)
        self._bound.setdefault((reference.scope, reference.name), []).append(bound)

    def target(self, use: Use) -> str:
        """The origin of what a use names."""
        reference = use.reference
        scope = reference.scope
        if reference.kind == "inherit":  # a base is named where the class stands, not inside it
            scope = scope.rpartition(".")[0]
        if not use.chain:
            found = self._look_up(reference.name, scope, use.at, use.column, reference.kind == "call")
            if found == UNKNOWN and self._parameter(reference.name, scope, use.at, use.column):
                return OUTSIDE
            return self._called(found) if reference.kind == "call" else found
        before = self._resolved(use.chain, scope, use.at, use.column)
        return _short(step(before, "." + reference.name) if before else UNKNOWN)

    def _called(self, found: str) -> str:
        """A call of an object is one of its method that runs then."""
        if not self._rules.called or not found.endswith(("()", "[]", "~")):
            return found
        return step(found, "." + self._rules.called)

    def _resolved(self, chain: str, scope: str, at: int, column: int) -> str:
        """A chain with its beginning looked up."""
        parts = []
        for part in chain.split("|"):
            root = _ROOT.match(part)
            if root is None:
                parts.append(part)
                continue
            rest = part[root.end() :]
            if root[0] == "super" and self._class_around(scope):
                parts.append(
                    f"^{self._class_around(scope).replace(chr(46), chr(58))}{rest.removeprefix('()')}"
                )
                continue
            found = self._look_up(root[0], scope, at, column, rest.startswith("()"))
            for after in _STEP.findall(rest):
                found = step(found, after)
            parts.append(found)
        return _short(either(*parts))

    def _look_up(self, name: str, scope: str, at: int, column: int, called: bool = False) -> str:
        if name in self._rules.selves and self._class_around(scope):
            return f"{self._class_around(scope)}()"
        here = scope
        while here:
            is_open = self._rules.classes_open or self._kinds.get(here) not in _TYPES
            if is_open or (here == scope and not self._rules.declared):
                bounds = self._bound.get((here, name))
                if bounds and called and self._rules.methods_apart:
                    bounds = [bound for bound in bounds if bound.how == "generic"]
                if bounds and self._rules.declared:
                    bound = _nearest(bounds, at, column)
                    if bound:
                        return self._origin(bound)
                elif bounds:
                    return self._merged(bounds, at, column) if here == scope else self._all(bounds)
                kind = self._kinds.get(f"{here}.{name}")
                if kind and (kind != "method" or (self._rules.classes_open and name != _last(here))):
                    return f"{here}.{name}"
            else:
                generic = [bound for bound in self._bound.get((here, name), ()) if bound.how == "generic"]
                if generic:  # a parameter of the type
                    return self._origin(generic[0])
            here = here.rpartition(".")[0]
        bounds = self._bound.get(("", name), [])
        if self._rules.declared and bounds and name not in self._kinds:
            bound = _nearest(bounds, at, column)
            return self._origin(bound) if bound else name
        imports = [bound for bound in bounds if bound.how == "import" or bound.until]
        if imports and name not in self._kinds and len(imports) == len(bounds):
            return self._merged(imports, at, column)
        return name  # of this file, of a star import, or built in

    def _merged(self, bounds: list[Bound], at: int, column: int) -> str:
        """What a name stands for at a place: the assignments before it, up to one that none can pass by."""
        found: list[str] = []
        for bound in reversed(bounds):
            if bound.until:
                if bound.since <= at < bound.until:
                    return self._origin(bound)
            elif bound.since <= at:
                found.append(self._origin(bound))
                if bound.column <= column:
                    return either(*found) or UNKNOWN
        return either(*found) or self._all(bounds)

    def _parameter(self, name: str, scope: str, at: int, column: int) -> bool:
        """Whether a name is one of a parameter: whatever it holds, it is no definition of that name."""
        bounds = self._bound.get((scope, name), ())
        bound = _nearest(bounds, at, column) if self._rules.declared else None
        return bound is not None and bound.how == "parameter"

    def _all(self, bounds: list[Bound]) -> str:
        return either(*(self._origin(bound) for bound in bounds if not bound.until)) or UNKNOWN

    def _origin(self, bound: Bound) -> str:
        if bound.how == "import":
            return bound.chain
        key = id(bound)
        if key not in self._known:
            if key in self._open:
                return UNKNOWN
            self._open.add(key)
            self._known[key] = self._worked_out(bound)
            self._open.discard(key)
        return self._known[key]

    def _worked_out(self, bound: Bound) -> str:
        if bound.how == "parameter" and bound is self._first.get(bound.scope) and self._rules.first_is_self:
            owner = self._own(bound.scope)
            if owner:
                return owner
        if bound.how == "parameter" and bound.chain.startswith("Self()"):
            return self._self_type(bound.scope)
        return self._resolved(bound.chain, bound.scope, bound.since, bound.column)

    def _own(self, scope: str) -> str:
        """What the first parameter of a method is: its class, or an object of it."""
        decorators = self._decorators.get(scope, [])
        if self._kinds.get(scope) != "method" or "staticmethod" in decorators:
            return ""
        owner, _, name = scope.rpartition(".")
        return owner if "classmethod" in decorators or name in _CLASS_METHODS else f"{owner}()"

    def _self_type(self, scope: str) -> str:
        around = self._class_around(scope)
        return f"{around}()" if around else UNKNOWN

    def _is_seen(self, bound: Bound) -> bool:
        """Whether other files can see a name of this one: not what is declared in a block."""
        return not self._rules.declared or not bound.column or bound.how in ("default", "alias", "package", "import")

    def _class_around(self, scope: str) -> str:
        here = scope
        while here and self._kinds.get(here) not in _TYPES:
            inner, here = here, here.rpartition(".")[0]
            if self._rules.functions_make and self._kinds.get(inner) == "method":
                if self._kinds.get(here) == "function":  # Foo.prototype.bar = function () { this }
                    break
        return here

    def bindings(self, bases: dict[str, list[str]]) -> Iterable[Binding]:
        """What other files may ask for. What is not known at all is left out."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (scope, name), bounds in self._bound.items():
            if not scope or self._kinds.get(scope) in _TYPES or (self._rules.declared and self._kinds.get(scope) == "type"):
                for bound in bounds:
                    if not bound.until and bound.how != "generic" and (scope or self._is_seen(bound)):
                        found[scope, name].append(self._origin(bound))
        for bound in self._attributes:
            if bound.name == "(1)":
                found[bound.scope, "(1)"].append(self._origin(bound))
                continue
            root, _, name = bound.name.partition(".")
            owner = self._look_up(root, bound.scope, bound.since, bound.column)
            if owner.endswith("()") and self._kinds.get(owner[:-2]) in _TYPES and "." not in name:
                found[owner[:-2], name].append(self._origin(bound))
            elif self._kinds.get(owner) in _TYPES and "." not in name:
                found[owner, name].append(self._origin(bound))
        for scope, returns in self._returns.items():
            declared = [bound for bound in returns if bound.how == "returns"]
            for bound in declared or returns:
                is_self = bound.how == "returns" and bound.chain == "Self()"
                found[scope, "()"].append(self._self_type(scope) if is_self else self._origin(bound))
        for scope, decorators in self._decorators.items():
            around = scope.rpartition(".")[0]
            yield Binding(scope, "@", ",".join(self._resolved(d, around, 0, 0) for d in decorators))
        for scope, parts in bases.items():
            yield Binding(scope, "^", ",".join(parts))
        if self._stars:
            yield Binding("", "*", "|".join(dict.fromkeys(self._stars)))
        for (scope, name), origins in found.items():
            origin = either(*origins)
            hides = self._rules.declared and scope and name not in ("()", "(1)")  # a member of a base
            if origin and (origin != UNKNOWN or hides) and not (origin == OUTSIDE and not scope):
                yield Binding(scope, name, origin)


_STEP = re.compile(r"\.[\w$#]+|\(1?\)|\[\]|[~*%]")


def _last(qualname: str) -> str:
    return qualname.rpartition(".")[2]


def _nearest(bounds: Sequence[Bound], at: int, column: int) -> Bound | None:
    """The last declaration before a place that is no deeper indented: the others stand in closed blocks."""
    for bound in reversed(bounds):
        if bound.until:
            if bound.since <= at < bound.until:
                known = (
                    other for other in bounds
                    if (other.since, other.until) == (bound.since, bound.until) and other.chain != UNKNOWN
                )  # the parameter of a callback, by what it is called on
                return next(known, bound)
        elif bound.since <= at and (bound.column <= column or bound.how in ("parameter", "generic")):
            return bound
    return None


def _short(origin: str) -> str:
    return origin if len(origin) <= _LONGEST else UNKNOWN
