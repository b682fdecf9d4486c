"""Labelled questions -> how each arm answers them: from the index as it is, or one made for the arm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import BadInput, Cancelled
from indexer.sync import Hooks
from retriever.evaluate import peer
from retriever.evaluate.message import names_a_file
from retriever.evaluate.questions import Question
from retriever.evaluate.ranks import Find, files, lines_found, ranks, spots

from .arms import Arm, private
from .replay import Cost, Show, Tell, finder
from .results import Answered, Run, few
from .scratch import scratch

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow

    from ..service import Service


def measure(
    service: Service,
    repo: RepoRow,
    questions: Sequence[Question],
    file: str,
    arms: Sequence[Arm],
    tell: Tell,
    show: Show,
) -> Run:
    """Raises BadInput for a question whose files are not in the index, Cancelled on Ctrl-C."""
    index, cost = service.current, Cost()
    _check(service, repo, questions)
    searches: dict[str, Find] = {arms[0].name: finder(index.retriever, repo.name)}
    answered: list[Answered] = []
    try:
        with ExitStack() as stack:
            if arms[1:]:
                others = stack.enter_context(private(arms[1:], stack.enter_context(scratch())))
                for arm, other in zip(arms[1:], others, strict=True):
                    with cost.on("index"):
                        report = other.bring_up_to_date(Path(repo.root), Hooks(show))
                    cost.files += report.changed if report else 0
                    searches[arm.name] = finder(other.retriever, other.row.name)
            searches[peer.NAME] = peer.bm25(index.catalog, index.vectors, repo.name)
            for nr, question in enumerate(questions):
                tell(nr, len(questions))
                with cost.on("ask"):
                    answered.append(_answer(question, searches, arms[0].name))
    except (KeyboardInterrupt, Cancelled) as stop:
        raise Cancelled(
            f"stopped after {len(answered)} of {len(questions)} questions; nothing is left behind"
        ) from stop
    source = {"kind": "questions", "file": file, "generation": repo.generation, "commit": repo.commit}
    names = (*(arm.name for arm in arms), peer.NAME)
    return Run(
        repo.name, source, names, tuple(answered), cost.document(), tuple(_remarks(repo, len(answered)))
    )


def _remarks(repo: RepoRow, n: int) -> Iterator[str]:
    if repo.pending or repo.dirty:
        yield f"the index of {repo.name} is not up to date; bring it there with: cairn index {repo.root}"
    yield from few(n)


def _check(service: Service, repo: RepoRow, questions: Sequence[Question]) -> None:
    named = sorted({path for question in questions for path in question.paths})
    present = service.catalog.present(repo, named)
    for question in questions:
        if missing := [path for path in question.paths if path not in present]:
            raise BadInput(
                f"{question.query!r} wants {missing[0]}, which is not in the index of {repo.name}; correct "
                "the path, or see `cairn status --skipped` for what is left out"
            )


def _answer(question: Question, searches: dict[str, Find], first: str) -> Answered:
    found = {name: spots(find, question.query) for name, find in searches.items()}
    return Answered(
        id=question.id,
        query=question.query,
        wanted=question.paths,
        ranks={name: ranks(files(places), question.paths) for name, places in found.items()},
        found=tuple(files(found[first])),
        names_file=names_a_file(question.query, question.paths),
        lines={name: lines_found(places, question.lines) for name, places in found.items()}
        if question.lines
        else {},
    )
