"""Name a tokenizer -> a function that counts as the model in use does.

`estimate` needs nothing and counts a little too many (tokens.py). `hf:FILE` reads a `tokenizer.json`, as
every open model has one. `tiktoken:FILE` reads a vocabulary of OpenAI's, `tiktoken:NAME` one that tiktoken
has downloaded before; nothing is downloaded here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha1, sha256
from pathlib import Path
from types import FunctionType
from typing import Any

from indexer.errors import BadInput, MissingExtra

from .tokens import CountTokens, count_tokens

ESTIMATE = "estimate"
_LARGEST = 64 << 20  # bytes; the vocabularies of 260,000 words take 34


def tokenizer(name: str) -> CountTokens:
    """Raises BadInput for a name or file that is none, MissingExtra without the package it needs."""
    if name == ESTIMATE:
        return count_tokens
    kind, _, place = name.partition(":")
    if not place or kind not in ("hf", "tiktoken"):
        raise BadInput(
            f"{name!r} is no tokenizer; give estimate, hf:/path/to/tokenizer.json, tiktoken:o200k_base "
            "or tiktoken:/path/to/o200k_base.tiktoken"
        )
    if kind == "tiktoken" and "/" not in place:
        return _downloaded(place, os.environ.get("TIKTOKEN_CACHE_DIR"))
    path = Path(place).expanduser()
    try:
        state = path.stat()
    except OSError as error:
        raise BadInput(f"{name}: {path} cannot be read ({error.strerror}); give the path of a file") from None
    if not path.is_file() or state.st_size > _LARGEST:
        raise BadInput(f"{name}: {path} is no file of at most {_LARGEST >> 20} MiB; give a vocabulary")
    return _of_file(kind, path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)  # a vocabulary takes some 50 MB; a file that changed is read anew
def _of_file(kind: str, path: Path, mtime: int, size: int) -> CountTokens:
    return _hugging_face(path) if kind == "hf" else _tiktoken_file(path)


def _hugging_face(path: Path) -> CountTokens:
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise MissingExtra(f"hf:{path} needs the package tokenizers; pip install tokenizers") from None
    try:
        made = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises a bare Exception for a bad file
        raise BadInput(f"{path} is no tokenizer.json ({error}); give the one of your model") from None
    made.no_truncation()  # some files cut at the model's length, and would count no further
    made.no_padding()

    def count(text: str) -> int:
        return len(made.encode(text, add_special_tokens=False).ids)

    return count


def _tiktoken_file(path: Path) -> CountTokens:
    name = path.name.split(".")[0]
    return _encoding(name, lambda url, sum_: _checked(path.read_bytes(), path, name, sum_))


@lru_cache(maxsize=4)
def _downloaded(name: str, folder: str | None) -> CountTokens:
    """A vocabulary that tiktoken keeps, under the name it keeps it."""

    def read(url: str, sum_: str | None) -> bytes:
        kept = Path(folder or "") / sha1(url.encode()).hexdigest()
        if not folder or not kept.is_file():
            where = (
                f"is not in {folder}" if folder else "was never downloaded (TIKTOKEN_CACHE_DIR is not set)"
            )
            raise BadInput(
                f"the vocabulary of {name} {where}; fetch {url} and give its path: "
                f"tiktoken:/path/{name}.tiktoken"
            )
        return _checked(kept.read_bytes(), kept, name, sum_)

    return _encoding(name, read)


def _checked(data: bytes, path: Path, name: str, sum_: str | None) -> bytes:
    if sum_ and sha256(data).hexdigest() != sum_:
        raise BadInput(f"{path} is not the vocabulary of {name}; its name must say which encoding it is")
    return data


def _encoding(name: str, read: Callable[[str, str | None], bytes]) -> CountTokens:
    """tiktoken's own definition of an encoding, its vocabulary read by `read` and not from the network."""
    try:
        import tiktoken
        from tiktoken_ext import openai_public
    except ImportError:
        raise MissingExtra(f"tiktoken:{name} needs the package tiktoken; pip install tiktoken") from None
    defined = openai_public.ENCODING_CONSTRUCTORS.get(name)
    if defined is None:
        known = ", ".join(sorted(openai_public.ENCODING_CONSTRUCTORS))
        raise BadInput(f"{name} is no encoding that this tiktoken knows; it knows {known}")

    def ranks(url: str, expected_hash: str | None = None) -> Mapping[bytes, int]:
        from base64 import b64decode

        rows = (line.split() for line in read(url, expected_hash).splitlines() if line)
        return {b64decode(token): int(rank) for token, rank in rows}

    here = {**defined.__globals__, "load_tiktoken_bpe": ranks, "data_gym_to_mergeable_bpe_ranks": _no_gpt2}
    for one in openai_public.ENCODING_CONSTRUCTORS.values():  # some are made of others
        here[one.__name__] = FunctionType(one.__code__, here)
    encoding = tiktoken.Encoding(**here[defined.__name__]())

    def count(text: str) -> int:
        return len(encoding.encode(text, disallowed_special=()))

    return count


def _no_gpt2(**_: Any) -> Mapping[bytes, int]:
    raise BadInput("gpt2's vocabulary is in two files and another form; r50k_base counts the same")
