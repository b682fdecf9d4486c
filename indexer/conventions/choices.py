"""Where a team picks one of several libraries for one job: what is imported tells which."""

from __future__ import annotations

from collections.abc import Mapping

from ..types import ParsedFile
from .tally import Tally


def count_choices(parsed: ParsedFile, choices: Mapping[str, tuple[str, ...]], tally: Tally) -> None:
    """One answer per file and library, at its first import."""
    jobs = {module: job for job, modules in choices.items() for module in modules}
    seen: set[str] = set()
    for reference in parsed.references:
        if reference.kind != "import":
            continue
        module = reference.qualifier.partition("#")[0]
        for known in (module, f"{module}.{reference.name}", _top(module)):
            if known in jobs and known not in seen:
                seen.add(known)
                tally.add(f"uses.{jobs[known]}", known, reference.line)
                break


def _top(module: str) -> str:
    """`sqlalchemy.orm` -> `sqlalchemy`, `date-fns/format` -> `date-fns`, `@scope/x/y` -> `@scope/x`."""
    if module.startswith("@"):
        return "/".join(module.split("/")[:2])
    return module.partition("/")[0].partition(".")[0]
