"""The text of a report -> what is in it: words with weights, names, paths, frames, code, quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from .code import KEYWORDS, Block, read_block, resolved
from .frames import Frame, frames_of, function_of
from .noise import without_noise

_SHORTEST = 200  # characters: below, it is a question, even on two lines
_TITLE = 3.0  # the title says in ten words what the rest says in five hundred
_CALLED = 0.5  # of a name in the text: an example calls what is not at fault,
_FRAME = 0.7  # and a trace passes through it
_COMMAND = 3  # words of a command without its options; more are a message
_RUN = 5  # words of a message that stand together in the code
_ERRORS = 5  # messages; a log repeats itself
_LITERALS = 60  # strings of examples; a listing of data holds hundreds
_ERROR_RUN = 3  # and of an error's: it is put together from more values, but it is known to be a message
_CODE = 0.5  # an example sets its scene with many words that are not the point
# Words of whoever writes a report, not of what it is about.
_FILLER = frozenset(
    "a an the of to in on at by for from with and or is are was were be been being do does did how what "
    "where when which who why that this these those it its their there here i we you they he she my our "
    "your can could should would will shall may might must have has had not no into onto about between "
    "during after before than then so such as if any some all each but also just only like get got "
    "getting use used using see seen seems seem think want need make makes made work works working way "
    "thing things bug issue issues problem problems report expected actual behavior behaviour reproduce "
    "steps example version versions following currently instead however because since while though "
    "please thanks thank hello hi am me one two same other more very happens happen happened case code "
    "output result results e g ie eg etc com https http www github html org".split()
)

_WORD = re.compile(r"\w+")
_FENCE = re.compile(
    r"^[ \t]*(```|~~~)[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)((?:(?: {4}|\t)[^\n]*\n(?:[ \t]*\n)?)+)")
_PROMPTED = re.compile(r"((?:^[ \t]*(?:>>>|\.\.\.|In \[\d+\]:)[^\n]*(?:\n|\Z))+)", re.MULTILINE)
_TICKED = re.compile(r"`{1,2}([^`\n]{2,120})`{1,2}")
_NAME = re.compile(r"[A-Za-z_]\w*(?:(?:\.|::|#|->)[A-Za-z_]\w*)*")
_ABBREVIATION = re.compile(r"[A-Za-z](?:\.[A-Za-z])+")  # `e.g.`, `i.e.`
_CALLED_NAME = re.compile(rf"(?<![\w.])({_NAME.pattern})\(")
_CASED = re.compile(r"[a-z0-9][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]|^_\w|[A-Z][A-Z0-9]{2,}|\.|::|->")
_SUFFIXES = (
    "pyx?|pyi|[cm]?[jt]sx?|java|kt|go|rs|rb|php|cs|c|h|cc|cpp|hpp|swift|scala|lua|ex|exs|zig|hs|sh|vue|"
    "rst|md|toml|cfg"
)
_PATH = re.compile(
    rf"(?<![\w./:-])((?:[\w.~-]*/)*[\w.-]+\.(?:{_SUFFIXES}))(?:(?::|#L|, line )(\d+))?(?![\w/])"
)
_LINK = re.compile(r"https?://[^\s)\]>\"']+")
_BLOB = re.compile(r"/(?:blob|tree|src)/[\w.-]+/([\w./-]+\.\w+)(?:#L(\d+))?")
_QUOTED = re.compile(r"\"([^\"\n]{4,80})\"|(?<!\w)'([^'\n]{4,80})'(?!\w)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]+")
_ERROR = re.compile(r"\b\w*(?:Error|Exception|Warning|ERROR|WARNING)\b`?: +(\S.{5,})")


@dataclass(frozen=True, slots=True)
class Mention:
    """A path in the text, as written; `strong` where a link or a sentence points at it, not a listing."""

    path: str
    line: int
    strong: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a long question says.

    `terms` weighs the words by where they stand and how often; `names` the identifiers, dotted ones whole, by
    the same; `frames` begin with the innermost; `literals` are the strings of its examples.
    """

    title: str
    prose: str
    terms: Mapping[str, float]
    names: Mapping[str, float]
    paths: tuple[Mention, ...]
    frames: tuple[Frame, ...]
    blocks: tuple[Block, ...]
    quoted: tuple[str, ...]
    literals: tuple[str, ...]


def is_report(text: str) -> bool:
    """Several lines that say more than a question does."""
    stripped = text.strip()
    return "\n" in stripped and len(stripped) >= _SHORTEST


def read_report(text: str) -> Report:
    clean = without_noise(text).strip()
    frames, rest = frames_of(clean)
    title, _, body = rest.strip().partition("\n")
    codes, prose = _split(body)
    blocks = tuple(read_block(code) for code in codes)
    return Report(
        title=title.strip(),
        prose=_LINK.sub(" ", prose),
        terms=_terms(title, _LINK.sub(" ", prose), blocks),
        names=_names(title, prose, blocks, frames),
        paths=_paths(title, prose, codes),
        frames=frames,
        blocks=blocks,
        quoted=tuple(dict.fromkeys([*_quoted(title, prose), *_raised(clean)])),
        literals=_literals(blocks),
    )


def _split(body: str) -> tuple[list[str], str]:
    """The pieces of code of a text, and the text without them."""
    codes: list[str] = []

    def take(piece: str) -> str:
        if piece.strip():
            codes.append(piece)
        return "\n"

    prose = _FENCE.sub(lambda match: take(match[3]), body)
    prose = _PROMPTED.sub(lambda match: take(match[1]), prose)
    return codes, _INDENTED.sub(lambda match: take(match[1]), prose)


def _terms(title: str, prose: str, blocks: Sequence[Block]) -> dict[str, float]:
    """How often each word is said: in the title thrice, in code by half, what the author defined never."""
    own = frozenset().union(*(block.defines for block in blocks))
    counts: dict[str, float] = {}
    for text, weight in ((title, _TITLE), (prose, 1.0), *((block.text, _CODE) for block in blocks)):
        for word in _WORD.findall(text):
            if not (word.lower() in _FILLER or word.isdigit() or word in own):
                counts[word] = counts.get(word, 0.0) + weight
    return counts


def _names(title: str, prose: str, blocks: Sequence[Block], frames: Iterable[Frame]) -> dict[str, float]:
    """Identifiers by how much they are pointed at: in the title, in ticks, in the text, in an example."""
    names: dict[str, float] = {}
    imports = {name: whole for block in blocks for name, whole in block.imports.items()}

    def add(name: str, weight: float) -> None:
        plain = resolved(re.sub(r"::|->|#", ".", name).strip("."), imports)
        names[plain] = max(names.get(plain, 0.0), weight)

    for text, weight in ((prose, 1.0), (title, 2.0)):
        for ticked in _TICKED.findall(text):
            for name in _pointed_at(ticked):
                if name.lower() not in _FILLER | KEYWORDS and len(name) > 2:
                    add(name, weight)
        for name in _NAME.findall(_LINK.sub(" ", text)):
            if _CASED.search(name) and not _ABBREVIATION.fullmatch(name):
                add(name, weight)
    for block in blocks:
        for name in block.calls:
            add(name, _CALLED)
        for name in block.defines:
            names.pop(name, None)
    for frame in frames:
        if name := function_of(frame):
            add(name, _FRAME)
    return names


def _pointed_at(ticked: str) -> list[str]:
    """The names in a piece set in ticks: a command names what it does, but not by its options; a message
    names nothing, unless it calls it."""
    return (_CALLED_NAME if _is_message(ticked) else _NAME).findall(_OPTION.sub(" ", ticked))


def _paths(title: str, prose: str, codes: Iterable[str]) -> tuple[Mention, ...]:
    found: dict[str, Mention] = {}
    for path, line in _BLOB.findall(prose):
        found[path] = Mention(path, int(line or 0), True)
    for text, strong in ((_LINK.sub(" ", f"{title}\n{prose}"), True), *((code, False) for code in codes)):
        for path, line in _PATH.findall(text.replace("\\", "/")):
            found.setdefault(path, Mention(path, int(line or 0), strong))
    return tuple(found.values())


def _quoted(title: str, prose: str) -> list[str]:
    """What may stand in the code letter by letter: quoted strings, messages in ticks, options of a command
    line. Those of a command that reproduces it only set the scene."""
    text = f"{title}\n{prose}"
    quoted = [one or other for one, other in _QUOTED.findall(text)]
    messages = [ticked for ticked in _TICKED.findall(text) if _is_message(ticked)]
    runs = [run for written in (*quoted, *messages) for run in _runs(written, _RUN)]
    return [*runs, *_OPTION.findall(text)]


def _raised(text: str) -> list[str]:
    """What an error says, in pieces that may stand in the code: its values do not."""
    messages = dict.fromkeys(match.rstrip("`'\" ") for match in _ERROR.findall(text))
    pieces = [piece for message in list(messages)[:_ERRORS] for piece in _runs(message, _ERROR_RUN)]
    return [piece for piece in pieces if sum(len(word) > 3 for word in _WORD.findall(piece)) > 1]


def _literals(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The strings of an example: what it chooses by name, as `how="cross"`, stands where it is told apart."""
    found = (one or other for block in blocks for one, other in _QUOTED.findall(block.text))
    return tuple(islice(dict.fromkeys(found), _LITERALS))


def _is_message(ticked: str) -> bool:
    return len(_OPTION.sub(" ", ticked).split()) > _COMMAND


def _runs(written: str, length: int) -> list[str]:
    """A few words whole, of a longer message every few in a row: the others may be values put into it."""
    words = list(_WORD.finditer(written))
    if len(words) <= length:
        return [written]
    ends = words[length - 1 :]
    return [written[first.start() : last.end()] for first, last in zip(words, ends, strict=False)]
