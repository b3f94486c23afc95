"""Ids: which number an article has, and which article a number belongs to, both by arithmetic."""

import math
import random
from datetime import datetime, timedelta

from crawler.address import Key
from tests.replica.layout import Layout, Place

SEED_ID = 106807
"""The number of the Long An notice."""

DEAD = 12
"""Numbers that once had an article: pages link to them, nothing is there."""

_RANGES = ((100_000, 60_000), (100_000, 900_000), (1_000_000, 9_000_000))
"""First number and how many there are; the smallest range that a quarter of stays free."""

_DOCUMENT_RANGES = ((11_000, 15_000), (11_000, 900_000), (1_000_000, 9_000_000))
_TIMESTAMPED = ("cms", "successor")


class TooManyArticlesError(ValueError):
    """The numbers of the real site's form do not suffice for so many articles."""


class _Shuffle:
    """A one-to-one map of 0 … size - 1 onto itself that looks like disorder."""

    def __init__(self, size: int, seed: str) -> None:
        chance = random.Random(seed)
        factors = (chance.randrange(size // 3, size) for _ in range(1_000))
        self._factor = next(factor for factor in factors if math.gcd(factor, size) == 1)
        self._offset = chance.randrange(size)
        self.size = size
        self._back = pow(self._factor, -1, size)

    def forth(self, number: int) -> int:
        return (number * self._factor + self._offset) % self.size

    def back(self, number: int) -> int:
        return (number - self._offset) * self._back % self.size


class Numbering:
    """The ids of a layout's articles: shuffled serial numbers, and moments from mid-2023 on."""

    def __init__(self, layout: Layout, seed: int, *, overlap: bool = True) -> None:
        """`overlap`: numbers of cspl.mic.gov.vn are numbers of other articles on mic.gov.vn (trap 2)."""
        self._layout = layout
        self._overlap = overlap
        self._base, size = _range_for(layout.articles + DEAD + 1, _RANGES)
        self._serials = _Shuffle(size, f"{seed}/serials")
        self._document_base, size = _range_for(layout.articles + DEAD, _DOCUMENT_RANGES)
        self._documents = _Shuffle(size, f"{seed}/documents")
        stamped = (place for place in layout.era("cms") if _is_stamped(place))
        self._short = next((place.index for place in stamped), None)

    def key(self, place: Place) -> Key:
        """The key of an article or document, as crawler.address reads it off any of its addresses."""
        if place.slot.template == "T6":
            number = self._document_base + self._documents.forth(place.index)
            return Key(family="mic", kind="document", id=str(number))
        if place.slot.site == "cspl":
            return Key(family="cspl", id=str(self._serial(place.index - self._overlap)))
        family = "mst" if place.slot.site == "mst" else "mic"
        return Key(family=family, id=self._stamp(place) if _is_stamped(place) else str(self._serial(place.index)))

    def prefix(self, place: Place) -> str:
        """What stands before the id in a `.htm` address: 197, for a single page of June 2023 172."""
        return "172" if place.index == self._short else "197"

    def find(self, key: Key) -> Place | None:
        """The place a key belongs to, if there is one."""
        if not (key.id.isascii() and key.id.isdigit()) or key.id.startswith("0"):
            return None
        found = next((place for place in map(self._place, self._candidates(key)) if place is not None), None)
        return found if found is not None and self.key(found) == key else None

    def dead(self) -> tuple[Key, ...]:
        """Keys that look like any other and have no article, for links that lead nowhere."""
        numbers = range(self._layout.articles, self._layout.articles + DEAD)
        found = (self._base + self._serials.forth(number) for number in numbers)
        return tuple(Key(family="mic", id=str(number)) for number in found if number != SEED_ID)

    def looping(self) -> Key:
        """A key like that, for an address that leads back to itself."""
        number = self._base + self._serials.forth(self._layout.articles + DEAD)
        return Key(family="mic", id=str(number))

    def _candidates(self, key: Key) -> tuple[int | None, ...]:
        number = int(key.id)
        if key.kind == "document":
            return (self._documents.back(number - self._document_base),)
        if key.family == "cspl":
            return (self._unserial(number, self._overlap),)
        if len(key.id) in (12, 15):
            return (self._unstamp(key.id),)
        return (self._unserial(number, 0),)

    def _place(self, index: int | None) -> Place | None:
        return None if index is None or not 0 <= index < self._layout.articles else self._layout.place(index)

    def _serial(self, index: int) -> int:
        """The seed article has its number in every corpus; whoever would have it has the seed article's."""
        last = self._layout.articles - 1
        if index == last:
            return SEED_ID
        number = self._base + self._serials.forth(index)
        return self._base + self._serials.forth(last) if number == SEED_ID else number

    def _unserial(self, number: int, offset: int) -> int | None:
        index = self._serials.back(number - self._base)
        if self._serial(index) != number:
            displaced = self._serials.back(SEED_ID - self._base)
            index = self._layout.articles - 1 if number == SEED_ID else displaced
        return (index + offset) % self._serials.size

    def _stamp(self, place: Place) -> str:
        seconds = f"{place.moment:%y%m%d%H%M%S}"
        return seconds if place.index == self._short else f"{seconds}{place.moment.microsecond // 1000:03d}"

    def _unstamp(self, identifier: str) -> int | None:
        try:
            moment = datetime.strptime(identifier[:12], "%y%m%d%H%M%S")  # noqa: DTZ007 - Vietnam's time, like all here
        except ValueError:
            return None
        if len(identifier) == 12:
            return self._short
        return self._layout.at(moment + timedelta(milliseconds=int(identifier[12:])))


def _is_stamped(place: Place) -> bool:
    return place.era in _TIMESTAMPED and place.slot.site != "cspl" and place.slot.template != "T6"


def _range_for(count: int, ranges: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    for base, size in ranges:
        if count <= size * 3 // 4:
            return base, size
    raise TooManyArticlesError(f"{count} articles: the site's numbers suffice for {ranges[-1][1] * 3 // 4}")
