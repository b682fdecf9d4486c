"""The text of an answer -> the tool calls written in it: fenced blocks of JSON and SEARCH/REPLACE edits.

All or nothing: where one block is broken, unclosed or could be read in two ways, none is a call, and
`problem` tells the model what to write instead. What stands in a fence of four or more is a quotation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.model import ToolCall, ToolSchema
from agent.model.text_syntax import (
    JSON_FENCES,
    MOST_CALLS,
    TOOL_FENCES,
    Misread,
    edit_tools,
    is_divider,
    is_replace,
    is_search,
    json_calls,
    path_in,
    tagged_calls,
)

_NOTHING_DONE = "Nothing of this message was done; write it again with every block whole."
_MOST_LETTERS = 1_000_000  # of an answer; a longer one is no answer to a task
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`]*)")
_TAG, _TAG_ENDS = "<tool_call>", "</tool_call>"


@dataclass(frozen=True, slots=True)
class Written:
    """`text` is the answer without its blocks, or all of it where there is a `problem`."""

    text: str
    calls: tuple[ToolCall, ...] = ()
    problem: str = ""


def read_calls(text: str, tools: Sequence[ToolSchema]) -> Written:
    """Find the calls, in their order. Never raises: what cannot be read is the `problem`."""
    text = text.replace("\r\n", "\n")
    if len(text) > _MOST_LETTERS:
        return Written(text[:_MOST_LETTERS], (), f"The message is {len(text)} letters long. {_NOTHING_DONE}")
    reading = _Reading(text, tools)
    try:
        reading.read()
    except Misread as misread:
        return Written(text, (), f"{misread} {_NOTHING_DONE}")
    return Written("\n".join(reading.prose).strip(), tuple(reading.calls))


class _Reading:
    """One walk over the lines. What is no block is `prose`."""

    def __init__(self, text: str, tools: Sequence[ToolSchema]) -> None:
        self.prose: list[str] = []
        self.calls: list[ToolCall] = []
        self._text = text
        self._lines = text.split("\n")
        self._at = 0
        self._known = {tool["function"]["name"] for tool in tools}
        self._tools = tools
        self._edits = edit_tools(tools)
        self._fence = ""  # that is open around the current line
        self._fence_line = 0
        self._fence_prose = 0  # where in the prose it opened
        self._path = ""  # of the last edit, and how much prose there was at its end
        self._path_prose = 0

    def read(self) -> None:
        if self._text.lstrip()[:1] in ("{", "["):  # nothing but a call, without any fence
            self.calls = json_calls(self._text, self._known) if self._balanced() else []
            if self.calls:
                return
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            fence = _FENCE.fullmatch(line)
            if len(self._fence) > 3 and not (fence and self._closes(fence)):
                self.prose.append(line)
            elif is_search(line):
                self._edit()
            elif is_replace(line):
                raise Misread(f"Line {self._at} ends an edit that was not begun.")
            elif line.lstrip().startswith(_TAG):
                self._tagged(line)
            elif fence:
                self._fenced(line, fence)
            else:
                self.prose.append(line)
        if self._fence and self.calls:
            raise Misread(f"The block opened in line {self._fence_line} is not closed.")

    def _balanced(self) -> bool:
        """Whether the text could end as JSON does; prose behind an object is read line by line."""
        return self._text.rstrip()[-1:] in ("}", "]")

    def _fenced(self, line: str, fence: re.Match[str]) -> None:
        info = fence[2].split()[0].lower() if fence[2].split() else ""
        if self._fence:
            if self._closes(fence):
                self._close(line)
            elif info in TOOL_FENCES:
                raise Misread(
                    f"Line {self._at} opens a block inside the one of line {self._fence_line}, which is open."
                )
            else:
                self.prose.append(line)
            return
        end = self._end_of(fence)
        content = "\n".join(self._lines[self._at : end])
        calls: list[ToolCall] = []
        if info in TOOL_FENCES:
            calls = json_calls(content)
            if not calls:
                raise Misread(f"The block of line {self._at} holds no call.")
        elif info in JSON_FENCES and content.lstrip()[:1] in ("{", "["):
            calls = json_calls(content, self._known)
        if not calls:
            self._fence, self._fence_line, self._fence_prose = fence[1], self._at, len(self.prose)
            self.prose.append(line)
            return
        if end == len(self._lines):
            raise Misread(f"The block opened in line {self._at} is not closed.")
        self._add(calls)
        self._at = end + 1

    def _end_of(self, fence: re.Match[str]) -> int:
        """The line that closes a fence; the end of the text if none does."""
        for place in range(self._at, len(self._lines)):
            other = _FENCE.fullmatch(self._lines[place])
            if other and not other[2].strip() and other[1].startswith(fence[1]):
                return place
        return len(self._lines)

    def _closes(self, fence: re.Match[str]) -> bool:
        return not fence[2].strip() and fence[1].startswith(self._fence)

    def _close(self, line: str) -> None:
        """End a fence; one that held nothing but edits leaves nothing behind."""
        inside = self.prose[self._fence_prose + 1 :]
        if self._path_prose > self._fence_prose and not any(part.strip() for part in inside):
            del self.prose[self._fence_prose :]
            self._path_prose = len(self.prose)
        else:
            self.prose.append(line)
        self._fence = ""

    def _tagged(self, line: str) -> None:
        begun = self._at
        parts = [line.lstrip().removeprefix(_TAG)]
        while _TAG_ENDS not in parts[-1]:
            if self._at == len(self._lines):
                raise Misread(f"The {_TAG} of line {begun} is not closed.")
            parts.append(self._lines[self._at])
            self._at += 1
        content, _, rest = "\n".join(parts).partition(_TAG_ENDS)
        calls = tagged_calls(content, self._tools)
        if not calls:
            raise Misread(f"The {_TAG} of line {begun} holds no call.")
        self._add(calls)
        if rest.strip():  # the next call often stands on the same line
            self._at -= 1
            self._lines[self._at] = rest

    def _add(self, calls: list[ToolCall]) -> None:
        self.calls += calls
        if len(self.calls) > MOST_CALLS:
            raise Misread(f"A message holds at most {MOST_CALLS} calls.")

    def _edit(self) -> None:
        begun = self._at
        path = self._path_before(begun)
        old = self._until(is_divider, "=======", begun)
        new = self._until(is_replace, ">>>>>>> REPLACE", begun)
        texts = [path, "".join(f"{line}\n" for line in old), "".join(f"{line}\n" for line in new)]
        tool = self._edits.change
        if not any(line.strip() for line in old):
            tool, texts = self._edits.create, [path, texts[2]]
        if len(tool) != len(texts) + 1:
            raise Misread(f"There is no tool here for the edit of line {begun}.")
        self._add([ToolCall("", tool[0], json.dumps(dict(zip(tool[1:], texts, strict=True))))])
        self._path, self._path_prose = path, len(self.prose)

    def _path_before(self, begun: int) -> str:
        """The last line of prose is the path; it is taken out. Right after an edit its path still holds."""
        for place in range(len(self.prose) - 1, self._path_prose - 1, -1):
            line = self.prose[place]
            if not line.strip() or _FENCE.fullmatch(line):
                continue
            if path := path_in(line):
                del self.prose[place]
                self._fence_prose -= place < self._fence_prose
                return path
            break
        else:
            if self._path:
                return self._path
        raise Misread(
            f"The edit of line {begun} has no path: it stands alone on the line before <<<<<<< SEARCH."
        )

    def _until(self, ends: Callable[[str], bool], marker: str, begun: int) -> list[str]:
        start = self._at
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if ends(line):
                return self._lines[start : self._at - 1]
            if is_search(line) or is_divider(line) or is_replace(line):
                raise Misread(
                    f"Line {self._at} cannot stand in the edit of line {begun}, where {marker} was expected. "
                    "If the file itself holds such a line, use a tool block."
                )
        raise Misread(f"The edit of line {begun} is not closed: {marker} is missing.")
