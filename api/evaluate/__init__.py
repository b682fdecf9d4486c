"""A repository and settings -> how well questions about it are answered, measured beside the user's index.

history ─ past.py: a tree of its own, at the parent ─► sync ─► each arm (arms.py) and BM25 ─ ranks
  ─► results.py ─► report.py (a table) and gate.py (what fails)
"""
