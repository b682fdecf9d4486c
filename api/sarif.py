"""A Report -> SARIF 2.1.0, the form in which code hosts show findings on the lines of a change.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from retriever.check.finding import Finding, Shown
    from retriever.check.report import Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"  # whoever reads it knows where the repository lies


def of_check(report: Report, version: str) -> dict[str, Any]:
    found = [(finding, line, False) for finding in report.findings for line in finding.lines]
    found += [(finding, line, True) for finding in report.suppressed for line in finding.lines]
    findings = [finding for finding, _, _ in found]
    keys = sorted({finding.key for finding in findings})
    told = {finding.key: finding for finding in reversed(findings)}
    seen: dict[str, int] = {}
    run = {
        "tool": {
            "driver": {
                "name": "cairn check",
                "semanticVersion": version,
                "rules": [_rule(told[key]) for key in keys],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, line, keys.index(finding.key), suppressed, seen)
            for finding, line, suppressed in found
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.key,
        "shortDescription": {"text": finding.message if finding.kind == "style" else _TITLES[finding.kind]},
        "defaultConfiguration": {"level": finding.severity},
        "properties": {"tags": [finding.kind]},
    }


_TITLES = {
    "twins": "This exists in the repository already.",
    "names": "The repository has no such name, or it takes other arguments.",
    "untested": "New public code has no test where its siblings have one.",
}


def _result(
    finding: Finding, line: int, index: int, suppressed: bool, seen: dict[str, int]
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.key,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [_location(finding.path, line)],
        "partialFingerprints": {"cairnCheck/v1": _fingerprint(finding, seen)},
    }
    if finding.example is not None:
        result["relatedLocations"] = [_related(finding.example)]
    if suppressed:
        result["suppressions"] = [{"kind": "inSource"}]
    return result


def _related(example: Shown) -> dict[str, Any]:
    text = f"Here it is done so: {example.code}" if example.code else "Here it is done so."
    return {"id": 1, **_location(example.path, example.line), "message": {"text": text}}


def _location(path: str, line: int) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path, safe="/", errors="surrogateescape"), "uriBaseId": _ROOT},
            "region": {"startLine": max(line, 1)},
        }
    }


def _fingerprint(finding: Finding, seen: dict[str, int]) -> str:
    """The same when lines above come and go: which finding of its kind in its file it is, not its line."""
    name = f"{finding.path}\0{finding.key}"
    seen[name] = seen.get(name, 0) + 1
    return hashlib.sha256(f"{name}\0{seen[name]}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
