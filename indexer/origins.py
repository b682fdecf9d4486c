"""Turn the names used in a file into what they stand for, as far as the file itself says.

Everything that a file says about a name is put together here, so that a question never needs its
text: a local variable is replaced by what it was assigned, an imported name by where it comes from,
`self` by its class. What stands in other files stays a name, followed when somebody asks
(retriever/graph). The result is an origin, a chain (chains.py) whose beginning is one of

    <module>    an import, the module as it is written: <shop.client>.Client().charge
    name        a definition, a constant or a star import of this file; Client().charge
    ^Class      what follows Class among its bases: super(); dots of its qualname are colons
    &name       what the pytest fixture of this name gives, &Class:name as seen in a class
    ! and ?     a literal, and what is not known

and which may go on with steps. Bindings are what other files may ask for: `bindings` of an owner
("" for the file, else a definition's qualname) by name, where a name is that of an attribute, `()` what
a function returns, `yield` what it yields, `@` its decorators, `^` a class's bases in order (both with
commas), `*` star imports.
"""

from __future__ import annotations

import builtins
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.chains import OUTSIDE, UNKNOWN, either, step
from indexer.chains import chain as read_chain
from indexer.symbols import Collected, Mark
from indexer.types import Binding, Reference

_LONGEST = 200  # characters of an origin
FUNCTIONS = frozenset({"function", "method"})
TYPES = frozenset({"class", "interface", "struct", "enum", "trait"})


@dataclass(frozen=True, slots=True)
class Rules:
    """How names are looked up in a language."""

    selves: frozenset[str] = frozenset({"this", "self"})  # names of the object a method works on
    first_is_self: bool = False  # the first parameter of a method is, whatever its name
    classes_open: bool = True  # what a class defines is seen in its methods without a qualifier
    called: str = ""  # the method that runs when an object is called
    built_in: frozenset[str] = frozenset()
    fixtures: bool = False  # parameters of a test are what fixtures of their names give


_RULES = {
    "python": Rules(
        frozenset(),
        first_is_self=True,
        classes_open=False,
        called="__call__",
        built_in=frozenset(dir(builtins)),
        fixtures=True,
    )
}
_OTHER = Rules()
_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


def names_of(found: Collected, source: bytes, language: str) -> Names:
    """The names of a file of a language that has no rules of its own elsewhere."""
    return Names(found, source, _RULES.get(language, _OTHER))


def bind(found: Collected, names: Names) -> tuple[tuple[Reference, ...], tuple[Binding, ...]]:
    """References with their targets, and the bindings of the file, by owner and name."""
    references = []
    bases: dict[str, list[str]] = defaultdict(list)
    new, target_of = tuple.__new__, names.target  # what Reference() itself comes to, in half the time
    for use in found.uses:
        role, scope = use.role, use.scope
        target = target_of(use) if role != "import" else ""
        references.append(
            new(Reference, (use.name, role, use.row + 1, scope, use.qualifier, target, use.arguments))
        )
        if role == "inherit":
            bases[scope].append(target)
    return tuple(references), tuple(names.bindings(bases))


def sought(name: str, target: str) -> Sequence[tuple[str, str]]:
    """Under which names a use of `name` is found, each with what holds it: `<shop>.Client()`, `charge`."""
    if not target:
        return ((name, ""),)
    holder, _, last = target.rpartition(".")
    if "|" not in target and last.isidentifier():
        return ((last, holder),)
    found: dict[str, list[str]] = {}
    for part in target.split("|"):
        match = _LAST.fullmatch(part)
        last, holder = (
            (match[2], match[1] or "") if match else (name, OUTSIDE if part == OUTSIDE else UNKNOWN)
        )
        found.setdefault(last, []).append(holder)
    return tuple((last, "|".join(holders)) for last, holders in found.items())


_LAST = re.compile(r"(?:(.*)\.)?([\w$#]+)")
_ROOT = re.compile(r"[\w$]+")


class Names:
    """The names of one file, by the scope they are bound in."""

    _holders = TYPES  # kinds of definitions whose attributes are asked for

    def __init__(self, found: Collected, source: bytes, rules: Rules) -> None:
        self._source = source
        self._rules = rules
        self._kinds = {symbol.qualname: symbol.kind for symbol in found.symbols}
        self._bound: dict[tuple[str, str], list[Mark]] = defaultdict(list)
        self._decorators: dict[str, list[str]] = defaultdict(list)
        self._returns: dict[str, list[Mark]] = defaultdict(list)
        self._attributes: list[Mark] = []
        self._flowing: set[str] = set()  # names of the file that each place may see another meaning of
        self._first: dict[str, str] = {}  # scope -> its first parameter
        self._stars: list[str] = []
        self._known: dict[int, str] = {}  # origins; a bound that is being looked into is UNKNOWN: a cycle
        self._take(found.bounds)
        for use in found.uses:
            if use.role == "import":
                self._take_import(use)
        self._inner = self._inner_names()
        self._anywhere: dict[str, str] = {}  # what a name means wherever in the file it stands
        self._steady: dict[tuple[str, str], str] = {}  # and wherever in a scope
        self._before: dict[tuple[str, str], str] = {}  # the same of chains

    def _take(self, bounds: Iterable[Mark]) -> None:
        for bound in bounds:
            scope, name = bound.scope, bound.name
            if bound.role == "attribute":
                self._decorators[scope].append(self._chain(bound))
            elif bound.role != "binding":
                self._returns[scope].append(bound)
            elif "." in name:
                self._attributes.append(bound)
            else:
                self._bound[scope, name].append(bound)
                if bound.kind == "parameter":
                    self._first.setdefault(scope, name)
                if bound.until and not scope:
                    self._flowing.add(name)

    def _take_import(self, use: Mark) -> None:
        """An import binds a name as an assignment does."""
        module, _, original = use.qualifier.partition("#")
        if use.name == "*":
            self._stars.append(f"<{module}>")
            return
        use.chain = use.chain or f"<{module}>.{original or use.name}"
        use.since = use.start
        self._bound[use.scope, use.name].append(use)

    def _inner_names(self) -> set[str]:
        """The names that mean something else inside some definition than at the level of the file."""
        inner = {name for scope, name in self._bound if scope}
        for qualname in self._kinds:
            while "." in qualname:
                qualname = qualname.partition(".")[2]
                inner.add(qualname)
        return inner

    def target(self, use: Mark) -> str:
        """The origin of what a use names."""
        scope, chain = use.scope, use.chain
        if use.role == "inherit":  # a base is named where the class stands, not inside it
            scope = scope.rpartition(".")[0]
        if not chain:
            found = self._look_up(use.name, scope, use.start, use.column, use.role == "call")
            return self._called(found) if use.role == "call" else found
        before = self._before.get((scope, chain))
        if before is None:
            before = self._resolved(chain, scope, use.start, use.column)
            if "|" not in chain and self._is_steady(_parted(chain)[0], scope):
                self._before[scope, chain] = before
        return _short(step(before, "." + use.name))

    def _is_steady(self, name: str, scope: str) -> bool:
        return name in self._anywhere or (scope, name) in self._steady

    def _called(self, found: str) -> str:
        """A call of an object is one of its method that runs then."""
        if not self._rules.called or not found.endswith(("()", "[]", "~")):
            return found
        return step(found, "." + self._rules.called)

    def _resolved(self, chain: str, scope: str, at: int, column: int) -> str:
        """A chain with its beginning looked up."""
        if "|" in chain:
            return _short(either(*(self._resolved(part, scope, at, column) for part in chain.split("|"))))
        name, rest = _parted(chain)
        if not name:
            return chain
        if name == "super":
            around = self._class_around(scope)
            if around:
                return f"^{around.replace('.', ':')}{rest.removeprefix('()')}"
        found = self._look_up(name, scope, at, column, rest.startswith("()"))
        if not rest:
            return found
        return _short(step(found, rest))

    def _look_up(self, name: str, scope: str, at: int, column: int, called: bool = False) -> str:
        found = self._anywhere.get(name)
        if found is None:
            found = self._steady.get((scope, name))
        if found is not None:
            return found
        bounds = self._bound.get((scope, name)) if scope else None
        if bounds and (len(bounds) > 1 or bounds[0].until):
            return self._merged(bounds, at, column)
        if not bounds and name in self._flowing and self._seen_from(name, scope) == name:
            return self._merged(self._bound["", name], at, column)
        if bounds and name not in self._rules.selves:
            found = self._steady[scope, name] = either(self._origin(bounds[0])) or UNKNOWN
            return found
        found = self._seen_from(name, scope)
        if name in self._inner or name in self._rules.selves:
            self._steady[scope, name] = found
        else:
            self._anywhere[name] = found
        return found

    def _seen_from(self, name: str, scope: str) -> str:
        """What a name means in all of a scope: what the scope binds, what those around it do, or itself."""
        if name in self._rules.selves and self._class_around(scope):
            return f"{self._class_around(scope)}()"
        here = scope if name in self._inner else ""
        while here:
            if here == scope or self._rules.classes_open or self._kinds.get(here) not in TYPES:
                bounds = self._bound.get((here, name))
                if bounds:
                    return self._all(bounds)
                if f"{here}.{name}" in self._kinds and (here != scope or self._is_own_name(name, here)):
                    return f"{here}.{name}"
            here = here.rpartition(".")[0]
        bounds = [bound for bound in self._bound.get(("", name), ()) if not bound.until]
        if bounds and name not in self._kinds and all(bound.role == "import" for bound in bounds):
            return self._all(bounds)
        return name  # of this file, of a star import, or built in

    def _is_own_name(self, name: str, scope: str) -> bool:
        """Whether a name in the body of a class, before or after it is defined there, means its own.

        A decorator or a default may have the name of the method that it is for: `@post_load def post_load`.
        """
        if self._rules.classes_open or self._kinds.get(scope) not in TYPES:
            return True
        return name not in self._rules.built_in and name not in self._kinds and ("", name) not in self._bound

    def _merged(self, bounds: Sequence[Mark], at: int, column: int) -> str:
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

    def _all(self, bounds: Sequence[Mark]) -> str:
        return either(*[self._origin(bound) for bound in bounds if not bound.until]) or UNKNOWN

    def _origin(self, bound: Mark) -> str:
        if bound.role == "import":
            return bound.chain or UNKNOWN
        key = id(bound)
        known = self._known.get(key)
        if known is None:
            self._known[key] = UNKNOWN
            known = self._known[key] = self._worked_out(bound)
        return known

    def _worked_out(self, bound: Mark) -> str:
        is_first = bound.kind == "parameter" and bound.name == self._first[bound.scope]
        own = self._own(bound.scope) if is_first and self._rules.first_is_self else ""
        if own:
            return own
        chain = self._chain(bound)
        if chain == UNKNOWN and bound.kind == "parameter" and self._takes_fixtures(bound.scope):
            around = self._class_around(bound.scope)
            return f"&{around.replace('.', ':')}:{bound.name}" if around else f"&{bound.name}"
        if chain.startswith("Self()"):
            around = self._class_around(bound.scope)
            return around + chain[4:] if around else UNKNOWN
        return self._resolved(chain, bound.scope, bound.start, bound.column)

    def _chain(self, bound: Mark) -> str:
        if bound.chain is None:
            assert bound.value
            chain = step(read_chain(bound.value, self._source), _BETWEEN.get(bound.kind, "") + bound.member)
            if bound.kind == "second":  # of the results that a call gives
                chain = f"{chain[:-1]}1)" if chain.endswith("()") else UNKNOWN
            bound.chain = chain
        return bound.chain

    def _takes_fixtures(self, scope: str) -> bool:
        """Whether pytest hands a function its parameters: a test, or a fixture itself."""
        if not self._rules.fixtures or self._kinds.get(scope) not in FUNCTIONS:
            return False
        return scope.rpartition(".")[2].startswith("test") or any(
            "fixture" in decorator for decorator in self._decorators.get(scope, ())
        )

    def _own(self, scope: str) -> str:
        """What the first parameter of a method is: its class, or an object of it."""
        decorators = self._decorators.get(scope, [])
        if self._kinds.get(scope) != "method" or "staticmethod" in decorators:
            return ""
        owner, _, name = scope.rpartition(".")
        return owner if "classmethod" in decorators or name in _CLASS_METHODS else f"{owner}()"

    def _class_around(self, scope: str) -> str:
        here = scope
        while here and self._kinds.get(here) not in TYPES:
            here = here.rpartition(".")[0]
        return here

    def bindings(self, bases: dict[str, list[str]]) -> Iterable[Binding]:
        """What other files may ask for. What is not known at all is left out."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (scope, name), bounds in self._bound.items():
            if not scope or self._kinds.get(scope) in self._holders:
                for bound in bounds:
                    if not bound.until and self._is_seen(bound):
                        found[scope, name].append(self._origin(bound))
        for bound in self._attributes:
            root, _, name = bound.name.partition(".")
            owner = self._look_up(root, bound.scope, bound.start, bound.column)
            if owner.endswith("()") and self._kinds.get(owner[:-2]) in TYPES and "." not in name:
                found[owner[:-2], name].append(self._origin(bound))
            elif self._kinds.get(owner) in TYPES and "." not in name:
                found[owner, name].append(self._origin(bound))
        for scope, returns in self._returns.items():
            declared = [bound for bound in returns if bound.role == "returns"]
            for bound in declared or returns:
                found[scope, "yield" if bound.kind == "yielded" else "()"].append(self._origin(bound))
        for scope, name, origin in self._results():
            found[scope, name].append(origin)
        for scope, decorators in self._decorators.items():
            around = scope.rpartition(".")[0]
            yield Binding(scope, "@", ",".join(self._resolved(d, around, 0, 0) for d in decorators))
        for scope, parts in bases.items():
            yield Binding(scope, "^", ",".join(parts))
        if self._stars:
            yield Binding("", "*", "|".join(dict.fromkeys(self._stars)))
        for (scope, name), origins in found.items():
            origin = either(*origins)
            if (origin and origin != UNKNOWN and not (origin == OUTSIDE and not scope)) or self._hides(
                scope, name
            ):
                yield Binding(scope, name, origin or UNKNOWN)

    def _results(self) -> list[tuple[str, str, str]]:
        """What functions give besides their first result: owner, name and origin."""
        return []

    def _is_seen(self, bound: Mark) -> bool:
        """Whether other files can ask for a name."""
        return True

    def _hides(self, scope: str, name: str) -> bool:
        """Whether a name of which nothing is known still says that no other of its name is meant."""
        return False


_BETWEEN = {"item": "~", "entered": ".__enter__()", "element": "[]"}  # from a value to what is bound


@lru_cache(maxsize=16_384)  # the files of a repository say the same all the time
def _parted(chain: str) -> tuple[str, str]:
    """A chain as the name that it begins with and the rest; there is no such name in `<module>` and `?`."""
    if chain.isidentifier():
        return chain, ""
    root = _ROOT.match(chain)
    return (root[0], chain[root.end() :]) if root else ("", chain)


def _short(origin: str) -> str:
    return origin if len(origin) <= _LONGEST else UNKNOWN
