"""Whoever follows the lists finds every article that is to be found, and no other."""

from collections import deque
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from config.site import load_profile
from crawler.address import Address, Addresses
from tests.replica import Truth
from tests.replica.catalogue import Series, catalogue
from tests.replica.conftest import Ask
from tests.replica.site import Site

PROFILE = load_profile("mic")


class Walker:
    """Follows every allowed link from the seeds; leaves a list that shows the same entries once more."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._addresses = Addresses(PROFILE)
        self._seen: set[str] = set()
        self._shown: set[tuple[str, ...]] = set()
        self.keys: set[str] = set()
        self.fetched = 0

    def walk(self) -> None:
        waiting = deque(self._addresses.read(seed) for seed in PROFILE.seeds)
        while waiting:
            waiting.extend(self._visit(waiting.popleft()))

    def _visit(self, address: Address) -> list[Address]:
        if not address.allowed or address.identity in self._seen or address.kind in ("asset", "attachment"):
            return []
        self._seen.add(address.identity)
        answer = self._ask(address.url)
        self.fetched += 1
        if answer.status != 200:
            return []
        if address.key and b'class="thong-bao"' not in answer.body and b"unexpected error" not in answer.body:
            self.keys.add(str(address.key))
        found = self._links(address, answer.body.decode())
        keys = tuple(sorted({str(link.key) for link in found if link.key}))
        if address.kind == "list" and keys in self._shown:
            return []
        self._shown.add(keys)
        return found

    def _links(self, address: Address, body: str) -> list[Address]:
        if address.kind == "feed":
            urls = [link.text or "" for link in ET.fromstring(body).iter("link")]
        else:
            urls = [link.attributes.get("href") or "" for link in LexborHTMLParser(body).css("a[href]")]
        return [self._addresses.read(urljoin(address.url, url)) for url in urls]


def test_lists_and_links_lead_to_all_that_can_be_found(ask: Ask, known: tuple[Truth, ...]) -> None:
    walker = Walker(ask)
    walker.walk()
    reachable = {one.key for one in known if one.reach != "number"}
    assert walker.keys == reachable
    assert walker.fetched < 1.5 * len(reachable)


def test_an_article_is_on_the_pages_that_are_said_to_list_it(ask: Ask, known: tuple[Truth, ...]) -> None:
    """With the day they are said to show, and only there."""
    addresses = Addresses(PROFILE)
    shown: dict[str, set[str]] = {}
    for series in catalogue():
        for one in known:
            for listing in one.listed:
                if listing.address.startswith(f"https://{series.host}/"):
                    shown.setdefault(listing.address, set()).add(one.key)
    for address, keys in shown.items():
        page = LexborHTMLParser(ask(address).body.decode())
        boxes = page.css(".item_news a.title, .box-category-item a, .table-vb td:first-child a")
        found = {str(addresses.read(urljoin(address, box.attributes["href"] or "")).key) for box in boxes}
        assert found == keys, address


@pytest.mark.parametrize("series", catalogue(), ids=lambda series: series.stream)
def test_the_profile_knows_the_pages_of_every_list(series: Series, site: Site) -> None:
    addresses = Addresses(PROFILE)
    for page in range(1, series.pages(site.corpus.layout) + 1):
        assert addresses.read(series.address(page)).kind == "list"
    if series.feed:
        assert addresses.read(f"https://{series.host}{series.feed}").kind == "feed"
