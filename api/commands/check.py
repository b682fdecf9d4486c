"""`cairn check`: a change -> what of it does not fit the repository, and how it is done there."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.errors import BadInput, CairnError, NotFound
from retriever.check.finding import KINDS, Kind

from .. import terminal, wire
from ..problems import DONE, FAILED, USAGE
from ..reader import Reader, open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option

if TYPE_CHECKING:
    from retriever.check.apply import LeftOut
    from retriever.check.change import Change
    from retriever.check.finding import Finding
    from retriever.check.index import Alone
    from retriever.check.report import Report
    from retriever.client import KnownRepo

_LARGEST_SENT = 900_000  # characters; a request with 1,000,000 bytes is refused
_MOST_LINES = 8  # told of one finding; the rest is the same again
_COLOURS = {"error": "red", "warning": "yellow", "note": "blue"}


@click.command(short_help="Tell what of a change does not fit the repository.")
@click.argument("what", nargs=-1, metavar="[PATHS | A..B | A...B | COMMIT]")
@click.option("--staged", is_flag=True, help="Only what is staged for the next commit.")
@click.option("--diff", metavar="FILE", help="A unified diff instead; - reads it from stdin.")
@click.option("--only", metavar="KINDS", help=f"Only some of {','.join(KINDS)}.")
@click.option("--all", "everything", is_flag=True, help="Also rules that a tool enforces anyway.")
@click.option("--warn", is_flag=True, help="End with 0 whatever is found.")
@click.option("--sarif", is_flag=True, help="Print SARIF 2.1.0 on stdout.")
@repo_option
@data_option
@json_option
def check(
    what: tuple[str, ...],
    staged: bool,
    diff: str | None,
    only: str | None,
    everything: bool,
    warn: bool,
    sarif: bool,
    repo: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Check a change: the working tree against HEAD, what is staged, commits or a diff.

    Each line that breaks a convention is told with the nearest place that keeps it. A comment
    `cairn: ignore[KEY]` on the line or above it says that a person has judged it.

    Exit codes: 0 nothing found, 1 something found, 2 the check could not be made.
    """
    try:
        kinds = _kinds(only)
        if (diff is not None and (staged or what)) or (staged and what and _is_range(what[0])):
            raise BadInput("give one change: paths, --staged, commits or --diff")
        reader = open_reader(Settings.load(data=data))
        chosen = reader.choose(repo)
        index = wire.of_freshness(reader.index_of(chosen.name))
        if diff is not None:
            report = _checked_diff(reader, chosen.name, _read(diff), kinds, everything)
        else:
            change, left = _change(chosen, what, staged)
            report = _checked(reader, change, kinds, everything, left)
    except CairnError as error:
        from ..cli import tell

        tell(error, as_json)
        raise click.exceptions.Exit(USAGE) from None
    except Exception:  # a mistake of ours must not look like a finding, which ends with 1
        traceback.print_exc()
        raise click.exceptions.Exit(USAGE) from None
    if as_json:
        terminal.print_json({**wire.of_check(report), "index": index})
    elif sarif:
        from importlib.metadata import version

        from .. import sarif as sarif_of

        terminal.print_json(sarif_of.of_check(report, version("cairn-context")))
    else:
        _print(report)
    raise click.exceptions.Exit(FAILED if report.findings and not warn else DONE)


def _kinds(only: str | None) -> Sequence[Kind]:
    asked = {word.strip() for word in (only or ",".join(KINDS)).split(",")}
    if unknown := sorted(asked - set(KINDS)):
        raise BadInput(f"there is no kind {unknown[0]!r} of finding; --only takes {', '.join(KINDS)}")
    return [kind for kind in KINDS if kind in asked]


def _is_range(word: str) -> bool:
    return ".." in word.strip("./") and not Path(word).exists()


def _read(diff: str) -> str:
    """The diff with its bytes as they are: a file of it may be in any encoding."""
    try:
        if diff == "-":
            return sys.stdin.buffer.read().decode("utf-8", "replace")
        return Path(diff).read_bytes().decode("utf-8", "replace")
    except OSError as problem:
        raise BadInput(f"{diff} cannot be read: {problem.strerror}") from None


def _change(repo: KnownRepo, what: Sequence[str], staged: bool) -> tuple[Change, list[LeftOut]]:
    from retriever.check.revisions import Revisions

    revisions = Revisions(_root(repo), repo.name)
    if what and not staged and (_is_range(what[0]) or not Path(what[0]).exists()):
        if len(what) == 1 or revisions.is_commit(what[0]):
            change, left = revisions.between(what[0])
            return _within(repo, change, left, what[1:])
        raise NotFound(f"{what[0]} is no file here, nor a commit")
    change, left = revisions.staged() if staged else revisions.working_tree()
    return _within(repo, change, left, what)


def _root(repo: KnownRepo) -> Path:
    """Where the repository lies here: a server elsewhere knows it by another path."""
    root = Path(repo.root)
    if root.is_dir():
        return root.resolve()
    from indexer.git import find

    around = find(str(Path().resolve()))
    if around is None:
        raise NotFound(f"{repo.root} is not on this machine; stand in a copy of {repo.name}, or use --diff")
    return Path(around.top)


def _within(
    repo: KnownRepo, change: Change, left: list[LeftOut], paths: Sequence[str]
) -> tuple[Change, list[LeftOut]]:
    """Only what lies at or below some paths, which are relative to the working directory."""
    if not paths:
        return change, left
    from retriever.check.change import Change

    root = _root(repo)
    wanted: list[str] = []
    for path in paths:
        place = Path(path).resolve()
        if not place.is_relative_to(root):
            raise BadInput(f"{path} is outside of {repo.name} ({root})")
        wanted.append(place.relative_to(root).as_posix())

    def inside(path: str) -> bool:
        return any(one == "." or path == one or path.startswith(one + "/") for one in wanted)

    files = tuple(file for file in change.files if inside(file.path))
    return Change(change.repo, files), [one for one in left if inside(one.path)]


def _checked(
    reader: Reader, change: Change, kinds: Sequence[Kind], everything: bool, left: list[LeftOut]
) -> Report:
    from dataclasses import replace

    if reader.client is not None:
        from retriever.check.diff import whole_diff

        diff = _sent(whole_diff(change))
        report = reader.client.check(change.repo, diff, kinds, everything, entire=True)
        return replace(report, left_out=tuple(left))
    from retriever.check.report import check

    return check(change, _alone(reader), kinds, everything, left)


def _sent(diff: str) -> str:
    if len(diff) > _LARGEST_SENT:
        raise BadInput(f"{len(diff)} characters are too many for a server; check parts: cairn check PATHS")
    return diff


def _checked_diff(reader: Reader, repo: str, diff: str, kinds: Sequence[Kind], everything: bool) -> Report:
    if reader.client is not None:
        return reader.client.check(repo, diff, kinds, everything)
    from retriever.check.report import check_diff

    return check_diff(repo, diff, _alone(reader), kinds, everything)


def _alone(reader: Reader) -> Alone:
    from retriever.check.index import Alone

    assert reader.service is not None
    return Alone(reader.service)


def _print(report: Report) -> None:
    """Findings by file, each in one line that editors can follow, then how it is done here."""
    path = None
    for finding in report.findings:
        if path not in (None, finding.path):
            click.echo()
        path = finding.path
        _print_finding(finding)
    for place in report.unused:
        terminal.say(f"{place}: this `cairn: ignore` answers no finding; take it out")
    seen = f"{_some(report.lines, 'new line')} in {_some(report.files, 'file')}"
    found = _some(len(report.findings), "finding") if report.findings else "nothing found"
    hidden = f", {len(report.suppressed)} ignored by comments" if report.suppressed else ""
    terminal.say(f"{found} in {seen}{hidden}")


def _print_finding(finding: Finding) -> None:
    place = click.style(f"{finding.path}:{finding.line}:", fg=_COLOURS[finding.severity])
    click.echo(f"{place} {finding.message} {click.style(f'[{finding.key}]', dim=True)}")
    if finding.also:
        more = ", ".join(map(str, finding.also[:_MOST_LINES]))
        rest = len(finding.also) - _MOST_LINES
        click.echo(f"    also on lines {more}{f' and {rest} more' if rest > 0 else ''}")
    if finding.example:
        code = f"   {finding.example.code}" if finding.example.code else ""
        click.echo(f"    as in {finding.example}{code}")


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
