import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.intake.hidden import visible


@pytest.mark.parametrize(
    ("text", "seen", "comments", "characters"),
    [
        ("a <!-- b --> c", "a  c", 1, 0),
        ("a\n<!-- b\n\nc -->\nd", "a\nd", 1, 0),
        ("a <!-- for ever", "a ", 1, 0),
        ("<!--> shown -->", " shown -->", 1, 0),
        ("<!-- a --><!-- b -->c", "c", 2, 0),
        ("`<!-- code -->` <!-- b -->", "`<!-- code -->` ", 1, 0),
        ("` <!-- one backtick -->", "` ", 1, 0),
        ("``a ` <!-- b -->`` <!-- c -->", "``a ` <!-- b -->`` ", 1, 0),
        ("```html\n<!-- kept -->\n```\n<!-- gone -->\nb", "```html\n<!-- kept -->\n```\nb", 1, 0),
        ("    ```\n<!-- not in a fence -->\n", "    ```\n", 1, 0),
        ("<!--\n```\n-->\n<!-- b -->", "", 2, 0),
        ("```in``` <!-- b -->\n<!-- c -->", "```in``` ", 2, 0),
        (
            "[//]: # (delete)\n[comment]: <> (this)\n[a]: https://x.example\nb",
            "[comment]: <> (this)\n[a]: https://x.example\nb",
            1,
            0,
        ),
        ("\ufeffa\r\nb\rc", "a\nb\nc", 0, 0),
        ("a\u200bb\u2060c\u00add\u202ee\u2066f\x1b[31mg\x00", "abcdef[31mg", 0, 7),
        ("x\U000e0041\U000e0042\u3164\ufe01", "x", 0, 4),
        ("👩‍💻 ❤️ می‌خواهم", "👩‍💻 ❤️ می‌خواهم", 0, 0),
        ("a\ufe0f\u200db", "ab", 0, 2),
        ("👩\u200d\u200d\u200d\ufe0f", "👩\u200d", 0, 3),
        ("\tfun ümläut 漢字 – “quoted”", "\tfun ümläut 漢字 – “quoted”", 0, 0),
    ],
)
def test_what_a_page_does_not_show_is_taken_out(text: str, seen: str, comments: int, characters: int) -> None:
    found = visible(text)
    assert (found.text, found.comments, found.characters) == (seen, comments, characters)


@given(st.text("<!->`\n ~#[]/:a\u200b\u202e", max_size=60))
def test_what_is_seen_is_seen_again(text: str) -> None:
    assert visible(visible(text).text).characters == 0


@pytest.mark.parametrize("part", ["<!-- -->", "`<!--`", "<!--", "``` `", "[a]: #\n", "`a``b```c", " \t"])
def test_sixty_thousand_letters_take_no_time(part: str) -> None:
    began = time.process_time()
    visible(part * (60_000 // len(part)))
    assert time.process_time() - began < 2
