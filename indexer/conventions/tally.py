"""Counts of what a file does, with the lines where it does it: the form of every fact.

A fact is `{question: {answer: [count, line, line, line]}}`, for example
`{"raise.from": {"yes": [2, 31, 40], "no": [1, 77]}}`. It depends on one file only, so that an edit
changes only the facts of its own file.
"""

from __future__ import annotations

from collections.abc import Sequence

from .lines import Lines

Facts = dict[str, dict[str, list[int]]]

LINES = 3  # per answer and file: a rule shows two or three examples, rarely more from one file
_ANSWERS = 200  # per question and file; generated code could define thousands of classes


class Tally:
    """Collects the facts of one file, with the first `shown` lines of each answer."""

    def __init__(self, shown: int = LINES) -> None:
        self.facts: Facts = {}
        self._shown = shown

    def add(self, question: str, answer: str, line: int) -> None:
        try:
            counted = self.facts[question][answer]
        except KeyError:
            self._open(question, answer, line)
            return
        counted[0] += 1
        if len(counted) <= self._shown:
            counted.append(line)

    def add_at(self, question: str, answer: str, lines: Lines, offset: int) -> None:
        """As `add`, for a place of the text: which line that is, is asked for lines that are kept alone."""
        try:
            counted = self.facts[question][answer]
        except KeyError:
            self._open(question, answer, lines.line(offset))
            return
        counted[0] += 1
        if len(counted) <= self._shown:
            counted.append(lines.line(offset))

    def add_each(self, question: str, answer: str, lines: Lines, offsets: Sequence[int]) -> None:
        """As `add_at` for each of `offsets`, for an answer that is given in most lines of a file."""
        for nth, offset in enumerate(offsets):
            self.add_at(question, answer, lines, offset)
            counted = self.facts[question].get(answer)
            if counted is None or len(counted) > self._shown:
                if counted:
                    counted[0] += len(offsets) - nth - 1
                break

    def _open(self, question: str, answer: str, line: int) -> None:
        answers = self.facts.setdefault(question, {})
        if len(answers) < _ANSWERS:
            answers[answer] = [1, line]
