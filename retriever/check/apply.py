"""A patch and the texts of the repository -> the Change that it is.

A repository that is kept live may hold the change already: a text is then what the patch makes, and the
text before is won by taking the patch back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from indexer.errors import BadInput

from .change import Change, ChangedFile
from .patch import FilePatch, Hunk
from .quoted import stripped

_REDACTED = "[redacted:"

Texts = Callable[[str], str | None]  # path -> the text as it is indexed; None where it is not


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of a change that is not looked at, and why."""

    path: str
    reason: str


def applied(repo: str, patches: Sequence[FilePatch], texts: Texts) -> tuple[Change, list[LeftOut]]:
    """Raises BadInput for a hunk that fits neither the text before nor the text after."""
    files: dict[str, ChangedFile] = {}
    left: list[LeftOut] = []
    for patch in patches:
        path = patch.new or patch.old or ""
        if patch.binary:
            left.append(LeftOut(path, "binary"))
            continue
        file = _file(patch, texts)
        if file is None:
            left.append(LeftOut(path, "not in the index"))
        elif file.path in files:
            raise BadInput(f"line {patch.line} of the diff changes {file.path} a second time; give one diff")
        else:
            files[file.path] = file
    return Change(repo, tuple(sorted(files.values(), key=lambda file: file.path))), left


def whole(repo: str, patches: Sequence[FilePatch]) -> tuple[Change, list[LeftOut]]:
    """Of a diff whose hunks hold whole files: nothing else needs to be known. Raises BadInput."""
    files: list[ChangedFile] = []
    for patch in patches:
        if len(patch.hunks) > 1 or any(hunk.start > 1 or hunk.start_after > 1 for hunk in patch.hunks):
            raise BadInput(
                f"line {patch.line} of the diff: {patch.new or patch.old} is not given whole, in one hunk "
                "from its first line on; make the diff with -U999999"
            )
        if patch.hunks:
            files.append(_from_hunks(patch))
    return Change(repo, tuple(sorted(files, key=lambda file: file.path))), []


def _file(patch: FilePatch, texts: Texts) -> ChangedFile | None:
    if patch.old is None or patch.new is None:
        return _from_hunks(patch)
    misfit: tuple[int, str] | None = None
    for old, new in _paths(patch):
        now_before, now_after = texts(old), texts(new)
        if now_before is None and now_after is None:
            continue
        forward = None if now_before is None else _Fit(now_before, patch.hunks, back=False)
        back = None if now_after is None else _Fit(now_after, patch.hunks, back=True)
        fits = [fit for fit in (forward, back) if fit and fit.misfit is None]
        if not fits:
            misfit = max(fit.misfit or 0 for fit in (forward, back) if fit), new
            continue
        best = max(fits, key=lambda fit: (fit.exact, fit.proof))
        texts_of = (best.made, best.text) if best.back else (best.text, best.made)
        return ChangedFile(new, old, *texts_of)
    if misfit is not None:
        raise BadInput(
            f"hunk {misfit[0]} of {misfit[1]} (line {patch.line} of the diff) fits the indexed file neither "
            "before nor after the change; make the diff against what is indexed, or wait for the index"
        )
    return None


def _from_hunks(patch: FilePatch) -> ChangedFile:
    before = _text([line for hunk in patch.hunks for line in hunk.before])
    after = _text([line for hunk in patch.hunks for line in hunk.after])
    path, old = patch.new or patch.old or "", patch.old or patch.new or ""
    if patch.bare:  # without git's first line, but most who write so mean git's a/ and b/
        path, old = (stripped(one.removeprefix("./")) for one in (path, old))
    return ChangedFile(path, old, before if patch.old else None, after if patch.new else None)


def _paths(patch: FilePatch) -> Iterator[tuple[str, str]]:
    """The paths as they stand and, for those of `diff -u`, as they are without their first folder."""
    old, new = patch.old or "", patch.new or ""
    yield old, new
    if patch.bare:  # `diff -u x.py.orig x.py` changes x.py, `diff -ur old new` changes what is below
        for one in (new, new.partition("/")[2], old.partition("/")[2]):
            yield one.removeprefix("./"), one.removeprefix("./")


class _Fit:
    """What hunks make of a text. `misfit` is the number of the one that does not fit, or None.

    A diff without context may fit both ways: `exact` says that all lines were found where they should be,
    `proof` how many lines were found.
    """

    def __init__(self, text: str, hunks: Sequence[Hunk], back: bool) -> None:
        self.text = text
        self.back = back
        self.misfit: int | None = None
        self.exact = True
        self.proof = 0
        self.made = text
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        made: list[str] = []
        at = 0
        for hunk in hunks:
            old, new = (hunk.after, hunk.before) if back else (hunk.before, hunk.after)
            start = hunk.start_after if back else hunk.start
            wanted = max(start - 1 if old else start, 0)
            place = _place(lines, old, wanted, at)
            if place is None:
                self.misfit = hunk.number
                return
            made += lines[at:place]
            made += _kept(lines[place : place + len(old)], old, new)
            at = place + len(old)
            self.proof += len(old)
            self.exact = self.exact and place == wanted
        self.made = _text(made + lines[at:])


def _place(lines: Sequence[str], block: Sequence[str], wanted: int, least: int) -> int | None:
    """Where `block` stands, as near as possible to `wanted`; a file may have grown above it."""
    if not block:
        return wanted if least <= wanted <= len(lines) else None
    last = len(lines) - len(block)
    wanted = min(wanted, last)
    for away in range(last + 1):
        for place in dict.fromkeys((wanted - away, wanted + away)):
            if least <= place <= last and all(
                _same(one, lines[place + nth]) for nth, one in enumerate(block)
            ):
                return place
    return None


def _same(said: str, indexed: str) -> bool:
    """Whether a line of a diff is this one of the index, in which secrets are redacted."""
    if said == indexed:
        return True
    first, found, rest = indexed.partition(_REDACTED)
    return bool(found) and said.startswith(first) and said.endswith(rest.rpartition("]")[2])


def _kept(found: Sequence[str], old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The new lines, those that stay as they are indexed: a secret stays redacted."""
    known = {said: indexed for said, indexed in zip(old, found, strict=True) if said != indexed}
    return [known.get(line, line) for line in new]


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n" if lines else ""
