"""What is read from reports as people type them."""

import time

import pytest

from retriever.report import is_report, read_report
from retriever.report.frames import Frame, frames_of, function_of

ISSUE = """\
PairPlot.draw() fails on an empty frame when `hue_order` is given

<!-- Thanks for filing an issue! Please fill in the form. -->

### Describe the bug

Calling `pairplot` with an empty frame raises in `_lookup_single`, see plots/axis.py and
https://example.org/acme/plots/blob/main/plots/_core/scales.py#L120.

- [x] I searched for duplicates

```python
import plots as pl
from plots.data import load_table as lt

def my_own_helper(x):
    return x

frame = lt("iris")
pl.pairplot(my_own_helper(frame), hue_order=["a"])
```

Traceback (most recent call last):
  File "demo.py", line 9, in <module>
    pl.pairplot(frame)
  File "/usr/lib/python3/site-packages/plots/axis.py", line 214, in pairplot
    grid.map_diag(draw)
ValueError: cannot draw 'hue' without levels

### Environment

```
numpy        1.18.1
pandas       1.0.3
```
"""


def test_a_report_is_several_lines_and_a_question_is_one() -> None:
    assert is_report(ISSUE)
    assert not is_report("how does the grid decide which axes share a scale? " * 8)
    assert not is_report("retry\nwith backoff")


def test_an_issue_is_read_for_what_it_holds() -> None:
    report = read_report(ISSUE)
    assert report.title == "PairPlot.draw() fails on an empty frame when `hue_order` is given"
    assert report.frames == (
        Frame("/usr/lib/python3/site-packages/plots/axis.py", 214, "pairplot"),
        Frame("demo.py", 9, "<module>"),
    )
    strong = {(mention.path, mention.line) for mention in report.paths if mention.strong}
    assert strong == {("plots/axis.py", 0), ("plots/_core/scales.py", 120)}
    assert (
        report.names["PairPlot.draw"] > report.names["_lookup_single"] > report.names["plots.data.load_table"]
    )
    assert report.terms["hue_order"] > report.terms["pairplot"]


def test_an_abbreviation_names_nothing() -> None:
    assert {"e.g", "i.e"}.isdisjoint(
        read_report("Carts, e.g. full ones, lose items\n\nI.e. i.e. it fails.").names
    )


def test_code_is_read_with_its_imports_and_without_what_its_author_defines() -> None:
    block = read_report(ISSUE).blocks[0]
    assert {"plots.data.load_table", "plots.pairplot"} <= set(block.calls)
    assert "my_own_helper" in block.defines
    assert not {"my_own_helper"} & (set(block.calls) | set(read_report(ISSUE).terms))


def test_a_command_in_ticks_names_what_it_does_and_a_message_names_nothing() -> None:
    report = read_report(
        "`shop refund --collect-all` prints `no order is found for table: 9`\n\nIt is in `total(cart, 2)`."
    )
    assert {"shop", "refund", "total"} <= set(report.names)
    assert not {"collect", "collect-all", "order", "found", "table"} & set(report.names)


def test_of_a_long_message_five_words_in_a_row_may_stand_in_the_code() -> None:
    report = read_report('It says "no such order" or `cannot refund more than was paid: 9`\n\nWhy is that?')
    assert report.quoted == (
        "no such order",
        "cannot refund more than was",
        "refund more than was paid",
        "more than was paid: 9",
    )


@pytest.mark.parametrize(
    "said",
    [
        "ValueError: cart of Ann is refused: no items",
        "It logs `ShopWarning: cart of Ann is refused: no items`.",
        "worker: ERROR: cart of Ann is refused: no items",
    ],
)
def test_of_what_an_error_says_three_words_in_a_row_may_stand_in_the_code(said: str) -> None:
    quoted = read_report(f"Nothing can be bought\n\n{said}\n").quoted
    assert {"refused: no items"} == {piece for piece in quoted if "Ann" not in piece and len(piece) > 14}
    assert "of Ann is" not in quoted  # any code may say that


def test_a_log_that_repeats_its_errors_is_searched_for_a_few() -> None:
    log = "\n".join(f"KeyError: nothing called item{n} here" for n in range(50))
    assert len(read_report(f"Nothing can be bought\n\n{log}\n").quoted) < 20


def test_the_strings_of_an_example_are_no_quotations_and_few_of_a_listing_are_kept() -> None:
    listing = "\n".join(f"print('item {n}')" for n in range(500))
    report = read_report(f"Nothing is drawn\n\n```\npl.pair(kind='scatter', by=\"no\")\n{listing}\n```\n")
    assert report.quoted == ()
    assert report.literals[:2] == ("scatter", "item 0")
    assert len(report.literals) < 100


def test_a_sentence_names_things_as_the_example_imports_them() -> None:
    report = read_report("`pl.pair` draws nothing\n\n```\nimport plots.core as pl\npl.pair()\n```\n")
    assert report.names["plots.core.pair"] == 2.0
    assert "pl.pair" not in report.names


def test_options_are_looked_for_where_a_sentence_names_them_and_not_a_listing() -> None:
    report = read_report("Show what `--dry-run` does\n\n```\n$ shop pay --dry-run --verbose\n```\n")
    assert report.quoted == ("--dry-run",)


def test_templates_checklists_and_environments_are_no_words_of_the_report() -> None:
    terms = read_report(ISSUE).terms
    assert not {"Thanks", "duplicates", "numpy", "pandas", "Environment", "Describe"} & set(terms)


def test_what_follows_the_listing_of_an_environment_is_read() -> None:
    report = read_report(
        "Marker is lost\n\n## Versions\n\n```\nattrs 19.1.0\nbabel 2.7.0\n```\n\n"
        "It calls `add_marker` twice.\n"
    )
    assert "add_marker" in report.names
    assert "attrs" not in report.terms


def test_one_version_may_be_the_point() -> None:
    assert "numpy" in read_report("Import breaks\n\nnumpy==1.18 is refused\nby the check").terms


@pytest.mark.parametrize(
    ("trace", "innermost", "number"),
    [
        (  # Python tells the innermost last
            '  File "/x/shop/pay.py", line 3, in charge\n    a()\n'
            '  File "/x/shop/net.py", line 9, in send\n    b()',
            Frame("/x/shop/net.py", 9, "send"), 2,
        ),
        ("shop/pay.py:3: in charge\n    a()\nshop/net.py:9: TimeoutError", Frame("shop/net.py", 9), 2),
        (  # as an editor links what IPython prints
            r"[c:\lib\shop\net.py](file:///C:/lib/shop/net.py) in send(self, **more)" "\n"
            "     11 x = 1\n---> 12 return y\n\nValueError: no",
            Frame("c:/lib/shop/net.py", 12, "send"), 1,
        ),
        (  # a runner marks every line
            'CRASHED>   File "/x/shop/pay.py", line 3, in charge\nCRASHED>     a()\n'
            'CRASHED>   File "/x/shop/net.py", line 9, in send\nCRASHED>     b()',
            Frame("/x/shop/net.py", 9, "send"), 2,
        ),
        (  # and so does a log
            '[10:04:02,619: WARNING] Traceback (most recent call last):\n'
            '[10:04:02,619: WARNING]   File "/x/shop/pay.py", line 3, in charge\n'
            '[10:04:02,620: WARNING]     a()\n'
            '[10:04:02,621: WARNING]   File "/x/shop/net.py", line 9, in send',
            Frame("/x/shop/net.py", 9, "send"), 2,
        ),
        (  # what refused the call is further in than what called it
            '  File "/x/shop/pay.py", line 3, in charge\n    Client(retries=2)\n'
            "TypeError: Client.__init__() got an unexpected keyword argument 'retries'",
            Frame("", 0, "Client.__init__"), 2,
        ),
        ("/opt/shop/text.py:206: UserWarning: Don't do that", Frame("/opt/shop/text.py", 206), 1),
        (
            "TypeError: x is undefined\n    at Client.send (/app/src/net.js:9:14)\n"
            "    at /app/src/pay.ts:3:1",
            Frame("/app/src/net.js", 9, "Client.send"), 2,
        ),
        (
            "java.lang.IllegalStateException: no\n\tat org.acme.Net.send(Net.java:9)\n"
            "\tat org.acme.Pay.go(Pay.java:3)",
            Frame("org/acme/Net.java", 9, "org.acme.Net.send"), 2,
        ),
        (  # what caused it is told last
            "org.acme.PayFailed: no\n\tat app//org.acme.Pay.go(Pay.java:3)\n"
            "Caused by: java.io.IOException: reset\n\tat org.acme.Net.send(Net.java:9)\n\t... 7 more",
            Frame("org/acme/Net.java", 9, "org.acme.Net.send"), 2,
        ),
        (
            "panic: no\n\ngoroutine 1 [running]:\nacme/net.(*Client).Send(0xc000, 0x1)\n"
            "\t/go/net/client.go:9 +0x1d\n"
            "main.main()\n\t/go/main.go:3 +0x20",
            Frame("/go/net/client.go", 9, "acme/net.(*Client).Send"), 2,
        ),
        (
            "   2: acme::net::send\n             at ./src/net.rs:9:14\n   3: acme::main\n"
            "             at src/main.rs:3",
            Frame("./src/net.rs", 9, "acme::net::send"), 2,
        ),
        ("thread 'main' panicked at 'no', src/net.rs:9:14", Frame("src/net.rs", 9), 1),
        ("thread 'main' panicked at src/net.rs:9:14:\nno", Frame("src/net.rs", 9), 1),
        (  # a debugger
            "#0  0x00007ffff7a5e in acme::net_t::send (this=0x0, size=1) at src/net.cpp:9\n"
            "#1  acme::pay (amount=3) at src/pay.cpp:3",
            Frame("src/net.cpp", 9, "acme::net_t::send"), 2,
        ),
        (  # a sanitizer
            "==1==ERROR: AddressSanitizer: heap-buffer-overflow\n"
            "    #0 0x55d9 in acme::net<int, bool>::send(char const*, int) const /src/include/net.h:9:14\n"
            "    #1 0x55d8 in (anonymous namespace)::pay /src/pay.cc:3:1\n"
            "    #2 0x7f03 in __libc_start_main (/lib/libc.so.6+0x21b96)",
            Frame("/src/include/net.h", 9, "acme::net<int, bool>::send"), 2,
        ),
        ("In file included from a.cpp:1:\nacme/net.hpp:9:14: error: no", Frame("acme/net.hpp", 9), 1),
        ("Assertion failed: check () (src/net.cpp:9)", Frame("src/net.cpp", 9), 1),
        ("pay: src/net.cpp:9: int send(): Assertion `n > 0' failed.", Frame("src/net.cpp", 9), 1),
        (
            "   at Acme.Net.Send(Int32 x) in C:\\src\\Net.cs:line 9",
            Frame("C:/src/Net.cs", 9, "Acme.Net.Send"), 1,
        ),
        ("#0 /app/src/Net.php(9): Acme\\Net->send()", Frame("/app/src/Net.php", 9, "Acme\\Net->send"), 1),
        ("lib/net.rb:9:in `send_all'\n\tfrom lib/pay.rb:3:in `go'", Frame("lib/net.rb", 9, "send_all"), 2),
    ],
    ids=(
        "python pytest ipython marked logged refused warning "
        "javascript java java-cause go rust rust-panic rust-panic-of-now gdb asan gcc assertion assert "
        "csharp php ruby"
    ).split(),
)  # fmt: skip
def test_traces_of_many_languages_begin_with_the_innermost(trace: str, innermost: Frame, number: int) -> None:
    frames, _ = frames_of(f"It broke:\n{trace}\nand that was it")
    assert (frames[0], len(frames)) == (innermost, number)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("acme/net.(*Client).Send.func1", "Send"),
        ("org.acme.Pay.lambda$charge$0", "charge"),
        ("org.acme.Pay.<init>", "Pay"),
        ("acme::net::send::{{closure}}", "send"),
        ("acme::net::send::h0123456789abcdef", "send"),
        ("acme::parser<int, bool>::parse<true>", "parse"),
        ("Object.send [as deliver]", "send"),
        ("new Client", "Client"),
        ("Object.<anonymous>", ""),
    ],
)
def test_code_without_a_name_is_known_by_what_it_is_written_in(written: str, name: str) -> None:
    assert function_of(Frame("", 0, written)) == name


def test_a_message_that_tells_its_place_is_read_on_and_a_name_above_a_frame_is_not() -> None:
    report = read_report(
        "It stops\n\nthread 'main' panicked at 'no refund', src/net.rs:9:14\n"
        "acme/net.(*Client).Deliver(0x1)\n\t/go/net/client.go:9 +0x1d\n"
    )
    assert "refund" in report.terms
    assert "Deliver" in report.names
    assert not {"Client", "Deliver", "src"} & set(report.terms)
    assert not report.paths


@pytest.mark.parametrize(
    "text",
    [
        "a/" * 50_000,
        "a.b_" * 25_000,
        "`" * 100_000,
        "    \n" * 20_000,
        "x(" * 50_000,
        ("#1 " + "( a" * 300 + ":1\n") * 100,
    ],
)
def test_a_text_made_to_be_slow_is_read_in_time(text: str) -> None:
    started = time.process_time()
    read_report(f"Title of it\n\n{text}\n")
    assert time.process_time() - started < 3
