"""A setting that is a check by itself."""

from __future__ import annotations

from collections.abc import Callable

from ..tools import Tools

Active = Callable[[Tools, str, str], str | None]  # tools, check, folder -> the place, or None


def setting_check(tool: str) -> Active:
    """`key=value` with a pattern for the key; a key alone has to be true."""

    def find(tools: Tools, check: str, folder: str) -> str | None:
        key, _, value = check.partition("=")
        if value in ("", "true", "false"):  # the last one counts; of a list, each does
            last = tools.find(tool, key, folder)
            return last.place if last and last.value.lower() == (value or "true") else None
        return next((one.place for one in tools.each(tool, key, folder) if one.value == value), None)

    return find
