"""What the routes work with: the service and everything that lives as long as the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from indexer.errors import BadInput, NotFound
from indexer.store.catalog import RepoRow

from . import wire
from .ahead import Ahead
from .job_record import RECORD, JobRecord
from .jobs import Jobs
from .live import Live
from .metrics import Metrics
from .migrating import Migrating
from .service import Service
from .tasks import Tasks


class House:
    """One server's belongings. `leaving` is set when it is told to stop, before its connections end."""

    def __init__(self, service: Service) -> None:
        self.service = service
        record = JobRecord(service.data.root / RECORD)
        self.jobs = Jobs(lambda repo, hooks: service.sync(repo, None, hooks, patience=_PATIENCE), record)
        self.migrating = Migrating(service, self.jobs)
        self.metrics = Metrics()
        self.live = Live(service, self.jobs, searchable=self.metrics.became_searchable)
        self.tasks = Tasks(service)
        self.leaving = False
        self.ahead = Ahead(lambda: service.retriever.read_ahead())

    def start(self) -> None:
        _ = self.service.retriever  # built once, before threads share it
        self.jobs.drop_unknown([repo.name for repo in self.service.repos()])
        self.live.start()
        self.migrating.start()
        self.ahead.start()

    def stop(self) -> None:
        """End in order: no new changes, then the syncs commit what they have, then the stores close."""
        self.leaving = True
        self.migrating.stop()
        self.live.stop()
        self.tasks.stop()
        self.jobs.stop()
        self.ahead.stop()
        self.service.close()

    def repo(self, name: str) -> RepoRow:
        """A registered repository. Raises NotFound, naming those there are."""
        return self.service.named(name)

    def index_of(self, repo: RepoRow) -> wire.Json:
        """What an answer about `repo` is served from. To be asked before the answer is sought."""
        return wire.of_freshness(self.live.freshness(repo))


_PATIENCE = 3600.0  # seconds that a job waits for another process: a first index takes minutes


def house_of(request: Request) -> House:
    house: House = request.app.state.house
    return house


def answer(document: Mapping[str, Any], status: int = 200) -> Response:
    """A document that was just built is sent as it is: validating it again costs more than the search."""
    return Response(json.dumps(document), status, media_type="application/json")


def checked(text: str, what: str, longest: int = 4096) -> str:
    """A piece of the address, as safe as a validated body. Raises BadInput, NotFound for nothing at all."""
    if not text:
        raise NotFound(f"no {what} is given")
    if "\0" in text or len(text) > longest:
        raise BadInput(f"the {what} holds a NUL character or is longer than {longest} characters")
    return text
