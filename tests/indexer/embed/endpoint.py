"""A real HTTP server that answers and refuses as embedding endpoints do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from indexer.embed.hashed import HashedEmbedder

Trouble = tuple[int, dict[str, str], str]


@dataclass
class Endpoint:
    """What the server allows, what goes wrong next, and what it was asked.

    `troubles` are (status, headers, body), given one after the other before anything is answered.
    `spoil` changes the list of vectors of an answer.
    """

    most_texts: int = 2048
    most_words: int = 8192  # in one text, standing for tokens
    key: str = ""
    too_many: int = 400  # 413 or 422 with other servers
    dimensions: int = 16
    troubles: list[Trouble] = field(default_factory=list)
    spoil: Callable[[list[Any]], Any] = lambda items: items
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    @property
    def sizes(self) -> list[int]:
        return [len(body["input"]) for body in self.asked]

    def answer(self, path: str, authorization: str, body: dict[str, Any]) -> Trouble:
        self.asked.append(body)
        if self.troubles:
            return self.troubles.pop(0)
        texts = body["input"]
        if path != "/v1/embeddings":
            return 404, {}, _error("no such path")
        if self.key and authorization != f"Bearer {self.key}":
            return 401, {}, _error("Incorrect API key provided")
        if len(texts) > self.most_texts:
            return self.too_many, {}, _error(f"batch size {len(texts)} > maximum {self.most_texts}")
        if not all(texts):
            return 400, {}, _error("'$.input' is invalid: it holds an empty string")
        if any(len(text.split()) > self.most_words for text in texts):
            return 400, {}, _error(f"maximum context length is {self.most_words} tokens")
        vectors = HashedEmbedder(body.get("dimensions", self.dimensions)).encode(texts)
        items = [
            {"object": "embedding", "index": i, "embedding": (3 * row).tolist()}
            for i, row in enumerate(vectors)
        ]
        answer = {"object": "list", "model": body["model"], "data": self.spoil(items)}
        return 200, {}, json.dumps(answer | {"usage": {"prompt_tokens": 1, "total_tokens": 1}})


def _error(message: str) -> str:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error"}})


@contextmanager
def serving(endpoint: Endpoint) -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers, text = endpoint.answer(self.path, self.headers["Authorization"] or "", body)
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that left in the middle is what a test wanted."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
