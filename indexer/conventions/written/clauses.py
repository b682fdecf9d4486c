"""Say of a place in a sentence whether the sentence asks for what stands there, or forbids it."""

from __future__ import annotations

import re

_FORBIDS = re.compile(
    r"\b(?:do(?:es)? not|don['’]t|never|avoid(?:ing)?|not|no|without|instead of|rather than|over|cannot"
    r"|can['’]t|shouldn['’]t|mustn['’]t|nor|refrain from|stop using|unlike|isn['’]t|aren['’]t)\b",
    re.I,
)
# Where what was forbidden ends: at a stop, or where the sentence says what to do in its place.
_BORDER = re.compile(
    r"[;:—]|\.\s|,|\(|\)|\bbut\b|\binstead\b(?! of)|\bprefer\b|\b(?:and|then) (?:use|prefer|write)\b", re.I
)
_FORBIDDEN = re.compile(
    r"\b(?:(?:is|are|be|was) (?:avoided|forbidden|discouraged|prohibited|banned|disallowed|deprecated)"
    r"|(?:is|are) not (?:allowed|used|permitted|accepted)|not be used|discouraged)\b",
    re.I,
)
_DOUBTFUL = re.compile(
    r"^(?:if|for example|e\.g\.)|\b(?:if you (?:want|like|prefer|must)|optional(?:ly)?(?!\[| chaining)|either"
    r"|may use|can use|could|need not|needn['’]t)\b|(?:not|n['’]t) (?:need|required|necessary)\b|\?",
    re.I,
)


def asks_for(sentence: str, at: int, to: int) -> bool | None:
    """True where it asks for what stands from `at` to `to`, False where it forbids it, None where that is
    left open.
    """
    if _DOUBTFUL.search(sentence):
        return None
    borders = [0, *(match.end() for match in _BORDER.finditer(sentence)), len(sentence)]
    start = max(border for border in borders if border <= at)
    end = min((border for border in borders if border >= to), default=len(sentence))
    before, clause = sentence[start:to], sentence[start:end]
    forbidding = len(_FORBIDS.findall(before))
    if forbidding > 1:
        return None
    if _FORBIDDEN.search(clause):
        return None if forbidding else False
    return not forbidding
