"""The settings of a machine for package registries -> those that may be seen where packages are installed.

An install script is a stranger's code with a network, so nothing goes there that opens a door: a value
with a password in it is left out, and so are all of a person's own files (~/.npmrc, ~/.netrc, pip.conf).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_FILE_BYTES = 1 << 16

_WANTED = re.compile(
    r"(?:https?|all|no)_proxy"
    r"|PIP_(?:INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|CERT|DEFAULT_TIMEOUT|TIMEOUT|RETRIES|CONSTRAINT)"
    r"|UV_(?:INDEX_URL|EXTRA_INDEX_URL|DEFAULT_INDEX|INDEX|NATIVE_TLS|HTTP_TIMEOUT)"
    r"|NPM_CONFIG_(?:REGISTRY|CAFILE|STRICT_SSL|FETCH_[A-Z_]+)|COREPACK_NPM_REGISTRY|YARN_REGISTRY"
    r"|CARGO_(?:HTTP_CAINFO|HTTP_TIMEOUT|NET_RETRY|REGISTRIES_[A-Z0-9_]+_INDEX|SOURCE_[A-Z0-9_]+)"
    r"|GO(?:PROXY|SUMDB|NOSUMDB|NOSUMCHECK|PRIVATE|NOPROXY|FLAGS)"
    r"|SSL_CERT_(?:FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO",
    re.IGNORECASE,
)
# user:password@ in a URL, or a setting whose name says that it is a secret.
_SECRET = re.compile(r"://[^/\s@]*@|_auth|token|password|passwd|secret|api_?key", re.IGNORECASE)
_SEEN = ("/usr/", "/etc/ssl/")  # where a file that a setting names exists inside as well
_FILES = ("/etc/pip.conf", "/etc/npmrc")


def registry_settings(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Variables for an installation, and the names of those left out for what they hold."""
    given, left_out = {}, []
    for name, value in sorted(environ.items()):
        if not _WANTED.fullmatch(name):
            continue
        if _SECRET.search(name) or _SECRET.search(value):
            left_out.append(name)
        elif not value.startswith("/") or value.startswith(_SEEN):
            given[name] = value
    return given, left_out


def registry_files() -> list[Path]:
    """The machine-wide files that an installation may see."""
    return [path for path in map(Path, _FILES) if path.is_file() and not _holds_secret(path)]


def _holds_secret(path: Path) -> bool:
    with path.open("rb") as file:
        text = file.read(_FILE_BYTES).decode("utf-8", "replace")
    return _SECRET.search(text) is not None or path.stat().st_size > _FILE_BYTES
