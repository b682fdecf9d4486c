"""A text -> the same text, line for line, with keys, tokens and passwords replaced by `[redacted:what]`.

A regular expression over 18 MB of source costs about a second, a search for a fixed string a
hundredth of that, and one look tells which of all these strings to search for. So each rule begins with
a fixed string, and its expression is only tried where that string stands. What an expression may scan
before it fails is bounded, for a hostile file repeats the beginning.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from .beginnings import Beginnings


def redact(text: str, path: str = "") -> tuple[str, int]:
    """The text without its secrets and how many there were. The number of lines stays.

    `path` says which files hold settings: there values need no quotes, and in `.env` files every
    value is a secret.
    """
    name = path.rpartition("/")[2].lower()
    if name == ".env" or name == ".envrc" or name.startswith(".env.") or name.endswith(".env"):
        text, count = _redact_values(text)
    else:
        count = 0
    found = sorted(_find(text, name))
    if not found:
        return text, count
    parts: list[str] = []
    at = 0
    for start, end, label in found:
        if start >= at:
            parts += (text[at:start], f"[redacted:{label}]")
            count += 1
        at = max(at, end)  # two rules may find the same secret, or parts of it
    return "".join((*parts, text[at:])), count


_Found = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What `begins` a secret, and the expression that fits from there: its last group, or all, is secret.

    `named` says that a name begins it: then one try for each name is enough. `any_case` is for what may
    begin in capitals, `settings` for values without quotes.
    """

    label: str
    begins: tuple[str, ...]
    pattern: re.Pattern[str]
    is_secret: Callable[[str], bool] = lambda _: True
    named: bool = False
    any_case: bool = False
    settings: bool = False


def _find(text: str, name: str) -> Iterator[_Found]:
    if "PRIVATE KEY" in text:
        yield from _private_keys(text)
    # The capitals whose small letters are ASCII; the first has two, and would move what follows.
    plain = text if text.isascii() else text.replace("\u0130", "i").replace("\u212a", "k")
    groups = [_GROUPS[number] for number in _BEGINNINGS.in_text(plain)]
    lower = plain.lower() if any(rule.any_case for rule, _ in groups) else ""
    settings = name.endswith(_SETTINGS) or name in _SETTINGS_NAMES
    for rule, begins in groups:
        if settings or not rule.settings:
            yield from _apply(rule, begins, text, lower if rule.any_case else text)


def _apply(rule: _Rule, begins: Iterable[str], text: str, searched: str) -> Iterator[_Found]:
    for begin in begins:
        at = searched.find(begin)
        while at >= 0:
            match = rule.pattern.match(text, at)
            if match:
                start, end = match.span(match.lastindex or 0)
                if rule.is_secret(text[start:end]):
                    yield start, end, rule.label
                after = max(match.end(), at + 1)
            else:
                word = _WORD.match(text, at + 1) if rule.named else None
                after = word.end() if word else at + 1
            at = searched.find(begin, after)


def _private_keys(text: str) -> Iterator[_Found]:
    """What stands between the marks: the lines of a block, or in source code the runs of base64."""
    done = 0
    for begin in _KEY_BEGINS.finditer(text):
        start = begin.end()
        if start < done:
            continue
        done = text.find("-----END", start, start + _LONGEST_KEY)
        whole = done >= 0
        if not whole:
            done = min(start + _LONGEST_KEY, len(text))
        lines = list(_LINE.finditer(text, start, done))
        if whole and (len(lines) == 1 or all(_KEY_LINE.fullmatch(line[0]) for line in lines)):
            yield from ((*line.span(), "private-key") for line in lines)
            continue
        for run in _BASE64_RUN.finditer(text, start, done):
            if len(run[0]) >= _PEM_LINE or _is_random(run[0]):
                yield *run.span(), "private-key"


def _redact_values(text: str) -> tuple[str, int]:
    """Every value of a `.env` file; names and comments stay."""
    lines: list[str] = []
    count = 0
    quote = ""  # of a value that goes on over several lines
    for line in text.split("\n"):
        match = None if quote else _ENV_LINE.match(line)
        if quote:
            count += 1
            lines.append("[redacted:env-value]")
            quote = "" if quote in line else quote
        elif match and match[2]:
            count += 1
            lines.append(match[1] + "[redacted:env-value]")
            opening = match[2][0]
            quote = opening if opening in "\"'`" and opening not in match[2][1:] else ""
        else:
            lines.append(line)
    return "\n".join(lines), count


def _is_password(value: str) -> bool:
    """Letters with digits or signs, and neither a name (`new_password1`) nor a stand-in (`changeme1`)."""
    if _TEMPLATE.search(value) or _STAND_IN.search(value) or _NAME.fullmatch(value):
        return False
    return any(map(str.isalpha, value)) and not value.isalpha()


def _is_random(value: str) -> bool:
    """Whether digits and letters change as often as in a key; in names and sentences they do not."""
    if len(value) < 16 or _TEMPLATE.search(value) or value.isalpha() or value.isdigit():
        return False
    kinds = [0 if c.isdigit() else 1 if c.islower() else 2 if c.isupper() else 3 for c in value]
    changes = sum(one != following for one, following in pairwise(kinds))
    return kinds.count(0) >= 2 and changes >= 0.3 * len(value)


def _is_key(value: str) -> bool:
    """A key somebody made up is shorter than one that was drawn."""
    return _is_random(value) or (len(value) >= _MADE_UP and _is_password(value))


def _is_set_in_url(value: str) -> bool:
    return not (_TEMPLATE.search(value) or _URL_STAND_IN.fullmatch(value))


def _is_basic(value: str) -> bool:
    """Whether it decodes to `name:password`."""
    try:
        return b":" in base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False


_MADE_UP = 10  # characters; shorter values of `token` or `secret` are words far more often than keys
_TEMPLATE = (
    re.compile(  # `${X}`, `<x>`, `$(x)`, `%s`, `***`, and where a quote closes instead of opening: `".$x."`
        r"[{}<>]|\$\(|^\$\w|\$[A-Z_]{3}|%[(s]|\*{3}|%\w+%|\.\.\.|\\[nrtx0(]|\[redacted|^[.+,&)]"
    )
)
_STAND_IN = re.compile(
    r"test|example|sample|dummy|fake|mock|placeholder|change.?me|your|foo|bar|xxx|abc123|12345|redacted",
    re.IGNORECASE,
)
_URL_STAND_IN = re.compile(
    r"[a-z_-]*(?:pw|pwd|pass|passwd|password|passphrase|secret|token|key)_?|x+|port|change.?me|foo|bar|example",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w-]*")
_NAME = re.compile(r"[./~_-]*[A-Za-z]*\d{0,2}(?:[-_./ :][A-Za-z]*\d{0,2})*")

_ENV_LINE = re.compile(r"(\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*)(.*\S)?\s*$")
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_LONGEST_KEY = 20_000  # characters: an RSA key of 16,384 bits has 12,700
_PEM_LINE = 40  # characters; the lines of a key have 64 or 76, and few names have so many
_LINE = re.compile(r"[^\s].*(?<!\s)")
_KEY_LINE = re.compile(r"[A-Za-z0-9+/=]+|[\w-]+: .*")
_BASE64_RUN = re.compile(r"(?<!\\)[A-Za-z0-9+/=]{16,}")


def _token(label: str, begins: str, pattern: str, is_secret: Callable[[str], bool] | None = None) -> _Rule:
    whole = re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})")
    return _Rule(label, tuple(begins.split()), whole, is_secret or bool)


_TOKENS = (
    _token("aws-key", "AKIA ASIA ABIA ACCA", r"A(?:KIA|SIA|BIA|CCA)[0-9A-Z]{16}(?![0-9A-Za-z])"),
    _token("github-token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"(?:gh[pousr]|github_pat)_\w{20,}"),
    _token("gitlab-token", "glpat- gldt- glrt- glptt- glsoat-", r"gl[a-z]+-[\w-]{20,}"),
    _token("slack-token", "xox xapp-", r"(?:xox[a-z]|xapp)-[\w-]{10,}"),
    _token("slack-webhook", "hooks.slack.com/services/", r"hooks\.slack\.com/services/([\w/]{20,})"),
    _token("discord-webhook", "discord.com/api/webhooks/", r"discord\.com/api/webhooks/([\w/-]{40,})"),
    _token("api-key", "sk-", r"sk-[A-Za-z0-9_-]{20,}", lambda value: sum(map(str.isdigit, value)) > 1),
    _token("google-key", "AIza GOCSPX-", r"AIza[\w-]{35}|GOCSPX-[\w-]{28}"),
    _token("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_ whsec_", r"(?:[rs]k_[a-z]{4}|whsec)_\w{16,}"),
    _token("jwt", "eyJ", r"eyJ[\w-]{8,500}+\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    _token("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _token("pypi-token", "pypi-AgE", r"pypi-AgE[\w-]{40,}"),
    _token("sendgrid-key", "SG.", r"SG\.[\w-]{16,}\.[\w-]{16,}"),
    _token("huggingface-token", "hf_", r"hf_[A-Za-z0-9]{30,}"),
    _token("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[a-f0-9]{64}"),
    _token("shopify-token", "shpat_ shpss_ shpca_ shppa_", r"shp[a-z]{2}_[a-fA-F0-9]{32}"),
    _token("databricks-token", "dapi", r"dapi[a-f0-9]{32}"),
    _token("azure-key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/]{40,}={0,2})"),
    _token("vault-token", "hvs. hvb.", r"hv[bs]\.[\w-]{24,}"),
    _token("age-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    _token("grafana-token", "glsa_ glc_", r"gl(?:sa|c)_[\w+/=-]{30,}"),
    _Rule("telegram-token", (":AA",), re.compile(r"(?<=\d{8}):(AA[\w-]{33})")),
    _Rule(
        "url-password",
        ("://",),
        re.compile(r"://([^\s/:@\"'`<>(){}\[\]]*):(?!\1@)([^\s/@\"'`<>]{3,})@[\w\[]"),
        _is_set_in_url,
    ),
    _Rule("bearer-token", ("earer ",), re.compile(r"(?<=[Bb])earer ([\w.~+/-]{20,}=*)"), _is_random),
    _Rule("basic-credentials", ("asic ",), re.compile(r"(?<=[Bb])asic ([A-Za-z0-9+/]{8,}={0,2})"), _is_basic),
)

# A name that holds the word, then an operator, then the value: `DB_PASSWORD = "…"`, `"password": "…"`,
# `config['password'] = '…'`, `getenv("API_KEY", "…")`, `password: str = "…"`.
_NO_SECRET = (  # what such a name may end in when its value is none
    r"(?![\w-]{0,40}(?:name|field|url|uri|path|file|type|id|label|hash|hint|regex|pattern|form|view|class|text"
    r"|message|error|title|length|algorithm|prefix|header|param|startswith|endswith|contains|at|time|timeout|date|expiry)s?\b)"
)
_OPERATOR = (
    r"[\w-]{0,40}(?:(?-i:(?<=[A-Z])[\"'],)"  # of a name in capitals, the next argument is the value
    r"|[\"'`]?\]?[ \t]*(?::[ \t]*[\w.|\[\]]{1,40}[ \t]*=|=>|:=|!?={1,3}|:))[ \t]*"
)
_QUOTED = r"[bruf@$]{0,2}([\"'`])([^\"'`\s]{6,200})\1"
_UNQUOTED = r"([^\s\"'`#,;(){}\[\]<>]{6,200})[ \t]*(?:#.*)?$"
_PASSWORD = r"(?:passw(?:or)?d|passwd|pwd|passphrase|passcode)" + _NO_SECRET
_KEY = (
    r"(?:secret|(?<!publickey)token|credential|(?:"
    + "|".join(
        f"(?<={word}[_-])|(?<={word})"
        for word in ("api", "access", "private", "auth", "account", "signing", "encryption", "master")
    )
    + r")key)"
    + _NO_SECRET
)


def _assigned(label: str, begins: str, name: str, value: str, is_secret: Callable[[str], bool]) -> _Rule:
    pattern = re.compile(name + _OPERATOR + value, re.IGNORECASE | re.MULTILINE)
    settings = value is _UNQUOTED
    return _Rule(label, tuple(begins.split()), pattern, is_secret, True, any_case=True, settings=settings)


_PASSWORDS, _KEYS = "passw pwd passphrase passcode", "secret token credential key"
_ASSIGNED = (
    _assigned("password", _PASSWORDS, _PASSWORD, _QUOTED, _is_password),
    _assigned("secret", _KEYS, _KEY, _QUOTED, _is_key),
    _Rule(  # a connection string: "Server=db;User Id=app;Password=…;"
        "password",
        ("password=", "pwd="),
        re.compile(r"(?<=[;\"' ])(?:password|pwd)=([^;\"'\s()\[\]{}]{6,})(?=[;\"'])", re.IGNORECASE),
        _is_password,
        any_case=True,
    ),
    _assigned("password", _PASSWORDS, _PASSWORD, _UNQUOTED, _is_password),
    _assigned("secret", _KEYS, _KEY, _UNQUOTED, _is_key),
)
# Tokens are rare; of the words that begin an assignment each is looked for by itself.
_GROUPS = [
    *((rule, rule.begins) for rule in _TOKENS),
    *((rule, (begin,)) for rule in _ASSIGNED for begin in rule.begins),
]
_BEGINNINGS = Beginnings([(begins, rule.any_case) for rule, begins in _GROUPS])
_SETTINGS = (
    *(".yml", ".yaml", ".ini", ".cfg", ".conf", ".properties", ".toml", ".tf", ".tfvars"),
    *(".sh", ".bash", ".zsh", ".npmrc", ".pypirc", ".service"),
)
_SETTINGS_NAMES = frozenset(("dockerfile", "containerfile", "makefile", "credentials", "config"))
