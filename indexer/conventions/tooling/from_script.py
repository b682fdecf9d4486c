"""A text of JavaScript that configures a tool -> what can be read of it without running it.

ESLint's rules with their level, the sets they start from, and the plain options of Prettier.
"""

from __future__ import annotations

import re

from ..lines import Lines
from .setting import Setting

_COMMENTS = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`)|//[^\n]*|/\*(?:[\s\S]*?\*/|[\s\S]*)"""
)
_RULE = re.compile(
    r"""(?:(["'])(?P<quoted>[@\w/-]+)\1|(?P<bare>\b[a-z][a-z0-9]*\b))\s*:\s*"""
    r"""(?P<more>\[\s*)?(?:["'](?P<level>error|warn|off)["']|(?P<number>[012])(?=\s*[,\]}\n]))"""
    r"""(?(more)(?:\s*,\s*(?:["']|\{\s*["']?(?=allowEmptyCatch["']?\s*:\s*true))(?P<option>[\w-]+))?)"""
)
_SET = re.compile(r"""(?P<from>[\w$]+)\.configs(?:\.|\[\s*["'])(?P<set>[\w/-]+)""")
_EXTENDS = re.compile(r"""\bextends\s*:\s*(?:\[([^\]]{0,4000})\]|(["'][^"'\n]+["']))""")
_STRING = re.compile(r"""["']([^"'\n]+)["']""")
_OPTION = re.compile(
    r"""\b(?P<name>semi|singleQuote|printWidth|tabWidth|useTabs|trailingComma|arrowParens)["']?\s*:\s*"""
    r"""["']?(?P<value>\w+)"""
)
_LEVELS = {"0": "off", "1": "warn", "2": "error"}


def settings_of_eslint(text: str) -> list[Setting]:
    """`rules`, a rule at a time, with its level and first option; `extends`, a set at a time."""
    plain = _without_comments(text)
    lines = Lines(plain)
    found: list[Setting] = []
    for match in _RULE.finditer(plain):
        name, level = match["quoted"] or match["bare"], match["level"] or _LEVELS[match["number"]]
        said = f"{level} {match['option']}" if match["option"] else level
        found.append(Setting(("rules", name), said, lines.line(match.start())))
    for match in _SET.finditer(plain):
        found.append(Setting(("extends",), f"{match['from']}/{match['set']}", lines.line(match.start())))
    for match in _EXTENDS.finditer(plain):
        line = lines.line(match.start())
        found += [Setting(("extends",), name, line) for name in _STRING.findall(match[1] or match[2])]
    return found


def settings_of_prettier(text: str) -> list[Setting]:
    plain = _without_comments(text)
    lines = Lines(plain)
    return [
        Setting((match["name"],), match["value"], lines.line(match.start()))
        for match in _OPTION.finditer(plain)
    ]


def _without_comments(text: str) -> str:
    return _COMMENTS.sub(lambda match: match[1] or re.sub(r"[^\n]", " ", match[0]), text)
