"""Turn the head of a definition into its signature, and its docstring or the comment above into its doc."""

from __future__ import annotations

import re

SIGNATURE_LENGTH = 300  # characters: a long parameter list, not an annotation essay
DOC_LENGTH = 1000  # characters: the summary and the first paragraphs

# Space and comments, which may stand between annotations and the head.
BEFORE_HEAD = re.compile(rb"(?>\s+|//[^\n]*|/\*.*?\*/|#(?![\w\[])[^\n]*)*+", re.DOTALL)


def signature(source: bytes, head: int, end: int, body: int) -> str:
    """What stands from `head` to where the `body` begins, or to the `end` where that is 0, on one line."""
    end = min(body or end, head + 4 * SIGNATURE_LENGTH)
    leading = BEFORE_HEAD.match(source, head, end)
    if leading and leading.end() < end:  # else the whole head looks like a comment: `# define X`
        head = leading.end()
    text = source[head:end].decode("utf-8", "replace")
    text = " ".join(_COMMENT_LINE.sub("\n", text).split())
    return (_without_opening(text) if body else text)[:SIGNATURE_LENGTH]


_COMMENT_LINE = re.compile(r"\n[ \t]*(?://|#|--[ \t])[^\n]*")


def _without_opening(head: str) -> str:
    """A head without what leads from it to its body."""
    if head.endswith(("{", ":", "=")):
        return head[:-1].rstrip()
    opening = _OPENING.search(head) if head.endswith(("=>", "where", "do")) else None
    return head[: opening.start()] if opening else head


_OPENING = re.compile(r"\s*(?:=>|\bwhere|\bdo)$")


def clean_doc(text: str) -> str:
    """The words of a comment or docstring, one line per line, without markers and indentation."""
    text = _without_quotes(text[: 4 * DOC_LENGTH].strip())
    lines = []
    for line in map(str.strip, text.split("\n")):
        if line[:1] in _MARKERS_BEGIN or line[-1:] in _MARKERS_END:  # most lines of a docstring have none
            line = _MARKERS.sub("", line).strip()
        lines.append(line)
    return "\n".join(lines).strip()[:DOC_LENGTH].rstrip()


_MARKERS = re.compile(
    r"^(?:/{2,}[!<]?|/\*+[!<]?|\*+/|\*(?!\w)|#+!?|--\[=*\[|--+\s?[|^]?|\{-\s?[|^]?|;+)"
    r"|(?:\*+/|-\}|\]=*\])$"
)
_MARKERS_BEGIN, _MARKERS_END = frozenset("/*#-{;"), frozenset("/}]")


def _without_quotes(text: str) -> str:
    opening = _QUOTES_OPEN.match(text)
    start = opening.end() if opening else 0
    closing = _QUOTES_CLOSE.search(text, max(start, len(text) - 3))
    return text[start : closing.start() if closing else None]


_QUOTES_OPEN = re.compile(r"(?:@\w+\s+)?[~rRuUbB]{0,2}(?:\"{1,3}|'{1,3}|[sS]\"{3})")
_QUOTES_CLOSE = re.compile(r"(?:\"{1,3}|'{3})$")
