"""Settings -> what an agent run works with: model, index, sandbox, forge."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.log.runs import Event, RunLog
from indexer.errors import IndexBusy, NotFound, StoreUnreachable

from .service import WORKING_COPY, Service
from .settings import Settings

if TYPE_CHECKING:
    from agent.codebase import Codebase
    from agent.forge import Forge
    from agent.means import Means
    from agent.model import Model

log = logging.getLogger(__name__)


def means_of(
    service: Service,
    codebase: Codebase,
    repo: str,
    root: Path,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    on_event: Callable[[Event], None] = lambda _: None,
) -> Means:
    """What a run on the repository at `root` works with. `codebase` answers, here or over HTTP."""
    from agent.intake import IntakeOptions
    from agent.means import Means
    from agent.sandbox.choose import choose_sandbox

    settings = service.settings
    return Means(
        data=service.data.root,
        codebase=codebase,
        models=lambda name: model_of(settings, name, cancelled),
        follow=lambda tree: WorkingCopy(service, tree),
        sandbox=choose_sandbox(
            settings.sandbox,
            image=settings.sandbox_image or "",
            runtime=settings.sandbox_runtime or "",
            unconfined_accepted=settings.sandbox == "unconfined",  # the setting is the consent
        ),
        forge=forge_of(settings, service.data.root, repo, root),
        python=settings.python,
        toolchains=settings.toolchains,
        hidden=keys_of(settings),
        environ=os.environ,  # of which a list of names, free of secrets, is used
        intake=IntakeOptions(settings.github_api, settings.github_token or ""),
        cancelled=cancelled,
        on_event=on_event,
    )


def model_of(settings: Settings, name: str = "", cancelled: Callable[[], bool] = lambda: False) -> Model:
    """The model behind the endpoint that is set, by name; without an endpoint the demonstration."""
    if not settings.has_model:
        from agent.model.demonstration import demonstration

        return demonstration()
    from agent.model.answer import Prices
    from agent.model.openai import OUTPUT_TOKENS, ModelOptions, OpenAIModel

    options = ModelOptions(
        name or settings.model,
        settings.openai_api_key or "",
        settings.openai_base_url,
        output_tokens=settings.model_output_tokens or OUTPUT_TOKENS,
        temperature=settings.model_temperature,
        stream=settings.model_stream,
        tools=settings.model_tools,
        prices=Prices(*settings.model_prices) if settings.model_prices else Prices(),
    )
    return OpenAIModel(options, cancelled)


def forge_of(settings: Settings, data: Path, repo: str, root: Path) -> Forge:
    """Where the finished branch goes: a bare repository in the data directory, or GitHub."""
    from agent.forge.local import LocalForge

    if settings.forge == "local":
        return LocalForge(data / "forge", repo)
    from agent.forge.github import GitHubForge
    from agent.intake.github import web_host
    from agent.intake.remotes import repository_of

    repository = settings.github_repo or repository_of(root, web_host(settings.github_api))
    return GitHubForge(settings.github_api, settings.github_token or "", repository)


def keys_of(settings: Settings) -> tuple[str, ...]:
    """Live keys, which no event may show."""
    keys = (
        settings.openai_api_key,
        settings.embedder_key,
        settings.qdrant_api_key,
        settings.api_key,
        settings.github_token,
    )
    return tuple(key for key in keys if key)


class WorkingCopy:
    """The index of a run's working copy, under a name that lists leave out."""

    def __init__(self, service: Service, tree: Path) -> None:
        self.repo = f"{WORKING_COPY}{tree.parent.name}"
        self._service = service
        with service.writing() as index:
            self._row = index.catalog.add_repo(self.repo, str(tree.resolve()))
        service.sync(self._row)

    def refresh(self, paths: Sequence[str]) -> None:
        self._service.sync(self._row, paths)

    def close(self) -> None:
        """Remove it. Where that cannot be done now, the next run does it: this one has ended either way."""
        try:
            self._service.remove(self._row)
        except (IndexBusy, StoreUnreachable) as error:
            log.warning("the index of %s stays for now: %s", self.repo, error)


def forget_working_copies(service: Service) -> None:
    """Remove the indexes of working copies that nobody works on: their worker was killed."""
    runs = RunLog(service.data.runs)
    for repo in service.catalog.repos():
        run_id = repo.name.removeprefix(WORKING_COPY)
        if run_id == repo.name or _is_worked_on(runs, run_id):
            continue
        try:
            service.remove(repo)
        except IndexBusy:
            log.info("%s is still being indexed; it is removed another time", repo.name)


def _is_worked_on(runs: RunLog, run_id: str) -> bool:
    try:
        return runs.worked_on(runs.show(run_id).id)
    except NotFound:
        return False  # of a log that was deleted
