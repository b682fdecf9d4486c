"""Count how a Go file names receivers, getters, initialisms and interfaces, and how its comments begin."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from ...types import ParsedFile, Symbol
from ..lines import Lines
from ..tally import Tally


def count_names(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    receivers: dict[str, list[tuple[str, int]]] = defaultdict(list)
    methods: Counter[str] = Counter()
    for symbol in parsed.symbols:
        _count_initialism(symbol, tally)
        if symbol.doc and symbol.name[:1].isupper() and symbol.kind != "constant":
            _count_doc(symbol, tally)
        if symbol.kind in ("function", "method"):
            _count_parameters(symbol, tally)
        if symbol.kind == "method":
            owner = symbol.qualname.rpartition(".")[0]
            match = _RECEIVER.match(symbol.signature)
            if match:
                receivers[owner].append((match[1], symbol.span.start))
                _count_getter(symbol, match[1], lines, tally)
            else:
                methods[owner] += 1
    _count_receivers(receivers, tally)
    for symbol in parsed.symbols:
        if symbol.kind == "interface" and methods[symbol.qualname] == 1:
            named = symbol.name.endswith(("er", "or"))
            tally.add("interface.er", "yes" if named else "no", symbol.span.start)


_INITIALS = "Id Url Uri Api Http Https Json Html Xml Yaml Uuid Sql Tls Ssh Dns Cpu Rpc Tcp Udp Ttl Ip".split()
_TITLED = re.compile(rf"(?:{'|'.join(_INITIALS)})(?:s$|s(?=[A-Z])|(?![a-z]))")
_UPPER = re.compile(rf"(?:{'|'.join(_INITIALS).upper()})(?:s$|s(?=[A-Z])|(?![a-z]))")


def _count_initialism(symbol: Symbol, tally: Tally) -> None:
    name = symbol.name
    if name.isupper() or "_" in name:
        return
    if _TITLED.search(name):
        tally.add("name.initialism", "title", symbol.span.start)
    elif _UPPER.search(name):
        tally.add("name.initialism", "upper", symbol.span.start)


_LEAD = re.compile(r"(?:An? |The )?(\S+)")


def _count_doc(symbol: Symbol, tally: Tally) -> None:
    match = _LEAD.match(symbol.doc)
    if match and not symbol.doc.startswith(("Deprecated", "TODO", "nolint")):
        begins = match[1].rstrip(":,.'s").startswith(symbol.name.rstrip("s")) or match[1] == symbol.name
        tally.add("doc.start", "name" if begins else "other", symbol.doc_start)


_CONTEXT = re.compile(r"\((?:\w+ )?context\.Context\b")
_NEW_OPTIONS = re.compile(r"\.\.\.\s?(?:func\(|[\w.]*Opt)")
_NEW_STRUCT = re.compile(r"[(,] ?\w+ \*?[\w.]*(?:Options|Opts|Config|Params)\b[^.]*\)")


def _count_parameters(symbol: Symbol, tally: Tally) -> None:
    signature = symbol.signature
    at = signature.find(symbol.name + "(")
    if "context.Context" in signature and at >= 0:
        given = signature[at + len(symbol.name) :]
        if "context.Context" in given.partition(")")[0]:
            tally.add("context.place", "first" if _CONTEXT.match(given) else "later", symbol.span.start)
    if symbol.kind == "function" and symbol.name.startswith("New"):
        if _NEW_OPTIONS.search(signature):
            tally.add("options.form", "functional", symbol.span.start)
        elif _NEW_STRUCT.search(signature, max(at, 0)):
            tally.add("options.form", "struct", symbol.span.start)


_RECEIVER = re.compile(r"func \((\w+) \*?\w")
_BARE_GETTER = re.compile(r"\w+\(\) [\w.*\[\]]+$")
_GET = re.compile(r"Get[A-Z]")


def _count_getter(symbol: Symbol, receiver: str, lines: Lines, tally: Tally) -> None:
    """A method of one line that hands back a field is a getter, whatever it is called."""
    if len(symbol.span) > 3 or not _BARE_GETTER.search(symbol.signature):
        return
    at = lines.code.find(symbol.signature + " {")  # broken lines are not found, and not asked
    body = _RETURNED.match(lines.code, at + len(symbol.signature) + 2) if at >= 0 else None
    if body and body[1] == receiver:
        tally.add("getter.name", "Get" if _GET.match(symbol.name) else "bare", symbol.span.start)


_RETURNED = re.compile(r"\s*return (\w+)\.\w+\s*\}")
_SHORT = 3  # letters; `cmd` and `svc` are still short


def _count_receivers(receivers: dict[str, list[tuple[str, int]]], tally: Tally) -> None:
    for found in receivers.values():
        names = Counter(name for name, _ in found if name != "_")
        usual = min(names, key=lambda name: (-names[name], name)) if names else "_"
        for name, line in found:
            if name == "_":
                continue
            length = "self" if name in ("self", "this", "me") else "short" if len(name) <= _SHORT else "long"
            tally.add("receiver.name", length, line)
            if len(found) > 1:
                tally.add("receiver.same", "yes" if name == usual else "no", line)
