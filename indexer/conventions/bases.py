"""Note what each class of a file derives from, in the languages that have classes."""

from __future__ import annotations

from ..types import ParsedFile
from .tally import Tally

_WITH_CLASSES = frozenset({"java", "kotlin", "scala", "csharp", "php", "ruby", "swift", "cpp"})


def count_bases(parsed: ParsedFile, tally: Tally) -> None:
    """`CardDeclined(PaymentError)`; Python and the ECMA languages count theirs themselves."""
    if parsed.file.language not in _WITH_CLASSES:
        return
    for reference in parsed.references:
        if reference.kind == "inherit" and reference.scope:
            name = reference.scope.rpartition(".")[2]
            tally.add("base", f"{name}({reference.name})", reference.line)
