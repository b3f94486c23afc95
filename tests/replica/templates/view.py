"""What a template may ask for besides the article itself: other articles, links to them, the look, the traps."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.address import Key
from tests.replica import addresses
from tests.replica.catalogue import Series, by_stream
from tests.replica.changes import Changes
from tests.replica.corpus import Corpus
from tests.replica.item import Item
from tests.replica.slots import BLOCK
from tests.replica.templates.furniture import Look
from tests.replica.traps import Traps

RELATED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link to an article."""

    url: str
    title: str


@dataclass(frozen=True, kw_only=True)
class View:
    """The corpus as it is now, seen from a host."""

    corpus: Corpus
    changes: Changes
    host: str

    @property
    def traps(self) -> Traps:
        return self.corpus.options.traps

    @property
    def look(self) -> Look:
        return Look(light=self.corpus.options.light, places=8 in self.traps)

    def item(self, index: int) -> Item:
        """An article as it is after its edits."""
        if not self.changes.revisions:
            return self.corpus.item(index)
        return self.corpus.item(index, self.changes.revisions.get(str(self.corpus.key(index)), 0))

    def chance(self, item: Item, purpose: str) -> random.Random:
        """Chance for a page's markup, apart from that which made its text."""
        return random.Random(f"{self.corpus.options.seed}/{item.index}/{purpose}")

    def guid(self, item: Item, purpose: str) -> str:
        """A number such as SharePoint gives its parts; differs from page to page."""
        return str(uuid.UUID(int=self.chance(item, purpose).getrandbits(128))).replace("-", "_")

    def page_of(self, series: Series, page: int) -> Iterator[Item]:
        """The articles on a page of a list, those removed left out."""
        start = (page - 1) * series.size
        return self.run(series, start, start + series.size)

    def newest(self, series: Series, count: int) -> Iterator[Item]:
        """The first articles of a list."""
        return self.run(series, 0, count)

    def related(self, item: Item) -> tuple[Link, ...]:
        """Links at the article's end: those found only through it, then its neighbours, then one that is dead."""
        found = [self.item(index) for index in item.wards]
        if item.slot.streams:
            series = by_stream()[item.slot.streams[0]]
            rank = self.corpus.layout.rank(series.stream, item.index)
            found += self.run(series, rank + 1, rank + 1 + RELATED)
        chance = self.chance(item, "related")
        links = [Link(url=self._linked(other, chance), title=other.text.title) for other in found]
        if 12 in self.traps and item.index % (BLOCK // 4) == 0:
            links.append(Link(url=dead_address(self.dead_key(item.index)), title="Tin đã đăng"))
        return tuple(links)

    def announced(self, item: Item) -> Link | None:
        """The document page the last paragraph leads to."""
        if item.announced is None:
            return None
        index = self.corpus.find(item.announced)
        assert index is not None
        document = self.item(index)
        assert document.document is not None
        return Link(url=addresses.home(document), title=document.document.named)

    def dead_key(self, number: int) -> Key:
        """A key without an article."""
        dead = self.corpus.numbering.dead()
        return dead[number // (BLOCK // 4) % len(dead)]

    def _linked(self, item: Item, chance: random.Random) -> str:
        return addresses.linked(item, chance, dotted=13 in self.traps) if 1 in self.traps else addresses.home(item)

    def run(self, series: Series, start: int, end: int) -> Iterator[Item]:
        """The articles of a list from a rank to another, those removed left out."""
        last = min(end, self.corpus.layout.count(series.stream))
        for rank in range(start, last):
            item = self.item(self.corpus.layout.nth(series.stream, rank))
            if str(item.key) not in self.changes.removed:
                yield item


def dead_address(key: Key) -> str:
    """An address that looks like any other and has nothing behind it."""
    return f"https://mic.gov.vn/Pages/TinTuc/{key.id}/Tin-da-dang.html"
