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
_JAVA = re.compile(  # behind a class loader and a module: `app//`, `java.base@17.0.1/`
    r"^\s*at (?:[\w.@-]+/{1,2})*(?P<function>[\w.$<>]+)"
    r"\((?P<path>\w+\.(?:java|kt|scala|groovy)):(?P<line>\d+)\)"
)
_PACKAGE = re.compile(r"(?:[a-z_][a-z0-9_]*\.)+(?=[A-Z])")  # of a class; its file lies in such folders
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
_C = r"\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|ipp|inl|cu|mm)"
# Of a debugger `#1 0x4f in send (x=1) at net.c:9`, of a sanitizer `#1 0x4f in send(int) /src/net.c:9:2`.
_NATIVE = re.compile(
    rf"^\s*#\d+\s+(?:0x[0-9a-f]+ )?(?:in )?"
    r"(?P<function>(?:\(anonymous namespace\)|[^\s#(])(?:\(anonymous namespace\)|[^(])*?)(?: ?\(.*)? (?:at )?"
    rf"(?P<path>\S+{_C}):(?P<line>\d+)"
)
_COMPILER = re.compile(rf"^(?P<path>\S+{_C}):(?P<line>\d+):(?:\d+:)? (?:fatal error|error|warning): ")
_ASSERTION = re.compile(
    rf"^(?=.*\bAssertion\b)(?=.*\bfailed\b)(?:.*?[\s(])?(?P<path>[^\s(:]+{_C}):(?P<line>\d+)\b"
)
_RUST_PANIC = re.compile(r"panicked at (?:'.*', )?(?P<path>\S+\.rs):(?P<line>\d+):\d+")
# What stands on the line above a frame of Go or Rust: `pkg.(*Type).Method(0x1, …)`, `3: crate::module::name`.
_ABOVE = re.compile(
    r"^\s*(?:\d+:\s+(?:0x[0-9a-f]+ - )?(?:<[^>]+>::)?)?(?P<function>[\w./:*()<>{}]+?)(?:\([^()]*\))?\s*$"
)
_NAMES = re.compile(r"^\s*\d+:\s|^\S+\)$")  # such a line, not a word that stands above a trace
_KINDS = (_PYTHON, _PYTEST, _IPYTHON, _JAVA, _CSHARP, _ECMA, _PHP, _RUBY, _GO, _RUST, _NATIVE)
# A message that says where it was made; what it says besides is kept.
_TOLD = (_RUST_PANIC, _COMPILER, _ASSERTION)
_OUTERMOST_FIRST = (_PYTHON, _PYTEST, _IPYTHON)
_NAMED_ABOVE = (_GO, _RUST)
# What a runner or a log puts before every line of a trace: `INTERNALERROR> `, `E   `, `[time: level] `.
_MARKED = re.compile(r"^(?:\[[^\]\n]*\]|\w+>|[E>|])(?= )")
# The error of a call is raised where the call stands and tells what did not take it.
_REFUSED = re.compile(r"^\s*TypeError: (?P<function>\w+(?:\.\w+)+)\(\) (?:got|takes|missing) ", re.MULTILINE)
_CAUSE = re.compile(r"^\s*Caused by: ")  # of the trace above, told below it
_MORE = re.compile(r"^\s*\.\.\. \d+ (?:more|common frames omitted)")
_HINT = re.compile(r'File "|\bat |:\d+|#\d+ |\.pyx?\b.* in ')  # a line without it is no frame
_JOINT = re.compile(r"[.:#>$]")
_TEMPLATE = re.compile(r"<[^<>]*>")
# What a compiler calls code without a name, and what it appends to one.
_NAMELESS = re.compile(r"|(?:func)?\d+|\{+closure\}+|lambda|h[0-9a-f]{16}|<init")


def frames_of(text: str) -> tuple[tuple[Frame, ...], str]:
    """Every frame of every trace in the text, and the text without the lines that were frames."""
    found: list[Frame] = []
    run: list[Frame] = []  # frames of Python, which tells the innermost last
    kept: list[str] = []
    lines = text.split("\n")
    listing = False
    chain, cause = 0, None  # where the traces of one error begin, and where the next frame of its cause goes
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
            told = _HINT.search(line) and next((one for kind in _TOLD if (one := kind.search(line))), None)
            if told:
                found.append(Frame(_clean(told["path"]), int(told["line"])))
                written = written.replace(told["path"], " ")
            if _CAUSE.match(line):
                cause = chain
            elif not _MORE.match(line):
                chain, cause = len(found), None
            kept.append(written)
            if run and (refused := _REFUSED.match(line)):
                found.append(Frame("", 0, refused["function"]))
            if run and line and not line.startswith((" ", "\t")):
                found += reversed(run)
                run = []
            continue
        if kept and _NAMES.match(kept[-1]) and frame[0].function and frame[0].function in kept[-1]:
            kept.pop()
        listing = frame[1] and ".py" in line and " in " in line and not line.lstrip().startswith('File "')
        if frame[1]:
            run.append(frame[0])
        elif cause is not None:
            found.insert(cause, frame[0])
            cause += 1
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
            path, function = said["path"], said.get("function") or ""
            if kind in _NAMED_ABOVE and (name := _ABOVE.match(above)):
                function = name["function"]
            if kind is _JAVA and (package := _PACKAGE.match(function)):
                path = package[0].replace(".", "/") + path
            return Frame(_clean(path), int(said["line"] or 0), function), kind in _OUTERMOST_FIRST
    return None


def _clean(path: str) -> str:
    path = path.replace("\\", "/").removeprefix("file://")
    return re.sub(r"^webpack:/+(?:\./)?", "", path)


def function_of(frame: Frame) -> str:
    """The bare name of the function a frame stands in, "" where it has none; of a closure, that of the
    function it is written in."""
    called = frame.function.partition(" [as ")[0].removeprefix("new ")
    if "::" in called:
        called = _TEMPLATE.sub("", called)
    name = next(
        (part for part in reversed(_JOINT.split(called.rstrip(")>"))) if not _NAMELESS.fullmatch(part)), ""
    )
    return name if name.isidentifier() else ""
