"""A column that holds no more what was packed into it is damage that is named, whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import IndexDamaged
from retriever.check.names import finds
from retriever.search import Retriever
from retriever.types import Query
from tests.conftest import Index

from .check.make import changed

_AFTER = {"shop/till.py": "from shop.retryy import retry_with_backoff\n"}


@pytest.mark.parametrize(
    ("damage", "ask", "said"),
    [
        ("refs SET uses = 'half a line'", lambda r: r.map("shop"), "what the files of shop use"),
        ("refs SET uses = 'half'", lambda r: r.callees("shop", "charge"), r"what shop/client\.py uses"),
        ("bindings SET origins = 'half'", lambda r: r.map("shop"), "what names stand for in shop"),
        ("files SET facts = '{'", lambda r: r.conventions("shop"), "how the files of shop are written"),
        ("repos SET sample = x'00'", lambda r: r.search(Query("pay")), "the sample of shop's vectors"),
        ("texts SET text = x'00'", lambda r: r.search(Query("pay")), "a text in the catalog"),
    ],
)
def test_a_damaged_column_says_what_to_do(
    index: Index, project: Path, damage: str, ask: Callable[[Retriever], object], said: str
) -> None:
    index.sync(project)
    with index.catalog.writing() as db:
        db.execute(f"UPDATE {damage}")
    with pytest.raises(IndexDamaged, match=rf"{said}.* cairn index --rebuild"):
        ask(index.retriever)


def test_a_check_of_a_change_names_damage_too(index: Index, project: Path) -> None:
    index.sync(project)
    with index.catalog.writing() as db:
        db.execute("UPDATE refs SET uses = char(9) || 'shop.retryy' WHERE name = 'PaymentClient'")
    before = {path: (project / path).read_text() for path in ("shop/retry.py", "shop/client.py")}
    with pytest.raises(IndexDamaged, match=r"what the files of shop use .* cairn index --rebuild"):
        finds(changed(before, {**before, **_AFTER}), index.retriever)
