"""Everything about books."""

from __future__ import annotations

import os.path
from shop.money import Amount as Money, Rate
from . import store

LIMIT = 100
current: Ledger | None = None


# The sign decides.
@cached
@retry(times=3)
async def side(entry: Entry) -> str:
    def twice(n):
        return n * 2

    return await store.ask(twice(entry.amount))


class Entry(Base[int], store.Record, metaclass=Meta):
    """A line of the ledger."""

    ZERO = 0
    name = ""

    @property
    def amount(self) -> Money:
        local = self.convert(os.path.join("a"))
        return local

    class Page:
        pass


type Name = str
