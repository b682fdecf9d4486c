"""Tools and their settings -> rules of the family `tooling`: certain, so they pass no bar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..rule import Rule
from .commands import command_facts
from .for_ecma import ecma_facts
from .for_more import more_facts
from .for_others import editor_facts, go_facts, java_facts, rust_facts
from .for_python import python_facts
from .stated import Stated, rule_of
from .tools import Tools

_FOLDERS = 5  # that configure themselves; a repository of more packages speaks for each in its own files
_SOURCES = (
    command_facts,
    python_facts,
    ecma_facts,
    go_facts,
    rust_facts,
    java_facts,
    editor_facts,
    more_facts,
)


def tooling_rules(tools: Tools, counted: Iterable[Rule] = ()) -> list[Rule]:
    """Of two tools that set one thing in one folder, the first listed speaks.

    What a rule of `counted` says as well is left to that one: it knows how much of the code follows.
    """
    said = {
        (rule.language, rule.question, rule.answer) for rule in counted if rule.enforced_by and not rule.scope
    }
    found: dict[tuple[str, str, str, str], Rule] = {}
    folders = sorted({folder for by_folder in tools.by_folder.values() for folder in by_folder})
    for folder in folders[: _FOLDERS + 1]:
        for stated in _own(tools, folder):
            rule = rule_of(stated, folder)
            if rule and (rule.language, *_twin(rule)) not in said:
                several = rule.answer if rule.question in _SEVERAL else ""
                found.setdefault((folder, rule.language, rule.question, several), rule)
    return sorted(found.values(), key=lambda rule: rule.key)


# The question that the code itself answers, with the same answers or with others.
_SAME = {
    "tooling.semicolons": "semicolons",
    "tooling.quotes": "quotes",
    "tooling.indent": "indent",
    "tooling.docstrings": "doc.style",
}
_EVER = {  # whether it is a warning or an error
    "tooling.lint.unsafe_code": ("unsafe.used", "no"),
    "tooling.lint.missing_docs": ("doc.type", "yes"),
    "tooling.lint.missing_debug_implementations": ("derive.debug", "yes"),
}
_OTHER = {
    ("tooling.tabs", "yes"): ("indent", "tab"),
    ("tooling.imports", "one per line"): ("import.names", "apart"),
    ("tooling.relative-imports", "all"): ("import.form", "absolute"),
    ("tooling.required-import", "from __future__ import annotations"): ("future.annotations", "yes"),
    ("tooling.types", "verbatimModuleSyntax"): ("import.type", "statement"),
}


def _twin(rule: Rule) -> tuple[str, str]:
    known = _OTHER.get((rule.question, rule.answer)) or _EVER.get(rule.question)
    return known or (_SAME.get(rule.question, ""), rule.answer)


_SEVERAL = frozenset(("tooling.types", "tooling.formatter", "tooling.required-import"))  # may be said twice


def _own(tools: Tools, folder: str) -> Iterator[Stated]:
    """What is set in this very folder, of a language that the repository is written in."""
    for facts in _SOURCES:
        for stated in facts(tools, folder):
            if not tools.languages.get(stated.language):
                continue
            if any(
                one.place == stated.place
                for known in tools.by_folder.values()
                for one in known.get(folder, ())
            ):
                yield stated
