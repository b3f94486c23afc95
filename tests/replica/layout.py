"""Where each article stands: era, slot, moment, rank on lists; by arithmetic, so that any number streams."""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from itertools import accumulate
from zlib import crc32

from tests.replica.moments import Timetable
from tests.replica.slots import BLOCK, ERAS, SEED_DAY, SEED_SLOT, SEED_STREAM, Era, Slot


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One article's place in the corpus. `index` counts from 0 in order of time, the seed article comes last."""

    index: int
    era: str
    slot: Slot
    moment: datetime
    """When it was published, Vietnam's time, naive."""
    seed: bool = False


class Layout:
    """The places of all articles. Memory does not depend on their number."""

    def __init__(self, seed: int, articles: int) -> None:
        if articles < 1:
            raise ValueError("a replica has at least one article: the seed article")
        self.articles = articles
        self._seed = seed
        self._starts = _starts(articles - 1)
        self._tables = tuple(self._timetable(number, era) for number, era in enumerate(ERAS))
        self._order = lru_cache(maxsize=4_096)(self._shuffled)
        self._positions = lru_cache(maxsize=16_384)(self._stream_positions)
        self._count = lru_cache(maxsize=256)(self._counted)
        self._seed_rank = self._rank_by_time()

    def place(self, index: int) -> Place:
        """The place of an article. Raises IndexError outside 0 … articles - 1."""
        if index == self.articles - 1:
            moment = datetime.combine(SEED_DAY, time(8, 40))
            return Place(index=index, era="ministry", slot=SEED_SLOT, moment=moment, seed=True)
        if not 0 <= index < self.articles:
            raise IndexError(index)
        number, block, position = self._locate(index)
        slot = ERAS[number].slots[self._order(number, block)[position]]
        moment = self._tables[number].moment(index - self._starts[number])
        return Place(index=index, era=ERAS[number].name, slot=slot, moment=moment)

    def at(self, moment: datetime) -> int | None:
        """The article published at this very millisecond, if there is one (never the seed article)."""
        for number, table in enumerate(self._tables):
            found = table.find(moment)
            if found is not None:
                return self._starts[number] + found
        return None

    def era(self, era: str) -> Iterator[Place]:
        """The places of an era in order of time."""
        number = next(number for number, known in enumerate(ERAS) if known.name == era)
        return (self.place(index) for index in range(*self._range(number)))

    def having(self, wanted: Callable[[Slot], bool]) -> Iterator[int]:
        """The articles whose slots are such, block by block."""
        for number, era in enumerate(ERAS):
            start, end = self._range(number)
            chosen = [place for place, slot in enumerate(era.slots) if wanted(slot)]
            for block in range(-(-(end - start) // BLOCK) if chosen else 0):
                order = self._order(number, block)
                found = sorted(start + block * BLOCK + order.index(slot) for slot in chosen)
                yield from (index for index in found if index < end)

    def partner(self, place: Place) -> int | None:
        """The article that links to this one; None where there is none or it fell off the corpus's end."""
        return None if place.slot.partner is None else self._neighbour(place, place.slot.partner)

    def wards(self, place: Place) -> tuple[int, ...]:
        """The articles that are found only through this one."""
        if place.seed:
            return ()
        number, block, position = self._locate(place.index)
        slot = self._order(number, block)[position]
        numbers = [other for other, known in enumerate(ERAS[number].slots) if known.partner == slot]
        found = (self._neighbour(place, other) for other in numbers)
        return tuple(index for index in found if index is not None)

    def count(self, stream: str) -> int:
        """How many articles a stream has."""
        return self._count(stream)

    def _counted(self, stream: str) -> int:
        whole = sum(self._before(number, self._range(number)[1], stream) for number in range(len(ERAS)))
        return whole + (stream == SEED_STREAM)

    def nth(self, stream: str, rank: int) -> int:
        """The article at a rank, 0 the newest. Raises IndexError past the end."""
        if stream == SEED_STREAM:
            if rank == self._seed_rank:
                return self.articles - 1
            rank -= rank > self._seed_rank
        left = self.count(stream) - (stream == SEED_STREAM) - 1 - rank
        for number in range(len(ERAS)):
            here = self._before(number, self._range(number)[1], stream)
            if 0 <= left < here:
                return self._nth_in_era(number, stream, left)
            left -= here
        raise IndexError(rank)

    def rank(self, stream: str, index: int) -> int:
        """The rank of an article of the stream, 0 the newest."""
        if index == self.articles - 1:
            return self._seed_rank
        older = sum(
            self._before(number, min(index, self._range(number)[1]), stream)
            for number in range(len(ERAS))
            if self._starts[number] <= index
        )
        rank = self.count(stream) - (stream == SEED_STREAM) - 1 - older
        return rank + (stream == SEED_STREAM and rank >= self._seed_rank)

    def _rank_by_time(self) -> int:
        """How many articles of the seed article's stream are newer than it."""
        moment, low = self.place(self.articles - 1).moment, 0
        high = self.articles - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.place(middle).moment < moment else (low, middle)
        stream = SEED_STREAM
        older = sum(
            self._before(number, min(low, self._range(number)[1]), stream)
            for number in range(len(ERAS))
            if self._starts[number] <= low
        )
        return self.count(stream) - 1 - older

    def _range(self, number: int) -> tuple[int, int]:
        return self._starts[number], self._starts[number + 1]

    def _locate(self, index: int) -> tuple[int, int, int]:
        number = bisect_right(self._starts, index) - 1
        return (number, *divmod(index - self._starts[number], BLOCK))

    def _neighbour(self, place: Place, slot: int) -> int | None:
        number, block, _ = self._locate(place.index)
        index = self._starts[number] + block * BLOCK + self._order(number, block).index(slot)
        return index if index < self._starts[number + 1] else None

    def _before(self, number: int, end: int, stream: str) -> int:
        """Articles of a stream in an era before an index."""
        slots = _members(number, stream)
        if not slots:
            return 0
        blocks, rest = divmod(end - self._starts[number], BLOCK)
        return blocks * len(slots) + (bisect_left(self._positions(number, blocks, stream), rest) if rest else 0)

    def _nth_in_era(self, number: int, stream: str, left: int) -> int:
        block, left = divmod(left, len(_members(number, stream)))
        return self._starts[number] + block * BLOCK + self._positions(number, block, stream)[left]

    def _stream_positions(self, number: int, block: int, stream: str) -> tuple[int, ...]:
        """Where in a block the articles of a stream stand."""
        slots = _members(number, stream)
        return tuple(place for place, slot in enumerate(self._order(number, block)) if slot in slots)

    def _shuffled(self, number: int, block: int) -> tuple[int, ...]:
        order = list(range(BLOCK))
        random.Random(f"{self._seed}/{number}/{block}").shuffle(order)
        return tuple(order)

    def _timetable(self, number: int, era: Era) -> Timetable:
        first, end = self._range(number)
        return Timetable(era.span, end - first, lambda item: crc32(b"%d/%d/%d" % (self._seed, number, item)))


@lru_cache(maxsize=1_024)
def _members(number: int, stream: str) -> frozenset[int]:
    """The slots of an era that belong to a stream."""
    return frozenset(place for place, slot in enumerate(ERAS[number].slots) if stream in slot.streams)


def _starts(articles: int) -> tuple[int, ...]:
    """The first index of each era, and the end."""
    shares = accumulate(era.share for era in ERAS)
    return (0, *(round(articles * share) for share in shares))
