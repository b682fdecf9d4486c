"""What a run works with: index, model, sandbox, forge, and where its state is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.codebase import Codebase, Follow
from agent.forge import Forge
from agent.intake import IntakeOptions
from agent.log.runs import Event, RunLog
from agent.model import Model
from agent.sandbox import Sandbox
from agent.sandbox.bwrap import Bubblewrap


@dataclass(frozen=True, slots=True)
class Means:
    """What a run works with. `data` is Cairn's data directory.

    `models` gives the model for a name, "" for the default one. `python` and `toolchains` are shown to
    the sandbox beside /usr. `hidden` are live keys, masked in every event. `environ` is where the
    settings of package registries are looked for when dependencies are installed; `intake` says where issues
    are read from.
    """

    data: Path
    codebase: Codebase
    models: Callable[[str], Model]
    follow: Follow | None = None
    sandbox: Sandbox = field(default_factory=Bubblewrap)
    forge: Forge | None = None
    python: Path | None = None
    toolchains: tuple[Path, ...] = ()
    hidden: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    intake: IntakeOptions = field(default_factory=IntakeOptions)
    cancelled: Callable[[], bool] = lambda: False
    on_event: Callable[[Event], None] = lambda _: None

    @property
    def log(self) -> RunLog:
        return RunLog(self.data / "runs.db", self.hidden)
