"""The world tests stand in: real files, a real index of them in an embedded store."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent import rooms
from indexer.embed.hashed import HashedEmbedder
from indexer.store.catalog import Catalog, RepoRow
from indexer.store.edge import EdgeVectors
from indexer.store.schema import DataDir, fingerprint_of
from indexer.sync import Indexer, SyncReport
from retriever.search import Retriever


def pytest_configure() -> None:
    """A shell starts what it puts into the background deaf to Ctrl-C, which some tests press."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Index:
    """An index in this process, with no keeper between: the quickest real one."""

    data: DataDir
    catalog: Catalog
    vectors: EdgeVectors
    embedder: HashedEmbedder

    @property
    def indexer(self) -> Indexer:
        return Indexer(self.data, self.catalog, self.vectors, self.embedder)

    @property
    def retriever(self) -> Retriever:
        return Retriever(self.catalog, self.vectors, self.embedder)

    def add(self, root: Path) -> RepoRow:
        return self.catalog.add_repo(root.name, str(root.resolve()))

    def sync(self, root: Path, paths: list[str] | None = None) -> SyncReport:
        """Index a folder, registering it the first time."""
        known = {repo.root for repo in self.catalog.repos()}
        repo = self.catalog.repo(str(root.resolve())) if str(root.resolve()) in known else self.add(root)
        return self.indexer.sync(repo, paths, workers=1)

    def content(self, root: Path) -> dict[str, object]:
        """Everything an index says, without row numbers and times: equal for equal trees."""
        repo = self.catalog.repo(str(root.resolve()))
        files = self.catalog.files(repo)
        chunks = sorted(
            (c.path, c.start, c.end, c.id, c.defines, c.scope, self.catalog.texts([c.nr])[c.nr])
            for file in files
            for c in self.catalog.chunks_of(file.id)
        )
        return {
            "files": [(f.path, f.language, f.kind, f.lines, f.size) for f in files],
            "chunks": chunks,
            "symbols": [
                (s.path, s.qualname, s.kind, s.start, s.end)
                for file in files
                for s in self.catalog.symbols_in([file.id])
            ],
            "references": [
                (r.path, r.name, r.kind, r.line, r.scope)
                for file in files
                for r in self.catalog.references_in(file.id)
            ],
            "points": sorted(self.vectors.ids(repo.name)),
            "skipped": self.catalog.skipped(repo),
            "sample": self.catalog.sample(repo),
        }


@pytest.fixture(scope="session", autouse=True)
def quick_suites() -> Iterator[None]:
    """The suites of projects load no plugin that is here for our own tests: with them a pytest starts in
    twice the time, and more than a thousand are started."""
    with pytest.MonkeyPatch.context() as patched:
        without = " ".join(f"-p no:{plugin}" for plugin in _PLUGINS)
        patched.setitem(rooms.OWN_ENV, "PYTEST_ADDOPTS", f"{rooms.OWN_ENV['PYTEST_ADDOPTS']} {without}")
        yield


_PLUGINS = ("hypothesispytest", "anyio", "xdist", "xdist.looponfail")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An empty index in a data directory of its own."""
    made = make_index(tmp_path / "data")
    yield made
    made.vectors.close()
    made.catalog.close()


def make_index(folder: Path) -> Index:
    embedder = HashedEmbedder()
    data = DataDir(folder)
    fingerprint = fingerprint_of(embedder.fingerprint, embedder.dimensions)
    catalog = Catalog(data.catalog(fingerprint))
    vectors = EdgeVectors(data.index(fingerprint) / "vectors", embedder.dimensions)
    return Index(data, catalog, vectors, embedder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small repository under git, with a helper, a caller and a test."""
    root = tmp_path / "shop"
    for path, text in _PROJECT.items():
        write(root / path, text)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "A shop that retries payments")
    return root


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def git(root: Path, *args: str) -> str:
    """Run git with an author of its own and nothing of the machine's configuration."""
    env = {
        "PATH": "/usr/bin:/bin:/usr/local/bin",
        "HOME": str(root.parent),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _AUTHOR.items()},
    }
    done = subprocess.run(["git", *args], cwd=root, env=env, capture_output=True, text=True, check=True)
    return done.stdout


_AUTHOR = {"NAME": "A Tester", "EMAIL": "tester@example.org"}

_PROJECT = {
    "README.md": "# Shop\n\nSells things.\n\n## Payments\n\nFailed payments are tried again.\n",
    "shop/__init__.py": "",
    "shop/retry.py": (
        '"""Try things again."""\n\nimport time\n\n\n'
        "def retry_with_backoff(call, attempts=3):\n"
        '    """Call until it succeeds, waiting longer after each failed payment."""\n'
        "    for attempt in range(attempts):\n"
        "        try:\n            return call()\n"
        "        except ConnectionError:\n            time.sleep(2**attempt)\n"
        '    raise ConnectionError("gave up")\n'
    ),
    "shop/client.py": (
        "from shop.retry import retry_with_backoff\n\n\n"
        "class PaymentClient:\n"
        '    """Talks to the bank."""\n\n'
        "    def charge(self, amount):\n"
        '        """Take money from a card."""\n'
        "        return retry_with_backoff(lambda: self._post(amount))\n\n"
        "    def _post(self, amount):\n        return amount\n"
    ),
    "tests/test_client.py": (
        "from shop.client import PaymentClient\n\n\n"
        "def test_charge_returns_the_amount():\n    assert PaymentClient().charge(5) == 5\n"
    ),
}
