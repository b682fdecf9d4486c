"""Follow an origin, as indexer/origins.py writes it, across files to the definitions it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

from indexer.store.catalog import FileRow, ReferenceRow, SymbolRow

from .containers import GIVES_ITS_OWN, taken
from .facts import Facts
from .language import Language
from .lineage import Lineage
from .values import (
    CLASSES,
    FUNCTIONS,
    UNKNOWN,
    Definition,
    Found,
    Items,
    Method,
    Module,
    Next,
    Object,
    Outside,
    Value,
    outside,
    together,
)

_DEEPEST = 40  # origins inside origins; a chain of that length proves nothing any more
_FUEL = 2000  # origins followed for one use; beyond that loops are cut where they are met
_NOWHERE = 1 << 30
_WIDEST = 8  # values at once


Key = tuple[Hashable, ...]


class Follower:
    """Follows origins of one generation; what was followed once is kept."""

    def __init__(self, facts: Facts, language: Callable[[str, Follower], Language]) -> None:
        """`language` makes the Language of a name, once for each."""
        self.facts = facts
        self._make = language
        self._languages: dict[str, Language] = {}
        self._known: dict[Key, Found] = {}
        self._open: dict[Key, int] = {}  # what is being followed -> how deep
        self._back = _NOWHERE  # how far up the last loop led
        self._fuel = _FUEL
        self.lineage = Lineage(self)

    def language(self, path: str) -> Language:
        file = self.facts.file(path)
        name = file.language if file else ""
        if name not in self._languages:
            self._languages[name] = self._make(name, self)
        return self._languages[name]

    def target(self, use: ReferenceRow) -> Found:
        """What a use means."""
        file = self.facts.file(use.path)
        if file is None:
            return UNKNOWN
        self._fuel = _FUEL
        if not use.holder:
            return self.language(use.path).nearest(self.bare(use.name, file, use.scope), use)
        if use.holder and f"{use.scope}.".startswith(f"{use.holder}."):
            rows = self.facts.defined(file.id, f"{use.holder}.{use.name}")
            if rows and rows[0].kind != "method":
                found = Found(tuple(map(Definition, rows)), len(rows) < 2)
                return self.language(use.path).nearest(found, use)
        found = self._step(self.origin(use.holder, file, use.scope), "." + use.name, file)
        return self.language(use.path).nearest(found, use)

    def imported(self, module: str, name: str, file: FileRow) -> Found:
        """What a name of a module means to who imports it: the module itself where it has no such name."""
        self._fuel = _FUEL
        found = self.origin(f"<{module}>.{name}", file)
        modules = any(isinstance(value, Module) for value in found.values)
        return found if found.rows or modules else self.origin(f"<{module}>", file)

    def origin(self, text: str, file: FileRow, scope: str = "") -> Found:
        """What an origin of a file stands for."""

        def follow() -> Found:
            return together([self._one(part, file, scope) for part in text.split("|")])

        return self.once((file.id, text), follow)

    def once(self, key: Key, follow: Callable[[], Found]) -> Found:
        """Follow something that was not followed yet. What leads back to itself is not known.

        What was found inside a loop is true only as seen from where the loop was entered, so it is kept
        at that place alone: an answer must not depend on what was asked before.
        """
        known = self._known.get(key)
        if known is not None:
            return known
        depth = len(self._open)
        if key in self._open:
            self._back = min(self._back, self._open[key])
            return UNKNOWN
        if depth >= _DEEPEST:
            self._back = 0
            return UNKNOWN
        self._fuel -= 1
        self._open[key] = depth
        try:
            found = follow()
        finally:
            del self._open[key]
        if self._back >= depth or self._fuel < 0:
            self._known[key] = found
            self._back = _NOWHERE
        return found

    def _one(self, text: str, file: FileRow, scope: str) -> Found:
        match = _ROOT.match(text)
        local = self._local(text, file, scope) if " " in text else None
        if local:
            return local
        if match is None:
            return outside("") if text.startswith("!") and len(text) == 1 else self._after_literal(text)
        module, after, fixture, name = match.groups()
        if module is not None:
            found = self.language(file.path).module(module, file)
        elif after is not None:
            rows = self.facts.defined(file.id, after.replace(":", "."))
            found = Found(tuple(Next(row) for row in rows), bool(rows))
        elif fixture is not None:
            found = self.language(file.path).fixture(fixture.replace(":", "."), file)
        else:
            found = self.bare(name, file, scope)
        for step in _STEP.findall(text, match.end()):
            found = self._step(found, step, file)
        return found

    def _local(self, text: str, file: FileRow, scope: str) -> Found | None:
        """What begins with a definition that stands in a test, which is called by a sentence."""
        while scope:
            if text.startswith(scope + "."):
                name = _NAME.match(text, len(scope) + 1)
                rows = self.facts.defined(file.id, f"{scope}.{name[0]}") if name else []
                if name and rows:
                    found = Found(
                        tuple(map(Definition, rows)), len(rows) < 2 or self.language(file.path).is_one(rows)
                    )
                    for step in _STEP.findall(text, name.end()):
                        found = self._step(found, step, file)
                    return found
            scope = scope.rpartition(".")[0]
        return None

    def _after_literal(self, text: str) -> Found:
        """A method of a text or a list gives another one, unless it gives what was put in."""
        steps = _STEP.findall(text)
        taken = {"[]", "~", ".pop", ".get", ".setdefault", ".popleft", ".popitem", ".copy"}
        return outside("") if text.startswith("!") and not taken & set(steps) else UNKNOWN

    def bare(self, name: str, file: FileRow, scope: str = "") -> Found:
        """A name without a qualifier, as it is seen at the level of its file."""
        rows = self._spoken_for(self.facts.defined(file.id, name))
        sure = len(rows) < 2 or self.language(file.path).is_one(rows)
        found = [Found(tuple(Definition(row) for row in rows), sure)] if rows else []
        if not rows or any(row.kind in FUNCTIONS for row in rows):
            origin = self.facts.binding(file.id, "", name)
            if origin and origin != name:
                found.append(self.origin(origin, file))
        if found:
            return together(found)
        stars = self.facts.binding(file.id, "", "*")
        if stars:
            starred = self._from_stars(stars, name, file)
            if starred.values or not self.language(file.path).bare(name, file, scope).certain:
                return starred
        return self.language(file.path).bare(name, file, scope)

    def _from_stars(self, stars: str, name: str, file: FileRow) -> Found:
        return self.once((file.id, f"*.{name}"), lambda: self._starring(stars, name, file))

    def _starring(self, stars: str, name: str, file: FileRow) -> Found:
        for star in stars.split("|"):
            modules = self.origin(star, file)
            for module in modules.values:
                if isinstance(module, Module):
                    found = self._of_module(module, name, inner=False)
                    if found.values:
                        return found
        return UNKNOWN

    def _step(self, found: Found, step: str, file: FileRow) -> Found:
        if not found.values:
            return UNKNOWN
        values = found.values[:_WIDEST]
        if step == "()":
            parts = [self.call(value) for value in values]
        elif step == "(1)":
            parts = [self._second(value) for value in values]
        elif step == "[]" or step == "~":
            parts = [self._item(value, step) for value in values]
        elif step == "*" or step == "%":
            parts = [Found((Items(value, step == "%"),), True) for value in values]
        else:
            parts = [self.member(value, step[1:]) for value in values]
        result = together(parts)
        return result if found.certain else Found(result.values, False)

    def member(self, value: Value, name: str) -> Found:
        """What `value.name` stands for."""
        match value:
            case Module():
                return self._of_module(value, name)
            case Definition(row):
                if row.kind in FUNCTIONS or row.kind == "module":
                    rows = self.facts.defined(row.file, f"{row.qualname}.{name}")
                    sure = bool(rows) and (len(rows) < 2 or self.language(row.path).is_one(rows))
                    return Found(tuple(Definition(inner) for inner in rows), sure)
                if row.kind in CLASSES:
                    return self._of_class(row, name, value)
                return self._through(row, lambda held: self.member(held, name))
            case Object(row):
                return self._of_class(row, name, value)
            case Next(row):
                return self._of_class(row, name, Object(row), after=True)
            case Items():
                return Found((Method(value, name),), True)
            case Outside():
                return outside(name)
            case _:
                return UNKNOWN

    def call(self, value: Value) -> Found:
        """What `value()` gives."""
        match value:
            case Definition(row) if row.kind in CLASSES:
                return Found((Object(row),), True)
            case Definition(row) if row.kind in FUNCTIONS:
                return self.result(value)
            case Definition(row):
                return self._through(row, self.call)
            case Module(files) if files:
                return self.language(files[0].path).call_module(value)
            case Object(row):
                return self._step(self._of_class(row, "__call__", value), "()", self.file(row))
            case Method(Items(of, mapping), name):
                return taken(of, mapping, name)
            case Outside(name):
                return outside(name) if name[:1].isupper() or name in GIVES_ITS_OWN else UNKNOWN
            case _:
                return UNKNOWN

    def result(self, function: Definition) -> Found:
        """What a function gives back, for the object that it is called on."""
        receiver = function.receiver
        key: Key = ("()", function.row.id, isinstance(receiver, Object), receiver.row.id if receiver else 0)
        return self.once(key, lambda: self._result(function))

    def _result(self, function: Definition) -> Found:
        row = function.row
        decorators = self.decorators(row)
        origin = self.facts.binding(row.file, row.qualname, "()")
        file = self.file(row)
        if not origin:
            yielded = self.facts.binding(row.file, row.qualname, "yield")
            if not yielded:
                return self.language(row.path).made(row)
            return self._step(self.origin(yielded, file), "*", file)
        owner = row.qualname.rpartition(".")[0]
        parts = []
        for part in origin.split("|"):
            start = f"{owner}()" if isinstance(function.receiver, Object) else owner
            own = function.receiver and owner and self.language(row.path).gives_self
            if own and (part == start or part.startswith((f"{start}.", f"{start}("))):
                found = Found((function.receiver,), True) if function.receiver else UNKNOWN
                for step in _STEP.findall(part, len(start)):
                    found = self._step(found, step, file)
                parts.append(found)
            else:
                parts.append(self.origin(part, file, row.qualname))
        found = together(parts)
        language = self.language(row.path)
        sure = language.keeps_result(decorators) and not (language.overloads and "|" in origin)
        return found if sure else Found(found.values, False)

    def _second(self, value: Value) -> Found:
        """The second of the results that a function gives."""
        row = value.row if isinstance(value, Definition) else None
        origin = self.facts.binding(row.file, row.qualname, "(1)") if row else ""
        return self.origin(origin, self.file(row)) if row and origin else UNKNOWN

    def _spoken_for(self, rows: list[SymbolRow]) -> list[SymbolRow]:
        """Less the declarations that only say how a definition below them may be called."""
        if len(rows) < 2:
            return rows
        # definitions of one name share one list of decorators
        declared = self.language(rows[0].path).is_declaration(self.decorators(rows[0]))
        return rows[-1:] if declared else rows

    def decorators(self, row: SymbolRow) -> list[str]:
        written = self.facts.binding(row.file, row.qualname, "@")
        return written.split(",") if written else []

    def through(self, row: SymbolRow) -> Found:
        """What a constant or a field holds."""
        return self._through(row, lambda held: Found((held,), True))

    def _through(self, row: SymbolRow, use: Callable[[Value], Found]) -> Found:
        """What a constant or a field holds, used."""
        owner, _, name = row.qualname.rpartition(".")
        origin = self.facts.binding(row.file, owner, name)
        if not origin:
            return UNKNOWN
        held = self.origin(origin, self.file(row))
        used = together([use(value) for value in held.values if value != Definition(row)])
        return used if held.certain else Found(used.values, False)

    def _item(self, value: Value, step: str) -> Found:
        match value:
            case Items(of, mapping):
                return Found((of,), True) if step == "[]" or not mapping else UNKNOWN
            case Definition(row) if row.kind in CLASSES:
                return Found((Object(row),), True)  # Generic[T], or a member of an enum
            case Definition(row) if row.kind not in FUNCTIONS:
                return self._through(row, lambda held: self._item(held, step))
            case Object(row) if row.kind == "type":
                held = self._alias(row)
                return self._of_alias(row, held, step) if held else UNKNOWN
            case Object(row) if step == "[]":
                return self._step(self._of_class(row, "__getitem__", value), "()", self.file(row))
            case _:
                return UNKNOWN

    def _of_module(self, module: Module, name: str, inner: bool = True) -> Found:
        top = self.language(module.files[0].path).top(module, name) if module.files else None
        if top is not None:
            return top
        found: list[Found] = []
        for file in module.files:
            rows = self.facts.defined(file.id, name)
            if rows or self.facts.binding(file.id, "", name):
                found.append(self.bare(name, file))
        if any(part.values for part in found):
            return together(found)
        for file in module.files:
            stars = self.facts.binding(file.id, "", "*")
            starred = self._from_stars(stars, name, file) if stars else UNKNOWN
            if starred.values:
                return starred
        language = self.language(module.files[0].path if module.files else module.like)
        return language.inner_module(module, name) if inner else UNKNOWN

    def _of_class(
        self, row: SymbolRow, name: str, receiver: Object | Definition, after: bool = False
    ) -> Found:
        line, doubtful, open_ = self.lineage.line(row)
        for cls in line[1:] if after else line:
            found = self._own_member(cls, name, receiver)
            if found is not None:
                return Found(found.values, False) if doubtful and cls is not row else found
        held = self._alias(row) if isinstance(receiver, Object) else None
        if held:
            return self._of_alias(row, held, "." + name)
        language = self.language(row.path)
        special = language.member(row, name)
        if special is not None:
            return special
        if doubtful or not open_ or language.answers_all(line):
            return UNKNOWN
        return outside(name)

    def _own_member(self, cls: SymbolRow, name: str, receiver: Object | Definition) -> Found | None:
        """What a class itself defines or binds under a name."""
        language = self.language(cls.path)
        rows = language.members(cls, name)
        rows = self._spoken_for([row for row in rows if row.kind in FUNCTIONS or row.kind in CLASSES])
        if rows:
            if rows[0].kind in FUNCTIONS and (
                language.is_getter(rows[0]) or language.is_read(self.decorators(rows[0]))
            ):
                return self.result(Definition(rows[0], receiver))
            sure = len(rows) < 2 or language.is_one(rows)
            return Found(tuple(Definition(row, receiver) for row in rows), sure, closed=True)
        origin = self.facts.binding(cls.file, cls.qualname, name)
        return self.origin(origin, self.file(cls), cls.qualname) if origin else None

    def _alias(self, row: SymbolRow) -> Found | None:
        """What a type holds that stands for another: `type Nodes []Node`."""
        origin = self.facts.binding(row.file, "", row.qualname) if row.kind == "type" else ""
        return self.origin(origin, self.file(row)) if origin else None

    def _of_alias(self, row: SymbolRow, held: Found, step: str) -> Found:
        """A step from what an alias holds, which may be the alias itself."""
        return self.once(("type", row.id, step), lambda: self._step(held, step, self.file(row)))

    def file(self, row: SymbolRow) -> FileRow:
        file = self.facts.file(row.path)
        assert file is not None, row.path
        return file


_NAME = re.compile(r"[\w$]+")
_ROOT = re.compile(r"<([^>]*)>|\^([\w$:]+)|&([\w$:]+)|([\w$]+)")
_STEP = re.compile(r"\.[\w$#]+|\(1?\)|\[\]|[~*%]")
