"""What the model wants changed -> files changed exactly so, or a refusal that helps to mend it."""

from agent.edits.change import (
    EDITABLE_BYTES,
    Change,
    Create,
    Delete,
    Drafted,
    Edit,
    EditRefused,
    Move,
    Replace,
    digest,
)
from agent.edits.draft import draft
from agent.edits.journal import apply, forget, undo

__all__ = [
    "EDITABLE_BYTES",
    "Change",
    "Create",
    "Delete",
    "Drafted",
    "Edit",
    "EditRefused",
    "Move",
    "Replace",
    "apply",
    "digest",
    "draft",
    "forget",
    "undo",
]
