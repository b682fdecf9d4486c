"""What a path alone says of its file: about the code, a wrapper, one system's port, an old version.

Such a file is seldom meant; a question that does mean it says so, and then its standing counts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

_ASIDE = re.compile(
    r"(^|/)(tests|spec|specs|__tests__|integration_tests?|examples?|samples?|demos?|tutorials?|docs?"
    r"|benchmarks?|benches|fixtures?|e2e|scripts)/"
    r"|^t/.*\.(sh|t|pl|pm)$"  # as in git and Perl
    r"|(^|/)(test_[^/]*\.(py|rb|c|cc|cpp|zig|lua)|[^/]*[._-](test|tests|spec|bench)\.[^/]+"
    r"|[^/]*Tests?\.(java|kt|cs|swift|scala)|conftest\.py|[^/]*\.ipynb)$",
)
_PUBLIC = re.compile(r"(^|/)include/.*/")  # what a C or C++ library shows, whatever it is called
# A question that wants such files says so; "how does X abort a test" does not.
_ASKS_ASIDE = re.compile(
    r"\b(tests? (for|of|that|which|covering)|(unit|integration|regression|end.to.end) tests?|"
    r"test (suite|file|case|data)s?|examples?|tutorials?|notebooks?|documentation|docs|readme|changelog|"
    r"benchmarks?|scripts?|workflows?|configuration files?|ci|dockerfile)\b",
    re.IGNORECASE,
)
_WRAPPER = re.compile(r"(^|/)(_?compat[^/]*|__init__\.py|[^/]*\.d\.ts|[^/]*\.pyi)(/|$)")
# Systems that code is ported to. Unix, POSIX and Linux are not among them: the port begins there.
_PORT = re.compile(
    r"(?:^|[/_.-])(windows|win(?:32|64)?|cygwin|os390|zos|sunos|solaris|aix|ibmi|haiku|hurd|qnx|darwin|macos|ios"
    r"|(?:free|net|open)bsd|android|wasm|emscripten)(?=[/_.-])",
    re.IGNORECASE,
)
_OUTDATED = re.compile(r"(?:^|[/_.-])(deprecat(?:ed|ions?)|legacy|obsolete|old)(?=[/_.-])", re.IGNORECASE)
_VERSION = re.compile(r"(?:^|.*/)v(?=(\d{1,3})/)")


@lru_cache(maxsize=16_384)
def is_aside(path: str, kind: str) -> bool:
    """Whether a file is about the code rather than the code: tests, examples, docs, settings."""
    path = _PUBLIC.sub(r"\1include/", path)
    return kind != "code" or bool(_ASIDE.search(path)) or _is_in_test_folder(path)


def _is_in_test_folder(path: str) -> bool:
    """Below a folder `test`, or `testing` at the top; but a Python package may ship one to help its users
    test (django/test)."""
    folders = path.split("/")[:-1]
    if folders[:1] == ["testing"]:
        return True
    if "test" not in folders:
        return False
    return not path.endswith(".py") or folders[0] == "test"


def asks_aside(text: str) -> bool:
    """Whether a question wants tests, examples, docs or settings."""
    return bool(_ASKS_ASIDE.search(text))


class Standing(NamedTuple):
    """What a path says whatever is asked: `port` and `old` are the words it says it with, or "";
    `version` is (`src/v`, 3) of `src/v3/types.ts`, else ("", 0)."""

    aside: bool
    wrapper: bool
    port: str
    old: str
    version: tuple[str, int]


@lru_cache(maxsize=16_384)  # the same paths come up again with every search
def standing(path: str, kind: str) -> Standing:
    version = _VERSION.match(path)
    return Standing(
        aside=is_aside(path, kind),
        wrapper=bool(_WRAPPER.search(path)),
        port=_first(_PORT, path),
        old=_first(_OUTDATED, path),
        version=(version[0], int(version[1])) if version else ("", 0),
    )


def _first(pattern: re.Pattern[str], path: str) -> str:
    found = pattern.search(path)
    return found[1].lower() if found else ""


def is_other_port(of: Standing, text: str) -> bool:
    """Whether a file serves one system that the question, in lower case, does not name."""
    return bool(of.port) and of.port not in text


def is_outdated(of: Standing, text: str, newest: Mapping[str, int]) -> bool:
    """Whether a path calls itself old, or a newer version lies beside it, and the question, in lower case,
    names neither."""
    if of.old and of.old[:6] not in text:
        return True
    place, number = of.version
    return number < newest.get(place, 0) and f"v{number}" not in text


def newest_versions(several: Iterable[Standing]) -> dict[str, int]:
    """Where folders v1, v2, … lie side by side: the highest number, by the path before it."""
    newest: dict[str, int] = {}
    for place, number in (of.version for of in several):
        if number > newest.get(place, 0):
            newest[place] = number
    return newest
