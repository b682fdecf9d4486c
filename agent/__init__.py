"""Task -> tested change: plan, edits, sandboxed tests, self-correction."""
