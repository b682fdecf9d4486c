"""Count how code is written where a language without a counter of its own has alternatives.

Each question is one pattern whose named groups are the answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..types import ParsedFile
from .lines import Lines
from .tally import Tally

_M = re.MULTILINE


def count_other_code(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    questions = QUESTIONS.get(parsed.file.language)
    if not questions:
        return
    for question, (pattern, once) in questions.items():
        for match in pattern.finditer(lines.code):
            if match.lastgroup:
                answer = _ANSWERS.get(match.lastgroup, match.lastgroup)
                tally.add_at(question, answer, lines, match.start(match.lastgroup))
                if once:
                    break


_ANSWERS = {"underscore": "_x", "m_": "m_x", "trailing": "x_", "plain": "x"}
_PRIVATE = r"(?:(?P<underscore>_[a-z]\w*)|(?P<m_>m_?[A-Z]\w*)|(?P<plain>[a-z]\w*))"


def _each(pattern: str) -> tuple[re.Pattern[str], bool]:
    return re.compile(pattern, _M), False


def _once(pattern: str) -> tuple[re.Pattern[str], bool]:
    """A question about the file: its first answer counts."""
    return re.compile(pattern, _M), True


_Questions = Mapping[str, tuple[re.Pattern[str], bool]]

_CPP: _Questions = {
    "header.guard": _once(r"^[ \t]*#(?:(?P<pragma>pragma once)|(?P<guard>ifndef \w+_H(?:PP|XX|H)?_*$))"),
    "null.word": _each(r"\b(?:(?P<nullptr>nullptr)|(?P<NULL>NULL))\b"),
    "alias.word": _each(r"^[ \t]*(?:(?P<using>using) \w+\s*=|(?P<typedef>typedef) )"),
}
_CS_PRIVATE = r"^[ \t]+private (?:readonly )?[A-Za-z][\w<>\[\]?,.]* " + _PRIVATE + r"\s*[;=]"
_CS_CLASS = r"^[ \t]*(?:public|internal) (?:(?P<sealed>sealed )|(?P<open>(?:partial )?))class "
_PHP_CLASS = r"^(?:(?P<final>final )|(?P<open>))(?:readonly )?class \w"

QUESTIONS: Mapping[str, _Questions] = {
    "csharp": {
        "namespace.form": _once(r"^namespace [\w.]+\s*(?:(?P<file>;)|(?P<block>\{))"),
        "local.type": _each(r"^[ \t]{8,}(?:(?P<var>var)|(?P<written>[A-Z][\w<>,.]*)) \w+ = new\b"),
        "field.private": _each(_CS_PRIVATE),
        "class.sealed": _each(_CS_CLASS),
    },
    "kotlin": {
        "import.wildcard": _each(r"^import [\w.]+(?:(?P<yes>\*)|(?P<no>\w$))"),
        "field.private": _each(r"^[ \t]+private (?:lateinit )?va[lr] " + _PRIVATE + r"\b"),
    },
    "scala": {
        "import.wildcard": _each(r"^[ \t]*import [\w.]+(?:(?P<yes>\.[_*]$)|(?P<no>\.\w+$))"),
        "braces": _once(r"^(?:object|class|trait)[^\n]*(?:(?P<braces>\{)|(?P<indent>:))$"),
    },
    "swift": {
        "class.sealed": _each(r"^[ \t]*(?:public |internal )?(?:(?P<sealed>final )|(?P<open>))class [A-Z]"),
        "self.word": _each(r"\bguard let (?:(?P<strong>strongSelf)|(?P<self>`?self`?))\b"),
    },
    "php": {
        "strict.types": _once(r"(?:(?P<yes>^declare\(strict_types=1\))|(?P<no>^(?:namespace|class|use) ))"),
        "array.form": _each(r"(?:(?P<long>\barray\()|(?P<short>(?<=[=(,>] )\[|(?<=\()\[))"),
        "class.sealed": _each(_PHP_CLASS),
    },
    "ruby": {
        "require.form": _each(r"^(?:(?P<relative>require_relative)|(?P<path>require)) "),
        "hash.form": _each(r"(?:(?P<colon>(?<=[{,(] )[a-z_]\w*: )|(?P<rocket>(?<=[{,(] ):[a-z_]\w* => ))"),
        "raise.word": _each(r"^[ \t]+(?:(?P<raise>raise)|(?P<fail>fail)) [A-Z]"),
    },
    "bash": {
        "test.bracket": _each(r"\b(?:if|while|elif) !? ?(?:(?P<double>\[\[)|(?P<single>\[)) "),
        "function.form": _each(r"^(?:(?P<keyword>function) [\w:-]+|(?P<bare>[\w:-]+)[ ]?\(\)[ ]*\{)"),
        "substitution": _each(r"=\s*(?:(?P<dollar>\$\((?!\())|(?P<backtick>`))"),
        "script.strict": _once(r"^[ \t]*(?:(?P<yes>set -[a-z]*e)|(?P<no>\w+ ?\(\)|[A-Z_]+=|if |for ))"),
    },
    "elixir": {
        "alias.form": _each(r"^[ \t]+alias [\w.]+(?:(?P<braces>\.\{)|(?P<lines>\w$))"),
    },
    "haskell": {
        "import.qualified": _each(r"^import (?:(?P<before>qualified [\w.]+)|[\w.]+ (?P<after>qualified))"),
    },
    "lua": {
        "function.form": _each(r"^(?:(?P<local>local function)|(?P<global>function \w+\())"),
    },
    "c": {key: _CPP[key] for key in ("header.guard",)},
    "cpp": _CPP,
}  # fmt: skip
