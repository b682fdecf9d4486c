"""What a team's code takes for granted: counted per file, stated as rules with evidence."""

from __future__ import annotations

from .facts import facts_of

__all__ = ["facts_of"]
