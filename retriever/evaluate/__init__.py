"""Answers to labelled questions -> how good they are, how sure that is, and what a change is worth.

A question comes from the history (message.py, commits.py) or from people (questions.py). ranks.py says where
what was wanted was found, measures.py what that is worth, intervals.py how far it can be trusted.
"""
