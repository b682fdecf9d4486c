"""A conversation -> one reply of a chat model behind any OpenAI-compatible endpoint."""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent.model import Message, Reply, ToolSchema
from agent.model.answer import Answer, Prices, Unusable, estimated, read
from agent.model.dialect import Dialect, Tools
from agent.model.errors import ContextOverflow, Refused, Unreachable
from agent.model.refusal import Refusal, line, refusal
from agent.model.stream import Stream
from agent.model.text_calls import read_calls
from agent.model.text_conversation import in_text
from indexer.errors import Cancelled, ModelFailed
from indexer.secrets import redact

OUTPUT_TOKENS = 8000  # of one answer: a file of 600 lines, and room to think before it
_BODY_BYTES = 20_000_000  # no answer is this long; an endpoint that never ends must not fill the memory
_LONGEST_PAUSE = 60.0  # the longest Retry-After that is waited for here; a run may wait longer
_LOOK = 0.1  # seconds between looks at `cancelled` in a pause
_WRITTEN_CALLS = 2  # answers in a row with calls in their text: this endpoint does not know tools


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Which endpoint and model. `key` may be anything where the endpoint wants none.

    `tools`: "native" sends them as tools, "text" writes them into the system message and reads calls
    from the answer's text, "auto" begins with the first and goes over to the second where tools are
    refused or calls come as text anyway. `window` is the length in tokens that the model can read, where
    it is known; the endpoint is not asked for it.
    """

    model: str
    key: str
    base_url: str | None = None
    seconds: float = 300.0  # one answer; local models take minutes for a long one
    retries: int = 4  # of busy and dropped requests and unusable answers, with growing pauses
    pause: float = 0.5  # seconds before the second try, twice as many before each one after it
    patience: float = 900.0  # seconds for all tries and pauses of one answer together
    output_tokens: int = OUTPUT_TOKENS
    temperature: float | None = None  # None leaves it to the endpoint; some models accept no other
    stream: bool = False  # with it a cancelled run stops in the middle of an answer
    tools: Tools = "auto"
    window: int | None = None
    prices: Prices = field(default_factory=Prices)


class OpenAIModel:
    """A model behind any OpenAI-compatible endpoint. What one refusal taught is kept for its lifetime."""

    scripted = False

    def __init__(self, options: ModelOptions, cancelled: Callable[[], bool] = lambda: False) -> None:
        # A second of import that only a run with a model needs.
        from openai import DefaultHttpxClient, OpenAI, OpenAIError

        self.name = options.model
        self.window = options.window
        self._options = options
        self._cancelled = cancelled
        self._where = re.sub(r"//[^/@]*@", "//", options.base_url or "the OpenAI endpoint")  # no password
        self._written = 0  # answers in a row with calls in their text
        self._dialect = Dialect(
            model=options.model,
            output_tokens=options.output_tokens,
            temperature=options.temperature,
            stream=options.stream,
            limit="max_tokens" if options.base_url else "max_completion_tokens",
            native=options.tools != "text",
            may_write_calls=options.tools == "auto",
        )
        self._client = OpenAI(
            api_key=options.key or "none",
            base_url=options.base_url,
            max_retries=0,  # tries are counted, timed and given up here
        )
        self._lost: tuple[type[Exception], ...] = (OpenAIError, *_errors_of(DefaultHttpxClient))

    def close(self) -> None:
        self._client.close()

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        """Answer a conversation, with as many tries as the options allow.

        Raises ContextOverflow, Refused, Unreachable, Cancelled, and ModelFailed for what only a person
        can mend.
        """
        ends = time.monotonic() + self._options.patience
        wasted = []  # usage of answers that were thrown away
        failures = 0
        while True:
            self._stop_if_cancelled()
            native = self._dialect.native
            body = self._dialect.request(messages if native else in_text(messages, tools), tools)
            pause = self._options.pause * 2**failures * random.uniform(0.75, 1.0)
            asked = None  # seconds of pause that the endpoint wants
            try:
                got = self._ask(body, ends)
            except Unusable as unusable:
                reason = str(unusable)
                wasted += [unusable.usage] if unusable.usage else []
            else:
                if isinstance(got, Answer):
                    usage = sum(wasted, got.usage)
                    reply = Reply(got.text, got.calls, usage, thoughts=got.thoughts)
                    return self._reply(got, reply, native, tools)
                if self._dialect.learn(got, body):
                    continue
                if not got.busy:
                    raise self._refused(got)
                reason = f"{got.status}: {got.text}"
                asked = got.retry_after
            failures += 1
            pause = pause if asked is None else asked
            longest = min(ends - time.monotonic(), _LONGEST_PAUSE)
            if failures > self._options.retries or pause > longest:
                raise self._unreachable(reason, failures, asked if pause > longest else None)
            self._sleep(pause)

    def _reply(self, answer: Answer, reply: Reply, native: bool, tools: Sequence[ToolSchema]) -> Reply:
        """What the answer means: declined, cut off, calls as such, or calls in its text."""
        if answer.finish == "content_filter":
            why = f"a filter of {self._where} stopped the answer of {self.name}; put the task in other words"
            raise Refused(why, reply.usage)
        if answer.refusal and not answer.calls:
            raise Refused(self._masked(f"{self.name} declined: {line(answer.refusal)}"), reply.usage)
        if answer.finish == "length":
            if not (answer.text or answer.calls):
                self._dialect.give_room()
            return replace(reply, calls=reply.calls if native else (), cut=True)
        if answer.calls or not tools or (native and self._options.tools == "native"):
            self._written = 0
            return reply
        written = read_calls(answer.text, tools)
        if native:
            self._written = self._written + 1 if written.calls or written.problem else 0
            if self._written >= _WRITTEN_CALLS:
                self._dialect.native = False
        return replace(reply, text=written.text, calls=written.calls, problem=written.problem)

    def _ask(self, body: dict[str, Any], ends: float) -> Answer | Refusal:
        """One request. Raises Unusable where no answer came of it, or one that cannot be read."""
        from openai import APIConnectionError, APIStatusError

        seconds = max(0.001, min(self._options.seconds, ends - time.monotonic()))
        create = self._client.chat.completions.with_streaming_response.create
        try:
            with create(**body, timeout=seconds) as response:
                chunks = self._chunks(response.iter_bytes(), time.monotonic() + seconds)
                # Some servers answer as a whole, whatever they were asked.
                streamed = self._dialect.stream and "json" not in response.headers.get("content-type", "")
                return self._streamed(chunks, body) if streamed else self._whole(chunks, body)
        except APIStatusError as error:
            return refusal(error.status_code, error.body or error.message, error.response.headers)
        except APIConnectionError as error:
            reason = error.__cause__ or error
            hint = "is the server running, and is its URL right?"
            raise Unusable(f"{type(reason).__name__}: {reason}; {hint}") from None
        except self._lost as error:
            raise Unusable(f"the connection broke off ({type(error).__name__}: {error})") from None

    def _chunks(self, chunks: Iterator[bytes], ends: float) -> Iterator[bytes]:
        """The body as it comes: the client limits the time between two bytes, here all of it is limited."""
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > _BODY_BYTES:
                raise Unusable(f"the answer is longer than {_BODY_BYTES} bytes")
            if time.monotonic() > ends:
                raise Unusable("the answer took too long")
            self._stop_if_cancelled()
            yield chunk

    def _whole(self, chunks: Iterator[bytes], body: dict[str, Any]) -> Answer | Refusal:
        data = b"".join(chunks)
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError):
            text = line(data[:10_000].decode("utf-8", "replace"))
            raise Unusable(f"the answer is no JSON: {text}") from None
        return self._read(answer, body)

    def _streamed(self, chunks: Iterator[bytes], body: dict[str, Any]) -> Answer | Refusal:
        stream = Stream()
        broken: tuple[type[Exception], ...] = (Unusable, *self._lost)
        try:
            stream.take(_lines(chunks))
            if stream.error is not None:
                return self._read({"error": stream.error}, body)
            return self._read(stream.answer(), body)
        except broken as error:
            usage = estimated(_letters(body), stream.letters, self._options.prices) if stream.begun else None
            raise Unusable(f"the answer broke off: {error}", usage) from None

    def _read(self, answer: Any, body: dict[str, Any]) -> Answer | Refusal:
        """An answer, or the error that some gateways send with status 200."""
        error = answer.get("error") if isinstance(answer, dict) else None
        if error:
            code = error.get("code") if isinstance(error, dict) else None
            status = code if isinstance(code, int) and code >= 400 else 500
            told = refusal(status, answer, {})
            return refusal(400, answer, {}) if told.too_long else told
        return read(answer, _letters(body), self._options.prices)

    def _refused(self, told: Refusal) -> ModelFailed:
        """The error for what another try does not help."""
        what = f"{self._where} gave no answer for {self.name} ({told.status}: {told.text})"
        if told.too_long:
            self.window = told.window or self.window
            if told.window:
                self._dialect.fit(told.window)
            return ContextOverflow(self._masked(f"{what}; shorten the conversation"), told.window)
        advice = {
            401: "the key is missing or wrong: set OPENAI_API_KEY to one of this endpoint",
            402: "the account of OPENAI_API_KEY is empty",
            403: "OPENAI_API_KEY may not use this model",
            404: "check that CAIRN_MODEL is known there and that OPENAI_BASE_URL is where its API begins",
            429: "the account of OPENAI_API_KEY is empty",
        }.get(told.status, "it refuses the request itself; another model or endpoint may take it")
        return ModelFailed(self._masked(f"{what}; {advice}"))

    def _unreachable(self, reason: str, failures: int, pause: float | None) -> Unreachable:
        tries = "one try" if failures == 1 else f"{failures} tries"
        when = "try again later" if pause is None else f"it wants {pause:.0f} s of pause"
        text = f"{self._where} gave no answer for {self.name} in {tries}: {reason}; {when}"
        return Unreachable(self._masked(text), pause)

    def _masked(self, text: str) -> str:
        """Endpoints repeat the key they refuse, and it must not get into a log."""
        key = self._options.key
        return redact(text.replace(key, "[redacted:key]") if len(key) > 3 else text)[0]

    def _sleep(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self._stop_if_cancelled()
            time.sleep(min(left, _LOOK))

    def _stop_if_cancelled(self) -> None:
        if self._cancelled():
            raise Cancelled(f"the run was cancelled while {self.name} was asked")


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (part.decode("utf-8", "replace") for part in whole)
    yield rest.decode("utf-8", "replace")


def _letters(body: dict[str, Any]) -> int:
    return len(json.dumps(body, ensure_ascii=False))


def _errors_of(transport: type[Any]) -> tuple[type[Exception], ...]:
    """What reading a body raises: the client lets errors of its transport through, and that is httpx in
    some of its versions and httpx2 in others."""
    roots = (kind.__module__.partition(".")[0] for kind in transport.__mro__)
    return (sys.modules[next(root for root in roots if root.startswith("httpx"))].HTTPError,)
