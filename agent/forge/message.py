"""A repository's commit subjects -> its style, and a model's words -> a message in that style.

Trailers are statements that tools obey: who signed, which issue closes. Only Cairn writes them. What
the model wrote comes before, in a form that `git interpret-trailers` and forges read as text.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from agent.forge.markdown import visible
from indexer.errors import BadInput
from indexer.secrets import redact

Shape = Literal["plain", "conventional", "component", "ticket"]

_SUBJECT_LETTERS = 72  # what `git log --oneline` and forges show of a line
_BODY_LETTERS = 72
_LONGEST_BODY = 6000  # letters of the model's summary
_FEWEST = 5  # subjects; fewer say nothing about a habit
_MOST = 0.5  # a habit is what more than half of them do


@dataclass(frozen=True, slots=True)
class MessageStyle:
    """How subjects are written in a repository.

    `shape` is what they begin with: a type (`fix(api): …`), a component (`net/http: …`), a ticket
    (`PAY-12 …`) or nothing. `names` are the types, the components or the ticket's project, most used
    first, `scopes` the scopes of conventional commits. `case` is the first letter after that, None
    where it varies; `length` the median in letters, 0 without history.
    """

    shape: Shape = "plain"
    names: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    case: Literal["upper", "lower"] | None = None
    imperative: bool = False
    period: bool = False
    length: int = 0


def style_of(subjects: Sequence[str]) -> MessageStyle:
    """Learn the style of about the last hundred subjects. Merges, reverts and version bumps are no style."""
    written = [subject for subject in subjects if subject.strip() and not _MACHINE.match(subject)]
    if len(written) < _FEWEST:
        return MessageStyle()
    shape, names, scopes = _shape(written)
    rests = [_rest(subject, shape) for subject in written]
    firsts = [rest[:1] for rest in rests]
    upper, lower = _share(map(str.isupper, firsts)), _share(map(str.islower, firsts))
    return MessageStyle(
        shape=shape,
        names=names,
        scopes=scopes,
        case="upper" if upper > 0.7 else "lower" if lower > 0.7 else None,
        imperative=_share(rest.split(" ")[0].lower() in _IMPERATIVES for rest in rests) > 0.4,
        period=_share(subject.endswith(".") for subject in written) > _MOST,
        length=int(median(map(len, written))),
    )


def describe(style: MessageStyle) -> str:
    """A sentence that tells a model how to write the subject."""
    begin = {
        "plain": "",
        "conventional": f"Conventional Commits; types used here: {', '.join(style.names)}",
        "component": f"`component: what changed`; components used here: {', '.join(style.names)}",
        "ticket": f"the number of a ticket ({', '.join(style.names)}-…) first, if the task names one",
    }[style.shape]
    parts = [begin] if begin else []
    if style.scopes:
        parts.append(f"scopes: {', '.join(style.scopes)}")
    if style.imperative:
        parts.append("in the imperative")
    if style.case:
        parts.append("beginning with a capital" if style.case == "upper" else "beginning in lower case")
    parts.append("with a full stop at the end" if style.period else "without a full stop at the end")
    parts.append(f"at most {_SUBJECT_LETTERS} letters")
    if style.length:
        parts.append(f"usually about {style.length}")
    return f"Subjects of commits here: {'; '.join(parts)}."


def compose(
    style: MessageStyle,
    subject: str,
    summary: str,
    verified: str,
    kind: str,
    trailers: Sequence[tuple[str, str]],
) -> str:
    """The whole message. `verified` is Cairn's own account of the tests, with names of the repository's.

    `trailers` say at least which run this was. Raises BadInput for an empty subject and for trailers
    that are none. Secrets are masked: history keeps what it was told.
    """
    if not trailers:
        raise BadInput("a commit without trailers does not say which run made it; give Agent-Task")
    subject, summary, verified = (redact(text)[0] for text in (subject, summary, verified))
    first, whole = _subject(style, subject, kind)
    paragraphs = [first]
    if len(whole) > len(first):
        paragraphs.append(_wrapped(whole))  # it was cut
    paragraphs += [text for text in (_wrapped(summary), _wrapped(verified)) if text]
    block = "\n".join(_trailer(key, value) for key, value in trailers)
    return "\n\n".join([*paragraphs, block]) + "\n"


def _shape(subjects: Sequence[str]) -> tuple[Shape, tuple[str, ...], tuple[str, ...]]:
    typed = [match for subject in subjects if (match := _CONVENTIONAL.match(subject))]
    if len(typed) > _MOST * len(subjects):
        scopes = _usual((match[2] for match in typed if match[2]), at_least=2)
        return "conventional", _usual(match[1] for match in typed), scopes
    tickets = [match[1] for subject in subjects if (match := _TICKET.match(subject))]
    if len(tickets) > _MOST * len(subjects):
        return "ticket", _usual(tickets), ()
    components = [match[1] for subject in subjects if (match := _COMPONENT.match(subject))]
    if len(components) > _MOST * len(subjects):
        return "component", _usual(components), ()
    return "plain", (), ()


def _usual(names: Iterator[str] | Sequence[str], at_least: int = 1) -> tuple[str, ...]:
    """The names used most; the rest would only fill a prompt."""
    return tuple(name for name, count in Counter(names).most_common(12) if count >= at_least)


def _rest(subject: str, shape: Shape) -> str:
    """What comes after the prefix of this shape."""
    pattern = {"conventional": _CONVENTIONAL, "component": _COMPONENT, "ticket": _TICKET}.get(shape)
    match = pattern.match(subject) if pattern else None
    return subject[match.end() :] if match else subject


def _share(facts: Iterator[bool]) -> float:
    listed = list(facts)
    return sum(listed) / max(len(listed), 1)


def _subject(style: MessageStyle, subject: str, kind: str) -> tuple[str, str]:
    """The first line, and the same line uncut."""
    text = _disarmed(" ".join(visible(subject[:1000]).split())).lstrip("#->| ")
    text = text.rstrip(".") if text.endswith(".") and not text.endswith("..") else text
    if not text:
        raise BadInput("the subject of the commit is empty; say in one line what is now true")
    prefix = ""
    if style.shape != "plain":
        rest = _rest(text, style.shape)
        prefix, text = text[: len(text) - len(rest)], rest or text
        if style.shape == "conventional" and not prefix:
            prefix = f"{_type(style, kind)}: "
    text = _cased(text, style) if style.case else text
    whole = prefix + text + ("." if style.period else "")
    return _cut(whole), whole


def _type(style: MessageStyle, kind: str) -> str:
    """The type of conventional commits for a kind of task, spelled as it is here."""
    wanted = _TYPES.get(kind, ("chore",))
    return next((name for name in wanted if name in style.names), wanted[0])


def _cased(text: str, style: MessageStyle) -> str:
    """The first letter as it is here, where the first word is one that has no case of its own."""
    word = text.split(" ", 1)[0].rstrip(",:;")
    if style.case == "upper" and word.isalpha() and word.islower():
        return text[0].upper() + text[1:]
    if style.case == "lower" and word.isalpha() and word[0].isupper() and word[1:].islower():
        return text[0].lower() + text[1:]
    return text


def _cut(text: str) -> str:
    if len(text) <= _SUBJECT_LETTERS:
        return text
    short = text[: _SUBJECT_LETTERS - 1]
    return (short.rpartition(" ")[0] or short).rstrip(" ,;:") + "…"


def _wrapped(text: str) -> str:
    """Paragraphs and lists, wrapped, in which no line is anything but text."""
    rows: list[str] = []
    flowing: list[str] = []
    for row in [*visible(text[:_LONGEST_BODY]).split("\n"), ""]:
        words = row.strip()
        begins = bool(_ITEM.match(words))
        if flowing and (not words or begins):
            rows += _paragraph(" ".join(flowing))
            flowing = []
        if words:
            flowing.append(words)
        elif rows and rows[-1]:
            rows.append("")
    return "\n".join(rows).strip("\n")


def _paragraph(text: str) -> list[str]:
    indent = "  " if _ITEM.match(text) else ""
    lines = textwrap.wrap(
        _disarmed(" ".join(text.split())),
        _BODY_LETTERS - 2,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [_as_text(row) for row in lines]


def _as_text(row: str) -> str:
    """`#` begins a comment, `---` and scissors end the message, `Key: value` may be a trailer."""
    if _TRAILER_LIKE.match(row):
        return f"> {row}"
    return f" {row}" if row.startswith(("#", "---", "diff ", "From ", "Index: ")) else row


def _disarmed(text: str) -> str:
    """Words that close issues when they are merged, without the sign that makes them do it."""
    text = _CLOSING.sub(lambda match: f"{match[1]} issue {match[2]}", text)
    return _MENTION.sub(r"\1 ", text)


def _trailer(key: str, value: str) -> str:
    shown = " ".join(visible(value[:400]).split())
    if not _KEY.fullmatch(key) or not shown or shown != value.strip():
        raise BadInput(f"{key!r}: {value[:80]!r} is no trailer; give a word and one line of text")
    if key.lower() == "co-authored-by" and not _PERSON.fullmatch(shown):
        raise BadInput(f"Co-authored-by needs a name and an address: {shown!r}; write `Name <address>`")
    return f"{key}: {shown}"


_MACHINE = re.compile(r"Merge |Revert \"|fixup! |squash! |Bump |v?\d+\.\d+|Release ")
_KNOWN_TYPES = "feat|fix|docs?|style|refactor|perf|tests?|build|ci|chore|revert|deps|security|release|wip"
_CONVENTIONAL = re.compile(rf"({_KNOWN_TYPES})(?:\(([^()\n]{{1,40}})\))?!?: +")
_TICKET = re.compile(r"\[?([A-Z][A-Z0-9]{1,9})-\d{1,7}\]?[:\s]\s*")
_COMPONENT = re.compile(r"([A-Za-z0-9_][\w./*{},-]{0,39}): +")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)]) ")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_PERSON = re.compile(r"[^<>\n]{1,100} <[^<>\s@]{1,100}@[^<>\s@]{1,100}>")
# Any `Word-word: ` may be read as a trailer by some tool; `Note: ` and `http://` are words.
_TRAILER_LIKE = re.compile(
    r"[A-Za-z0-9]{1,30}(?:-[A-Za-z0-9]{1,30})+ ?:|(?:cc|fix(?:es)?|close[sd]?|refs?|bug|issue|agent|link) ?:"
    r"|\(cherry picked from commit",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?):? {1,4}"
    r"(?:(?:https?://\S{1,120}/issues/|[\w.-]{1,40}/[\w.-]{1,100}#|#|GH-)(\d+))",
    re.IGNORECASE,
)
# A decorator (`@pytest.fixture`) calls nobody: names of people have no dots.
_MENTION = re.compile(r"((?<!\w)@)(?=[A-Za-z0-9])(?![\w-]{1,40}\.\w)")
_TYPES = {
    "fix": ("fix",),
    "feature": ("feat",),
    "tests": ("test", "tests"),
    "refactoring": ("refactor",),
    "docs": ("docs", "doc"),
    "dependencies": ("deps", "build", "chore"),
    "build": ("build", "ci", "fix"),
}
_IMPERATIVES = frozenset(
    "add allow avoid bump change check clean close cover convert correct create define deprecate disable do"
    " document drop enable ensure expose extend extract fix handle hide implement improve include"
    " introduce keep let limit load log make merge move optimize pass pin prefer prepare prevent print"
    " provide raise read reduce refactor reject remove rename replace report require respect restore return"
    " revert rewrite run set show simplify skip sort split stop store support switch tidy turn unify"
    " update upgrade use validate warn wrap write".split()
)
