"""How names of JavaScript and TypeScript mean definitions: modules by paths and by settings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from indexer.store.catalog import FileRow, SymbolRow

from .declared import Declared
from .node import Packages, as_json
from .values import UNKNOWN, Definition, Found, Module, Object, Value, outside

_SUFFIXES = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".vue", ".svelte")
_WRITTEN = {".js": (".ts", ".tsx", ".d.ts"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_GETTER = re.compile(r"(?:\w+ )*get [\w#\[]")
_GLOBAL = frozenset(
    """
    Array ArrayBuffer BigInt Boolean Buffer DataView Date Error EvalError Float32Array Float64Array
    Function Infinity Int16Array Int32Array Int8Array Intl JSON Map Math NaN Number Object Promise
    Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError
    URL URLSearchParams Uint16Array Uint32Array Uint8Array WeakMap WeakRef WeakSet console decodeURI
    decodeURIComponent document encodeURI encodeURIComponent escape eval exports global globalThis
    isFinite isNaN module parseFloat parseInt process queueMicrotask require setImmediate
    setInterval setTimeout clearImmediate clearInterval clearTimeout structuredClone undefined
    unescape window fetch Request Response Headers FormData Blob File AbortController AbortSignal
    TextEncoder TextDecoder ReadableStream WritableStream TransformStream describe it test expect
    beforeEach afterEach beforeAll afterAll jest vi suite performance navigator location
    localStorage sessionStorage alert requestAnimationFrame cancelAnimationFrame
    """.split()
)


class Ecma(Declared):
    initializers = ("constructor",)

    def module(self, name: str, importer: FileRow) -> Found:
        folder = posixpath.dirname(importer.path)
        if name.startswith("."):
            place = _joined(folder, name)
            found = self._at(place) or next(filter(None, map(self._at, self._packages.entry(place))), None)
            return found or UNKNOWN
        places = [*self._aliased(name, folder), *self._packages.places(name, folder)]
        for place in places:
            found = self._at(place)
            if found:
                return found
        if places or self._packages.is_ours(name):
            return UNKNOWN  # ours, and built or left out
        return outside(name)

    def bare(self, name: str, file: FileRow, scope: str) -> Found:
        return outside(name) if name in _GLOBAL else UNKNOWN

    def inner_module(self, module: Module, name: str) -> Found:
        """A module of CommonJS is its own default, and one that gives no other is read through it."""
        if not module.files:
            return UNKNOWN
        file = module.files[0]
        if name == "default":
            named = self.facts.binding(file.id, "", "module.exports")
            return UNKNOWN if named or not file.path.endswith((".js", ".cjs")) else Found((module,), True)
        held = self.facts.binding(file.id, "", "default")
        if not held or not file.path.endswith((".js", ".cjs")):
            return UNKNOWN
        return self.follower.once((file.id, f"default.{name}"), lambda: self._of_default(held, name, file))

    def _of_default(self, held: str, name: str, file: FileRow) -> Found:
        values = self.follower.origin(held, file).values
        return self.follower.member(values[0], name) if len(values) == 1 else UNKNOWN

    def call_module(self, module: Module) -> Found:
        held = self.follower.member(module, "default").values
        return self.follower.call(held[0]) if len(held) == 1 and held[0] != module else UNKNOWN

    def is_getter(self, row: SymbolRow) -> bool:
        return _GETTER.match(row.signature) is not None

    def made(self, row: SymbolRow) -> Found:
        """`new Foo()` of a function with methods."""
        capital = row.kind == "function" and row.name[:1].isupper()
        return Found((Object(row),), True) if capital else UNKNOWN

    def stands_alone(self, value: Value) -> bool:
        return not (isinstance(value, Definition) and value.row.kind == "method")

    def _aliased(self, name: str, folder: str) -> Iterator[str]:
        """The places that the nearest tsconfig.json or jsconfig.json maps a name to."""
        for above in _above(folder):
            for config in ("tsconfig.json", "jsconfig.json"):
                path = posixpath.join(above, config)
                if self.facts.file(path):
                    yield from self._mapped(name, path)
                    return

    def _mapped(self, name: str, config: str, depth: int = 0) -> Iterator[str]:
        folder = posixpath.dirname(config)
        read = as_json(self.facts.text(config))
        options = read.get("compilerOptions") or {}
        base, paths = options.get("baseUrl"), options.get("paths")
        root = _joined(folder, base) if isinstance(base, str) else folder
        for pattern, targets in paths.items() if isinstance(paths, dict) else ():
            head, star, tail = pattern.partition("*")
            if name == pattern or (star and name.startswith(head) and name.endswith(tail)):
                middle = name[len(head) : len(name) - len(tail)] if star else ""
                yield from (_joined(root, t.replace("*", middle)) for t in targets if isinstance(t, str))
        if isinstance(base, str):
            yield _joined(root, name)
        extended = read.get("extends")
        if isinstance(extended, str) and extended.startswith(".") and depth < 5 and not paths:
            path = _joined(folder, extended)
            yield from self._mapped(name, path if path.endswith(".json") else f"{path}.json", depth + 1)

    def _at(self, place: str) -> Found | None:
        """The module at a path, with or without its suffix, or the index of a folder."""
        stem, suffix = posixpath.splitext(place)
        names = [place]
        names += [stem + other for other in _WRITTEN.get(suffix, ())]
        names += [place + other for other in _SUFFIXES]
        names += [posixpath.join(place, "index" + other) for other in _SUFFIXES]
        present = self.facts.present(names)
        for name in names:
            if name in present and present[name].kind == "code":
                return Found((Module((present[name],), ""),), True)
        return None

    @property
    def _packages(self) -> Packages:
        if self._known is None:
            self._known = Packages(self.facts)
        return self._known

    _known: Packages | None = None


def _joined(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined == "." else joined


def _above(folder: str) -> Iterator[str]:
    """A folder and those around it, up to the root."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
