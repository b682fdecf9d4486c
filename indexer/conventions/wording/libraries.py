"""Sentences about the library that a team has settled on for a job."""

from __future__ import annotations

from .words import Wording, any_of

_JOBS = {
    "http": "HTTP requests go through",
    "models": "Classes that mainly hold data are made with",
    "logging": "Logging goes through",
    "cli": "Command lines are built with",
    "paths": "Paths are handled with",
    "database": "The database is reached through",
    "web": "The web interface is built with",
    "json": "JSON is read and written with",
    "dates": "Dates and times are handled with",
    "validation": "Input is validated with",
    "state": "State is kept in",
    "nullness": "Nullability is annotated with",
    "di": "Dependencies are injected with",
    "assertions": "Tests assert with",
    "mocks": "Tests mock with",
    "snapshots": "Snapshots of tests are kept with",
    "async": "Asynchronous code runs on",
    "yaml": "YAML is read and written with",
    "errors": "Errors are made with",
}
_OF_TESTS = frozenset({"assertions", "mocks", "snapshots"})
# What a language brings along, or what everybody takes.
_OBVIOUS = frozenset(
    {"json", "datetime", "logging", "dataclasses", "errors", "flag", "java.time", "database/sql"}
)


def library_wording(job: str, library: str, others: list[str]) -> Wording:
    instead = f", not {any_of(others)}" if others else ""
    usual = 0.85 if library in _OBVIOUS and not others else 0.5
    return Wording(f"{_JOBS[job]} `{library}`{instead}.", "tests" if job in _OF_TESTS else "structure", usual)
