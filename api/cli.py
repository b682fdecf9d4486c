"""`cairn COMMAND` -> the command's function, loaded only when it is the one that was asked for."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from indexer.errors import CairnError, Cancelled

from .problems import DONE, FAILED, USAGE, as_document, problem_of
from .terminal import print_json, say

# Name -> what --help says of it. The function of the same name lives in the module named after it, or
# in the one named here; importing them all would take longer than most of them run.
COMMANDS = {
    "index": "Index a repository, or what changed in it.",
    "search": "Find code by meaning, words or name.",
    "context": "Pack what to know before writing, within a token budget.",
    "map": "Show the most central definitions, within a token budget.",
    "symbols": "List the definitions of a name.",
    "callers": "List where a definition is used.",
    "callees": "List what a definition uses.",
    "hierarchy": "List what a class or method inherits from, and its heirs.",
    "conventions": "List what the team's code takes for granted.",
    "check": "Tell what of a change does not fit the repository.",
    "watch": "Index a repository and follow its changes.",
    "serve": "Serve HTTP and a page, and follow every repository.",
    "mcp": "Serve a language model its tools on stdin and stdout.",
    "run": "Let the agent carry out a task on a copy.",
    "runs": "List the agent's runs, or show one.",
    "approve": "Let a run through the gate it waits at.",
    "reject": "End a run at the gate it waits at.",
    "answer": "Answer what a run asks, and go on.",
    "resume": "Go on with a run that was stopped.",
    "cancel": "Stop a run, or end one that waits.",
    "eval": "Measure how well searches find what commits changed.",
    "eval-agent": "Measure how many tasks with known tests the agent solves.",
    "status": "Show what is indexed, and what is left out.",
    "migrate": "Build the index of another model beside this one, then swap.",
    "verify": "Prove that the index equals the files.",
    "doctor": "Check what Cairn needs on this machine.",
    "remove": "Forget a repository's index.",
}
_MODULES = {
    "callers": "symbols",
    "callees": "symbols",
    "hierarchy": "symbols",
    **dict.fromkeys(("approve", "reject", "answer", "resume", "cancel"), "words"),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f".commands.{_MODULES.get(name, name)}", __package__)
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cairn-context", prog_name="cairn")
def cairn() -> None:
    """Cairn knows your code: search it, ask for context, let an agent work with it.

    Every command takes --json (one JSON document on stdout) and --data DIR. Exit codes: 0 done, 1 failed,
    2 wrong usage.
    """


def main(args: list[str] | None = None) -> int:
    """Run a command and return its exit code. An error is one sentence on stderr, with --json also a
    problem document on stdout."""
    words = sys.argv[1:] if args is None else args
    as_json = "--json" in words[: words.index("--") if "--" in words else None]
    try:
        ended = cairn.main(args=words, prog_name="cairn", standalone_mode=False)
    except click.UsageError as error:
        return _tell_usage(error, as_json)
    except (KeyboardInterrupt, click.Abort):
        return tell(Cancelled("stopped; nothing that was done is lost, run the same command again"), as_json)
    except BrokenPipeError:
        # whoever read us has seen enough (| head); Python would complain while it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except CairnError as error:
        return tell(error, as_json)
    return ended if isinstance(ended, int) else DONE  # the code of click.exceptions.Exit


def tell(error: CairnError, as_json: bool) -> int:
    """Say what went wrong. Returns the exit code."""
    problem = problem_of(error)
    say(f"cairn: {error}")
    if as_json:
        print_json(as_document(problem, str(error)))
    return problem.exit_code


def _tell_usage(error: click.UsageError, as_json: bool) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say(error.format_message())
        return USAGE
    asked = f"{error.ctx.command_path} --help" if error.ctx else "cairn --help"
    sentence = f"{error.format_message().rstrip('.')}; see: {asked}"
    say(f"cairn: {sentence}")
    if as_json:
        from indexer.errors import BadInput

        more: dict[str, Any] = as_document(problem_of(BadInput()), sentence)
        print_json(more)
    return USAGE


__all__ = ["COMMANDS", "FAILED", "cairn", "main", "tell"]
