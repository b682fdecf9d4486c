"""Counts of what a file does, with the lines where it does it: the form of every fact.

A fact is `{question: {answer: [count, line, line, line]}}`, for example
`{"raise.from": {"yes": [2, 31, 40], "no": [1, 77]}}`. It depends on one file only, so that an edit
changes only the facts of its own file.
"""

from __future__ import annotations

Facts = dict[str, dict[str, list[int]]]

LINES = 3  # per answer and file: a rule shows two or three examples, rarely more from one file
_ANSWERS = 200  # per question and file; generated code could define thousands of classes


class Tally:
    """Collects the facts of one file, with the first `lines` lines of each answer."""

    def __init__(self, lines: int = LINES) -> None:
        self.facts: Facts = {}
        self._lines = lines

    def add(self, question: str, answer: str, line: int) -> None:
        answers = self.facts.setdefault(question, {})
        counted = answers.get(answer)
        if counted is not None:
            counted[0] += 1
            if len(counted) <= self._lines:
                counted.append(line)
        elif len(answers) < _ANSWERS:
            answers[answer] = [1, line]

    def add_each(self, question: str, answer: str, lines: list[int]) -> None:
        """As `add` for each of `lines`, for an answer that is given on most lines of a file."""
        if lines:
            self.add(question, answer, lines[0])
            counted = self.facts[question].get(answer)
            if counted is not None:
                counted[0] += len(lines) - 1
                counted += lines[1 : 1 + self._lines - (len(counted) - 1)]
