"""An error -> what each door says of it: HTTP status, exit code, type. One table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer import errors

DONE, FAILED, USAGE = 0, 1, 2  # exit codes


@dataclass(frozen=True, slots=True)
class Problem:
    """How a kind of error is told. `type` follows `urn:cairn:` and is what a program may compare."""

    type: str
    title: str
    status: int
    exit_code: int = FAILED


PROBLEMS: dict[type[BaseException], Problem] = {
    errors.BadInput: Problem("bad-input", "The request cannot be obeyed", 422, USAGE),
    errors.NotFound: Problem("not-found", "There is no such thing here", 404),
    errors.IndexBusy: Problem("index-busy", "Another process is writing this index", 409),
    errors.Conflict: Problem("conflict", "It does not fit the present state", 409),
    errors.IndexDamaged: Problem("index-damaged", "The index cannot be read", 500),
    errors.NotWritable: Problem("not-writable", "The data directory takes no more", 507),
    errors.StoreUnreachable: Problem("store-unreachable", "The vector store does not answer", 503),
    errors.EmbeddingFailed: Problem("embedding-failed", "The embedding model refused", 502),
    errors.MissingExtra: Problem("missing-extra", "An optional package is needed", 501),
    errors.Cancelled: Problem("cancelled", "Somebody asked to stop", 409),
    errors.ModelFailed: Problem("model-failed", "The chat model gave no usable answer", 502),
    errors.SandboxUnavailable: Problem("sandbox-unavailable", "Commands cannot be confined here", 503),
    errors.Forbidden: Problem("forbidden", "This is not allowed", 403),
    errors.CairnError: Problem("failed", "It did not work", 500),
    Exception: Problem("bug", "Cairn made a mistake", 500),
}
UNAUTHORIZED = Problem("unauthorized", "A key is needed", 401)
TOO_LARGE = Problem("too-large", "The request is too large", 413)


def problem_of(error: BaseException) -> Problem:
    """The entry of the nearest class the error descends from."""
    for kind in type(error).__mro__:
        if kind in PROBLEMS:
            return PROBLEMS[kind]
    return PROBLEMS[Exception]


def as_document(problem: Problem, detail: str, **more: Any) -> dict[str, Any]:
    """The error as JSON, by RFC 9457: the body of an HTTP answer, and of a command with --json."""
    return {
        "type": f"urn:cairn:{problem.type}",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        **more,
    }
