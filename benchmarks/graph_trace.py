"""A pytest plugin: which function of a repository calls which, on which line, while its tests run.

    CAIRN_TRACE_ROOT=TREE CAIRN_TRACE_OUT=FILE python -m pytest -p benchmarks.graph_trace TREE/tests

Writes JSON: `edges` of [caller's path, line, caller, callee's path, first line, callee], and `lines`, those
that ran, by path. A caller outside of the tree makes no edge. Generators and coroutines make none
either: their bodies begin to run where somebody asks for a value, not where they are called.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

_LATE = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_ROOT = os.path.realpath(os.environ.get("CAIRN_TRACE_ROOT", "/nowhere")) + os.sep

_edges: dict[tuple[CodeType, int, CodeType], int] = {}
_lines: dict[CodeType, set[int]] = {}
_ours: dict[str, str] = {}  # file name of a code object -> path in the tree, or ""


def _path(code: CodeType) -> str:
    name = code.co_filename
    if name not in _ours:
        real = os.path.realpath(name) if name[:1] != "<" else ""
        _ours[name] = real.removeprefix(_ROOT).replace(os.sep, "/") if real.startswith(_ROOT) else ""
    return _ours[name]


def _called(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
    code = frame.f_code
    if event != "call" or not _path(code):
        return None
    before = frame.f_back
    if before is not None and _path(before.f_code) and not code.co_flags & _LATE:
        key = before.f_code, before.f_lineno, code
        _edges[key] = _edges.get(key, 0) + 1
    ran = _lines.setdefault(code, set())

    def line(inner: FrameType, event: str, _: Any) -> Callable[..., Any]:
        if event == "line":
            ran.add(inner.f_lineno)
        return line

    return line


def pytest_configure() -> None:
    threading.settrace(_called)
    sys.settrace(_called)


def pytest_unconfigure() -> None:
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]
    lines: dict[str, set[int]] = {}
    for code, ran in _lines.items():
        lines.setdefault(_path(code), set()).update(ran)
    edges = [
        [_path(a), line, a.co_qualname, _path(b), b.co_firstlineno, b.co_qualname]
        for (a, line, b) in _edges
        if _is_definition(b)
    ]
    found = {"edges": edges, "lines": {path: sorted(ran) for path, ran in lines.items()}}
    Path(os.environ["CAIRN_TRACE_OUT"]).write_text(json.dumps(found))


def _is_definition(code: CodeType) -> bool:
    """A function that was written as one: no body of a class or module, no lambda, no comprehension."""
    return bool(code.co_flags & inspect.CO_OPTIMIZED) and not code.co_name.startswith("<")
