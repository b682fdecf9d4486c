"""A text of INI, as `configparser`, git or an editor reads it -> its settings, one per line of a value."""

from __future__ import annotations

import re

from .setting import LONGEST, Setting

_SECTION = re.compile(r"\[(.+)\]\s*$")
_PAIR = re.compile(r"([^\s=:#;\[][^=:]*?)\s*[=:]\s*(.*)$")
_COMMENT = re.compile(r"(?:^|\s)[#;].*$")


def settings_of_ini(text: str) -> list[Setting]:
    """Keys are (section, name); what stands above the first section has the section ""."""
    found: list[Setting] = []
    section, name = "", ""
    for number, raw in enumerate(text.split("\n"), 1):
        line = _COMMENT.sub("", raw).rstrip()
        if not line or len(line) > LONGEST:
            continue
        if raw[0].isspace() and name:  # the value goes on
            found.append(Setting((section, name), line.strip(), number))
        elif match := _SECTION.match(line):
            section, name = match[1].strip(), ""
        elif match := _PAIR.match(line):
            name = match[1]
            if match[2]:
                found.append(Setting((section, name), match[2], number))
    return found
