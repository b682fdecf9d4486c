"""The bytes of a file -> its text with LF line ends, as far as they can be read; never an error."""

from __future__ import annotations

import codecs
import re

_LOOKED_AT = 8192  # bytes: where git looks for a NUL to call a file binary
_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:coding|charset|encoding)\s*[:=]\s*["']?([\w.-]+)""")
# What a file may declare: one of these, not any codec of Python's (some run for long, some return bytes)
_ENCODINGS = re.compile(
    r"(?:cp|windows-?)(?:1250|1251|1252|1253|1254|1255|1256|1257|1258|437|850|866|874|932|936|949|950)"
    r"|iso-?8859-?\d\d?|latin-?\d|koi8-[ru]|mac-?(?:roman|cyrillic)|shift_?jis|sjis|euc-(?:jp|kr)"
    r"|iso-?2022-?jp|gbk|gb2312|gb18030|big5|tis-?620"
)


def decode(raw: bytes) -> str | None:
    """The text, without a byte order mark; None for binary content."""
    text = _text(raw)
    if text is None:
        return None
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\n" not in text:
            text = text.replace("\r", "\n")
    return text


def _text(raw: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if b"\0" in raw[:_LOOKED_AT]:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _declared(raw) or _guessed(raw)


def _declared(raw: bytes) -> str | None:
    """Python's coding cookie, an XML declaration, a meta element: within the first two lines."""
    head = b"\n".join(raw[:1024].splitlines()[:2])
    match = _DECLARED.search(head)
    name = match[1].decode("ascii").lower() if match else ""
    if not _ENCODINGS.fullmatch(name):
        return None
    try:
        return raw.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _guessed(raw: bytes) -> str:
    """UTF-8 with a few broken places, if most of what is not ASCII can be read as such; else Western."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(character > "\x7f" for character in text) > 2 * broken:
        return text
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
