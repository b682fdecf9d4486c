"""Count how a Rust file imports, makes strings, formats, explains `unsafe` and names its modules."""

from __future__ import annotations

import re
from collections import Counter

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally


def count_structure(parsed: ParsedFile, lines: Lines, end: int, tally: Tally) -> None:
    """Of the code before `end`, where the file's tests begin."""
    _count_uses(lines, end, tally)
    _count_strings(lines, end, tally)
    _count_unsafe(lines, end, tally)
    _count_control(lines, end, tally)
    _count_modules(parsed, lines, end, tally)
    _count_crates(parsed, tally)


_USE = re.compile(r"use ((?:\w+::)*)(\{|\w+|\*)")
_PUBLIC = re.compile(r"(?:pub(?:\([^)\n]*\))? )?")
_CORE = ("std::", "core::", "alloc::")
_OWN = ("crate::", "super::", "self::")


def _count_uses(lines: Lines, end: int, tally: Tally) -> None:
    code = lines.code
    groups: dict[str, set[int]] = {"std": set(), "own": set(), "foreign": set()}
    parents: Counter[str] = Counter()
    group = last = first = 0
    for match in _USE.finditer(code, 0, end):
        path, what = match[1], match[2]
        if not _PUBLIC.fullmatch(code, code.rfind("\n", 0, match.start()) + 1, match.start()):
            continue
        at = lines.line(match.start())
        close = code.find(";", match.end())
        group += at - last > 1
        last = at + code.count("\n", match.start(), close) if close > 0 else at
        first = first or at
        kind = "std" if path.startswith(_CORE) else "own" if path.startswith(_OWN) else "foreign"
        groups[kind].add(group)
        if path.startswith(("crate::", "super::")):
            tally.add("import.own", path[:5], at)
        if what == "{":
            tally.add("import.merge", "braces", at)
        elif path and what != "*":
            parents[path] += 1
            if parents[path] > 1:
                tally.add("import.merge", "lines", at)
    if groups["std"] and groups["foreign"] | groups["own"]:
        mixed = groups["std"] & (groups["foreign"] | groups["own"])
        tally.add("import.groups", "together" if mixed else "apart", first)
    if groups["own"] and groups["foreign"]:
        mixed = groups["own"] & groups["foreign"]
        tally.add("import.owngroup", "together" if mixed else "apart", first)


_OWNED = re.compile(r'" *"\.(to_string|to_owned|into)\(\)|String::(from)\("')
_LINE = 400  # characters; what stands further on is no neighbour
_MACROS = "format println print write writeln panic info warn error debug trace".split()
_FORMAT = re.compile(r"!\((?:" + "|".join(rf"(?<={name}!\()" for name in _MACROS) + ")")
_INLINE = re.compile(r"\{[a-z_]\w*(?::[^}]*)?\}")
_NAMES = re.compile(r'[^"]*"[^"]*"((?:, *[a-z_]\w*)+),? *\)')


def _count_strings(lines: Lines, end: int, tally: Tally) -> None:
    code = lines.code
    for match in _OWNED.finditer(code, 0, end):
        tally.add_at("string.owned", match[1] or "String::from", lines, match.start())
    if "!(" not in code:
        return
    for match in _FORMAT.finditer(code, 0, end):
        end_of_line = code.find("\n", match.end(), match.end() + _LINE)
        row = code[match.end() : end_of_line if end_of_line > 0 else match.end() + _LINE]
        quote = row.find('"')
        close = row.find('"', quote + 1)
        if quote < 0 or close < 0:
            continue
        start = match.end() + quote
        if _INLINE.search(lines.text, start, match.end() + close):
            tally.add_at("format.names", "inline", lines, match.start())
        elif _NAMES.match(row) and "{}" in lines.text[start : match.end() + close]:
            tally.add_at("format.names", "apart", lines, match.start())


_UNSAFE = re.compile(r"unsafe \{")
_WHY = re.compile(r"safety|sound", re.IGNORECASE)


def _count_unsafe(lines: Lines, end: int, tally: Tally) -> None:
    used = _UNSAFE.search(lines.code, 0, end) if "unsafe" in lines.text else None
    tally.add("unsafe.used", "yes" if used else "no", lines.line(used.start()) if used else 1)
    if not used:
        return
    rows = lines.text.split("\n")
    for match in _UNSAFE.finditer(lines.code, 0, end):
        line = lines.line(match.start())
        said = _WHY.search(" ".join(row[:_LINE] for row in _remarks(rows, line)))
        tally.add("unsafe.reason", "yes" if said else "no", line)


def _remarks(rows: list[str], line: int) -> list[str]:
    """What is said on a line, at the beginning of its block, and above the statement it is part of."""
    found = rows[line - 1 : line + 1]
    at = line - 2
    if at >= 0 and rows[at].strip() and not rows[at].lstrip().startswith("//"):
        at -= 1  # the statement may begin a line earlier
    while at >= 0 and rows[at].lstrip().startswith("//"):
        found.append(rows[at])
        at -= 1
    return found


_LOOP = re.compile(r"for(?:_each\(| [\w(&])")
_ELSE = re.compile(r"else \{")
_MATCH = re.compile(r"= match [^{\n]{1,200}\{\s*+(?:Some|Ok)\((\w+)\) => \1,")
_ALLOWED = re.compile(r"#!?\[(allow|expect)\(")


def _count_control(lines: Lines, end: int, tally: Tally) -> None:
    code = lines.code
    for match in _LOOP.finditer(code, 0, end):
        start = max(0, match.start() - _LINE)
        before = code[max(start, code.rfind("\n", start, match.start()) + 1) : match.start()]
        if match[0][3] == "_":
            if before.endswith("."):
                tally.add_at("loop.word", "for_each", lines, match.start())
        elif not before.strip() or before.endswith(": "):
            tally.add_at("loop.word", "for", lines, match.start())
    for match in _ELSE.finditer(code, 0, end):
        if code[max(0, match.start() - 200) : match.start()].rstrip()[-1:] not in ("}", ""):
            tally.add_at("let.else", "else", lines, match.start())
    for match in _MATCH.finditer(code, 0, end):
        tally.add_at("let.else", "match", lines, match.start())
    for match in _ALLOWED.finditer(code, 0, end):
        tally.add_at("lint.word", match[1], lines, match.start())


_CHILD = re.compile(r"^(?:pub(?:\([^)\n]*\))? )?mod \w+;", re.MULTILINE)


def _count_modules(parsed: ParsedFile, lines: Lines, end: int, tally: Tally) -> None:
    name = parsed.file.path.rsplit("/", 1)[-1]
    if name in ("lib.rs", "main.rs", "build.rs") or "/bin/" in parsed.file.path:
        return
    if "mod " in lines.text and (child := _CHILD.search(lines.code, 0, end)):
        form = "mod.rs" if name == "mod.rs" else "named"
        tally.add_at("module.file", form, lines, child.start())


_CRATES = {
    "tracing": ("logging", "tracing"), "log": ("logging", "log"), "slog": ("logging", "slog"),
    "tokio": ("async", "tokio"), "async_std": ("async", "async-std"), "smol": ("async", "smol"),
    "clap": ("cli", "clap"), "structopt": ("cli", "structopt"), "argh": ("cli", "argh"),
    "reqwest": ("http", "reqwest"), "ureq": ("http", "ureq"), "hyper": ("http", "hyper"),
    "chrono": ("dates", "chrono"), "time": ("dates", "time"), "jiff": ("dates", "jiff"),
    "sqlx": ("database", "sqlx"), "diesel": ("database", "diesel"), "rusqlite": ("database", "rusqlite"),
    "axum": ("web", "axum"), "actix_web": ("web", "actix-web"), "rocket": ("web", "rocket"),
}  # fmt: skip


def _count_crates(parsed: ParsedFile, tally: Tally) -> None:
    seen: set[str] = set()
    for reference in parsed.references:
        crate = (reference.qualifier.partition("#")[0] or reference.name).partition(".")[0]
        job = _CRATES.get(crate)
        called = reference.qualifier and crate in ("tracing", "log", "tokio")  # by their full path
        if job and crate not in seen and (reference.kind == "import" or called):
            seen.add(crate)
            tally.add(f"uses.{job[0]}", job[1], reference.line)
