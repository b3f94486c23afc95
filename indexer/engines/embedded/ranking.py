"""Hits by falling score, equal scores by key; tantivy breaks no ties, so a page is looked beyond at both ends."""

from collections.abc import Callable
from dataclasses import dataclass

from tantivy import DocAddress, Query, Searcher

from indexer.query.cursor import Position

MARGIN = 10
"""Hits fetched on either side of a page, in the hope that the score changes among them."""

STEP = 1_000
"""Hits looked through at once for a place that is not where it was."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One hit in its place."""

    score: float
    key: str
    address: DocAddress

    @property
    def order(self) -> tuple[float, str]:
        """What hits are sorted by."""
        return (-self.score, self.key)


class Ranking:
    """The order of one query's hits in one state of the index. `key_of` reads the key at an address."""

    def __init__(self, searcher: Searcher, query: Query, key_of: Callable[[DocAddress], str]) -> None:
        self._searcher, self._query, self._key_of = searcher, query, key_of

    def page(self, first: int, size: int) -> list[Ranked]:
        """At most `size` hits from number `first` (from 0)."""
        low, high = max(0, first - MARGIN), first + size + MARGIN
        while True:
            hits = self._hits(low, high)
            start, end = first - low, min(first + size - low, len(hits))
            if start >= end:
                return []
            opens_before = low > 0 and hits[0][0] == hits[start][0]
            ends_after = len(hits) == high - low and hits[-1][0] == hits[end - 1][0]
            if not opens_before and not ends_after:
                return self._sorted(hits, start, end)
            low, high = (max(0, 2 * low - high) if opens_before else low), (2 * high - low if ends_after else high)

    def after(self, position: Position, size: int) -> list[Ranked]:
        """At most `size` hits behind a position, wherever it is now."""
        hits = self.page(position.rank - 1, size + 1)
        passed = (-position.score, position.order)
        if hits and hits[0].order == passed:
            return hits[1:]
        first, found = 0, list[Ranked]()
        while len(found) < size and (hits := self.page(first, STEP)):
            found += [hit for hit in hits if hit.order > passed]
            first += STEP
        return found[:size]

    def _hits(self, low: int, high: int) -> list[tuple[float, DocAddress]]:
        return self._searcher.search(self._query, limit=high - low, offset=low, count=False).hits

    def _sorted(self, hits: list[tuple[float, DocAddress]], start: int, end: int) -> list[Ranked]:
        """The hits from start to end, sorted together with all that tie with the first or last of them."""
        low, high = start, end
        while low > 0 and hits[low - 1][0] == hits[start][0]:
            low -= 1
        while high < len(hits) and hits[high][0] == hits[end - 1][0]:
            high += 1
        ranked = [Ranked(score, self._key_of(address), address) for score, address in hits[low:high]]
        return sorted(ranked, key=lambda hit: hit.order)[start - low : end - low]
