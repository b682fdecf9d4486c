"""How a JavaScript or TypeScript file is written: what it counts for, and its tests."""

from __future__ import annotations

from .structure import count_ecma
from .tests import count_ecma_tests, count_package_json

__all__ = ["count_ecma", "count_ecma_tests", "count_package_json"]
