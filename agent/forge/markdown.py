"""Text that a model or a repository wrote -> Markdown that says it and does nothing else.

On a forge text acts: `@name` calls people, `Closes #3` closes issues, HTML and images load from
elsewhere, a backtick or a `#` swallows what follows. So nothing is passed through: text is taken apart
into code and words, and each part is written anew. Characters nobody sees are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST_MARK = 24  # backticks around code; a longer run inside it is shortened
_MOST_LETTERS = 12_000  # of one piece of prose; a summary has a few hundred


def visible(text: str) -> str:
    """The text without control, format and unassigned characters; line breaks and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _HIDDEN)


def one_line(text: str, letters: int = 300) -> str:
    """The text in one line of at most `letters`, blanks folded; still not safe as Markdown."""
    folded = " ".join(visible(text[: 4 * letters]).split())
    return folded if len(folded) <= letters else folded[: letters - 1].rstrip() + "…"


def code(text: str, letters: int = 300) -> str:
    """A code span that ends where it should, whatever backticks are in it."""
    inner = _RUNS.sub(_SHORTER, one_line(text, letters)) or " "
    mark = "`" * (_longest_run(inner) + 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{mark}{pad}{inner}{pad}{mark}"


def fence(text: str, letters: int = 4000) -> str:
    """A block of code that ends where it should."""
    inner = _RUNS.sub(_SHORTER, visible(text[:letters])).strip("\n")
    mark = "`" * max(3, _longest_run(inner) + 1)
    return f"{mark}text\n{inner}\n{mark}"


def line(text: str, letters: int = 300) -> str:
    """One line of prose, also as what a list entry begins with."""
    return _begin(one_line(text, letters))


def prose(text: str) -> str:
    """Paragraphs, lists, code spans and code blocks; of everything else only the letters."""
    shown = visible(text[:_MOST_LETTERS])
    return "\n".join(_blocks(shown.strip("\n").split("\n"))).strip("\n")


def quoted(text: str) -> str:
    """The prose as a quotation, so that everybody sees where somebody else's words begin and end."""
    return "\n".join(f"> {row}".rstrip() for row in prose(text).split("\n"))


def _blocks(rows: list[str]) -> Iterator[str]:
    at = level = 0
    while at < len(rows):
        opening = _FENCE.match(rows[at])
        if not opening:
            text, level = _row(rows[at], level)
            yield text
            at += 1
            continue
        level = 0
        end = at + 1
        while end < len(rows) and rows[end].strip() != opening[1]:
            end += 1
        yield from ("", *fence("\n".join(rows[at + 1 : end])).split("\n"), "")
        at = end + 1


def _row(row: str, deepest: int) -> tuple[str, int]:
    """One line of prose: its list marker, if it has one, and its words; and how deep the next may stand.

    An item is indented at most one step further than the one before: deeper it would become code.
    """
    text = row.strip()
    item = _ITEM.match(text)
    if item:
        level = min((len(row) - len(row.lstrip())) // 2, deepest, 3)
        return f"{'  ' * level}{item[1]} {_begin(text[item.end() :])}", level + 1
    return _begin(text), 0


def _begin(text: str) -> str:
    """Words whose first character starts no heading, quotation, rule, table or list."""
    words = _words(text)  # which disarms the other signs already
    return f"\\{words}" if words.startswith(("#", "=", "-", "+")) else words


def _words(text: str) -> str:
    parts: list[str] = []
    plain = at = 0
    while (start := text.find("`", at)) >= 0:
        run = _TICKS.match(text, start)
        assert run is not None
        end = _closing(text, run.end(), len(run[0]))
        at = run.end()
        if end >= 0:
            at = end + len(run[0])
            parts += (_escaped(text[plain:start]), code(text[run.end() : end].strip(), _MOST_LETTERS))
            plain = at
    return _joined((*parts, _escaped(text[plain:])))


def _closing(text: str, at: int, length: int) -> int:
    """Where the next run of exactly `length` backticks begins; -1 when there is none."""
    for run in _TICKS.finditer(text, at):
        if len(run[0]) == length:
            return run.start()
    return -1


def _escaped(text: str) -> str:
    """Words with their signs disarmed; what would act on the forge is shown as code."""
    parts: list[str] = []
    at = 0
    for active in _ACTIVE.finditer(text):
        parts += (_SIGNS.sub(_disarm, text[at : active.start()]), code(active[0], _MOST_LETTERS))
        at = active.end()
    return _joined((*parts, _SIGNS.sub(_disarm, text[at:])))


def _joined(parts: Iterable[str]) -> str:
    """The parts in a row; two code spans that touched would become something else."""
    whole: list[str] = []
    for part in filter(None, parts):
        if whole and whole[-1].endswith("`") and part.startswith("`"):
            whole.append(" ")
        whole.append(part)
    return "".join(whole)


def _disarm(sign: re.Match[str]) -> str:
    return _ENTITIES.get(sign[0]) or f"\\{sign[0]}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RUNS, _SHORTER = re.compile(rf"`{{{LONGEST_MARK},}}"), "`" * (LONGEST_MARK - 1)
_TICKS = re.compile(r"`+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[\w+.#-]{0,20}\s*$")
_ITEM = re.compile(r"([-*+]|\d{1,3}[.)])\s+")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_SIGNS = re.compile(r"[\\`<>&\[\]|~$]|!(?=\[)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|\*")
# Names of people and teams, issues, commits of other repositories, addresses. Each quantifier is bounded
# or runs over one class of characters, so that no text takes long.
_ACTIVE = re.compile(
    r"(?:https?://|www\.)[^\s`<>\"')\]]+"
    r"|(?:[\w.-]{1,40}/[\w.-]{1,100})?#\d+"
    r"|GH-\d+"
    r"|[\w.-]{1,40}/[\w.-]{1,100}@[0-9a-f]{7,40}\b"
    r"|[\w.+-]{0,64}@[A-Za-z0-9][\w./-]{0,100}",
    re.IGNORECASE,
)
