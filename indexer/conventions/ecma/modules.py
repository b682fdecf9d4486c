"""Count how a JavaScript or TypeScript file imports and exports."""

from __future__ import annotations

import re
from functools import lru_cache

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally
from .type_imports import has_decorators, only_types


def count_modules(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Exports, imports and the system of modules of a file that is no test."""
    _count_exports(parsed, lines, tally)
    imports = count_imports(parsed, lines, tally)
    _count_system(parsed, lines, bool(imports), tally)


_EXPORT = re.compile(r"export (default\b|const|let|function|async|class|abstract|enum|type \{|\{|\*)")
_FROM = re.compile(r"[^{}]*\}\s*from\b")
_TOOLS_ASK = re.compile(r"\.(?:config|setup|stories|worker)\.|(?:^|/)(?:pages|app|routes)/.*\.[jt]sx$")


def _count_exports(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    code = lines.code
    if "export " not in code:
        return
    asked = _TOOLS_ASK.search(parsed.file.path) is not None
    for match in _EXPORT.finditer(code):
        at = match.start()
        if at and code[at - 1] != "\n":
            continue
        line, what = lines.line(at), match[1]
        if what == "*":
            tally.add("reexport", "star", line)
        elif what.endswith("{"):
            if _FROM.match(code, match.end()):
                tally.add("reexport", "names", line)
            elif _own(code, match.end(), parsed):
                tally.add("export.place", "list", line)
                tally.add("export", "named", line)
        else:
            if not asked:  # where a tool asks for a default, nobody chose it
                tally.add("export", "default" if what == "default" else "named", line)
            if what != "default":
                tally.add("export.place", "inline", line)


def _own(code: str, at: int, parsed: ParsedFile) -> bool:
    """Whether a list of exports names what the file itself defines: not `export {}`, not what it imports."""
    names = {name.split(" as ")[0].strip() for name in code[at : code.find("}", at)].split(",")}
    return any(symbol.name in names for symbol in parsed.symbols if "." not in symbol.qualname)


_IMPORT = re.compile(
    r"import\s+(type\s+(?!from\b))?"
    r"((?:[\w$*]+(?:\s+as\s+[\w$]+)?\s*,?\s*)?(?:\{[^{}]*\}|\*\s+as\s+[\w$]+)?)\s*\bfrom\s*(['\"])"
)
_BUILTIN = frozenset(
    "assert buffer child_process cluster crypto dns events fs http http2 https module net os path "
    "perf_hooks process querystring readline stream string_decoder timers tls tty url util v8 vm "
    "worker_threads zlib".split()
)
_TYPED = frozenset({"typescript", "tsx"})
_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")


def count_imports(parsed: ParsedFile, lines: Lines, tally: Tally) -> int:
    """How each import is written; returns how many there are."""
    code, text = lines.code, lines.text
    if "import" not in code:
        return 0
    count, relative, mixed = 0, 0, 0
    plain = parsed.file.language if parsed.file.language in _TYPED and not has_decorators(code) else ""
    for match in _IMPORT.finditer(code):
        at = match.start()
        if at and code[at - 1] != "\n":
            continue
        end = code.find(match[3], match.end())
        if end < 0:
            continue
        count += 1
        line, module = lines.line(at), text[match.end() : end]
        tally.add("semicolons", "yes" if code[end + 1 : end + 2] == ";" else "no", line)
        tally.add("quotes", "single" if match[3] == "'" else "double", line)
        _count_names(match[1], match[2], module, line, tally)
        if plain and not match[1] and only_types(match[2], code, end, plain == "tsx"):
            tally.add("import.type", "plain", line)
        if module.startswith("."):
            relative = relative or line
        elif relative and not mixed and not match[1] and not module.startswith(("@/", "~", "#")):
            mixed = line
        for question, answer in _specifier(module):
            tally.add(question, answer, line)
    if relative and count > 1:
        tally.add("import.order", "mixed" if mixed else "packages first", mixed or relative)
    return count


_INLINE = re.compile(r"[{,]\s*type\s")


def _count_names(only_types: str | None, names: str, module: str, line: int, tally: Tally) -> None:
    if only_types:
        tally.add("import.type", "statement", line)
    elif "type" in names and _INLINE.search(names):
        tally.add("import.type", "inline", line)
    if module == "react" and not names.startswith("{") and not only_types:
        tally.add("import.react", "namespace" if names.startswith("*") else "default", line)
    bare = module.removeprefix("node:").partition("/")[0]
    if bare in _BUILTIN and not only_types:
        tally.add("import.node", "node:" if module.startswith("node:") else "bare", line)
        form = "names" if names[0] == "{" else "namespace" if names[0] == "*" else "default"
        tally.add("import.builtin", form, line)


@lru_cache(maxsize=4096)  # files of one repository import the same modules
def _specifier(module: str) -> tuple[tuple[str, str], ...]:
    """What is answered by how a module is named."""
    found: list[tuple[str, str]] = []
    if module.startswith(("@/", "~/")):
        found.append(("import.alias", module[:2]))
    elif module.startswith("../"):
        found.append(("import.alias", "relative"))
    if module.startswith("."):
        last = module.rsplit("/", 1)[-1]
        suffix = _SCRIPT.search(last)
        if suffix:
            found.append(("import.suffix", suffix[0]))
        elif "." not in last.strip("."):
            found.append(("import.suffix", "none"))
    return tuple(found)


_REQUIRE = re.compile(r"require\((['\"])")
_EXPORTS = re.compile(r"\n(module\.exports|exports\.\w+) = ")


def _count_system(parsed: ParsedFile, lines: Lines, imports: bool, tally: Tally) -> None:
    code, text = lines.code, lines.text
    required = None if imports else _REQUIRE.search(code)
    if imports:
        tally.add_at("module", "esm", lines, max(0, code.find("import ")))
    elif required:
        tally.add_at("module", "commonjs", lines, required.start())
        _count_commonjs(parsed, lines, tally)
    elif "export " in code and not text.startswith("#!"):
        tally.add_at("module", "esm", lines, code.find("export "))


def _count_commonjs(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    code, text = lines.code, lines.text
    at = text.find("use strict")
    first = at > 0 and not code[: at - 1].strip()
    tally.add("strict", "yes" if first else "no", lines.line(at) if first else 1)
    for match in _REQUIRE.finditer(code):
        end = code.find(match[1], match.end())
        module, line = text[match.end() : end], lines.line(match.start())
        tally.add("quotes", "single" if match[1] == "'" else "double", line)
        bare = module.removeprefix("node:").partition("/")[0]
        if bare in _BUILTIN:
            tally.add("import.node", "node:" if module.startswith("node:") else "bare", line)
        if code[end + 1 : end + 2] == ")" and code[end + 2 : end + 3] in ("\n", ";"):
            tally.add("semicolons", "yes" if code[end + 2] == ";" else "no", line)
    offered = _EXPORTS.search(code)
    if offered:
        answer = "exports" if offered[1].startswith("exports.") else "module.exports"
        tally.add_at("commonjs", answer, lines, offered.start() + 1)
