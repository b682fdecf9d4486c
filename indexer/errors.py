"""Every error Cairn raises on purpose. Each says what happened, to what, and what to do.

CairnError
├── BadInput              a request or a setting that cannot be obeyed
├── NotFound              a repository, symbol, file, job or task that is not there
├── IndexBusy             another process is writing this repository
├── Conflict              what is asked does not fit the state things are in; nothing was changed
├── IndexDamaged          the catalog or the vectors cannot be read
├── NotWritable           the disk is full, or the data directory read-only; nothing was changed
├── StoreUnreachable      the vector store does not answer; nothing is known to be lost
├── EmbeddingFailed       a model or an endpoint refused; the files stay pending
├── MissingExtra          an optional package is needed; says how to install it
├── Cancelled             somebody asked to stop; what was done is kept
├── ModelFailed           the chat model gave no usable answer
├── SandboxUnavailable    commands cannot be confined here, so none is run
└── Forbidden             a policy refuses: path outside the root, wrong host, missing key
"""

from __future__ import annotations


class CairnError(Exception):
    """The root of the tree above."""


class BadInput(CairnError): ...


class NotFound(CairnError): ...


class IndexBusy(CairnError): ...


class Conflict(CairnError): ...


class IndexDamaged(CairnError): ...


class NotWritable(CairnError): ...


class StoreUnreachable(CairnError): ...


class EmbeddingFailed(CairnError): ...


class MissingExtra(CairnError): ...


class Cancelled(CairnError): ...


class ModelFailed(CairnError): ...


class SandboxUnavailable(CairnError): ...


class Forbidden(CairnError): ...
