"""Which definition of a chunk is the answer."""

from pathlib import Path

import pytest

from indexer.store.catalog import HeadRow
from indexer.words import stems
from retriever import heads
from retriever.bodies import lines_saying
from retriever.question import read_question
from retriever.types import Hit, Query
from tests.conftest import Index, write

QUEUE = """\
class Queue:
    def __init__(self):
        self.jobs = []

    def push(self, job):
        self.jobs.append(job)

    def pop_oldest(self):
        return self.jobs.pop(0)

    def is_empty(self):
        return not self.jobs

    def run_all(self, worker, limit=None):
        while self.jobs:
            worker(self.jobs.pop(0))


def drain_to_disk(queue, folder):
    for number, job in enumerate(queue.jobs):
        (folder / str(number)).write_text(repr(job))


class Stack:
    def push(self, job):
        self.top = job, self.top
"""
LINES = {
    "Queue.__init__": (2, 3),
    "Queue.push": (5, 6),
    "Queue.pop_oldest": (8, 9),
    "Queue.is_empty": (11, 12),
    "Queue.run_all": (14, 16),
    "drain_to_disk": (19, 21),
    "Stack.push": (25, 26),
}


@pytest.fixture
def jobs(index: Index, tmp_path: Path) -> Index:
    root = tmp_path / "jobs"
    write(root / "jobs/queue.py", QUEUE)
    write(root / "jobs/mail.py", "def send_mail(to, text):\n    connect().send(to, text)\n")
    index.sync(root)
    return index


def first(index: Index, query: str) -> Hit:
    return index.retriever.search(Query(query)).hits[0]


@pytest.mark.parametrize("name", LINES)
def test_a_name_finds_its_own_lines_among_small_neighbours(jobs: Index, name: str) -> None:
    hit = first(jobs, name)
    assert (hit.symbol, (hit.start_line, hit.end_line)) == (name, LINES[name])
    assert hit.reasons[0] == f"defines {name}"


def test_a_misspelt_name_finds_the_definition_that_is_meant(jobs: Index) -> None:
    hit = first(jobs, "pop_oldset")
    assert (hit.symbol, hit.start_line) == ("Queue.pop_oldest", 8)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("take the oldest job off the queue", "Queue.pop_oldest"),
        ("tell whether the queue is empty", "Queue.is_empty"),
        ("hand every job to a worker up to a limit", "Queue.run_all"),
        ("write the jobs of a queue to disk", "drain_to_disk"),
    ],
)
def test_a_sentence_finds_the_function_it_describes(jobs: Index, query: str, name: str) -> None:
    hit = first(jobs, query)
    assert (hit.symbol, (hit.start_line, hit.end_line)) == (name, LINES[name])


def test_a_body_decides_where_names_say_nothing(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "steps"
    write(
        root / "steps.py",
        "def first(x):\n    return compress(x)\n\n\ndef second(x):\n    return encrypt(x)\n\n\n"
        "def third(x):\n    return archive(x)\n",
    )
    index.sync(root)
    assert first(index, "where is data encrypted").symbol == "second"


def test_a_second_definition_of_a_file_is_a_hit_of_its_own(jobs: Index) -> None:
    hits = jobs.retriever.search(Query("push a job")).hits
    places = [(hit.symbol, hit.start_line) for hit in hits if hit.path == "jobs/queue.py"]
    assert {("Queue.push", 5), ("Stack.push", 25)} <= set(places)


def test_no_line_is_shown_twice_and_also_names_other_places(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "long"
    body = "".join(f"    total += weigh(parcels[{n}], rates, {n})\n" for n in range(120))
    write(
        root / "post.py",
        f"def weigh_parcels(parcels, rates):\n    total = 0\n{body}    return total\n\n\n" + QUEUE,
    )
    index.sync(root)
    for query in ("weigh parcels by rates", "weigh_parcels"):
        hits = index.retriever.search(Query(query, limit=3)).hits
        places = [(h.start_line, h.end_line) for h in hits]
        places += [(a.start_line, a.end_line) for a in hits[0].also]
        lines = [line for start, end in places for line in range(start, end + 1)]
        assert len(lines) == len(set(lines))
        assert (hits[0].symbol, hits[0].start_line, hits[0].end_line) == ("weigh_parcels", 1, 123)
        assert len(hits[0].also) <= 3


def test_scores_fall_and_the_first_is_one(jobs: Index) -> None:
    scores = [hit.score for hit in jobs.retriever.search(Query("write the jobs of a queue to disk")).hits]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)


def test_lines_say_the_same_words_as_when_they_are_split() -> None:
    text = (
        "def setUserName(self, HTTPServer2, retries):\n"
        "    # retried abuser reset; İstanbul Straße resetting\n"
        "    return self.user_name.RETRY or userNames[HTTPSettings]  # configuration, used, uses\n"
        "\n"
    )
    asked = read_question("set the user name of a server, retry, configure settings, use HTTP").stems.keys()
    split = [asked & set(stems(line)) for line in text.split("\n")]
    assert lines_saying(text, asked) == split
    assert sum(map(len, split)) > 10


def test_what_is_kept_of_heads_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "_KEPT", 10)
    for n in range(8):
        rows = [HeadRow(f"f{n}_{i}", f"f{n}_{i}", "function", 1, 2, f"def f{n}_{i}(x)", "") for i in range(4)]
        assert len(heads.read_heads([*rows, *rows])) == 8
        assert len(heads._KNOWN) <= 10
