"""A line of an ignore file -> a regular expression that fits what git's wildmatch fits.

Source: gitignore(5), and wildmatch.c and dir.c of git where the page is silent. A pattern comes from
a repository nobody vouches for, so no pattern may take exponential time: what stands between two
stars is found at its first place and held there (an atomic group), which loses no match because the
next star can stretch over the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """`regex` without groups, for the name of an entry (`by_name`) or else for its path."""

    regex: str
    by_name: bool
    folders_only: bool
    keeps: bool


def parse(line: str) -> Pattern | None:
    """The pattern in `line`; None if it holds none or one that fits nothing."""
    keeps = line.startswith("!")
    line = line.removeprefix("!")
    folders_only = line.endswith("/")
    line = line.removesuffix("/")
    by_name = "/" not in line
    plain = _plain_length(line)
    if not by_name and line.startswith("/"):
        line, plain = line[1:], max(plain - 1, 0)
    if not line:
        return None
    if by_name and line[0] == "*" and _plain_length(line[1:]) == len(line) - 1:
        rest = "[^/]*" + re.escape(line[1:])  # compared as an ending, so nothing in it is special
    else:
        try:
            # git compares the part before the first special character by itself, so that a "**"
            # right behind it stands at the beginning of what is left: "a**/b" is "a" and "**/b"
            rest = re.escape(line[:plain]) + _regex(_tokens(line[plain:], paths=not by_name))
        except _FitsNothing:
            return None
    return Pattern(rest, by_name, folders_only, keeps)


class _FitsNothing(Exception):
    """An unclosed bracket, an unknown class of characters, a backslash with nothing behind it."""


_STAR = "[^/]*"  # within a name
_FOLDERS = "(?:[^/]*/)*"  # "**/": any folders, or none
_ANYTHING = ".*"  # "**" at the end, or before an escaped slash

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"\x21-\x7e",
    "lower": "a-z",
    "print": r"\x20-\x7e",
    "punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    "space": r" \t\n\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def _plain_length(text: str) -> int:
    special = re.search(r"[*?\[\\]", text)
    return special.start() if special else len(text)


def _tokens(pattern: str, paths: bool) -> list[str]:
    """Regular expressions for one character each, and the three stars above."""
    tokens: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "*":
            end = at
            while end < len(pattern) and pattern[end] == "*":
                end += 1
            alone = at == 0 or pattern[at - 1] == "/"
            if paths and end - at > 1 and alone and pattern[end : end + 1] in ("", "/"):
                at = end + 1
                tokens.append(_FOLDERS if end < len(pattern) else _ANYTHING)
            elif paths and end - at > 1 and alone and pattern.startswith("\\/", end):
                at = end
                tokens.append(_ANYTHING)
            else:
                at = end
                tokens.append(_STAR)
        elif character == "?":
            tokens.append("[^/]")
            at += 1
        elif character == "[":
            token, at = _bracket(pattern, at + 1)
            tokens.append(token)
        else:
            at += character == "\\"
            if at == len(pattern):
                raise _FitsNothing
            tokens.append(re.escape(pattern[at]))
            at += 1
    return tokens


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    """The expression for a bracket whose content begins at `at`, and where the rest goes on.

    A hyphen right after a range or a class is itself; so is the first "]".
    """
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    parts: list[str] = []
    previous = ""
    first = True
    while first or _peek(pattern, at) != "]":
        first = False
        character = _peek(pattern, at)
        following = pattern[at + 1 : at + 2]
        if character == "\\":
            at += 1
            previous = _peek(pattern, at)
            parts.append(re.escape(previous))
        elif character == "-" and previous and following and following != "]":
            at += 2 if following == "\\" else 1
            if previous <= _peek(pattern, at):
                parts.append(f"{re.escape(previous)}-{re.escape(pattern[at])}")
            previous = ""
        elif character == "[" and following == ":" and (end := _class_end(pattern, at + 2)):
            name = pattern[at + 2 : end - 1]
            if name not in _CLASSES:
                raise _FitsNothing
            parts.append(_CLASSES[name])
            previous, at = "", end
        else:
            previous = character
            parts.append(re.escape(character))
        at += 1
    if negated:
        return f"[^/{''.join(parts)}]", at + 1
    return (f"(?!/)[{''.join(parts)}]" if parts else "(?!)"), at + 1


def _peek(pattern: str, at: int) -> str:
    if at >= len(pattern):
        raise _FitsNothing
    return pattern[at]


def _class_end(pattern: str, at: int) -> int:
    """Where the "]" of "[:name:]" stands whose name begins at `at`; 0 if this is no class."""
    end = pattern.find("]", at)
    if end < 0:
        raise _FitsNothing
    return end if end > at and pattern[end - 1] == ":" else 0


def _regex(tokens: list[str]) -> str:
    """The tokens in a row. A star and what follows it up to the next star are one atomic group, and so
    are a "**" and what follows it, names with stars in them included, up to the next "**"."""
    text: list[str] = []
    groups: list[tuple[str, list[str]]] = [("", text)]
    for token in tokens:
        if token in (_STAR, _FOLDERS, _ANYTHING):
            text = []
            groups.append((token, text))
        else:
            text.append(token)
    regex = held = ""  # held: from the last "**" on
    for number, (star, text) in enumerate(groups):
        part = (star and star + "?") + "".join(text)
        if star == _STAR and number < len(groups) - 1:
            part = f"(?>{part})"
        elif star != _STAR:
            regex += held and f"(?>{held})"
            held = ""
        held += part
    return regex + held
