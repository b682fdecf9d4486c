"""A path, its text and what shall become of it -> a refusal where a model has no business, or nothing."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from agent.edits.change import EditRefused
from agent.edits.find import line_of
from agent.edits.nearest import is_elision
from indexer.languages import language_of
from indexer.skip import Place, SkipReason, by_folder_name, by_name, by_text

_PLACEHOLDER = re.compile(r"\[redacted:[a-z-]{1,40}\]")
_HEAD_LINES = 40  # in which a generator signs

_LOCKS = {  # a lock file -> the command that writes it
    "package-lock.json": "npm install --package-lock-only",
    "npm-shrinkwrap.json": "npm shrinkwrap",
    "pnpm-lock.yaml": "pnpm install --lockfile-only",
    "yarn.lock": "yarn install",
    "bun.lock": "bun install",
    "poetry.lock": "poetry lock",
    "uv.lock": "uv lock",
    "pdm.lock": "pdm lock",
    "pipfile.lock": "pipenv lock",
    "cargo.lock": "cargo update",
    "go.sum": "go mod tidy",
    "gemfile.lock": "bundle lock",
    "composer.lock": "composer update --lock",
    "mix.lock": "mix deps.get",
    "flake.lock": "nix flake lock",
}
_SOURCES = {  # the end of a generated file's name -> what it is made from
    "_pb2.py": "the .proto file",
    "_pb2.pyi": "the .proto file",
    "_pb2_grpc.py": "the .proto file",
    ".pb.go": "the .proto file",
    ".min.js": "the script it was made from",
    ".min.css": "the style sheet it was made from",
    ".map": "the source it was made from",
}


def require_written_by_hand(path: str, text: str | None = None) -> None:
    """Refuse files that a program writes or that hold nothing but keys. Raises EditRefused."""
    pure = PurePosixPath(path)
    for folder in pure.parts[:-1]:
        if by_folder_name(folder) is not None:
            raise EditRefused(
                "GENERATED",
                f"{path} is in {folder}, which tools fill; change what it is made from or installed by.",
            )
    reason = by_name(pure.name, Place())
    if reason is SkipReason.SECRET_FILE:
        raise EditRefused(
            "SECRET_LINE", f"{path} holds keys or passwords; only a person may change it. Ask for it."
        )
    if reason is SkipReason.LOCK_FILE:
        command = _LOCKS.get(pure.name.lower())
        does = f"`{command}`" if command else "the tool that writes it"
        raise EditRefused("GENERATED", f"{path} is a lock file; change the manifest and run {does}.")
    if reason in (SkipReason.GENERATED, SkipReason.MINIFIED):
        source = next(
            (what for end, what in _SOURCES.items() if pure.name.lower().endswith(end)), "its source"
        )
        raise EditRefused(
            "GENERATED", f"{path} is {reason.value} by its name; change {source} and make it again."
        )
    if text is not None:
        _require_no_generator(path, text)


def require_no_placeholder(path: str, new: str, there: str) -> None:
    """Refuse to write the sign that stands for a secret, except where the file itself holds it."""
    for placeholder in set(_PLACEHOLDER.findall(new)):
        if placeholder not in there:
            raise EditRefused(
                "SECRET_LINE",
                f"new holds {placeholder}, which stands for a secret you were not shown; "
                f"writing it would destroy the secret in {path}. Leave its line out of the edit.",
            )


def require_no_secret(path: str, shown: str, real: str, start: int, end: int) -> int:
    """Refuse a place in `shown` with a secret in its lines; else say how much later it stands in `real`."""
    first, last = line_of(shown, start), line_of(shown, max(start, end - 1))
    shown_lines, real_lines = shown.split("\n"), real.split("\n")
    for number in range(first, last + 1):
        if shown_lines[number - 1] != real_lines[number - 1]:
            raise EditRefused(
                "SECRET_LINE",
                f"line {number} of {path} holds a secret that is not shown to you, so it is not changed. "
                "Leave that line out of the edit, or ask a person.",
            )
    above = first - 1
    return sum(map(len, real_lines[:above])) - sum(map(len, shown_lines[:above]))


def require_complete(path: str, new: str, there: str) -> None:
    """Refuse code that is left out with a comment in its place, unless the file holds that comment."""
    if language_of(path, there or new).kind != "code":
        return
    known: set[str] | None = None
    for number, line in enumerate(new.split("\n"), 1):
        if not is_elision(line, commented=True):
            continue
        known = known if known is not None else {other.strip() for other in there.split("\n")}
        if line.strip() not in known:
            raise EditRefused(
                "ELIDED",
                f"line {number} of the new text for {path} stands for code that is left out "
                f"({line.strip()}); it would be lost. Write the code out, or make old and new smaller.",
            )


def require_text(path: str, new: str) -> None:
    """Refuse what is no text: a NUL, or half of a character."""
    if "\0" in new:
        raise EditRefused("BINARY", f"the new text for {path} holds a NUL; only text can be written.")
    if any("\ud800" <= character <= "\udfff" for character in new):
        raise EditRefused(
            "ENCODING",
            f"the new text for {path} holds half of a character (a lone surrogate); send it whole.",
        )


def _require_no_generator(path: str, text: str) -> None:
    language = language_of(path, text)
    reason = by_text(text, language.name, language.kind)
    if reason is SkipReason.MINIFIED:
        raise EditRefused("GENERATED", f"{path} is minified; change what it was made from.")
    if reason is SkipReason.GENERATED:
        head = text.split("\n")[:_HEAD_LINES]
        said = next((line.strip()[:160] for line in head if "enerated" in line or "GENERATED" in line), "")
        raise EditRefused(
            "GENERATED", f'{path} says it is generated ("{said}"); change its source and make it again.'
        )
