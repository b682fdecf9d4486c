"""How a Python file is written: what it counts for, and its tests."""

from __future__ import annotations

from .structure import count_python
from .tests import count_python_tests

__all__ = ["count_python", "count_python_tests"]
