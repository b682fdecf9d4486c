"""What a change is checked on: the repository after it, and what a module or a class there can hold.

An index knows the names that are written down in the usual ways. A module or a class is said to lack a
name only where no other way is left: the name stands nowhere in its text, and nothing is made at run time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from indexer.conventions.code import blank
from indexer.store.catalog import Catalog, FileRow, SymbolRow

from ..graph.judge import Judge
from ..graph.values import Definition, Module, Outside
from .after import After
from .bases import gives
from .change import Change

ECMA = frozenset({"javascript", "jsx", "typescript", "tsx"})
CHECKED = ECMA | {"python"}
_DEEPEST = 6  # modules that hand on all of another one
_HARMLESS = frozenset({"object", "ABC", "Generic", "Protocol"})  # bases that bring no names of their own
# How a module comes to hold names that are not written down.
_DYNAMIC = {
    "python": re.compile(
        r"\bdef __getattr__|\bglobals\(\)|\bmodules\[ *__name__|^(?:exec|vars|locals)\(", re.MULTILINE
    ),
    "ecma": re.compile(r"\bmodule\.exports\b|\bexports\b|\bexport\s*=|\bObject\.(?:assign|defineP)"),
}
# How the objects of a class do.
_DYNAMIC_CLASS = {
    "python": re.compile(
        r"\bdef __getattr(?:ibute)?__|\bsetattr\( *(?:self|cls|type)\b"
        r"|\b(?:self|cls)\.__dict__|\bmetaclass *="
    ),
    "ecma": re.compile(
        r"\bObject\.(?:assign|defineP)|\bprototype\b|\bProxy\b|\[\w+: *\w+\]|\bthis *\[(?! *\])"
    ),
}


class Ground:
    """The repository after a change."""

    def __init__(self, change: Change, catalog: Catalog) -> None:
        self.change = change
        self.catalog = catalog
        self.facts = After.of(change, catalog)
        self.repo = self.facts.repo
        self.judge = Judge(self.facts)
        self.follower = self.judge.follower
        self._code: dict[str, str] = {}

    def file(self, path: str) -> FileRow:
        file = self.facts.file(path)
        assert file is not None, path
        return file

    def code(self, file: FileRow) -> str:
        """The text of a file, of Python without what its strings and comments say.

        A pattern with a quote in it, which JavaScript writes as it is, would make code look like a string.
        """
        if file.path not in self._code:
            text = self.facts.text(file.path)
            self._code[file.path] = blank(text, "python") if file.language == "python" else text
        return self._code[file.path]

    def says(self, file: FileRow, name: str) -> bool:
        """Whether a name stands in the code of a file, or is a string of it.

        In a changed file a mere use says nothing, nor does what is defined there no longer.
        """
        word = rf"(?<![\w$]){re.escape(name)}(?![\w$])"
        changed = self.change.by_path.get(file.path)
        if re.search(rf"[\"'`]{re.escape(name)}[\"'`]", self.facts.text(file.path)):
            return True
        if changed is None:
            return re.search(word, self.code(file)) is not None
        before = changed.before or ""
        if changed.parsed_before and any(s.name == name for s in changed.parsed_before.symbols):
            before = ""
        given = rf"(?<!\.){word}|\.{word}\s*(?:[+|]?=(?!=)|:)"
        return re.search(word, before) is not None or re.search(given, self.code(file)) is not None

    def may_hold(self, module: Module, name: str, depth: int = 0) -> bool:
        """Whether a module has a name, or may have it in a way that the index does not see."""
        if depth > _DEEPEST or self.follower.member(module, name).values:
            return True
        for file in module.files:
            if file.language not in CHECKED or self.says(file, name):
                return True
            if _DYNAMIC[_family(file.language)].search(self.code(file)):
                return True
            if self.facts.symbols(file.id) == [] and not self.code(file).strip():
                return file.language != "python"  # an empty __init__.py holds nothing but its modules
            for star in filter(None, self.facts.binding(file.id, "", "*").split("|")):
                for value in self.follower.origin(star, file).values or (None,):
                    if not isinstance(value, Module) or self.may_hold(value, name, depth + 1):
                        return True
        return not module.files or any(self._is_skipped(file, name) for file in module.files)

    def _is_skipped(self, file: FileRow, name: str) -> bool:
        """Whether beside the file of a package lies something of that name which is no code to read."""
        folder = file.path.rpartition("/")[0]
        return any(path.startswith(f"{folder}/{name}") for path in self._skipped)

    @cached_property
    def _skipped(self) -> list[str]:
        return [path for path, _, _ in self.catalog.skipped(self.repo)]

    def may_have(self, cls: SymbolRow, name: str, after: bool = False) -> bool:
        """Whether objects of a class have a name, or may have it in a way that the index does not see.

        `after`: what follows the class among its bases, as `super()` does.
        """
        line, doubtful, _ = self.follower.lineage.line(cls)
        line = line[1:] if after else line
        if doubtful or name.startswith("__"):
            return True
        for row in line:
            file = self.file(row.path)
            if file.language not in CHECKED or self.says(file, name) or self.is_made_over(row):
                return True
            if _DYNAMIC_CLASS[_family(file.language)].search(self.code_of(row)):
                return True
            if any(gives(base, name) for base in self.bases(row)):
                return True
        return False

    def bases(self, row: SymbolRow) -> Iterator[Definition | Outside | None]:
        """What a class is written to inherit from, less what brings nothing; None for what is not known."""
        written = self.facts.binding(row.file, row.qualname, "^")
        for origin in written.split(",") if written else ():
            for value in self.follower.origin(origin, self.file(row.path)).values or (None,):
                if isinstance(value, Outside) and value.name in _HARMLESS:
                    continue
                yield value if isinstance(value, Definition | Outside) else None

    def is_made_over(self, row: SymbolRow) -> bool:
        """Whether a decorator may put something else in the place of a class."""
        return any(
            decorator.removesuffix("()").rpartition(".")[2] not in _KEEPING
            for decorator in self.follower.decorators(row)
        )

    def code_of(self, row: SymbolRow) -> str:
        """The definition itself, without what its strings and comments say."""
        lines = self.facts.text(row.path).split("\n")
        return blank("\n".join(lines[row.start - 1 : row.end]), self.file(row.path).language)

    def names_in(self, module: Module) -> list[str]:
        """What a module defines and imports, for who looks for the right name."""
        names = {
            s.qualname for file in module.files for s in self.facts.symbols(file.id) if "." not in s.qualname
        }
        for file in module.files:
            names.update(r.name for r in self.facts.references(file.id) if r.kind == "import" and not r.scope)
        return sorted(names)

    def members_of(self, cls: SymbolRow) -> list[str]:
        line, _, _ = self.follower.lineage.line(cls)
        return sorted(
            {
                symbol.name
                for row in line
                for symbol in self.facts.symbols(row.file)
                if symbol.qualname.rpartition(".")[0] == row.qualname
            }
        )

    def defined_elsewhere(self, name: str) -> list[SymbolRow]:
        """Where a name is defined at the level of a file."""
        return [row for row in self.facts.named(name) if row.qualname == name]


def _family(language: str) -> str:
    return "ecma" if language in ECMA else language


_KEEPING = frozenset(
    {"dataclass", "total_ordering", "final", "runtime_checkable", "define", "frozen", "attrs", "s"}
)
