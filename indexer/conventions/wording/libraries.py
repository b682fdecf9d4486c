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
    "toml": "TOML is read and written with",
    "xml": "XML is read and written with",
    "settings": "Settings are read with",
    "queue": "Background work is queued with",
    "retry": "Attempts are repeated by",
    "tables": "Tables of data are handled with",
    "terminal": "The terminal is written to with",
    "templates": "Templates are rendered with",
    "timezones": "Time zones come from",
    "stubs": "Tests stub HTTP with",
    "clock": "Tests set the clock with",
    "factories": "Tests make their data with",
    "colours": "Terminal output is coloured with",
    "processes": "Other programs are started with",
    "globs": "Files are matched by patterns with",
    "lists": "Lists and objects are handled with",
    "ids": "Identifiers are made with",
    "queries": "Data of a server is fetched and cached with",
    "forms": "Forms are built with",
    "classnames": "Class names are joined with",
    "styles": "Components are styled with",
    "translations": "Texts are translated with",
    "results": "Failures are returned as values of",
    "requests": "Tests make or fake HTTP requests with",
    "rendering": "Tests render components with",
    "clicks": "Tests act as a user with",
    "samples": "Tests make sample data with",
    "modules": "Tests replace modules with",
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
    said = _JOBS[job]
    of_tests = job in _OF_TESTS or "Tests" in said
    return Wording(f"{said} `{library}`{instead}.", "tests" if of_tests else "structure", usual)
