"""A rule and a place that keeps it -> the same file with that place breaking the rule, as a careless edit would.

Most habits are decided on one line, so most mutations are a pattern and what stands there instead. `MUTATIONS`
holds them by question and answer; what needs more than a line (a name, a docstring, a whole file) is written out
below it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.types import ParsedFile, Symbol

Edit = Callable[[str, int, ParsedFile], str | None]  # text, line, the file parsed -> the text broken, or None


@dataclass(frozen=True, slots=True)
class Swap:
    """Replace `pattern` by `instead` once, in the line of the place or in one of the `reach` lines after it."""

    pattern: str
    instead: str | Callable[[re.Match[str]], str]
    reach: int = 1

    def __call__(self, text: str, line: int, parsed: ParsedFile) -> str | None:
        lines = text.split("\n")
        head, body, tail = (
            lines[: line - 1],
            lines[line - 1 : line - 1 + self.reach],
            lines[line - 1 + self.reach :],
        )
        changed, count = re.subn(self.pattern, self.instead, "\n".join(body), count=1)
        return "\n".join([*head, changed, *tail]) if count else None


def edits_of(question: str, answer: str, language: str) -> Sequence[Edit]:
    """The edits that break `question=answer`, the likeliest first; none for what has no mutation yet."""
    for said in (answer, "*"):
        for spoken in (language, ""):
            if (question, said, spoken) in _MUTATIONS:
                return _MUTATIONS[question, said, spoken]
    for pattern, edit in _FAMILIES:
        if re.fullmatch(pattern, f"{question}={answer}"):
            return (edit,)
    return ()


def new_names(question: str, answer: str, path: str) -> Sequence[str]:
    """Other paths for a new file, where the habit is about the file's name or place."""
    folder, _, name = path.rpartition("/")
    stem, dot, suffix = name.partition(".")
    if question in ("name.file", "file.subject", "component.file"):
        style = answer if question != "file.subject" else _style_of(stem)
        new = "other_thing" if question == "file.subject" and style != "pascal" else _restyled(stem, style)
        return [f"{folder}/{new}{dot}{suffix}".lstrip("/")]
    if question == "test.file":
        return [
            f"{folder}/{other}.{suffix.rpartition('.')[2]}".lstrip("/")
            for other in _other_forms(stem, answer)
        ]
    return ()


# -- names


def renamed(text: str, line: int, parsed: ParsedFile, name: Callable[[str], str | None]) -> str | None:
    """The definition on `line` under another name, everywhere in its file."""
    symbol = _defined_at(parsed, line)
    new = name(symbol.name) if symbol else None
    if not symbol or not new or new == symbol.name:
        return None
    return re.sub(rf"(?<![\w$]){re.escape(symbol.name)}(?![\w$])", new, text)


def _defined_at(parsed: ParsedFile, line: int) -> Symbol | None:
    for symbol in parsed.symbols:
        if symbol.span.start == line or (symbol.doc and symbol.doc_start <= line < symbol.span.start):
            return symbol
    inside = [s for s in parsed.symbols if s.span.start <= line <= min(s.span.end, s.span.start + 8)]
    return inside[-1] if inside else None  # the line of a name below its decorators, or of a docstring


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")


def _restyled(name: str, style: str) -> str:
    """A name of `style` in another one."""
    words = [word.lower() for word in _WORD.findall(name)]
    if style == "camel":
        return "_".join(words)
    if style == "snake":
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if style == "pascal":
        return "_".join(words)
    if style == "upper":
        return words[0] + "".join(word.capitalize() for word in words[1:])
    return words[0] + "".join(word.capitalize() for word in words[1:])  # kebab


def _style_of(name: str) -> str:
    return "pascal" if name[:1].isupper() else "other"


def _rename_style(style: str) -> Edit:
    def edit(text: str, line: int, parsed: ParsedFile) -> str | None:
        return renamed(text, line, parsed, lambda name: _restyled(name, style))

    return edit


_OTHER_VERB = {
    "get": "fetch", "fetch": "get", "create": "make", "make": "create", "delete": "remove", "remove": "delete",
    "check": "validate", "validate": "check", "update": "modify", "to": "as", "build": "create", "new": "make",
    "ensure": "check", "verify": "check", "retrieve": "get", "convert": "transform", "change": "update",
}  # fmt: skip


def _other_verb(name: str) -> str | None:
    match = re.match(r"(_*)([A-Z]?[a-z]+)", name)
    if not match or match[2].lower() not in _OTHER_VERB:
        return None
    other = _OTHER_VERB[match[2].lower()]
    return match[1] + (other.capitalize() if match[2][0].isupper() else other) + name[match.end() :]


def _without_predicate(name: str) -> str | None:
    match = re.match(
        r"(_*)(?:is|has|can|should|was|are|needs|supports|contains|does|Is|Has|Can)_?(?=[A-Za-z])", name
    )
    rest = name[match.end() :] if match else ""
    return (match[1] + "compute_" + rest.lower()) if match and rest else None


def _without_suffix(suffix: str) -> Callable[[str], str | None]:
    return lambda name: name.removesuffix(suffix) + "Problem" if name.endswith(suffix) else None


def _rename(name: Callable[[str], str | None]) -> Edit:
    return lambda text, line, parsed: renamed(text, line, parsed, name)


def _other_forms(stem: str, form: str) -> list[str]:
    bare = re.sub(r"^test_|_test$|Tests?$|^Test|_spec$|-test$", "", stem) or "thing"
    if form == "test_*":
        return [f"{bare}_test"]
    if form in ("*_test", "*.test", "*.spec"):
        return [f"test_{bare}"]
    return [f"{bare}Tests" if form == "*Test" else f"{bare}Test"]


# -- documentation


def without_doc(text: str, line: int, parsed: ParsedFile) -> str | None:
    """The definition on `line` without its docstring or the comment above it."""
    symbol = _defined_at(parsed, line)
    if not symbol or not symbol.doc:
        return None
    lines = text.split("\n")
    if parsed.file.language == "python":
        body = "\n".join(lines[symbol.span.start - 1 : symbol.span.end])
        bare = re.sub(r'[rbu]?("""|\'\'\')[\s\S]*?\1', "pass", body, count=1)
        return "\n".join([*lines[: symbol.span.start - 1], bare, *lines[symbol.span.end :]])
    if symbol.doc_start < symbol.span.start:
        return "\n".join(lines[: symbol.doc_start - 1] + lines[symbol.span.start - 1 :])
    return None


def with_doc(text: str, line: int, parsed: ParsedFile) -> str | None:
    """The definition on `line` with a doc comment that it did not have."""
    symbol = _defined_at(parsed, line)
    if not symbol or symbol.doc:
        return None
    lines = text.split("\n")
    indent = re.match(r"\s*", lines[line - 1])
    pad = indent[0] if indent else ""
    if parsed.file.language == "python":
        opening = next((n for n in range(line - 1, symbol.span.end) if lines[n].rstrip().endswith(":")), None)
        if opening is None:
            return None
        return "\n".join([*lines[: opening + 1], f'{pad}    """Do the thing."""', *lines[opening + 1 :]])
    comment = {"go": f"{pad}// {symbol.name} does the thing.", "rust": f"{pad}/// Does the thing."}
    said = comment.get(parsed.file.language, f"{pad}/** Does the thing. */")
    return "\n".join([*lines[: line - 1], said, *lines[line - 1 :]])


def _doc_in_style(section: str) -> Edit:
    """Another style of sections at the end of the docstring."""

    def edit(text: str, line: int, parsed: ParsedFile) -> str | None:
        symbol = _defined_at(parsed, line)
        if not symbol or not symbol.doc:
            return None
        lines = text.split("\n")
        body = "\n".join(lines[line - 1 : symbol.span.end])
        match = re.search(r'("""|\'\'\')([\s\S]*?)\1', body)
        if not match:
            return None
        inner = re.sub(
            r"(?m)^(\s*)(?::param|:returns?|:raises|Args:|Returns:|Raises:|-{3,}).*$", r"\1", match[2]
        )
        pad = re.match(r"\s*", lines[line])
        said = section.replace("\n", "\n" + (pad[0] if pad else "    "))
        changed = body[: match.start(2)] + inner.rstrip() + said + body[match.end(2) :]
        return "\n".join([*lines[: line - 1], changed, *lines[symbol.span.end :]])

    return edit


_DOC = 30  # lines: as far down as a doc comment or a docstring goes


def _in_doc(pattern: str, instead: str, times: int = 1) -> Edit:
    """A swap in the documentation of the definition at the line, wherever it stands."""
    swap = re.compile(pattern, re.M)

    def edit(text: str, line: int, parsed: ParsedFile) -> str | None:
        symbol = _defined_at(parsed, line)
        if not symbol or not symbol.doc:
            return None
        lines = text.split("\n")
        first = min(symbol.doc_start or symbol.span.start, symbol.span.start)
        last = symbol.span.start - 1 if first < symbol.span.start else min(symbol.span.end, first + _DOC)
        changed, found = swap.subn(instead, "\n".join(lines[first - 1 : last]), count=times)
        return "\n".join([*lines[: first - 1], changed, *lines[last:]]) if found else None

    return edit


def _own_type(text: str, line: int, parsed: ParsedFile) -> str | None:
    """`Self` written out as the type of the `impl` around the line."""
    lines = text.split("\n")
    for above in reversed(lines[: line - 1]):
        match = re.match(r"impl(?:<[^>]*>)? (?:[\w:<>, ]+ for )?(\w+)", above)
        if match:
            return Swap(r"\bSelf\b", match[1])(text, line, parsed)
    return None


def _static_import_last(text: str, line: int, parsed: ParsedFile) -> str | None:
    return _moved(text, r"^import static [^\n]+\n", r"^import (?!static)[^\n]+\n", last=True)


def _static_import_first(text: str, line: int, parsed: ParsedFile) -> str | None:
    return _moved(text, r"^import static [^\n]+\n", r"^import (?!static)[^\n]+\n", last=False)


def _java_import_last(text: str, line: int, parsed: ParsedFile) -> str | None:
    return _moved(text, r"^import javax?\.[^\n]+\n", r"^import (?!static|javax?\.)[^\n]+\n", last=True)


def _java_import_first(text: str, line: int, parsed: ParsedFile) -> str | None:
    return _moved(text, r"^import javax?\.[^\n]+\n", r"^import (?!static|javax?\.)[^\n]+\n", last=False)


def _moved(text: str, what: str, among: str, last: bool) -> str | None:
    """All imports like `what` behind, or before, all those like `among`."""
    moved = re.findall(what, text, re.M)
    if not moved or not re.search(among, text, re.M):
        return None
    rest = re.sub(what, "", text, flags=re.M)
    others = list(re.finditer(among, rest, re.M))
    at = others[-1].end() if last else others[0].start()
    return rest[:at] + "".join(moved) + rest[at:]


def _without_header(text: str, line: int, parsed: ParsedFile) -> str | None:
    """The file without the comment it begins with."""
    bare = re.sub(r"\A(?:/\*[\s\S]*?\*/|(?://[^\n]*\n)+|(?:#[^\n]*\n)+)\s*", "", text)
    return bare if bare != text else None


def _indented(text: str, line: int, parsed: ParsedFile) -> str | None:
    """Every indentation by tabs."""
    return re.sub(r"(?m)^( +)", lambda match: "\t" * (1 + len(match[1]) // 4), text)


_FAMILIES: tuple[tuple[str, Edit], ...] = (
    *(
        (rf"name\.(?:function|method|type|constant)={style}", _rename_style(style))
        for style in ("snake", "camel", "pascal", "upper", "kebab")
    ),
    (r"verb\.\w+=\w+", _rename(_other_verb)),
    (r"name\.predicate=yes", _rename(_without_predicate)),
    (r"error\.suffix=Error", _rename(_without_suffix("Error"))),
    (r"error\.suffix=Exception", _rename(_without_suffix("Exception"))),
    (r"(?:name\.)?suffix\b.*=\w+", _rename(lambda name: name + "Thing")),
    (r"doc\.(?:function|method|type)=yes", without_doc),
    (r"doc\.(?:function|method|type)=no", with_doc),
    (r"doc\.(?:period|end)=(?:yes|period)", _in_doc(r"\.(?=\s*(?:\"\"\"|\*/|$))", "")),
    (r"doc\.mood=third", _in_doc(r"((?:///?|\*|\"\"\")\s*)([A-Z][a-z]+)s\b", r"\1\2")),
    (
        r"doc\.mood=imperative",
        _in_doc(r"((?:///?|\*|\"\"\")\s*)([A-Z][a-z]*[b-rt-z])\b(?! is| are)", r"\1\2s"),
    ),
    (r"(?:js)?doc\.param=yes", _in_doc(r"[ \t]*\*?[ \t]*@param[^\n]*\n", "")),
    (r"(?:js)?doc\.return=(?:yes|@returns)", _in_doc(r"@returns?\b", "@return")),
    (r"file\.header=.*", _without_header),
    (r"indent=.*", _indented),
    (r"error\.root=.*", Swap(r"(extends |\()\w[\w., ]*(?=[):]| \{)", r"\1Exception", 2)),
    (r"uses\.\w+=.*", lambda text, line, parsed: None),
)


_MUTATIONS: dict[tuple[str, str, str], Sequence[Edit]] = {
    # Python
    ("raise.from", "yes", "python"): (Swap(r"\s+from\s+\w+[ \t]*(?=\n|$)", "", 12),),
    ("except", "named", "python"): (Swap(r"except [^:\n]+:", "except Exception:"),),
    ("except", "broad", "python"): (Swap(r"except [^:\n]+:", "except ValueError:"),),
    ("assert", "no", "python"): (Swap(r"raise \w+(?:\([^()\n]*\))?[ \t]*(?=\n|$)", "assert False"),),
    ("ignored", "suppress", "python"): (
        Swap(r"(?m)^([ \t]*)with (?:contextlib\.)?suppress\(([^()\n]*)\):\n([ \t]+)(.+)$",
             r"\1try:\n\3\4\n\1except \2:\n\3pass", 3),
    ),
    ("error.raised", "own", "python"): (Swap(r"raise [\w.]+", "raise ValueError"),),
    ("types.return", "yes", "python"): (Swap(r"\)\s*->\s*[^\n]+:[ \t]*(?=\n|$|#)", "):", 12),),
    ("types.return", "no", "python"): (Swap(r"\)[ \t]*:[ \t]*(?=\n|$)", ") -> None:", 8),),
    ("types.parameters", "yes", "python"): (Swap(r"(\(|, |\n\s+)(?!self|cls)(\w+)\s*:\s*[\w.]+(?:\[[^\]\n]*\])?(?=[,)= |])", r"\1\2", 8),),
    ("types.generics", "builtin", "python"): (
        Swap(r"\b(list|dict|set|tuple|type)\[", lambda m: m[1].capitalize() + "["),
    ),
    ("types.union", "bar", "python"): (Swap(r"([\w.]+) \| None", r"Optional[\1]"),),
    ("excuse.lint", "coded", "python"): (Swap(r"# ?noqa: ?[\w, ]+", "# noqa"),),
    ("excuse.types", "coded", "python"): (Swap(r"type: ?ignore\[[^\]]*\]", "type: ignore"),),
    ("doc.open", "next", "python"): (_in_doc(r"(\"\"\")\s*\n\s*", r"\1"),),
    ("doc.open", "same", "python"): (_in_doc(r"(\"\"\")(?=\w)", '"""\n    '),),
    ("doc.markup", "double", "python"): (_in_doc(r"``([^`\n]+)``", r"`\1`", 0),),
    ("doc.style", "google", "python"): (_doc_in_style("\n\n:param value: what it is.\n:return: what it gives.\n"),),
    ("doc.style", "sphinx", "python"): (_doc_in_style("\n\nArgs:\n    value: what it is.\n"),),
    ("doc.style", "prose", "python"): (_doc_in_style("\n\n:param value: what it is.\n:return: what it gives.\n"),),
    ("doc.style", "numpy", "python"): (_doc_in_style("\n\n:param value: what it is.\n:return: what it gives.\n"),),
    ("import.form", "absolute", "python"): (Swap(r"from [\w.]+\.(\w+) import", r"from .\1 import"),),
    ("import.form", "relative", "python"): (),
    ("import.names", "apart", "python"): (Swap(r"(from [\w.]+ import \w+)(?=\n|$)", r"\1, other"),),
    ("import.names", "together", "python"): (),
    ("future.annotations", "yes", "python"): (Swap(r"from __future__ import annotations\n*", ""),),
    ("encoding", "yes", "python"): (Swap(r",\s*encoding=\"[^\"]*\"", "", 4),),
    ("environment", "environ", "python"): (Swap(r"os\.environ(?:\.get\(|\[)([^\])]*)[\])]", r"os.getenv(\1)"),),
    ("log.form", "arguments", "python"): (Swap(r"\((\s*)\"([^\"\n]*)%s([^\"\n]*)\",\s*(\w+)", r'(\1f"\2{\4}\3"', 4),),
    ("report", "log", "python"): (Swap(r"\b(?:self\.)?_?(?:logger|log|logging)\.\w+\(", "print("),),
    ("warning.stacklevel", "yes", "python"): (Swap(r",?\s*stacklevel=\w+", "", 8),),
    ("paths", "pathlib", "python"): (Swap(r"[\w.]+\.exists\(\)", "os.path.exists(path)"), Swap(r"Path\(([^()\n]*)\)", r"os.path.join(\1)")),
    ("paths", "os.path", "python"): (Swap(r"os\.path\.\w+\(([^()\n]*)\)", r"Path(\1).resolve()"),),
    ("quotes", "double", "python"): (Swap(r"(?<![\"\w])\"([^\"'\\\n]+)\"(?!\")", r"'\1'"),),
    ("quotes", "single", ""): (Swap(r"'([^\"'\\\n]+)'", r'"\1"'),),
    ("quotes", "double", ""): (Swap(r'"([^\"\'\\\n]+)"', r"'\1'"),),
    ("enum.member", "upper", "python"): (Swap(r"\b([A-Z][A-Z0-9_]+)\b(?= *[=:])", lambda m: m[1].lower()),),
    ("dataclass.frozen", "yes", "python"): (Swap(r",?\s*frozen=True", "", 4),),
    ("dataclass.slots", "yes", "python"): (Swap(r",?\s*slots=True", "", 4),),
    ("options.keyword", "yes", "python"): (Swap(r"\*,\s*", "", 12),),
    ("logger", "module", "python"): (Swap(r"getLogger\(__name__\)", 'getLogger("main")'),),
    ("test.raises", "match", "python"): (Swap(r",\s*match=(?:[^()\n]|\([^()]*\))*(?=\))", "", 6),),
    ("test.form", "function", "python"): (Swap(r"(?m)^(async def|def) (test\w*)\(", r"class TestIt:\n  \1 \2(self, "),),
    # JavaScript and TypeScript
    ("error.raised", "own", ""): (Swap(r"throw new [\w.]+", "throw new Error"),),
    ("catch.unused", "omitted", ""): (Swap(r"catch \{", "catch (error) {"),),
    ("catch.name", "*", ""): (Swap(r"catch ?\(((?:final )?[\w.| ]*?)(\w+)\)", r"catch (\1problem)"),),
    ("message.case", "upper", ""): (Swap(r"(['\"`])([A-Z])", lambda m: m[1] + m[2].lower(), 4),),
    ("semicolons", "no", ""): (Swap(r"([\w)\]'\"])[ \t]*(?=\n|$)", r"\1;"),),
    ("semicolons", "yes", ""): (Swap(r";[ \t]*(?=\n|$)", ""),),
    ("function.form", "declaration", ""): (
        Swap(r"function (\w+)\s*(\([^()\n]*\))(\s*:\s*[^{\n]+)?\s*\{", r"const \1 = \2\3 => {"),
    ),
    ("function.form", "arrow", ""): (
        Swap(r"(?:const|let) (\w+)\s*=\s*(async )?(\([^()\n]*\))(\s*:\s*[^=\n]+)?\s*=>\s*\{", r"\2function \1\3\4 {"),
    ),
    ("export", "named", ""): (Swap(r"export (?=async|function|class|abstract)", "export default "),),
    ("export.place", "inline", ""): (Swap(r"export (const|function|class) (\w+)", r"export { \2 };\n\1 \2"),),
    ("object.type", "interface", ""): (Swap(r"interface (\w+)(<[^{]*>)?[^{\n]*\{", r"type \1\2 = {"),),
    ("object.type", "type", ""): (Swap(r"type (\w+)(<[^{=]*>)?\s*=\s*\{", r"interface \1\2 {"),),
    ("interface.prefix", "no", ""): (_rename(lambda name: "I" + name),),
    ("interface.prefix", "yes", ""): (_rename(lambda name: name[1:] if name[:1] == "I" else None),),
    ("import.suffix", "none", ""): (Swap(r"(from ['\"]\.[^'\"]*)(['\"])", r"\1.js\2", 6),),
    ("import.suffix", "no", ""): (Swap(r"(from ['\"]\.[^'\"]*)(['\"])", r"\1.js\2", 6),),
    ("import.suffix", ".js", ""): (Swap(r"(from ['\"]\.[^'\"]*)\.js(['\"])", r"\1\2", 6),),
    ("import.suffix", ".ts", ""): (Swap(r"(from ['\"]\.[^'\"]*)\.ts(['\"])", r"\1\2", 6),),
    ("import.type", "statement", ""): (Swap(r"import type \{ ?(\w+)", r"import { type \1", 2),),
    ("import.type", "inline", ""): (Swap(r"import \{ ?type (\w+) ?\}", r"import type { \1 }", 2),),
    ("import.node", "node:", ""): (Swap(r"(['\"])node:", r"\1"),),
    ("reexport", "names", ""): (Swap(r"export (?:type )?\{[^}]*\} from", "export * from", 8),),
    ("if.braces", "yes", ""): (Swap(r"if \((.*)\) \{\n\s*([^\n{}]+)\n\s*\}(?! ?else)", r"if (\1) \2", 3),),
    ("array.type", "T[]", ""): (Swap(r"([\w.]+)\[\](?!\[)", r"Array<\1>"),),
    ("boolean", "!!", ""): (Swap(r"!!([\w.]+)", r"Boolean(\1)"),),
    ("date.now", "now", ""): (Swap(r"Date\.now\(\)", "new Date().getTime()"),),
    ("log", "logger", ""): (Swap(r"\b[\w.]*log(?:ger)?\.\w+\(|\blog\(|\bdebug\(", "console.log("),),
    ("member.public", "implicit", ""): (Swap(r"(?m)^(\s*)(?!private|protected|public|static|constructor)(\w+ ?\()", r"\1public \2"),),
    ("private", "private", ""): (Swap(r"private (?:readonly )?_?(\w+)", r"#\1"),),
    ("private", "#", ""): (Swap(r"(?m)^(\s*)#(\w+)", r"\1private \2"),),
    ("private.name", "plain", ""): (Swap(r"private ((?:static |readonly |async )*)(\w+)", r"private \1_\2"),),
    ("promise", "await", ""): (Swap(r"await ([\w.]+\([^()\n]*\))", r"\1.then((it) => it)"),),
    ("undefined", "===", ""): (Swap(r"([\w.]+) (===|!==) undefined", r"typeof \1 \2 'undefined'"),),
    ("text", "template", ""): (Swap(r"`([^`$\n]*)\$\{([\w.]+)\}([^`$\n]*)`", r"'\1' + \2 + '\3'"),),
    ("object.copy", "spread", ""): (Swap(r"\{ ?\.\.\.([\w.]+),? ?([^{}\n]*)\}", r"Object.assign({}, \1, { \2 })"),),
    ("names.type", "union", ""): (Swap(r"type (\w+) = (['\"])(\w+)\2[^\n;]*", r"enum \1 { A = '\3' }"),),
    ("generic.name", "word", ""): (Swap(r"<([A-Z][a-z]\w+)(?= extends| =|>|,)", r"<T\1"),),
    ("parameter.options", "options", ""): (Swap(r"\boptions\b", "opts"),),
    ("enum.member", "upper", ""): (Swap(r"\b([A-Z][A-Z0-9_]+)\b", lambda m: m[1].capitalize()),),
    ("enum.member", "pascal", ""): (Swap(r"\b([A-Z][a-z]\w*)\b", lambda m: m[1].upper()),),
    ("types.return", "yes", ""): (Swap(r"\)\s*:\s*[\w<>\[\]|. ]+(\s*(?:=>|\{))", r")\1", 10),),
    ("types.method", "yes", ""): (Swap(r"\)\s*:\s*[\w<>\[\]|. ]+(\s*\{)", r")\1", 10),),
    ("types.return", "no", ""): (Swap(r"\)(\s*(?:=>|\{))", r"): void\1", 3),),
    ("jsdoc.dash", "no", ""): (_in_doc(r"(@param (?:\{[^}]*\} )?\[?[\w.]+\]?) (?!-)", r"\1 - "),),
    ("jsdoc.dash", "yes", ""): (_in_doc(r"(@param (?:\{[^}]*\} )?\[?[\w.]+\]?) - ", r"\1 "),),
    ("jsdoc.type", "no", ""): (_in_doc(r"@param ", "@param {string} "),),
    ("jsdoc.type", "yes", ""): (_in_doc(r"@param \{[^}]*\} ", "@param "),),
    ("component.form", "declaration", ""): (
        Swap(r"function (\w+)\s*(\([^()\n]*\))(\s*:\s*[^{\n]+)?\s*\{", r"const \1 = \2\3 => {"),
    ),
    ("test.word", "it", ""): (Swap(r"\bit\b(?=[.(])", "test"),),
    ("test.word", "test", ""): (Swap(r"\btest\b(?=[.(])", "it"),),
    ("test.should", "yes", ""): (Swap(r"(['\"`])should (\w)", r"\1does \2", 2),),
    ("test.should", "no", ""): (Swap(r"(\b(?:it|test)\(\s*['\"`])", r"\1should ", 2),),
    ("test.title", "lower", ""): (Swap(r"(\b(?:it|test)(?:\.\w+)?\(\s*['\"`])([a-z])", lambda m: m[1] + m[2].upper(), 2),),
    ("test.title", "upper", ""): (Swap(r"(\b(?:it|test)(?:\.\w+)?\(\s*['\"`])([A-Z])", lambda m: m[1] + m[2].lower(), 2),),
    ("test.equal", "toEqual", ""): (Swap(r"\.toEqual\(", ".toStrictEqual("),),
    ("test.throws", "toThrow", ""): (Swap(r"\.toThrow\(", ".toThrowError("),),
    ("test.called", "toHaveBeen", ""): (Swap(r"toHaveBeenCalled", "toBeCalled"),),
    # Go
    ("error.wrap", "%w", "go"): (Swap(r"%w", "%v"),),
    ("error.plain", "errors.New", "go"): (Swap(r"errors\.New\(", "fmt.Errorf("),),
    ("error.plain", "fmt.Errorf", "go"): (Swap(r"fmt\.Errorf\(", "errors.New("),),
    ("error.compare", "errors.Is", "go"): (Swap(r"!?errors\.Is\((\w+), ([\w.]+)\)", r"\1 == \2"),),
    ("error.cast", "errors.As", "go"): (Swap(r"if errors\.As\((\w+), &?\w+\)", r"if _, ok := \1.(*MyError); ok"),),
    ("error.scope", "apart", "go"): (Swap(r"(\w+) := ([^\n]+)\n\s*if \1 != nil", r"if \1 := \2; \1 != nil", 2),),
    ("error.scope", "inline", "go"): (Swap(r"(?m)^(\s*)if (\w+) := ([^;\n]+); \2 != nil", r"\1\2 := \3\n\1if \2 != nil"),),
    ("error.message", "plain", "go"): (Swap(r"(errors\.New|fmt\.Errorf)\(\"([a-z])", lambda m: f'{m[1]}("{m[2].upper()}'),),
    ("getter.name", "bare", "go"): (_rename(lambda name: "Get" + name[:1].upper() + name[1:]),),
    ("any.word", "any", "go"): (Swap(r"\bany\b", "interface{}"),),
    ("any.word", "interface{}", "go"): (Swap(r"interface\{\}", "any"),),
    ("map.empty", "make", "go"): (Swap(r"make\((map\[[^\n()]+)\)", r"\1{}"),),
    ("map.empty", "literal", "go"): (Swap(r"(map\[\w+\][\w.*\[\]]+)\{\}", r"make(\1)"),),
    ("test.case", "*", "go"): (Swap(r"for (\w+), \w+ := range", r"for \1, one := range"),),
    ("test.cases", "*", "go"): (Swap(r"(?m)^(\s*)\w+( :?= (?:\[\]|map))", r"\1suite\2"), Swap(r"range \w+", "range suite")),
    ("test.context", "t.Context", "go"): (Swap(r"t\.Context\(\)", "context.Background()"),),
    ("test.env", "t.Setenv", "go"): (Swap(r"t\.Setenv\(", "os.Setenv("),),
    ("test.temp", "t.TempDir", "go"): (Swap(r"t\.TempDir\(\)", 'ioutil.TempDir("", "x")'),),
    ("test.helper", "yes", "go"): (Swap(r"\n\s*t\.Helper\(\)", "", 3),),
    ("test.name", "TestA", "go"): (_rename(lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name, count=2)),),
    ("test.name", "TestA_b", "go"): (_rename(lambda name: name.replace("_", "")),),
    ("test.noerror", "assert", "go"): (Swap(r"assert\.NoError", "require.NoError"),),
    ("test.noerror", "require", "go"): (Swap(r"require\.NoError", "assert.NoError"),),
    ("test.subtests", "yes", "go"): (
        Swap(r"\n([ \t]*)t\.Run\([^\n]+, func\(t \*testing\.T\) \{\n([\s\S]*?)\n\1\}\)", r"\n\1{\n\2\n\1}", 60),
    ),
    ("test.package", "internal", "go"): (Swap(r"package (\w+)", r"package \1_test"),),
    ("test.package", "external", "go"): (Swap(r"package (\w+)_test", r"package \1"),),
    ("test.want", "expected", "go"): (Swap(r"\bexpected?(\w*)", r"want\1"),),
    ("test.want", "want", "go"): (Swap(r"\bwant(\w*)", r"expected\1"),),
    # Java
    ("error.checked", "unchecked", "java"): (Swap(r"extends \w*RuntimeException", "extends Exception"),),
    ("null.check", "Objects.requireNonNull", "java"): (
        Swap(r"[\w. =]*(?:Objects\.)?requireNonNull\((\w+)[^;\n]*;", r'if (\1 == null) { throw new NullPointerException("\1"); }'),
    ),
    ("null.check", "requireNonNull", "java"): (
        Swap(r"[\w. =]*requireNonNull\((\w+)[^;\n]*;", r'if (\1 == null) { throw new NullPointerException("\1"); }'),
    ),
    ("final.local", "yes", "java"): (Swap(r"\bfinal ", ""),),
    ("final.loop", "yes", "java"): (Swap(r"\bfinal ", ""),),
    ("final.parameter", "yes", "java"): (Swap(r"\bfinal (?=[\w<>\[\], .?]+ \w+[,)])", "", 3),),
    ("import.static", "first", "java"): (_static_import_last,),
    ("import.static", "last", "java"): (_static_import_first,),
    ("import.java", "first", "java"): (_java_import_last,),
    ("import.java", "last", "java"): (_java_import_first,),
    ("test.public", "no", "java"): (Swap(r"(?m)^(\s*)void ", r"\1public void ", 4),),
    ("test.public", "yes", "java"): (Swap(r"public void ", "void ", 4),),
    ("test.name", "words", "java"): (_rename(lambda name: _restyled(name, "upper")),),
    ("test.name", "test", "java"): (_rename(lambda name: name.removeprefix("test")[:1].lower() + name.removeprefix("test")[1:]),),
    ("test.raises", "assertThrows", "java"): (Swap(r"assertThrows\([\w.]+, ", "assertThatThrownBy("),),
    ("test.raises", "assertThatThrownBy", "java"): (Swap(r"assertThatThrownBy\(", "assertThrows(Exception.class, "),),
    ("test.raises", "assertThatExceptionOfType", "java"): (Swap(r"assertThatExceptionOfType\([\w.]+\)\.isThrownBy\(", "assertThatThrownBy("),),
    ("test.stub", "when", "java"): (Swap(r"\bwhen\((.*)\)\.thenReturn\(", r"given(\1).willReturn("),),
    ("test.stub", "given", "java"): (Swap(r"\bgiven\((.*)\)\.willReturn\(", r"when(\1).thenReturn("),),
    # Rust
    ("builder.name", "bare", "rust"): (_rename(lambda name: "with_" + name),),
    ("derive.debug", "yes", "rust"): (Swap(r"Debug, |, Debug\b|\bDebug\b", "", 1), Swap(r"Debug, |, Debug\b", "", 4)),
    ("format.names", "inline", "rust"): (Swap(r"\"([^\"\n{}]*)\{(\w+)\}([^\"\n{}]*)\"", r'"\1{}\3", \2', 2),),
    ("format.names", "apart", "rust"): (Swap(r"\"([^\"\n{}]*)\{\}([^\"\n{}]*)\", (\w+)(?=\))", r'"\1{\3}\2"', 2),),
    ("import.merge", "braces", "rust"): (Swap(r"use ([\w:]+)::\{([\w]+), ([\w]+)\};", r"use \1::\2;\nuse \1::\3;"),),
    ("self.type", "Self", "rust"): (_own_type,),
    ("string.owned", "to_string", "rust"): (Swap(r"\.to_string\(\)", ".to_owned()"),),
    ("string.owned", "to_owned", "rust"): (Swap(r"\.to_owned\(\)", ".to_string()"),),
    ("result.form", "alias", "rust"): (Swap(r"-> (?:\w+::)*Result<([^\n{;]*)>(?=\s*[{;\n]|$)", r"-> std::result::Result<\1, Error>", 6),),
    ("test.prefix", "no", "rust"): (_rename(lambda name: "test_" + name),),
    ("test.prefix", "yes", "rust"): (_rename(lambda name: name.removeprefix("test_")),),
    # Bash
    ("test.bracket", "single", "bash"): (Swap(r"\[ ([^\[\]\n]*) \]", r"[[ \1 ]]"),),
    ("test.bracket", "double", "bash"): (Swap(r"\[\[ ([^\[\]\n]*) \]\]", r"[ \1 ]"),),
    ("function.form", "bare", "bash"): (Swap(r"(?m)^(\w+) ?\(\)", r"function \1"),),
    ("function.form", "function", "bash"): (Swap(r"(?m)^function (\w+) ?(?:\(\))?", r"\1()"),),
}  # fmt: skip
