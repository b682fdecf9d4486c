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
    r"^\s*(?:#+\s*|\*\*)?(?:bug )?(?:description|describe the (?:bug|issue)|summary|expected (?:behaviou?r|results?|outcome)|"
    r"actual (?:behaviou?r|results?|outcome)|current behaviou?r|(?:steps )?(?:to|how to) reproduce|reproduction(?: steps)?|"
    r"additional (?:context|information|dependencies)|environment(?: info)?|configuration|command used|"
    r"screenshots?|your project|proposed (?:solution|change|fix)|traceback|system details|versions?|\w+ version|"
    r"os\s*/\s*environment|(?:pylint|\w+) output|minimal (?:complete )?(?:reproducible|verifiable)? ?example|"
    r"checklist|output of .*|anything else we need to know\??|problem description|what happened|"
    r"what you expected to happen|code sample.*)(?:\*\*)?\s*:?\s*$",
    re.IGNORECASE,
)
# A heading under which the machine is described, down to the next heading.
_ENVIRONMENT = re.compile(
    r"^\s*(?:#+\s*|\*\*)?(?:environment(?: info)?|versions?|system details|os\s*/\s*environment|your environment|"
    r"output of .*(?:show_versions|pip (?:list|freeze)).*|installed versions|platform|system information|"
    r"\w+ version|additional dependencies)(?:\*\*)?\s*:?\s*$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s*(?:#{1,6} |\*\*[^*]+\*\*\s*$)")
# `numpy   1.18.1`, `python: 3.7.3`, `Python 3.9.9 (…)`, `pytest==5.4`, `- OS: Linux`, `INSTALLED VERSIONS`
_VERSION = re.compile(
    r"^\s*[-*|]?\s*\**(?:[\w.+-]+(?: version)?\**\s*(?:[:=]{1,2}|\s{2,}|\|)\s*v?(?:\d+(?:\.\w+)+|none|n/a)\b.*"
    r"|(?:python|platform|os|system|kernel|machine|processor|byteorder|LC_ALL|LANG|LOCALE|python-bits|OS-release|"
    r"commit|libhdf5|libnetcdf)\**\s*:.*|INSTALLED VERSIONS|\w[\w.-]*==[\w.]+.*|\[(?:GCC|Clang|MSC).*"
    r"|(?:linux|darwin|windows|macos|python|numpy|scipy)[- ]\S*\d.*)$",
    re.IGNORECASE,
)
_LONGEST_LINE = 1000  # characters; longer ones are data, and patterns stay quick
_ENOUGH = 3  # lines of versions in a row are a table; one may be the point


def without_noise(text: str) -> str:
    """The text with its line ends as LF, less comments, markup, checklists, forms and environments."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line[:_LONGEST_LINE] for line in text.split("\n"))
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
