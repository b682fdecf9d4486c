"""Where a team picks one of several libraries for one job: what is imported tells which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..types import Reference
from .tally import Tally


@dataclass(frozen=True)
class Choices:
    """The libraries between which a team picks one, by the job they do."""

    libraries: Mapping[str, tuple[str, ...]]

    @cached_property
    def jobs(self) -> dict[str, str]:
        return {module: job for job, modules in self.libraries.items() for module in modules}

    @cached_property
    def roots(self) -> frozenset[str]:
        """What every module of them begins with."""
        return frozenset(map(_root, self.jobs))


def count_choices(references: Iterable[Reference], choices: Choices, tally: Tally) -> None:
    """One answer per file and library, at its first import."""
    jobs, seen = choices.jobs, set[str]()
    for reference in references:
        if reference.kind != "import":
            continue
        module = reference.qualifier.partition("#")[0]
        root = _root(module)
        if root not in choices.roots:
            continue
        for known in (module, f"{module}.{reference.name}", root):
            if known in jobs and known not in seen:
                seen.add(known)
                tally.add(f"uses.{jobs[known]}", known, reference.line)
                break


@lru_cache(maxsize=4096)  # files of one repository import the same modules
def _root(module: str) -> str:
    """`sqlalchemy.orm` -> `sqlalchemy`, `date-fns/format` -> `date-fns`, `@scope/x/y` -> `@scope/x`."""
    if module.startswith("@"):
        return "/".join(module.split("/")[:2])
    return module.partition("/")[0].partition(".")[0]
