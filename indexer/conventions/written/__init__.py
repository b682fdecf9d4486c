"""What a team has written down about its code: the sentences of its guides, and the questions they answer."""

from __future__ import annotations

from .asks import Asked, asked_by
from .guides import is_guide, scope_of
from .sentences import WRITTEN, Saying, count_written, sayings_of

__all__ = ["WRITTEN", "Asked", "Saying", "asked_by", "count_written", "is_guide", "sayings_of", "scope_of"]
