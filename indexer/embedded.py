"""Bring out the code that a notebook or a component file holds, each line where it stands in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Part:
    """Code of `language` on the lines of the file that holds it; lines of anything else are blank.

    `borders` are places to cut outside the code, `prose` the lines that are Markdown.
    """

    text: str
    language: str
    borders: dict[int, int] = field(default_factory=dict)
    prose: tuple[str, ...] = ()


_OPEN = re.compile(r"<script\b([^>]{0,2000})>", re.IGNORECASE)
_CLOSE = re.compile(r"</script\s{0,100}>", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
_JSX = re.compile(r"\blang\s*=\s*[\"'](?:tsx|jsx)")
_ELEMENT = re.compile(r"([ \t]*)<\w", re.ASCII)
_DEEPEST_ELEMENT = 20  # columns of indentation; deeper ones are no place to cut


def script_of(text: str) -> Part:
    """The scripts of a Vue, Svelte or Astro file, and Astro's front matter, as TypeScript.

    Elements are borders by their indentation, so a long template is cut between them.
    """
    scripts = list(_scripts(text))
    kept = [(start, end) for _, start, end in scripts]
    front = _FRONT_MATTER.match(text)
    if front:
        kept.append(front.span(1))
    language = "tsx" if any(_JSX.search(attributes) for attributes, _, _ in scripts) else "typescript"
    code = _blanked(text, sorted(kept))
    borders = {}
    for number, (line, script) in enumerate(zip(text.split("\n"), code.split("\n"), strict=True), 1):
        element = None if script.strip() else _ELEMENT.match(line)
        if element and len(element[1]) <= _DEEPEST_ELEMENT:
            borders[number] = 1 + len(element[1].expandtabs(2))
    return Part(code, language, borders)


def _scripts(text: str) -> Iterator[tuple[str, int, int]]:
    """The attributes of each script with the start and end of what is in it."""
    opening = _OPEN.search(text)
    while opening:
        closing = _CLOSE.search(text, opening.end())
        if not closing:
            return
        yield opening[1], opening.end(), closing.start()
        opening = _OPEN.search(text, closing.end())


def _blanked(text: str, kept: Sequence[tuple[int, int]]) -> str:
    """`text` with everything outside the kept ranges as spaces, so that no column moves."""
    pieces = []
    position = 0
    for start, end in kept:
        if start >= position:
            pieces += [re.sub(r"[^\n]", " ", text[position:start]), text[start:end]]
            position = end
    return "".join([*pieces, re.sub(r"[^\n]", " ", text[position:])])


_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"?|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_DEPTH = 5  # of a path, one more than any that is asked for
_MAGIC = re.compile(r"\s*[%!?]|.*\?\s*$")
_HARMLESS_CELL_MAGIC = ("%%time", "%%timeit", "%%capture")  # the rest of the cell is still Python


def cells_of(text: str) -> Part | None:
    """The code cells of a notebook (nbformat 4), or None when the text is no such JSON.

    A notebook that is written as usual has one line of source on a line of JSON: that line of the
    result holds it. Source written otherwise has no line of its own and is left out. Lines for the
    notebook and not for the language (`%time`, `!ls`) are blank, as are cells that another
    interpreter runs. Borders are the cells, and their sources and outputs.
    """
    number_of_lines = text.count("\n") + (not text.endswith("\n"))
    code, prose = [""] * number_of_lines, [""] * number_of_lines
    borders: dict[int, int] = {}
    language = "python"
    kind = ""
    source: list[tuple[int, str]] = []
    try:
        for path, line, value in _values(text):
            match path:
                case ("cells", int()):
                    if value == "{":
                        borders[line] = 1
                        kind, source = "", []
                    elif value == "}":
                        _place(code if kind == "code" else prose, source, kind)
                case ("cells", int(), "cell_type"):
                    kind = value
                case ("cells", int(), "source" | "outputs") if value == "[":
                    borders[line] = 2
                case ("cells", int(), "source") | ("cells", int(), "source", int()) if value != "]":
                    source.append((line, value))
                case ("metadata", "kernelspec", "language") | ("metadata", "language_info", "name"):
                    language = value.lower()
    except (ValueError, IndexError):
        return None
    return Part("\n".join(code), language, borders, tuple(prose))


def _place(lines: list[str], source: Sequence[tuple[int, str]], kind: str) -> None:
    if kind not in ("code", "markdown"):
        return
    first = source[0][1] if source else ""
    if kind == "code" and first.startswith("%%") and not first.startswith(_HARMLESS_CELL_MAGIC):
        return
    for line, text in source:
        text = text.removesuffix("\n")
        if "\n" not in text and not (kind == "code" and _MAGIC.match(text)):
            lines[line - 1] = text


def _values(text: str) -> Iterator[tuple[tuple[str | int | None, ...], int, str]]:
    """Every value of a JSON text with its path and line; brackets come as values of their container."""
    path: list[str | int | None] = []  # the keys and indexes on the way; None before the key is known
    line, position = 1, 0
    key = ""
    for token in _TOKEN.finditer(text):
        line += text.count("\n", position, token.start())
        position = token.start()
        word = token[0]
        if word in "{[":
            yield tuple(path[:_DEPTH]), line, word
            path.append(None if word == "{" else 0)
        elif word in "}]":
            path.pop()
            yield tuple(path[:_DEPTH]), line, word
        elif word == ",":
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else None
        elif word == ":":
            path[-1] = key
        elif path and path[-1] is None:
            key = str(json.loads(word))
        else:
            yield tuple(path[:_DEPTH]), line, str(json.loads(word)) if word[0] == '"' else word
