"""What configured tools ask of the code: facts of their files, read together, stated as rules."""

from __future__ import annotations

from .checks import active
from .enforcers import enforcers
from .files import FACT, count_tooling
from .rules import tooling_rules
from .tools import Set, Tools, tools_of

__all__ = [
    "FACT",
    "Set",
    "Tools",
    "active",
    "count_tooling",
    "enforcers",
    "tooling_rules",
    "tools_of",
]
