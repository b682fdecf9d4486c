"""A working copy -> the owner and name of its repository on the forge.

The repository is read, not trusted: one value of its configuration file, without includes.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from indexer import git
from indexer.errors import BadInput, NotFound

_SCP = re.compile(r"(?:[\w.-]{1,64}@)?([\w.-]{1,253}):(?!//)(.{1,300})")  # git@github.com:owner/name.git
_NAME = re.compile(r"/?([A-Za-z0-9][A-Za-z0-9_-]{0,38})/([\w.-]{1,100}?)(?:\.git)?/?")


def repository_of(root: Path, host: str) -> str:
    """`owner/name` of the remote origin, which must be on `host`. Raises NotFound, BadInput."""
    advice = "write the issue as OWNER/NAME#NUMBER"
    repository = git.find(os.path.realpath(root))
    if repository is None:
        raise NotFound(f"{root} is not a git repository, so its issues are unknown; {advice}")
    config = os.path.join(repository.common, "config")
    try:
        said = git.run(repository, "config", "--no-includes", "--file", config, "--get", "remote.origin.url")
    except git.GitFailed as error:
        raise NotFound(f"{root} has no remote called origin, so its issues are unknown; {advice}") from error
    where, path = _parts(said.decode("utf-8", "replace").strip())
    name = _NAME.fullmatch(path)
    if where.removeprefix("ssh.").lower() != host.lower() or not name or name[2] in (".", ".."):
        place = where or "a folder"
        raise BadInput(
            f"the remote origin is on {place}, but issues are read from {host};"
            f" {advice} or set the address of its API"
        )
    return f"{name[1]}/{name[2]}"


def _parts(url: str) -> tuple[str, str]:
    """Host and path of a remote's address. The user and password in it go nowhere."""
    try:
        split = urlsplit(url)
        if split.scheme in ("https", "http", "ssh", "git") and split.hostname:
            port = f":{split.port}" if split.port and split.scheme.startswith("http") else ""
            return f"{split.hostname}{port}", split.path
    except ValueError:
        return "", ""
    match = _SCP.fullmatch(url)
    return (match[1], match[2]) if match else ("", "")
