"""The edges between definitions: which use of a name means which definition.

An edge is `resolved` only where the text proves it: a definition of the same file, a name imported
from the defining file (directly or exported again by its package), or a call on `self` inside the
same class. Everything else agrees by name only and says so; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.conventions import is_test
from indexer.store.catalog import Catalog, FileRow, ReferenceRow, RepoRow, SymbolRow

from .resolve import means, packages_above
from .types import Caller

_MOST = 2000  # uses of one name that are looked at: more and the name is as common as a word
_AMBIGUOUS = 3  # definitions of a called name that are shown when none is proven

_SELVES = frozenset({"self", "this", "cls", "Self", "@", "super()", "super"})
_IMPLICIT_SELF = frozenset({"java", "kotlin", "scala", "csharp", "cpp", "swift", "ruby"})
_FOLDER_SCOPE = frozenset({"go", "java", "kotlin", "scala", "csharp"})  # a package is a folder
_CALLABLE = frozenset({"function", "method", "class", "struct", "macro", "interface", "trait", "enum"})


Bound = dict[str, list[tuple[str, str]]]  # bound name -> (module, original name)


class Graph:
    """The edges of one repository, read as they are asked for and kept for one request."""

    def __init__(self, catalog: Catalog, repo: RepoRow) -> None:
        self.catalog = catalog
        self.repo = repo
        self._references: dict[int, list[ReferenceRow]] = {}
        self._imports: dict[int, Bound] = {}
        self._symbols: dict[int, list[SymbolRow]] = {}
        self._files: dict[str, FileRow | None] = {}

    def definitions(self, name: str) -> list[SymbolRow]:
        """The definitions that a plain or qualified name fits, by path and line."""
        wanted = name.strip().rstrip("()").replace("::", ".").replace("#", ".").strip(".")
        last = wanted.rpartition(".")[2]
        rows = self.catalog.symbols_named(self.repo, [last]) if last else []
        fitting = [row for row in rows if _fits(row, wanted)]
        exact = [row for row in fitting if row.name == last]
        return exact or fitting

    def callers(self, definitions: Sequence[SymbolRow]) -> list[Caller]:
        """The uses of any of these definitions, which share one name."""
        if not definitions:
            return []
        found: dict[tuple[str, int, str], Caller] = {}
        for use in self.catalog.references_to(self.repo, definitions[0].name, _MOST):
            if use.kind == "import" or _is_own(use, definitions):
                continue
            proof = self._proof(use, definitions)
            if proof is None:
                continue
            key = (use.path, use.line, use.scope)
            known = found.get(key)
            if known is None or (proof and not known.resolved):
                found[key] = Caller(self.repo.name, use.path, use.line, use.scope or None, proof)
        return sorted(
            found.values(), key=lambda c: (not c.resolved, is_test(c.path, c.symbol), c.path, c.line)
        )

    def callees(self, definition: SymbolRow) -> list[Caller]:
        """The definitions that are called between the first and the last line of this one."""
        found: dict[tuple[str, int], Caller] = {}
        for use in self.references(definition.file):
            inside = definition.start <= use.line <= definition.end
            if use.kind == "import" or not inside or use.name == definition.name:
                continue
            rows = [row for row in self.catalog.symbols_named(self.repo, [use.name]) if row.name == use.name]
            for row, proven in self._targets(use, [row for row in rows if row.kind in _CALLABLE]):
                known = found.get((row.path, row.start))
                if known is None or (proven and not known.resolved):
                    callee = Caller(self.repo.name, row.path, row.start, row.qualname, proven)
                    found[row.path, row.start] = callee
        return sorted(found.values(), key=lambda c: (not c.resolved, c.path, c.line))

    def _targets(self, use: ReferenceRow, rows: Sequence[SymbolRow]) -> list[tuple[SymbolRow, bool]]:
        proofs = [(row, self._proof(use, [row])) for row in rows]
        proven = [(row, True) for row, proof in proofs if proof]
        if proven:
            return proven
        tested = is_test(use.path)  # code that ships does not call its tests
        named = [
            (row, False) for row, proof in proofs if proof is False and (tested or not is_test(row.path))
        ]
        return named if len(named) <= _AMBIGUOUS else []

    def _proof(self, use: ReferenceRow, definitions: Sequence[SymbolRow]) -> bool | None:
        """True: a use of one of them. None: of something else. False: the names agree."""
        if any(self._proves(use, definition) for definition in definitions):
            return True
        if not use.qualifier and self._local_namesake(use, definitions):
            return None
        return None if self._comes_from_elsewhere(use, definitions) else False

    def _proves(self, use: ReferenceRow, definition: SymbolRow) -> bool:
        owner = definition.qualname.rpartition(".")[0]
        same_file = use.file == definition.file
        if owner and (use.qualifier in _SELVES or self._implicit(use)):
            return same_file and (use.scope == owner or use.scope.startswith(owner + "."))
        if not owner and not use.qualifier:
            return same_file or self._imported(use, use.name, definition) or self._beside(use, definition)
        if owner and use.qualifier.rpartition(".")[2] == owner.rpartition(".")[2]:  # Class.method(...)
            return (
                same_file or self._imported(use, use.qualifier, definition) or self._beside(use, definition)
            )
        if not owner:
            return self._through_module(use, definition)
        return False

    def _implicit(self, use: ReferenceRow) -> bool:
        return not use.qualifier and self._language(use.path) in _IMPLICIT_SELF

    def _beside(self, use: ReferenceRow, definition: SymbolRow) -> bool:
        """In the same folder, where a folder is a package and needs no import."""
        language = self._language(use.path)
        folder = use.path.rpartition("/")[0]
        return (
            language in _FOLDER_SCOPE
            and folder == definition.path.rpartition("/")[0]
            and language == self._language(definition.path)
            and not self._imports_of(use.file).get(use.qualifier or use.name)
        )

    def _imported(self, use: ReferenceRow, name: str, definition: SymbolRow) -> bool:
        """`from module import name`, then `name(...)` or `name.method(...)`."""
        first = definition.qualname.partition(".")[0]
        for module, original in self._imports_of(use.file).get(name, ()):
            if original in (first, definition.name) and self._leads_to(
                module, original, use.path, definition
            ):
                return True
        return False

    def _through_module(self, use: ReferenceRow, definition: SymbolRow) -> bool:
        """`import module`, then `module.name(...)`; `from package import module` likewise."""
        bound, _, rest = use.qualifier.partition(".")
        for module, original in self._imports_of(use.file).get(bound, ()):
            written = [module, _joined(module, original), use.qualifier if "." in use.qualifier else ""]
            if rest:
                written = [_joined(part, rest) for part in written[:2]] + written[2:]
            if any(means(named, use.path, definition.path) for named in written if named):
                return True
        return False

    def _leads_to(self, module: str, name: str, importer: str, definition: SymbolRow) -> bool:
        if means(module, importer, definition.path) or means(f"{module}.{name}", importer, definition.path):
            return True
        for package in packages_above(definition.path):
            if package != importer and means(module, importer, package):
                file = self._file(package)
                if file and self._exports(file, name, definition):
                    return True
        return False

    def _exports(self, file: FileRow, name: str, definition: SymbolRow) -> bool:
        return any(
            original in (definition.name, definition.qualname.partition(".")[0], "*")
            and means(module, file.path, definition.path)
            for bound in (name, "*")
            for module, original in self._imports_of(file.id).get(bound, ())
        )

    def _local_namesake(self, use: ReferenceRow, definitions: Sequence[SymbolRow]) -> bool:
        """Whether the file defines another function of that name itself, at file level."""
        own = {definition.id for definition in definitions}
        return any(
            symbol.qualname == use.name and symbol.id not in own and symbol.kind in _CALLABLE
            for symbol in self.symbols(use.file)
        )

    def _comes_from_elsewhere(self, use: ReferenceRow, definitions: Iterable[SymbolRow]) -> bool:
        """Whether a Python file imports the name from a package that holds none of the definitions."""
        if not use.path.endswith((".py", ".pyi")):
            return False
        name = use.qualifier.partition(".")[0] or use.name
        modules = [module for module, _ in self._imports_of(use.file).get(name, ())]
        tops = {module.partition(".")[0] for module in modules}
        if not modules or "" in tops:
            return False
        return not any(tops & set(definition.path.rsplit(".", 1)[0].split("/")) for definition in definitions)

    def references(self, file: int) -> list[ReferenceRow]:
        if file not in self._references:
            self._references[file] = self.catalog.references_in(file)
        return self._references[file]

    def symbols(self, file: int) -> list[SymbolRow]:
        if file not in self._symbols:
            self._symbols[file] = self.catalog.symbols_in([file])
        return self._symbols[file]

    def _imports_of(self, file: int) -> Bound:
        if file not in self._imports:
            bound: Bound = {}
            for reference in self.references(file):
                if reference.kind == "import":
                    module, _, original = reference.qualifier.partition("#")
                    bound.setdefault(reference.name, []).append((module, original or reference.name))
            self._imports[file] = bound
        return self._imports[file]

    def _file(self, path: str) -> FileRow | None:
        if path not in self._files:
            self._files[path] = self.catalog.file(self.repo, path)
        return self._files[path]

    def _language(self, path: str) -> str:
        file = self._file(path)
        return file.language if file else ""


def _fits(row: SymbolRow, wanted: str) -> bool:
    """Whether a plain or qualified name, with or without its module, means this definition."""
    full = f".{_dotted(row.path)}.{row.qualname.lower()}"
    return full.endswith("." + wanted.lower())


def _dotted(path: str) -> str:
    return path.rsplit(".", 1)[0].replace("/", ".").lower()


def _is_own(use: ReferenceRow, definitions: Iterable[SymbolRow]) -> bool:
    """A recursive call is no caller."""
    return any(
        use.file == definition.file
        and (use.scope == definition.qualname or use.scope.startswith(definition.qualname + "."))
        for definition in definitions
    )


def _joined(module: str, name: str) -> str:
    return module + name if module.endswith(".") else f"{module}.{name}"
