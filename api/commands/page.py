"""The commands -> docs/cli.md: `python -m api.commands.page > docs/cli.md`."""

from __future__ import annotations

import click

from ..cli import COMMANDS
from ..cli import cairn as group

_WIDTH = 100

_HEAD = """# The command line

This page is made by `python -m api.commands.page > docs/cli.md`; a test compares it with the commands.

- Every command takes `--json` and `--data DIR`. With `--json` stdout holds exactly one JSON document and
  everything else goes to stderr. Only `watch` has to differ: a document on a line for each sync.
- An error is one sentence on stderr. With `--json` stdout then holds a problem as over HTTP
  (`{"type": "urn:cairn:not-found", "title", "status", "detail"}`), so a script can always parse it.
- Exit codes: 0 done, 1 failed, 2 wrong usage. Ctrl-C is 1: the sentence says what is kept. A run of the agent
  that waits at a gate is 0; one that asks something, failed or was cancelled is 1. `check` says 1 when it
  found something, and 2 when it could not look.
- `NO_COLOR` is respected. Where stderr is no terminal, progress is plain lines.
- `--repo` takes a name or a path (any path inside the repository). Without it the repository around the
  working directory is meant, of nested ones the inner one; elsewhere the only one that is indexed; else it
  is a usage error that names those there are.
- `search`, `context`, `map`, `symbols`, `callers`, `callees`, `hierarchy`, `conventions`, `check`,
  `remove` and `run` ask the server that runs on the data directory, and answer by themselves when there is
  none. The answers are the same. With `CAIRN_URL` the first nine ask that server.
"""


def page() -> str:
    above = click.Context(group, info_name="cairn", **group.context_settings)
    return "\n".join([_HEAD, *(_section(name, above) for name in COMMANDS)])


def _section(name: str, above: click.Context) -> str:
    command = group.get_command(above, name)
    assert command is not None
    context = click.Context(command, above, info_name=name, max_content_width=_WIDTH, terminal_width=_WIDTH)
    return f"## cairn {name}\n\n```\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    click.echo(page(), nl=False)
