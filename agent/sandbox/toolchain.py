"""A Python interpreter and folders of tools -> what a sandbox must show so that they run inside."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import BadInput

_VISIBLE = Path("/usr")  # every room shows it
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Programs for a room: `folders` are shown read-only, `path` come first on PATH."""

    python: str
    folders: tuple[Path, ...]
    path: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


def python_toolchain(python: Path | None = None, further: tuple[Path, ...] = ()) -> Toolchain:
    """The interpreter `python`, by default the one that runs Cairn, and `further` folders of tools.

    Only what somebody configured is shown: an interpreter found inside a repository could be a link
    to anything. A folder may be one with a `bin` (a Go, a Node, a JDK, a Rust toolchain) or the home of
    rustup or of cargo.
    """
    executable = Path(sys.executable) if python is None else python
    prefixes = (sys.prefix, sys.base_prefix) if python is None else _prefixes(executable)
    tools = [_tools(folder) for folder in further]
    wanted = [Path(prefix) for prefix in prefixes] + [folder for tool in tools for folder in tool.folders]
    shown = [folder for folder in dict.fromkeys(wanted) if not folder.is_relative_to(_VISIBLE)]
    env = {name: value for tool in tools for name, value in tool.env.items()}
    path = (str(executable.parent), *(place for tool in tools for place in tool.path))
    return Toolchain(str(executable), tuple(shown), path, env)


def _tools(folder: Path) -> Toolchain:
    """What a folder of tools needs besides being seen; its `python` is empty."""
    if (folder / "settings.toml").is_file() and (folder / "toolchains").is_dir():
        found = _default_rust(folder)  # itself and not rustup's proxies, which may try to install another
        return Toolchain("", (folder,), (str(found / "bin"),), {"RUSTUP_HOME": str(folder)})
    if (folder / "bin" / "cargo").exists() and not (folder / "lib").is_dir():
        # Cargo's home also holds credentials.toml.
        return Toolchain("", (folder / "bin",), (str(folder / "bin"),))
    path = (str(folder / "bin"),) if (folder / "bin").is_dir() else ()
    env = {"JAVA_HOME": str(folder)} if (folder / "bin" / "javac").exists() else {}
    return Toolchain("", (folder,), path, env)


def _default_rust(home: Path) -> Path:
    try:
        name = tomllib.loads((home / "settings.toml").read_text())["default_toolchain"]
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"{home}/settings.toml names no default toolchain: {error}") from error
    toolchains = home / "toolchains"
    for found in (toolchains / str(name), *sorted(toolchains.glob(f"{name}-*"))):
        if (found / "bin").is_dir():
            return found
    raise BadInput(
        f"the default toolchain {name} is not in {toolchains}; run: rustup toolchain install {name}"
    )


def _prefixes(executable: Path) -> tuple[str, str]:
    try:
        done = subprocess.run(
            [str(executable), "-c", "import sys; print(sys.prefix); print(sys.base_prefix)"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        prefix, base = done.stdout.splitlines()
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise BadInput(f"{executable} is no Python interpreter that runs here: {error}") from error
    return prefix, base
