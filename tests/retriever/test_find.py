"""What words, meaning and names bring up, before it is ranked."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.embed.packed import ROWS
from indexer.embed.static import MODEL, StaticEmbedder
from indexer.store import Where
from retriever import find as room
from retriever.find import encode, find
from retriever.kept import Kept
from retriever.question import read_question
from tests.conftest import Index, write


def test_what_only_its_words_bring_up_is_not_near_in_meaning(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "CANDIDATES", 1)
    root = tmp_path / "shop"
    write(root / "retry.py", "def retry():\n    return 'retry'\n")
    write(root / "mail.py", "def send_mail():\n    return 'mail'\n")
    index.sync(root)
    question = read_question("retry")
    asked = encode(question, index.embedder)
    farther = -asked.dense  # than none is every chunk
    away = room.Encoded(asked.indices, asked.values, lambda: farther)

    shop = index.catalog.repo("shop"), Where("shop")
    found = find(question, away, [shop], Kept(index.catalog), index.vectors)

    meanings = {one.chunk.path: one.meaning for one in found if one.words}
    assert meanings == {"retry.py": 0.0}
    assert len(found) == 2


def test_a_model_of_ones_own_encodes_the_question_itself(tmp_path: Path) -> None:
    own = tmp_path / "model"
    shutil.copytree(MODEL, own)
    np.save(own / ROWS, -np.load(own / ROWS))
    question = read_question("where is a payment retried")

    ours, theirs = encode(question, StaticEmbedder()).dense, encode(question, StaticEmbedder(own)).dense
    assert np.abs(ours).max() > 0.1
    np.testing.assert_allclose(theirs, -ours, atol=0.02)
