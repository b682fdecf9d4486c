"""The facts of a repository's files, kept between generations so that an edit costs what it touches.

A file is read again where its digest changed, resolved again where what all files together tell changed,
and a question is counted again where one of its answers did. What comes out is the same as from scratch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from indexer.conventions import FileFacts, Known, Rule, known_of, read_facts, resolved
from indexer.conventions.resolve import concerned
from indexer.conventions.rules import in_order, rules_on
from indexer.conventions.written import Saying, is_guide, sayings_of

Row = tuple[str, str, str]  # path, language, facts as JSON
_MANY = 500  # files: beyond, one pass over all of them is cheaper than asking for each
_Question = tuple[str, str]  # language and question


class Shelf:
    """What was read of one repository. Not to be shared between threads."""

    def __init__(self) -> None:
        self.known: Known = known_of([])
        self.members: dict[_Question, Sequence[FileFacts]] = {}
        self._digests: dict[str, str] = {}
        self._read: dict[str, FileFacts] = {}
        self._resolved: dict[str, FileFacts] = {}
        self._rules: dict[_Question, list[Rule]] = {}

    def fill(self, rows: Iterable[Row]) -> None:
        """Hold these files and no others."""
        self._take({file.path: file for file in read_facts(rows)}, set(self._read))

    def catch_up(
        self, digests: Mapping[str, str], read: Callable[[Sequence[str] | None], Iterable[Row]]
    ) -> None:
        """Hold the files of `digests`; `read` gives the rows of some paths, or of all for None."""
        changed = [path for path, digest in digests.items() if self._digests.get(path) != digest]
        gone = self._read.keys() - digests.keys()
        if changed or gone:
            rows = read(None if len(changed) > _MANY else changed) if changed else ()
            new = {file.path: file for file in read_facts(row for row in rows if row[0] in digests)}
            self._take(new, gone | (set(changed) - new.keys()))  # some went away between the two questions
            self._digests = {path: digest for path, digest in digests.items() if path in self._read}

    def files(self) -> tuple[FileFacts, ...]:
        """All files as they were counted, by path."""
        return tuple(self._read[path] for path in sorted(self._read))

    def rules(self) -> list[Rule]:
        return in_order(rule for rules in self._rules.values() for rule in rules)

    def sayings(self) -> list[Saying]:
        """What the guides say, by path and firmness."""
        guides = sorted(path for path in self._read if is_guide(path))
        return [saying for path in guides for saying in sayings_of(path, self._read[path].facts)]

    def _take(self, new: Mapping[str, FileFacts], gone: Iterable[str]) -> None:
        for path in gone:
            self._read.pop(path, None)
        self._read.update(new)
        known = known_of(self.files())
        again = set(new)
        if known != self.known:
            again.update(file.path for file in concerned(self._read.values(), self.known, known))
            self.known = known
        touched = {at for path in gone if path not in new for at in self._put(path, None)}
        for path in again:
            touched.update(self._put(path, resolved(self._read[path], known)))
        self._recount(touched)

    def _put(self, path: str, file: FileFacts | None) -> Iterator[_Question]:
        """Replace what was resolved of a file; the questions to which its answers differ now."""
        before = self._resolved.pop(path, None)
        if file is not None:
            self._resolved[path] = file
        for one, other in ((before, file), (file, before)):
            if one is not None:
                same = other.facts if other is not None and other.language == one.language else {}
                for question, answers in one.facts.items():
                    if same.get(question) != answers:
                        yield one.language, question

    def _recount(self, touched: set[_Question]) -> None:
        gathered: dict[_Question, list[FileFacts]] = {at: [] for at in touched}
        for path in sorted(self._resolved):
            file = self._resolved[path]
            for question in file.facts:
                members = gathered.get((file.language, question))
                if members is not None:
                    members.append(file)
        for at, members in gathered.items():
            self.members.pop(at, None)
            self._rules.pop(at, None)
            if members:
                self.members[at] = members
                self._rules[at] = rules_on(members, *at)
