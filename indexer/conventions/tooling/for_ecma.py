"""What the tools of JavaScript and TypeScript are set to -> stated facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .for_others import editor_sets
from .stated import Stated
from .tools import Tools

_STRICT = (
    "strict",
    "noUncheckedIndexedAccess",
    "exactOptionalPropertyTypes",
    "verbatimModuleSyntax",
    "noImplicitReturns",
    "noPropertyAccessFromIndexSignature",
    "erasableSyntaxOnly",
    "isolatedDeclarations",
)
_YES_NO = {"true": "yes", "false": "no", "always": "yes", "asNeeded": "no"}
_VERSION = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")


def ecma_facts(tools: Tools, folder: str) -> Iterator[Stated]:
    language = ecma_language(tools)
    if tools.of("prettier", folder):
        yield from _prettier(tools, folder, language)
    elif tools.of("biome", folder):
        yield from _biome(tools, folder, language)
    rules = [
        one for one in tools.each("eslint", r"rules\..*", folder) if one.value.split()[0] in ("error", "2")
    ]
    if rules:
        names = tuple(dict.fromkeys(one.key.rpartition("/")[2].removeprefix("rules.") for one in rules))
        yield Stated(language, "tooling.eslint", "named", rules[0].place, "ESLint", names)
    if language == "typescript":
        for key in _STRICT:
            found = tools.find("tsconfig", key, folder)
            if found and (found.value == "true" or key == "strict"):
                answer = key if found.value == "true" else f"not {key}"
                by = "tsc" if found.value == "true" else ""
                yield Stated(language, "tooling.types", answer, found.place, by)
    for news in tools.of("changeset", folder)[:1]:
        yield Stated(language, "tooling.news", ".changeset/", news.place)
    node = tools.find("node", "", folder)
    if node and (versions := [float(found) for found in _VERSION.findall(node.value)]):
        yield Stated(language, "tooling.floor", f"{min(versions):g}", node.place)
    manager = tools.find("npm", "packageManager", folder)
    if manager:
        yield Stated(language, "tooling.packages", manager.value.partition("@")[0], manager.place)


def ecma_language(tools: Tools) -> str:
    """The one that more files are in."""
    counts = tools.languages
    return "javascript" if counts.get("javascript", 0) > counts.get("typescript", 0) else "typescript"


def _prettier(tools: Tools, folder: str, language: str) -> Iterator[Stated]:
    first = tools.of("prettier", folder)[0]
    yield Stated(language, "tooling.formatter", "Prettier", first.place, "Prettier")
    for key, question, answers in (
        ("semi", "tooling.semicolons", _YES_NO),
        ("singleQuote", "tooling.quotes", {"true": "single", "false": "double"}),
        ("printWidth", "tooling.line-length", {}),
        ("tabWidth", "tooling.indent", {}),
        ("useTabs", "tooling.tabs", {"true": "yes"}),
    ):
        found = tools.find("prettier", key, folder)
        answer = (answers.get(found.value, "") if answers else found.value) if found else ""
        if found and answer:
            yield Stated(language, question, answer, found.place, "Prettier")
    if not tools.find("prettier", "printWidth", folder):
        width = editor_sets(tools, "max_line_length", "ts", folder)
        answer, place = (width.value, width.place) if width else ("80", first.place)
        yield Stated(language, "tooling.line-length", answer, place, "Prettier")


def _biome(tools: Tools, folder: str, language: str) -> Iterator[Stated]:
    off = tools.find("biome", r"formatter\.enabled", folder)
    if off and off.value == "false":
        return
    yield Stated(language, "tooling.formatter", "Biome", tools.of("biome", folder)[0].place, "Biome")
    for key, question, answers in (
        (r"javascript\.formatter\.semicolons", "tooling.semicolons", _YES_NO),
        (r"javascript\.formatter\.quoteStyle", "tooling.quotes", {"single": "single", "double": "double"}),
        (r"(?:javascript\.)?formatter\.lineWidth", "tooling.line-length", {}),
        (r"(?:javascript\.)?formatter\.indentWidth", "tooling.indent", {}),
    ):
        found = tools.find("biome", key, folder)
        answer = (answers.get(found.value, "") if answers else found.value) if found else ""
        if found and answer:
            yield Stated(language, question, answer, found.place, "Biome")
