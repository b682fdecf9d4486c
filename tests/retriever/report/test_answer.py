"""A report asked of a real index."""

from pathlib import Path

import pytest

from indexer.store import Where
from retriever.report import read_report
from retriever.report.answer import look_around
from retriever.report.places import Places
from retriever.report.rank import laid_out
from retriever.types import Filters, Query
from tests.conftest import Index, write

FILES = {
    "shop/client.py": '''\
"""Talk to the bank."""
from .retry import retry_with_backoff


class PaymentClient:
    """Charges cards."""

    def charge(self, amount):
        """Take the money."""
        return retry_with_backoff(lambda: self._send(amount))

    def refund(self, amount):
        """Give the money back."""
        raise ValueError("refund exceeds what was charged")
''',
    "shop/retry.py": '''\
"""Try again, waiting longer each time."""


def retry_with_backoff(call, attempts=3):
    """Call until it works or attempts are used up."""
    for attempt in range(attempts):
        try:
            return call()
        except TimeoutError:
            wait_before(attempt)


def wait_before(attempt):
    """Sleep twice as long each time."""
''',
    "shop/cart.py": "class Cart:\n    def total(self):\n        return sum(self.items)\n",
    "tests/test_retry.py": """\
from shop.retry import retry_with_backoff


def test_retry_stops():
    retry_with_backoff(print, attempts=1)
""",
    "README.md": "# shop\n\nCharges cards, and retries with backoff.\n",
}
TRACE = """\
Charging a card hangs for an hour when the bank is away

We took one order today, and the request did not come back. The log of the worker says that
it slept for 4096 seconds before it gave up, which nobody wants to wait for.

Traceback (most recent call last):
  File "/srv/app/site-packages/shop/client.py", line 10, in charge
    return retry_with_backoff(lambda: self._send(amount))
  File "/srv/app/site-packages/shop/retry.py", line 8, in retry_with_backoff
    wait_before(attempt)
TimeoutError: the bank is away
"""
MESSAGE = """\
Giving the money back of a half paid order is refused by the shop

Our customers see "refund exceeds what was charged" although they paid twice. It should compare
with the sum of all that was paid for an order, over all of its payments, not only with the last one.
"""


@pytest.fixture
def shop(index: Index, tmp_path: Path) -> Index:
    root = tmp_path / "shop"
    for path, text in FILES.items():
        write(root / path, text)
    index.sync(root)
    return index


def test_the_innermost_frame_of_a_trace_comes_first(shop: Index) -> None:
    hits = shop.retriever.search(Query(TRACE)).hits
    assert (hits[0].path, hits[0].symbol) == ("shop/retry.py", "retry_with_backoff")
    assert "in the stack trace" in hits[0].reasons
    assert hits[0].text.startswith("def retry_with_backoff")


def test_a_frame_of_a_file_that_was_renamed_is_known_by_its_function(shop: Index) -> None:
    before = TRACE.replace("shop/retry.py", "shop/_backoff.py")
    hit = shop.retriever.search(Query(before)).hits[0]
    assert (hit.path, hit.symbol) == ("shop/retry.py", "retry_with_backoff")
    assert "in the stack trace" in hit.reasons
    elsewhere = shop.retriever.search(Query(TRACE.replace("shop/retry.py", "stamina/retry_all.py"))).hits
    assert elsewhere[0].path == "shop/client.py"  # of another package, whatever its functions are called


def test_what_refused_a_call_comes_before_its_caller(shop: Index) -> None:
    called = """\
Nothing can be bought since the update of yesterday

Every customer sees the same page, whatever he has in his hands. The log of the worker says:

  File "/srv/app/site-packages/shop/client.py", line 10, in charge
    return retry_with_backoff(lambda: self._send(amount))
"""
    assert shop.retriever.search(Query(called)).hits[0].path == "shop/client.py"
    refused = f"{called}TypeError: Cart.total() takes 1 positional argument but 2 were given\n"
    hit = shop.retriever.search(Query(refused)).hits[0]
    assert (hit.path, hit.symbol) == ("shop/cart.py", "Cart.total")


TIMEOUT = """\
Nothing can be bought since the update of yesterday

Every customer sees the same page, whatever he has in his hands, and we had to go back to the release
of last week. Here is what the worker wrote into its log before it was ended by the watchdog:

"""


@pytest.mark.parametrize(
    "trace",
    [
        "    at Cart.total (/app/node_modules/shop/lib/cart.js:12:5)",  # each file built for itself
        "    at tallyUp (/app/node_modules/shop/dist/shop.cjs.js:4012:5)",  # all of them in one
    ],
)
def test_a_frame_in_built_code_leads_to_its_source(index: Index, tmp_path: Path, trace: str) -> None:
    root = tmp_path / "shop"
    write(
        root / "src/cart.ts", "export function tallyUp(items: Item[]): number {\n  return items.length;\n}\n"
    )
    write(root / "src/worker.ts", "// Writes a line.\nexport function log() {}\n")
    index.sync(root)
    hit = index.retriever.search(Query(f"{TIMEOUT}TypeError: x is undefined\n{trace}\n")).hits[0]
    assert hit.path == "src/cart.ts"
    assert {"in the stack trace", "its file is in the stack trace"} & set(hit.reasons)


def test_a_class_of_java_is_the_one_of_its_package(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    for package in ("cart", "bank"):
        source = f"package org.acme.{package};\n\nclass Client {{\n  void send() {{}}\n}}\n"
        write(root / f"src/main/java/org/acme/{package}/Client.java", source)
    write(
        root / "src/main/java/org/acme/cart/FutureTask.java",
        "package org.acme.cart;\n\nclass FutureTask {}\n",
    )
    index.sync(root)
    trace = (
        "java.lang.IllegalStateException: closed\n"
        "\tat java.base/java.util.concurrent.FutureTask.run(FutureTask.java:264)\n"
        "\tat com.example.FutureTask.run(FutureTask.java:9)\n"
        "\tat org.acme.bank.Client.send(Client.java:4)\n"
    )
    hits = index.retriever.search(Query(TIMEOUT + trace)).hits
    assert hits[0].path == "src/main/java/org/acme/bank/Client.java"
    traced = [hit.path for hit in hits if "in the stack trace" in hit.reasons]
    assert traced == [hits[0].path]


def test_a_header_follows_its_source(index: Index, tmp_path: Path) -> None:
    root = tmp_path / "bank"
    body = "  // the order is settled when the payment of the customer has come in\n  settle(order);\n"
    write(
        root / "src/ledger.cpp", f"void book(Order order) {{\n{body}  payment(order);\n  settle(order);\n}}\n"
    )
    write(root / "include/ledger.h", "struct Ledger {\n  int order;\n};\n")
    write(root / "include/audit.h", "struct Audit {\n  int order;\n  int payment;\n};\n")
    write(root / "include/tables.h", "struct Tables {\n  int seats;\n};\n")
    index.sync(root)
    told = (
        "The payment of an order is settled twice\n\n"
        + "A customer pays once, and it is settled once more. " * 5
    )
    paths = list(dict.fromkeys(hit.path for hit in index.retriever.search(Query(told)).hits))
    assert paths[:3] == ["src/ledger.cpp", "include/ledger.h", "include/audit.h"]


def test_code_kept_from_others_comes_after_our_own(index: Index, tmp_path: Path) -> None:
    for path, text in FILES.items():
        write(tmp_path / "shop" / path.replace("shop/retry.py", "shop/_vendor/retry.py"), text)
    index.sync(tmp_path / "shop")
    hits = index.retriever.search(Query(TRACE.replace("shop/retry.py", "shop/_vendor/retry.py"))).hits
    assert next(hit.path for hit in hits if hit.path.startswith("shop/")) == "shop/client.py"


def test_a_quotation_leads_to_the_function_that_says_it(shop: Index) -> None:
    hit = shop.retriever.search(Query(MESSAGE)).hits[0]
    assert (hit.path, hit.symbol) == ("shop/client.py", "PaymentClient.refund")


def test_what_an_error_says_leads_to_the_function_that_raises_it(index: Index, tmp_path: Path) -> None:
    talks = 'def settle(order):\n    """Payment for a missing table."""\n    return order.ready\n'
    raises = 'def close(order):\n    refuse(f"{order.name}: payment for table {order.nr} missing")\n'
    write(tmp_path / "shop/order.py", f"{talks}\n\n{raises}")
    index.sync(tmp_path)
    told = """\
Ann cannot go home since the update of yesterday

Whatever she tries, and others who want to go try the same, it ends in the same way. Nobody gets out of the
house, and the last bus has gone. The log of the house says, many times over and in red letters:

{}Ann: payment for table 9 missing
"""
    found = [
        index.retriever.search(Query(told.format(kind))).hits[0].symbol
        for kind in ("ShopError, ", "ShopError: ")
    ]
    assert found == ["settle", "close"]


@pytest.mark.parametrize(("holders", "first"), [(1, "close"), (3, "settle")])
def test_a_string_of_an_example_leads_to_what_tells_it_apart_unless_many_do(
    holders: int, first: str, index: Index, tmp_path: Path
) -> None:
    says = 'def settle(order):\n    """Order by price, gross or net: net price, gross price."""\n'
    tells = 'def close(order, by):\n    return order.sum if by == "net-price" else order.total\n'
    write(tmp_path / "shop/order.py", says)
    for n in range(holders):
        write(tmp_path / f"shop/till{n}.py", tells)
    index.sync(tmp_path)
    told = "What Ann pays is too much\n\n" + "She went home and counted, and it was too much. " * 4
    hits = index.retriever.search(Query(f"{told}\n\n```\npay(basket, by='net-price')\n```\n")).hits
    assert hits[0].symbol == first


def test_a_definition_is_as_near_in_meaning_as_its_share_of_a_piece(shop: Index) -> None:
    [repo] = shop.catalog.repos()
    looked = look_around(
        read_report(TRACE), [(repo, Where(repo.name))], shop.catalog, shop.vectors, shop.embedder
    )
    near = {
        one.symbol.name: one.signs["title_meaning"] for one in looked.candidates[repo.name, "shop/retry.py"]
    }
    assert 1 >= near["retry_with_backoff"] > near["wait_before"] > 0  # both are in one piece


def test_what_is_reached_through_its_module_is_no_method(index: Index, tmp_path: Path) -> None:
    for kind in ("grid", "line"):
        method = '    def pair(self, frame):\n        """In black."""\n'
        write(tmp_path / f"plots/{kind}.py", f"class {kind.title()}:\n{method}        return self\n")
    write(tmp_path / "plots/sides.py", "def pair(frame):\n    return [frame, frame]\n")
    index.sync(tmp_path)
    told = """\
`{}` comes out in black and white

Whatever I hand to it, it does not keep its colours. It was not so with the release before, which kept the
colours of everything that it was given.

```
import plots as pl
{}
```
"""
    calls = ("pl.pair(frame)", "frame.pair()")
    hits = [index.retriever.search(Query(told.format(call, call))).hits[0] for call in calls]
    assert [hit.path for hit in hits] == ["plots/sides.py", "plots/line.py"]


def test_who_points_at_a_line_has_looked_there(index: Index, tmp_path: Path) -> None:
    for name in ("grid", "once"):
        write(tmp_path / f"plots/{name}.py", "def draw(frame):\n    return frame.black\n")
    index.sync(tmp_path)
    told = """\
All of it comes out in black and white

It was not so with the release before, which kept the colours of everything that it was given. I have read
https://example.org/x/blob/main/plots/grid.py{} and
https://example.org/x/blob/main/plots/once.py{} and do not see why.
"""
    lines = (("#L2", ""), ("", "#L2"))
    hits = [index.retriever.search(Query(told.format(*line))).hits[0] for line in lines]
    assert [hit.path for hit in hits] == ["plots/grid.py", "plots/once.py"]


def test_tests_and_documents_come_after_the_code(shop: Index) -> None:
    hits = shop.retriever.search(Query(TRACE, limit=50)).hits
    code = [hit.path.startswith("shop/") for hit in hits]
    assert code == sorted(code, reverse=True)
    assert not all(code)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({(hit.path, hit.symbol) for hit in hits}) == len(hits)


def test_a_report_keeps_to_filters_and_limit(shop: Index) -> None:
    hits = shop.retriever.search(Query(TRACE, limit=50, filters=Filters(paths=("tests",)))).hits
    assert {hit.path for hit in hits} == {"tests/test_retry.py"}
    assert len(shop.retriever.search(Query(TRACE, limit=2)).hits) == 2


def test_a_report_is_answered_alike_each_time(shop: Index) -> None:
    assert shop.retriever.search(Query(TRACE)).hits == shop.retriever.search(Query(TRACE)).hits


def test_the_list_keeps_the_order_of_files_and_shows_the_best_definitions_early() -> None:
    scores = {"a": [1.0, 0.9, 0.1], "b": [0.5, 0.4], "c": [0.8]}
    shown = laid_out(["a", "b", "c"], scores, 6)
    assert shown == [("a", 0), ("a", 1), ("b", 0), ("c", 0), ("b", 1), ("a", 2)]
    assert [key for key, n in shown if n == 0] == ["a", "b", "c"]


def test_a_short_list_keeps_half_of_it_for_files() -> None:
    scores = {"a": [1.0] * 20, "b": [0.1], "c": [0.1], "d": [0.1]}
    assert {key for key, _ in laid_out(list("abcd"), scores, 6)} == {"a", "b", "c"}


def test_paths_and_modules_mean_files_by_their_ends() -> None:
    places = Places(["src/acme/net.py", "acme/io/__init__.py", "lib/net.py", "README.md"])
    assert places.of_path("/opt/site-packages/acme/net.py") == ["src/acme/net.py"]
    assert places.of_path("net.py") == []  # two files have that name
    assert Places(["src/net.ts", "src/pay.ts"]).of_path("/app/lib/net.js") == ["src/net.ts"]
    assert Places(["src/main.ts"]).of_path("/home/me/main.js") == []  # whoever wrote that
    assert places.of_path("readme.md") == ["README.md"]
    assert places.of_module("acme.net.Client.send") == (["src/acme/net.py"], 2)
    assert places.of_module("acme.io.open_all") == (["acme/io/__init__.py"], 2)
    assert places.of_module("numpy.array") == ([], 0)
