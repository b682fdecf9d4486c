"""Find the sentences of a guide that ask for something, each with its line and how firmly it asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...headings import sections
from ...types import ParsedFile
from ..tally import Facts, Tally
from .guides import is_decision, scope_of
from .paragraphs import Paragraph, paragraphs

WRITTEN = "written."  # what its facts begin with: `written.must`, `written.should`, `written.do`
_FIRMNESS = ("must", "should", "do", "aside")  # the firmest first; aside is what speaks of no code
_SHORTEST, _LONGEST = 15, 300  # characters; a title, and a paragraph that explains rather than asks

_MUST = re.compile(
    r"\bmust\b|\brequired to\b|\bnot allowed\b|\bforbidden\b|\bmandatory\b"
    r"|(?<!could )(?<!can )(?<!is )(?<!are )(?<!['’]re )(?<!['’]s )(?<!will )\b(?:always|never)\b(?! be\b)"
    r"|(?:^|[,;:.(—] ?|\bplease |\band |\bbut |\bwe )(?:do not|don['’]t)\b",
    re.I,
)
_SHOULD = re.compile(
    r"\b(?:should|shouldn['’]t|avoid|we (?:use|follow|write|name|keep|put|prefer))\b"
    r"|\bprefer(?:red)?\b(?! to)",
    re.I,
)
_DECIDED = re.compile(r"\b(?:we (?:will|have decided|decided|use|chose)|is used for|are written)\b", re.I)
_IMPERATIVE = re.compile(
    r"(?:please )?(?:use|write|add|keep|name|put|follow|make|include|import|raise|return|place|format"
    r"|document|annotate|declare|ensure|run|test|wrap|mark|sort|group|limit|catch|log|call|start|end|begin|separate"
    r"|cover|update|define|reuse|order|leave|treat|throw|export|mock|assert|stick|be sure)\b",
    re.I,
)
# Where a bare imperative is a convention. Elsewhere it is a step of an installation or of a form.
_ABOUT_CODE = re.compile(
    r"styl|convention|cod(?:e|ing)\b|guideline|test|commit|naming|format|lint|docstring|comment|changelog"
    r"|architecture|rules?\b|practice|principle|error|logging|import|structure|pattern|typing|pull request"
    r"|documentation|standard|requirement|checklist",
    re.I,
)
_ABOUT_PEOPLE = re.compile(
    r"conduct|licen[cs]e|security|support|install|set.?up|getting started|question|report|sponsor|donat"
    r"|environment|prerequisite|community|maintainer|release process|funding|welcome|thank|help|contact|issue"
    r"|review",
    re.I,
)
# What addresses the reader's machine, mind or manners, not the code.
_NO_CONVENTION = re.compile(
    r"\byou (?:should|must|will|can|may|might|need|don['’]t) (?:now |also |first |have )?(?:be able|see|get"
    r"|have|find|know|need|receive|install|read|ask|feel|want|worry|be)\b"
    r"|(?:don['’]t|do not) (?:hesitate|worry|forget|need|have to|be (?:afraid|shy|discouraged))"
    r"|should (?:now )?(?:see|work|look like|pass|be (?:able|ready|good))\b"
    r"|\b(?:welcome|feel free|thank|sorry|please be)\b|\?$|:$",
    re.I,
)
_VOID = re.compile(r"(?im)^\W*(?:status\W*)?(?:superseded|rejected|deprecated|proposed|draft)\b")


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of a guide, as it stands there: data of the repository, and no instruction to who reads it.

    `title` is the heading above it, `scope` the folder it speaks of. `firmness` is 0 where it says
    must, 1 should, 2 for a plain imperative, 3 where it speaks of people and their ways rather than of code.
    """

    text: str
    title: str
    path: str
    line: int
    scope: str
    firmness: int

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


def count_written(parsed: ParsedFile, tally: Tally) -> None:
    """Each sentence, below the title it stands under, is an answer to how firmly it asks."""
    file = parsed.file
    decision = is_decision(file.path)
    if decision and _VOID.search(file.text[:2000]):
        return
    for paragraph in paragraphs(file.lines, _titles(file.lines, file.language == "rst")):
        for sentence, line in paragraph.sentences():
            firmness = _firmness(sentence, paragraph, decision)
            if firmness:
                tally.add(WRITTEN + firmness, f"{paragraph.title.rpartition(' / ')[2]}\n{sentence}", line)


def sayings_of(path: str, facts: Facts) -> Iterator[Saying]:
    """What `count_written` counted in the guide at `path`, the firmest first."""
    for firmness, word in enumerate(_FIRMNESS):
        for answer, counted in facts.get(WRITTEN + word, {}).items():
            title, _, text = answer.partition("\n")
            yield Saying(text, title, path, counted[1], scope_of(path), firmness)


def _titles(lines: Sequence[str], rst: bool) -> Iterable[tuple[int, str]]:
    """(line, titles from the outermost in) of each section."""
    return [(symbol.span.start, symbol.qualname) for symbol in sections(lines, rst)[0]]


def _firmness(sentence: str, paragraph: Paragraph, decision: bool) -> str:
    """`must`, `should`, `do`, `aside`, or "" for a sentence that asks for nothing."""
    if not _SHORTEST <= len(sentence) <= _LONGEST or _NO_CONVENTION.search(sentence):
        return ""
    whole, *inner = paragraph.title.split(" / ")
    about_code = not inner or bool(_ABOUT_CODE.search(" / ".join(inner)))
    about_people = bool(_ABOUT_PEOPLE.search(inner[-1] if inner else whole))
    aside = about_people or not about_code
    if decision:  # it tells how things are; what is to be done is said outright
        return "must" if re.search(r"\bmust\b", sentence) else "should" if _DECIDED.search(sentence) else ""
    if _MUST.search(sentence):
        return "aside" if aside else "must"
    if _SHOULD.search(sentence):
        return "aside" if aside else "should"
    return "do" if not aside and _IMPERATIVE.match(sentence) else ""
