"""Everything a question finds in the order of its days.

tantivy looks up the text a hit is sorted by, hit by hit, which takes longer than all the rest; days are numbers.
So the days are walked, and articles of one day are put in order by whoever reads them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from tantivy import DocAddress, Order, Query, Searcher

from indexer.query.clauses import Clause, Days, Everything
from indexer.query.request import Sort

BY_DAY: Final[tuple[Sort, ...]] = ("newest", "oldest")
CHUNK: Final = 5_000
"""Hits asked for at once; a day that has more is asked for whole."""

_DayHit = tuple[int, DocAddress]
"""The day's ordinal, and where the article is."""


def days(
    searcher: Searcher, found: Callable[[Clause], Query], *, newest: bool, chunk: int = CHUNK
) -> Iterator[Sequence[DocAddress]]:
    """Articles of one day after another, those of a day in no order; `found` asks for dated ones of some days."""
    left: Clause = Everything()
    size, order = chunk, Order.Desc if newest else Order.Asc
    while True:
        hits: list[_DayHit] = searcher.search(
            found(left), limit=size, order_by_field="day", order=order, count=False
        ).hits
        whole = len(hits) < size
        if not whole and hits[0][0] == hits[-1][0]:
            size *= 2
            continue
        for day, group in groupby(hits, key=lambda hit: hit[0]):
            if whole or day != hits[-1][0]:
                yield [address for _, address in group]
        if whole:
            return
        border, size = date.fromordinal(hits[-1][0]), chunk
        left = Days(until=border) if newest else Days(since=border)
