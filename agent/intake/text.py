"""Free text or a text file -> a Brief whose criteria are those the author listed.

Nothing is invented: a text without such a list is, as a whole, the one criterion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.errors import BadInput

from .brief import Brief, bounded, numbered, shortened
from .hidden import visible
from .kinds import guess_kind
from .markdown import CHECKBOX, Line, read_lines
from .open_points import open_points

_LISTED = re.compile(
    r"acceptance(?: criteria| criterion| tests?)?|definition of done|done when|(?:success|exit) criteria"
    r"|criteria(?: for acceptance)?|dod",
    re.IGNORECASE,
)
_STEP = re.compile(r"(?:[-*+]\s+|\d{1,3}[.)]\s+)?\**_*(given|when|then|and|but)\b", re.IGNORECASE)
_SCENARIO = re.compile(r"(?:#{1,6}\s+)?\**_*(?:scenario|example)(?: outline)?\b[^:\n]{0,20}:", re.IGNORECASE)
_ONE_LINE = re.compile(r"\bgiven\b.{1,600}\bwhen\b.{1,600}\bthen\b", re.IGNORECASE)
_ASSURANCE = re.compile(
    r"i(?:'ve| have| am|'m| agree| understand| confirm| checked| searched| read| would)\b", re.IGNORECASE
)
_SINGLE = 2000  # letters of a line in which a whole scenario is looked for
_GHERKIN = ("gherkin", "cucumber", "feature")


def read_text(given: str, source: str, letters: int) -> Brief:
    """A Brief of at most `letters` of text. `source` is how criteria name the text they came from."""
    seen = visible(given)
    if not seen.text.strip():
        raise BadInput(f"{source} is empty; say what should change")
    notes = []
    if seen.comments or seen.characters:
        notes.append(hidden_note(seen.comments, seen.characters))
    text = bounded(seen.text.strip("\n") + "\n", letters, notes)
    title = title_of(text)
    listed = criteria_in(text, source)
    criteria, cut = numbered(listed, (text.strip(), source))
    return Brief(
        title=title,
        text=text,
        criteria=criteria,
        source=source,
        kind=guess_kind(title, text),
        notes=(*notes, *cut),
        open_points=open_points(text, [wanted for wanted, _ in listed]),
    )


def hidden_note(comments: int, characters: int) -> str:
    counted = ((comments, "HTML comment"), (characters, "invisible character"))
    parts = [f"{count} {name}{'s' if count > 1 else ''}" for count, name in counted if count]
    return f"{' and '.join(parts)} that a reader does not see left out"


def title_of(text: str) -> str:
    """The first heading if the text begins with one, else its first sentence; at most 72 letters."""
    for line in read_lines(text):
        if line.heading and line.heading[1]:
            return shortened(line.heading[1])
        if line.code is None and line.text.strip(" \t-=*_"):
            plain = line.item[1] if line.item else line.text.strip()
            return shortened(re.split(r"(?<=[.!?])\s", plain, maxsplit=1)[0].rstrip("."))
    return shortened(text) or "(no title)"


def criteria_in(text: str, source: str) -> list[tuple[str, str]]:
    """What the author listed, as (text, source): lists under a heading such as "Acceptance criteria",
    checkboxes, and Given/When/Then.
    """
    lines = read_lines(text)
    found: list[tuple[int, str, str]] = []
    taken: set[int] = set()
    for name, block in _scenarios(lines):
        taken |= {line.number for line in block}
        one = block[0].item and not any(line.item for line in block[1:])
        wanted = _item_text(block) if one else _joined([line.text for line in block])
        found.append((block[0].number, wanted, f"{source}: {name}"))
    for title, section in _sections(lines):
        for item in _items(section, taken):
            taken |= {line.number for line in item}
            found.append((item[0].number, _item_text(item), f"{source}: {title}"))
    for line in lines:
        box = CHECKBOX.match(line.text) if line.code is None and line.number not in taken else None
        # A ticked box outside of such a list says what somebody did before asking.
        if box and not box["mark"] and box["text"].strip() and not _ASSURANCE.match(box["text"]):
            found.append((line.number, box["text"].strip(), f"{source}: line {line.number}"))
    return [(wanted, where) for _, wanted, where in sorted(found, key=lambda each: each[0]) if wanted]


def _scenarios(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Runs of steps with a Then, each with the name of its scenario. They end at a new Given after a Then."""
    name, block, seen = "Given/When/Then", list[Line](), set[str]()
    for line in [*lines, Line(len(lines) + 1, "#")]:
        readable = line.code is None or line.code.split(" ")[0] in _GHERKIN
        step = _STEP.match(line.text.strip()) if readable else None
        word = step[1].lower() if step else ""
        starts = word == "given" or (word == "when" and not block)
        single = word == "given" and bool(_ONE_LINE.search(line.text[:_SINGLE]))
        ends = bool(block) and "then" in seen and (single or starts or (not step and bool(line.text.strip())))
        indented = bool(block) and not step and line.text[:1] in " \t" and readable
        if ends and not indented:
            yield name, block
            block, seen = [], set()
        elif single or (block and not step and line.text.strip() and not indented):
            block, seen = [], set()  # what stood before was a sentence that began like a step
        if starts or (step and block) or (indented and line.text.strip()):
            block.append(line)
            seen |= {word, "then"} if single else {word}
        if readable and _SCENARIO.match(line.text.strip()):
            name = shortened(line.text.strip().strip("#* "), 200)


def _sections(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    """What stands under each heading that announces criteria, up to the next heading of its level."""
    title, level, section = "", 0, list[Line]()
    for line in lines:
        heading = line.heading or _bold_heading(line)
        if heading and (not level or heading[0] <= level or _LISTED.fullmatch(heading[1])):
            if level:
                yield title, section
            title, level = heading[1], heading[0] if _LISTED.fullmatch(heading[1]) else 0
            section = []
        elif level:
            section.append(line)
    if level:
        yield title, section


def _bold_heading(line: Line) -> tuple[int, str] | None:
    """`**Acceptance criteria**` or `Acceptance criteria:` on a line of its own, below every heading."""
    text = line.text.strip()
    if line.code is not None or line.item or len(text) > 80:
        return None
    bold = text.startswith(("**", "__")) and text.rstrip(":").endswith(("**", "__"))
    name = text.strip("*_: ")
    return (7, name) if bold or (text.endswith(":") and _LISTED.fullmatch(name)) else None


def _items(section: list[Line], taken: set[int]) -> Iterator[list[Line]]:
    """The outermost items of a section's lists with what is nested in them; without a list its paragraphs."""
    free = [line for line in section if line.number not in taken]
    margins = [line.item[0] for line in free if line.item]
    if not margins and len(free) < len(section):
        return  # its scenarios are the list
    margin, item = min(margins, default=0), list[Line]()
    for line in free:
        begins = line.item[0] <= margin if line.item else False
        blank = not line.text.strip()
        outside = (
            not line.item and line.text[:1] not in (" ", "\t", "") and bool(margins) and line.code is None
        )
        if item and (begins or (blank and not margins) or (outside and not item[-1].text.strip())):
            yield item
            item = []
        if begins or item or (not margins and not blank and not line.heading):
            item.append(line)
    if item:
        yield item


def _item_text(item: list[Line]) -> str:
    first = item[0]
    box = CHECKBOX.match(first.text)
    start = box["text"] if box else first.item[1] if first.item else first.text
    return _joined([start, *(line.text for line in item[1:])])


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip()
