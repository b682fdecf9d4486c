"""How guides ask for what is counted in Go, Java and Rust."""

from __future__ import annotations

from .rows import rows

_MESSAGES = r"\berror (?:strings|messages)\b[^.]{0,60}"

ROWS = (
    rows(
        ("go",),
        ("error.wrap", "%w", "", r"%w\b|\bwrap(?:ped|ping)? errors?\b"),
        ("error.message", "capital", "plain", _MESSAGES + r"\bcapitali[sz]ed?\b"),
        ("error.message", "plain", "", _MESSAGES + r"\blower ?case\b"),
        ("error.compare", "errors.Is", "==", r"\berrors\.Is\b"),
        ("error.cast", "errors.As", "", r"\berrors\.As\b"),
        (
            "context.place",
            "first",
            "",
            r"\bcontext(?:\.Context)?\b[^.]{0,40}\bfirst (?:argument|parameter)\b",
        ),
        ("any.word", "any", "interface{}", r"\bany\b(?= instead of interface\{\})"),
        ("options.form", "functional", "", r"\bfunctional options?\b"),
        ("test.framework", "testify", "", r"\b(?:use|with|prefer) testify\b"),
        ("test.parallel", "yes", "no", r"\bt\.Parallel\b"),
        ("test.helper", "yes", "", r"\bt\.Helper\b"),
        ("test.subtests", "yes", "no", r"\bt\.Run\b|\bsubtests\b"),
        ("test.noerror", "require", "assert", r"\brequire\.NoError\b"),
        ("nolint.reason", "yes", "", r"\bnolint\b[^.]{0,60}\b(?:reason|explanation|comment|why)\b"),
    )
    + rows(
        ("java",),
        (
            "import.wildcard",
            "yes",
            "no",
            r"\b(?:wildcard|star) imports?\b|\bimport\w* (?:with|using) (?:a )?wildcards?\b",
        ),
        (
            "final.parameter",
            "yes",
            "no",
            r"\bfinal (?:method )?parameters\b|\bparameters\b[^.]{0,20}\bfinal\b",
        ),
        ("braces", "yes", "no", r"\b(?:use|always|require) (?:curly )?braces\b"),
        ("doc.since", "yes", "no", r"@since\b"),
        ("doc.author", "yes", "no", r"@author\b"),
        ("inject", "constructor", "field", r"\bconstructor injection\b"),
        ("inject", "field", "constructor", r"\bfield injection\b"),
        ("test.raises", "assertThrows", "", r"\bassertThrows\b"),
        ("test.framework", "junit5", "", r"\bjunit ?(?:5|jupiter)\b"),
        ("test.framework", "junit4", "junit5", r"\bjunit ?4\b"),
        ("uses.assertions", "org.assertj", "", r"\b(?:use|prefer|with|via) AssertJ\b"),
    )
    + rows(
        ("rust",),
        ("error.impl", "thiserror", "", r"\b(?:use|with|prefer|via) thiserror\b"),
        ("error.any", "anyhow", "", r"\b(?:use|with|prefer|via) anyhow\b"),
        ("panic.form", "unwrap", "expect", r"\bunwrap(?:\(\))?(?!\w)"),
        ("doc.errors", "yes", "", r"# Errors\b"),
        ("unsafe.reason", "yes", "", r"\bSAFETY:? comments?\b"),
        ("module.file", "mod.rs", "named", r"\bmod\.rs\b"),
        ("enum.open", "yes", "no", r"\bnon_exhaustive\b"),
        ("derive.debug", "yes", "", r"\b(?:implement|derive) Debug\b"),
    )
)
