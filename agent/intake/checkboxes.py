"""A Markdown task list -> ticks, and the same list with some of them ticked.

Every checkbox counts, as in OpenSpec: nested ones, and those inside a fence, since no rule tells an
example from a task whose fence was left open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from indexer.errors import NotFound

from .brief import Tick, shortened
from .hidden import visible
from .markdown import CHECKBOX

_NUMBER = re.compile(r"(?:\*\*)?(\d{1,4}(?:\.\d{1,4}){0,5}|T\d{3,5})(?=[.):\s*]|$)")
_LETTERS = 400


def read_ticks(text: str, path: str) -> tuple[Tick, ...]:
    """The checkboxes of `text`, the content of the file `path`, in their order."""
    found = list(_boxes(text))
    names = [match[1] if (match := _NUMBER.match(box["text"])) else "" for _, box in found]
    uses = Counter(names)
    return tuple(
        Tick(
            path=path,
            line=line,
            text=shortened(visible(box["text"]).text, _LETTERS),
            done=(box["mark"] or "").lower() == "x",
            id=name if name and uses[name] == 1 else f"L{line}",
        )
        for (line, box), name in zip(found, names, strict=True)
    )


def tick(text: str, done: Collection[str]) -> str:
    """`text` with the boxes of the ids in `done` ticked (`L` and a line number always works).

    Everything else stays as it is, to the byte if `text` was decoded without changing line ends.
    Raises NotFound for an id without a box.
    """
    lines = text.split("\n")
    wanted = set(done)
    for each, (number, box) in zip(read_ticks(text, ""), _boxes(text), strict=True):
        names = {each.id, f"L{number}"} & wanted
        if not names:
            continue
        wanted -= {each.id, f"L{number}"}
        if not each.done:
            line = lines[number - 1]
            start, end = box.span("box") if box["box"] is not None else box.span("blank")
            lines[number - 1] = f"{line[:start]}x{line[end:]}"
    if wanted:
        missing = ", ".join(sorted(wanted))
        raise NotFound(f"no checkbox is called {missing}; use the ids that reading the task list gave")
    return "\n".join(lines)


def _boxes(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if box := CHECKBOX.match(line):
            yield number, box
