"""A report as it was typed -> what its author had to say: templates, checklists and environments out."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(
    r"</?(?:details|summary|br|p|b|i|sub|sup|kbd|h\d|img|a|pre|code|strong|em)\b[^>]*>", re.IGNORECASE
)
_CHECKBOX = re.compile(r"^\s*[-*+] \[[ xX]\] .*$", re.MULTILINE)
_RULE = re.compile(r"^\s*(?:[-=*_~#+|: ]{4,})\s*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_NO_RESPONSE = re.compile(r"^_?no response_?$", re.IGNORECASE | re.MULTILINE)
# What a form asks, not what the author says.
_FORM = re.compile(
    r"^\s*(?:#+\s*|\*\*)?(?:bug )?(?:description|describe the (?:bug|issue)|summary|problem description|"
    r"expected (?:behaviou?r|results?|outcome)|actual (?:behaviou?r|results?|outcome)|current behaviou?r|"
    r"what happened|what you expected to happen|(?:steps )?(?:to|how to) reproduce|reproduction|"
    r"minimal (?:complete )?(?:reproducible|verifiable)? ?example|code sample.*|traceback|screenshots?|"
    r"command used|output of .*|\w+ output|configuration|environment(?: info)?|system details|versions?|"
    r"\w+ version|os\s*/\s*environment|additional (?:context|information|dependencies)|your project|"
    r"proposed (?:solution|change|fix)|checklist|anything else we need to know\??)(?:\*\*)?\s*:?\s*$",
    re.IGNORECASE,
)
# A heading under which the machine is described, down to the next heading.
_ENVIRONMENT = re.compile(
    r"^\s*(?:#+\s*|\*\*)?(?:(?:your )?environment(?: info)?|versions?|system (?:details|information)|"
    r"platform|os\s*/\s*environment|output of .*(?:show_versions|pip (?:list|freeze)).*|\w+ version|"
    r"installed versions|additional dependencies)(?:\*\*)?\s*:?\s*$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s*(?:#{1,6} |\*\*[^*]+\*\*\s*$)")
# `numpy   1.18.1`, `python: 3.7.3`, `Python 3.9.9 (…)`, `pytest==5.4`, `- OS: Linux`, `INSTALLED VERSIONS`
_VERSION = re.compile(
    r"^\s*[-*|]?\s*\**"
    r"(?:[\w.+-]+(?: version)?\**\s*(?:[:=]{1,2}|\s{2,}|\|)\s*v?(?:\d+(?:\.\w+)+|none|n/a)\b.*"
    r"|(?:python|platform|os|system|kernel|machine|processor|byteorder|LC_ALL|LANG|LOCALE|python-bits|"
    r"OS-release|commit)\**\s*:.*|INSTALLED VERSIONS|\w[\w.-]*==[\w.]+.*|\[(?:GCC|Clang|MSC).*"
    r"|(?:linux|darwin|windows|macos|python)[- ]\S*\d.*)$",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\n{3,}")
_LONGEST = 100_000  # characters of a report: a listing of installed packages alone may take 20,000
_LONGEST_LINE = 1000  # characters; longer ones are data, and patterns stay quick
_ENOUGH = 3  # lines of versions in a row are a table; one may be the point


def without_noise(text: str) -> str:
    """The text with its line ends as LF, less comments, markup, checklists, forms and environments."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line[:_LONGEST_LINE].rstrip() for line in text[:_LONGEST].split("\n"))
    text = _EMPTY.sub("\n\n", text)
    text = _IMAGE.sub(" ", _TAG.sub(" ", _COMMENT.sub(" ", text)))
    text = _NO_RESPONSE.sub("", _CHECKBOX.sub("", text))
    return _RULE.sub("", _without_versions(_without_environment(text)))


def _without_environment(text: str) -> str:
    """Less the sections that describe a machine, and the headings of forms. The first line is the title;
    a section ends with its first listing or at the next heading."""
    kept: list[str] = []
    skipping = fenced = False
    for number, line in enumerate(text.split("\n")):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            if skipping and not fenced:
                skipping = False
                continue
        elif number and not fenced and _ENVIRONMENT.match(line):
            skipping = True
            continue
        elif skipping and not fenced and _HEADING.match(line):
            skipping = False
        if not skipping and not (number and not fenced and _FORM.match(line)):
            kept.append(line)
    return "\n".join(kept)


def _without_versions(text: str) -> str:
    kept: list[str] = []
    run: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number and _VERSION.match(line):
            run.append(line)
            continue
        if run and len(run) < _ENOUGH:
            kept += run
        run = []
        kept.append(line)
    return "\n".join(kept + (run if len(run) < _ENOUGH else []))
