"""What sort of change a task asks for; it decides how tests have to prove it."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["fix", "feature", "tests", "refactoring", "docs", "dependencies", "build"]
KINDS: tuple[Kind, ...] = get_args(Kind)
