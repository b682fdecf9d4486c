"""`cairn eval`: a repository's own history, or a team's questions -> how well they are answered."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import BadInput, NotFound

from .. import terminal
from ..problems import FAILED
from ..settings import Settings
from . import data_option, json_option
from .index import local

if TYPE_CHECKING:
    from indexer.sync import Progress

    from ..evaluate.arms import Arm
    from ..evaluate.results import Json, Run

_MOST_COMMITS = 2_000
_SAMPLING = ("commits", "since", "path", "query", "seed")
_LINE_EVERY = 5.0  # seconds between lines of progress
_OVER_EVERY = 0.2


@click.command(short_help="Measure how well searches find what commits changed.")
@click.argument("repository", metavar="[REPO]", required=False)
@click.option("--repo", metavar="REPO", help="Name or path of the repository. Default: the one around here.")
@click.option("--commits", type=click.IntRange(1, _MOST_COMMITS), help="How many to ask. Default: 100.")
@click.option("--since", metavar="DATE", help="Only newer ones, as git reads dates. Default: the last 2000.")
@click.option("--path", metavar="FOLDER", help="Index and ask about this folder only.")
@click.option("--query", type=click.Choice(["subject", "message"]), help="What is asked. Default: subject.")
@click.option("--seed", type=int, help="Another draws other commits. Default: 0.")
@click.option("--questions", type=click.Path(path_type=Path), help="Ask these instead, of the present index.")
@click.option(
    "--compare", multiple=True, metavar="NAME=VALUE", help="Also with this setting; may be repeated."
)
@click.option("--losses", type=click.IntRange(0), default=0, help="List the N worst answers.", metavar="N")
@click.option("--save", type=click.Path(path_type=Path, dir_okay=False), help="Keep this run in a file.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Ask what that run asked; fail when worse.")
@click.option("--fail-under", multiple=True, metavar="MEASURE=N", help="As in recall@10=0.6.")
@data_option
@json_option
def eval(repository: str | None, repo: str | None, data: Path | None, as_json: bool, **options: Any) -> None:
    """Ask what each commit of the history says, and see whether the files it changed are found.

    The index is made as of the parent of each commit, in a temporary folder: your index, files and branches
    are not touched. Plain BM25 over the same chunks is always measured beside. Exit code 1 when --fail-under
    or --baseline is not met. docs/eval.md says what the figures mean.
    """
    from ..evaluate.arms import arms_of
    from ..evaluate.gate import against, below, fallen, floors
    from ..evaluate.report import table
    from ..evaluate.results import document, read_run

    settings = local(Settings.load(data=data))
    least = floors(options["fail_under"])
    former = read_run(options["baseline"]) if options["baseline"] else None
    _refuse_contradictions(options, former)
    arms = arms_of(settings, options["compare"])
    measured = _questions if options["questions"] else _history
    said = document(measured(settings, repo if repository is None else repository, arms, options, former))
    failed = below(said, least)
    if former is not None:
        said["baseline"] = against(said, former)
        failed += fallen(said["baseline"])
    said["gate"] = {"passed": not failed, "failed": failed}
    if options["save"]:
        _save(options["save"], said)
    terminal.print_json(said) if as_json else click.echo(table(said, options["losses"]), nl=False)
    for sentence in failed:
        terminal.say(f"cairn: {sentence}")
    if failed:
        raise click.exceptions.Exit(FAILED)


def _refuse_contradictions(options: dict[str, Any], former: Json | None) -> None:
    given = [f"--{name}" for name in _SAMPLING if options[name] is not None]
    if options["questions"] and given:
        raise BadInput(f"--questions brings its own questions; leave out {', '.join(given)}")
    if former is None:
        return
    if given:
        raise BadInput(f"--baseline says which commits are asked; leave out {', '.join(given)}")
    if (former["source"]["kind"] == "questions") != bool(options["questions"]):
        raise BadInput("--baseline is a run of the other kind: one of --questions goes with --questions")


def _history(
    settings: Settings, where: str | None, arms: list[Arm], options: dict[str, Any], former: Json | None
) -> Run:
    from ..evaluate.history import Sampling, measure

    root, name = _root(settings, where)
    if former is not None:
        sampling = Sampling.of(former)
    else:
        chosen = {name: options[name] for name in _SAMPLING if options[name] is not None}
        sampling = Sampling(**chosen)
    teller = _Teller("commits")
    try:
        return measure(root, name, arms, sampling, teller.tell, teller.show)
    finally:
        teller.end()


def _questions(
    settings: Settings, where: str | None, arms: list[Arm], options: dict[str, Any], former: Json | None
) -> Run:
    from retriever.client import KnownRepo
    from retriever.evaluate.questions import read_questions

    from ..evaluate.labelled import measure
    from ..reader import choose
    from ..service import Service

    asked, file = read_questions(options["questions"]), options["questions"].name
    service, teller = Service(settings), _Teller("questions")
    try:
        known = [KnownRepo(repo.name, repo.root) for repo in service.repos()]
        repo = service.named(choose(known, where).name)
        return measure(service, repo, asked, file, arms, teller.tell, teller.show)
    finally:
        teller.end()
        service.close()


def _root(settings: Settings, where: str | None) -> tuple[Path, str]:
    """The folder to measure and what to call it: a path, the name of an indexed repository, or what is around
    this folder."""
    from indexer import git
    from indexer.store.editions import read_editions
    from indexer.store.schema import DataDir

    if where is None:
        around = git.find(os.path.realpath(os.curdir))
        root = Path(around.top if around else os.curdir).resolve()
        return root, root.name
    if Path(where).expanduser().is_dir():
        root = Path(where).expanduser().resolve()
        return root, root.name
    if read_editions(DataDir(settings.data)) is None:
        raise NotFound(
            f"there is no folder {where}, and nothing is indexed that has this name; check the path"
        )
    from ..service import Service

    service = Service(settings)
    try:
        repo = service.named(where)
    finally:
        service.close()
    return Path(repo.root), repo.name


def _save(path: Path, said: Json) -> None:
    kept = {key: value for key, value in said.items() if key not in ("baseline", "gate")}
    try:
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=True) + "\n")
    except OSError as error:
        raise BadInput(f"the run cannot be kept in {path}: {error}") from error


class _Teller:
    """Says on stderr how far it is: in one line that is written over on a terminal, else in a line now and
    then."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._over = sys.stderr.isatty()
        self._started = self._last = time.monotonic()
        self._far = ""

    def tell(self, done: int, total: int) -> None:
        self._far = f"{done} of {total} {self._what}, {time.monotonic() - self._started:.0f} s"
        self._say(self._far)

    def show(self, now: Progress) -> None:
        self._say(f"{self._far}; indexing {now.done} of {now.total} files" if self._far else "indexing")

    def end(self) -> None:
        if self._over:
            click.echo("\r\x1b[K", nl=False, err=True)

    def _say(self, text: str) -> None:
        if time.monotonic() - self._last >= (_OVER_EVERY if self._over else _LINE_EVERY):
            self._last = time.monotonic()
            click.echo(f"\r\x1b[K{text}" if self._over else text, nl=not self._over, err=True)
