"""A machine and a data directory -> what Cairn needs of them, and whether it is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Literal

from indexer.errors import CairnError
from indexer.store.troubles import written
from retriever.client import running_server

from .health import Finding, data, machine
from .service import Service

_LEAST_FREE = 500_000_000  # bytes: an index takes up to four times the size of its files
_RECENT_RUNS = 500
_SANDBOX_REMEDY = "install bubblewrap, podman or docker; docs/sandbox.md says what each needs"


def examine(service: Service) -> Iterator[Finding]:
    """Try each thing for real. An error of one is a finding, and the next is still tried."""
    checks: dict[str, Callable[[Service], Finding | str]] = {
        "python": _python,
        "git": _git,
        "data directory": _data,
        "privacy": data.privacy,
        "databases": data.databases,
        "leftovers": data.tidiness,
        "memory": machine.memory,
        "open files": machine.open_files,
        "file events": machine.watches,
        "clock": machine.clock,
        "grammars": machine.grammars,
        "embedding model": data.model,
        "second stage": data.second,
        "vector store": data.store,
        "editions": _editions,
        "repositories": data.roots,
        "server": _server,
        "agent's model": _model,
        "agent's sandbox": _sandbox,
        "agent's forge": _forge,
        "agent's runs": _runs,
    }
    causes: dict[str, str] = {}
    for what, check in checks.items():
        try:
            found = check(service)
        except (CairnError, OSError) as error:
            known = causes.setdefault(str(error), what)
            said = str(error) if known == what else f"not tried, for the reason given at {known}"
            found = Finding(what, "bad", said)
        yield found if isinstance(found, Finding) else Finding(what, "ok", found)


def _python(service: Service) -> str:
    return f"{sys.version.split()[0]} at {sys.executable}"


def _git(service: Service) -> Finding | str:
    if shutil.which("git") is None:
        sentence = "git is missing; files are found without it, commits and agent runs are not"
        return Finding("git", "note", sentence, "install git (on Debian: apt-get install git)")
    return subprocess.run(["git", "--version"], capture_output=True, text=True, check=False).stdout.strip()


def _data(service: Service) -> Finding | str:
    folder = service.data.root
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_text("")
        probe.unlink()
    free = shutil.disk_usage(folder).free
    sentence = f"{folder}, {free / 1e9:.1f} GB free"
    if free < _LEAST_FREE:
        return Finding(
            "data directory", "note", f"{sentence}: little", "make room, or choose another with --data"
        )
    return sentence


def _editions(service: Service) -> Finding | str:
    from .migration_state import state_of

    state = state_of(service)
    beside = [f"left over: {one['fingerprint'] or one['edition']}" for one in state["leftovers"]]
    if state["building"]:
        beside.append(f"being built: {state['building']['fingerprint']} (cairn migrate goes on with it)")
    elif state["advice"]:
        beside.append(state["advice"])
    sentence = f"{state['current']['fingerprint']} answers"
    if not beside:
        return sentence
    if state["leftovers"]:
        beside.append("cairn migrate --clean removes what is left over")
    return Finding("editions", "note", "; ".join([sentence, *beside]))


def _server(service: Service) -> str:
    server = running_server(service.data.root)
    return f"running at {server.url}" if server else "none; commands answer by themselves"


def _model(service: Service) -> Finding | str:
    settings = service.settings
    if settings.has_model:
        where = settings.openai_base_url or "the OpenAI endpoint"
        return f"{settings.model} at {where} (not tried: it may cost)"
    sentence = "none, so cairn run plays a scripted demonstration on the sample project"
    return Finding("agent's model", "note", sentence, "set OPENAI_API_KEY or OPENAI_BASE_URL")


def _sandbox(service: Service) -> Finding | str:
    from agent.sandbox.choose import sandbox_report

    settings = service.settings
    wanted = settings.sandbox
    if wanted == "off":
        return Finding(
            "agent's sandbox", "note", "CAIRN_SANDBOX=off, so the agent runs no command", _SANDBOX_REMEDY
        )
    if wanted == "unconfined":
        sentence = "CAIRN_SANDBOX=unconfined: what the agent runs can do what you can"
        return Finding("agent's sandbox", "note", sentence, _SANDBOX_REMEDY)
    report = sandbox_report(settings.sandbox_image or "", settings.sandbox_runtime or "")
    names = {"bwrap": "bubblewrap"}
    fit = [found for found in report if wanted in ("auto", found[0]) or names.get(wanted) == found[0]]
    holding = [said for _, holds, said in fit if holds]
    if holding:
        return "; ".join(holding)
    state: Literal["note", "bad"] = "note" if wanted == "auto" else "bad"  # what was ordered has to be there
    return Finding("agent's sandbox", state, " | ".join(said for _, _, said in fit), _SANDBOX_REMEDY)


def _forge(service: Service) -> Finding | str:
    settings = service.settings
    if settings.forge == "local":
        return f"requests are documents below {service.data.root / 'forge'}"
    if not settings.github_token:
        sentence = "CAIRN_FORGE=github, but there is no CAIRN_GITHUB_TOKEN, so nothing can be pushed"
        return Finding("agent's forge", "bad", sentence, "set CAIRN_GITHUB_TOKEN, or CAIRN_FORGE=local")
    return f"{settings.github_repo or 'the repository of origin'} at {settings.github_api} (not tried)"


def _runs(service: Service) -> Finding | str:
    from .tasks import Tasks

    if not service.data.runs.exists():
        return "none yet"
    runs = Tasks(service).recent(_RECENT_RUNS)
    interrupted = [run["id"] for run in runs if run["interrupted"]]
    if interrupted:
        sentence = f"interrupted: {', '.join(interrupted)}"
        return Finding("agent's runs", "note", sentence, "cairn resume RUN_ID goes on with one")
    waiting = sum(run["status"] in ("awaiting_approval", "escalated") for run in runs)
    return f"{len(runs)}, of which {waiting} wait for a person"
