"""Match a use with definitions by what the text says, where the names of a language are not followed.

A use is proven by a definition of the same file, by a name imported from the defining file (directly or
exported again by its package), or by a call on `self` inside the same class. Everything else agrees by
name only.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.store.catalog import FileRow, ReferenceRow, SymbolRow

from .facts import Facts
from .modules import means, packages_above

_SELVES = frozenset({"self", "this", "cls", "Self", "@", "super()", "super"})
_IMPLICIT_SELF = frozenset({"java", "kotlin", "scala", "csharp", "cpp", "swift", "ruby"})
_FOLDER_SCOPE = frozenset({"go", "java", "kotlin", "scala", "csharp"})  # a package is a folder
CALLABLE = frozenset({"function", "method", "class", "struct", "macro", "interface", "trait", "enum"})

Bound = dict[str, list[tuple[str, str]]]  # bound name -> (module, original name)


class Matching:
    """Matches uses of one generation."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._imports: dict[int, Bound] = {}

    def proof(self, use: ReferenceRow, definitions: Sequence[SymbolRow]) -> bool | None:
        """True: a use of one of them. None: of something else. False: the names agree."""
        if any(self._proves(use, definition) for definition in definitions):
            return True
        if not use.qualifier and self._local_namesake(use, definitions):
            return None
        return False

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
                file = self._facts.file(package)
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
            symbol.qualname == use.name and symbol.id not in own and symbol.kind in CALLABLE
            for symbol in self._facts.symbols(use.file)
        )

    def _imports_of(self, file: int) -> Bound:
        if file not in self._imports:
            bound: Bound = {}
            for reference in self._facts.references(file):
                if reference.kind == "import":
                    module, _, original = reference.qualifier.partition("#")
                    bound.setdefault(reference.name, []).append((module, original or reference.name))
            self._imports[file] = bound
        return self._imports[file]

    def _language(self, path: str) -> str:
        file = self._facts.file(path)
        return file.language if file else ""


def _joined(module: str, name: str) -> str:
    return module + name if module.endswith(".") else f"{module}.{name}"
