"""Environment variables and command line options -> Settings. The only reader of the environment.

docs/settings.md has a paragraph on each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from indexer.errors import BadInput
from indexer.skip import FileOptions, SkipReason
from retriever.second import CANDIDATES, MOST_CANDIDATES, check_spec

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose. Keys are left out of the representation, so no log shows them."""

    data: Path
    qdrant_url: str | None = None
    qdrant_api_key: str | None = field(default=None, repr=False)
    qdrant_text: bool | None = None
    embedder: str | None = None
    embedder_url: str | None = None
    embedder_key: str | None = field(default=None, repr=False)
    tokenizer: str = "estimate"
    rerank: str | None = None
    rerank_candidates: int = CANDIDATES
    rerank_url: str | None = None
    rerank_key: str | None = field(default=None, repr=False)
    max_file_bytes: int = FileOptions().max_bytes
    max_data_bytes: int = FileOptions().data_bytes
    keep: tuple[SkipReason, ...] = ()
    workers: int = 0
    host: str = "127.0.0.1"
    port: int | None = None
    api_key: str | None = field(default=None, repr=False)
    hosts: tuple[str, ...] = ()
    roots: tuple[Path, ...] = ()
    url: str | None = None
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    model: str = "gpt-4.1"
    model_tools: Literal["auto", "native", "text"] = "auto"
    model_stream: bool = False
    model_output_tokens: int | None = None
    model_temperature: float | None = None
    model_prices: tuple[float, float] | None = None
    sandbox: str = "auto"
    sandbox_image: str | None = None
    sandbox_runtime: str | None = None
    python: Path | None = None
    toolchains: tuple[Path, ...] = ()
    forge: str = "local"
    github_api: str = "https://api.github.com"
    github_repo: str | None = None
    github_token: str | None = field(default=None, repr=False)

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, data: Path | None = None) -> Settings:
        """Read the variables of VARIABLES, by default from this process; an empty one counts as unset.
        `data` wins over CAIRN_DATA.

        Raises BadInput with the variable's name when a value makes no sense.
        """
        environ = os.environ if environ is None else environ
        chosen: dict[str, Any] = {}
        for variable, (name, read) in VARIABLES.items():
            value = environ.get(variable, "").strip()
            if value:
                try:
                    chosen[name] = read(value)
                except ValueError as error:
                    shown = variable if read is _header else f"{variable}={value!r}"  # never a key
                    raise BadInput(f"{shown}: {error}; see docs/settings.md") from None
        if data is not None:
            chosen["data"] = data
        folder = chosen.pop("data", None) or _default_data(environ)
        return cls(data=folder.expanduser().absolute(), **chosen)

    def with_options(self, **options: Any) -> Settings:
        """The same, with what was said on the command line; None says nothing."""
        return replace(self, **{name: value for name, value in options.items() if value is not None})

    @property
    def file_options(self) -> FileOptions:
        return FileOptions(self.max_file_bytes, self.max_data_bytes, frozenset(self.keep))

    def with_text(self, now: bool) -> bool:
        """Whether points carry their text where they do `now`: as set, but only on a server."""
        return now if self.qdrant_text is None or self.qdrant_url is None else self.qdrant_text

    @property
    def has_model(self) -> bool:
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def beyond_loopback(self) -> bool:
        return self.host not in LOOPBACK

    def shown(self) -> dict[str, str]:
        """Every setting as text for people, keys as whether they are set."""
        return {
            f.name: str(getattr(self, f.name)) if f.repr else ("set" if getattr(self, f.name) else "not set")
            for f in fields(self)
        }


def _default_data(environ: Mapping[str, str]) -> Path:
    home = environ.get("XDG_DATA_HOME", "")
    # The XDG specification says to ignore a relative path: https://specifications.freedesktop.org/basedir-spec
    base = Path(home) if home.startswith("/") else Path("~/.local/share")
    return base / "cairn"


def _count(value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() else -1
    if number < 0:
        raise ValueError("give a whole number, 0 or more")
    return number


def _candidates(value: str) -> int:
    number = _count(value)
    if not 2 <= number <= MOST_CANDIDATES:
        raise ValueError(f"give a whole number from 2 to {MOST_CANDIDATES}")
    return number


def _second(value: str) -> str | None:
    if value == "off":
        return None
    try:
        return check_spec(value)
    except BadInput as error:
        raise ValueError(f"{error}, or off") from None


def _port(value: str) -> int:
    number = _count(value)
    if number > 65535:
        raise ValueError("a port is a number from 0 (any free one) to 65535")
    return number


def _url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("give a URL that begins with http:// or https://")
    return value.rstrip("/")


def _header(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise ValueError("a key travels in a header, so it can hold only printable ASCII characters")
    return value


def _list(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _roots(value: str) -> tuple[Path, ...]:
    paths = tuple(Path(item).expanduser() for item in _list(value))
    if any(not path.is_absolute() for path in paths):
        raise ValueError("give absolute paths, separated by commas")
    return tuple(path.resolve() for path in paths)


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"it is one of {', '.join(allowed)}")
        return value

    return read


def _switch(value: str) -> bool:
    if value.lower() not in ("0", "1", "on", "off", "true", "false", "yes", "no"):
        raise ValueError("give 1 or 0")
    return value.lower() in ("1", "on", "true", "yes")


def _word(value: str) -> str:
    if value.startswith("-") or not value.isprintable() or " " in value:
        raise ValueError("give one name, which does not begin with a dash")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", value):
        raise ValueError("give owner/name")
    return value


def _path(value: str) -> Path:
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise ValueError("give an absolute path")
    return path


def _tokenizer(value: str) -> str:
    kind, _, place = value.partition(":")
    if value != "estimate" and (kind not in ("hf", "tiktoken") or not place):
        raise ValueError("give estimate, hf:/path/to/tokenizer.json or tiktoken:/path/to/o200k_base.tiktoken")
    return value


def _prices(value: str) -> tuple[float, float]:
    prices = [float(item) for item in _list(value)]
    if len(prices) != 2 or not all(0 <= price < 1e6 for price in prices):
        raise ValueError("give the dollars for a million tokens read and written, as in 2.5,10")
    return prices[0], prices[1]


def _some(value: str) -> int:
    number = _count(value)
    if not number:
        raise ValueError("give a whole number above 0")
    return number


def _temperature(value: str) -> float:
    if not re.fullmatch(r"[0-2](\.\d{1,9})?", value) or float(value) > 2:  # the range of the API
        raise ValueError("give a number from 0 to 2, as in 0.2")
    return float(value)


def _reasons(value: str) -> tuple[SkipReason, ...]:
    known = {reason.value: reason for reason in SkipReason}
    for item in _list(value):
        if item not in known:
            raise ValueError(f"{item!r} is no reason to skip a file; reasons are {', '.join(known)}")
    return tuple(known[item] for item in _list(value))


VARIABLES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "CAIRN_DATA": ("data", Path),
    "CAIRN_QDRANT_URL": ("qdrant_url", _url),
    "CAIRN_QDRANT_API_KEY": ("qdrant_api_key", _header),
    "CAIRN_QDRANT_TEXT": ("qdrant_text", _switch),
    "CAIRN_EMBEDDER": ("embedder", str),
    "CAIRN_EMBEDDER_URL": ("embedder_url", _url),
    "CAIRN_EMBEDDER_KEY": ("embedder_key", _header),
    "CAIRN_TOKENIZER": ("tokenizer", _tokenizer),
    "CAIRN_RERANK": ("rerank", _second),
    "CAIRN_RERANK_CANDIDATES": ("rerank_candidates", _candidates),
    "CAIRN_RERANK_URL": ("rerank_url", _url),
    "CAIRN_RERANK_KEY": ("rerank_key", _header),
    "CAIRN_MAX_FILE_BYTES": ("max_file_bytes", _count),
    "CAIRN_MAX_DATA_BYTES": ("max_data_bytes", _count),
    "CAIRN_KEEP": ("keep", _reasons),
    "CAIRN_WORKERS": ("workers", _count),
    "CAIRN_HOST": ("host", str),
    "CAIRN_PORT": ("port", _port),
    "CAIRN_API_KEY": ("api_key", _header),
    "CAIRN_HOSTS": ("hosts", _list),
    "CAIRN_ROOTS": ("roots", _roots),
    "CAIRN_URL": ("url", _url),
    "CAIRN_MODEL": ("model", str),
    "CAIRN_MODEL_TOOLS": ("model_tools", _one_of("auto", "native", "text")),
    "CAIRN_MODEL_STREAM": ("model_stream", _switch),
    "CAIRN_MODEL_OUTPUT_TOKENS": ("model_output_tokens", _some),
    "CAIRN_MODEL_TEMPERATURE": ("model_temperature", _temperature),
    "CAIRN_MODEL_PRICES": ("model_prices", _prices),
    "CAIRN_SANDBOX": ("sandbox", _one_of("auto", "bwrap", "docker", "podman", "unconfined", "off")),
    "CAIRN_SANDBOX_IMAGE": ("sandbox_image", _word),
    "CAIRN_SANDBOX_RUNTIME": ("sandbox_runtime", _word),
    "CAIRN_PYTHON": ("python", _path),
    "CAIRN_TOOLCHAINS": ("toolchains", _roots),
    "CAIRN_FORGE": ("forge", _one_of("local", "github")),
    "CAIRN_GITHUB_API": ("github_api", _url),
    "CAIRN_GITHUB_REPO": ("github_repo", _slug),
    "CAIRN_GITHUB_TOKEN": ("github_token", _header),
    "OPENAI_API_KEY": ("openai_api_key", _header),
    "OPENAI_BASE_URL": ("openai_base_url", _url),
}
