"""The arguments of a call that makes an error -> how its message is written."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z]+(?=[\s:,.'!]|$)|[A-Z][a-z]+(?=[\s:,.'!]|$)")


def message_style(said: str, code: str) -> str:
    """`plain`, `capital`, `period` or `both`; "" where the first argument is no text that begins with a word.

    `said` are the arguments as written, `code` the same with strings blanked. A name such as `HTTP` or
    `PaymentClient` at the beginning keeps its capital wherever it stands, so it says nothing.
    """
    start = len(said) - len(said.lstrip())
    quote = said[start : start + 1]
    if quote not in ('"', "'", "`") or code[start : start + 3] == '"""':
        return ""
    end = code.find(quote, start + 1)
    if end < 0 or code[end + 1 :].lstrip()[:1] == "+":  # goes on elsewhere
        return ""
    message = said[start + 1 : end].strip()
    word = _WORD.match(message)
    if not word or " " not in message:
        return ""
    capital = message[0].isupper()
    if message.endswith((".", "!")) and not message.endswith(".."):
        return "both" if capital else "period"
    return "capital" if capital else "plain"
