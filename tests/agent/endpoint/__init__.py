"""A function of the conversation -> a chat model behind HTTP, as strict as OpenAI's API and as unreliable.

    def bot(messages, tools):
        if messages[-1]["role"] == "tool":
            return Said("Done.", [Call("finish", {"subject": "x is 2 now"})])
        return Said("I look.", [Call("read_file", {"path": "a.py"})])

    with serve(bot) as endpoint:
        model = OpenAIModel(ModelOptions("scripted", "key", endpoint.url))
        ...
    endpoint.requests  # every body it was sent, also those it refused
    endpoint.refused   # what it refused as the real API would, in words

A bot sees the messages as they came over the wire, so it can read real tool results and act on them.
What it raises is answered with a 500 and raised again when the `with` ends: a bot at its wits' end
fails the test. `faults` break single answers, in order or by the number of the request (from 1):

    with serve(bot, faults=[Status(429, retry_after="0"), None, Cut()]) as endpoint: ...
    with serve(bot, faults={3: ALTERED["broken arguments"]}) as endpoint: ...

`Rules` set which key, model and window there are, and what the endpoint does not know (`tools`,
`max_tokens`, a system role, two messages of one role in a row), as many compatible servers do not.
"""

from tests.agent.endpoint.answer import Call, Said
from tests.agent.endpoint.faults import ALTERED, Altered, Cut, Fault, Raw, Reset, Slow, Status
from tests.agent.endpoint.rules import refusal
from tests.agent.endpoint.server import Bot, Endpoint, serve
from tests.agent.endpoint.terms import Refusal, Rules

__all__ = [
    "ALTERED",
    "Altered",
    "Bot",
    "Call",
    "Cut",
    "Endpoint",
    "Fault",
    "Raw",
    "Refusal",
    "Reset",
    "Rules",
    "Said",
    "Slow",
    "Status",
    "refusal",
    "serve",
]
