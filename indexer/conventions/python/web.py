"""Count how a Python file serves, asks for what it depends on, and reaches its database and its settings."""

from __future__ import annotations

from ..tally import Tally
from .source import Source, begins

_METHODS = ("get", "post", "put", "patch", "delete", "websocket")
_ROUTERS = ("app", "router", "api", "blueprint", "bp", "routes")
_REACH = 120  # letters from `Annotated[` over the type to what is asked
_ASKED = tuple(
    begins(f"{name}(")
    for name in ("Depends", "Security", "Query", "Body", "Header", "Path", "Cookie", "Form", "File")
)
_MAPPED = begins("Mapped[")
_CONFIG = begins("model_config = ")


def count_web(source: Source, tally: Tally) -> None:
    modules = {reference.qualifier.partition("#")[0].partition(".")[0] for reference in source.imports}
    if modules & {"fastapi", "starlette", "litestar", "aiohttp", "quart", "sanic"}:
        _count_routes(source, tally)
    if "fastapi" in modules:
        _count_asked(source, tally)
    if "sqlalchemy" in modules or "sqlmodel" in modules:
        _count_queries(source, tally)
    if "pydantic" in modules:
        _count_settings(source, tally)


def _count_routes(source: Source, tally: Tally) -> None:
    starts = {symbol.span.start: symbol for symbol in source.functions}
    for method in _METHODS:
        for call in source.calls.get(method, ()):
            symbol = starts.get(call.line)
            if symbol and call.qualifier.rpartition(".")[2].strip("_") in _ROUTERS:
                form = "async" if symbol.signature.startswith("async ") else "sync"
                tally.add("route.form", form, source.head(symbol))


def _count_asked(source: Source, tally: Tally) -> None:
    """`Annotated[Shop, Depends(shop)]` or `= Depends(shop)`."""
    for at in (match.start() for pattern in _ASKED for match in pattern.finditer(source.code)):
        before = source.code[max(0, at - _REACH) : at].rstrip()
        if before.endswith("="):
            tally.add_at("depends.form", "default", source.lines, at)
        elif before.endswith(",") and before.rfind("Annotated[") > before.rfind("]"):
            tally.add_at("depends.form", "annotated", source.lines, at)


def _count_queries(source: Source, tally: Tally) -> None:
    for call in source.calls.get("select", ()):
        if call.qualifier in ("", "sa", "sqlalchemy"):
            tally.add("sql.form", "select", call.line)
    for call in source.calls.get("query", ()):
        if call.qualifier.rpartition(".")[2].endswith(("session", "db")):
            tally.add("sql.form", "query", call.line)
    for match in _MAPPED.finditer(source.code):
        tally.add_at("sql.column", "Mapped", source.lines, match.start())
    for call in source.calls.get("Column", ()):
        if " = " in source.row(call.line) and call.scope:
            tally.add("sql.column", "Column", call.line)


def _count_settings(source: Source, tally: Tally) -> None:
    for match in _CONFIG.finditer(source.code):
        tally.add_at("pydantic.config", "model_config", source.lines, match.start())
    for symbol in source.classes:
        if symbol.name == "Config" and "." in symbol.qualname:
            tally.add("pydantic.config", "Config", source.head(symbol))
