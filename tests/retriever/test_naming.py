import pytest

from indexer.words import stems
from retriever.naming import read_asked, said_by, topic, words_of
from retriever.question import read_question


def _said(path: str, question: str) -> tuple[dict[str, float], int, float]:
    asked = read_asked(read_question(question), 0.7)
    said = said_by(words_of(path)[1], asked)
    return dict(said), said.words, topic(said, asked)


def test_a_name_says_words_of_the_question() -> None:
    said, words, _ = _said("shop/payment_retry.py", "retry of failed payments")
    assert (said, words) == ({"payment": 1.0, "retri": 1.0}, 2)


@pytest.mark.parametrize("question", ["a thread pool for work", "ThreadPool for work", "thread_pool.work"])
def test_two_words_written_as_one_are_both_said(question: str) -> None:
    said, words, _ = _said("src/threadpool.c", question)
    assert (said, words) == ({"thread": 1.0, "pool": 1.0}, 2)


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("auth.py", "authentication of users"),
        ("config.go", "configuration loading"),
        ("cert.rs", "certificates"),
    ],
)
def test_a_shortened_word_is_said_but_less(path: str, question: str) -> None:
    said, words, about = _said(path, question)
    assert (list(said.values()), words, about) == ([0.7], 1, 0.0)


@pytest.mark.parametrize(
    ("path", "question", "said"),
    [
        ("src/unix/fs.c", "file system operations like open and stat", "file system"),
        ("persistence/hf.py", "loading models from HuggingFace Hub", "hugging face"),
        ("ast.go", "walks the abstract syntax tree", "abstract syntax tree"),
        ("fs.c", "the system of files", ""),  # in another order
        ("first.c", "file system", ""),
    ],
)
def test_neighbouring_words_are_said_by_their_initials(path: str, question: str, said: str) -> None:
    assert _said(path, question)[0] == dict.fromkeys(stems(said), 1.0)


def test_a_suffix_says_nothing() -> None:
    assert words_of("shop/retry.py")[0] == words_of("shop/retry.md")[0] == {"shop", "retri"}


def test_two_letters_shorten_nothing() -> None:
    assert _said("io.py", "ionic bonds")[0] == {}


def test_the_topic_is_what_the_question_begins_with() -> None:
    question = "delay and timeout of suspended functions"
    assert _said("flow/Delay.kt", question)[2] == 1.0
    assert _said("flow/Timeout.kt", question)[2] == 0.5
    assert _said("flow/DelayChannel.kt", question)[2] == 0.0  # says more than was asked


def test_a_main_file_is_called_like_its_folder() -> None:
    assert words_of("src/routing/mod.rs")[1] == words_of("src/routing.rs")[1] == {"rout"}
