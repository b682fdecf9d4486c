"""The client says what the retriever says, in the same types."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.service import Service
from api.settings import Settings
from indexer.errors import BadInput, CairnError, Forbidden, NotFound, StoreUnreachable
from retriever.client import Client, KnownRepo
from retriever.search import Retriever
from retriever.types import Context, Filters, Query, RepositoryMap, SearchResult

from ..api.make import SHOP, run_cairn, serving, write_tree
from ..indexer.store.make import stop_keeper

Ask = Callable[[Retriever | Client], Any]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Retriever, Client, Path]]:
    """The same index, asked in this process and over HTTP."""
    data, root = tmp_path_factory.mktemp("d"), tmp_path_factory.mktemp("s") / "shop"
    # enough of one habit that there is a convention to tell
    habits = {f"shop/part_{n}.py": f"def take_{n}(value):\n    return value\n" for n in range(12)}
    run_cairn("index", write_tree(root, {**SHOP, **habits}), data=data)
    service = Service(Settings(data=data, embedder="hashed"))
    with serving("--port", 0, data=data) as server, closing(Client(server.url)) as client:
        client.catch_up("shop", 30.0)
        yield service.retriever, client, root
    service.close()
    stop_keeper(data)


QUESTIONS: dict[str, Ask] = {
    "search": lambda verbs: verbs.search(Query("where do we retry failed payments?", ("shop",), 5)),
    "filters": lambda verbs: verbs.search(
        Query("retry", ("shop",), 5, Filters(("tests", "*.md"), ("python",), ("code",)))
    ),
    "everywhere": lambda verbs: verbs.search(Query("retry")),
    "context": lambda verbs: verbs.context(
        "add a payment retry mechanism", "shop", 2000, ("shop/client.py",)
    ),
    "map": lambda verbs: verbs.map("shop", 300, ("failed payments", "shop/retry.py"), "shop"),
    "symbols": lambda verbs: verbs.symbols("shop", "PaymentClient.charge"),
    "kinds": lambda verbs: verbs.symbols("shop", "PaymentClient", kind="class", limit=1),
    "symbol": lambda verbs: verbs.symbol("shop", 1),
    "callers": lambda verbs: verbs.callers("shop", "retry_with_backoff"),
    "callees": lambda verbs: verbs.callees("shop", "retry_with_backoff", limit=1),
    "tests": lambda verbs: verbs.tests("shop", "retry_with_backoff"),
    "hierarchy": lambda verbs: verbs.hierarchy("shop", "PaymentClient"),
    "conventions": lambda verbs: verbs.conventions("shop"),
    "conventions of a path": lambda verbs: verbs.conventions("shop", "shop/retry.py"),
    "file": lambda verbs: verbs.file("shop", "shop/retry.py"),
    "outline": lambda verbs: verbs.outline("shop", "shop/client.py"),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_both_give_the_same_answer(both: tuple[Retriever, Client, Path], ask: Ask) -> None:
    retriever, client, _ = both

    here, there = ask(retriever), ask(client)
    assert here
    assert there == as_followed(here)


def as_followed(answer: object) -> object:
    """What a server that follows the files says of the same index."""
    if isinstance(answer, SearchResult):
        return replace(answer, index=tuple(replace(index, watching=True) for index in answer.index))
    if isinstance(answer, Context | RepositoryMap):
        return replace(answer, index=replace(answer.index, watching=True))
    return answer


MISTAKES: dict[str, tuple[Ask, type[CairnError]]] = {
    "empty": (lambda verbs: verbs.search(Query("  ", ("shop",))), BadInput),
    "no such repository": (lambda verbs: verbs.search(Query("x", ("nowhere",))), NotFound),
    "no such symbol": (lambda verbs: verbs.symbol("shop", 10**6), NotFound),
    "no such name": (lambda verbs: verbs.callers("shop", "nothing_at_all"), NotFound),
    "no such name for tests": (lambda verbs: verbs.tests("shop", "nothing_at_all"), NotFound),
    "no such class": (lambda verbs: verbs.hierarchy("shop", "NothingAtAll"), NotFound),
    "no such file": (lambda verbs: verbs.file("shop", "a b/ü.py"), NotFound),
    "no map": (lambda verbs: verbs.map("shop", 20), BadInput),
    "no such folder": (lambda verbs: verbs.map("shop", path="nowhere"), NotFound),
    "no short focus": (lambda verbs: verbs.map("shop", focus=("x" * 5000,)), BadInput),
    "no such kind": (lambda verbs: verbs.search(Query("x", filters=Filters(kinds=("tests",)))), BadInput),
}


@pytest.mark.parametrize(("ask", "error"), MISTAKES.values(), ids=MISTAKES)
def test_both_raise_the_same_error(
    both: tuple[Retriever, Client, Path], ask: Ask, error: type[CairnError]
) -> None:
    retriever, client, _ = both

    with pytest.raises(error):
        ask(retriever)
    with pytest.raises(error):
        ask(client)


def test_the_repositories_are_known(both: tuple[Retriever, Client, Path]) -> None:
    _, client, root = both

    assert client.repos() == [KnownRepo("shop", str(root))]


def test_threads_can_share_a_client(both: tuple[Retriever, Client, Path]) -> None:
    _, client, _ = both
    names: list[str | None] = []

    def ask() -> None:
        names.extend(client.search(Query("retry_with_backoff", ("shop",))).hits[0].symbol for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["retry_with_backoff"] * 20


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="http://HOST:PORT"):
        Client("localhost:8000")


def test_nobody_there_is_no_empty_answer() -> None:
    with (
        closing(Client("http://127.0.0.1:9")) as client,
        pytest.raises(StoreUnreachable, match="cairn serve"),
    ):
        client.search(Query("x"))


def served(answers: list[bytes]) -> tuple[str, threading.Thread]:
    """A server that hangs up after each of these answers."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            for answer in answers:
                caller, _ = listener.accept()
                with caller:
                    caller.recv(65536)
                    caller.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}", thread


def test_a_stranger_on_the_port_is_no_empty_answer() -> None:
    url, thread = served([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"])

    with closing(Client(url)) as client, pytest.raises(StoreUnreachable, match="no Cairn server"):
        client.repos()
    thread.join()


def test_a_line_that_was_closed_meanwhile_is_opened_again() -> None:
    reply = b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"repos": []}'
    url, thread = served([reply, reply])

    with closing(Client(url)) as client:
        assert client.repos() == []
        thread_is_waiting = client.repos()  # the server closed the line without a word
    assert thread_is_waiting == []
    thread.join()


def test_a_wrong_key_is_forbidden() -> None:
    body = b'{"type": "urn:cairn:unauthorized", "detail": "send the key"}'
    head = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: %d\r\n\r\n" % len(body)
    url, thread = served([head + body])

    with closing(Client(url, "wrong")) as client, pytest.raises(Forbidden, match="send the key"):
        client.repos()
    thread.join()


def test_waiting_over_http_finds_what_was_just_written(both: tuple[Retriever, Client, Path]) -> None:
    _, client, root = both
    (root / "shop" / "refund.py").write_text("def refund_everything():\n    return 0\n")

    index = client.catch_up("shop", 30.0)
    assert (index.pending, index.lag_seconds, index.partial, index.watching) == (0, 0.0, False, True)
    assert client.symbols("shop", "refund_everything")
    assert client.index_of("shop") == index
