"""Secrets go, everything else stays: the lines, their number, and what only looks like a secret."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.secrets import redact

# Put together here, so that no scanner takes this file for a leak.
RANDOM = "a1B2c3D4e5F6g7H8" * 5
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
GITHUB = "ghp_" + RANDOM[:36]
JWT = ".".join(("eyJ" + RANDOM[:20], "eyJ" + RANDOM[:40], RANDOM[:43]))
PEM_LINES = [RANDOM[:64], RANDOM[3:67], "kA=="]


def block(kind: str, lines: list[str], indent: str = "") -> str:
    marks = [f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"]
    return "".join(f"{indent}{line}\n" for line in marks)


@pytest.mark.parametrize(
    ("label", "secret"),
    [
        ("aws-key", AWS),
        ("github-token", GITHUB),
        ("github-token", "github_pat_" + RANDOM[:50]),
        ("gitlab-token", "glpat-" + RANDOM[:20]),
        ("slack-token", "xoxb-" + "123456789012-" + RANDOM[:24]),
        ("api-key", "sk-" + RANDOM[:48]),
        ("api-key", "sk-ant-api03-" + RANDOM[:60]),
        ("google-key", "AIza" + RANDOM[:35]),
        ("stripe-key", "sk_live_" + RANDOM[:24]),
        ("jwt", JWT),
        ("npm-token", "npm_" + RANDOM[:36]),
        ("pypi-token", "pypi-AgEIcHlwaS5vcmc" + RANDOM[:60]),
        ("sendgrid-key", f"SG.{RANDOM[:22]}.{RANDOM[:43]}"),
        ("huggingface-token", "hf_" + RANDOM[:34]),
        ("databricks-token", "dapi" + "0123456789abcdef" * 2),
        ("age-key", "AGE-SECRET-KEY-1" + "QPZRY9X8GF2TVDW0" * 4),
    ],
)
@pytest.mark.parametrize("around", ['x = "{}"\n', "# see {} for that\n", "curl -H 'X: {}' host\n", "{}"])
def test_a_token_is_known_by_its_shape(label: str, secret: str, around: str) -> None:
    text, count = redact(around.format(secret))
    assert (text, count) == (around.format(f"[redacted:{label}]"), 1)


@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        ("postgres://app:s3cr3t@db/x", "postgres://app:[redacted:url-password]@db/x"),
        ("https://:t0ken@host/", "https://:[redacted:url-password]@host/"),
        ("Authorization: Bearer " + RANDOM[:30], "Authorization: Bearer [redacted:bearer-token]"),
        ("Authorization: Basic YWxhZGRpbjpzZXNhbQ==", "Authorization: Basic [redacted:basic-credentials]"),
        (
            f"https://hooks.slack.com/services/T0A/B0B/{RANDOM[:24]}",
            "https://hooks.slack.com/services/[redacted:slack-webhook]",
        ),
        ('DB_PASSWORD = "Sup3r$ecret"', 'DB_PASSWORD = "[redacted:password]"'),
        ("'password' => 'tr0ub4dor&3',", "'password' => '[redacted:password]',"),
        ('config["password"] = "hunter2!"', 'config["password"] = "[redacted:password]"'),
        ('{"dbPassword": "x9!kLm2"}', '{"dbPassword": "[redacted:password]"}'),
        ('password: str = "x9!kLm2"', 'password: str = "[redacted:password]"'),
        ('os.getenv("DB_PASSWORD", "x9!kLm2")', 'os.getenv("DB_PASSWORD", "[redacted:password]")'),
        ('if (password == "x9!kLm2")', 'if (password == "[redacted:password]")'),
        ('API_TOKEN = "s3cr3t-value!"', 'API_TOKEN = "[redacted:secret]"'),
        (f'api_key = "{RANDOM[:32]}"', 'api_key = "[redacted:secret]"'),
        (f"const clientSecret = `{RANDOM[:32]}`", "const clientSecret = `[redacted:secret]`"),
        (f'aws_secret_access_key = "{RANDOM[:40]}"', 'aws_secret_access_key = "[redacted:secret]"'),
        ("SECRET_KEY = '192b9bdd22ab9ed4d12e236c78afcb9a'", "SECRET_KEY = '[redacted:secret]'"),
        ('"Server=db;User Id=sa;Password=Pa55w0rd;"', '"Server=db;User Id=sa;Password=[redacted:password];"'),
    ],
)
def test_a_secret_is_known_by_the_name_it_is_given(line: str, redacted: str) -> None:
    assert redact(f"first\n{line}\nlast\n", "a.py") == (f"first\n{redacted}\nlast\n", 1)


@pytest.mark.parametrize(
    "line",
    [
        'password = "password"',
        'password = "changeme"',
        'password = "your-password-here"',
        'password = "test1234"',
        'password = ""',
        "password = get_password(user)",
        "password=self.settings_dict['PASSWORD'],",
        'password = f"{user}-{salt}"',
        'password = "${DB_PASSWORD}"',
        'PASSWORD_RESET_TIMEOUT = "3_days"',
        'fields = ("new_password1", "new_password2")',
        'password_field = "id_password1"',
        'INTERNAL_RESET_SESSION_TOKEN = "_password_reset_token"',
        'token = "TOKEN_BLOCK_START_1"',
        'key_salt = "django.contrib.auth.tokens.PasswordResetTokenGenerator"',
        'token_url = "https://auth.example.com/oauth2/token"',
        '("some token", "sometoken1@host.example")',
        "'access_token=' . $options['gitlab-token-2']",
        'path = {"credentials": "secrets/$APP_ENV/key.1.json"}',
        '"password_expires_at": "2016-11-06T15:32:17.000000"',
        '"password": "[REDACTED-1]"',
        'primary_key = "a1b2c3d4e5f6a7b8c9d0"',
        'open("/etc/passwd", "../passwd")',
        "class SecretManagerServiceClient2(Base): pass",
        "see https://docs.python.org/3/library/secrets.html#recipes-and-best-practices",
        "postgres://user:password@localhost/db",
        "postgres://postgres:postgres@localhost/db",
        "https://{user}:{password}@host/",
        "git@github.com:owner/repository.git",
        "http://[::1]:8000/path",
        ".sk-folding-cube-grid-animation-delay { }",
        "task-management-and-scheduling-system-2024",
        "Basic authentication is described below",
        "Bearer tokens are described in RFC 6750",
        "digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_what_only_speaks_of_secrets_stays(line: str) -> None:
    assert redact(f"{line}\n", "a.py") == (f"{line}\n", 0)


@pytest.mark.parametrize(
    "path", ["app.yml", "conf/app.ini", "deploy.sh", ".npmrc", "Dockerfile", "x.properties"]
)
def test_settings_need_no_quotes(path: str) -> None:
    text = f"password: Sup3r$ecret  # of the db\nname: app\napi_token={RANDOM[:32]}\npassword: changeme\n"
    expected = text.replace("Sup3r$ecret", "[redacted:password]").replace(RANDOM[:32], "[redacted:secret]")
    assert redact(text, path) == (expected, 2)
    assert redact(text, "app.py") == (text, 0)  # there it would be an expression


def test_a_key_block_keeps_its_lines_and_its_marks() -> None:
    text, count = redact("before\n" + block("RSA PRIVATE KEY", PEM_LINES, "    ") + "after\n")
    masked = block("RSA PRIVATE KEY", ["[redacted:private-key]"] * 3, "    ")
    assert (text, count) == ("before\n" + masked + "after\n", 3)


@pytest.mark.parametrize(
    "kind", ["PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
)
def test_every_kind_of_private_key_is_known(kind: str) -> None:
    text, _ = redact(block(kind, ["Version: 1", "", *PEM_LINES]))
    assert not any(line in text for line in PEM_LINES)
    assert text.count("\n") == 7


def test_a_public_key_stays() -> None:
    text = block("PUBLIC KEY", PEM_LINES) + block("CERTIFICATE", PEM_LINES)
    assert redact(text) == (text, 0)


def test_a_key_in_one_line_goes_as_a_whole() -> None:
    text = (
        '{"private_key": "-----BEGIN PRIVATE KEY-----\\n'
        + RANDOM
        + '\\nfake\\n-----END PRIVATE KEY-----\\n"}\n'
    )
    redacted, _ = redact(text, "account.json")
    assert "-----BEGIN PRIVATE KEY-----[redacted:private-key]-----END PRIVATE KEY-----" in redacted
    assert RANDOM not in redacted


def test_a_key_written_as_source_code_leaves_the_code_around_it() -> None:
    text = (
        'KEY = (\n  "-----BEGIN PRIVATE KEY-----\\n"\n  "'
        + RANDOM[:64]
        + '\\n"\n  "-----END PRIVATE KEY-----"\n)\n'
    )
    redacted, count = redact(text)
    assert redacted == text.replace(RANDOM[:64], "[redacted:private-key]")
    assert count == 1


def test_code_that_looks_for_keys_stays() -> None:
    text = (
        'if line.startswith("-----BEGIN PRIVATE KEY-----"):\n    return parsePrivateKeyFromPemEncoded(line)\n'
    )
    assert redact(text) == (text, 0)


@pytest.mark.parametrize("path", [".env", "deploy/.env.production", "local.env", ".envrc"])
def test_every_value_of_an_env_file_is_a_secret(path: str) -> None:
    text = "# database\nHOST=db\nexport PORT = 5432 \nEMPTY=\n\nKEY=\"one\ntwo=2\nthree\"\nLAST='x'\n"
    value = "[redacted:env-value]"
    expected = "# database\nHOST=V\nexport PORT = V\nEMPTY=\n\nKEY=V\nV\nV\nLAST=V\n".replace("V", value)
    assert redact(text, path) == (expected, 6)


def test_what_is_no_value_in_an_env_file_may_still_hold_a_secret() -> None:
    assert redact(f"# was {GITHUB}\n", ".env") == ("# was [redacted:github-token]\n", 1)


@pytest.mark.parametrize(
    "begin", ["-----BEGIN PRIVATE KEY-----\n", "password", "secret_", "eyJ-", "://a:", "sk-", "SG."]
)
def test_a_file_full_of_beginnings_is_read_in_one_go(begin: str) -> None:
    text = begin * (1_000_000 // len(begin))  # quadratic matching would take minutes
    assert redact(text, "a.yml") == (text, 0)


def test_capitals_of_other_alphabets_move_nothing() -> None:
    assert redact('İİ\nİ PASSWORD = "x9!kLm2" İ\n') == ('İİ\nİ PASSWORD = "[redacted:password]" İ\n', 1)


@pytest.mark.parametrize("letter", ["K", "k", "\u212a"])  # the sign of the kelvin is a capital k
def test_every_capital_begins_a_name(letter: str) -> None:
    found, count = redact(f'to{letter}en = "q8Rw2Lx0Vb7TnZ4c"\n')
    assert (found, count) == (f'to{letter}en = "[redacted:secret]"\n', 1)


def test_of_two_secrets_in_one_another_nothing_is_left() -> None:
    text, count = redact('password = "postgres://app:s3cr3t@db/x"\n')
    assert (text, count) == ('password = "[redacted:password]"\n', 1)


SECRETS = st.sampled_from(
    [AWS, GITHUB, JWT, "postgres://app:s3cr3t@db/x", 'password = "x9!kLm2"', *PEM_LINES[:1]]
)
TEXTS = st.text(st.sampled_from("ab =:\"'\n{}/-@.\tİß"), max_size=30)


@given(
    st.lists(st.one_of(SECRETS, TEXTS, st.just(block("PRIVATE KEY", PEM_LINES))), max_size=8),
    st.sampled_from(["a.py", ".env", "a.yml"]),
)
def test_lines_are_never_added_nor_lost_and_twice_is_once(parts: list[str], path: str) -> None:
    text = " ".join(parts)
    once, _ = redact(text, path)
    assert once.count("\n") == text.count("\n")
    assert not any(secret in once for secret in (AWS, GITHUB) if re.search(rf"(?<!\w){secret}(?!\w)", text))
    if path != ".env":  # there the replacement is a value again
        assert redact(once, path)[0] == once


@given(st.binary(min_size=4, max_size=30))
def test_basic_credentials_are_told_from_words_by_what_they_decode_to(raw: bytes) -> None:
    encoded = base64.b64encode(raw).decode()
    text, _ = redact(f"Authorization: Basic {encoded}\n")
    if b":" not in raw:
        assert text == f"Authorization: Basic {encoded}\n"
    elif len(encoded) >= 12:
        assert encoded not in text
