"""A change -> what about it does not fit the repository: conventions it breaks, and what it gets wrong.

Nothing is imported here: a client needs finding.py alone, and the parsers cost more than its question.
"""
