"""Count which of two ways a Python file goes where Python and its library have two."""

from __future__ import annotations

import re

from ...types import Reference
from ..tally import Tally
from .source import Source


def count_standard(source: Source, tally: Tally) -> None:
    """Files and paths, processes, time, the environment, warnings, tasks."""
    _count_files(source, tally)
    _count_options(source, tally)
    _count_time(source, tally)
    _count_environment(source, tally)
    _count_warnings(source, tally)
    _count_tasks(source, tally)
    _count_super(source, tally)


_PATHS = ("join", "exists", "isfile", "isdir", "dirname", "basename", "abspath", "splitext", "expanduser")
_WHOLE = ("read_text", "write_text")
_BINARY = re.compile(r"[\"'](?:[rwxa]\+?b\+?|b[rwxa]|[rwxa]b?\+b)[\"']")


def _count_files(source: Source, tally: Tally) -> None:
    for name in _PATHS:
        for call in source.calls.get(name, ()):
            if call.qualifier in ("os.path", "osp", "op", "path") and (
                "os.path" in call.target or call.qualifier == "os.path"
            ):
                tally.add("uses.paths", "os.path", call.line)
    for call in source.calls.get("Path", ()):
        if call.qualifier in ("", "pathlib"):
            tally.add("uses.paths", "pathlib", call.line)
    for call in source.calls.get("open", ()):
        if call.qualifier in ("", "io", "codecs") or call.qualifier.endswith(("path", "file")):
            _count_encoding(source, call, tally)
    for name in _WHOLE:
        for call in source.calls.get(name, ()):
            _count_encoding(source, call, tally)


def _count_encoding(source: Source, call: Reference, tally: Tally) -> None:
    opening = source.opening(call)
    if opening < 0:
        return
    handed = source.text[opening : source.closing(opening)]
    if "**" in handed or "*args" in handed or _BINARY.search(handed):
        return
    if call.name == "open" and re.search(r"mode\b(?!=[\"'])", handed):
        return  # may be binary
    tally.add("encoding", "yes" if "encoding" in handed or "utf" in handed else "no", call.line)


def _count_options(source: Source, tally: Tally) -> None:
    """Options of which it is a habit to say them."""
    for call in source.calls.get("run", ()):
        if call.qualifier == "subprocess":
            handed = source.handed(call) or ""
            tally.add("subprocess.check", "yes" if "check=" in handed else "no", call.line)
    for call in source.calls.get("zip", ()):
        handed = source.handed(call) or ""
        if not call.qualifier and handed.count(",") and "*" not in handed:
            tally.add("zip.strict", "yes" if "strict=" in handed else "no", call.line)
    for call in source.calls.get("lru_cache", ()):
        handed = (source.handed(call) or "").strip()
        if not handed or "None" in handed:
            tally.add("cache", "lru_cache", call.line)
    for call in source.calls.get("cache", ()):
        if call.qualifier in ("", "functools") and "functools" in call.target + call.qualifier:
            tally.add("cache", "cache", call.line)


def _count_time(source: Source, tally: Tally) -> None:
    for call in source.calls.get("utcnow", ()):
        tally.add("now", "utcnow", call.line)
    for name in ("now", "fromtimestamp"):
        for call in source.calls.get(name, ()):
            if "datetime" in call.qualifier or call.qualifier == "dt":
                handed = source.handed(call) or ""
                aware = "," in handed or "tz=" in handed or (name == "now" and handed.strip())
                tally.add("now", "aware" if aware else "naive", call.line)
    for pattern in _UTC:
        for match in pattern.finditer(source.code):
            line = source.lines.line(match.start())
            if "import" not in source.row(line):
                tally.add("utc", match[0], line)


_UTC = tuple(re.compile(rf"{word}\b(?<!\w{word})") for word in (r"timezone\.utc", "UTC"))
_ENVIRON = re.compile(r"os\.(?<!\wos\.)(?:environ(?:\.get\(|\[)|(getenv)\()")


def _count_environment(source: Source, tally: Tally) -> None:
    for match in _ENVIRON.finditer(source.code):
        tally.add_at("environment", "getenv" if match[1] else "environ", source.lines, match.start())


_CATEGORY = re.compile(r"\b(?:category=)?([A-Z]\w*Warning)\b")


def _count_warnings(source: Source, tally: Tally) -> None:
    for call in source.calls.get("warn", ()):
        if call.qualifier != "warnings" and "warnings" not in call.target:
            continue
        handed = source.handed(call) or ""
        tally.add("warning.stacklevel", "yes" if "stacklevel" in handed else "no", call.line)
        category = _CATEGORY.search(handed)
        if category and "Deprecat" in category[1]:
            tally.add("warning.deprecation", category[1], call.line)


def _count_tasks(source: Source, tally: Tally) -> None:
    for name in ("create_task", "ensure_future"):
        for call in source.calls.get(name, ()):
            group = name == "create_task" and "asyncio" not in call.qualifier and "loop" not in call.qualifier
            form = "TaskGroup" if group else f"asyncio.{name}"
            if group and not re.search(r"\b(?:tg|group|task_group|tasks)\b", call.qualifier):
                continue
            tally.add("task", form, call.line)
    for name in ("get_event_loop", "get_running_loop"):
        for call in source.calls.get(name, ()):
            if call.qualifier == "asyncio":
                tally.add("loop", name, call.line)


def _count_super(source: Source, tally: Tally) -> None:
    for call in source.calls.get("super", ()):
        handed = source.handed(call)
        if handed is not None:
            tally.add("super", "named" if handed.strip() else "bare", call.line)


_MADE = re.compile(r"(?:^|\n)(_?)(\w+)\s*(?::[^=\n]+)?= (?:\w+\.)?TypeVar\(")


def count_names(source: Source, tally: Tally) -> None:
    """Type variables, modules, twins of async functions."""
    if "TypeVar(" in source.code:
        for match in _MADE.finditer(source.code):
            line = source.lines.line(match.start(2))
            tally.add("typevar.private", "yes" if match[1] else "no", line)
    name = source.path.rsplit("/", 1)[-1]
    if "/" in source.path and not name.startswith("__"):
        tally.add("module.private", "yes" if name.startswith("_") else "no", 1)
    _count_members(source, tally)
    _count_twins(source, tally)


def _count_members(source: Source, tally: Tally) -> None:
    """How the members of an enum are written."""
    enums = {base.scope for base in source.bases if base.name in _ENUMS}
    if not enums:
        return
    for symbol in source.classes:
        if symbol.qualname not in enums:
            continue
        for line in range(source.head(symbol) + 1, symbol.span.end + 1):
            match = _MEMBER.match(source.row(line))
            if match and not match[1].startswith("_"):
                form = "upper" if match[1].isupper() else "lower" if match[1].islower() else "pascal"
                tally.add("enum.member", form, line)


_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})
_MEMBER = re.compile(r"    ([A-Za-z]\w*) = ")


def _count_twins(source: Source, tally: Tally) -> None:
    """What the async variant of a function beside it is called."""
    names = {symbol.qualname: symbol for symbol in source.functions}
    for symbol in source.functions:
        if not symbol.signature.startswith("async "):
            continue
        owner, _, name = symbol.qualname.rpartition(".")
        owner = f"{owner}." if owner else ""
        for form, bare in (
            ("a...", name[1:] if name[:1] == "a" else ""),
            ("async_...", name.removeprefix("async_") if name.startswith("async_") else ""),
            ("..._async", name.removesuffix("_async") if name.endswith("_async") else ""),
        ):
            if bare and owner + bare in names:
                tally.add("async.twin", form, source.head(symbol))
