"""A change -> what about it does not fit the repository: conventions it breaks, and what it gets wrong."""
