"""Text with stack traces -> their frames, the innermost first, and the text without them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of a trace. `path` is as written, with forward slashes; `line` 0 and `function` "" where
    the trace does not say."""

    path: str
    line: int
    function: str = ""


_PYTHON = re.compile(r'^\s*File "(?P<path>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<function>[\w.<>]+))?')
_PYTEST = re.compile(r"^(?P<path>[\w./\\~-]+\.pyx?):(?P<line>\d+): (?:in (?P<function>\w+)|[\w.]*\w*)\s*$")
_IPYTHON = re.compile(  # also as an editor links it: [path](file:///path) in name(arguments)
    r"^\[?(?:File )?(?P<path>[^\s\[\]()]+?\.pyx?)(?:\]\([^)]*\))?(?::(?P<line>\d+),)? "
    r"in (?P<function>[\w.<>]+)\("
)
_LISTED = re.compile(
    r"^(?:-+> ?|\s+)(\d+)(?:\s|$)"
)  # the code it shows around a frame; the arrow marks the line
_WARNED = re.compile(r"^\s*(?P<path>\S*[/\\][\w.-]+\.py):(?P<line>\d+): \w*Warning: ")
_JAVA = re.compile(
    r"^\s*at (?:[\w.]+/)?(?P<function>[\w.$<>]+)\((?P<path>\w+\.(?:java|kt|scala|groovy)):(?P<line>\d+)\)"
)
_CSHARP = re.compile(r"^\s*at (?P<function>[\w.`<>+]+)\([^)]*\) in (?P<path>.+\.cs):line (?P<line>\d+)")
_ECMA = re.compile(
    r"^\s*at (?:async )?(?:(?P<function>[\w.$<>\[\] ]+?) \()?(?P<path>(?:file://|webpack:///?)?[^\s()]+?"
    r"\.(?:[cm]?[jt]sx?|vue|svelte)):(?P<line>\d+)(?::\d+)?\)?\s*$"
)
_PHP = re.compile(r"^\s*#\d+ (?P<path>\S+\.php)\((?P<line>\d+)\): (?P<function>[\w\\:>-]+)\(")
_RUBY = re.compile(
    r"^\s*(?:from )?(?P<path>\S+\.rb):(?P<line>\d+):in [`'](?:[\w ]+ in )?(?P<function>[\w.#?!:]+)'"
)
_GO = re.compile(r"^\s+(?P<path>\S+\.go):(?P<line>\d+)(?: \+0x[0-9a-f]+)?\s*$")
_RUST = re.compile(r"^\s+at (?P<path>\S+\.rs):(?P<line>\d+)(?::\d+)?\s*$")
_RUST_PANIC = re.compile(r"panicked at (?:'.*', )?(?P<path>\S+\.rs):(?P<line>\d+):\d+")
# What stands on the line above a frame of Go or Rust: `pkg.(*Type).Method(0x1, …)`, `3: crate::module::name`.
_ABOVE = re.compile(r"^\s*(?:\d+:\s+(?:0x[0-9a-f]+ - )?)?(?P<function>[\w./:*()<>{}]+?)(?:\([^()]*\))?\s*$")
_KINDS = (_PYTHON, _PYTEST, _IPYTHON, _JAVA, _CSHARP, _ECMA, _PHP, _RUBY, _GO, _RUST, _RUST_PANIC)
_OUTERMOST_FIRST = (_PYTHON, _PYTEST, _IPYTHON)
_NAMED_ABOVE = (_GO, _RUST)
# What a runner or a log puts before every line of a trace: `INTERNALERROR> `, `E   `, `[time: level] `.
_MARKED = re.compile(r"^(?:\[[^\]\n]*\]|\w+>|[E>|])(?= )")
# The error of a call is raised where the call stands and tells what did not take it.
_REFUSED = re.compile(r"^\s*TypeError: (?P<function>\w+(?:\.\w+)+)\(\) (?:got|takes|missing) ", re.MULTILINE)
_HINT = re.compile(r'File "|\bat |:\d+|#\d+ |\.pyx?\b.* in ')  # a line without it is no frame


def frames_of(text: str) -> tuple[tuple[Frame, ...], str]:
    """Every frame of every trace in the text, and the text without the lines that were frames."""
    found: list[Frame] = []
    run: list[Frame] = []  # frames of Python, which tells the innermost last
    kept: list[str] = []
    lines = text.split("\n")
    listing = False
    for number, written in enumerate(lines):
        line = _MARKED.sub("", written)
        frame = _frame(line, lines[number - 1] if number else "")
        if frame is None:
            if listing and run and (shown := _LISTED.match(line)):
                if line.startswith("-"):
                    run[-1] = replace(run[-1], line=int(shown[1]))
                continue
            if warned := _WARNED.match(line):
                found.append(Frame(_clean(warned["path"]), int(warned["line"])))
            kept.append(written)
            if run and (refused := _REFUSED.match(line)):
                found.append(Frame("", 0, refused["function"]))
            if run and line and not line.startswith((" ", "\t")):
                found += reversed(run)
                run = []
            continue
        listing = frame[1] and ".py" in line and " in " in line and not line.lstrip().startswith('File "')
        if frame[1]:
            run.append(frame[0])
        else:
            found.append(frame[0])
    found += reversed(run)
    return tuple(dict.fromkeys(found)), "\n".join(kept)


def _frame(line: str, above: str) -> tuple[Frame, bool] | None:
    """The frame on a line, and whether its trace tells the outermost first."""
    if not _HINT.search(line):
        return None
    for kind in _KINDS:
        if match := kind.search(line):
            said = match.groupdict()
            function = said.get("function") or ""
            if kind in _NAMED_ABOVE and (name := _ABOVE.match(above)):
                function = name["function"]
            return Frame(_clean(said["path"]), int(said["line"] or 0), function), kind in _OUTERMOST_FIRST
    return None


def _clean(path: str) -> str:
    path = path.replace("\\", "/").removeprefix("file://")
    return re.sub(r"^webpack:/+(?:\./)?", "", path)


def function_of(frame: Frame) -> str:
    """The bare name of the function a frame stands in, "" where it has none."""
    name = re.split(r"[.:#>$]", frame.function.rstrip(")>"))[-1]
    return name if name.isidentifier() else ""
