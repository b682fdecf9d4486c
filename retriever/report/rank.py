"""Signs -> the order of files, of their definitions, and of both in one list. Pure.

The weights were set by what the signs mean and checked on bug reports and on messages of commits of other
repositories; weights learned from those messages alone were worse on reports (benchmarks/results/swe-dev.md).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
_FILES = 10  # that a list shows at least, if it is long enough

FILE_SIGNS: Mapping[str, float] = {
    "words": 1.0,  # of all of the report
    "title_words": 0.5,  # once more for the title: it names the matter, the rest the circumstances
    "meaning": 0.3,
    "title_meaning": 0.3,
    "named": 0.8,  # defines what the text names
    "called": 0.5,  # defines what an example calls or a trace passes through
    "module": 0.4,  # is a module that is named
    "frame": 1.0,  # innermost of this repository in a trace
    "framed": 0.5,  # anywhere in it
    "mentioned": 0.75,  # its path is in a sentence or a link
    "stem": 0.3,  # the title says its name
    "definition": 0.5,  # one definition that says it all, rather than a file that says it all over
    "quoted": 0.5,  # holds a quoted string or an option letter by letter
    "pair": 0.3,  # how far the other half of a header or a source is ahead
    "aside": -2.0,  # tests, documentation, settings: what is reported is fixed in the code
    "wrapper": -0.2,  # names what others do
    "vendored": -2.0,  # the code of others is mended with them
}

# Of a definition; `file` is how far its file stands behind the first.
DEFINITION_SIGNS: Mapping[str, float] = {
    "file": 0.5,
    "words": 1.0,
    "title_words": 0.3,
    "meaning": 0.2,  # of the chunks it is in
    "title_meaning": 0.2,
    "named": 0.8,
    "frame": 0.8,
    "quoted": 0.4,
    "type": -0.3,  # a class is told by its methods; it changes seldom itself
}


def weigh(signs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return sum(weights[name] * value for name, value in signs.items() if name in weights)


def laid_out(files: Sequence[K], scores: Mapping[K, Sequence[float]], limit: int) -> list[tuple[K, int]]:
    """Places (file, how-manieth of its definitions) in the order to show them.

    The best definitions come first, but no file before one that ranks higher, so that whoever reads files
    and whoever reads functions both find their order kept. `scores` are each file's, best first. Half of
    the list is kept for new files, up to ten.
    """
    wanted = min(len(files), (limit + 1) // 2, _FILES)
    shown: list[tuple[K, int]] = []
    opened: dict[K, int] = {}
    for _ in range(limit):
        further = [
            (scores[key][n], -at, key) for at, (key, n) in enumerate(opened.items()) if n < len(scores[key])
        ]
        best = max(further, default=None)
        following = files[len(opened)] if len(opened) < len(files) else None
        if following is not None and (
            best is None or scores[following][0] >= best[0] or limit - len(shown) <= wanted - len(opened)
        ):
            shown.append((following, 0))
            opened[following] = 1
        elif best is not None:
            key = best[2]
            shown.append((key, opened[key]))
            opened[key] += 1
        else:
            break
    return shown
