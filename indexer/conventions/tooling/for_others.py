"""What the tools of Go, Rust and Java, and what editors are set to -> stated facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .stated import Stated
from .tools import Set, Tools

# Of golangci-lint's linters those that run anyway. https://golangci-lint.run/docs/linters/
GO_STANDARD = frozenset(
    ("errcheck", "govet", "ineffassign", "staticcheck", "unused", "gosimple", "typecheck")
)
_GO_FORMATTERS = frozenset(("gofmt", "gofumpt", "goimports", "gci", "golines", "swaggo"))
_RUST_FORMAT = {"max_width": "tooling.line-length", "tab_spaces": "tooling.indent"}
_EDITOR_SUFFIXES = {
    "python": ("py",),
    "typescript": ("ts", "js"),
    "javascript": ("js",),
    "java": ("java",),
    "go": ("go",),
    "rust": ("rs",),
    "kotlin": ("kt",),
    "csharp": ("cs",),
    "c": ("c",),
    "cpp": ("cpp",),
}
_ANALYSIS = re.compile(r"spotbugs|pmd|error_?prone|nullaway")
_FEW = 20  # one file in twenty; what a repository holds less of is not what it is written in
_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


def go_facts(tools: Tools, folder: str) -> Iterator[Stated]:
    floor = tools.find("go", "go", folder)
    if floor:
        yield Stated("go", "tooling.floor", ".".join(floor.value.split(".")[:2]), floor.place)
    enabled = list(tools.each("golangci", r"enable", folder))
    disabled = {one.value for one in tools.each("golangci", r"disable", folder)}
    linters = [one for one in enabled if one.value not in GO_STANDARD | _GO_FORMATTERS | disabled]
    if linters:
        names = tuple(sorted({one.value for one in linters}))
        yield Stated("go", "tooling.linters", "named", linters[0].place, "golangci-lint", names)
    everything = tools.find("golangci", "default|enable-all", folder)
    if everything and everything.value in ("all", "true"):
        yield Stated("go", "tooling.linters", "all", everything.place, "golangci-lint")
    for one in enabled:
        if one.value in _GO_FORMATTERS - {"gofmt"}:
            yield Stated("go", "tooling.formatter", one.value, one.place, "golangci-lint")


def rust_facts(tools: Tools, folder: str) -> Iterator[Stated]:
    for key in ("rust-version", "edition"):
        found = tools.find("rust", key, folder)
        if found:
            yield Stated("rust", f"tooling.{'floor' if key != 'edition' else key}", found.value, found.place)
    for one in tools.of("rustfmt", folder):
        question = _RUST_FORMAT.get(one.key, f"tooling.rustfmt.{one.key}")
        yield Stated("rust", question, one.value, one.place, "rustfmt")
    lints = [
        one for one in tools.each("clippy", r"clippy\..*", folder) if one.value in ("warn", "deny", "forbid")
    ]
    if lints:
        names = tuple(one.key.split(".")[1] for one in lints)
        yield Stated("rust", "tooling.lints", "named", lints[0].place, "clippy", names)
    for one in tools.each(
        "clippy", r"rust\.(?:unsafe_code|missing_docs|missing_debug_implementations)(?:\.level)?", folder
    ):
        if one.value in ("warn", "deny", "forbid"):
            yield Stated("rust", f"tooling.lint.{one.key.split('.')[1]}", one.value, one.place, "rustc")
    banned = list(tools.each("clippy", r"disallowed-(?:methods|types|macros)(?:\.path)?", folder))
    if banned:
        names = tuple(one.value for one in banned)
        yield Stated("rust", "tooling.disallowed", "named", banned[0].place, "clippy", names)


def java_facts(tools: Tools, folder: str) -> Iterator[Stated]:
    for tool in ("maven", "gradle"):
        floor = tools.find(tool, "java", folder)
        if floor and tools.languages.get("java"):
            yield Stated(
                "java", "tooling.floor", floor.value.replace("_", ".").removeprefix("1."), floor.place
            )
        for one in tools.each(tool, "format", folder):
            yield Stated("java", "tooling.formatter", one.value, one.place, "Spotless")
        for one in tools.each(tool, "plugin", folder):
            if "spotless" in one.value and not list(tools.each(tool, "format", folder)):
                yield Stated("java", "tooling.formatter", "Spotless", one.place, "Spotless")
                break
    for tool in ("maven", "gradle"):
        found = [one for one in tools.each(tool, "plugin|check", folder) if _ANALYSIS.search(one.value)]
        if found:
            names = tuple(sorted({match[0] for one in found if (match := _ANALYSIS.search(one.value))}))
            yield Stated("java", "tooling.analysis", "named", found[0].place, tool, names)
    modules = [
        one
        for one in tools.each("checkstyle", "module", folder)
        if not one.value.endswith(("Checker", "TreeWalker", "Filter", "Holder"))
    ]
    if modules:
        names = tuple(sorted({one.value for one in modules}))
        yield Stated("java", "tooling.checkstyle", "named", modules[0].place, "Checkstyle", names)


def editor_facts(tools: Tools, folder: str) -> Iterator[Stated]:
    """For the languages that the repository is written in."""
    for language, suffixes in _EDITOR_SUFFIXES.items():
        if tools.languages.get(language, 0) * _FEW < sum(tools.languages.values()):
            continue
        for key, question in (("indent_style", "tooling.tabs"), ("indent_size", "tooling.indent")):
            sets = [editor_sets(tools, key, suffix, folder) for suffix in suffixes]
            found = sets[0] if sets.count(sets[0]) == len(sets) else None
            answer = {"tab": "yes", "space": "no"}.get(found.value, found.value) if found else ""
            if found and answer and answer not in ("unset", "tab"):
                yield Stated(language, question, answer, found.place)


def editor_sets(tools: Tools, key: str, suffix: str, folder: str) -> Set | None:
    """What .editorconfig sets for the files of a suffix: the last section that fits them counts."""
    found = None
    for one in tools.of("editorconfig", folder):
        glob, _, name = one.key.rpartition(".")
        if name == key and _fits(glob, suffix):
            found = one
    return found


def _fits(glob: str, suffix: str) -> bool:
    """Whether `*`, `*.py`, `*.{js,ts}` or `{*.yml,*.yaml}` fits the files of a suffix."""
    if glob in ("*", f"*.{suffix}", f"**.{suffix}", f"**/*.{suffix}"):
        return True
    match = _ALTERNATIVES.search(glob)
    if match is None:
        return False
    choices = [choice.strip() for choice in match[1].split(",")]
    return any(_fits(glob[: match.start()] + choice + glob[match.end() :], suffix) for choice in choices)
