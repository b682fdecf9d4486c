"""Count how a file of Vue, Svelte or Astro is written: its script as any other, and its own parts."""

from __future__ import annotations

import re
from dataclasses import replace

from ... import embedded
from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally

_SCRIPT = re.compile(r"<script\b([^>]*)>([\s\S]*?)</script>")
_TYPED = re.compile(r"<script\b[^>]*\blang=[\"']tsx?\b")


def script_of(parsed: ParsedFile) -> ParsedFile:
    """The same file with its scripts alone, at the same offsets, in the language that they name."""
    text = parsed.file.text
    language = "typescript" if parsed.file.language == "astro" or _TYPED.search(text) else "javascript"
    return replace(parsed, file=replace(parsed.file, text=embedded.script_of(text).text, language=language))


_TAG = re.compile(r"\n?<(script|template)\b")
_STYLE = re.compile(r"<style\b([^>]*)>")
_USED = re.compile(r"<([A-Z]\w+|[a-z]+-[a-z][\w-]*)[\s/>]")
_PROPS = re.compile(r"defineProps(<|\()")
_STATE = re.compile(r"\b(ref|reactive)(?:<[^()\n]*>)?\(")
_RUNES = re.compile(r"\$props\(|\n\s*export let ")


def count_parts(parsed: ParsedFile, code: Lines, tally: Tally) -> None:
    """What only such a file can be asked."""
    text = parsed.file.text
    lines = Lines(text)
    for match in _SCRIPT.finditer(text):
        line = lines.line(match.start())
        tally.add("component.language", "ts" if _TYPED.match(match[0]) else "js", line)
    for match in _STYLE.finditer(text):
        kind = "module" if "module" in match[1] else "scoped" if "scoped" in match[1] else "open"
        tally.add_at("component.style", kind, lines, match.start())
    if parsed.file.language == "vue":
        _count_vue(text, lines, code, tally)
    elif parsed.file.language == "svelte":
        for match in _RUNES.finditer(code.code):
            answer = "rune" if "$props" in match[0] else "export"
            tally.add_at("component.props", answer, code, match.end() - 1)


def _count_vue(text: str, lines: Lines, code: Lines, tally: Tally) -> None:
    scripts = list(_SCRIPT.finditer(text))
    if scripts:
        setup = next((match for match in scripts if "setup" in match[1]), None)
        api = "script setup" if setup else "setup()" if _CALL.search(code.code) else "options"
        tally.add_at("component.api", api, lines, (setup or scripts[0]).start())
    tags = [match[1] for match in _TAG.finditer(text) if match[0][0] == "\n" or not match.start()]
    if "script" in tags and "template" in tags:
        tally.add("component.order", tags[0], 1)
    for match in _PROPS.finditer(code.code):
        tally.add_at("component.props", "type" if match[1] == "<" else "object", code, match.start())
    for match in _STATE.finditer(code.code):
        tally.add_at("component.state", match[1], code, match.start())
    template = _TEMPLATE.search(text)
    if template:
        for match in _USED.finditer(text, template.start(), template.end()):
            form = "pascal" if match[1][0].isupper() else "kebab"
            tally.add_at("component.tag", form, lines, match.start())


_CALL = re.compile(r"\bsetup\s*(?:\(|:)")
_TEMPLATE = re.compile(r"<template>[\s\S]*</template>")
