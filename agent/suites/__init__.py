"""A work tree -> the tests it has, what they say, and what that means for a change."""
